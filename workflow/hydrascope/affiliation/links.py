"""Whether what an account holds joins it to known members more than chance would.

The null: whoever else holds a thing is a random draw from all holdings of the
signal. How many things an account holds (its activity) and how many others
hold each (its popularity) stay as they are, so a text that everybody passes on
says nothing about anybody. Things of one stratum, such as an hour of the day,
are compared with each other alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd
from scipy import sparse, special, stats

from hydrascope.affiliation.signals import RHYTHMS

__all__ = ["Company", "Evidence", "Members", "Hours", "group_surprise", "holdings"]

SMALLEST = 1e-300
# Posts of everybody that each set's hours are mixed with.
PRIOR = 60


@dataclass(frozen=True)
class Members:
    """Sets of members: all that are known, and communities, of which none shares a member.

    Attributes
    ----------
    known : numpy.ndarray
        bool, shape (accounts,): the first set.
    community : numpy.ndarray
        int, shape (accounts,): the community of each, from 0, or -1.
    """

    known: np.ndarray
    community: np.ndarray

    @property
    def count(self) -> int:
        """Number of sets."""
        return 2 + self.community.max(initial=-1)

    @cached_property
    def matrix(self) -> sparse.csr_matrix:
        """1 where an account is in a set, shape (accounts, sets)."""
        inside, placed = np.flatnonzero(self.known), np.flatnonzero(self.community >= 0)
        rows = np.concatenate([inside, placed])
        sets = np.concatenate([np.zeros(len(inside), dtype=int), self.community[placed] + 1])
        shape = (len(self.known), self.count)
        return sparse.csr_matrix((np.ones(len(rows)), (rows, sets)), shape)

    def has(self, account: np.ndarray, part: np.ndarray) -> np.ndarray:
        """Whether each of some accounts is in the set named beside it, bool."""
        return np.where(part == 0, self.known[account], self.community[account] == part - 1)


@dataclass(frozen=True)
class Evidence:
    """What one signal says of each account and each set of members.

    Attributes
    ----------
    things : numpy.ndarray
        Shape (accounts,), the things that each holds and that can tell anything.
    met : numpy.ndarray or scipy.sparse.csr_array
        Shape (accounts, sets), those of which a member of the set is another holder.
    total : numpy.ndarray or scipy.sparse.csr_array
        Shape (accounts, sets), sum over things of -ln p or of another number that is
        larger for company of members.
    mean, variance : numpy.ndarray
        Shape (accounts, sets), its mean and variance under the null.
    """

    things: np.ndarray
    met: np.ndarray | sparse.csr_array
    total: np.ndarray | sparse.csr_array
    mean: np.ndarray
    variance: np.ndarray

    def towards(self, rows: np.ndarray | slice, sets: slice) -> Self:
        """The same of some accounts and sets."""
        parts = (self.met, self.total, self.mean, self.variance)
        return type(self)(self.things[rows], *(part[rows][:, sets] for part in parts))


class Company:
    """Who holds what beside whom, of one signal.

    Parameters
    ----------
    pairs : pandas.DataFrame
        account, thing and stratum, each pair once and sorted by account; the stratum is
        the thing's.
    accounts : int
        How many there are.
    most_holders : int
        Things that more accounts hold are no evidence: even where members are
        among them more often than by chance, most others are not members.
    """

    def __init__(self, pairs: pd.DataFrame, accounts: int, *, most_holders: int):
        who = pairs["account"].to_numpy()
        what, _ = pd.factorize(pairs["thing"])
        strata, _ = pd.factorize(pairs["stratum"])
        holders = np.bincount(what, minlength=1)
        telling = holders[what] <= most_holders
        joined = np.flatnonzero((holders[what] > 1) & telling)
        kind, kinds = pd.factorize(strata[joined] * most_holders + holders[what[joined]] - 1)
        self.accounts = accounts
        self.things = np.bincount(who[telling], minlength=accounts)
        self.who, self.what, self.kind = who[joined], what[joined], kind
        self.stratum_of_kind, self.others_of_kind = np.divmod(kinds, most_holders)
        self.holders = len(np.unique(who))
        # How often each account holds something of a stratum, popular things included.
        self.held = sparse.csr_matrix(
            (np.ones(len(who)), (strata, who)), (strata.max(initial=0) + 1, accounts)
        )

    def towards(self, members: Members) -> Callable[[slice], Evidence]:
        """Sum up, account by account, how unlikely its company is under the null.

        Parameters
        ----------
        members : Members
            The sets of members.

        Returns
        -------
        callable
            The evidence of the accounts of a slice.

        Notes
        -----
        For a thing with n other holders, m of them in the set, p is the binomial
        probability of m or more among n, the chance of each being the set's share of
        all holdings of the stratum. Mean and variance of -ln p follow from the same
        binomial. An account never counts as its own company. Of a set that it does not
        meet, p is 1, so that only those that it meets are looked at one by one.
        """
        inside = members.matrix
        sizes = np.asarray(self.held.sum(axis=1))
        shares = (self.held @ inside).toarray() / np.maximum(sizes, 1.0)
        mean, variance = self._moments(shares)
        things = self.what.max(initial=-1) + 1
        counts = (_rows_to(self.what, things) @ inside[self.who]).tocsr()

        def evidence(rows: slice) -> Evidence:
            start, stop, _ = rows.indices(self.accounts)
            here = slice(*np.searchsorted(self.who, [start, stop]))
            who, kind = self.who[here], self.kind[here]
            company = counts[self.what[here]].tocoo()
            row, part = company.coords
            # Of the holders all but the account itself.
            others = company.data.astype(int) - members.has(who[row], part)
            row, part, count = row[others > 0], part[others > 0], others[others > 0]
            surprise = self._surprise(shares, kind[row], part, count)
            shape = (stop - start, members.count)
            held = sparse.csr_matrix(
                (np.ones(len(who)), (who - start, kind)), (stop - start, len(mean))
            )
            at = (who[row] - start, part)
            return Evidence(
                self.things[rows],
                sparse.csr_array((np.ones(len(row)), at), shape),
                sparse.csr_array((surprise, at), shape),
                held @ mean,
                held @ variance,
            )

        return evidence

    def _moments(self, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance of -ln p for things of each kind, a row, and each set."""
        mean, variance = np.zeros((2, len(self.others_of_kind), shares.shape[1]))
        for others in np.unique(self.others_of_kind):
            kinds = np.flatnonzero(self.others_of_kind == others)
            share = shares[self.stratum_of_kind[kinds]]
            tail = special.bdtrc(np.arange(-1, others)[:, None, None], others, share)
            chance = -np.diff(tail, axis=0, append=0.0)
            surprise = -np.log(np.maximum(tail, SMALLEST))
            mean[kinds] = (chance * surprise).sum(axis=0)
            variance[kinds] = (chance * (surprise - mean[kinds]) ** 2).sum(axis=0)
        return mean, variance

    def _surprise(
        self, shares: np.ndarray, kind: np.ndarray, part: np.ndarray, count: np.ndarray
    ) -> np.ndarray:
        """-ln p of meeting so many of a set on a thing of that kind, the same ones once."""
        keys = (kind * shares.shape[1] + part) * (self.others_of_kind.max(initial=0) + 1) + count
        _, first, same = np.unique(keys, return_index=True, return_inverse=True)
        kind, part, count = kind[first], part[first], count[first]
        share = shares[self.stratum_of_kind[kind], part]
        tail = stats.binom.sf(count - 1, self.others_of_kind[kind], share)
        return -np.log(np.maximum(tail, SMALLEST))[same]


