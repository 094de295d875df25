"""Count the affiliated accounts under one changed setting."""

import pandas as pd

from hydrascope import io
from hydrascope.affiliation.sensitivity import cell_counts, changed
from hydrascope.affiliation.signals import POST_COLUMNS
from hydrascope.job import job

with job(snakemake.log[0]):
    given, cell = snakemake.input, snakemake.params.cell
    as_family = {"form": "family"}
    settings, groups = changed(snakemake.params.rule, cell["setting"], str(cell["value"]))
    counts = cell_counts(
        pd.read_parquet(given.accounts),
        pd.read_parquet(given.posts, columns=list(POST_COLUMNS)),
        # Error rates were measured with families of equal texts, which are the forms here.
        pd.read_parquet(given.forms, columns=["form", "text"]).rename(columns=as_family),
        pd.read_parquet(given.members, columns=["post_id", "form"]).rename(columns=as_family),
        io.read_table(given.seeds)["account_id"].dropna().to_list(),
        settings=settings,
        groups=groups,
        seed=snakemake.params.seed,
    )
    io.write_table(counts, snakemake.output.counts)
