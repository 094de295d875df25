"""Put the measured error rates beside the verdicts, and say whether they are of this detector."""

from hydrascope import io
from hydrascope.affiliation.calibrate import still_holding
from hydrascope.job import job

with job(snakemake):
    rates = io.read_table(snakemake.input.rates)
    io.write_table(still_holding(rates, snakemake.params.rule), snakemake.output.rates)
