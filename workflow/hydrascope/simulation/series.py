"""Series and times with a known truth, on which the methods of timing are measured.

They are simpler than whole worlds, so that thousands of each kind can be had.
"""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import numpy as np
from scipy import signal

from hydrascope.simulation.clock import DAY

__all__ = ["drawn"]

HOUR = 3_600
# Creations of a working week, Monday first, relative to each other.
WEEK = np.array([1.31, 1.27, 1.18, 1.22, 1.09, 0.51, 0.42])
OPENING = 18_631 * DAY
LENGTH_DAYS = 331
# Sizes of removal waves, and days between them.
LEAST_GONE, MOST_GONE = 16, 81
LEAST_APART, MOST_APART = 47, 78
REFILL_DAYS = 26


def drawn(how: Mapping, rng: np.random.Generator) -> dict:
    """Draw one series with its truth.

    Parameters
    ----------
    how : mapping
        A row of calibration/series.tsv: part, and what that part reads of kind, days, mean,
        size, memory, deviation, times, least, length, ratio.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    dict
        counts (accounts a day) and what was planted: first, last and added for a burst; days
        and removed for waves. For hours: seconds, batches, and zone or controls.

    Raises
    ------
    ValueError
        If there is no such part.
    """
    parts = {
        "alarms": _quiet,
        "limits": _quiet,
        "comparators": _quiet,
        "power": _bursting,
        "hours": _hours,
        "zones": _office,
        "replacement": _waves,
    }
    if how["part"] not in parts:
        raise ValueError(f"part: found {how['part']!r}; there are {sorted(parts)}")
    return parts[how["part"]](how, rng)


