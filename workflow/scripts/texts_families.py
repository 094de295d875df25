"""Group posts into families of near-duplicates."""

from pathlib import Path

from hydrascope import io
from hydrascope.job import job
from hydrascope.texts.copies import copies_of

with job(snakemake.log[0]), io.database(snakemake.output.families) as base:
    params, out = snakemake.params, snakemake.output
    base.read_parquet(snakemake.input.posts).create_view("posts")
    found = copies_of(
        base,
        min_jaccard=params.min_jaccard,
        seed=params.seed,
        beside=Path(out.families).parent,
    )
    for relation, path in zip(found, (out.families, out.forms, out.members), strict=True):
        io.write_relation(relation, path)
