"""Count what the network says on each subject, with intervals."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.batches import batch_of
from hydrascope.narratives.codebook import load_codebook
from hydrascope.narratives.prevalence import prevalence

with job(snakemake):
    given, params = snakemake.input, snakemake.params
    accounts = pd.read_parquet(given.accounts)
    table = prevalence(
        pd.read_parquet(given.coded),
        pd.read_parquet(given.posts),
        pd.read_parquet(given.families, columns=["family", "language"]),
        load_codebook(given.codebook)[0]["subject"].to_list(),
        batch_of(accounts, gap_minutes=params.batch_minutes),
        **params.drawing,
    )
    io.write_table(table, snakemake.output.prevalence)
