"""Accounts outside every network: people on the same subjects, and on others."""

import numpy as np
import pandas as pd

from hydrascope.simulation.clock import DAY, Rhythm, day_number, moments
from hydrascope.simulation.habits import CLOSING, OPENING, PEOPLE_RHYTHM, SNAPSHOTS, Kind
from hydrascope.simulation.profiles import described, drawn, paged

__all__ = ["people_accounts"]

ZONES = {"8.0": 0.55, "7.0": 0.08, "-4.0": 0.19, "0.0": 0.12, "10.0": 0.06}
STARTS = {"facebook": "2008-06-01", "youtube": "2007-01-01", "x": "2010-11-10"}
# Days after which many people registered at once, for reasons of their own.
SURGES = (
    *("2019-06-12", "2019-08-31", "2020-01-26", "2020-04-03", "2020-07-01", "2020-11-07"),
    *("2021-02-20", "2021-03-26", "2021-05-24", "2021-07-11", "2021-08-27", "2021-10-18"),
)
HOME, ABROAD = ("HK", "TW", "CN", "MY", "SG"), ("US", "CA", "AU", "GB", "BD", "KH")


def people_accounts(rng: np.random.Generator, kind: Kind) -> pd.DataFrame:
    """Make the accounts of one kind of people.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    kind : Kind
        What they are like.

    Returns
    -------
    pandas.DataFrame
        The columns that `coordinated.coordinated_accounts` gives; nobody is
        templated and everybody's cell is -1. zone is that of their hours.
    """
    parts = []
    opening, closing = day_number(OPENING), day_number(CLOSING)
    for (platform, unit), count in kind.accounts.items():
        first = day_number(STARTS[platform])
        # More people join each year: the later part of the stretch is likelier.
        origin = first + (closing - 20 * DAY - first) * rng.random(count) ** 0.62
        surge = np.array([day_number(day) for day in SURGES])[rng.integers(len(SURGES), size=count)]
        in_wave = rng.random(count) < kind.waves
        day = np.where(in_wave, surge + rng.exponential(1.7 * DAY, count), origin)
        day = day.astype(np.int64) // DAY * DAY
        zones = drawn(rng, ZONES, count)
        rows = pd.DataFrame({"created": day, "cell": -1, "zone": zones.astype(float)})
        for zone, here in rows.groupby("zone").groups.items():
            when = rows.loc[here, "created"].to_numpy()
            rows.loc[here, "created"] = moments(
                rng, Rhythm(zone=zone, shifts=PEOPLE_RHYTHM), when, when + DAY
            )
        gone = rng.random(count) < kind.removed
        look = day_number(SNAPSHOTS[0]) + DAY
        when = look + (rng.random(count) * (closing - look)).astype(np.int64) // DAY * DAY
        rows["removed"] = np.where(gone & _seen_before(rows["created"], when), when, 0)
        rows = rows.assign(platform=platform, unit=unit, role=kind.role, bought=False)
        rows["language"] = drawn(rng, kind.languages, count)
        rows["active"] = rng.random(count) >= kind.silent
        parts.append(rows)
    accounts = pd.concat(parts, ignore_index=True).assign(templated=False)
    accounts["start"] = np.maximum(accounts["created"] + rng.integers(DAY), opening)
    accounts["end"] = accounts["removed"].where(accounts["removed"] > 0, closing)
    accounts["active"] &= accounts["start"] < accounts["end"]
    accounts["duped"] = rng.random(len(accounts)) < kind.duped
    subjects = ["food", "travel", "pets", "study", "football", "music", "local_news"]
    accounts = described(rng, accounts, [], subjects)
    abroad = rng.random(len(accounts)) < kind.abroad
    parts = [
        paged(rng, rows, renamed=kind.renamed, countries=ABROAD if away else HOME)
        for away, rows in accounts.groupby(abroad)
    ]
    return pd.concat(parts).sort_index()


def _seen_before(created: pd.Series, removed: np.ndarray) -> np.ndarray:
    """Whether a snapshot lies between creation and removal, so that somebody could know."""
    days = np.array([day_number(day) for day in SNAPSHOTS])
    return np.searchsorted(days, created, side="right") < np.searchsorted(days, removed)
