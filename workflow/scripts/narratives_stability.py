"""Find the topics again under other seeds, row orders and families, and compare."""

import numpy as np

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.granularity import finest
from hydrascope.narratives.stability import stability

with job(snakemake):
    given, params = snakemake.input, snakemake.params
    vectors, groups = (np.load(given[name], allow_pickle=False) for name in ("vectors", "groups"))
    number = params.topics or finest(io.read_table(given.granularity))
    table, persisting = stability(vectors, number, groups[0], **params.settings)
    io.write_table(table, snakemake.output.stability)
    io.write_table(persisting, snakemake.output.persistence)
