"""From vectors to groups: exact neighbours, a reduction, dense clusters."""

import warnings

import numpy as np
from sklearn import config_context
from sklearn.cluster import HDBSCAN
from sklearn.neighbors import NearestNeighbors
from umap import UMAP

__all__ = ["clusterer", "group", "nearest", "reduce"]

EPOCHS = 200
SEARCH_MIB = 64


def nearest(vectors: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Find each row's nearest rows by cosine distance, exactly.

    Parameters
    ----------
    vectors : numpy.ndarray
        One row a family.
    count : int
        Neighbours a row, a copy of it among them; fewer where there are fewer rows.

    Returns
    -------
    indices, distances : numpy.ndarray
        Shape (rows, count), the nearest first.

    Notes
    -----
    UMAP's own search is approximate, seeded, and compiles for half a minute in
    every process; the exact one is quicker up to some tens of thousands of
    rows and has no seed.
    """
    search = NearestNeighbors(metric="cosine", algorithm="brute").fit(vectors)
    with config_context(working_memory=SEARCH_MIB):
        distances, indices = search.kneighbors(vectors, min(count, len(vectors)))
    return indices, distances


def reduce(
    vectors: np.ndarray,
    indices: np.ndarray,
    distances: np.ndarray,
    *,
    dimensions: int,
    seed: int,
) -> np.ndarray:
    """Lay vectors out in a few dimensions so that neighbours stay together.

    Parameters
    ----------
    vectors : numpy.ndarray
        One row a family.
    indices, distances : numpy.ndarray
        What `nearest` gave for them.
    dimensions : int
        Dimensions of the layout.
    seed : int
        Seed of the optimisation; the start is the principal components.

    Returns
    -------
    numpy.ndarray
        float32, shape (rows, dimensions).

    Notes
    -----
    McInnes, Healy and Melville 2018, "UMAP", arXiv:1802.03426.
    """
    model = UMAP(
        n_neighbors=indices.shape[1],
        n_components=dimensions,
        min_dist=0.0,
        metric="cosine",
        init="pca",
        n_epochs=EPOCHS,
        random_state=seed,
        n_jobs=1,
        precomputed_knn=(indices, distances, None),
    )
    with warnings.catch_warnings():
        # Without a search index UMAP cannot place new rows, and none come.
        warnings.filterwarnings("ignore", message="precomputed_knn")
        return model.fit_transform(vectors)


def clusterer(min_rows: int) -> HDBSCAN:
    """Make the model that finds dense groups of at least `min_rows` rows.

    Notes
    -----
    Campello, Moulavi and Sander 2013, "Density-based clustering based on
    hierarchical density estimates"; scikit-learn's form runs on every
    processor that the study does.
    """
    return HDBSCAN(min_cluster_size=min_rows, copy=True)


def group(layout: np.ndarray, min_rows: int) -> np.ndarray:
    """Number the dense groups of a layout, -1 for rows in none.

    Fewer than two groups' worth of rows are too few, and none is in a group.
    """
    if len(layout) < 2 * min_rows:
        return np.full(len(layout), -1)
    return clusterer(min_rows).fit(layout).labels_
