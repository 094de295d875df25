"""Read one raw file; write its rows, its ledger line and what was set aside."""

from pathlib import Path

from hydrascope import io
from hydrascope.contracts import POSTS
from hydrascope.ingest.keys import load_key
from hydrascope.ingest.mapping import ASKED, DERIVED_ACCOUNTS
from hydrascope.ingest.reader import LEDGER, QUARANTINE, Sinks, read_raw_file
from hydrascope.job import job

with job(snakemake):
    out = snakemake.output
    with (
        io.parquet_writer(out.accounts, DERIVED_ACCOUNTS) as accounts,
        io.parquet_writer(out.posts, POSTS) as posts,
        io.parquet_writer(out.asked, ASKED) as asked,
    ):
        ledger, quarantine = read_raw_file(
            Path(snakemake.input.raw),
            row=snakemake.params.row,
            collection=snakemake.params.collection,
            key=load_key(snakemake.params.pseudonyms, fingerprint=snakemake.params.key_fingerprint),
            limits=snakemake.params.limits,
            column_maps=snakemake.params.column_maps,
            zones=snakemake.params.zones,
            starts=snakemake.params.starts,
            sinks=Sinks(accounts, posts, asked),
            threads=snakemake.threads,
        )
    io.write_rows([ledger], LEDGER, out.ledger)
    io.write_rows(quarantine, QUARANTINE, out.quarantine)
