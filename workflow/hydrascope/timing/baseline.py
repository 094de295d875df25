"""What a day would have brought without a burst: a baseline that bursts cannot spoil.

Daily counts are taken as negative binomial around a mean that follows a trend and a weekly
cycle, and that wanders: its logarithm is an autocorrelated process. Days far above the mean
enter as "at least so many", so that the fit is the same whether they hold ten accounts too
many or a thousand. All functions take many series at once, since a null distribution is made
by fitting simulated series as the observed one was.
"""

from dataclasses import dataclass

import numpy as np
from scipy import interpolate, signal, special

__all__ = ["Baseline", "Tables", "fit_baseline", "simulated", "tables_for", "trend_basis"]

WEEK = 7
# Days from one bend of the trend to the next: shorter, and it would follow bursts.
BEND_DAYS = 200
ROUNDS = 3
# Accounts of prior weight by which a weekday's factor is drawn towards 1.
WEEKDAY_PRIOR = 10.0
# Above this quantile of a day's own distribution a count is "at least so many".
CENSORED = 0.98
# Variance beyond Poisson as a share of the squared mean, 1/k: what days without bursts may
# have, and the part of it that wanders, the logarithm of the mean having a standard deviation of
# 0.85 then. Days more uneven than that hold batches, which is what is looked for.
MOST_EXCESS, MOST_SLOW = 4.0, 1.05
EXCESSES = np.concatenate([[0.0], np.geomspace(0.02, MOST_EXCESS, 15)])
FINE = np.concatenate([[0.0], np.geomspace(0.003, MOST_EXCESS, 160)])
OFFSET = 0.01
# Likelihoods between the tabulated excesses, as a matrix.
BETWEEN = interpolate.CubicSpline(np.log(EXCESSES + OFFSET), np.eye(len(EXCESSES)))(
    np.log(FINE + OFFSET)
).T
MEMORIES = np.array([0.5, 0.65, 0.8, 0.91])
LAGS = 14
# What is uncertain is taken as large as it may be at this loss of log-likelihood.
CAUTION = 0.245
LOW_MEAN = 1e-4


@dataclass(frozen=True)
class Tables:
    """Logarithms of probabilities, looked up instead of computed again for each draw.

    Attributes
    ----------
    log_means : numpy.ndarray
        Logarithms of the means tabulated, evenly spaced.
    log_pmf, log_tail : numpy.ndarray
        Of each count, and of a count at least as large; shape (excesses, means, counts).
    cap : numpy.ndarray
        Counts from here on are censored, shape (excesses, means).
    kept : numpy.ndarray
        Mean of the counts, censored ones taken as the cap, by the mean; same shape.
    grip : numpy.ndarray
        How far such cut counts, in units of their own mean, follow the counts in units of
        theirs (regression slope); same shape.
    """

    log_means: np.ndarray
    log_pmf: np.ndarray
    log_tail: np.ndarray
    cap: np.ndarray
    kept: np.ndarray
    grip: np.ndarray


@dataclass(frozen=True)
class Baseline:
    """Robust fits to several series of daily counts.

    Attributes
    ----------
    mean : numpy.ndarray
        Accounts a day, shape (series, days).
    excess, excess_high : numpy.ndarray
        1/k, k being the size of the negative binomial, and how large it may well be: the
        largest that is less likely by no more than `CAUTION`; shape (series,).
    slow, slow_high : numpy.ndarray
        Variance of the slowly wandering factor of the mean, and how large it may well be.
    memory : numpy.ndarray
        Its correlation from one day to the next.
    """

    mean: np.ndarray
    excess: np.ndarray
    excess_high: np.ndarray
    slow: np.ndarray
    slow_high: np.ndarray
    memory: np.ndarray


def trend_basis(days: int) -> np.ndarray:
    """Straight pieces that a trend is put together from.

    Parameters
    ----------
    days : int
        Length of the series.

    Returns
    -------
    numpy.ndarray
        Shape (days, bends); each row is at least 0 and sums to 1.
    """
    pieces = max(1, round(days / BEND_DAYS))
    place = np.linspace(0, pieces, days)
    return np.clip(1 - np.abs(place[:, None] - np.arange(pieces + 1)), 0, None)


