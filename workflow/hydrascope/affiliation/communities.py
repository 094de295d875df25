"""Communities: members who hold the same rare things again and again."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import sparse, stats
from sknetwork.clustering import Louvain

from hydrascope.affiliation.links import Company

__all__ = ["communities", "ties", "vouched"]

LEAST_MEMBERS = 5
LEAST_SEEDS = 2
# Communities that everybody is held against, the largest: each costs a test of everybody.
MOST_TRIED = 32
# Modularity that a further pass over the accounts must bring.
TOLERANCE = 1e-7
# Chance of so few seeds below which a community is not vouched for, and below which one with
# too few seeds to say counts for nothing.
RARE, UNUSUAL = 0.01, 0.05


def ties(signals: Iterable[Company], members: np.ndarray) -> sparse.coo_matrix:
    """Weigh what each two members hold in common.

    Parameters
    ----------
    signals : iterable of links.Company
        Who holds what, of each signal. Things that more than its `most_holders` hold tie
        nobody.
    members : numpy.ndarray
        bool, shape (accounts,).

    Returns
    -------
    scipy.sparse.coo_matrix
        Shape (accounts, accounts), above the diagonal: the sum over things that both
        hold of ln(holders of the signal / holders of the thing).
    """
    total = sparse.csr_matrix((len(members), len(members)))
    for company in signals:
        kept = members[company.who]
        who, what, kind = company.who[kept], company.what[kept], company.kind[kept]
        weight = np.log(company.holders / (company.others_of_kind[kind] + 1))
        shape = (len(members), what.max(initial=-1) + 1)
        held = sparse.csr_matrix((np.sqrt(weight), (who, what)), shape)
        total = total + held @ held.T
    return sparse.triu(total, k=1).tocoo()


def communities(weights: sparse.coo_matrix, *, least_tie: float, seed: int) -> np.ndarray:
    """Divide accounts into communities (Louvain; Blondel et al. 2008, J. Stat. Mech. P10008).

    Parameters
    ----------
    weights : scipy.sparse.coo_matrix
        What `ties` gave.
    least_tie : float
        Weight in nats below which a tie is left out.
    seed : int
        Seed of the order in which accounts are moved.

    Returns
    -------
    numpy.ndarray
        int, shape (accounts,): the community, the largest being 0, or -1 for an
        account without ties.
    """
    strong = weights.data >= least_tie
    shape = weights.shape
    tied = sparse.csr_matrix(
        (weights.data[strong], (weights.row[strong], weights.col[strong])), shape
    )
    tied = tied + tied.T
    there = np.flatnonzero(tied.getnnz(axis=1))
    label = np.full(shape[0], -1)
    if len(there):
        method = Louvain(
            modularity="newman",
            tol_optimization=TOLERANCE,
            tol_aggregation=TOLERANCE,
            shuffle_nodes=True,
            random_state=seed,
        )
        found = method.fit_predict(tied[there][:, there])
        first = pd.Series(there).groupby(found).agg(["size", "min"])
        order = np.lexsort((first["min"], -first["size"]))
        label[there] = np.argsort(order)[found]
    return label


def vouched(
    label: np.ndarray, seeds: np.ndarray, members: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Which communities the seeds vouch for, and which they do not speak against.

    Parameters
    ----------
    label : numpy.ndarray
        What `communities` gave.
    seeds, members : numpy.ndarray
        bool, shape (accounts,); seeds are members.

    Returns
    -------
    close : numpy.ndarray
        int, shape (accounts,): the communities anew from 0, or -1 for the others. A
        community needs `LEAST_MEMBERS`, `LEAST_SEEDS`, and not so few seeds that the
        share of seeds among all members would give fewer in one community of a hundred:
        one wrong seed must not bring another network in. Of more than `MOST_TRIED` those
        with most members are taken.
    accepted : numpy.ndarray
        bool, shape (accounts,): in such a community, in none, or in one so small that
        chance gives it no more seeds in one of twenty. Without the last, a small part of
        the network without seeds would leave as soon as it is found whole, and come back
        when it is gone.
    """
    inside = label >= 0
    size = np.bincount(label[inside], minlength=1)
    vouching = np.bincount(label[inside & seeds], minlength=len(size))
    share = seeds.sum() / max(members.sum(), 1)
    chance = stats.binom.cdf(vouching, size, share)
    kept = (size >= LEAST_MEMBERS) & (vouching >= LEAST_SEEDS) & (chance >= RARE)
    # The first are the largest.
    kept &= np.cumsum(kept) <= MOST_TRIED
    anew = np.where(kept, np.cumsum(kept) - 1, -1)
    accepted = kept | (chance >= UNUSUAL)
    return np.where(inside, anew[label], -1), np.where(inside, accepted[label], True)
