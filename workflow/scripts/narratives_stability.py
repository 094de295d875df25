"""Fit the layout again under small changes and compare the groups."""

import numpy as np

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.stability import stability

with job(snakemake.log[0]):
    vectors, layout, indices, distances = (
        np.load(snakemake.input[name], allow_pickle=False)
        for name in ("vectors", "layout", "indices", "distances")
    )
    table = stability(
        vectors,
        layout,
        indices,
        distances,
        dimensions=snakemake.params.dimensions,
        min_topic_families=snakemake.params.min_topic_families,
        seed=snakemake.params.seed,
    )
    io.write_table(table, snakemake.output.stability)
