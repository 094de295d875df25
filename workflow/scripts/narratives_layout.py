"""Choose the network's families and lay them out."""

import numpy as np
import pandas as pd
import pyarrow as pa

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.layout import nearest, reduce
from hydrascope.narratives.network import network_families

with job(snakemake.log[0]):
    given, params, out = snakemake.input, snakemake.params, snakemake.output
    families, posts = network_families(
        pd.read_parquet(given.families),
        pd.read_parquet(given.members),
        pd.read_parquet(given.posts, columns=["post_id", "account_id"]),
        io.read_table(given.verdicts),
    )
    vectors = np.load(given.vectors, allow_pickle=False)[families["vector_row"]]
    indices, distances = nearest(vectors, params.neighbours)
    layout = reduce(vectors, indices, distances, dimensions=params.dimensions, seed=params.seed)
    for table, path in ((families, out.families), (posts, out.posts)):
        io.write_parquet(pa.Table.from_pandas(table, preserve_index=False), path)
    io.write_array(vectors, out.vectors)
    io.write_array(indices, out.indices)
    io.write_array(distances, out.distances)
    io.write_array(layout, out.layout)
