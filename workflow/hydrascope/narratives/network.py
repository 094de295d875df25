"""Which texts count as the network's, and which of them are looked at."""

import duckdb
import pandas as pd

__all__ = ["MOST_FAMILIES", "network_families"]

# Families that topics and subjects are found in at most; of more, as many are drawn.
MOST_FAMILIES = 20_000
OWN = """
    CREATE TEMP TABLE own AS
    SELECT post_id, account_id, platform, posted_at, family
    FROM (SELECT post_id, account_id, platform, posted_at FROM posts)
    JOIN (SELECT account_id FROM verdicts WHERE verdict = 'affiliated') USING (account_id)
    JOIN (SELECT post_id, family FROM members) USING (post_id)
"""
# Names of families are digests, so that the smallest are drawn as by lot.
LAST = """
    CREATE TEMP TABLE last AS
    SELECT max(family) AS name, count(*) < {most} AS whole FROM (
        SELECT DISTINCT family FROM own WHERE family <> '' ORDER BY family LIMIT {most}
    )
"""
DRAWN = """
    CREATE TEMP TABLE drawn AS
    SELECT own.* FROM own, last
    WHERE whole OR IF(family = '', 'f_' || left(sha256(post_id), 20), family) <= last.name
"""
FAMILIES = """
    SELECT families.* FROM families
    SEMI JOIN (SELECT DISTINCT family FROM drawn) AS drawn USING (family) ORDER BY family
"""
SIZES = """
    SELECT 'families' AS what, count(DISTINCT nullif(family, '')) AS looked_at FROM {rows}
    UNION ALL SELECT 'posts', count(*) FROM {rows}
"""


def network_families(
    base: duckdb.DuckDBPyConnection, *, most: int = MOST_FAMILIES
) -> tuple[duckdb.DuckDBPyRelation, duckdb.DuckDBPyRelation, pd.DataFrame]:
    """Choose the families that the network posted; each has one vote.

    Parameters
    ----------
    base : duckdb.DuckDBPyConnection
        Where `families` and `members` are, as `texts.copies.copies_of` gave them, `posts`
        (contract `posts`) and `verdicts` (account_id and verdict).
    most : int
        Families at most. Where the network has more, those with the smallest names are
        taken, which are digests of their texts: a simple random sample that does not
        change when other families come or go.

    Returns
    -------
    families : duckdb.DuckDBPyRelation
        The rows of `families` that an affiliated account posted, sorted by family.
    network_posts : duckdb.DuckDBPyRelation
        post_id, account_id, platform, posted_at and family of every post of an affiliated
        account that is in one of them, sorted by post; and of posts without words, whose
        family is empty, as large a share.
    sample : pandas.DataFrame
        what (`families` or `posts`), looked_at, and of how many that the network has.
    """
    base.execute(OWN)
    base.execute(LAST.format(most=int(most)))
    base.execute(DRAWN)
    sizes = [base.sql(SIZES.format(rows=rows)).df() for rows in ("drawn", "own")]
    sample = sizes[0].assign(of=sizes[1]["looked_at"])
    return base.sql(FAMILIES), base.sql("FROM drawn ORDER BY post_id"), sample
