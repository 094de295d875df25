"""Draw families and lay out sheets for two people to code by hand."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.codebook import load_codebook
from hydrascope.narratives.sheets import coding_guide, coding_sheet, sampled_units, unit_texts

with job(snakemake.log[0]):
    given, params, out = snakemake.input, snakemake.params, snakemake.output
    subjects, phrases = load_codebook(given.codebook)
    key = sampled_units(
        pd.read_parquet(given.families, columns=["family", "language"]),
        pd.read_parquet(given.coded, columns=["family", "subject"]),
        languages=phrases["language"].unique().tolist(),
        units=params.units,
        seed=params.seed,
    )
    members = pd.read_parquet(given.members, columns=["post_id", "family"])
    texts = unit_texts(key, members, pd.read_parquet(given.posts, columns=["post_id", "text"]))
    io.write_table(key, out.key)
    io.write_table(coding_guide(subjects), out.guide)
    for number, path in enumerate(out.coders, start=1):
        sheet = coding_sheet(key, texts, seed=params.seed + number)
        io.write_table(sheet, path, encoding="utf-8-sig")
