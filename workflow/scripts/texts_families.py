"""Group forms into families of near-duplicates."""

from pathlib import Path

from hydrascope import io
from hydrascope.job import job
from hydrascope.texts.copies import copies_of
from hydrascope.texts.forms import joined_forms

with job(snakemake), io.database(snakemake.output.families) as base:
    given, params, out = snakemake.input, snakemake.params, snakemake.output
    base.read_parquet(list(given.members)).create_view("members")
    base.read_parquet(list(given.forms)).create_view("parts")
    joined_forms(base)
    folder = Path(out.families).parent
    found = copies_of(base, min_jaccard=params.min_jaccard, seed=params.seed, beside=folder)
    for relation, path in zip(found, (out.families, out.forms, out.members), strict=True):
        io.write_relation(relation, path)
