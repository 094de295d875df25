"""What accounts of a simulated world post: drafts first, texts at the end."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hydrascope.simulation.clock import DAY, Rhythm, day_number, moments
from hydrascope.simulation.dose import Dose
from hydrascope.simulation.habits import (
    CLOSING,
    EVERYDAY,
    OPENING,
    PEOPLE_RHYTHM,
    POLITICS,
    Habits,
    Kind,
)
from hydrascope.simulation.names import website
from hydrascope.simulation.profiles import drawn
from hydrascope.simulation.texts import draw_message, reworded

__all__ = ["Orders", "coordinated_drafts", "give_orders", "headlines", "people_drafts"]

# How a copy of a given text is made, with weights.
WAYS = {"exact": 0.6, "suffix": 0.16, "reworded": 0.09, "translated": 0.15}
TAKEN_UP = 8.5
MAIN_POOL = 0.29
COVER = 0.36
NETWORK_HEADLINES = 0.052
HEADLINES = 430
MOST_POSTS = 140
# Delays count from the order, and the median from copy to copy is shorter.
STRETCH = 1.5
DELAY_SPREAD = 2.4
LONGEST_DELAY = 19 * DAY
DUPED_DELAY = 310 * 60.0
LINKED = 0.37
# Sessions of a cell over the whole window, and seconds that accounts of one follow its start.
SESSIONS = 350
SESSION_LENGTH = 260.0


@dataclass(frozen=True)
class Orders:
    """Texts that several accounts are to post, sorted by time.

    Attributes
    ----------
    at : numpy.ndarray
        Seconds since 1970.
    messages : list
        One a text.
    url : list of str
        A link that goes with it, or ''.
    reach : numpy.ndarray
        Running sum of the weights by which they are taken up.
    """

    at: np.ndarray
    messages: list
    url: list[str]
    reach: np.ndarray


def _orders(
    rng: np.random.Generator, at: np.ndarray, messages: list, site: str, linked: float, skew: float
) -> Orders:
    weights = rng.pareto(skew, len(at)) + 0.29
    addresses = [
        f"{site}/{rng.integers(10**6):06d}" if rng.random() < linked else "" for _ in range(len(at))
    ]
    return Orders(np.sort(at), messages, addresses, np.cumsum(weights))


def headlines(rng: np.random.Generator) -> Orders:
    """Headlines of the news, which anybody may pass on with their link."""
    at = _anywhere(rng, Rhythm(zone=8.0, shifts=((6.0, 23.0, 1.0),)), HEADLINES)
    stances = drawn(rng, {"for": 0.5, "plain": 0.5}, HEADLINES)
    subjects = drawn(rng, POLITICS, HEADLINES)
    messages = [draw_message(rng, *pair) for pair in zip(subjects, stances, strict=True)]
    return _orders(rng, at, messages, website(rng), 1.0, 1.3)


def give_orders(rng: np.random.Generator, habits: Habits, copies: int) -> list[Orders]:
    """The texts that a coordinated group gives out, one pool a cell and a common one.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    habits : Habits
        How the group works.
    copies : int
        Posts that will take them up.

    Returns
    -------
    list of Orders
        One a cell, and at the end that of the whole group.
    """
    pools = []
    for cell in range(habits.cells + 1):
        share = MAIN_POOL if cell == habits.cells else (1 - MAIN_POOL) / habits.cells
        count = max(2, round(copies * share / TAKEN_UP))
        at = _anywhere(rng, habits.rhythm, count)
        subjects = drawn(rng, habits.subjects, count)
        messages = [draw_message(rng, subject, habits.stance) for subject in subjects]
        pools.append(_orders(rng, at, messages, website(rng), LINKED, 2.2))
    return pools


def coordinated_drafts(
    rng: np.random.Generator,
    habits: Habits,
    dose: Dose,
    accounts: pd.DataFrame,
    news: Orders,
) -> tuple[pd.DataFrame, list[Orders]]:
    """What a coordinated group posts.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    habits : Habits
        How the group works.
    dose : Dose
        How much it gives itself away.
    accounts : pandas.DataFrame
        Its accounts: active, start, end, cell; the index is theirs in the world.
    news : Orders
        What `headlines` gave.

    Returns
    -------
    drafts : pandas.DataFrame
        account (index), at, message, way, url.
    orders : list of Orders
        What was given out.
    """
    who = _posters(rng, accounts, habits.posts)
    rows = accounts.loc[who]
    start, end = rows["start"].to_numpy(), rows["end"].to_numpy()
    fate = rng.random(len(who))
    copying = fate < dose.copied
    passing = (fate >= dose.copied) & (fate < dose.copied + NETWORK_HEADLINES)
    orders = give_orders(rng, habits, int(copying.sum()))
    common = rng.random(len(who)) < MAIN_POOL
    pool = np.where(common, habits.cells, rows["cell"].to_numpy())
    at = _worked(rng, habits, dose, rows)
    subjects = np.where(
        rng.random(len(who)) < COVER,
        drawn(rng, habits.cover, len(who)),
        drawn(rng, habits.subjects, len(who)),
    )
    ways = drawn(rng, WAYS, len(who))
    messages, urls, how = [], [], []
    for row in range(len(who)):
        source = orders[pool[row]] if copying[row] else news if passing[row] else None
        found = None if source is None else _taken(rng, source, start[row], end[row])
        if found is None:
            own = subjects[row]
            stance = habits.stance if own in habits.subjects else "plain"
            messages.append(draw_message(rng, own, stance))
            urls.append("")
            how.append("own")
            continue
        message = source.messages[found]
        given = copying[row]
        messages.append(reworded(rng, message) if given and ways[row] == "reworded" else message)
        urls.append(source.url[found])
        how.append(str(ways[row]) if given else "headline")
        late = rng.lognormal(np.log(STRETCH * dose.delay_minutes * 60), DELAY_SPREAD)
        at[row] = min(source.at[found] + min(late, LONGEST_DELAY), end[row] - 1)
    # A copy that falls into the night waits for a shift of the same or the next day.
    waits = np.array([way not in ("own", "headline") for way in how]) & (rng.random(len(how)) < 0.8)
    later = np.minimum(at[waits] + DAY, end[waits])
    at[waits] = np.where(
        _on_shift(habits.rhythm, at[waits]),
        at[waits],
        moments(rng, habits.rhythm, at[waits], np.maximum(later, at[waits] + 1)),
    )
    return _drafts(who, at, messages, how, urls), orders


def _worked(rng: np.random.Generator, habits: Habits, dose: Dose, rows: pd.DataFrame) -> np.ndarray:
    """When each post would be made: in a session of the cell, or at any hour of work."""
    at = moments(rng, habits.rhythm, rows["start"].to_numpy(), rows["end"].to_numpy())
    seated = rng.random(len(at)) < dose.sessions
    for cell in range(habits.cells):
        sessions = np.sort(_anywhere(rng, habits.rhythm, SESSIONS))
        here = np.flatnonzero(seated & (rows["cell"] == cell).to_numpy())
        next_one = np.minimum(np.searchsorted(sessions, at[here]), SESSIONS - 1)
        moved = sessions[next_one] + rng.exponential(SESSION_LENGTH, len(here)).astype(np.int64)
        fits = (moved < rows["end"].to_numpy()[here]) & (moved >= at[here])
        at[here[fits]] = moved[fits]
    return at


def people_drafts(
    rng: np.random.Generator,
    kind: Kind,
    accounts: pd.DataFrame,
    news: Orders,
    given: list[Orders],
) -> pd.DataFrame:
    """What people of one kind post.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    kind : Kind
        What they are like.
    accounts : pandas.DataFrame
        active, start, end, zone and duped; the index is theirs in the world.
    news : Orders
        What `headlines` gave.
    given : list of Orders
        Texts of a network that the duped among them take up; may be empty.

    Returns
    -------
    pandas.DataFrame
        As from `coordinated_drafts`.
    """
    who = _posters(rng, accounts, kind.posts)
    rows = accounts.loc[who]
    start, end = rows["start"].to_numpy(), rows["end"].to_numpy()
    at = np.zeros(len(who), dtype=np.int64)
    for zone in np.unique(rows["zone"]):
        here = (rows["zone"] == zone).to_numpy()
        rhythm = Rhythm(zone=float(zone), shifts=PEOPLE_RHYTHM, weekend=1.1)
        at[here] = moments(rng, rhythm, start[here], end[here])
    political = rng.random(len(who)) < kind.politics
    subjects = np.where(political, drawn(rng, POLITICS, len(who)), drawn(rng, EVERYDAY, len(who)))
    stances = drawn(rng, kind.stances, len(who))
    passing = rng.random(len(who)) < kind.headlines
    echoing = rows["duped"].to_numpy() & (rng.random(len(who)) < 0.31) & bool(given)
    messages, urls, how = [], [], []
    for row in range(len(who)):
        source = given[rng.integers(len(given))] if echoing[row] else news if passing[row] else None
        found = None if source is None else _taken(rng, source, start[row], end[row])
        if found is None:
            stance = stances[row] if political[row] else "plain"
            messages.append(draw_message(rng, subjects[row], stance))
            urls.append("")
            how.append("own")
            continue
        messages.append(source.messages[found])
        urls.append(source.url[found])
        how.append("exact" if echoing[row] else "headline")
        late = rng.lognormal(np.log(DUPED_DELAY), 1.6)
        at[row] = min(source.at[found] + min(late, LONGEST_DELAY), end[row] - 1)
    return _drafts(who, at, messages, how, urls)


def _anywhere(rng: np.random.Generator, rhythm: Rhythm, count: int) -> np.ndarray:
    first, last = day_number(OPENING), day_number(CLOSING)
    return moments(rng, rhythm, np.full(count, first), np.full(count, last))


def _posters(rng: np.random.Generator, accounts: pd.DataFrame, median: float) -> np.ndarray:
    """The index of each active account, once a post."""
    active = accounts.index[accounts["active"]].to_numpy()
    window = day_number(CLOSING) - day_number(OPENING)
    # Who was there for part of the window posted for part of it.
    present = (accounts.loc[active, "end"] - accounts.loc[active, "start"]).to_numpy() / window
    count = rng.lognormal(np.log(median), 1.0, len(active)) * np.maximum(present, 0.25) ** 0.5
    return np.repeat(active, np.clip(count.round().astype(int), 1, MOST_POSTS))


def _taken(rng: np.random.Generator, orders: Orders, start: int, end: int) -> int | None:
    """A text that was given out while the account was active, by its reach."""
    first, last = np.searchsorted(orders.at, (start, end))
    if first == last:
        return None
    low = orders.reach[first - 1] if first else 0.0
    aim = low + rng.random() * (orders.reach[last - 1] - low)
    return int(min(np.searchsorted(orders.reach, aim, side="right"), last - 1))


def _on_shift(rhythm: Rhythm, at: np.ndarray) -> np.ndarray:
    hour = (at / 3_600 + rhythm.zone) % 24
    return np.any([(hour >= first) & (hour < last) for first, last, _ in rhythm.shifts], axis=0)


def _drafts(
    who: np.ndarray, at: np.ndarray, messages: list, how: list[str], urls: list[str]
) -> pd.DataFrame:
    return pd.DataFrame({"account": who, "at": at, "message": messages, "way": how, "url": urls})