class Hours:
    """In which hours of the week accounts act.

    Parameters
    ----------
    pairs : pandas.DataFrame
        account, thing (an hour that it posted in) and stratum (its hour of the week).
    accounts : int
        How many there are.
    """

    def __init__(self, pairs: pd.DataFrame, accounts: int):
        hour, hours = pd.factorize(pairs["stratum"])
        flat = pairs["account"].to_numpy() * len(hours) + hour
        counts = np.bincount(flat, minlength=accounts * len(hours))
        self.own = counts.reshape(accounts, len(hours)).astype(float)

    def towards(self, members: Members) -> Callable[[slice], Evidence]:
        """Sum up, account by account, how much its hours of the week are those of members.

        Parameters
        ----------
        members, callable
            As for `Company.towards`; total is the sum over hours of the members' share of
            that hour of the week over everybody's, met the hours that members prefer.

        Notes
        -----
        The null: an account's hours are drawn from those of everybody. People keep hours of
        their own, so that p falls below what it says for some who belong to no network; how
        often is measured on controls, and `weights.weights_of_evidence` counts p by that. An
        account is left out of its own company. Members' hours are mixed with `PRIOR` of
        everybody's, so that few posts say little.
        """
        everybody = self.own.sum(axis=0) / max(self.own.sum(), 1.0)
        theirs = members.matrix.T @ self.own
        ratio, first, spread = _ratios(theirs, everybody)

        def evidence(rows: slice) -> Evidence:
            own, inside = self.own[rows], members.matrix[rows].tocoo()
            held = own.sum(axis=1)
            total, met = own @ ratio.T, own @ (ratio > 1).T
            mean, variance = held[:, None] * first, held[:, None] * spread
            # The company of a member are the others.
            who, part = inside.row, inside.col
            others, own_first, own_spread = _ratios(theirs[part] - own[who], everybody)
            total[who, part] = (own[who] * others).sum(axis=1)
            met[who, part] = (own[who] * (others > 1)).sum(axis=1)
            mean[who, part], variance[who, part] = held[who] * own_first, held[who] * own_spread
            return Evidence(held.astype(int), met, total, mean, variance)

        return evidence


