"""How much of what the network says is on each subject."""

from itertools import product

import numpy as np
import pandas as pd
from scipy import sparse

from hydrascope.narratives.batches import FEWEST_BATCHES, resampled, share_interval
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
    "low",
    "high",
    "account_share",
    "account_low",
    "account_high",
    "batches",
]
INTERVALS = [("post_share", "low", "high"), ("account_share", "account_low", "account_high")]
# Cells that are drawn at once, which bounds the memory.
AT_ONCE = 256


def prevalence(
    coded: pd.DataFrame,
    posts: pd.DataFrame,
    families: pd.DataFrame,
    subjects: list[str],
    batches: pd.Series,
    *,
    draws: int,
    seed: int,
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
    batches : pandas.Series
        Batch of each account with a post, as `batches.batch_of` gave it.
    draws : int
        Bootstrap samples behind an interval.
    seed : int
        Seed of the draws.

    Returns
    -------
    pandas.DataFrame
        platform, language, month, subject, then posts, families and accounts on the
        subject, each beside what they are of: all of the network's in that platform,
        language and month, `uncoded` ones, outliers and posts without words
        included; post_share, posts over of_posts, with its 95 % interval low and high;
        account_share, accounts over of_accounts, with account_low and account_high; and
        batches, how many equal batches would weigh as much as those of the cell's posts.
        Every cell with a post has a row for every subject and for `uncoded`. `all` stands
        for all platforms, languages or months together; families and accounts are counted
        anew there, since one may be in several cells. Sorted by the first four columns.

    Notes
    -----
    The language is the family's, `und` for a post without words. The month is
    the calendar month in UTC, `unknown` for a post without a time. A post without
    words is in no family.

    Intervals draw batches, then accounts within them (`batches.resampled`); the same draws
    serve all cells. They are missing, which means not identified, in a cell of fewer than
    `batches.FEWEST_BATCHES` effective batches, and that of a share of 0 or 1 is by the rule of
    three. Coding is taken as given, so that they hold what other accounts would have
    posted and no doubt about subjects. Families have none: copies drawn twice add no family.
    """
    rows = coded.merge(posts[["post_id", "platform", "posted_at"]], on="post_id")
    rows["language"] = rows["family"].map(families.set_index("family")["language"])
    rows["month"] = rows["posted_at"].dt.strftime("%Y-%m")
    rows = rows.fillna(UNKNOWN)
    rows["family"] = rows["family"].where(rows["family"] != "")
    batches = batches[batches.index.isin(rows["account_id"])]
    weights = resampled(batches, draws=draws, seed=seed)
    tables = [
        _counted(rows.assign(**dict.fromkeys(pooled, ALL)), [*subjects, UNCODED], batches, weights)
        for pooled in (
            [column for column, pool in zip(CELL, pools, strict=True) if pool]
            for pools in product([False, True], repeat=len(CELL))
        )
    ]
    table = pd.concat(tables, ignore_index=True)
    return table[COLUMNS].sort_values(COLUMNS[:4], ignore_index=True)


def _counted(
    rows: pd.DataFrame, subjects: list[str], batches: pd.Series, weights: np.ndarray
) -> pd.DataFrame:
    totals = _sizes(rows.groupby(CELL)).add_prefix("of_").reset_index()
    whole = totals.merge(pd.DataFrame({"subject": subjects}), how="cross")
    keys = [*CELL, "subject"]
    table = whole.merge(_sizes(rows.groupby(keys)).reset_index(), on=keys, how="left")
    table = table.fillna(dict.fromkeys(COUNTS, 0)).astype(dict.fromkeys(COUNTS, int))
    table["post_share"] = table["posts"] / table["of_posts"]
    table["account_share"] = table["accounts"] / table["of_accounts"]

    # Posts of each account (column) in each cell, and on each subject of each cell.
    account = batches.index.get_indexer(rows["account_id"])
    cell = pd.MultiIndex.from_frame(totals[CELL]).get_indexer(pd.MultiIndex.from_frame(rows[CELL]))
    line = cell * len(subjects) + pd.Index(subjects).get_indexer(rows["subject"])
    of = _matrix(cell, account, (len(totals), len(batches)))
    on = _matrix(line, account, (len(table), len(batches)))
    effective = _effective(of, batches)
    for share, low, high in INTERVALS:
        if share == "account_share":
            of, on = of.sign(), on.sign()
        ends = _intervals(on, of, table[share].to_numpy(), effective, weights)
        table[low], table[high] = ends
    return table.assign(batches=np.repeat(effective, len(subjects)))


def _intervals(
    on: sparse.csr_array,
    of: sparse.csr_array,
    share: np.ndarray,
    effective: np.ndarray,
    weights: np.ndarray,
) -> np.ndarray:
    """Both ends for every line of `on`, of which each row of `of` has equally many."""
    ends = np.full((2, len(share)), np.nan)
    each = len(share) // max(len(effective), 1)
    known = np.flatnonzero(effective >= FEWEST_BATCHES)
    for start in range(0, len(known), AT_ONCE):
        cells = known[start : start + AT_ONCE]
        lines = (cells[:, None] * each + np.arange(each)).ravel()
        hits = (on[lines] @ weights.T).T
        everything = (of[cells] @ weights.T).T.repeat(each, axis=1)
        batches = effective[cells].repeat(each)
        ends[:, lines] = share_interval(hits, everything, share[lines], batches)
    return ends


def _effective(of: sparse.csr_array, batches: pd.Series) -> np.ndarray:
    """As `batches.effective_batches`, row by row and without a dense table."""
    _, number = np.unique(batches.to_numpy(), return_inverse=True)
    shape = (len(number), number.max(initial=-1) + 1)
    sizes = of @ _matrix(np.arange(len(number)), number, shape)
    squares = sizes.multiply(sizes).sum(axis=1)
    return of.sum(axis=1) ** 2 / np.maximum(squares, 1)


def _matrix(row: np.ndarray, column: np.ndarray, shape: tuple[int, int]) -> sparse.csr_array:
    """How often each pair of row and column is there."""
    # Whole numbers up to 16 million are exact, and half as large as with 64 bits.
    ones = np.ones(len(row), dtype=np.float32)
    return sparse.csr_array((ones, (row, column)), shape=shape)


def _sizes(groups: pd.api.typing.DataFrameGroupBy) -> pd.DataFrame:
    return groups.agg(
        posts=("post_id", "size"),
        families=("family", "nunique"),
        accounts=("account_id", "nunique"),
    )
