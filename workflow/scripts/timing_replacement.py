"""Estimate how many accounts are made for each removed one."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.timing.dates import network_creations
from hydrascope.timing.replacement import removal_waves, replacement_table

with job(snakemake):
    accounts = pd.read_parquet(snakemake.input.accounts)
    verdicts = io.read_table(snakemake.input.verdicts)
    creations = network_creations(accounts, verdicts, verdict=snakemake.params.verdict)
    dated = creations.dropna(subset="created_at")
    removed = accounts[accounts["account_id"].isin(dated["account_id"])]
    removed = removed.dropna(subset=["removed_after", "removed_before"])
    columns = ["account_id", "posted_at"]
    posts = io.posts_of(snakemake.input.posts, removed["account_id"], columns)
    waves = removal_waves(removed, posts)
    days = dated["created_at"].dt.floor("D")
    table, waves = replacement_table(days, waves, len(creations))
    io.write_table(table, snakemake.output.replacement)
    io.write_table(waves, snakemake.output.waves)
