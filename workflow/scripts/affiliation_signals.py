"""Collect what accounts hold in common, and what another gap makes of it."""

import pandas as pd

from hydrascope import io
from hydrascope.affiliation.gaps import GAPS
from hydrascope.affiliation.posted import hold
from hydrascope.affiliation.sensitivity import changed
from hydrascope.affiliation.signals import SIGNALS, STORED, in_one, signal_tables
from hydrascope.job import job

with job(snakemake), io.database(snakemake.output.configured) as base:
    given, params, out = snakemake.input, snakemake.params, snakemake.output
    base.read_parquet(given.posts).create_view("posts")
    # Error rates were measured with families of equal texts, which are the forms here.
    base.read_parquet(given.forms).create_view("forms")
    base.read_parquet(given.members).create_view("members")
    accounts = pd.read_parquet(given.accounts)
    hold(base, accounts["account_id"])
    wanted = [(params.rule, SIGNALS, out.configured)]
    for (setting, value), path in zip(params.gaps, out.moved, strict=True):
        settings, _ = changed(params.rule, setting, value)
        wanted.append((settings, GAPS[setting], path))
    for settings, only, path in wanted:
        gaps = {name: settings[name] for name in GAPS}
        signals = signal_tables(accounts, base, **gaps, only=only)
        io.write_batches(in_one(signals), STORED, path)
