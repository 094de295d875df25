"""Match the network's accounts with others, and choose what either side posted."""

import pandas as pd
import pyarrow as pa

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.controls import MOST_POSTS, account_traits, matched_accounts

# The lot that a post draws holds no pseudonym, so that no key of theirs decides.
POSTS = f"""
    CREATE TEMP TABLE written AS
    SELECT account_id, family FROM (SELECT post_id, account_id, posted_at FROM posts)
    JOIN (SELECT account_id FROM matched WHERE matched) USING (account_id)
    JOIN (SELECT post_id, family FROM members) USING (post_id)
    QUALIFY row_number() OVER (
        PARTITION BY account_id ORDER BY sha256(concat(family, ' ', posted_at)), family
    ) <= {MOST_POSTS}
"""
FAMILIES = """
    SELECT family, text, language FROM families
    SEMI JOIN (SELECT DISTINCT family FROM written) USING (family) ORDER BY family
"""

# The median of an account's times is taken of all of them at once.
MEMORY = "4GB"

with job(snakemake), io.database(snakemake.output.matched, memory=MEMORY) as base:
    given, out = snakemake.input, snakemake.output
    for name in ("families", "members", "posts"):
        base.read_parquet(given[name]).create_view(name)
    accounts = pd.read_parquet(given.accounts, columns=["account_id"])
    verdicts = accounts.merge(io.read_table(given.verdicts), on="account_id")
    matched = matched_accounts(account_traits(base).df(), verdicts, seed=snakemake.params.seed)
    io.write_parquet(pa.Table.from_pandas(matched, preserve_index=False), out.matched)
    base.register("matched", matched)
    base.execute(POSTS)
    io.write_relation(base.sql("FROM written ORDER BY ALL"), out.posts)
    io.write_relation(base.sql(FAMILIES), out.families)
