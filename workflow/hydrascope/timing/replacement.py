"""New accounts for each removed one: an event study that placebo dates keep honest."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

__all__ = [
    "Effects",
    "REPLACEMENT",
    "WAVES",
    "interval",
    "removal_waves",
    "replacement_table",
    "wave_effects",
]

# The estimand: accounts made in the month after a removal beyond what would have been made, by
# the accounts that were removed.
AFTER_DAYS = 30
# Growth before a date that a placebo must share with it: two weeks, so that waves a month and a
# half apart still stand apart.
BEFORE_DAYS = 14
RECENT_DAYS = 5
FEWEST_WAVES = 5
FEWEST_PLACEBOS = 60
# Share of the placebos, those whose growth is the nearest to a wave's, that it is held against.
NEAREST = 0.1
# A wave after more growth than this share of the placebos had was set off by a surge.
COMMON_GROWTH = 0.95
# A wave is dated where the day of removal is known to within so many days.
WIDEST_DATE = 7
FEWEST_REMOVED = 3
# Posts of the removed accounts in so many days before the last one give their rate.
RATE_DAYS = 30
# Silence that a Poisson stream keeps once in twenty: -ln(0.05).
RULE_OF_THREE = 3.0
SLOGAN = 2.0
CONFIDENCE = 0.95
WAVES = [
    *("wave", "after", "before", "day", "day_low", "day_high", "removed", "made", "due", "excess"),
    "status",
]
REPLACEMENT = [
    *("estimate", "value", "low", "high", "p", "p_slogan", "waves", "removed", "made", "due"),
    *("placebos", "n_dated", "n", "status", "method", "null", "wrong_if"),
]
METHOD = (
    "accounts made in days 1 to {after} after a wave, less what placebo dates with the same "
    "growth in the {recent} and {before} days before and the same season bring, by accounts "
    "removed; waves are the unit, 95 % by Student's t"
)
NULL = (
    "no more accounts are made after a removal than after dates like it (p), two for each "
    "removed one (p_slogan)"
)
WRONG_IF = (
    "accounts are made in reserve or on other platforms, new accounts are found less often than "
    "old ones, or something else both set off removals and new accounts"
)


@dataclass(frozen=True)
class Effects:
    """What `wave_effects` found.

    Attributes
    ----------
    usable : numpy.ndarray
        Waves that enter, bool.
    made, due : numpy.ndarray
        Accounts made after each wave, and how many placebo dates let one expect.
    ratio, error : float
        Excess by removed account, and its standard error.
    free : int
        Degrees of freedom.
    placebos : int
        Placebo dates.
    status : str
        `estimated`, or `not identified` and why.
    """

    usable: np.ndarray
    made: np.ndarray
    due: np.ndarray
    ratio: float
    error: float
    free: int
    placebos: int
    status: str


def removal_waves(removals: pd.DataFrame, posts: pd.DataFrame) -> pd.DataFrame:
    """Date the waves of removals as closely as snapshots and posts allow.

    Parameters
    ----------
    removals : pandas.DataFrame
        account_id, removed_after and removed_before (UTC) of the network's removed accounts.
    posts : pandas.DataFrame
        account_id and posted_at (UTC) of their posts.

    Returns
    -------
    pandas.DataFrame
        wave, after and before (snapshots between which accounts went), day, day_low and
        day_high (within which the removal lies, 95 %), removed, and status: `dated`, or why
        not.

    Notes
    -----
    Accounts that went between the same two snapshots are taken to have gone together: not
    before the last post of any of them, and not after the silence behind it would be a
    chance of one in twenty at the rate of their posts (-ln 0.05 by the rate).
    """
    rows = []
    day = pd.Timedelta(days=1)
    for (after, before), own in removals.groupby(["removed_after", "removed_before"], sort=True):
        low, high = after, before
        told = posts.loc[posts["account_id"].isin(own["account_id"]), "posted_at"]
        told = told[(told >= after) & (told < before)]
        if len(told):
            low = told.max()
            rate = (told > low - RATE_DAYS * day).sum() / min(
                RATE_DAYS, max((low - after) / day, 1)
            )
            high = min(before, low + RULE_OF_THREE / rate * day)
        width = (high - low) / day
        status = "dated"
        if width > WIDEST_DATE:
            status = f"not dated: known to {width:.0f} days, and {WIDEST_DATE} are needed"
        elif len(own) < FEWEST_REMOVED:
            status = f"not dated: {len(own)} removed, and {FEWEST_REMOVED} are needed"
        rows.append((after, before, low.floor("D"), low, high, len(own), status))
    names = ["after", "before", "day", "day_low", "day_high", "removed", "status"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(wave=np.arange(1, len(table) + 1)).reindex(columns=WAVES)


def wave_effects(counts: np.ndarray, days: np.ndarray, removed: np.ndarray) -> Effects:
    """Estimate how many accounts are made for each removed one.

    Parameters
    ----------
    counts : numpy.ndarray
        Accounts made a day, shape (days,).
    days : numpy.ndarray
        Place of each wave in `counts`, ascending.
    removed : numpy.ndarray
        Accounts that each wave removed.

    Returns
    -------
    Effects

    Notes
    -----
    A placebo date is any day without a wave from 44 days before to 30 days after it. For
    each wave the tenth of them whose growth is the nearest is taken (numbers made in the 5
    days and in the 9 before them, in logarithms), and on all of these what is made in the next
    30 days is regressed on a constant, those two numbers and, over two years and more, the
    season. A wave is usable where no other lies within 44 days, the series reaches 30 days
    beyond it, and it comes after no more growth than 95 % of all placebos: what looks like
    replacement after others may be the surge that set off the removal.

    The ratio is the sum of excesses by the sum of removals. Its variance is that of the ratio
    estimator over waves (Cochran 1977, Sampling Techniques, section 6.3), or what the
    spread of the placebos gives where that is more, and that of the regression's prediction
    with autocorrelation of overlapping windows (Newey and West 1987, Econometrica 55, 703-708).
    """
    length = len(counts)
    totals = np.concatenate([[0], np.cumsum(counts)])

    def made(first: np.ndarray, last: np.ndarray) -> np.ndarray:
        """Accounts of days first to last, both included."""
        return totals[np.clip(last + 1, 0, length)] - totals[np.clip(first, 0, length)]

    every = np.arange(BEFORE_DAYS, length - AFTER_DAYS)
    gap = every[:, None] - days[None, :]
    near = (gap >= -AFTER_DAYS) & (gap <= AFTER_DAYS + BEFORE_DAYS)
    placebo = every[~near.any(axis=1)]
    apart = np.diff(days)
    alone = np.ones(len(days), dtype=bool)
    alone[1:] &= apart >= AFTER_DAYS + BEFORE_DAYS
    alone[:-1] &= apart >= AFTER_DAYS + BEFORE_DAYS
    inside = (days >= BEFORE_DAYS) & (days < length - AFTER_DAYS)

    def features(at: np.ndarray) -> np.ndarray:
        columns = [
            np.ones(len(at)),
            made(at - BEFORE_DAYS + 1, at - RECENT_DAYS),
            made(at - RECENT_DAYS + 1, at),
        ]
        if length >= 730:
            turn = 2 * np.pi * at / 365.25
            columns += [np.sin(turn), np.cos(turn)]
        return np.column_stack(columns).astype(float)

    after = made(days + 1, days + AFTER_DAYS).astype(float)
    if len(placebo) < FEWEST_PLACEBOS:
        why = f"{len(placebo)} days are far from every removal, and {FEWEST_PLACEBOS} are needed"
        return _unknown(alone & inside, after, len(placebo), why)
    design, outcome = features(placebo), made(placebo + 1, placebo + AFTER_DAYS).astype(float)
    growth, wave_growth = design[:, 1] + design[:, 2], features(days)[:, 1:3].sum(axis=1)
    like = (wave_growth >= growth.min()) & (wave_growth <= np.quantile(growth, COMMON_GROWTH))
    usable = alone & inside & like
    if usable.sum() < FEWEST_WAVES:
        why = (
            f"{usable.sum()} dated waves stand apart from others, with placebo dates like them, "
            f"and {FEWEST_WAVES} are needed"
        )
        return _unknown(usable, after, len(placebo), why)
    alike = _nearest(design[:, 1:3], features(days)[usable][:, 1:3])
    placebo, design, outcome = placebo[alike], design[alike], outcome[alike]
    inverse = np.linalg.pinv(design.T @ design)
    weights = inverse @ design.T @ outcome
    residual = outcome - design @ weights
    scores = _placed(placebo, design * residual[:, None], length)
    middle = scores.T @ scores
    for lag in range(1, AFTER_DAYS + 1):
        cross = scores[lag:].T @ scores[:-lag]
        middle += (1 - lag / (AFTER_DAYS + 1)) * (cross + cross.T)
    covariance = inverse @ middle @ inverse
    due = np.maximum(features(days) @ weights, 0)
    excess, gone = (after - due)[usable], removed[usable].astype(float)
    ratio = excess.sum() / gone.sum()
    number = int(usable.sum())
    among = number / (number - 1) * ((excess - ratio * gone) ** 2).sum()
    free = max(len(placebo) - design.shape[1], 1)
    among = max(among, number * float(residual @ residual) / free)
    total = features(days)[usable].sum(axis=0)
    common = max(float(total @ covariance @ total), 0.0)
    error = float(np.sqrt(among + common) / gone.sum())
    return Effects(usable, after, due, float(ratio), error, number - 1, len(placebo), "estimated")


def _nearest(growth: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Places of the placebos whose growth is among the nearest to that of any wave, sorted."""
    logs, goal = np.log1p(growth), np.log1p(wanted)
    scale = np.maximum(logs.std(axis=0), 1e-9)
    far = (((logs[None] - goal[:, None]) / scale) ** 2).sum(axis=2)
    many = min(len(growth), max(FEWEST_PLACEBOS // 2, int(NEAREST * len(growth))))
    return np.unique(np.argsort(far, axis=1, kind="stable")[:, :many])


def _placed(at: np.ndarray, rows: np.ndarray, length: int) -> np.ndarray:
    """Rows at their days, zeros elsewhere, so that lags are days."""
    table = np.zeros((length, rows.shape[1]))
    table[at] = rows
    return table


def _unknown(usable: np.ndarray, made: np.ndarray, placebos: int, why: str) -> Effects:
    due = np.full(len(made), np.nan)
    return Effects(usable, made, due, np.nan, np.nan, 0, placebos, f"not identified: {why}")


def interval(found: Effects) -> tuple[float, float, float, float]:
    """95 % interval of the ratio, and p against none and against two for each.

    p against none is one-sided (more are made), that against the slogan two-sided.
    """
    half = stats.t.ppf((1 + CONFIDENCE) / 2, max(found.free, 1)) * found.error
    none = stats.t.sf(found.ratio / found.error, max(found.free, 1))
    slogan = 2 * stats.t.sf(abs(found.ratio - SLOGAN) / found.error, max(found.free, 1))
    return found.ratio - half, found.ratio + half, float(none), float(slogan)


def replacement_table(
    created: pd.Series, waves: pd.DataFrame, n: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Estimate the replacement of a network's accounts.

    Parameters
    ----------
    created : pandas.Series
        Days of creation (UTC) of the network's dated accounts.
    waves : pandas.DataFrame
        What `removal_waves` gave for accounts of units that have dates.
    n : int
        The network's accounts, dated or not.

    Returns
    -------
    table : pandas.DataFrame
        Columns `REPLACEMENT`, one row.
    waves : pandas.DataFrame
        The waves with accounts made, due and excess.
    """
    row = {
        "estimate": "accounts made for each removed one",
        "n_dated": len(created),
        "n": n,
        "method": METHOD.format(after=AFTER_DAYS, recent=RECENT_DAYS, before=BEFORE_DAYS),
        "null": NULL,
        "wrong_if": WRONG_IF,
    }
    dated = waves[waves["status"] == "dated"]
    why = ""
    if waves.empty:
        why = "no removal of an account with a date of creation is known"
    elif len(dated) < FEWEST_WAVES:
        why = f"{len(dated)} waves of removals are dated, and {FEWEST_WAVES} are needed"
    elif created.empty:
        why = "no account has a date of creation"
    if why:
        table = pd.DataFrame([row | {"status": f"not identified: {why}", "waves": len(dated)}])
        return table.reindex(columns=REPLACEMENT), waves
    first = min(created.min(), dated["day"].min())
    last = max(created.max(), waves["before"].max())
    index = pd.date_range(first, last, freq="D")
    counts = created.value_counts().reindex(index, fill_value=0).to_numpy()
    found = wave_effects(counts, index.get_indexer(dated["day"]), dated["removed"].to_numpy(int))
    waves = waves.copy()
    waves.loc[dated.index, "made"] = found.made
    waves.loc[dated.index, "due"] = found.due
    waves["excess"] = waves["made"] - waves["due"]
    used = dated.index[found.usable]
    waves.loc[dated.index.difference(used), "status"] = (
        "dated, not apart from others or unlike any placebo"
    )
    row |= {"status": found.status, "waves": len(used), "placebos": found.placebos}
    row |= {"removed": waves.loc[used, "removed"].sum(), "made": waves.loc[used, "made"].sum()}
    if found.status == "estimated":
        low, high, none, slogan = interval(found)
        row |= {"value": found.ratio, "low": low, "high": high, "p": none, "p_slogan": slogan}
        row |= {"due": waves.loc[used, "due"].sum()}
    return pd.DataFrame([row]).reindex(columns=REPLACEMENT), waves
