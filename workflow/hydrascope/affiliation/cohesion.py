"""Whether seeds are a network among themselves, which growing from them takes for granted."""

import numpy as np
import pandas as pd
from scipy import stats

__all__ = ["NETWORK", "NO_NETWORK", "seed_outcome", "seed_table"]

# Share of seeds that the other seeds link where they are a network, at least.
LEAST_SHARE = 0.2
# Chance, had the network that share, of so few or so many linked seeds, below which they are
# taken for none or for one.
LEVEL = 0.05
# One seed has no other that could link it.
FEWEST = 2
NETWORK = "a network"
NO_NETWORK = "no network: nobody is taken in"
UNDECIDED = "undecided: taken at their word"
NOT_TESTABLE = "not testable: taken at their word"


def seed_outcome(linked: np.ndarray) -> str:
    """Say whether seeds are a network.

    Parameters
    ----------
    linked : numpy.ndarray
        bool, shape (seeds,): whether the other seeds link each, by as many groups as the
        rule asks for, of the seeds that can be measured in as many.

    Returns
    -------
    str
        `NETWORK` where more than a fifth are linked, `NO_NETWORK` where fewer are (exact
        binomial, one-sided, each at one time in twenty) or none is, `UNDECIDED` between
        the two, and `NOT_TESTABLE` for fewer than two seeds.
    """
    if linked.size < FEWEST:
        return NOT_TESTABLE
    chance = stats.binom(linked.size, LEAST_SHARE)
    if not linked.any() or chance.cdf(linked.sum()) < LEVEL:
        return NO_NETWORK
    return NETWORK if chance.sf(linked.sum() - 1) < LEVEL else UNDECIDED


def seed_table(verdicts: pd.DataFrame, *, min_groups: int) -> pd.DataFrame:
    """Say how far the seeds lead to each other.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        What `detect.detected_verdicts` gave.
    min_groups : int
        Groups that must link an account.

    Returns
    -------
    pandas.DataFrame
        One row: seeds, testable (measurable in `min_groups` groups), linked (by the other
        seeds), their share with the exact 95 % interval (Clopper and Pearson 1934,
        Biometrika 26, 404-413), the share of the other testable accounts that the seeds
        link (others), and the outcome of `seed_outcome`.
    """
    testable = verdicts[verdicts["measurable"] >= min_groups]
    linked = testable.loc[testable["seed"], "linked_by_seeds"].to_numpy(dtype=bool)
    share, interval = np.nan, (np.nan, np.nan)
    if linked.size >= FEWEST:
        share = linked.mean()
        interval = stats.binomtest(int(linked.sum()), linked.size).proportion_ci(0.95)
    row = {
        "seeds": int(verdicts["seed"].sum()),
        "testable": linked.size,
        "linked": int(linked.sum()),
        "share": share,
        "low": interval[0],
        "high": interval[1],
        "others": testable.loc[~testable["seed"], "linked_by_seeds"].mean(),
        "outcome": seed_outcome(linked),
    }
    return pd.DataFrame([row])
