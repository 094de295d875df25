"""The scan statistic: which stretches of days hold more accounts than their baseline."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from hydrascope.timing.baseline import (
    Baseline,
    Tables,
    fit_baseline,
    simulated,
    tables_for,
    trend_basis,
)

__all__ = ["LENGTHS", "Scan", "heights", "high_windows", "scan"]

# Days that a window may hold. A longer burst comes as windows that touch.
LENGTHS = (1, 2, 3, 4, 5, 7, 10, 14, 20, 28)
# Series simulated at a time.
BLOCK = 20
LEAST_SPREAD = 1e-6
# Taken off windows of several days: so many are tried that single days would be missed.
HANDICAP = 2.5
# Days of windows at least so high do not enter the baseline, or bursts would raise it. It is
# above what decides in all but the most uneven series, whose p it would move otherwise.
HIGH = 12.0
MASKINGS = 8
LEAST_KEPT = 0.5
# Four weeks with more than so many times what is usual within half a year of them, and some.
MONTH, AROUND, TOWERING, FEW = 28, 6, 4.0, 10


@dataclass(frozen=True)
class Scan:
    """A series, its baseline, its windows and what maxima chance brings.

    Attributes
    ----------
    fit : Baseline
        Of the one series.
    heights : numpy.ndarray
        What `heights` gave, shape (lengths, days).
    maxima : numpy.ndarray
        Largest height of each simulated series, shape (draws,).
    settled : bool
        Whether drawing stopped since the observed maximum was reached often enough.
    """

    fit: Baseline
    heights: np.ndarray
    maxima: np.ndarray
    settled: bool

    def p(self, height: float) -> float:
        """Chance that any window of a series without bursts is as high, over all windows.

        Where drawing has been settled, the share of the draws as in Besag and Clifford 1991
        (Biometrika 78, 301-304), else with the observed series counted among the draws.
        """
        reached = int((self.maxima >= height).sum())
        draws = len(self.maxima)
        return reached / draws if self.settled else (reached + 1) / (draws + 1)


def heights(counts: np.ndarray, fit: Baseline) -> np.ndarray:
    """Log-likelihood ratio of each window of each length.

    Parameters
    ----------
    counts : numpy.ndarray
        Accounts a day, shape (series, days).
    fit : Baseline
        What `fit_baseline` gave for them.

    Returns
    -------
    numpy.ndarray
        Shape (lengths, series, days). A window is named by its first day; one that would
        reach past the end is 0.

    Notes
    -----
    S ln(S/E) - (S+K) ln((S+K)/(E+K)) where S accounts were made and E expected, K being
    the size of the negative binomial; 0 where S is at most E. It is the scan statistic of
    Kulldorff 1997 (Communications in Statistics 26, 1481-1496) in the negative-binomial form
    of Tango, Takahashi and Kohriyama 2011 (Statistics in Medicine 30, 3067-3077). The
    relative variance 1/K of a window is that of its quick part divided by its days, and of
    its slow part divided by what its days are worth that remember each other. Windows of
    several days are handicapped by `HANDICAP`.
    """
    spreads = _spreads(fit)
    found = np.zeros((len(LENGTHS), *counts.shape))
    made, expected = (np.cumsum(part, axis=1, dtype=float) for part in (counts, fit.mean))
    made, expected = (np.pad(part, ((0, 0), (1, 0))) for part in (made, expected))
    for row, days in enumerate(LENGTHS):
        if days > counts.shape[1]:
            break
        seen = made[:, days:] - made[:, :-days]
        due = expected[:, days:] - expected[:, :-days]
        above = seen > due
        size = np.broadcast_to(1 / spreads[:, row : row + 1], seen.shape)[above]
        seen, due = seen[above], due[above]
        ratio = seen * np.log(seen / due) - (seen + size) * np.log((seen + size) / (due + size))
        handicap = HANDICAP if days > 1 else 0.0
        found[row, :, : counts.shape[1] - days + 1][above] = np.maximum(ratio - handicap, 0)
    return found


def _spreads(fit: Baseline) -> np.ndarray:
    """1/K by window length, shape (series, lengths)."""
    lags = np.arange(LENGTHS[-1])
    decay = fit.memory[:, None] ** lags
    slow = np.minimum(fit.slow, fit.excess)
    columns = []
    for days in LENGTHS:
        pairs = np.where(lags == 0, 1.0, 2.0) * np.clip(1 - lags / days, 0, None) / days
        columns.append((fit.excess - slow) / days + slow * (decay @ pairs))
    return np.maximum(np.column_stack(columns), LEAST_SPREAD)


def scan(
    counts: np.ndarray,
    shape: np.ndarray,
    *,
    draws: int,
    enough: int,
    random: np.random.Generator,
) -> Scan:
    """Scan a series, and as many simulated ones as it takes.

    Parameters
    ----------
    counts : numpy.ndarray
        Accounts a day, some above 0, shape (days,).
    shape : numpy.ndarray
        Relative height of each day that is known beforehand (as of control accounts), above
        0; ones where nothing is known.
    draws : int
        Series to simulate at most.
    enough : int
        Simulated series that reach the observed maximum after which no more are drawn.
    random : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Scan

    Notes
    -----
    Each simulated series is fitted and scanned as the observed one (parametric bootstrap),
    so that what the fit does to the statistic it does to its null distribution.
    """
    design = trend_basis(len(counts)), shape, tables_for(counts, shape)
    fit, found = _fitted(counts[None], *design)
    maxima = np.empty(0)
    while len(maxima) < draws and (maxima >= found.max()).sum() < enough:
        series = simulated(fit, min(BLOCK, draws - len(maxima)), random)
        maxima = np.concatenate([maxima, _fitted(series, *design)[1].max(axis=(0, 2))])
    return Scan(fit, found[:, 0], maxima, bool((maxima >= found.max()).sum() >= enough))


def _fitted(
    counts: np.ndarray, basis: np.ndarray, shape: np.ndarray, tables: Tables
) -> tuple[Baseline, np.ndarray]:
    """Fit and scan, and again without the days of high windows, until no more are found."""
    keep = ~_surges(counts)
    fit = fit_baseline(counts, keep, basis, shape, tables)
    found = heights(counts, fit)
    rows = np.arange(len(counts))
    for _ in range(MASKINGS):
        before = keep.sum(axis=1)
        for row in rows:
            for window in high_windows(found[:, row], HIGH):
                keep[row, window] = False
        rows = rows[(keep.sum(axis=1) < before)[rows] & (keep.mean(axis=1) > LEAST_KEPT)[rows]]
        if not len(rows):
            break
        again = fit_baseline(counts[rows], keep[rows], basis, shape, tables)
        for name, values in vars(again).items():
            getattr(fit, name)[rows] = values
        found[:, rows] = heights(counts[rows], again)
    return fit, found


def _surges(counts: np.ndarray) -> np.ndarray:
    """Days of four weeks that tower above the year around them, bool, shape (series, days).

    A burst of weeks is too long to be cut day by day: it would pass for a wandering mean.
    """
    series, days = counts.shape
    blocks = -(-days // MONTH)
    padded = np.zeros((series, blocks * MONTH))
    padded[:, :days] = counts
    sums = padded.reshape(series, blocks, MONTH).sum(axis=2)
    # The last block may be short; it counts as if its days went on.
    sums[:, -1] *= MONTH / (days - (blocks - 1) * MONTH)
    around = np.pad(sums, ((0, 0), (AROUND, AROUND)), mode="reflect" if blocks > AROUND else "edge")
    usual = np.median(sliding_window_view(around, 2 * AROUND + 1, axis=1), axis=2)
    high = sums > TOWERING * usual + FEW
    high[high.mean(axis=1) > LEAST_KEPT] = False
    return np.repeat(high, MONTH, axis=1)[:, :days]


def high_windows(found: np.ndarray, least: float) -> list[slice]:
    """Windows of one series at least so high that do not overlap, the highest first.

    Parameters
    ----------
    found : numpy.ndarray
        Heights, shape (lengths, days).
    least : float
        Height that a window must reach.

    Returns
    -------
    list of slice
        Days.
    """
    lengths, firsts = np.nonzero(found >= least)
    order = np.argsort(-found[lengths, firsts], kind="stable")
    free = np.ones(found.shape[1], dtype=bool)
    chosen = []
    for row, first in zip(lengths[order], firsts[order], strict=True):
        window = slice(first, first + LENGTHS[row])
        if free[window].all():
            free[window] = False
            chosen.append(window)
    return chosen