def tables_for(counts: np.ndarray, shape: np.ndarray) -> Tables:
    """Tabulate probabilities for means as the series can have them.

    Parameters
    ----------
    counts : numpy.ndarray
        Accounts a day, shape (days,).
    shape : numpy.ndarray
        Relative height of each day that is known beforehand (as of control accounts),
        above 0, shape (days,).
    """
    level = max(counts.mean(), 1 / len(counts))
    low, high = level * shape.min() / 30, 20 * level * shape.max()
    size = int(np.clip(np.log(high / low) / 0.075, 36, 160))
    log_means = np.linspace(np.log(low), np.log(high), size)
    means = np.exp(log_means)[None, :, None]
    most = int(np.clip(counts.max(), 12, 36 + 12 * counts.mean() * shape.max() / shape.mean()))
    y = np.arange(most + 1)[None, None, :]
    k = 1 / np.maximum(EXCESSES, 1e-9)[:, None, None]
    log_pmf = (
        special.gammaln(y + k)
        - special.gammaln(k)
        - special.gammaln(y + 1)
        + k * np.log(k / (k + means))
        + y * np.log(means / (k + means))
    )
    log_pmf[0] = y[0] * np.log(means[0]) - means[0] - special.gammaln(y[0] + 1)
    pmf = np.exp(log_pmf)
    below = np.cumsum(pmf, axis=2)
    cap = np.minimum((below < CENSORED).sum(axis=2) + 1, most)
    tail = np.maximum(1 - below + pmf, 1e-300)
    # E[min(Y, cap)] is the sum of the tails up to the cap.
    kept = np.cumsum(tail[:, :, 1:], axis=2)
    kept = np.take_along_axis(kept, cap[:, :, None] - 1, axis=2)[:, :, 0] / means[:, :, 0]
    whole = y - (pmf * y).sum(axis=2, keepdims=True)
    cut = np.minimum(y, cap[:, :, None])
    slope = (pmf * whole * cut).sum(axis=2) / (pmf * whole**2).sum(axis=2)
    return Tables(log_means, log_pmf, np.log(tail), cap, kept, slope / kept)


def fit_baseline(
    counts: np.ndarray, keep: np.ndarray, basis: np.ndarray, shape: np.ndarray, tables: Tables
) -> Baseline:
    """Fit mean, excess and memory to each series.

    Parameters
    ----------
    counts : numpy.ndarray
        Accounts a day, shape (series, days).
    keep : numpy.ndarray
        Days that the fit may learn from, bool, same shape.
    basis : numpy.ndarray
        What `trend_basis` gave.
    shape : numpy.ndarray
        As in `tables_for`.
    tables : Tables
        What `tables_for` gave.

    Returns
    -------
    Baseline

    Notes
    -----
    In turn, three times: the mean by multiplicative updates of a Poisson likelihood
    (Richardson 1972; Lucy 1974), which keep it above zero, on counts that are cut at
    the 98 % point of their own day and scaled back by what the cut takes on average; the
    excess by maximum likelihood, counts at the cut being censored. Then the memory by
    least squares from the autocovariances of the cut counts, lags 1 to 14.
    """
    series, days = counts.shape
    weekday = np.arange(days) % WEEK
    marks = np.eye(WEEK)[weekday]
    most = tables.log_pmf.shape[2] - 1
    counts = np.minimum(counts, most)
    share = keep.mean(axis=1)
    start = np.sort(counts * keep, axis=1)[:, : max(1, int(CENSORED * days))].mean(axis=1) / share
    mean = np.maximum(start, 1 / days)[:, None] * (shape / shape.mean())
    weights = np.ones((series, WEEK))
    levels = np.repeat(mean[:, :1] / shape[0], basis.shape[1], axis=1)
    excess = np.full(series, 0.5)
    for _ in range(ROUNDS):
        place, nearest = _place(mean, tables), _nearest(excess)
        held = np.minimum(counts, tables.cap[nearest, place]) / tables.kept[nearest, place] * keep
        for _ in range(3):
            weekly = keep * shape * weights[:, weekday]
            due = np.maximum((levels @ basis.T) * shape * weights[:, weekday], LOW_MEAN)
            learnt = np.maximum(weekly @ basis, LOW_MEAN)
            levels = np.maximum(levels * (((weekly * held / due) @ basis) / learnt), LOW_MEAN)
            plain = (levels @ basis.T) * shape * keep
            weights = (held @ marks + WEEKDAY_PRIOR) / (plain @ marks + WEEKDAY_PRIOR)
        mean = np.maximum((levels @ basis.T) * shape * weights[:, weekday], LOW_MEAN)
        place = _place(mean, tables)
        excess, high = _excess(counts, keep, place, tables.cap[nearest, place], tables)
    nearest = _nearest(excess)
    cut, held = tables.cap[nearest, place], mean * tables.kept[nearest, place]
    relative = (np.minimum(counts, cut) / held - 1) / tables.grip[nearest, place]
    slow, error, memory = _memory(relative, keep, mean, excess)
    return Baseline(mean, excess, high, slow, np.minimum(slow + error, MOST_SLOW), memory)


