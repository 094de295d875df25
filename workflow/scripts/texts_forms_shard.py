"""Fold one shard of the texts, and say which language their posts vote for."""

from hydrascope import io
from hydrascope.job import job
from hydrascope.texts.forms import forms_of

with job(snakemake), io.database(snakemake.output.forms) as base:
    base.read_parquet(snakemake.input.posts).create_view("posts")
    forms_of(base, shard=int(snakemake.wildcards.shard), shards=snakemake.params.shards)
    io.write_relation(base.sql("FROM members ORDER BY post_id"), snakemake.output.members)
    io.write_relation(base.sql("FROM forms ORDER BY form"), snakemake.output.forms)