def _rate(how: Mapping, rng: np.random.Generator) -> np.ndarray:
    """Mean of each day before counts are drawn."""
    days, kind = int(how["days"]), how["kind"]
    rate = np.full(days, float(how["mean"]))
    if kind == "weekday cycle":
        rate *= (WEEK / WEEK.mean())[np.arange(days) % 7]
    if kind == "step":
        rate[days // 2 :] *= 2
    if kind == "growth":
        growth = np.exp(np.linspace(0, np.log(10), days))
        rate *= growth / growth.mean()
    if kind == "autocorrelated":
        memory, deviation = float(how["memory"]), float(how["deviation"])
        shocks = rng.standard_normal(days)
        shocks[1:] *= np.sqrt(1 - memory**2)
        wander = deviation * signal.lfilter([1.0], [1.0, -memory], shocks)
        rate *= np.exp(wander - deviation**2 / 2)
    return rate


def _counted(rate: np.ndarray, size: float, rng: np.random.Generator) -> np.ndarray:
    """Poisson counts, or negative-binomial ones of a size above 0."""
    return rng.poisson(rate * rng.standard_gamma(size, len(rate)) / size if size > 0 else rate)


def _quiet(how: Mapping, rng: np.random.Generator) -> dict:
    return {"counts": _counted(_rate(how, rng), float(how["size"]), rng)}


def _bursting(how: Mapping, rng: np.random.Generator) -> dict:
    counts = _quiet(how, rng)["counts"]
    length = int(how["length"])
    first = int(rng.integers(3, len(counts) - length - 2))
    added = int(max(float(how["times"]) * float(how["mean"]), float(how["least"])) * length**0.5)
    place = first + rng.integers(length, size=added)
    place[:2] = first, first + length - 1
    np.add.at(counts, place, 1)
    return {"counts": counts, "first": first, "last": first + length - 1, "added": added}


def _hours(how: Mapping, rng: np.random.Generator) -> dict:
    """Batches, each around a moment of its own: anywhere, or in one of two shifts."""
    number, size = int(how["days"]), int(how["mean"])
    start = rng.random(number) * DAY
    if how["kind"] == "two shifts":
        start = (rng.integers(2, size=number) * 12 + 8.7 + 1.1 * rng.standard_normal(number)) * HOUR
    batches = np.repeat(np.arange(number), size)
    seconds = start[batches] + rng.exponential(1.7 * HOUR / size, len(batches)).cumsum() % HOUR
    return {"seconds": seconds.astype(np.int64) % DAY, "batches": batches}


def _office(how: Mapping, rng: np.random.Generator) -> dict:
    """Posts of a network whose teams keep the working day of a place."""
    begin = rng.uniform(8.1, 9.7)
    noon = begin + rng.uniform(2.9, 4.1)
    back = noon + rng.uniform(0.93, 2.3)
    end = back + rng.uniform(3.1, 4.3)
    spans, weights = [(begin, noon), (back, end)], [1.0, 1.1]
    if rng.random() < 0.37:
        spans.append((end + rng.uniform(1.1, 1.9), end + rng.uniform(3.3, 4.4)))
        weights.append(0.6)
    accounts = rng.integers(1, 9, size=int(rng.integers(37, 121)))
    batches = np.repeat(np.arange(len(accounts)), accounts)
    posts = rng.integers(3, 26, size=len(batches))
    owner = np.repeat(np.arange(len(batches)), posts)
    # Each team is late or early in its own way, and does not keep to hours entirely.
    own = 0.37 * rng.standard_normal(len(accounts))[batches[owner]]
    span = rng.choice(len(spans), size=len(owner), p=np.array(weights) / sum(weights))
    low, high = np.array(spans)[span].T
    hour = low + (high - low) * rng.random(len(owner)) + own
    hour = np.where(rng.random(len(owner)) < 0.072, 24 * rng.random(len(owner)), hour)
    day = rng.integers(LENGTH_DAYS, size=len(owner))
    local = OPENING + day * DAY + (hour * HOUR).astype(np.int64)
    return {
        "seconds": local - _offsets(how["kind"], local),
        "batches": batches[owner],
        "weights": 1 / posts[owner],
        "zone": how["kind"],
        "span": (OPENING - DAY, OPENING + (LENGTH_DAYS + 1) * DAY),
    }


def _offsets(zone: str, local: np.ndarray) -> np.ndarray:
    """Seconds that a place's clock is ahead of UTC, by the day."""
    place = ZoneInfo(zone)
    days, which = np.unique(local // DAY, return_inverse=True)
    noons = np.datetime64("1970-01-01T12:00") + days.astype("timedelta64[D]")
    ahead = [int(place.utcoffset(noon.item()).total_seconds()) for noon in noons]
    return np.array(ahead)[which]


def _waves(how: Mapping, rng: np.random.Generator) -> dict:
    """Creations, removals, and replacements or surges that set removals off."""
    days = int(rng.integers(720, 1_190))
    level = {**how, "days": days, "mean": rng.uniform(0.42, 3.1)}
    rate = _rate(level, rng) * np.exp(0.48 * rng.standard_normal() * np.linspace(0, 1, days))
    if how["kind"] == "autocorrelated":
        counts = _counted(rate, float(how["size"]), rng)
        gaps = rng.integers(LEAST_APART, MOST_APART, size=9)
        waves = 58 + np.cumsum(gaps)[: int(rng.integers(6, 10))]
    else:
        for _ in range(14):
            first = int(rng.integers(26, days - 55))
            rate[first : first + int(rng.integers(8, 26))] *= rng.uniform(2.9, 6.2)
        counts = _counted(rate, float(how["size"]), rng)
        waves = _set_off(counts, rng)
    waves = waves[waves < days - REFILL_DAYS - 2]
    removed = rng.integers(LEAST_GONE, MOST_GONE, size=len(waves))
    for wave, gone in zip(waves, removed, strict=True):
        left = int(rng.poisson(float(how["ratio"]) * gone))
        while left > 0:
            batch = min(left, 1 + int(rng.exponential(7.4)))
            counts[wave + 1 + int(rng.integers(REFILL_DAYS))] += batch
            left -= batch
    return {"counts": counts, "days": waves, "removed": removed, "ratio": float(how["ratio"])}


def _set_off(counts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Removals that a platform orders, mostly, when registrations of a week stand out."""
    sums = np.concatenate([[0], np.cumsum(counts)])
    waves, day = [], 59
    while day < len(counts):
        week, before = sums[day + 1] - sums[day - 6], (sums[day - 6] - sums[day - 58]) / 52 * 7
        if week > 2 * before + 6:
            if rng.random() < 0.62 and (not waves or day - waves[-1] >= LEAST_APART):
                waves.append(day + int(rng.integers(1, 4)))
            day += 23
        day += 1
    return np.array(waves, dtype=int)
