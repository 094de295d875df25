"""Embed one shard of the families that are looked at."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.texts.vectors import embed, shard_bounds, together

with job(snakemake):
    params, columns = snakemake.params, ["family", "text"]
    texts = together(
        *(pd.read_parquet(snakemake.input[name], columns=columns) for name in ("own", "matched"))
    )
    start, end = shard_bounds(len(texts), int(snakemake.wildcards.shard), params.shards)
    vectors = embed(texts["text"][start:end].to_list(), cache=params.cache, **params.embedding)
    io.write_array(vectors, snakemake.output.vectors)
