"""Describe the batches in which accounts were made."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.timing.batches import batch_table
from hydrascope.timing.dates import network_creations

with job(snakemake):
    accounts = pd.read_parquet(snakemake.input.accounts)
    creations = network_creations(accounts, io.read_table(snakemake.input.verdicts))
    names = accounts[["account_id", "display_name", "handle"]]
    table = batch_table(
        creations.merge(names, on="account_id"),
        io.read_table(snakemake.input.bursts),
        draws=snakemake.params.draws,
        seed=snakemake.params.seed,
    )
    io.write_table(table, snakemake.output.batches)
