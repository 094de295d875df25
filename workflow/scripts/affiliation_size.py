"""Estimate how many accounts of the collection belong, seen or not."""

import pandas as pd

from hydrascope import io
from hydrascope.affiliation.size import size_table
from hydrascope.job import job

with job(snakemake.log[0]):
    verdicts = io.read_table(snakemake.input.verdicts)
    authors = pd.read_parquet(snakemake.input.posts, columns=["account_id"])["account_id"]
    table = size_table(verdicts, authors.value_counts(), link_q=snakemake.params.link_q)
    io.write_table(table, snakemake.output.size)
