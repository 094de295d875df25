"""Find the seed accounts in the collection."""

from pathlib import Path

import pandas as pd

from hydrascope import io
from hydrascope.ingest.seeds import collected_seeds
from hydrascope.job import job

with job(snakemake):
    listed = io.read_table(snakemake.input.listed, text=True)
    columns = ["account_id", "platform", "native_id"]
    accounts = pd.read_parquet(snakemake.input.accounts, columns=columns)
    seeds = collected_seeds(listed, accounts, Path(snakemake.input.listed).name)
    io.write_table(seeds, snakemake.output.seeds)
