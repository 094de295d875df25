"""Bursts: more accounts on some days than a baseline without them explains."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import ndimage

from hydrascope.narratives.batches import (
    batch_of,
    effective_batches,
    resampled,
    share_interval,
)
from hydrascope.timing.baseline import simulated
from hydrascope.timing.scan import LENGTHS, Scan, high_windows, scan

__all__ = [
    "ALPHA",
    "burst_shares",
    "burst_tables",
    "control_days",
    "control_shape",
    "find_bursts",
    "scannable",
]

ALPHA = 0.05
FEWEST_DAYS = 30
FEWEST_ACCOUNTS = 5
# Standard deviation in days of the kernel under which control accounts are counted.
SMOOTH_DAYS = 30.0
FEWEST_CONTROLS = 500
# Share of the mean height that the shape never falls below.
FLOOR = 0.05
BURST, NONE = "burst", "no burst"
COLUMNS = [
    *("platform", "start", "end", "accounts", "excess", "low", "high", "p", "q", "status"),
    *("n_dated", "n", "days", "draws", "method", "null", "wrong_if"),
]
SHARES = ["platform", "accounts", "n_dated", "n", "share", "low", "high", "batches", "method"]
METHOD = (
    "negative-binomial scan over windows of {least} to {most} days, baseline with {shape} and "
    "weekdays, {draws} simulated series; 95 % interval of the excess from their counts"
)
NULL = (
    "negative-binomial days around a trend with a weekly cycle and an autocorrelated log-rate; "
    "p over all windows, q over platforms too (Bonferroni)"
)
WRONG_IF = (
    "accounts removed before the collection began were made on other days than the rest, or the "
    "mean jumped for good"
)


def control_days(
    accounts: pd.DataFrame, verdicts: pd.DataFrame, *, verdict: str
) -> dict[str, pd.Series]:
    """Days on which accounts outside the network were made, by platform.

    Parameters
    ----------
    accounts : pandas.DataFrame
        account_id, platform and created_at.
    verdicts : pandas.DataFrame
        account_id and verdicts.
    verdict : str
        The verdict by which they are `unaffiliated`; undetermined accounts are neither.
    """
    others = verdicts.loc[verdicts[verdict] == "unaffiliated", "account_id"]
    rows = accounts[accounts["account_id"].isin(others)].dropna(subset="created_at")
    days = rows["created_at"].dt.floor("D")
    return {platform: days[own] for platform, own in rows.groupby("platform").groups.items()}


def control_shape(controls: pd.Series, days: pd.DatetimeIndex) -> np.ndarray | None:
    """How many others registered at about the same time.

    Parameters
    ----------
    controls : pandas.Series
        Days of creation (UTC) of accounts of the platform outside the network.
    days : pandas.DatetimeIndex
        Every day of the network's series.

    Returns
    -------
    numpy.ndarray or None
        Relative height by day, mean 1, under a Gaussian kernel of 30 days: slower waves of
        sign-ups than that are the platform's, not the network's. None where fewer than 500
        controls are dated within the series.
    """
    counted = controls.value_counts().reindex(days, fill_value=0).to_numpy(float)
    if counted.sum() < FEWEST_CONTROLS:
        return None
    smooth = ndimage.gaussian_filter1d(counted, SMOOTH_DAYS, mode="nearest")
    smooth = np.maximum(smooth, FLOOR * smooth.mean())
    return smooth / smooth.mean()


def scannable(counts: np.ndarray) -> str:
    """Why a series cannot be scanned; empty where it can.

    Parameters
    ----------
    counts : numpy.ndarray
        Accounts a day from the first to the last creation, shape (days,).
    """
    made = int(counts.sum())
    if made == 0:
        return "no account has a date"
    if made < FEWEST_ACCOUNTS:
        return f"{made} accounts have a date, and {FEWEST_ACCOUNTS} are needed"
    if len(counts) < FEWEST_DAYS:
        return f"all were made within {len(counts)} days, and {FEWEST_DAYS} are needed"
    return ""


def find_bursts(
    counts: np.ndarray, done: Scan, *, alpha: float, random: np.random.Generator
) -> pd.DataFrame:
    """Choose windows that chance does not bring, the highest first, and join those that touch.

    Parameters
    ----------
    counts : numpy.ndarray
        Accounts a day, shape (days,).
    done : Scan
        What `scan.scan` gave for them.
    alpha : float
        Chance of a false alarm anywhere in the series.
    random : numpy.random.Generator
        Source of chance for the intervals.

    Returns
    -------
    pandas.DataFrame
        first and last (days from the start), accounts, excess over what simulated baselines
        bring in those days (their median) with low and high (95 % of them), and p of the
        highest window in it; sorted by first.

    Notes
    -----
    Every window is held against the maximum over all windows, so the chance that any
    burst is false stays below alpha however many true ones there are (single-step maxT,
    Westfall and Young 1993).
    """
    taken, best = np.zeros(len(counts), dtype=bool), np.ones(len(counts))
    least = np.sort(done.maxima)[-max(1, int(alpha * len(done.maxima)))]
    for window in high_windows(done.heights, least):
        p = done.p(done.heights[LENGTHS.index(window.stop - window.start), window.start])
        if p <= alpha:
            taken[window], best[window] = True, p
    labels, number = ndimage.label(taken)
    rows = []
    series = simulated(done.fit, len(done.maxima), random) if number else None
    for first, last in ((part[0].start, part[0].stop - 1) for part in ndimage.find_objects(labels)):
        here = slice(first, last + 1)
        made = int(counts[here].sum())
        usual = np.quantile(series[:, here].sum(axis=1), [0.5, 0.975, 0.025], method="nearest")
        excess, low, high = np.maximum(made - usual, 0)
        rows.append((first, last, made, excess, low, high, best[here].min()))
    names = ["first", "last", "accounts", "excess", "low", "high", "p"]
    return pd.DataFrame(rows, columns=names)


def burst_tables(
    daily: pd.DataFrame,
    controls: Mapping[str, pd.Series],
    n: pd.Series,
    *,
    draws: int,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Look for bursts on each platform.

    Parameters
    ----------
    daily : pandas.DataFrame
        What `daily.daily_creations` gave.
    controls : mapping of str to pandas.Series
        Days of creation of accounts outside the network, by platform.
    n : pandas.Series
        Network accounts by platform, dated or not.
    draws : int
        Series to simulate.
    seed : int
        Seed of the draws.

    Returns
    -------
    bursts : pandas.DataFrame
        Columns `COLUMNS`; a row a burst. A platform without one has a row whose status
        says `no burst` (p and q are those of its highest window) or `not identified` and why.
    baselines : pandas.DataFrame
        platform, day and baseline, the expected accounts of the day.
    """
    rows, baselines = [], []
    series = {platform: daily[daily["platform"] == platform] for platform in sorted(n.index)}
    tested = [name for name, own in series.items() if not scannable(own["accounts"].to_numpy(int))]
    for number, (platform, own) in enumerate(series.items()):
        counts = own["accounts"].to_numpy(int)
        common = {
            "platform": platform,
            "n_dated": int(counts.sum()),
            "n": int(n[platform]),
            "days": len(counts),
            "wrong_if": WRONG_IF,
        }
        if platform not in tested:
            rows.append({**common, "status": f"not identified: {scannable(counts)}"})
            continue
        days = pd.DatetimeIndex(own["day"]).tz_localize("UTC")
        shape = control_shape(controls.get(platform, pd.Series(dtype=days.dtype)), days)
        random = np.random.default_rng([seed, number])
        plain = np.ones(len(counts))
        known = plain if shape is None else shape
        done = scan(unbounded(counts), known, draws=draws, enough=draws // 10, random=random)
        found = find_bursts(counts, done, alpha=ALPHA / len(tested), random=random)
        common |= {
            "draws": len(done.maxima),
            "null": NULL,
            "method": METHOD.format(
                least=LENGTHS[0],
                most=LENGTHS[-1],
                shape="trend" if shape is None else "the shape of control accounts, trend",
                draws=len(done.maxima),
            ),
        }
        if found.empty:
            p = done.p(done.heights.max())
            rows.append({**common, "status": NONE, "p": p, "q": min(1.0, p * len(tested))})
        for burst in found.to_dict("records"):
            rows.append(
                {
                    **common,
                    **burst,
                    "status": BURST,
                    "start": own["day"].iloc[burst["first"]],
                    "end": own["day"].iloc[burst["last"]],
                    "q": min(1.0, burst["p"] * len(tested)),
                }
            )
        baselines.append(own[["platform", "day"]].assign(baseline=done.fit.mean[0]))
    empty = pd.DataFrame(columns=["platform", "day", "baseline"])
    return (
        pd.DataFrame(rows).reindex(columns=COLUMNS),
        pd.concat(baselines, ignore_index=True) if baselines else empty,
    )


def unbounded(counts: np.ndarray) -> np.ndarray:
    """Counts without the first and the last account: it is they who set the bounds.

    Parameters
    ----------
    counts : numpy.ndarray
        Accounts a day, from the first to the last creation, shape (days,).
    """
    counts = counts.copy()
    counts[[0, -1]] -= 1
    return counts


def burst_shares(
    creations: pd.DataFrame,
    bursts: pd.DataFrame,
    *,
    gap_minutes: float,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """Share of each platform's dated accounts that were made in its bursts.

    Parameters
    ----------
    creations : pandas.DataFrame
        What `dates.network_creations` gave.
    bursts : pandas.DataFrame
        What `burst_tables` gave.
    gap_minutes : float
        Longest gap of a batch, the unit that is drawn.
    draws, seed : int
        Bootstrap samples, and their seed.

    Returns
    -------
    pandas.DataFrame
        Columns `SHARES`. low and high (95 %) draw batches and accounts within them, the
        bursts' days being kept; missing where too few batches are there. share is missing
        where no burst could be looked for.
    """
    rows = []
    for platform, own in creations.groupby("platform", sort=True):
        dated = own.dropna(subset="created_at")
        here = bursts[bursts["platform"] == platform]
        row = {"platform": platform, "n_dated": len(dated), "n": len(own)}
        if not here["status"].isin([BURST, NONE]).any():
            rows.append({**row, "method": here["status"].iloc[0]})
            continue
        batches = batch_of(dated, gap_minutes=gap_minutes)
        days = dated.set_index("account_id")["created_at"].dt.strftime("%Y-%m-%d")
        days = days.reindex(batches.index).to_numpy()
        spans = here[here["status"] == BURST]
        inside = np.zeros(len(days))
        for span in spans.itertuples():
            inside[(days >= span.start) & (days <= span.end)] = 1
        units = effective_batches(np.bincount(batches - batches.min()))[None]
        weights = resampled(batches, draws=draws, seed=seed).astype(float)
        hits, of = weights @ inside, weights.sum(axis=1)
        low, high = share_interval(hits[:, None], of[:, None], np.array([inside.mean()]), units)
        rows.append(
            {
                **row,
                "accounts": int(inside.sum()),
                "share": inside.mean(),
                "low": low[0],
                "high": high[0],
                "batches": batches.nunique(),
                "method": f"batches of gaps up to {gap_minutes:g} min drawn, then accounts",
            }
        )
    return pd.DataFrame(rows).reindex(columns=SHARES)
