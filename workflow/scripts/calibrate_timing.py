"""Draw series of one kind, apply the methods to each, and hold them against the truth."""

import zlib

import numpy as np
import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.simulation.series import drawn
from hydrascope.timing.calibrate import judged

with job(snakemake):
    how, params = dict(snakemake.params.how), snakemake.params
    cell = zlib.crc32(f"{how['part']} {how['cell']}".encode())
    rows = []
    for seed in range(params.first, params.first + how["series"]):
        world = drawn(how, np.random.default_rng([seed, cell, 0]))
        random = np.random.default_rng([seed, cell, 1])
        outcomes = judged(how["part"], world, random, draws=params.draws, turns=params.turns)
        rows += [(how["part"], how["cell"], *outcome) for outcome in outcomes]
    columns = ["part", "cell", "measure", "kind", "value"]
    io.write_table(pd.DataFrame(rows, columns=columns), snakemake.output.outcomes)
