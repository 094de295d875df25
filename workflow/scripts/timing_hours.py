"""Test the hours at which the network posts and makes accounts."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.timing.holidays import calendars
from hydrascope.timing.hours import (
    clock_table,
    days_looked_at,
    heard_accounts,
    hour_tables,
    kept_moments,
)

with job(snakemake):
    params, output = snakemake.params, snakemake.output
    accounts = pd.read_parquet(snakemake.input.accounts)
    verdicts = io.read_table(snakemake.input.verdicts)
    heard = heard_accounts(accounts, verdicts, verdict=params.verdict, seed=params.seed)
    columns = ["account_id", "posted_at", "posted_precision"]
    posts = io.posts_of(snakemake.input.posts, heard, columns)
    sides = {
        side: kept_moments(
            accounts,
            posts,
            verdicts,
            verdict=params.verdict,
            side=side,
            gap_minutes=params.batch_minutes,
        )
        for side in ("affiliated", "unaffiliated")
    }
    network, n = sides["affiliated"]
    tables = hour_tables(
        network,
        sides["unaffiliated"][0],
        n,
        calendars(params.countries, *days_looked_at(posts)),
        draws=params.draws,
        seed=params.seed,
    )
    io.write_table(clock_table(network, sides["unaffiliated"][0]), output.clock)
    for name, table in zip(("hours", "zones", "shifts", "holidays"), tables, strict=True):
        io.write_table(table, output[name])
