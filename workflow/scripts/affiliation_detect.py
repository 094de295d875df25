"""Give each account a verdict by what joins it to the seeds."""

import pandas as pd
import pyarrow as pa

from hydrascope import io
from hydrascope.affiliation.detect import detected_verdicts, evidence_table
from hydrascope.affiliation.signals import signal_tables
from hydrascope.checking import check_contract
from hydrascope.job import job

with job(snakemake.log[0]):
    given, rule = snakemake.input, dict(snakemake.params.rule)
    accounts = pd.read_parquet(given.accounts)
    signals = signal_tables(
        accounts,
        pd.read_parquet(given.posts, columns=["post_id", "account_id", "posted_at", "urls"]),
        pd.read_parquet(given.members),
        window_hours=rule.pop("window_hours"),
        batch_minutes=rule.pop("batch_minutes"),
    )
    seeds = io.read_table(given.seeds)["account_id"].dropna()
    verdicts = detected_verdicts(accounts, signals, seeds.to_list(), **rule)
    check_contract(pa.Table.from_pandas(verdicts, preserve_index=False), "verdicts")
    evidence = evidence_table(verdicts, false_share=rule["false_share"])
    io.write_table(verdicts, snakemake.output.verdicts)
    io.write_table(evidence, snakemake.output.evidence)
