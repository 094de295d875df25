"""Hours at which a network posts and makes accounts, and the clocks that go with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from hydrascope.narratives.batches import FEWEST_BATCHES, GRAIN, batch_of, effective_batches
from hydrascope.timing.circle import coefficients, exchanged, turned
from hydrascope.timing.dates import network_creations
from hydrascope.timing.holidays import HOLIDAYS, holiday_table
from hydrascope.timing.shifts import SHIFTS, shift_table
from hydrascope.timing.zones import ZONES, zone_table, zones_of

__all__ = [
    "CLOCK",
    "HOURS",
    "Moments",
    "clock_table",
    "days_looked_at",
    "heard_accounts",
    "hour_tables",
    "kept_moments",
    "moments_of",
    "set_width",
]

# Accounts of either side whose posts are timed at most.
MOST_ACCOUNTS = 20_000
# Seconds to which a time must be known for its hour to be read.
FINEST = 60
FEWEST_TIMES = 20
FEWEST_DAYS_HOLIDAYS = 180
EPOCH = pd.Timestamp(0, tz="UTC")
ALPHA = 0.05
BOOTSTRAP = 200
OWN, CONTROLS, SPAN = "common hours", "other hours than controls", "zones not rejected, hours apart"
HOURS = [
    *("platform", "of", "estimate", "value", "low", "high", "p", "q", "times", "n_dated", "n"),
    *("batches", "effective", "status", "method", "null", "wrong_if"),
]
CLOCK = ["platform", "of", "side", "weekday", "hour", "share"]
HALF_HOUR = 1_800
HALF_HOURS = 86_400 // HALF_HOUR
METHODS = {
    OWN: "Watson's U² of times, each account one vote, each batch turned by an angle of its own, "
    "{draws} draws",
    CONTROLS: "distance of the two distributions of hours (Watson's), labels of whole batches "
    "exchanged, {draws} draws",
    SPAN: "best of four working days, shifted by up to two hours; a zone is rejected where its "
    "fit is worse than the best by batches; low and high are hours ahead of UTC",
}
NULLS = {
    OWN: "batches keep hours that have nothing to do with each other's",
    CONTROLS: "whose a batch is says nothing about its hours",
    SPAN: "the zone's working day fits as well as the best of all zones'",
}
WRONG_IF = (
    "a program posts, nights are worked, or several places are mixed; places on one meridian are "
    "not told apart"
)


@dataclass(frozen=True)
class Moments:
    """Times of day with their accounts' votes and batches.

    Attributes
    ----------
    seconds, weights : numpy.ndarray
        Seconds since 1970 (UTC), and a share of the account's one vote; shape (times,).
    batches : numpy.ndarray
        Number of the batch of each, from 0.
    accounts : int
        Accounts with a time.
    sizes : numpy.ndarray
        Accounts of each batch.
    coarse : int
        Times known to more than a minute, which are left out.
    """

    seconds: np.ndarray
    weights: np.ndarray
    batches: np.ndarray
    accounts: int
    sizes: np.ndarray
    coarse: int


def moments_of(times: pd.DataFrame, batches: pd.Series) -> Moments:
    """Collect times whose hour is known.

    Parameters
    ----------
    times : pandas.DataFrame
        account_id, at (UTC, may be missing) and precision.
    batches : pandas.Series
        Batch of each account, by account_id.

    Returns
    -------
    Moments
    """
    there = times.dropna(subset="at")
    rows = there[there["precision"].map(GRAIN) <= FINEST]
    owner = rows["account_id"]
    number = np.unique(batches.reindex(owner).to_numpy(), return_inverse=True)[1]
    sizes = pd.Series(owner.to_numpy()).groupby(number).nunique().to_numpy()
    return Moments(
        seconds=((rows["at"] - EPOCH) // pd.Timedelta(seconds=1)).to_numpy(np.int64),
        weights=(1 / owner.groupby(owner).transform("size")).to_numpy(float),
        batches=number,
        accounts=owner.nunique(),
        sizes=sizes,
        coarse=len(there) - len(rows),
    )


def heard_accounts(
    accounts: pd.DataFrame,
    verdicts: pd.DataFrame,
    *,
    verdict: str,
    seed: int,
    most: int = MOST_ACCOUNTS,
) -> pd.Series:
    """Choose the accounts whose posts are timed.

    Parameters
    ----------
    accounts : pandas.DataFrame
        account_id, in an order that no key of pseudonyms enters.
    verdicts : pandas.DataFrame
        account_id and verdicts.
    verdict : str
        The verdict that counts.
    seed : int
        Seed of what is drawn.
    most : int
        Accounts of either side at most; of more, as many are drawn.

    Returns
    -------
    pandas.Series
        account_id of affiliated and unaffiliated accounts.
    """
    rows = accounts[["account_id"]].merge(verdicts[["account_id", verdict]], on="account_id")
    rows = rows[rows[verdict].isin(["affiliated", "unaffiliated"])]
    lot = pd.Series(np.random.default_rng(seed).random(len(rows)), index=rows.index)
    return rows.loc[lot.groupby(rows[verdict]).rank() <= most, "account_id"]


def kept_moments(
    accounts: pd.DataFrame,
    posts: pd.DataFrame,
    verdicts: pd.DataFrame,
    *,
    verdict: str,
    side: str,
    gap_minutes: float,
) -> tuple[dict[tuple[str, str], Moments], pd.Series]:
    """Collect the times of one side, for all platforms together and each by itself.

    Parameters
    ----------
    accounts : pandas.DataFrame
        Contract `accounts`.
    posts : pandas.DataFrame
        account_id, posted_at and posted_precision.
    verdicts : pandas.DataFrame
        account_id and verdicts.
    verdict : str
        The verdict that counts.
    side : {'affiliated', 'unaffiliated'}
        Whose times.
    gap_minutes : float
        Longest gap of a batch.

    Returns
    -------
    moments : dict
        By platform (and `all`, where there are several) and `posts` or `creations`.
    n : pandas.Series
        Accounts by platform, and of `all`.
    """
    own = network_creations(
        accounts,
        verdicts.assign(chosen=verdicts[verdict].eq(side).map({True: "affiliated"})),
        verdict="chosen",
    )
    batches = batch_of(own, gap_minutes=gap_minutes)
    made = own.rename(columns={"created_at": "at", "created_precision": "precision"})
    told = posts.rename(columns={"posted_at": "at", "posted_precision": "precision"})
    told = told.merge(own[["account_id", "platform"]], on="account_id")
    platforms = sorted(own["platform"].unique())
    groups = {platform: [platform] for platform in platforms}
    if len(platforms) > 1:
        groups["all"] = platforms
    moments = {
        (name, of): moments_of(rows[rows["platform"].isin(parts)], batches)
        for name, parts in groups.items()
        for of, rows in (("posts", told), ("creations", made))
    }
    n = pd.Series({name: own["platform"].isin(parts).sum() for name, parts in groups.items()})
    return moments, n


def days_looked_at(posts: pd.DataFrame) -> tuple[date, date]:
    """First and last day (UTC) of the posts; the same day twice where none has a date."""
    times = posts["posted_at"].dropna()
    if times.empty:
        return date(1970, 1, 1), date(1970, 1, 1)
    return times.min().date(), times.max().date()


def clock_table(
    network: Mapping[tuple[str, str], Moments], controls: Mapping[tuple[str, str], Moments]
) -> pd.DataFrame:
    """Count by half hours of the week, each account one vote.

    Parameters
    ----------
    network, controls : mapping
        `Moments` by platform and what they are of.

    Returns
    -------
    pandas.DataFrame
        Columns `CLOCK`, sorted: share of the times of one side in the half hour that begins at
        `hour` of `weekday` (UTC; 1 is Monday, as in ISO 8601). A side without times whose hour
        is known has no rows.
    """
    parts = [pd.DataFrame(columns=CLOCK)]
    for side, moments in (("network", network), ("controls", controls)):
        for (platform, of), own in sorted(moments.items()):
            if len(own.seconds):
                # The first second of 1970 was a Thursday's.
                bins = (own.seconds + 3 * 86_400) // HALF_HOUR % (7 * HALF_HOURS)
                sums = np.bincount(bins, own.weights, 7 * HALF_HOURS)
                weekday, half_hour = np.divmod(np.arange(len(sums)), HALF_HOURS)
                row = {"platform": platform, "of": of, "side": side}
                row |= {"weekday": weekday + 1, "hour": half_hour / 2}
                parts.append(pd.DataFrame({**row, "share": sums / sums.sum()}))
    return pd.concat(parts[1:] or parts, ignore_index=True).sort_values(
        CLOCK[:-1], ignore_index=True
    )


def hour_tables(
    network: Mapping[tuple[str, str], Moments],
    controls: Mapping[tuple[str, str], Moments],
    n: pd.Series,
    calendars: Mapping[str, tuple[set[date], set[date]]],
    *,
    draws: int,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Test hours, and describe them where there are any.

    Parameters
    ----------
    network, controls : mapping
        `Moments` by platform (or `all`) and what they are of, `posts` or `creations`.
    n : pandas.Series
        The network's accounts by platform, `all` included.
    calendars : mapping
        What `holidays.calendars` gave for the days of the posts.
    draws : int
        Arrangements drawn for each null.
    seed : int
        Seed of all draws.

    Returns
    -------
    hours : pandas.DataFrame
        Columns `HOURS`: both tests for every entry of `network`, and how far apart the zones
        are that are not rejected. q is Holm's, for each test over the table. Where the hours
        cannot be read the status says `not identified` and why.
    zones, shifts, holidays : pandas.DataFrame
        Of posts that keep common hours (q at most 0.05): columns `ZONES`, `SHIFTS` and
        `HOLIDAYS`.
    """
    rows = []
    for number, (key, own) in enumerate(sorted(network.items())):
        random = np.random.default_rng([seed, number])
        rows += _tested(key, own, controls.get(key), int(n[key[0]]), draws, random)
    hours = pd.DataFrame(rows).reindex(columns=HOURS)
    for estimate in (OWN, CONTROLS):
        tested = (hours["estimate"] == estimate) & hours["p"].notna()
        if tested.any():
            hours.loc[tested, "q"] = multipletests(hours.loc[tested, "p"], method="holm")[1]
    kept = hours[(hours["estimate"] == OWN) & (hours["q"] <= ALPHA) & (hours["of"] == "posts")]
    if len(kept):
        told = np.concatenate([network[platform, "posts"].seconds for platform in kept["platform"]])
        clocks = zones_of(*pd.to_datetime([told.min(), told.max()], unit="s", utc=True))
    parts = {name: [] for name in ("zones", "shifts", "holidays")}
    for platform in kept["platform"]:
        own = network[platform, "posts"]
        random = np.random.default_rng([seed, len(platform)])
        number = len(own.sizes)
        sample = random.multinomial(number, np.full(number, 1 / number), size=BOOTSTRAP)
        times = own.seconds, own.weights, own.batches
        parts["zones"].append(zone_table(platform, *times, clocks))
        parts["shifts"].append(shift_table(platform, *times, sample))
        days = pd.to_datetime(own.seconds // 86_400 * 86_400, unit="s")
        posted = pd.Series(own.weights, index=days).groupby(level=0).sum().asfreq("D", fill_value=0)
        if len(posted) >= FEWEST_DAYS_HOLIDAYS:
            parts["holidays"].append(
                holiday_table(platform, posted, calendars, draws=draws, seed=seed)
            )
    columns = {"zones": ZONES, "shifts": SHIFTS, "holidays": HOLIDAYS}
    tables = [
        pd.concat(part, ignore_index=True) if part else pd.DataFrame(columns=columns[name])
        for name, part in parts.items()
    ]
    spans = [_span(row, tables[0]) for row in kept.to_dict("records")]
    hours = pd.concat([hours, pd.DataFrame(spans).reindex(columns=HOURS)] if spans else [hours])
    order = ["of", "platform", "estimate"]
    return hours.sort_values(order, ignore_index=True), *tables


def _tested(
    key: tuple[str, str],
    own: Moments,
    others: Moments | None,
    n: int,
    draws: int,
    random: np.random.Generator,
) -> list[dict]:
    platform, of = key
    units = float(effective_batches(own.sizes))
    row = {"platform": platform, "of": of, "times": len(own.seconds), "n_dated": own.accounts}
    row |= {"n": n, "batches": len(own.sizes), "effective": units, "wrong_if": WRONG_IF}
    tests = {name: row | {"estimate": name, "null": NULLS[name]} for name in (OWN, CONTROLS)}
    why = ""
    if own.coarse and not len(own.seconds):
        why = "day precision"
    elif len(own.seconds) < FEWEST_TIMES:
        why = f"{len(own.seconds)} times are known to the minute, and {FEWEST_TIMES} are needed"
    elif units < FEWEST_BATCHES:
        why = f"{units:.1f} effective batches, and {FEWEST_BATCHES} are needed"
    if why:
        return [test | {"status": f"not identified: {why}"} for test in tests.values()]
    sums = coefficients(own.seconds, own.weights, own.batches)
    found = turned(sums, draws=draws, random=random)
    done = {"status": "estimated", "method": METHODS[OWN].format(draws=draws)}
    tests[OWN] |= done | {"value": found.statistic, "p": found.p}
    if others is None or effective_batches(others.sizes) < FEWEST_BATCHES:
        tests[CONTROLS]["status"] = "not identified: too few control accounts with times"
    else:
        other = coefficients(others.seconds, others.weights, others.batches)
        found = exchanged(sums, other, draws=draws, random=random)
        tests[CONTROLS] |= {"status": "estimated", "value": found.statistic, "p": found.p}
        tests[CONTROLS]["method"] = METHODS[CONTROLS].format(draws=draws)
    return list(tests.values())


def set_width(zones: pd.DataFrame) -> tuple[float, float]:
    """How far the zones of a set lie apart: the day less the widest gap between them.

    Parameters
    ----------
    zones : pandas.DataFrame
        What `zones.zone_table` gave for one platform; a zone counts by the middle of its
        offsets.

    Returns
    -------
    first, width : float
        The set's first offset from UTC and its width, in hours.
    """
    own = zones[zones["in_set"] == "yes"]
    middle = np.sort(((own["offset_low"] + own["offset_high"]) / 2).to_numpy())
    gaps = np.append(np.diff(middle), middle[0] + 24 - middle[-1])
    return middle[(int(gaps.argmax()) + 1) % len(middle)], 24 - gaps.max()


def _span(row: dict, zones: pd.DataFrame) -> dict:
    first, width = set_width(zones[zones["platform"] == row["platform"]])
    kept = {name: row[name] for name in HOURS if name not in ("p", "q")}
    return kept | {
        "estimate": SPAN,
        "value": width,
        "low": first,
        "high": first + width,
        "method": METHODS[SPAN],
        "null": NULLS[SPAN],
    }
