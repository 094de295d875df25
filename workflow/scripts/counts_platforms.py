"""Count accounts and judge the published claims."""

import pandas as pd

from hydrascope import io
from hydrascope.counts.claims import judge_claims
from hydrascope.counts.platforms import measured, platform_counts
from hydrascope.job import job

with job(snakemake):
    claims = io.read_table(snakemake.input.claims, text=True)
    claims = claims[claims["study"] == snakemake.wildcards.study]
    verdicts = io.read_table(snakemake.input.verdicts)
    columns = ["account_id", "platform", "unit", "followers"]
    accounts = pd.read_parquet(snakemake.input.accounts, columns=columns)
    posts = io.posts_by_account(snakemake.input.posts)
    replacement = io.read_table(snakemake.input.replacement)
    measures = measured(accounts, posts, verdicts, replacement)
    how = {name: snakemake.params[name] for name in ("mode", "simulated")}
    judged = judge_claims(claims, measures, **how)
    io.write_table(platform_counts(verdicts, claims), snakemake.output.platforms)
    io.write_table(judged, snakemake.output.claims)
