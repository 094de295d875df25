"""How unevenly accounts were made, without letting the largest days decide.

A plain negative-binomial fit diverges, or is set by a handful of days on which
most accounts were made. Here the largest days are masked: the likelihood is
that of the other days, given that they are not among the largest, so a burst
cannot spoil the baseline that it would be judged by.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize, special, stats
from statsmodels.stats.multitest import multipletests

__all__ = ["dispersion_table", "fit_masked", "masking_point"]

COLUMNS = [
    "platform",
    "estimate",
    "value",
    "low",
    "high",
    "n",
    "n_dated",
    "days",
    "masked_days",
    "method",
    "null",
    "p",
    "wrong_if",
]
CONFIDENCE = 0.95
FEWEST_DAYS = 30
FEWEST_COUNTS = 3
# What six digits can hold: a smaller p is written as this.
SMALLEST_P = 1e-6
SMALLEST = np.finfo(float).tiny
# Logarithms of the sizes k looked at. At the upper end the distribution is
# Poisson for every count that a day has seen.
LOG_SIZES = np.arange(-8.0, 12.5, 0.5)
NULL = "independent days with one Poisson mean"
WRONG_IF = (
    "the mean moved: a trend, a weekly cycle or waves of removal count as dispersion, "
    "and removed accounts are unseen"
)


@dataclass(frozen=True)
class MaskedFit:
    """A negative binomial fitted to the days that are not among the largest.

    Attributes
    ----------
    mean : float
        Accounts a day.
    size, low, high : float
        k, the variance being mean + mean²/k, and its 95 % interval by profile
        likelihood; an end at the edge of `LOG_SIZES` is open.
    p : float
        Of k against Poisson.
    """

    mean: float
    size: float
    low: float
    high: float
    p: float


def masking_point(counts: np.ndarray, share: float) -> int:
    """Largest count that is not masked.

    Parameters
    ----------
    counts : numpy.ndarray
        Accounts a day, some above zero.
    share : float
        Share of the days *with a creation* that may lie above it. Taking the
        share of all days would mask everything where most days have none.
    """
    active = np.sort(counts[counts > 0])
    # Rounded, since 1 - 0.18 is a little more than 0.82 to a computer.
    kept = math.ceil(round((1 - share) * len(active), 9))
    return int(active[kept - 1])


def fit_masked(counts: np.ndarray, point: int) -> MaskedFit:
    """Fit a negative binomial by maximum likelihood, truncated at `point`.

    Parameters
    ----------
    counts : numpy.ndarray
        Accounts a day.
    point : int
        Days above it are left out, and the likelihood of the others is that
        of a count known to be at most `point`.

    Returns
    -------
    MaskedFit

    Notes
    -----
    The test statistic is twice the gain in log-likelihood over Poisson. Since
    Poisson lies on the edge of the range of k, half a chi-squared with one
    degree of freedom is its null distribution: Self and Liang 1987, Journal of
    the American Statistical Association 82, 605-610. The point comes from the
    same days, which makes the test approximate.
    """
    kept, times = np.unique(counts[counts <= point], return_counts=True)
    factorials = special.gammaln(kept + 1)

    def profile(log_size: float) -> tuple[float, float]:
        size = np.exp(log_size)
        choose = special.gammaln(kept + size) - special.gammaln(size) - factorials

        def loss(log_mean: float) -> float:
            mean = np.exp(log_mean)
            share = size / (size + mean)
            pmf = choose + size * np.log(share) + kept * np.log1p(-share)
            below = max(special.betainc(size, point + 1, share), SMALLEST)
            return float(times.sum() * np.log(below) - times @ pmf)

        found = optimize.minimize_scalar(loss, bounds=(-12, 12), method="bounded")
        return found.x, -found.fun

    heights = [profile(log_size)[1] for log_size in LOG_SIZES]
    near = LOG_SIZES[int(np.argmax(heights))]
    best = optimize.minimize_scalar(
        lambda log_size: -profile(log_size)[1],
        bounds=(max(near - 0.5, LOG_SIZES[0]), min(near + 0.5, LOG_SIZES[-1])),
        method="bounded",
    )
    top = max(-best.fun, max(heights))
    drop = stats.chi2.ppf(CONFIDENCE, 1) / 2

    def edge(limit: float) -> float:
        def short(log_size: float) -> float:
            return top - profile(log_size)[1] - drop

        if short(limit) <= 0:
            return limit
        return optimize.brentq(short, *sorted((limit, best.x)), xtol=1e-4)

    gain = max(top - profile(LOG_SIZES[-1])[1], 0.0)
    return MaskedFit(
        mean=float(np.exp(profile(best.x)[0])),
        size=float(np.exp(best.x)),
        low=float(np.exp(edge(LOG_SIZES[0]))),
        high=float(np.exp(edge(LOG_SIZES[-1]))),
        p=float(0.5 * stats.chi2.sf(2 * gain, 1)),
    )


def dispersion_table(daily: pd.DataFrame, n: pd.Series, *, share: float) -> pd.DataFrame:
    """Describe the unevenness of each platform's daily creations.

    Parameters
    ----------
    daily : pandas.DataFrame
        What `daily.daily_creations` gave.
    n : pandas.Series
        Network accounts by platform, dated or not.
    share : float
        Share of the days with a creation that is masked.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`, three rows a platform: the plain index of dispersion
        (variance by mean), the robust mean a day, and the robust size k with
        its interval and the test against Poisson, corrected over platforms by
        Holm, 0.000001 standing for any smaller p. A platform with fewer than
        thirty days, or whose unmasked days cannot tell mean and size apart, has
        one row, whose method says `not identified` and why.
    """
    rows = []
    for platform in sorted(n.index):
        counts = daily.loc[daily["platform"] == platform, "accounts"].to_numpy(int)
        common = {
            "platform": platform,
            "n": int(n[platform]),
            "n_dated": int(counts.sum()),
            "days": len(counts),
        }
        rows += [{**common, **row} for row in _described(counts, share)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    tested = table["p"].notna()
    if tested.any():
        table.loc[tested, "p"] = multipletests(table.loc[tested, "p"], method="holm")[1]
    return table


def _unidentified(why: str) -> list[dict]:
    return [{"estimate": "size k", "method": f"not identified: {why}", "wrong_if": WRONG_IF}]


def _described(counts: np.ndarray, share: float) -> list[dict]:
    if len(counts) < FEWEST_DAYS:
        return _unidentified(f"{len(counts)} days, and {FEWEST_DAYS} are needed")
    point = masking_point(counts, share)
    different = len(np.unique(counts[counts <= point]))
    if different < FEWEST_COUNTS:
        return _unidentified(
            f"days that are not masked have {different} different counts, and "
            f"{FEWEST_COUNTS} are needed"
        )
    fit = fit_masked(counts, point)
    if fit.mean > point:
        return _unidentified(f"the best mean lies above {point}, where days are masked")
    shared = {"masked_days": int((counts > point).sum()), "wrong_if": WRONG_IF}
    robust = f"negative binomial by maximum likelihood, days above {point} masked"
    return [
        {
            **shared,
            "estimate": "index of dispersion",
            "value": counts.var(ddof=1) / counts.mean(),
            "method": "variance by mean of all days, the largest included",
        },
        {**shared, "estimate": "mean a day", "value": fit.mean, "method": robust},
        {
            **shared,
            "estimate": "size k",
            "value": fit.size,
            "low": fit.low,
            "high": fit.high,
            "method": f"{robust}; 95 % by profile likelihood",
            "null": NULL,
            "p": max(fit.p, SMALLEST_P),
        },
    ]
