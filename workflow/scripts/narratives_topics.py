"""Group the network's families into topics, describe them and count them."""

import numpy as np
import pandas as pd
import pyarrow as pa

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.codebook import load_codebook
from hydrascope.narratives.granularity import finest
from hydrascope.narratives.quality import quality_table
from hydrascope.narratives.topics import described_topics, found_topics, topic_tables
from hydrascope.narratives.words import name_pattern

with job(snakemake):
    given, params, out = snakemake.input, snakemake.params, snakemake.output
    families = pd.read_parquet(given.families)
    posts = pd.read_parquet(given.posts, columns=["post_id", "account_id", "family"])
    points, vectors = (np.load(given[name], allow_pickle=False) for name in ("points", "vectors"))
    said = {"names": name_pattern(load_codebook(given.codebook)[1]["form"]), "words": params.words}
    number = params.topics or finest(io.read_table(given.granularity))
    found = found_topics(points, number, **params.settings)
    groups = found[0]
    described, model = described_topics(families["text"].to_list(), vectors, groups, **said)
    table, posts = topic_tables(families, posts, groups, described)
    quality = quality_table(families, posts, described, **said, seed=params.settings["seed"])
    io.write_table(table, out.topics)
    io.write_parquet(pa.Table.from_pandas(posts, preserve_index=False), out.posts)
    io.write_table(quality, out.quality)
    io.write_array(found, out.groups)
    io.write_model(model, out.model)
