"""Error rates of the detector over all simulated worlds, one table."""

import pandas as pd

from hydrascope import io
from hydrascope.affiliation.rates import dependence, edge_rates, rates, size_rates
from hydrascope.job import job

with job(snakemake):
    given, cells = snakemake.input, snakemake.params.cells
    judged = pd.concat(map(pd.read_parquet, given.verdicts), keys=cells, names=["cell"])
    counted = pd.concat(map(io.read_table, given.edges), keys=cells, names=["cell"])
    judged, counted = (part.reset_index(level="cell") for part in (judged, counted))
    sizes = size_rates(judged, link_q=snakemake.params.link_q)
    table = pd.concat([rates(judged), sizes, dependence(judged), edge_rates(counted)])
    io.write_table(table.assign(detector=snakemake.params.detector), snakemake.output.rates)
