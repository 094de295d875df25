"""Whether what an account holds joins it to known members more than chance would.

The null: whoever else holds a thing is a random draw from all holdings of the
signal. How many things an account holds (its activity) and how many others
hold each (its popularity) stay as they are, so a text that everybody passes on
says nothing about anybody. Things of one stratum, such as an hour of the day,
are compared with each other alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse, stats

from hydrascope.affiliation.signals import RHYTHMS

__all__ = ["Evidence", "evidence_of", "group_surprise", "rhythm_evidence", "signal_evidence"]

SMALLEST = 1e-300
# Posts of everybody that each set's hours are mixed with.
PRIOR = 60


@dataclass(frozen=True)
class Evidence:
    """What one signal says of each account and each set of members.

    Attributes
    ----------
    things : numpy.ndarray
        Shape (accounts,), the things that each holds and that can tell anything.
    met : numpy.ndarray
        Shape (accounts, sets), those of which a member of the set is another holder.
    total, mean, variance : numpy.ndarray
        Shape (accounts, sets), sum over things of -ln p or of another number that is
        larger for company of members, and its mean and variance under the null.
    """

    things: np.ndarray
    met: np.ndarray
    total: np.ndarray
    mean: np.ndarray
    variance: np.ndarray


def evidence_of(
    signal: str, pairs: pd.DataFrame, accounts: pd.Index, members: np.ndarray, *, most_holders: int
) -> Evidence:
    """What a signal says, by its name: as `rhythm_evidence` or as `signal_evidence`."""
    if signal in RHYTHMS:
        return rhythm_evidence(pairs, accounts, members)
    return signal_evidence(pairs, accounts, members, most_holders=most_holders)


def signal_evidence(
    pairs: pd.DataFrame, accounts: pd.Index, members: np.ndarray, *, most_holders: int
) -> Evidence:
    """Sum up, account by account, how unlikely its company is under the null.

    Parameters
    ----------
    pairs : pandas.DataFrame
        account_id, thing and stratum, each pair once; the stratum is the thing's.
    accounts : pandas.Index
        account_ids, which give the rows of the result.
    members : numpy.ndarray
        bool, shape (accounts, sets): who belongs to each set of members.
    most_holders : int
        Things that more accounts hold are no evidence: even where members are
        among them more often than by chance, most others are not members.

    Returns
    -------
    Evidence

    Notes
    -----
    For a thing with n other holders, m of them in the set, p is the binomial
    probability of m or more among n, the chance of each being the set's share of
    all holdings of the stratum. Mean and variance of -ln p follow from the same
    binomial. An account never counts as its own company.
    """
    who = accounts.get_indexer(pairs["account_id"])
    what, _ = pd.factorize(pairs["thing"])
    strata, _ = pd.factorize(pairs["stratum"])
    holders = np.bincount(what, minlength=1)
    telling = holders[what] <= most_holders
    things = np.bincount(who[telling], minlength=len(accounts))
    shares = _shares(strata, members[who])
    joined = np.flatnonzero((holders[what] > 1) & telling)
    inside = sparse.csr_matrix(members[who].astype(np.int32))
    counts = (_rows_to(what, len(holders)).astype(np.int32) @ inside).tocsr()
    surprise, mean, variance, met = (np.zeros((len(joined), members.shape[1])) for _ in range(4))
    kinds = pd.DataFrame({"stratum": strata[joined], "others": holders[what[joined]] - 1})
    for (stratum, others), rows in kinds.groupby(["stratum", "others"]).indices.items():
        here = joined[rows]
        company = counts[what[here]].toarray() - members[who[here]]
        values, means, variances = _null(others, shares[stratum])
        surprise[rows] = np.take_along_axis(values, company, axis=0)
        mean[rows], variance[rows], met[rows] = means, variances, company > 0
    to_account = _rows_to(who[joined], len(accounts))
    return Evidence(things, *(to_account @ part for part in (met, surprise, mean, variance)))


def rhythm_evidence(pairs: pd.DataFrame, accounts: pd.Index, members: np.ndarray) -> Evidence:
    """Sum up, account by account, how much its hours of the week are those of members.

    Parameters
    ----------
    pairs : pandas.DataFrame
        account_id, thing (an hour that it posted in) and stratum (its hour of the week).
    accounts, members
        As in `signal_evidence`.

    Returns
    -------
    Evidence
        total is the sum over hours of the members' share of that hour of the week over
        everybody's, met the hours that members prefer.

    Notes
    -----
    The null: an account's hours are drawn from those of everybody. People keep hours of
    their own, so that p falls below what it says for some who belong to no network; how
    often is measured on controls, and `weights.weights_of_evidence` counts p by that. An
    account is left out of its own company. Members' hours are mixed with `PRIOR` of
    everybody's, so that few posts say little.
    """
    who = accounts.get_indexer(pairs["account_id"])
    hour, kinds = pd.factorize(pairs["stratum"])
    flat = np.bincount(who * len(kinds) + hour, minlength=len(accounts) * len(kinds))
    own = flat.reshape(len(accounts), len(kinds)).astype(float)
    held = own.sum(axis=1)
    everybody = own.sum(axis=0) / max(held.sum(), 1.0)
    total, mean, variance, met = (np.zeros(members.shape) for _ in range(4))
    for part, inside in enumerate(members.T.astype(float)):
        company = inside @ own - inside[:, None] * own
        ratio = (company / everybody + PRIOR) / (company.sum(axis=1) + PRIOR)[:, None]
        first = ratio @ everybody
        total[:, part], mean[:, part] = (own * ratio).sum(axis=1), held * first
        variance[:, part] = held * (ratio**2 @ everybody - first**2)
        met[:, part] = (own * (ratio > 1)).sum(axis=1)
    return Evidence(held.astype(int), met, total, mean, variance)


def _rows_to(target: np.ndarray, count: int) -> sparse.csr_matrix:
    """A matrix that adds each row of another up to its target."""
    shape = (count, len(target))
    return sparse.csr_matrix((np.ones(len(target)), (target, np.arange(len(target)))), shape)


def _shares(strata: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Each set's share of the holdings of each stratum."""
    sizes = np.bincount(strata)
    return (_rows_to(strata, len(sizes)) @ inside) / sizes[:, None]


