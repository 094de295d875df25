"""Estimate how many accounts of the collection belong, seen or not."""

from hydrascope import io
from hydrascope.affiliation.size import size_table
from hydrascope.job import job

with job(snakemake):
    verdicts = io.read_table(snakemake.input.verdicts)
    posts = io.posts_by_account(snakemake.input.posts)
    table = size_table(verdicts, posts, link_q=snakemake.params.link_q)
    io.write_table(table, snakemake.output.size)
