"""Read one raw file; write its rows, its ledger line and what was set aside."""

from pathlib import Path

import pyarrow.parquet as pq

from hydrascope import io
from hydrascope.contracts import POSTS
from hydrascope.ingest.pseudonyms import load_key, pads
from hydrascope.ingest.reader import read_raw_file
from hydrascope.ingest.x_archive import DERIVED_ACCOUNTS
from hydrascope.job import job

with job(snakemake.log[0]):
    with (
        io.atomic(snakemake.output.accounts) as accounts,
        io.atomic(snakemake.output.posts) as posts,
        pq.ParquetWriter(accounts, DERIVED_ACCOUNTS, compression="zstd") as account_sink,
        pq.ParquetWriter(posts, POSTS, compression="zstd") as post_sink,
    ):
        ledger, quarantine = read_raw_file(
            Path(snakemake.input.raw),
            row=snakemake.params.row,
            collection=snakemake.params.collection,
            pads=pads(load_key(snakemake.params.pseudonyms)),
            limits=snakemake.params.limits,
            accounts=account_sink,
            posts=post_sink,
        )
    io.write_table(ledger, snakemake.output.ledger)
    io.write_table(quarantine, snakemake.output.quarantine)
