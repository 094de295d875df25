"""Join topics to the codebook's subjects and count what is on each."""

import numpy as np
import pandas as pd
import pyarrow as pa

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.codebook import load_codebook
from hydrascope.narratives.prevalence import prevalence
from hydrascope.narratives.subjects import subject_tables
from hydrascope.texts.vectors import embed

with job(snakemake.log[0]):
    given, params, out = snakemake.input, snakemake.params, snakemake.output
    named, phrases = load_codebook(given.codebook)
    families = pd.read_parquet(given.families, columns=["family", "language"])
    subjects, coded = subject_tables(
        families,
        np.load(given.vectors, allow_pickle=False),
        pd.read_parquet(given.posts),
        phrases,
        embed(phrases["form"], decimals=params.decimals),
        min_similarity=params.min_similarity,
        min_margin=params.min_margin,
    )
    posts = pd.read_parquet(given.all_posts, columns=["post_id", "platform", "posted_at"])
    shares = prevalence(coded, posts, families, named["subject"].to_list())
    io.write_table(subjects, out.subjects)
    io.write_parquet(pa.Table.from_pandas(coded, preserve_index=False), out.coded)
    io.write_table(shares, out.prevalence)
