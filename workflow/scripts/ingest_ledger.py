"""Close the ledger of a collection; count what is missing and what links where."""

import pandas as pd

from hydrascope import io
from hydrascope.config import raw_numbers
from hydrascope.ingest import merge, missingness, websites
from hydrascope.job import job

with job(snakemake), io.database(snakemake.output.ledger) as base:
    out = snakemake.output
    ledgers = pd.concat(map(io.read_table, snakemake.input.ledgers), ignore_index=True)
    aside = [io.read_table(path, text=True) for path in snakemake.input.quarantines]
    rows = [base.read_parquet(snakemake.input[name]) for name in ("accounts", "posts")]
    io.write_table(merge.settle_ledger(ledgers, io.read_table(snakemake.input.charges)), out.ledger)
    numbers = raw_numbers(len(ledgers))
    io.write_table(pd.DataFrame({"raw": numbers, "file": ledgers["file"]}), out.numbers)
    io.write_table(pd.concat(aside, ignore_index=True), out.quarantine)
    io.write_table(missingness.missingness(base, *rows), out.missingness)
    io.write_table(websites.website_links(base, *rows), out.websites)
