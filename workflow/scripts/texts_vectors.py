"""Join the shards of the vectors."""

import numpy as np

from hydrascope import io
from hydrascope.job import job

with job(snakemake.log[0]):
    shards = [np.load(path, allow_pickle=False) for path in snakemake.input.shards]
    io.write_array(np.concatenate(shards), snakemake.output.vectors)
