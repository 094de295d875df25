"""Simulate worlds, detect in each, and put the verdicts beside the truth."""

import numpy as np
import pandas as pd
import pyarrow as pa

from hydrascope import io
from hydrascope.affiliation.calibrate import edges_judged, judged, loaded
from hydrascope.affiliation.detect import Rule, detected_verdicts
from hydrascope.affiliation.edges import edge_table
from hydrascope.affiliation.signals import signal_tables
from hydrascope.job import job
from hydrascope.simulation.habits import COORDINATED
from hydrascope.simulation.ingested import ingested
from hydrascope.simulation.world import draw_seeds, simulate

with job(snakemake):
    how, rule, gaps = (dict(snakemake.params[name]) for name in ("how", "rule", "gaps"))
    role, drawn = how.pop("seeds_from"), {"share": how.pop("share"), "wrong": how.pop("wrong")}
    made = {name: how[name] for name in ("world", "dose", "scale", "outside")}
    networks = {habits.role for habits in COORDINATED.values()}
    tables, stood_out = [], []
    for seed in snakemake.params.seeds:
        world = simulate(seed=seed, **made)
        accounts, posts = ingested(world)
        with loaded(accounts, posts) as base:
            signals = signal_tables(accounts, base, **gaps)
        seeds = draw_seeds(world, np.random.default_rng(seed), role=role, **drawn)["native_id"]
        verdicts = detected_verdicts(accounts, signals, seeds.to_list(), Rule(**rule, seed=seed))
        names = pd.Index(verdicts["account_id"])
        limits = {"most_holders": rule["most_holders"], "most_q": rule["link_q"]}
        edges = edge_table(signals, names, **limits)
        roles, posts_of = (
            accounts.set_index("account_id")["role"],
            posts["account_id"].value_counts(),
        )
        table = judged(verdicts, roles, posts_of, networks=networks, wanted=role)
        tables.append(table.assign(world=seed))
        stood_out.append(edges_judged(edges, roles, networks=networks).assign(world=seed))
    table = pa.Table.from_pandas(pd.concat(tables), preserve_index=False)
    io.write_parquet(table, snakemake.output.verdicts)
    io.write_table(pd.concat(stood_out), snakemake.output.edges)
