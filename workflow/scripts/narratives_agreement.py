"""Measure what coders agree on, and correct the prevalence by what they found."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.agreement import agreement_table, corrected_prevalence, read_sheets
from hydrascope.narratives.codebook import load_codebook

with job(snakemake):
    given, params, out = snakemake.input, snakemake.params, snakemake.output
    subjects = load_codebook(given.codebook)[0]["subject"].to_list()
    key = io.read_table(given.key)
    codes = read_sheets(given.sheets, key, subjects)
    languages = pd.read_parquet(given.families).set_index("family")["language"]
    coded = pd.read_parquet(given.coded, columns=["family", "subject"])
    io.write_table(agreement_table(codes, key, **params.drawing), out.agreement)
    io.write_table(corrected_prevalence(codes, key, coded, languages), out.corrected)
