"""Fit topics on the layout and count them."""

import numpy as np
import pandas as pd
import pyarrow as pa

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.topics import fit_topics, topic_tables

with job(snakemake.log[0]):
    families = pd.read_parquet(snakemake.input.families)
    posts = pd.read_parquet(snakemake.input.posts)
    topics, described = fit_topics(
        families["text"].to_list(),
        np.load(snakemake.input.layout, allow_pickle=False),
        min_topic_families=snakemake.params.min_topic_families,
        words=snakemake.params.words,
    )
    table, posts, quality = topic_tables(families, posts, topics, described)
    io.write_table(table, snakemake.output.topics)
    io.write_parquet(pa.Table.from_pandas(posts, preserve_index=False), snakemake.output.posts)
    io.write_table(quality, snakemake.output.quality)
