"""How large the network is in this collection, from how often groups of signals agree.

Each group is a list of the accounts that it links, as in capture-recapture. What
is on one list alone is left out: most of that are outsiders who copy. Accounts
without posts are left out too, since most lists can never hold them.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from scipy import optimize, stats
from statsmodels import api
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

__all__ = ["AVERAGE", "COLUMNS", "size_table"]

COLUMNS = ["units", "lists", "model", "found", "size", "low", "high", "outcome"]
# Page history is there for Pages alone, and so is no list that all could be on.
LISTS = ("content", "registration", "profile", "synchrony")
ALIKE, UNLIKE, AVERAGE = "accounts alike", "accounts as unlike as supported", "average"
# Variances, on the logit scale, of how easily an account comes onto a list. All are thought
# equally likely before the patterns are seen, which keeps the estimate off zero variance
# (Chung et al. 2013, Psychometrika 78, 685-709).
UNLIKENESS = np.linspace(0.0, 1.0, 20)
# Accounts come in batches and cells that share their lists: counts vary as if accounts came
# in so many at a time. This and the largest variance were chosen on worlds simulated for tuning;
# THREATS.md says what else had been seen.
TOGETHER = 3.0
FEWEST_CAPTURES = 5
FEWEST_LISTS = 4
# An account counts where so many lists agree.
AGREEING = 2
# Models whose log-likelihood is further from the best have little support.
SUPPORTED = 2.0
TWOFOLD = 2.0
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Fitted:
    """Log-linear models, one for each of `UNLIKENESS` that could be fitted.

    Attributes
    ----------
    support : numpy.ndarray
        Log-likelihood of each.
    unseen, spread : numpy.ndarray
        Accounts that each adds to those found, and the standard deviation of their
        logarithm.
    """

    support: np.ndarray
    unseen: np.ndarray
    spread: np.ndarray


def size_table(verdicts: pd.DataFrame, posts: pd.Series, *, link_q: float) -> pd.DataFrame:
    """Estimate how many accounts with posts belong, seen by the lists or not.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        What `detect.detected_verdicts` gave.
    posts : pandas.Series
        Posts by account_id; an account without posts need not be there.
    link_q : float
        Largest q at which a group has an account on its list.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`, for units with dates of creation and without: the size where all
        accounts are alike, where they are as unlike as the patterns support, and the
        average. found are accounts on two lists or more, less those expected there by
        chance; low and high are a 95 % interval; outcome says `identified`, or why not.

    Notes
    -----
    Log-linear models (Fienberg 1972, Biometrika 59, 591-603) of the patterns with two
    lists and more, in which accounts differ in how easily they come onto any list, as
    in Darroch et al. (1993, J. Am. Stat. Assoc. 88, 1137-1148). The average is over the
    variance of that ease, by likelihood; the unseen are log-normal in each model (Chao
    1987, Biometrics 43, 783-791). The size is of this collection, not of a platform.
    """
    active = verdicts[verdicts["account_id"].map(posts).fillna(0) > 0]
    dated = active["registration_p"].notna().groupby(active["unit"]).transform("any")
    tables = [
        _stratum(rows, name, link_q)
        for name, rows in (("dated", active[dated]), ("undated", active[~dated]))
        if len(rows)
    ]
    if not tables:
        why = "not identified: no account has a post"
        return pd.DataFrame([{"model": AVERAGE, "outcome": why}]).reindex(columns=COLUMNS)
    return pd.concat(tables, ignore_index=True)[COLUMNS]


def _stratum(rows: pd.DataFrame, name: str, link_q: float) -> pd.DataFrame:
    held = {group: (rows[f"{group}_q"] <= link_q).to_numpy() for group in LISTS}
    agreed = sum(held.values()) >= AGREEING
    lists = [group for group in LISTS if (held[group] & agreed).sum() >= FEWEST_CAPTURES]
    shared = {"units": ", ".join([name, *sorted(rows["unit"].unique())]), "lists": ", ".join(lists)}
    if len(lists) < FEWEST_LISTS:
        few = f"not identified: fewer than {FEWEST_LISTS} lists with {FEWEST_CAPTURES} accounts"
        last = {"model": AVERAGE, "found": float(agreed.sum()), "outcome": few}
        return pd.DataFrame([shared | last], columns=COLUMNS)
    captured = np.column_stack([held[group] for group in lists])
    patterns, counts = _counted(captured, (rows["verdict"] == "affiliated").to_numpy())
    found, fitted = counts.sum(), _fitted(patterns, counts)
    supported = np.flatnonzero(fitted.support >= fitted.support.max() - SUPPORTED)
    alike, unlike = supported[0], supported[-1]
    sizes = found + fitted.unseen[supported]
    identified = sizes.max() <= TWOFOLD * sizes.min()
    table = [
        {"model": ALIKE, **_interval(found, fitted, [alike])},
        {"model": UNLIKE, **_interval(found, fitted, [unlike])},
        {
            "model": AVERAGE,
            "found": found,
            **(_interval(found, fitted, range(len(fitted.unseen))) if identified else {}),
            "outcome": "identified"
            if identified
            else "not identified: supported models differ more than twofold",
        },
    ]
    return pd.DataFrame([shared | row for row in table], columns=COLUMNS)


def _counted(captured: np.ndarray, affiliated: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Accounts by pattern of lists, less outsiders whom chance puts on several.

    The chance of an outsider to be on a list is that of accounts that are not
    affiliated; lists are taken as independent for outsiders.
    """
    patterns = np.array(
        [p for p in product((0, 1), repeat=captured.shape[1]) if sum(p) >= AGREEING]
    )
    counts = np.array([(captured == pattern).all(axis=1).sum() for pattern in patterns], float)
    outside = captured[~affiliated]
    rate = outside.mean(axis=0) if len(outside) else np.zeros(captured.shape[1])
    chance = np.prod(np.where(patterns == 1, rate, 1 - rate), axis=1) * len(outside)
    return patterns, np.maximum(counts - chance, 0.0)


def _fitted(patterns: np.ndarray, counts: np.ndarray) -> Fitted:
    unseen = np.array([p for p in product((0, 1), repeat=patterns.shape[1]) if sum(p) < AGREEING])
    ease, hidden_ease = (lists.sum(axis=1) ** 2 / 2 for lists in (patterns, unseen))
    mains, hidden = (np.column_stack([np.ones(len(p)), p]) for p in (patterns, unseen))
    models = []
    for variance in UNLIKENESS:
        model = api.GLM(counts, mains, family=api.families.Poisson(), offset=variance * ease)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PerfectSeparationWarning)
            fit = model.fit(maxiter=200)
        expected = np.exp(hidden @ fit.params + variance * hidden_ease)
        slope = hidden.T @ expected
        # What is unseen is a Poisson number, beside the uncertainty of its mean.
        square = slope @ fit.cov_params() @ slope + expected.sum()
        spread = np.sqrt(np.log1p(TOGETHER * square / expected.sum() ** 2))
        models.append((fit.llf / TOGETHER, expected.sum(), spread))
    return Fitted(*np.array(models).T)


def _interval(found: float, fitted: Fitted, chosen: Sequence[int]) -> dict[str, float]:
    """Median and 95 % interval of a mixture of log-normals, weighed by likelihood."""
    chosen = list(chosen)
    logs, spread = np.log(fitted.unseen[chosen]), fitted.spread[chosen]
    weights = np.exp(fitted.support[chosen] - fitted.support[chosen].max())
    weights /= weights.sum()

    def quantile(share: float) -> float:
        far = 10 * spread.max()
        return found + np.exp(
            optimize.brentq(
                lambda log: weights @ stats.norm.cdf((log - logs) / spread) - share,
                logs.min() - far,
                logs.max() + far,
            )
        )

    tail = (1 - CONFIDENCE) / 2
    low, middle, high = (quantile(share) for share in (tail, 0.5, 1 - tail))
    return {"found": found, "size": middle, "low": low, "high": high}
