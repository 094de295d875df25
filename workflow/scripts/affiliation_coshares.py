"""Write raw edges of copied texts and links, as the tools in use define them."""

from hydrascope import io
from hydrascope.affiliation.coshares import SHARES, coshare_edges
from hydrascope.job import job

with job(snakemake), io.database(snakemake.output.edges) as base:
    base.read_parquet(snakemake.input.posts).create_view("posts")
    base.read_parquet(snakemake.input.members).create_view("members")
    parts = []
    for name, query in SHARES.items():
        base.execute(f"CREATE TABLE {name}s AS {query}")
        edges = coshare_edges(base, f"{name}s", window=snakemake.params.window_seconds)
        parts.append(edges.project(f"'{name}' AS shared, *"))
    ordered = parts[0].union(parts[1]).order("shared, account_a, account_b")
    with io.atomic(snakemake.output.edges) as draft:
        ordered.write_parquet(str(draft), compression="zstd")
