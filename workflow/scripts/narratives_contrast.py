"""Hold the network's subjects against those of matched accounts outside it."""

import numpy as np
import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.batches import batch_of
from hydrascope.narratives.codebook import UNCODED, load_codebook
from hydrascope.narratives.controls import coded_alike, contrast, matched_accounts
from hydrascope.texts.vectors import embed

with job(snakemake.log[0]):
    given, params = snakemake.input, snakemake.params
    named, phrases = load_codebook(given.codebook)
    families = pd.read_parquet(given.families, columns=["family", "text", "language", "vector_row"])
    posts = pd.read_parquet(given.posts, columns=["post_id", "account_id", "posted_at"])
    posts = posts.merge(pd.read_parquet(given.members, columns=["post_id", "family"]))
    languages = families.set_index("family")["language"]
    matched = matched_accounts(posts, io.read_table(given.verdicts), languages)
    posts = posts[posts["account_id"].isin(matched.loc[matched["matched"], "account_id"])]
    families = families[families["family"].isin(posts["family"])]
    vectors = np.load(given.vectors, allow_pickle=False)[families["vector_row"]]
    phrase_vectors = embed(phrases["form"].to_list(), **params.embedding)
    coded = coded_alike(families, vectors, phrases, phrase_vectors, **params.coding)
    table = contrast(
        posts.assign(subject=posts["family"].map(coded).fillna(UNCODED)),
        matched,
        named["subject"].to_list(),
        batch_of(pd.read_parquet(given.accounts), gap_minutes=params.batch_minutes),
        **params.drawing,
    )
    io.write_table(table, snakemake.output.contrast)
