"""Embed one shard of the families."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.texts.vectors import embed, shard_bounds

with job(snakemake.log[0]):
    texts = pd.read_parquet(snakemake.input.families, columns=["text"])["text"]
    start, end = shard_bounds(len(texts), int(snakemake.wildcards.shard), snakemake.params.shards)
    vectors = embed(texts[start:end].to_list(), decimals=snakemake.params.decimals)
    io.write_array(vectors, snakemake.output.vectors)
