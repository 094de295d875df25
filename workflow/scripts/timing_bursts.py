"""Look for bursts of creations, and set other people's rules beside them."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.timing.bursts import burst_shares, burst_tables, control_days
from hydrascope.timing.comparators import comparator_table
from hydrascope.timing.daily import daily_creations
from hydrascope.timing.dates import network_creations

with job(snakemake):
    params, output = snakemake.params, snakemake.output
    accounts = pd.read_parquet(snakemake.input.accounts)
    verdicts = io.read_table(snakemake.input.verdicts)
    creations = network_creations(accounts, verdicts, verdict=params.verdict)
    daily = daily_creations(creations)
    controls = control_days(accounts, verdicts, verdict=params.verdict)
    n = creations.groupby("platform").size()
    bursts, baselines = burst_tables(daily, controls, n, draws=params.draws, seed=params.seed)
    shares = burst_shares(creations, bursts, **params.resampling)
    io.write_table(bursts, output.bursts)
    io.write_table(baselines, output.baselines)
    io.write_table(shares, output.shares)
    io.write_table(comparator_table(daily), output.comparators)
