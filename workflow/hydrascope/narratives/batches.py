"""Accounts that were made together, and intervals that take them as one.

Accounts of one batch are often one person's work: what one of them says tells
what the others say. Intervals that draw accounts one by one are then too narrow,
so batches are drawn here, and accounts within them.
"""

import numpy as np
import pandas as pd
from scipy import stats

__all__ = [
    "FEWEST_BATCHES",
    "GRAIN",
    "batch_of",
    "effective_batches",
    "middle",
    "resampled",
    "share_interval",
]

# Seconds to which a time is known, by its precision.
GRAIN = {"ms": 0.001, "s": 1, "min": 60, "day": 86_400}
CONFIDENCE = 0.95
# With fewer, counted by their weight, 95 % intervals out of draws held too seldom in
# simulations (`tests/unit/narratives/test_batches.py`).
FEWEST_BATCHES = 8
# Above this no share is seen less often than once in twenty (Hanley and Lippman-Hand
# 1983, Journal of the American Medical Association 249, 1743-1745).
RULE_OF_THREE = 3.0
DATED_FINELY, DATED_COARSELY, UNDATED = 0, 1, 2


def batch_of(accounts: pd.DataFrame, *, gap_minutes: float) -> pd.Series:
    """Put accounts of a platform that were made shortly one after the other into a batch.

    Parameters
    ----------
    accounts : pandas.DataFrame
        account_id, platform, created_at (UTC, may be missing) and created_precision.
    gap_minutes : float
        Longest gap in minutes from one creation of a batch to the next (single linkage).

    Returns
    -------
    pandas.Series
        Number of the batch, by account_id, sorted by it: by platform, then those
        with a fine date, those with a coarse one and those with none, each by time of
        creation. Equals stay in the order in which they came, and so do accounts
        without a date: ingest writes accounts in an order that no key enters, so
        neither do draws.

    Notes
    -----
    Dates that are not known to less than the gap say only on which day: of those, the
    accounts of one day are a batch, and they join no account with a finer date. An account
    without a date is a batch of its own, which makes intervals too narrow where such
    accounts were made together. Single linkage chains: where accounts are made all
    the time, one batch may hold most of them.
    """
    rows = accounts[["account_id", "platform", "created_at", "created_precision"]]
    known = rows["created_precision"].map(GRAIN) < gap_minutes * 60
    kind = known.map({True: DATED_FINELY, False: DATED_COARSELY})
    rows = rows.assign(kind=kind.where(rows["created_at"].notna(), UNDATED))
    rows = rows.sort_values(["platform", "kind", "created_at"], kind="stable")
    gap = rows["created_at"].diff()
    day = rows["created_at"].dt.floor("D")
    apart = np.select(
        [rows["kind"] == DATED_FINELY, rows["kind"] == DATED_COARSELY],
        [gap > pd.Timedelta(minutes=gap_minutes), day != day.shift()],
        True,
    )
    other = (rows[["platform", "kind"]] != rows[["platform", "kind"]].shift()).any(axis=1)
    number = (apart.astype(bool) | other).cumsum() - 1
    return pd.Series(number.to_numpy(int), index=rows["account_id"].to_numpy(), name="batch")


def effective_batches(sizes: np.ndarray, axis: int = 0) -> np.ndarray:
    """How many equal batches would weigh as much as these do.

    Parameters
    ----------
    sizes : numpy.ndarray
        Posts (or accounts) of each batch, along `axis`.

    Returns
    -------
    numpy.ndarray
        (sum of sizes)² by sum of squared sizes (Kish 1965, Survey Sampling, section 11.7);
        0 where there is nothing. One giant batch among many small ones gives little more than 1.
    """
    sizes = np.asarray(sizes, dtype=float)
    squares = (sizes**2).sum(axis=axis)
    return sizes.sum(axis=axis) ** 2 / np.where(squares > 0, squares, 1.0)


def resampled(batches: pd.Series, *, draws: int, seed: int) -> np.ndarray:
    """Draw batches with replacement, then accounts within each drawn batch with replacement.

    Parameters
    ----------
    batches : pandas.Series
        Number of the batch by account, sorted, as `batch_of` gave it.
    draws : int
        Bootstrap samples.
    seed : int
        Seed of the draws.

    Returns
    -------
    numpy.ndarray
        How often each account is in each sample, float32, shape (draws, accounts), in the
        order of `batches`.

    Notes
    -----
    Davison and Hinkley 1997, Bootstrap Methods and their Application, section 3.8,
    second strategy. As they show, it adds the spread within batches a second time, so that
    intervals are a little too wide where batches are small and unlike within. That of the
    first, which keeps a drawn batch whole, errs in the other direction where batches are few.
    """
    _, first, sizes = np.unique(batches.to_numpy(), return_index=True, return_counts=True)
    weights = np.zeros((draws, len(batches)), dtype=np.float32)
    random = np.random.default_rng(seed)
    for row in weights if len(sizes) else ():
        drawn = random.integers(len(sizes), size=len(sizes))
        within = np.repeat(drawn, sizes[drawn])
        chosen = first[within] + (random.random(len(within)) * sizes[within]).astype(int)
        row[:] = np.bincount(chosen, minlength=len(row))
    return weights


def middle(values: np.ndarray, batches: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95 % interval of each column out of its values in the draws.

    Parameters
    ----------
    values : numpy.ndarray
        Shape (draws, columns); missing where a draw has no value, may hold infinity.
    batches : numpy.ndarray
        Effective batches of each column, shape (columns,).

    Returns
    -------
    low, high : numpy.ndarray
        Shape (columns,); missing (not identified) where there are fewer than
        `FEWEST_BATCHES` effective batches or a column has no value.

    Notes
    -----
    Percentile intervals are too narrow where few batches are drawn. The tails are
    therefore those at which a normal interval would be as wide as Student's with one
    degree of freedom less than there are batches: the expanded percentile interval of Hesterberg
    2015, The American Statistician 69, 371-386, section 4.3.
    """
    # Missing values are sorted behind all others; numpy's nanquantile takes minutes here.
    values = np.sort(values, axis=0)
    last = (~np.isnan(values)).sum(axis=0) - 1
    free = np.maximum(batches, FEWEST_BATCHES) - 1
    student = stats.t.ppf((1 + CONFIDENCE) / 2, free) * np.sqrt((free + 1) / free)
    columns = np.arange(values.shape[1])
    below = np.floor(stats.norm.sf(student) * np.maximum(last, 0)).astype(int)
    unknown = (batches < FEWEST_BATCHES) | (last < 0)
    low, high = values[below, columns], values[np.maximum(last - below, 0), columns]
    return np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)


def share_interval(
    hits: np.ndarray, of: np.ndarray, share: np.ndarray, batches: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """95 % interval of shares out of draws.

    Parameters
    ----------
    hits, of : numpy.ndarray
        Numerator and denominator in each draw, shape (draws, columns).
    share : numpy.ndarray
        The share that was seen, shape (columns,).
    batches : numpy.ndarray
        Effective batches of each denominator, shape (columns,).

    Returns
    -------
    low, high : numpy.ndarray
        As from `middle`. Of a share of 0 or 1 every draw gives the same again; there the
        other end is by the rule of three, as if each effective batch were one observation.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        low, high = middle(np.where(of > 0, hits / of, np.nan), batches)
    reach = RULE_OF_THREE / np.maximum(batches, RULE_OF_THREE)
    known = ~np.isnan(low)
    low = np.where(known & (share == 1), 1 - reach, low)
    return low, np.where(known & (share == 0), reach, high)
