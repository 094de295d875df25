"""Choose the network's families and turn their vectors into points."""

import numpy as np
import pandas as pd
import pyarrow as pa

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.network import network_families
from hydrascope.narratives.points import points_of

with job(snakemake.log[0]):
    given, out = snakemake.input, snakemake.output
    families, posts = network_families(
        pd.read_parquet(given.families),
        pd.read_parquet(given.members, columns=["post_id", "family"]),
        pd.read_parquet(given.posts, columns=["post_id", "account_id"]),
        io.read_table(given.verdicts),
    )
    vectors = np.load(given.vectors, allow_pickle=False)[families["vector_row"]]
    for table, path in ((families, out.families), (posts, out.posts)):
        io.write_parquet(pa.Table.from_pandas(table, preserve_index=False), path)
    io.write_array(vectors, out.vectors)
    io.write_array(points_of(vectors, dimensions=snakemake.params.dimensions), out.points)
