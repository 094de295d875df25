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
# Adjusted Rand index, families between topics left out, that a granularity needs: more than
# is promised, since what is promised must hold for families that nobody has seen.
NEEDED = 0.97
# Four resamples tell so much less that a number which seems to fall short may still hold.
SEEMING = 0.96
# Resamples of every granularity, and of one that seems to hold; so many seeds too.
LOOKED, CONFIRMED = 4, 20
# Families that resamples are drawn from at most, and their share in each.
MOST_FAMILIES, SHARE = 8_000, 0.8


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
        four fifths, on the families that both hold), reseeded (the latter on all families
        and over seeds, where it was asked) and chosen, one row a number of topics that was
        looked at: those that leave each topic twice `least` families on average, from the
        largest down. Four resamples say whether one seems to hold, which is where they
        agree at 0.96 once families between topics are left out; it is then measured again
        on twenty others, since the best of many looks better than it is, and on twenty
        seeds. The first that agrees at 0.97 in both is chosen, and no smaller one is looked
        at. Where none does, the one that agrees best is chosen. No rows where there are too
        few families for two topics.

    Notes
    -----
    Ben-Hur, Elisseeff and Guyon 2002, Pacific Symposium on Biocomputing 7, 6-17. Of more
    than 8,000 families as many are drawn.
    """
    if len(points) > MOST_FAMILIES:
        drawn = np.random.default_rng(seed).choice(len(points), MOST_FAMILIES, replace=False)
        points = points[np.sort(drawn)]
    most = len(points) // (2 * least)
    ladder = [topics for topics in LADDER if topics <= most] or ([2] if most >= 2 else [])
    rows = []
    for topics in reversed(ladder):
        rng = np.random.default_rng([seed, topics])
        settings = {"least": least, "border": border, "rng": rng}
        agreeing, reseeded = _agreement(points, topics, LOOKED, **settings), np.nan
        if agreeing[-1] >= SEEMING:
            agreeing = _agreement(points, topics, CONFIRMED, **settings)
            if agreeing[-1] >= NEEDED:
                reseeded = _agreement(points, topics, CONFIRMED, share=1.0, **settings)[-1]
        rows.append([topics, *agreeing, reseeded])
        if reseeded >= NEEDED:
            break
    columns = ["topics", "resamples", "ari_all", "ari_without_outliers", "reseeded"]
    table = pd.DataFrame(rows, columns=columns).sort_values("topics", ignore_index=True)
    return table.assign(
        resamples=table["resamples"].astype(int), chosen=table["topics"] == finest(table)
    )


def _agreement(
    points: np.ndarray,
    topics: int,
    fits: int,
    *,
    least: int,
    border: float,
    rng: np.random.Generator,
    share: float = SHARE,
) -> tuple[float, float, float]:
    labels = []
    for _ in range(fits):
        rows = np.sort(rng.choice(len(points), int(share * len(points)), replace=False))
        centres = consensus_centres(points[rows], topics, seed=int(rng.integers(2**31)))
        label = np.full(len(points), np.nan)
        label[rows] = grouped(points[rows], centres, least=least, border=border)[0]
        labels.append(label)
    pairs = [agreement(one, other) for one, other in combinations(labels, 2)]
    return float(fits), *np.mean(pairs, axis=0)


def finest(table: pd.DataFrame) -> int:
    """Choose a number of topics by the rule of `granularity`; 0 where there is none."""
    if table.empty:
        return 0
    holding = table.loc[table["reseeded"] >= NEEDED, "topics"]
    if len(holding):
        return int(holding.max())
    agreeing = table[["ari_without_outliers", "reseeded"]].min(axis=1).fillna(-1)
    return int(table.loc[agreeing.idxmax(), "topics"])
