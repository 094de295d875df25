"""Vectors of the network's families and of those of matched accounts, and points."""

import numpy as np
import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.points import points_of
from hydrascope.texts.vectors import together

with job(snakemake):
    given, out = snakemake.input, snakemake.output
    own, matched = (
        pd.read_parquet(given[name], columns=["family", "text"]) for name in ("own", "matched")
    )
    vectors = np.concatenate([np.load(path, allow_pickle=False) for path in given.shards])
    place = pd.Index(together(own, matched)["family"])
    own, matched = (vectors[place.get_indexer(one["family"])] for one in (own, matched))
    io.write_array(own, out.vectors)
    io.write_array(matched, out.matched)
    io.write_array(points_of(own, dimensions=snakemake.params.dimensions), out.points)
