"""Say which dates can be used, count creations a day and describe how uneven they are."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.timing.daily import daily_creations, largest_days
from hydrascope.timing.dates import date_table, network_creations
from hydrascope.timing.dispersion import dispersion_table

with job(snakemake):
    accounts = pd.read_parquet(snakemake.input.accounts)
    creations = network_creations(accounts, io.read_table(snakemake.input.verdicts))
    daily = daily_creations(creations)
    n = creations.groupby("platform").size()
    dispersion = dispersion_table(daily, n, share=snakemake.params.mask_share)
    io.write_table(date_table(creations), snakemake.output.dates)
    io.write_table(daily, snakemake.output.daily)
    io.write_table(dispersion, snakemake.output.dispersion)
    io.write_table(
        largest_days(daily, snakemake.params.largest_days), snakemake.output.largest_days
    )
