"""Give each account a verdict by the roster."""

import pandas as pd
import pyarrow as pa

from hydrascope import io
from hydrascope.affiliation.roster import roster_verdicts
from hydrascope.checking import check_contract
from hydrascope.job import job

with job(snakemake):
    columns = ["account_id", "platform", "unit", "source_file"]
    accounts = pd.read_parquet(snakemake.input.accounts, columns=columns)
    verdicts = roster_verdicts(accounts, snakemake.params.roster)
    check_contract(pa.Table.from_pandas(verdicts, preserve_index=False), "verdicts")
    io.write_table(verdicts, snakemake.output.verdicts)
