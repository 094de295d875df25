"""Compare the network's subjects with those of matched accounts."""

import numpy as np
import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.batches import batch_of
from hydrascope.narratives.codebook import UNCODED, load_codebook
from hydrascope.narratives.controls import coded_alike, contrast
from hydrascope.texts.vectors import embed

with job(snakemake):
    given, params = snakemake.input, snakemake.params
    named, phrases = load_codebook(given.codebook)
    phrase_vectors = embed(phrases["form"].to_list(), **params.embedding)
    vectors = np.load(given.vectors, allow_pickle=False)
    families, posts = pd.read_parquet(given.families), pd.read_parquet(given.posts)
    coded = coded_alike(families, vectors, phrases, phrase_vectors, **params.coding)
    table = contrast(
        posts.assign(subject=posts["family"].map(coded).fillna(UNCODED)),
        pd.read_parquet(given.matched),
        named["subject"].to_list(),
        batch_of(pd.read_parquet(given.accounts), gap_minutes=params.batch_minutes),
        **params.drawing,
    )
    io.write_table(table, snakemake.output.contrast)
