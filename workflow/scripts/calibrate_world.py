"""Simulate one world, detect in it, and put the verdicts beside the truth."""

import numpy as np
import pyarrow as pa

from hydrascope import io
from hydrascope.affiliation.calibrate import edges_judged, judged
from hydrascope.affiliation.detect import Rule, detected_verdicts
from hydrascope.affiliation.edges import edge_table
from hydrascope.affiliation.signals import signal_tables
from hydrascope.job import job
from hydrascope.simulation.habits import COORDINATED
from hydrascope.simulation.ingested import ingested
from hydrascope.simulation.world import draw_seeds, simulate
from hydrascope.texts.families import families_of

with job(snakemake.log[0]):
    how, rule, gaps = (dict(snakemake.params[name]) for name in ("how", "rule", "gaps"))
    seed = int(snakemake.wildcards.seed)
    role, drawn = how.pop("seeds_from"), {"share": how.pop("share"), "wrong": how.pop("wrong")}
    world = simulate(seed=seed, **how)
    accounts, posts = ingested(world)
    families, members = families_of(posts[["post_id", "account_id", "text", "language"]])
    signals = signal_tables(accounts, posts, families, members, **gaps)
    seeds = draw_seeds(world, np.random.default_rng(seed), role=role, **drawn)["native_id"]
    verdicts = detected_verdicts(accounts, signals, seeds.to_list(), Rule(**rule, seed=seed))
    edges = edge_table(signals, most_holders=rule["most_holders"], most_q=rule["link_q"])
    roles = accounts.set_index("account_id")["role"]
    posts_of = posts["account_id"].value_counts()
    networks = {habits.role for habits in COORDINATED.values()}
    table = judged(verdicts, roles, posts_of, networks=networks, wanted=role).assign(world=seed)
    stood_out = edges_judged(edges, roles, networks=networks).assign(world=seed)
    io.write_parquet(pa.Table.from_pandas(table, preserve_index=False), snakemake.output.verdicts)
    io.write_table(stood_out, snakemake.output.edges)
