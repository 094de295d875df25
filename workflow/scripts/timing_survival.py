"""Estimate how long accounts last, and how long they lay still before they posted."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.batches import batch_of
from hydrascope.rounding import coarsened
from hydrascope.timing.dates import network_creations
from hydrascope.timing.dormancy import DAYS, MEDIAN, dormancy_table
from hydrascope.timing.survival import hazard_table, looks, survival_tables

with job(snakemake):
    given, params, output = snakemake.input, snakemake.params, snakemake.output
    accounts = pd.read_parquet(given.accounts)
    creations = network_creations(accounts, io.read_table(given.verdicts))
    seen = ["account_id", "first_seen", "last_seen", "removed_after", "removed_before"]
    own = creations.merge(accounts[seen], on="account_id")
    batches = batch_of(creations, gap_minutes=params.batch_minutes)
    sightings = pd.read_parquet(
        given.sightings, columns=["account_id", "taken_at", "asked", "found"]
    )
    spells = looks(sightings, creations)
    posts = io.posts_of(given.posts, creations["account_id"], ["account_id", "posted_at"])
    io.write_table(survival_tables(own, spells, batches, **params.drawing), output.survival)
    io.write_table(hazard_table(spells, len(creations)), output.hazards)
    dormancy = dormancy_table(creations, posts, batches, **params.drawing)
    io.write_table(coarsened(dormancy, DAYS, dormancy["estimate"] == MEDIAN), output.dormancy)
