"""How much of what the network says is on each subject."""

from itertools import product

import pandas as pd

from hydrascope.narratives.codebook import UNCODED

__all__ = ["ALL", "prevalence"]

ALL = "all"
UNKNOWN = {"language": "und", "month": "unknown"}
CELL = ["platform", "language", "month"]
COUNTS = ["posts", "families", "accounts"]
COLUMNS = [
    *CELL,
    "subject",
    "posts",
    "of_posts",
    "families",
    "of_families",
    "accounts",
    "of_accounts",
    "post_share",
]


def prevalence(
    coded: pd.DataFrame, posts: pd.DataFrame, families: pd.DataFrame, subjects: list[str]
) -> pd.DataFrame:
    """Count posts, families and accounts by subject, platform, language and month.

    Parameters
    ----------
    coded : pandas.DataFrame
        What `subjects.subject_tables` gave.
    posts : pandas.DataFrame
        post_id, platform and posted_at (UTC, may be missing).
    families : pandas.DataFrame
        family and language.
    subjects : list of str
        The codebook's subjects.

    Returns
    -------
    pandas.DataFrame
        platform, language, month, subject, then posts, families and accounts on the
        subject, each beside what they are of: all of the network's in that platform,
        language and month, `uncoded` ones, outliers and posts without words
        included; and post_share, posts over of_posts. Every cell with a post has a
        row for every subject and for `uncoded`. `all` stands for all platforms,
        languages or months together; families and accounts are counted anew there,
        since one may be in several cells. Sorted by the first four columns.

    Notes
    -----
    The language is the family's, `und` for a post without words. The month is
    the calendar month in UTC, `unknown` for a post without a time. A post without
    words is in no family.
    """
    rows = coded.merge(posts[["post_id", "platform", "posted_at"]], on="post_id")
    rows["language"] = rows["family"].map(families.set_index("family")["language"])
    rows["month"] = rows["posted_at"].dt.strftime("%Y-%m")
    rows = rows.fillna(UNKNOWN)
    rows["family"] = rows["family"].where(rows["family"] != "")
    tables = [
        _counted(rows.assign(**dict.fromkeys(pooled, ALL)), [*subjects, UNCODED])
        for pooled in (
            [column for column, pool in zip(CELL, pools, strict=True) if pool]
            for pools in product([False, True], repeat=len(CELL))
        )
    ]
    table = pd.concat(tables, ignore_index=True)
    table["post_share"] = table["posts"] / table["of_posts"]
    return table[COLUMNS].sort_values(COLUMNS[:4], ignore_index=True)


def _counted(rows: pd.DataFrame, subjects: list[str]) -> pd.DataFrame:
    totals = _sizes(rows.groupby(CELL)).add_prefix("of_").reset_index()
    whole = totals.merge(pd.DataFrame({"subject": subjects}), how="cross")
    keys = [*CELL, "subject"]
    table = whole.merge(_sizes(rows.groupby(keys)).reset_index(), on=keys, how="left")
    return table.fillna(dict.fromkeys(COUNTS, 0)).astype(dict.fromkeys(COUNTS, int))


def _sizes(groups: pd.api.typing.DataFrameGroupBy) -> pd.DataFrame:
    return groups.agg(
        posts=("post_id", "size"),
        families=("family", "nunique"),
        accounts=("account_id", "nunique"),
    )
