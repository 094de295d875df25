"""How far topics move when nothing that matters changes."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from hydrascope.narratives.layout import group, reduce

__all__ = ["agreement", "stability"]


def agreement(one: Sequence[int], other: Sequence[int]) -> tuple[float, float]:
    """Adjusted Rand index of two groupings, with and without outliers.

    Returns
    -------
    ari_all, ari_without_outliers : float
        Over all rows, and over the rows that both put into a topic (NaN where
        there is none). Hubert and Arabie 1985, "Comparing partitions".
    """
    one, other = np.asarray(one), np.asarray(other)
    both = (one >= 0) & (other >= 0)
    inner = adjusted_rand_score(one[both], other[both]) if both.any() else np.nan
    return adjusted_rand_score(one, other), inner


def stability(
    vectors: np.ndarray,
    layout: np.ndarray,
    indices: np.ndarray,
    distances: np.ndarray,
    *,
    dimensions: int,
    min_topic_families: int,
    seed: int,
) -> pd.DataFrame:
    """Fit again under another seed and another row order, and compare.

    Parameters
    ----------
    vectors : numpy.ndarray
        One row a family.
    layout : numpy.ndarray
        The layout in use, by row.
    indices, distances : numpy.ndarray
        The nearest rows of each row, which no order of the rows changes.
    dimensions, min_topic_families, seed
        As in the fit that gave the layout.

    Returns
    -------
    pandas.DataFrame
        perturbation (seed, row order), ari_all, ari_without_outliers.
    """
    rows = len(vectors)
    topics = group(layout, min_topic_families)
    orders = {
        "seed": np.arange(rows),
        "row order": np.random.default_rng(seed).permutation(rows),
    }
    table = []
    for perturbation, order in orders.items():
        place = np.empty(rows, int)
        place[order] = np.arange(rows)
        again = group(
            reduce(
                vectors[order],
                place[indices[order]],
                distances[order],
                dimensions=dimensions,
                seed=seed + 1 if perturbation == "seed" else seed,
            ),
            min_topic_families,
        )[place]
        table.append([perturbation, *agreement(topics, again)])
    return pd.DataFrame(table, columns=["perturbation", "ari_all", "ari_without_outliers"])
