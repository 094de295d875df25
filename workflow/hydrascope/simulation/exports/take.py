"""What a collector finds on one day: who is still there, under which name, with which posts."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

__all__ = ["Take", "name_on", "posts_between", "presence"]


class Take(NamedTuple):
    """One platform on one day, as a collector takes it.

    Attributes
    ----------
    day : str
        Day of the snapshot; nothing later is told.
    asked : pandas.DataFrame
        The accounts known by then, with found (whether each is there) and full
        (whether all its fields were asked for).
    posts : pandas.DataFrame
        The posts that were exported, none on most days.
    everybody : pandas.DataFrame
        All accounts of the platform.
    number : int
        How many exports of posts there were before.
    rng : numpy.random.Generator
        Chooses what is broken.
    dirt : float
        Broken records for each good one of a file, at most, of each kind of record.
    """

    day: str
    asked: pd.DataFrame
    posts: pd.DataFrame
    everybody: pd.DataFrame
    number: int
    rng: np.random.Generator
    dirt: float

    @property
    def found(self) -> pd.DataFrame:
        """The accounts that were there."""
        return self.asked[self.asked["found"]]


def presence(
    accounts: pd.DataFrame,
    days: Sequence[str],
    rng: np.random.Generator,
    *,
    missable: Collection[str],
    missed: float,
) -> pd.DataFrame:
    """Say which accounts each snapshot finds.

    An account is found from the day on which it was first seen to the one on
    which it was removed, at the beginning of each day. A few are missed once,
    between two days on which they are found, as happens to collectors.

    Parameters
    ----------
    accounts : pandas.DataFrame
        first_seen, and removed_on, missing where the account stayed.
    days : sequence of str
        The snapshots, in order.
    rng : numpy.random.Generator
        Source of chance.
    missable : collection of str
        Days among them on which accounts may be missed; never the first or last.
    missed : float
        Chance of that for each account and day.

    Returns
    -------
    pandas.DataFrame
        Booleans; index of `accounts`, one column a day.
    """
    first = pd.to_datetime(accounts["first_seen"], utc=True)
    removed = pd.to_datetime(accounts["removed_on"], utc=True).dt.floor("D")
    taken = pd.to_datetime(list(days), utc=True)
    there = pd.DataFrame(
        {day: (first <= at) & ~(removed < at) for day, at in zip(days, taken, strict=True)}
    )
    for before, day, after in zip(days, days[1:], days[2:], strict=False):
        unlucky = rng.random(len(there)) < missed
        if day in missable:
            there[day] &= ~(unlucky & there[before] & there[after])
    return there


def posts_between(
    posts: pd.DataFrame, days: Sequence[str], day: str, overlap_days: int
) -> pd.DataFrame:
    """The posts that were exported on a day.

    Parameters
    ----------
    posts : pandas.DataFrame
        posted_at.
    days : sequence of str
        Days of all content exports, in order.
    day : str
        If it is one of them, the posts before it are covered, else none.
    overlap_days : int
        How far it reaches back behind the export before it.
    """
    if day not in days:
        return posts[:0]
    number = list(days).index(day)
    covered = posts["posted_at"] < pd.Timestamp(day, tz="UTC")
    if number:
        reach = pd.Timestamp(days[number - 1], tz="UTC") - pd.Timedelta(days=overlap_days)
        covered &= posts["posted_at"] >= reach
    return posts[covered]


def name_on(day: str, history: Sequence[tuple[str, str, str]], name: str) -> str:
    """The name that an account bore on a day; `name` if its history has none by then."""
    return next((was for at, _, was in reversed(history) if at <= day), name)
