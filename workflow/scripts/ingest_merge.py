"""Merge the files of a collection and close its ledger."""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from hydrascope import io
from hydrascope.contracts import check_contract
from hydrascope.ingest import merge, missingness
from hydrascope.job import job

with job(snakemake.log[0]):
    files, out = pd.DataFrame(snakemake.params.files), snakemake.output
    parts = {
        name: pa.concat_tables(map(pq.read_table, snakemake.input[name]))
        for name in ("accounts", "posts")
    }
    accounts, account_charges = merge.merge_accounts(parts["accounts"], files["file"])
    posts, post_charges = merge.merge_posts(parts["posts"], files["file"])
    ledgers = pd.concat(map(io.read_table, snakemake.input.ledgers), ignore_index=True)
    ledger = merge.settle_ledger(ledgers, pd.concat([account_charges, post_charges]))
    aside = [io.read_table(path, text=True) for path in snakemake.input.quarantines]
    io.write_parquet(check_contract(accounts, "accounts"), out.accounts)
    io.write_parquet(check_contract(posts, "posts"), out.posts)
    io.write_table(ledger, out.ledger)
    io.write_table(pd.concat(aside, ignore_index=True), out.quarantine)
    io.write_table(missingness.missingness(accounts, posts), out.missingness)
    io.write_table(missingness.snapshots(files, snakemake.params.collection), out.snapshots)
