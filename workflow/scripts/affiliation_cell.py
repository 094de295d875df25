"""Count the affiliated accounts under one changed setting."""

import pandas as pd

from hydrascope import io
from hydrascope.affiliation.sensitivity import cell_counts, changed
from hydrascope.affiliation.signals import POST_COLUMNS
from hydrascope.job import job

with job(snakemake.log[0]):
    given, cell = snakemake.input, snakemake.params.cell
    settings, groups = changed(snakemake.params.rule, cell["setting"], str(cell["value"]))
    counts = cell_counts(
        pd.read_parquet(given.accounts),
        pd.read_parquet(given.posts, columns=list(POST_COLUMNS)),
        pd.read_parquet(given.families, columns=["family", "text"]),
        pd.read_parquet(given.members),
        io.read_table(given.seeds)["account_id"].dropna().to_list(),
        settings=settings,
        groups=groups,
        seed=snakemake.params.seed,
    )
    io.write_table(counts, snakemake.output.counts)
