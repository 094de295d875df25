"""Embed one shard of the families."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.texts.vectors import embed, shard_bounds

with job(snakemake.log[0]):
    params = snakemake.params
    texts = pd.read_parquet(snakemake.input.families, columns=["text"])["text"]
    start, end = shard_bounds(len(texts), int(snakemake.wildcards.shard), params.shards)
    vectors = embed(
        texts[start:end].to_list(),
        decimals=params.decimals,
        model=params.model,
        cache=params.cache,
    )
    io.write_array(vectors, snakemake.output.vectors)
