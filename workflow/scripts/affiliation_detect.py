"""Give each account a verdict by what joins it to the seeds."""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from hydrascope import io
from hydrascope.affiliation.cohesion import seed_table
from hydrascope.affiliation.detect import Rule, detected_verdicts
from hydrascope.affiliation.edges import edge_table
from hydrascope.affiliation.evidence import evidence_table, weight_table
from hydrascope.affiliation.gaps import GAPS
from hydrascope.affiliation.signals import by_signal
from hydrascope.checking import check_contract
from hydrascope.job import job

with job(snakemake):
    given, params = snakemake.input, snakemake.params
    settings = {name: value for name, value in params.rule.items() if name not in GAPS}
    rule = Rule(**settings, seed=params.seed)
    accounts = pd.read_parquet(given.accounts, columns=["account_id", "platform", "unit"])
    signals = by_signal(pq.read_table(given.signals))
    seeds = io.read_table(given.seeds)["account_id"].dropna()
    verdicts = detected_verdicts(accounts, signals, seeds.to_list(), rule)
    check_contract(pa.Table.from_pandas(verdicts, preserve_index=False), "verdicts")
    names = pd.Index(verdicts["account_id"])
    edges = edge_table(signals, names, most_holders=rule.most_holders, most_q=rule.link_q)
    evidence = evidence_table(verdicts, link_q=rule.link_q)
    io.write_table(verdicts, snakemake.output.verdicts)
    io.write_parquet(pa.Table.from_pandas(edges, preserve_index=False), snakemake.output.edges)
    io.write_table(evidence, snakemake.output.evidence)
    seed_rows = seed_table(verdicts, min_groups=rule.min_groups)
    io.write_table(seed_rows, snakemake.output.seeds)
    io.write_table(weight_table(verdicts), snakemake.output.weights)
