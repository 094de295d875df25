"""Set published counts beside disclosed takedowns."""

from hydrascope import io
from hydrascope.job import job
from hydrascope.timing.context import context_table

with job(snakemake):
    study = snakemake.wildcards.study
    claims, takedowns = (
        io.read_table(snakemake.input[name], text=True) for name in ("claims", "takedowns")
    )
    posted = io.days_posted(snakemake.input.posts)
    table = context_table(
        claims[claims["study"] == study], takedowns[takedowns["study"] == study], posted
    )
    io.write_table(table, snakemake.output.context)
