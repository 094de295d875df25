"""Give each account a verdict by the roster."""

import pandas as pd
import pyarrow as pa

from hydrascope import io
from hydrascope.affiliation.roster import roster_verdicts
from hydrascope.checking import check_contract
from hydrascope.job import job

with job(snakemake):
    columns = ["account_id", "platform", "unit"]
    accounts = pd.read_parquet(snakemake.input.accounts, columns=columns)
    parts = [pd.read_parquet(path, columns=columns[:1]) for path in snakemake.input.named]
    verdicts = roster_verdicts(accounts, pd.concat(parts)["account_id"], snakemake.params.roster)
    check_contract(pa.Table.from_pandas(verdicts, preserve_index=False), "verdicts")
    io.write_table(verdicts, snakemake.output.verdicts)
