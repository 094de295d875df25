"""Bursts by the rules that others use: drawn beside ours, and never a test.

On days that are merely uneven each of them fires almost always (calibration/timing.tsv).
"""

import numpy as np
import pandas as pd
import ruptures
from scipy import special

__all__ = ["RULES", "comparator_table", "bayesian_blocks", "kleinberg", "pelt"]

# Kleinberg: rate of the upper state by that of the lower, and cost of going up.
SCALING, COST = 2.0, 1.0
# Bayesian blocks: chance of one block too many that its prior aims at.
BLOCK_CHANCE = 0.05


def kleinberg(counts: np.ndarray) -> np.ndarray:
    """Days in the upper of two Poisson states, by the cheapest sequence of states.

    Notes
    -----
    Kleinberg 2002 (Proceedings of KDD, 91-101) for counts by day: the lower state has the
    series' mean, the upper twice that, going up costs ln(days).
    """
    mean = max(counts.mean(), 1 / len(counts))
    rates = np.array([mean, SCALING * mean])
    costs = rates - counts[:, None] * np.log(rates) + special.gammaln(counts + 1)[:, None]
    up = COST * np.log(len(counts))
    total, came = costs[0] + [0, up], []
    for cost in costs[1:]:
        moves = total[:, None] + [[0, up], [0, 0]]
        came.append(moves.argmin(axis=0))
        total = moves.min(axis=0) + cost
    state = [int(total.argmin())]
    for back in reversed(came):
        state.append(int(back[state[-1]]))
    return np.array(state[::-1], dtype=bool)


def bayesian_blocks(counts: np.ndarray) -> np.ndarray:
    """Days of blocks whose rate is above the mean, by the likeliest division into blocks.

    Notes
    -----
    Scargle et al. 2013 (Astrophysical Journal 764, 167), fitness of events in bins and
    their prior for the number of blocks.
    """
    below = np.concatenate([[0], np.cumsum(counts)]).astype(float)
    made = below[-1]
    prior = 4 - np.log(73.53 * BLOCK_CHANCE * max(made, 1) ** -0.478)
    best, last = np.zeros(len(counts) + 1), np.zeros(len(counts) + 1, dtype=int)
    for end in range(1, len(counts) + 1):
        inside, long = below[end] - below[:end], end - np.arange(end)
        fitness = special.xlogy(inside, np.maximum(inside, 1) / long) + best[:end] - prior
        last[end] = int(fitness.argmax())
        best[end] = fitness[last[end]]
    return _above(counts, _starts(last))


def pelt(counts: np.ndarray) -> np.ndarray:
    """Days of segments whose mean is above that of the series, by PELT with squared loss.

    Notes
    -----
    Killick, Fearnhead and Eckley 2012 (Journal of the American Statistical Association 107,
    1590-1598) with the penalty variance by ln(days), by the package ruptures, whose linear
    kernel is the squared loss.
    """
    if len(counts) < 4:
        return np.zeros(len(counts), dtype=bool)
    model = ruptures.KernelCPD(kernel="linear", min_size=2).fit(counts.astype(float)[:, None])
    ends = model.predict(pen=max(counts.var(), 1e-9) * np.log(len(counts)))
    return _above(counts, np.array([0, *ends[:-1]]))


RULES = {"Kleinberg": kleinberg, "Bayesian blocks": bayesian_blocks, "PELT": pelt}


def _starts(last: np.ndarray) -> np.ndarray:
    starts, at = [], len(last) - 1
    while at:
        at = int(last[at])
        starts.append(at)
    return np.array(starts[::-1])


def _above(counts: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Days of parts with a rate above the whole's."""
    lengths = np.diff(np.append(starts, len(counts)))
    rates = np.add.reduceat(counts, starts) / lengths
    return np.repeat(rates > counts.mean(), lengths)


def comparator_table(daily: pd.DataFrame) -> pd.DataFrame:
    """Apply each rule to each platform.

    Parameters
    ----------
    daily : pandas.DataFrame
        What `daily.daily_creations` gave.

    Returns
    -------
    pandas.DataFrame
        platform, rule, start, end (days) and accounts: every run of days that a rule calls
        a burst, sorted.
    """
    rows = []
    for platform, own in daily.groupby("platform", sort=True):
        counts, days = own["accounts"].to_numpy(int), own["day"].to_numpy()
        for name, rule in RULES.items():
            edges = np.flatnonzero(np.diff(np.concatenate([[0], rule(counts), [0]])))
            for first, behind in edges.reshape(-1, 2):
                made = int(counts[first:behind].sum())
                rows.append((platform, name, days[first], days[behind - 1], made))
    return pd.DataFrame(rows, columns=["platform", "rule", "start", "end", "accounts"])
