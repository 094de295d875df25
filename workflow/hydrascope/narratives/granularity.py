"""How many topics a collection can hold still."""

from itertools import combinations

import numpy as np
import pandas as pd

from hydrascope.narratives.consensus import consensus_centres, grouped
from hydrascope.narratives.stability import agreement

__all__ = ["LADDER", "finest", "granularity"]

# Next to each other while they are few: a collection of eleven clear topics holds still at
# eleven, and neither at ten nor at twelve.
LADDER = (*range(3, 17), *range(18, 29, 2), 32)
# Agreement of two resamples that a granularity needs: a little more than is promised.
NEEDED = {"ari_without_outliers": 0.96, "ari_all": 0.87}
# Resamples of every granularity, and of one that seems to hold.
LOOKED, CONFIRMED = 5, 20
# Families that resamples are drawn from at most, and their share in each.
MOST_FAMILIES, SHARE = 10_000, 0.8


def granularity(points: np.ndarray, *, least: int, border: float, seed: int) -> pd.DataFrame:
    """Measure for several numbers of topics how well resamples agree.

    Parameters
    ----------
    points : numpy.ndarray
        One row a family.
    least, border
        As for `consensus.grouped`.
    seed : int
        Decides which families the resamples hold.

    Returns
    -------
    pandas.DataFrame
        topics, resamples, ari_all, ari_without_outliers (means over pairs of resamples of
        four fifths, on the families that both hold) and chosen, one row a number of topics
        that leaves each twice `least` families on average. Five resamples find the numbers
        that seem to hold: those whose resamples agree at 0.87 with families between topics
        as a topic of their own and at 0.96 without them. From the largest of these down,
        each is measured again on twenty others, since the best of many looks better than
        it is, until one holds: that is chosen. Where none does, the one that agrees best
        is chosen. No rows where there are too few families for two topics.

    Notes
    -----
    Ben-Hur, Elisseeff and Guyon 2002, Pacific Symposium on Biocomputing 7, 6-17. Of more
    than 10,000 families as many are drawn.
    """
    rng = np.random.default_rng(seed)
    if len(points) > MOST_FAMILIES:
        points = points[np.sort(rng.choice(len(points), MOST_FAMILIES, replace=False))]
    most = len(points) // (2 * least)
    ladder = [topics for topics in LADDER if topics <= most] or ([2] if most >= 2 else [])
    settings = {"least": least, "border": border, "rng": rng}
    rows = [[topics, *_agreement(points, topics, LOOKED, **settings)] for topics in ladder]
    table = pd.DataFrame(rows, columns=["topics", "resamples", "ari_all", "ari_without_outliers"])
    for row in reversed(table.index[_holds(table)]):
        topics = int(table.loc[row, "topics"])
        table.loc[row, table.columns[1:]] = _agreement(points, topics, CONFIRMED, **settings)
        if _holds(table)[row]:
            break
    table["resamples"] = table["resamples"].astype(int)
    table["chosen"] = table["topics"] == finest(table)
    return table


def _agreement(
    points: np.ndarray,
    topics: int,
    resamples: int,
    *,
    least: int,
    border: float,
    rng: np.random.Generator,
) -> tuple[float, float, float]:
    labels = []
    for _ in range(resamples):
        rows = np.sort(rng.choice(len(points), int(SHARE * len(points)), replace=False))
        centres = consensus_centres(points[rows], topics, seed=int(rng.integers(2**31)))
        label = np.full(len(points), np.nan)
        label[rows] = grouped(points[rows], centres, least=least, border=border)[0]
        labels.append(label)
    pairs = [agreement(one, other) for one, other in combinations(labels, 2)]
    return float(resamples), *np.mean(pairs, axis=0)


def _holds(table: pd.DataFrame) -> pd.Series:
    return (table[list(NEEDED)] >= pd.Series(NEEDED)).all(axis=1)


def finest(table: pd.DataFrame) -> int:
    """Choose a number of topics by the rule of `granularity`; 0 where there is none."""
    if table.empty:
        return 0
    confirmed = table[_holds(table) & (table["resamples"] == CONFIRMED)]
    if len(confirmed):
        return int(confirmed["topics"].max())
    return int(table.loc[table["ari_without_outliers"].fillna(-1).idxmax(), "topics"])
