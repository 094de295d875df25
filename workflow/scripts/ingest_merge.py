"""Merge the files of a collection: accounts, posts, and when each account was seen."""

import pandas as pd

from hydrascope import io
from hydrascope.checking import check_contract, checked_batches
from hydrascope.contracts import POSTS
from hydrascope.ingest import merge, snapshots
from hydrascope.ingest.same_posts import posts_told_apart
from hydrascope.job import job

BATCH_ROWS = 100_000

with job(snakemake), io.database(snakemake.output.posts) as base:
    out, params = snakemake.output, snakemake.params
    files = snapshots.scopes(pd.DataFrame(params.files), params.scopes)
    found, posts, asked = (
        base.read_parquet(snakemake.input[name]) for name in ("accounts", "posts", "asked")
    )
    seen = snapshots.sightings(base, files, found, asked)
    accounts = merge.merge_accounts(base, found, files["file"])
    accounts = snapshots.removals(base, accounts, seen)
    posts, conflicts = posts_told_apart(base, posts)
    records = (found.filter("NOT derived"), posts, asked)
    charged = [merge.charges(base, rows, files["file"]) for rows in records]
    io.write_parquet(check_contract(accounts, "accounts"), out.accounts)
    io.write_parquet(seen, out.sightings)
    io.write_table(pd.concat([*charged, conflicts]).fillna(0), out.charges)
    io.write_table(snapshots.snapshots(files, seen, params.collection), out.snapshots)
    merged = merge.merge_posts(base, posts, files["file"]).to_arrow_reader(BATCH_ROWS)
    io.write_batches(checked_batches(merged, "posts"), POSTS, out.posts)
