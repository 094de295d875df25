"""Choose the texts that topics and subjects are found in."""

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.network import network_families

with job(snakemake), io.database(snakemake.output.families) as base:
    given, out = snakemake.input, snakemake.output
    for name in ("families", "members", "posts"):
        base.read_parquet(given[name]).create_view(name)
    base.register("verdicts", io.read_table(given.verdicts)[["account_id", "verdict"]])
    families, posts, sample = network_families(base)
    io.write_relation(families, out.families)
    io.write_relation(posts, out.posts)
    io.write_table(sample, out.sample)
