"""Narratives over all simulated worlds, one table."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.calibrate import averaged

with job(snakemake):
    worlds = pd.concat(map(io.read_table, snakemake.input.worlds))
    table = averaged(worlds.assign(value=pd.to_numeric(worlds["value"])))
    io.write_table(table.assign(finder=snakemake.params.finder), snakemake.output.scores)
