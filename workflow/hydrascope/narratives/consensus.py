"""Groups that many fits agree on.

One run of k-means ends in one of many solutions that are nearly as good, and which one
depends on its seed, on the order of the rows and on a few of them. Here many runs, each on
other families, propose centres; the centres that belong together are joined; and the
joined ones are refined on all. That is done several times over, and the closest fit is kept.
"""

import warnings

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

__all__ = ["assigned", "consensus_centres", "grouped"]

# Times that a consensus is sought, runs of each, and families that a run or the last
# refinement sees at most. Several small ones of which the closest fit is kept agree better
# than a large one in as much time.
TRIES, FITS = 12, 8
MOST_IN_FIT, MOST_IN_LAST = 600, 20_000
FIT_STEPS, LAST_STEPS = 30, 100


def consensus_centres(
    points: np.ndarray, topics: int, *, seed: int, fits: int = FITS, tries: int = TRIES
) -> np.ndarray:
    """Find the centres of groups of points.

    Parameters
    ----------
    points : numpy.ndarray
        Shape (rows, dimensions), as `points.points_of` gave them.
    topics : int
        Groups asked for; at most a quarter of the rows.
    seed : int
        Decides which rows each run sees and where it starts.
    fits, tries : int
        Runs that a consensus is made of, and consensuses of which the one with the least
        squared distance to its centres is kept; with one of each it is a single fit.

    Returns
    -------
    numpy.ndarray
        Shape (topics, dimensions); the order means nothing.

    Notes
    -----
    Bagged clustering (Leisch 1999, Working Paper 51, SFB Adaptive Information Systems,
    Vienna): k-means on random halves, then Ward's method (1963, Journal of the American
    Statistical Association 58, 236-244) on all centres found, whose groups' means start
    the last k-means.
    """
    rng = np.random.default_rng(seed)
    seen = _drawn(points, len(points), MOST_IN_LAST, rng)
    found = [_consensus(points, seen, topics, fits, rng) for _ in range(tries)]
    return min(found, key=lambda model: model.inertia_).cluster_centers_


def _consensus(
    points: np.ndarray, seen: np.ndarray, topics: int, fits: int, rng: np.random.Generator
) -> KMeans:
    proposed = np.concatenate(
        [
            _centres(_drawn(points, len(points) // 2, MOST_IN_FIT, rng), topics, rng)
            for _ in range(fits)
        ]
    )
    joined = fcluster(linkage(proposed.astype(float), "ward"), topics, "maxclust") - 1
    starts = np.array([proposed[joined == one].mean(axis=0) for one in range(joined.max() + 1)])
    return _fitted(KMeans(len(starts), init=starts, n_init=1, max_iter=LAST_STEPS), seen)


def _drawn(points: np.ndarray, rows: int, most: int, rng: np.random.Generator) -> np.ndarray:
    if min(rows, most) >= len(points):
        return points
    return points[np.sort(rng.choice(len(points), min(rows, most), replace=False))]


def _centres(points: np.ndarray, topics: int, rng: np.random.Generator) -> np.ndarray:
    state = int(rng.integers(2**31))
    # Starts that are spread out take as long as the fit, and other tries do as much good.
    model = KMeans(topics, init="random", n_init=1, max_iter=FIT_STEPS, random_state=state)
    return _fitted(model, points).cluster_centers_


def _fitted(model: KMeans, points: np.ndarray) -> KMeans:
    with warnings.catch_warnings():
        # Copies of one text may leave fewer distinct points than groups.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(points)


def assigned(points: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give each point to the nearest centre.

    Returns
    -------
    group : numpy.ndarray
        int, shape (rows,): row of the nearest centre.
    clear : numpy.ndarray
        float, shape (rows,): 1 less the distance to the nearest centre over the distance
        to the next, 0 on the border between two, 1 on a centre or where there is one alone.
    """
    squares = (points**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1)
    distances = np.sqrt(np.maximum(squares - 2 * points @ centres.T, 0))
    group = distances.argmin(axis=1)
    if len(centres) == 1:
        return group, np.ones(len(points))
    nearest, second = np.partition(distances, 1, axis=1)[:, :2].T
    return group, 1 - nearest / np.where(second > 0, second, 1)


def grouped(
    points: np.ndarray, centres: np.ndarray, *, least: int, border: float
) -> tuple[np.ndarray, np.ndarray]:
    """Number the groups around centres, and leave out what lies between two.

    Parameters
    ----------
    points, centres : numpy.ndarray
        Shape (rows, dimensions) and (groups, dimensions).
    least : int
        Rows of a group at least; the rows of a smaller one go to the next centre.
    border : float
        Share of the rows, those closest to being in another group, that are left out.

    Returns
    -------
    groups : numpy.ndarray
        int, shape (rows,): 0 for the largest group, -1 for a row left out.
    nearest : numpy.ndarray
        The same before any row was left out.
    """
    group, clear = assigned(points, centres)
    large = np.bincount(group, minlength=len(centres)) >= least
    if not large.any():
        none = np.full(len(points), -1)
        return none, none
    group, clear = assigned(points, centres[large])
    sizes = np.bincount(group, minlength=large.sum())
    rank = np.empty(len(sizes), dtype=int)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    nearest = rank[group]
    left_out = np.argsort(clear, kind="stable")[: int(border * len(clear))]
    groups = nearest.copy()
    groups[left_out] = -1
    return groups, nearest
