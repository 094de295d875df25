"""Hold the verdicts against the truth of a simulated collection."""

import pandas as pd

from hydrascope import io
from hydrascope.affiliation.score import affiliation_score
from hydrascope.job import job

with job(snakemake):
    columns = ["account_id", "platform", "native_id"]
    score = affiliation_score(
        io.read_table(snakemake.input.verdicts),
        pd.read_parquet(snakemake.input.accounts, columns=columns),
        io.posts_by_account(snakemake.input.posts),
        io.read_table(snakemake.input.truth, text=True).assign(
            affiliated=lambda rows: rows["affiliated"].astype(int)
        ),
    )
    io.write_table(score, snakemake.output.score)
