"""Error rates of the timing methods over all simulated series, one table."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.timing.calibrate import summed_up

with job(snakemake):
    outcomes = pd.concat(map(io.read_table, snakemake.input.outcomes))
    io.write_table(summed_up(outcomes), snakemake.output.rates)
