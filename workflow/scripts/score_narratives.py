"""Score the coded subjects against the narratives that were planted."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.codebook import load_codebook
from hydrascope.narratives.score import score_subjects

with job(snakemake):
    given, columns = snakemake.input, ["post_id", "platform", "native_id", "text"]
    named, _ = load_codebook(given.codebook)
    coded = pd.read_parquet(given.coded)
    table = score_subjects(
        coded,
        io.posts_of(given.posts, coded["account_id"].unique(), columns),
        pd.read_parquet(given.families, columns=["family", "language"]),
        # A raw file, which may be compressed.
        pd.read_csv(given.truth, sep="\t", dtype=str, keep_default_na=False),
        named["subject"].to_list(),
    )
    io.write_table(table, snakemake.output.score)
