"""From vectors to points: the directions in which families differ most."""

import numpy as np
from sklearn.neighbors import NearestNeighbors

__all__ = ["neighbourhoods", "points_of", "unit"]


def points_of(vectors: np.ndarray, *, dimensions: int) -> np.ndarray:
    """Turn vectors into points on a sphere of fewer dimensions.

    Parameters
    ----------
    vectors : numpy.ndarray
        One row a family.
    dimensions : int
        Principal components kept, or as many as there are.

    Returns
    -------
    numpy.ndarray
        float32, shape (rows, dimensions), each row of unit length, so that a distance
        between two of them is one of angles.

    Notes
    -----
    Pearson 1901, Philosophical Magazine 2, 559-572. The components come from the
    covariance, whose size does not grow with the rows, and each is turned so that its
    largest entry is positive: no seed and no order of the rows enters.
    """
    centred = vectors - vectors.mean(axis=0) if len(vectors) else vectors
    covariance = (centred.T @ centred).astype(float)
    components = np.linalg.eigh(covariance).eigenvectors[:, ::-1][:, :dimensions]
    largest = np.abs(components).argmax(axis=0)
    components *= np.sign(components[largest, np.arange(components.shape[1])])
    return unit(centred @ components.astype(np.float32))


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows of unit length; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)


def neighbourhoods(points: np.ndarray, asked: np.ndarray, *, neighbours: int) -> np.ndarray:
    """Find the rows that lie nearest, exactly.

    Parameters
    ----------
    points : numpy.ndarray
        One row a family.
    asked : numpy.ndarray
        Rows whose neighbourhood is wanted, as points.
    neighbours : int
        Families of a neighbourhood, the asked one among them where it is one of
        `points`; fewer where there are fewer.

    Returns
    -------
    numpy.ndarray
        int, shape (asked, neighbours): rows of `points`, the nearest first.
    """
    search = NearestNeighbors(algorithm="brute").fit(points)
    return search.kneighbors(asked, min(neighbours, len(points)), return_distance=False)
