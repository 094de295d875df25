"""Give each account a verdict by what joins it to the seeds."""

import pandas as pd
import pyarrow as pa

from hydrascope import io
from hydrascope.affiliation.cohesion import seed_table
from hydrascope.affiliation.detect import Rule, detected_verdicts
from hydrascope.affiliation.edges import edge_table
from hydrascope.affiliation.evidence import evidence_table, weight_table
from hydrascope.affiliation.signals import POST_COLUMNS, signal_tables
from hydrascope.checking import check_contract
from hydrascope.job import job

with job(snakemake.log[0]):
    given, rule = snakemake.input, dict(snakemake.params.rule)
    as_family = {"form": "family"}
    accounts = pd.read_parquet(given.accounts)
    signals = signal_tables(
        accounts,
        pd.read_parquet(given.posts, columns=list(POST_COLUMNS)),
        # Error rates were measured with families of equal texts, which are the forms here.
        pd.read_parquet(given.forms, columns=["form", "text"]).rename(columns=as_family),
        pd.read_parquet(given.members, columns=["post_id", "form"]).rename(columns=as_family),
        **{name: rule.pop(name) for name in ("window_hours", "batch_minutes", "slot_minutes")},
    )
    rule = Rule(**rule, seed=snakemake.params.seed)
    seeds = io.read_table(given.seeds)["account_id"].dropna()
    verdicts = detected_verdicts(accounts, signals, seeds.to_list(), rule)
    check_contract(pa.Table.from_pandas(verdicts, preserve_index=False), "verdicts")
    evidence = evidence_table(verdicts, link_q=rule.link_q)
    edges = edge_table(signals, most_holders=rule.most_holders, most_q=rule.link_q)
    io.write_table(verdicts, snakemake.output.verdicts)
    io.write_parquet(pa.Table.from_pandas(edges, preserve_index=False), snakemake.output.edges)
    io.write_table(evidence, snakemake.output.evidence)
    seed_rows = seed_table(verdicts, min_groups=rule.min_groups)
    io.write_table(seed_rows, snakemake.output.seeds)
    io.write_table(weight_table(verdicts), snakemake.output.weights)