def _nearest(excess: np.ndarray) -> np.ndarray:
    """Row of the tables for each series."""
    return np.abs(EXCESSES - excess[:, None]).argmin(axis=1)[:, None]


def _place(mean: np.ndarray, tables: Tables) -> np.ndarray:
    step = tables.log_means[1] - tables.log_means[0]
    place = np.rint((np.log(mean) - tables.log_means[0]) / step).astype(np.intp)
    return np.clip(place, 0, len(tables.log_means) - 1)


def _excess(
    counts: np.ndarray, keep: np.ndarray, place: np.ndarray, cut: np.ndarray, tables: Tables
) -> tuple[np.ndarray, np.ndarray]:
    """1/k by censored maximum likelihood, and the upper end of what is as likely."""
    size = tables.log_pmf.shape[2]
    censored = counts >= cut
    at = place * size + np.minimum(counts, cut)
    heights = np.empty((len(counts), len(EXCESSES)))
    for column in range(len(EXCESSES)):
        terms = tables.log_pmf[column].ravel()[at]
        terms[censored] = tables.log_tail[column].ravel()[at[censored]]
        heights[:, column] = (terms * keep).sum(axis=1)
    fine = heights @ BETWEEN
    best = fine.max(axis=1, keepdims=True)
    as_likely = fine >= best - CAUTION
    last = fine.shape[1] - 1 - as_likely[:, ::-1].argmax(axis=1)
    return FINE[fine.argmax(axis=1)], FINE[last]


def _memory(
    relative: np.ndarray, keep: np.ndarray, mean: np.ndarray, excess: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Variance of the wandering factor, its uncertainty, and its memory.

    Relative counts are weighted by how well their day is known: they vary by 1/mean + 1/k.
    """
    series, days = relative.shape
    weight = keep / (1 / mean + excess[:, None])
    residual = weight * relative
    products = np.empty((series, LAGS))
    norms = np.empty_like(products)
    for lag in range(1, LAGS + 1):
        pairs = weight[:, lag:] * weight[:, : days - lag]
        norms[:, lag - 1] = pairs.sum(axis=1)
        products[:, lag - 1] = (residual[:, lag:] * residual[:, : days - lag]).sum(axis=1)
    norms = np.maximum(norms, LOW_MEAN)
    covariance = products / norms
    decay = MEMORIES[:, None] ** np.arange(1, LAGS + 1)
    squares = (decay**2).sum(axis=1)
    slow = covariance @ decay.T / squares
    # Variance of a covariance under independence, where that of a product is the product of
    # the weights, and below what dependence adds (Bartlett 1946).
    alone = (1 / norms).mean(axis=1, keepdims=True)
    gain = np.maximum(slow, 0) ** 2 * squares / alone
    as_good = gain >= gain.max(axis=1, keepdims=True) - 2 * CAUTION
    longest = len(MEMORIES) - 1 - as_good[:, ::-1].argmax(axis=1)
    rows = np.arange(series)
    slow, memory = np.clip(slow[rows, longest], 0, MOST_SLOW), MEMORIES[longest]
    part = np.minimum(slow * weight.mean(axis=1), 1.0)
    inflated = alone[:, 0] * (1 + 2 * part**2 * memory**2 / (1 - memory**2))
    return slow, np.sqrt(2 * CAUTION * inflated / squares[longest]), memory


def simulated(fit: Baseline, draws: int, random: np.random.Generator) -> np.ndarray:
    """Draw series as they would be without bursts.

    Parameters
    ----------
    fit : Baseline
        What `fit_baseline` gave for one series.
    draws : int
        Series to draw.
    random : numpy.random.Generator
        Source of chance.

    Returns
    -------
    numpy.ndarray
        Counts, shape (draws, days). Excess and wandering are as large as they may well be,
        since too small a spread is what makes false alarms.
    """
    mean = np.broadcast_to(fit.mean[0], (draws, fit.mean.shape[1]))
    slow = min(fit.slow_high[0], max(fit.excess_high[0], fit.slow[0]))
    if slow > 0:
        deviation, memory = np.sqrt(np.log1p(slow)), fit.memory[0]
        shocks = random.standard_normal(mean.shape)
        shocks[:, 1:] *= np.sqrt(1 - memory**2)
        wander = deviation * signal.lfilter([1.0], [1.0, -memory], shocks, axis=1)
        mean = mean * np.exp(wander - deviation**2 / 2)
    quick = (1 + fit.excess_high[0]) / (1 + slow) - 1
    if quick > 1e-3:
        mean = mean * random.standard_gamma(1 / quick, mean.shape) * quick
    return random.poisson(mean)
