"""Whether seeds are a network among themselves, which growing from them takes for granted."""

import numpy as np
import pandas as pd
from scipy import stats

__all__ = ["coherent", "seed_table"]

# Share of seeds that the other seeds link where they are a network, at least.
LEAST_SHARE = 0.2
# Chance of so few linked seeds, had the network that share, below which they are none.
LEVEL = 0.05


def coherent(linked: np.ndarray) -> bool:
    """Say whether seeds may be a network.

    Parameters
    ----------
    linked : numpy.ndarray
        bool, shape (seeds,): whether the other seeds link each, by as many groups as the
        rule asks for, of the seeds that can be measured in as many.

    Returns
    -------
    bool
        False if a network of which a fifth is linked so would give so few linked seeds
        less often than one time in twenty (exact binomial, one-sided). A handful of
        seeds is too few to be refused.
    """
    return bool(stats.binom.cdf(linked.sum(), linked.size, LEAST_SHARE) >= LEVEL)


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
        link (others), and outcome: `a network`, or `no network: nobody is taken in`.
    """
    testable = verdicts[verdicts["measurable"] >= min_groups]
    linked = testable.loc[testable["seed"], "linked_by_seeds"].to_numpy(dtype=bool)
    share, interval = np.nan, (np.nan, np.nan)
    if linked.size:
        share = linked.mean()
        interval = stats.binomtest(int(linked.sum()), linked.size).proportion_ci(0.95)
    outcome = "a network" if coherent(linked) else "no network: nobody is taken in"
    row = {
        "seeds": int(verdicts["seed"].sum()),
        "testable": linked.size,
        "linked": int(linked.sum()),
        "share": share,
        "low": interval[0],
        "high": interval[1],
        "others": testable.loc[~testable["seed"], "linked_by_seeds"].mean(),
        "outcome": outcome,
    }
    return pd.DataFrame([row])
