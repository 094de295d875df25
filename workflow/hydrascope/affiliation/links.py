"""Whether what an account holds joins it to known members more than chance would.

The null: whoever else holds a thing is a random draw from all accounts that
hold anything of the signal. How many things an account holds (its activity)
and how many others hold each (its popularity) stay as they are, so a text that
everybody passes on says nothing about anybody.
"""

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests

__all__ = ["group_tests", "jointly_linked", "signal_evidence"]

SMALLEST = 1e-300


def signal_evidence(pairs: pd.DataFrame, members: pd.Index, *, most_holders: int) -> pd.DataFrame:
    """Sum up, account by account, how unlikely its company is under the null.

    Parameters
    ----------
    pairs : pandas.DataFrame
        account_id and thing, each pair once.
    members : pandas.Index
        account_ids known to belong.
    most_holders : int
        Things that more accounts hold are no evidence: even where members are
        among them more often than by chance, most others are not members.

    Returns
    -------
    pandas.DataFrame
        By account_id: things (held), met (things of which a member is another
        holder), total (sum over things of -ln p), mean and variance of that sum
        under the null.

    Notes
    -----
    For a thing with n other holders, m of them members, p is the binomial
    probability of m or more members among n, the chance of each being the
    share of members among all holders of the signal. Mean and variance of
    -ln p follow from the same binomial.
    """
    inside = pairs["account_id"].isin(members)
    share = pairs.loc[inside, "account_id"].nunique() / max(pairs["account_id"].nunique(), 1)
    holders = pairs["thing"].map(pairs["thing"].value_counts()).to_numpy()
    others = np.where(holders > most_holders, 0, holders - 1)
    met = inside.groupby(pairs["thing"]).transform("sum").to_numpy() - inside.to_numpy()
    met = np.where(others > 0, met, 0)
    expected, spread = _null(np.unique(others), share)
    table = pd.DataFrame(
        {
            "account_id": pairs["account_id"],
            "things": 1,
            "met": (met > 0).astype(int),
            "total": _surprise(met, others, share),
            "mean": pd.Series(others).map(expected).to_numpy(),
            "variance": pd.Series(others).map(spread).to_numpy(),
        }
    )
    return table.groupby("account_id").sum()


def _surprise(met: np.ndarray, others: np.ndarray, share: float) -> np.ndarray:
    return -np.log(np.maximum(stats.binom.sf(met - 1, others, share), SMALLEST))


def _null(sizes: np.ndarray, share: float) -> tuple[dict[int, float], dict[int, float]]:
    """Mean and variance of -ln p for each number of other holders."""
    means, variances = {}, {}
    for size in sizes:
        met = np.arange(size + 1)
        chance = stats.binom.pmf(met, size, share)
        surprise = _surprise(met, np.full(size + 1, size), share)
        means[size] = float(chance @ surprise)
        variances[size] = float(chance @ (surprise - means[size]) ** 2)
    return means, variances


def group_tests(evidence: list[pd.DataFrame]) -> pd.DataFrame:
    """Test each account against the null over all signals of one group.

    Parameters
    ----------
    evidence : list of pandas.DataFrame
        What `signal_evidence` gave for each signal of the group.

    Returns
    -------
    pandas.DataFrame
        By account_id: things, met, p and q (Benjamini and Hochberg over the
        accounts that hold something of the group).

    Notes
    -----
    The sum of -ln p is compared with the gamma distribution of the same mean and
    variance: for one continuous p it would be exponential, and sums of such are
    gamma. Signals are added as if independent, which holds only under the null.
    """
    rows = pd.concat(evidence)
    table = rows.groupby(level="account_id").sum()
    p = np.ones(len(table))
    tested = (table["variance"] > 0).to_numpy()
    rows = table[tested]
    scale = rows["variance"] / rows["mean"]
    p[tested] = stats.gamma.sf(rows["total"], rows["mean"] / scale, scale=scale)
    # Without one member in its company an account has no link, whatever the gamma says.
    p[(table["met"] == 0).to_numpy()] = 1.0
    q = multipletests(p, method="fdr_bh")[1] if len(p) else p
    return table[["things", "met"]].astype(int).assign(p=p, q=q)


def jointly_linked(p: pd.DataFrame, *, groups: int, false_share: float) -> pd.Series:
    """Choose the accounts that at least so many groups link.

    Parameters
    ----------
    p : pandas.DataFrame
        A row an account and a column a group; missing where the account holds
        nothing of the group.
    groups : int
        Groups that must link an account.
    false_share : float
        Expected share of wrong ones among the chosen, at most.

    Returns
    -------
    pandas.Series
        bool by account.

    Notes
    -----
    The null of an account is that fewer than `groups` of its groups have a link
    (a partial conjunction: Benjamini and Heller 2008, Biometrics 64, 1215-1222).
    With n groups measured, that is tested by n - groups + 1 times its p of that
    rank. Most accounts lack even one link less, and need not be corrected for:
    the filter is AdaFilter (Wang, Gui, Su, Sabatti and Owen 2022, Annals of
    Statistics 50, 1890-1909). Groups must be independent under the null; how far
    they are is measured on controls, not assumed away.
    """
    ranked = np.sort(p.to_numpy(dtype=float), axis=1)
    factor = np.maximum(p.notna().sum(axis=1).to_numpy() - groups + 1, 1)
    joint = factor * np.nan_to_num(ranked[:, groups - 1], nan=np.inf)
    before = factor * np.nan_to_num(ranked[:, groups - 2], nan=np.inf) if groups > 1 else joint * 0
    limits = np.unique(joint[joint <= false_share])
    chosen = np.searchsorted(np.sort(joint), limits, side="right")
    filtered = np.searchsorted(np.sort(before), limits, side="right")
    kept = limits[limits * filtered <= false_share * np.maximum(chosen, 1)]
    return pd.Series(joint <= (kept.max() if len(kept) else -1.0), index=p.index)
