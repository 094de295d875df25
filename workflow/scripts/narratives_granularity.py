"""Measure how many topics hold still."""

import numpy as np

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.granularity import granularity

with job(snakemake):
    points = np.load(snakemake.input.points, allow_pickle=False)
    table = granularity(points, **snakemake.params.settings)
    io.write_table(table, snakemake.output.granularity)
