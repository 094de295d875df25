"""Measure how long after its creation an account first posts on a subject."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.batches import batch_of
from hydrascope.narratives.codebook import load_codebook
from hydrascope.narratives.firsts import HOURS, first_posts, waits
from hydrascope.rounding import coarsened

with job(snakemake):
    given, params = snakemake.input, snakemake.params
    verdicts = io.read_table(given.verdicts)
    network = verdicts.loc[verdicts["verdict"] == "affiliated", "account_id"]
    accounts = pd.read_parquet(given.accounts)
    own = accounts[accounts["account_id"].isin(network)]
    posts = pd.read_parquet(given.posts, columns=["post_id", "posted_at"])
    coded = pd.read_parquet(given.coded, columns=["post_id", "account_id", "subject"])
    table = first_posts(
        waits(coded.merge(posts), own),
        own,
        load_codebook(given.codebook)[0]["subject"].to_list(),
        batch_of(accounts, gap_minutes=params.batch_minutes),
        **params.drawing,
    )
    io.write_table(coarsened(table, HOURS), snakemake.output.first_posts)
