"""Error rates of the timing methods over all simulated series, one table."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.timing.calibrate import summed_up

with job(snakemake.log[0]):
    outcomes = pd.concat(map(io.read_table, snakemake.input.outcomes))
    table = summed_up(outcomes)
    io.write_table(table.assign(methods=snakemake.params.methods), snakemake.output.rates)
