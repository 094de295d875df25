"""Shifts and breaks: stretches of the day with a rate of their own, out of the times alone."""

import numpy as np
import pandas as pd

from hydrascope.narratives.batches import middle

__all__ = ["SHIFTS", "shift_table"]

STEP = 1800
BINS = 86_400 // STEP
HOUR = 3600 // STEP
MOST_STRETCHES = 8
FOLDS = 10
# A stretch is a shift where its rate is at least this share of the busiest one's, and no
# less than the whole day's mean.
BUSY = 0.39
# A pause between two shifts of at most so many hours is a break.
BREAK_HOURS = 4
SHIFTS = ["platform", "part", "start", "end", "start_low", "start_high", "end_low", "end_high"]
SHIFTS += ["share", "rate"]
# What a stretch without a time is given, in times.
SEEN_IN_EACH = 0.5


def shift_table(
    platform: str,
    seconds: np.ndarray,
    weights: np.ndarray,
    batches: np.ndarray,
    draws: np.ndarray,
) -> pd.DataFrame:
    """Describe the day of a network in UTC.

    Parameters
    ----------
    platform : str
        What the rows are called.
    seconds : numpy.ndarray
        Times in seconds, shape (times,).
    weights : numpy.ndarray
        Weight of each time.
    batches : numpy.ndarray
        Number of the batch of each time, 0 to one less than the number of batches.
    draws : numpy.ndarray
        How often each batch is in each bootstrap sample, shape (draws, batches).

    Returns
    -------
    pandas.DataFrame
        Columns `SHIFTS`; part is `shift` or `break`, start and end hours of the day in UTC
        (an end below the start lies on the next day) with 95 % intervals over batches,
        share of all times, rate relative to an even day.

    Notes
    -----
    The day is cut at its quietest half hour and divided into stretches of one rate each, by
    the division of greatest likelihood (Jackson et al. 2005, IEEE Signal Processing Letters
    12, 105-108). How many stretches is what tells tenths of the batches that were left out
    best, the fewest within one standard error of it.
    """
    number = int(batches.max()) + 1
    bins = (seconds % 86_400).astype(int) // STEP
    counts = np.zeros((number, BINS))
    np.add.at(counts, (batches, bins), weights)
    total = counts.sum(axis=0)
    calm = np.array([np.roll(total, 1 - at)[:3].sum() for at in range(BINS)])
    cut = int(calm.argmin())
    counts = np.roll(counts, -cut, axis=1)
    stretches = _how_many(counts)
    edges = _divided(counts.sum(axis=0), stretches)
    repeated = np.array([_divided(sample @ counts, stretches) for sample in draws])
    units = np.full(stretches + 1, float(number))
    low, high = middle(repeated.astype(float), units)
    sums = np.add.reduceat(counts.sum(axis=0), edges[:-1])
    rates = sums / np.diff(edges) / (sums.sum() / BINS)
    busy = rates >= max(1.0, BUSY * rates.max())

    def hour(edge: float) -> float:
        return (edge + cut) % BINS / HOUR

    rows = []
    spans = [list(map(int, span)) for span in _runs(busy)]
    for place, (first, last) in enumerate(spans):
        if place and edges[first] - edges[spans[place - 1][1]] <= BREAK_HOURS * HOUR:
            rows.append(("break", spans[place - 1][1], first))
        rows.append(("shift", first, last))
    return pd.DataFrame(
        [
            {
                "platform": platform,
                "part": part,
                "start": hour(edges[first]),
                "end": hour(edges[last]),
                "start_low": hour(low[first]),
                "start_high": hour(high[first]),
                "end_low": hour(low[last]),
                "end_high": hour(high[last]),
                "share": sums[first:last].sum() / sums.sum(),
                "rate": sums[first:last].sum() / (edges[last] - edges[first]) / (sums.sum() / BINS),
            }
            for part, first, last in rows
        ],
        columns=SHIFTS,
    )


def _runs(busy: np.ndarray) -> np.ndarray:
    """First stretch of each run of busy ones, and the first behind it."""
    padded = np.concatenate([[False], busy, [False]])
    return np.flatnonzero(padded[1:] != padded[:-1]).reshape(-1, 2)


def _divided(counts: np.ndarray, stretches: int) -> np.ndarray:
    """Edges of the likeliest division into so many stretches, shape (stretches + 1,)."""
    below = np.concatenate([[0.0], counts.cumsum()])
    made = below[None, :] - below[:, None]
    long = np.arange(BINS + 1)[None, :] - np.arange(BINS + 1)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.where(long > 0, made * np.log(np.maximum(made, 1e-12) / long), -np.inf)
    best, came = gain[0], []
    for _ in range(stretches - 1):
        through = best[:, None] + gain
        came.append(through.argmax(axis=0))
        best = through.max(axis=0)
    edges = [BINS]
    for back in reversed(came):
        edges.append(int(back[edges[-1]]))
    return np.array([0, *reversed(edges)])


def _how_many(counts: np.ndarray) -> int:
    """Stretches that foretell left-out batches best, by the rule of one standard error."""
    fold = np.arange(len(counts)) % FOLDS
    scores = np.full((MOST_STRETCHES, min(FOLDS, len(counts))), np.nan)
    for left in range(scores.shape[1]):
        learnt, told = counts[fold != left].sum(axis=0), counts[fold == left].sum(axis=0)
        for number in range(1, MOST_STRETCHES + 1):
            edges = _divided(learnt, number)
            sums = np.add.reduceat(learnt, edges[:-1]) + SEEN_IN_EACH
            rates = np.repeat(sums / np.diff(edges), np.diff(edges))
            scores[number - 1, left] = told @ np.log(rates / rates.sum()) / told.sum()
    means = scores.mean(axis=1)
    errors = scores.std(axis=1, ddof=1) / np.sqrt(scores.shape[1])
    best = int(means.argmax())
    return int(np.argmax(means >= means[best] - errors[best])) + 1
