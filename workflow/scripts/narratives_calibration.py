"""Put beside the narratives how well such were found again, and whether that holds here."""

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.calibrate import still_holding

with job(snakemake):
    given = snakemake.input
    rates = io.read_table(given.rates)
    table = still_holding(rates, snakemake.params.settings, given.codebook)
    io.write_table(table, snakemake.output.rates)
