"""Collect what accounts hold in common, signal by signal."""

import pandas as pd

from hydrascope import io
from hydrascope.affiliation.gaps import CONFIGURED, GAPS
from hydrascope.affiliation.sensitivity import changed
from hydrascope.affiliation.signals import STORED, in_one, signal_tables
from hydrascope.job import job

with job(snakemake.log[0]), io.database(snakemake.output.signals, memory="1GB") as base:
    given, settings = snakemake.input, snakemake.params.rule
    if snakemake.wildcards.gaps != CONFIGURED:
        settings, _ = changed(settings, *snakemake.wildcards.gaps.split("~"))
    base.read_parquet(given.posts).create_view("posts")
    # Error rates were measured with families of equal texts, which are the forms here.
    base.read_parquet(given.forms).create_view("forms")
    base.read_parquet(given.members).create_view("members")
    accounts = pd.read_parquet(given.accounts)
    signals = signal_tables(accounts, base, **{name: settings[name] for name in GAPS})
    io.write_batches(in_one(signals), STORED, snakemake.output.signals)
