"""Draw families and lay out sheets for two people to code by hand."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives import sheets
from hydrascope.narratives.codebook import load_codebook

with job(snakemake), io.database(snakemake.output.key) as base:
    given, params, out = snakemake.input, snakemake.params, snakemake.output
    for name in ("families", "members", "posts", "own"):
        base.read_parquet(given[name]).create_view(name)
    base.register("verdicts", io.read_table(given.verdicts)[["account_id", "verdict"]])
    subjects, phrases = load_codebook(given.codebook)
    key = sheets.sampled_units(
        sheets.drawable(base),
        pd.read_parquet(given.coded, columns=["family", "subject"]),
        languages=phrases["language"].unique().tolist(),
        units=params.units,
        seed=params.seed,
    )
    texts = sheets.unit_texts(base, key)
    io.write_table(key, out.key)
    io.write_table(sheets.coding_guide(subjects), out.guide)
    for number, path in enumerate(out.coders, start=1):
        sheet = sheets.coding_sheet(key, texts, seed=params.seed + number)
        io.write_table(sheet, path, encoding="utf-8-sig")