def _ratios(
    company: np.ndarray, everybody: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shares of the hours of each company over those of everybody, an hour of the week a column.

    With their mean and variance for an hour that is drawn from everybody's.
    """
    ratio = (company / everybody + PRIOR) / (company.sum(axis=1) + PRIOR)[:, None]
    first = ratio @ everybody
    return ratio, first, ratio**2 @ everybody - first**2


def holdings(
    signal: str, pairs: pd.DataFrame, accounts: int, *, most_holders: int
) -> Company | Hours:
    """What accounts hold of a signal: hours of the week, or things that they share."""
    if signal in RHYTHMS:
        return Hours(pairs, accounts)
    return Company(pairs, accounts, most_holders=most_holders)


def _rows_to(target: np.ndarray, count: int) -> sparse.csr_matrix:
    """A matrix that adds each row of another up to its target."""
    shape = (count, len(target))
    return sparse.csr_matrix((np.ones(len(target)), (target, np.arange(len(target)))), shape)


def group_surprise(evidence: Sequence[Evidence]) -> np.ndarray:
    """Test each account against the null over all signals of one group.

    Parameters
    ----------
    evidence : sequence of Evidence
        That of each signal of the group.

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
        _summed([getattr(part, name) for part in evidence])
        for name in ("met", "total", "mean", "variance")
    )
    # Without one member in its company an account has no link, whatever the gamma says.
    at = met.nonzero()
    at = tuple(place[variance[at] > 0] for place in at)
    total, mean, variance = total[at], mean[at], variance[at]
    total = total.toarray() if sparse.issparse(total) else total
    p = stats.gamma.sf(total, mean**2 / variance, scale=variance / mean)
    surprise = np.zeros(met.shape)
    surprise[at] = -np.log(np.clip(p, SMALLEST, 1.0))
    return surprise


def _summed(
    parts: Sequence[np.ndarray | sparse.csr_array],
) -> np.ndarray | sparse.csr_array:
    """The sum, sparse where all parts are."""
    if all(map(sparse.issparse, parts)):
        return sum(parts[1:], start=parts[0])
    return sum(part.toarray() if sparse.issparse(part) else part for part in parts)