def _null(others: int, share: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """-ln p of each number met, a row, and each set, a column; its mean and variance."""
    met = np.arange(others + 1)[:, None]
    chance = stats.binom.pmf(met, others, share)
    surprise = -np.log(np.maximum(stats.binom.sf(met - 1, others, share), SMALLEST))
    mean = (chance * surprise).sum(axis=0)
    return surprise, mean, (chance * (surprise - mean) ** 2).sum(axis=0)


def group_surprise(evidence: Sequence[Evidence]) -> np.ndarray:
    """Test each account against the null over all signals of one group.

    Parameters
    ----------
    evidence : sequence of Evidence
        What `signal_evidence` gave for each signal of the group.

    Returns
    -------
    numpy.ndarray
        -ln p, shape (accounts, sets); 0 where the account meets no member.

    Notes
    -----
    The sum is compared with the gamma distribution of the same mean and
    variance: for one continuous p it would be exponential, and sums of such are
    gamma. Signals are added as if independent, which holds only under the null.
    """
    met, total, mean, variance = (
        sum(getattr(part, name) for part in evidence)
        for name in ("met", "total", "mean", "variance")
    )
    # Without one member in its company an account has no link, whatever the gamma says.
    tested = (met > 0) & (variance > 0)
    scale = np.where(tested, variance, 1.0) / np.where(tested, mean, 1.0)
    p = stats.gamma.sf(total, np.where(tested, mean, 1.0) / scale, scale=scale)
    return np.where(tested, -np.log(np.clip(p, SMALLEST, 1.0)), 0.0)
