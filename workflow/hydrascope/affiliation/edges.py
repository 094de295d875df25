"""Edges: pairs of accounts that hold more in common than their activity explains."""

from collections.abc import Mapping

import duckdb
import numpy as np
import pandas as pd
from scipy import stats

from hydrascope.affiliation.signals import GROUPS, RHYTHMS

__all__ = ["edge_table", "shared_things"]

COLUMNS = ["account_a", "account_b", "group", "signal", "shared", "expected", "p", "q"]
# Meetings of two accounts on one thing that are counted at a time.
MEETINGS = 5_000_000
SHARED = """
    SELECT one.who AS account_a, other.who AS account_b,
        count(*) AS shared, max(one.holders) AS widest
    FROM held AS one JOIN held AS other ON one.what = other.what AND one.who < other.who
    WHERE one.who BETWEEN {first} AND {last}
    GROUP BY ALL ORDER BY ALL
"""


def shared_things(pairs: pd.DataFrame, *, most_holders: int, most_p: float = 1.0) -> pd.DataFrame:
    """Count what each two accounts both hold, and test the count.

    Parameters
    ----------
    pairs : pandas.DataFrame
        account, thing and stratum of one signal, each pair once.
    most_holders : int
        Things that more accounts hold join nobody.
    most_p : float
        Largest p of pairs that are told of.

    Returns
    -------
    pandas.DataFrame
        account_a, account_b (the first being smaller), shared, expected and p;
        sorted by the accounts. Pairs that share nothing are not there.

    Notes
    -----
    The null keeps the things that each account holds (d) and the holders of each
    thing (h), with L holdings in all: two accounts then share about
    d_a d_b / L^2 times the sum of h (h - 1) over things, as a Poisson number.
    Only things as rare as the most popular one that the two share are counted on
    either side, so that a rare thing is not drowned by those that everybody holds.
    Things of different strata are held at different rates, which is left out here.
    """
    who = pairs["account"].to_numpy(dtype=np.int64)
    things, _ = pd.factorize(pairs["thing"])
    holders = np.bincount(things, minlength=1)
    degree = np.bincount(who, minlength=1)
    # Sum of h (h - 1) over things with up to so many holders.
    sizes = np.bincount(holders, minlength=most_holders + 1).astype(float)
    chances = np.cumsum(sizes * np.arange(len(sizes)) * (np.arange(len(sizes)) - 1.0))
    held = pd.DataFrame({"who": who, "what": things, "holders": holders[things]})
    held = held[held["holders"].between(2, most_holders)]
    meetings = np.bincount(held["who"], weights=held["holders"] - 1, minlength=len(degree))
    block = np.cumsum(meetings) // MEETINGS
    parts = []
    with duckdb.connect() as base:
        base.register("held", held)
        for number in np.unique(block):
            first, last = np.searchsorted(block, [number, number + 1])
            found = base.sql(SHARED.format(first=first, last=last - 1)).df()
            product = degree[found["account_a"]] * degree[found["account_b"]]
            expected = product * chances[found["widest"]] / max(len(pairs), 1) ** 2
            p = stats.poisson.sf(found["shared"] - 1, expected)
            found = found.drop(columns="widest").assign(expected=expected, p=p)
            parts.append(found[found["p"] <= most_p])
    return pd.concat(parts, ignore_index=True)


def edge_table(
    signals: Mapping[str, pd.DataFrame], accounts: pd.Index, *, most_holders: int, most_q: float
) -> pd.DataFrame:
    """Edges of all signals at a false discovery rate.

    Parameters
    ----------
    signals : mapping of str to pandas.DataFrame
        What `signals.signal_tables` gave.
    accounts : pandas.Index
        account_ids, sorted, which the numbers in signals stand for.
    most_holders : int
        As in `shared_things`.
    most_q : float
        Largest q of an edge that is kept.

    Returns
    -------
    pandas.DataFrame
        account_a, account_b, group, signal, shared, expected, p and q (Benjamini and
        Hochberg 1995, J. R. Stat. Soc. B 57, 289-300), sorted by signal and accounts.
        All pairs of accounts that hold anything of a signal are tested, those that
        share nothing with p = 1; signals of rhythm join no pairs. Pairs share accounts,
        so their tests depend on each other; the rate is measured on worlds without a
        network.
    """
    parts = []
    for group, names in GROUPS.items():
        for signal in names:
            if signal in RHYTHMS:
                continue
            pairs = signals[signal]
            several = pairs["account"].nunique()
            tests = several * (several - 1) // 2
            found = shared_things(
                pairs, most_holders=most_holders, most_p=_largest(pairs, tests, most_q)
            )
            q = _step_up(found["p"].to_numpy(), tests)
            found = found.assign(group=group, signal=signal, q=q)
            parts.append(found[found["q"] <= most_q])
    edges = pd.concat(parts, ignore_index=True)
    names = {side: accounts.to_numpy()[edges[side]] for side in ("account_a", "account_b")}
    return edges.assign(**names)[COLUMNS]


def _largest(pairs: pd.DataFrame, tests: int, most_q: float) -> float:
    """A p above which no q can be small enough: as many pairs share something at most."""
    holders = pairs["thing"].value_counts().to_numpy(dtype=float)
    return most_q * min((holders * (holders - 1) / 2).sum() / max(tests, 1), 1.0)


def _step_up(p: np.ndarray, tests: int) -> np.ndarray:
    """q of the smallest p among so many tests, all others having p = 1."""
    order = np.argsort(p, kind="stable")
    raw = p[order] * tests / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    return q
