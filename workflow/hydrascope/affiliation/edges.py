"""Edges: pairs of accounts that hold more in common than their activity explains."""

from collections.abc import Mapping

import duckdb
import numpy as np
import pandas as pd
from scipy import stats

from hydrascope.affiliation.signals import GROUPS, RHYTHMS

__all__ = ["edge_table", "shared_things"]

COLUMNS = ["account_a", "account_b", "group", "signal", "shared", "expected", "p", "q"]


def shared_things(pairs: pd.DataFrame, *, most_holders: int) -> pd.DataFrame:
    """Count what each two accounts both hold, and test the count.

    Parameters
    ----------
    pairs : pandas.DataFrame
        account_id, thing and stratum of one signal, each pair once.
    most_holders : int
        Things that more accounts hold join nobody.

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
    codes, names = pd.factorize(pairs["account_id"], sort=True)
    things, _ = pd.factorize(pairs["thing"])
    holders = np.bincount(things, minlength=1)
    degree = np.bincount(codes, minlength=len(names))
    held = pd.DataFrame({"who": codes, "what": things, "holders": holders[things]})
    held = held[held["holders"].between(2, most_holders)]
    found = duckdb.sql(
        """
        SELECT one.who AS a, other.who AS b, count(*) AS shared, max(one.holders) AS widest
        FROM held AS one JOIN held AS other ON one.what = other.what AND one.who < other.who
        GROUP BY ALL ORDER BY ALL
        """
    ).df()
    a, b = found["a"].to_numpy(), found["b"].to_numpy()
    # Sum of h (h - 1) over things with up to so many holders.
    sizes = np.bincount(holders, minlength=most_holders + 1).astype(float)
    chances = np.cumsum(sizes * np.arange(len(sizes)) * (np.arange(len(sizes)) - 1.0))
    expected = degree[a] * degree[b] * chances[found["widest"].to_numpy()] / max(len(pairs), 1) ** 2
    return pd.DataFrame(
        {
            "account_a": names.to_numpy()[a],
            "account_b": names.to_numpy()[b],
            "shared": found["shared"],
            "expected": expected,
            "p": stats.poisson.sf(found["shared"] - 1, expected),
        }
    )


def edge_table(
    signals: Mapping[str, pd.DataFrame], *, most_holders: int, most_q: float
) -> pd.DataFrame:
    """Edges of all signals at a false discovery rate.

    Parameters
    ----------
    signals : mapping of str to pandas.DataFrame
        What `signals.signal_tables` gave.
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
            accounts = signals[signal]["account_id"].nunique()
            found = shared_things(signals[signal], most_holders=most_holders)
            q = _step_up(found["p"].to_numpy(), accounts * (accounts - 1) // 2)
            found = found.assign(group=group, signal=signal, q=q)
            parts.append(found[found["q"] <= most_q])
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def _step_up(p: np.ndarray, tests: int) -> np.ndarray:
    """q of the smallest p among so many tests, all others having p = 1."""
    order = np.argsort(p, kind="stable")
    raw = p[order] * tests / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    return q
