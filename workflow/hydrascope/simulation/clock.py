"""When somebody posts or registers: shifts of people at work, days of people at large."""

from dataclasses import dataclass

import numpy as np

__all__ = ["DAY", "Rhythm", "day_number", "moments"]

DAY = 86_400
HOUR = 3_600
TRIES = 40
# National holidays of 2021 in China on which offices close, as days since 1970.
HOLIDAYS = tuple(
    int(day)
    for first, last in (
        ("2021-02-11", "2021-02-17"),
        ("2021-05-01", "2021-05-05"),
        ("2021-10-01", "2021-10-07"),
    )
    for day in np.arange(first, np.datetime64(last) + 1, dtype="datetime64[D]").astype(int)
)


@dataclass(frozen=True)
class Rhythm:
    """Hours and days on which one kind of account is awake.

    Attributes
    ----------
    zone : float
        Hours that local time is ahead of UTC.
    shifts : tuple of (float, float, float)
        First hour, last hour and weight of each stretch of the local day.
    weekend : float
        Activity of a Saturday or Sunday, 1 being that of another day.
    holidays : float
        The same for a public holiday.
    """

    zone: float
    shifts: tuple[tuple[float, float, float], ...]
    weekend: float = 1.0
    holidays: float = 1.0


def day_number(day: str) -> int:
    """Seconds from 1970 to the start of a day in UTC."""
    return int(np.datetime64(day, "s").astype(int))


def moments(
    rng: np.random.Generator, rhythm: Rhythm, start: np.ndarray, end: np.ndarray
) -> np.ndarray:
    """Draw one moment within each stretch of time.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    rhythm : Rhythm
        Hours and days that are likely.
    start, end : numpy.ndarray
        Seconds since 1970, the same length, start before end.

    Returns
    -------
    numpy.ndarray
        int64 seconds since 1970. A stretch that holds no hour of a shift gets a
        moment anywhere in it.
    """
    start, end = np.asarray(start, dtype=np.int64), np.asarray(end, dtype=np.int64)
    drawn = (start + rng.random(len(start)) * (end - start)).astype(np.int64)
    open_ = np.arange(len(start))
    first, last, weight = np.array(rhythm.shifts).T
    weight = weight / weight.sum()
    for _ in range(TRIES):
        if not len(open_):
            break
        at = start[open_] + (rng.random(len(open_)) * (end - start)[open_]).astype(np.int64)
        day = (at + int(rhythm.zone * HOUR)) // DAY
        shift = rng.choice(len(first), len(open_), p=weight)
        hour = first[shift] + rng.random(len(open_)) * (last - first)[shift]
        at = day * DAY + (hour * HOUR).astype(np.int64) - int(rhythm.zone * HOUR)
        inside = (at >= start[open_]) & (at < end[open_]) & _awake(rng, rhythm, day)
        drawn[open_[inside]] = at[inside]
        open_ = open_[~inside]
    return drawn


def _awake(rng: np.random.Generator, rhythm: Rhythm, day: np.ndarray) -> np.ndarray:
    # 1 January 1970 was a Thursday.
    weekend = (day + 3) % 7 >= 5
    chance = np.where(np.isin(day, HOLIDAYS), rhythm.holidays, 1.0)
    chance = np.where(weekend, chance * rhythm.weekend, chance)
    return rng.random(len(day)) < chance
