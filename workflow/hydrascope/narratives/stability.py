"""How far topics hold when nothing that matters is changed."""

from itertools import combinations

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from hydrascope.narratives.consensus import consensus_centres, grouped
from hydrascope.narratives.points import points_of

__all__ = ["agreement", "persistence", "perturbed", "stability"]

SHARE = 0.8


def agreement(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Adjusted Rand index of two groupings, with and without outliers.

    Parameters
    ----------
    one, other : numpy.ndarray
        Groups of the same rows, -1 for rows in none and NaN for rows that a grouping
        does not hold, which are left out.

    Returns
    -------
    ari_all, ari_without_outliers : float
        Over all rows that both hold, and over those that both put into a topic; NaN where
        there is none. Hubert and Arabie 1985, "Comparing partitions".
    """
    held = ~np.isnan(one) & ~np.isnan(other)
    one, other = one[held], other[held]
    both = (one >= 0) & (other >= 0)
    whole = adjusted_rand_score(one, other) if held.any() else np.nan
    inner = adjusted_rand_score(one[both], other[both]) if both.any() else np.nan
    return whole, inner


def perturbed(
    vectors: np.ndarray,
    topics: int,
    *,
    perturbation: str,
    times: int,
    dimensions: int,
    least: int,
    border: float,
    seed: int,
) -> np.ndarray:
    """Find the topics again under one kind of change.

    Parameters
    ----------
    vectors : numpy.ndarray
        One row a family, in the order that the study sorts them.
    topics : int
        Topics asked for.
    perturbation : str
        `seed` (another seed), `row order` (rows shuffled after the sort) or `resample`
        (four fifths of the families, drawn without replacement).
    times : int
        Fits.
    dimensions, least, border
        As for `points.points_of` and `consensus.grouped`.
    seed : int
        Seed of the study.

    Returns
    -------
    numpy.ndarray
        float, shape (times, rows): topic of each family in each fit, -1 for one between
        topics, NaN for one that the resample does not hold.
    """
    found = np.full((times, len(vectors)), np.nan)
    for number in range(times):
        rng = np.random.default_rng([seed, number])
        rows, own = np.arange(len(vectors)), seed
        if perturbation == "seed":
            own = seed + 1 + number
        elif perturbation == "row order":
            rows = rng.permutation(len(vectors))
        else:
            rows = np.sort(rng.choice(len(vectors), int(SHARE * len(vectors)), replace=False))
        points = points_of(vectors[rows], dimensions=dimensions)
        centres = consensus_centres(points, topics, seed=own)
        found[number, rows] = grouped(points, centres, least=least, border=border)[0]
    return found


def stability(
    vectors: np.ndarray,
    topics: int,
    groups: np.ndarray,
    *,
    times: int,
    dimensions: int,
    least: int,
    border: float,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure how far topics agree over seeds, row orders and resamples.

    Parameters
    ----------
    groups : numpy.ndarray
        The study's own topics, by row.
    vectors, topics, times, dimensions, least, border, seed
        As for `perturbed`.

    Returns
    -------
    table : pandas.DataFrame
        perturbation, fits, ari_all and ari_without_outliers: means over all pairs of
        fits, on families (each with one vote) that both fits hold; missing where there
        are no topics.
    persisting : pandas.DataFrame
        As `persistence` gives it, over all fits of all kinds.
    """
    settings = {"dimensions": dimensions, "least": least, "border": border, "seed": seed}
    rows, fits = [], []
    for kind in ("seed", "row order", "resample"):
        again = np.empty((0, len(vectors)))
        if topics:
            again = perturbed(vectors, topics, perturbation=kind, times=times, **settings)
        pairs = [agreement(one, other) for one, other in combinations(again, 2)]
        means = np.nanmean(pairs, axis=0) if pairs else (np.nan, np.nan)
        rows.append([kind, len(again), *means])
        fits.append(again)
    columns = ["perturbation", "fits", "ari_all", "ari_without_outliers"]
    return pd.DataFrame(rows, columns=columns), persistence(groups, np.concatenate(fits))


def persistence(groups: np.ndarray, fits: np.ndarray) -> pd.DataFrame:
    """Say of each topic how much of it other fits find together.

    Parameters
    ----------
    groups : numpy.ndarray
        The study's topics, shape (rows,).
    fits : numpy.ndarray
        What `perturbed` gave.

    Returns
    -------
    pandas.DataFrame
        topic, jaccard (mean over fits of the largest Jaccard index with a topic of that
        fit, on the families that the fit holds) and low (the fit that finds it worst);
        sorted by topic. Hennig 2007, Computational Statistics & Data Analysis 52, 258-271,
        takes a mean of 0.75 for a valid group.
    """
    names = [topic for topic in np.unique(groups) if topic >= 0]
    found = np.array([[_closest(groups == topic, fit) for fit in fits] for topic in names])
    found = found.reshape(len(names), len(fits))
    return pd.DataFrame(
        {
            "topic": np.array(names, dtype=int),
            "jaccard": found.mean(axis=1) if found.size else np.full(len(names), np.nan),
            "low": found.min(axis=1) if found.size else np.full(len(names), np.nan),
        }
    )


def _closest(topic: np.ndarray, fit: np.ndarray) -> float:
    held = ~np.isnan(fit)
    own = topic & held
    names, sizes = np.unique(fit[held & (fit >= 0)], return_counts=True)
    inside = np.array([np.count_nonzero(own & (fit == name)) for name in names])
    return float(np.max(inside / (sizes + own.sum() - inside), initial=0))
