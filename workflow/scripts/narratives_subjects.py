"""Join topics and families to the codebook's subjects."""

import numpy as np
import pandas as pd
import pyarrow as pa

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.codebook import load_codebook
from hydrascope.narratives.subjects import subject_tables
from hydrascope.texts.vectors import embed

with job(snakemake):
    given, params, out = snakemake.input, snakemake.params, snakemake.output
    _, phrases = load_codebook(given.codebook)
    families = pd.read_parquet(given.families, columns=["family", "text", "language"])
    subjects, coded = subject_tables(
        families,
        *(np.load(given[name], allow_pickle=False) for name in ("vectors", "points", "groups")),
        pd.read_parquet(given.posts),
        phrases,
        embed(phrases["form"].to_list(), **params.embedding),
        **params.settings,
    )
    io.write_table(subjects, out.subjects)
    io.write_parquet(pa.Table.from_pandas(coded, preserve_index=False), out.coded)
