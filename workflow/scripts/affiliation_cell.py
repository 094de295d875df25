"""Count the affiliated accounts under one changed setting."""

import pandas as pd
import pyarrow.parquet as pq

from hydrascope import io
from hydrascope.affiliation.gaps import GAPS
from hydrascope.affiliation.sensitivity import cell_counts, changed
from hydrascope.affiliation.signals import SIGNALS, by_signal
from hydrascope.job import job

with job(snakemake):
    given, cell = snakemake.input, snakemake.params.cell
    settings, groups = changed(snakemake.params.rule, cell["setting"], str(cell["value"]))
    signals = {}
    # The study's own, and over them what the cell's gap moved.
    for path, names in zip(given.signals, [SIGNALS, GAPS.get(cell["setting"])], strict=False):
        signals |= by_signal(pq.read_table(path), names)
    counts = cell_counts(
        pd.read_parquet(given.accounts, columns=["account_id", "platform", "unit"]),
        signals,
        io.read_table(given.seeds)["account_id"].dropna().to_list(),
        io.posts_by_account(given.posts),
        settings=settings,
        groups=groups,
        seed=snakemake.params.seed,
    )
    io.write_table(counts, snakemake.output.counts)
