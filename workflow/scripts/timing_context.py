"""Set published counts beside disclosed takedowns."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.timing.context import context_table

with job(snakemake.log[0]):
    study = snakemake.wildcards.study
    claims, takedowns = (
        io.read_table(snakemake.input[name], text=True) for name in ("claims", "takedowns")
    )
    posted = pd.read_parquet(snakemake.input.posts, columns=["posted_at"])["posted_at"]
    table = context_table(
        claims[claims["study"] == study], takedowns[takedowns["study"] == study], posted
    )
    io.write_table(table, snakemake.output.context)
