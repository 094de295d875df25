"""Accounts of a coordinated group: cells, batches, templates, removals and replacements."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hydrascope.simulation.clock import DAY, Rhythm, day_number, moments
from hydrascope.simulation.dose import Dose
from hydrascope.simulation.habits import CLOSING, OPENING, SNAPSHOTS, Habits
from hydrascope.simulation.names import Template
from hydrascope.simulation.profiles import described, drawn, paged

__all__ = ["coordinated_accounts", "vendor_moments"]

FOUNDED = day_number("2019-06-03")
LATEST_FOUNDING = day_number("2020-12-18")
VENDORS = {"facebook": 13, "youtube": 9, "x": 8}
# Median seconds from one registration of a batch to the next.
BATCH_GAP = 190.0
# Registration of bought accounts, by somebody else's hours.
VENDOR_RHYTHM = Rhythm(zone=6.0, shifts=((8.0, 22.0, 1.0),))
CELL_PULL = 4.0
# Share of a cell's accounts that write in its main language.
ONE_TONGUE = 0.8


def vendor_moments(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """When vendors made their batches, by platform; several groups buy from each."""
    first, last = day_number("2014-03-01"), day_number("2019-04-01")
    return {
        platform: moments(rng, VENDOR_RHYTHM, np.full(count, first), np.full(count, last))
        for platform, count in VENDORS.items()
    }


def coordinated_accounts(
    rng: np.random.Generator, habits: Habits, dose: Dose, vendors: Mapping[str, np.ndarray]
) -> pd.DataFrame:
    """Make the accounts of one group.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    habits : Habits
        How the group works.
    dose : Dose
        How much it gives itself away.
    vendors : mapping of str to numpy.ndarray
        What `vendor_moments` gave.

    Returns
    -------
    pandas.DataFrame
        What `profiles.described` gives, with role, cell, active, start and end
        (seconds since 1970 of its activity) and removed (0 for never).
    """
    templates = [
        Template(rng, habits.flavours[cell % len(habits.flavours)]) for cell in range(habits.cells)
    ]
    tongues = drawn(rng, habits.languages, habits.cells)
    parts = []
    for (platform, unit), count in habits.accounts.items():
        rows = _lives(rng, habits, dose, vendors[platform], count)
        rows = rows.assign(platform=platform, unit=unit, role=habits.role)
        own = drawn(rng, habits.languages, count)
        rows["language"] = np.where(rng.random(count) < ONE_TONGUE, tongues[rows["cell"]], own)
        rows["active"] = rng.random(count) >= dose.silent
        rows["templated"] = rng.random(count) < dose.template
        parts.append(rows)
    accounts = pd.concat(parts, ignore_index=True)
    dormant = rng.lognormal(np.log(4.0 * DAY), 1.4, len(accounts)).astype(np.int64)
    opening, closing = day_number(OPENING), day_number(CLOSING)
    accounts["start"] = np.maximum(accounts["created"] + dormant, opening)
    accounts["end"] = accounts["removed"].where(accounts["removed"] > 0, closing)
    accounts["active"] &= accounts["start"] < accounts["end"]
    accounts = described(rng, accounts, templates, [*habits.subjects, *habits.cover])
    return paged(rng, accounts, renamed=habits.renamed, countries=habits.countries)


def _lives(
    rng: np.random.Generator, habits: Habits, dose: Dose, vendors: np.ndarray, count: int
) -> pd.DataFrame:
    """When each account of one platform was made and removed, and its cell."""
    waves = [day_number(day) for day, _ in habits.waves]
    weights = np.array([weight for _, weight in habits.waves])
    replaced = round(count * habits.replaced) if waves else 0
    refills = _shares(replaced, weights)
    gone = _shares(round(replaced / habits.ratio), weights)
    parts = [_made(rng, habits, dose, count - replaced, FOUNDED, LATEST_FOUNDING, vendors)]
    for wave, refill in zip(waves, refills, strict=True):
        period = (wave + DAY, wave + habits.refill_days * DAY)
        parts.append(_made(rng, habits, dose, refill, *period, vendors[:0]))
    rows = pd.concat(parts, ignore_index=True)
    rows["removed"] = 0
    seen = [day_number(day) for day in SNAPSHOTS]
    for wave, taken in zip(waves, gone, strict=True):
        last_look = max((day for day in seen if day < wave), default=0)
        here = rows.index[(rows["created"] < last_look) & (rows["removed"] == 0)]
        # A wave takes whole cells rather than accounts here and there.
        pull = np.where(rng.random(habits.cells) < 0.25, CELL_PULL, 1.0)
        chance = pull[rows.loc[here, "cell"]]
        chosen = rng.choice(
            here, min(taken, len(here)), replace=False, p=chance / max(chance.sum(), 1)
        )
        rows.loc[chosen, "removed"] = wave + rng.integers(3, size=len(chosen)) * DAY
    return rows


def _shares(total: int, weights: np.ndarray) -> list[int]:
    """A whole number divided by weights, the last parts taking what rounding leaves."""
    if not len(weights):
        return []
    edges = np.round(total * np.cumsum(weights) / weights.sum()).astype(int)
    return np.diff(edges, prepend=0).tolist()


def _made(
    rng: np.random.Generator,
    habits: Habits,
    dose: Dose,
    count: int,
    first: int,
    last: int,
    vendors: np.ndarray,
) -> pd.DataFrame:
    """Accounts made between two moments, most of them in batches."""
    created, cells, bought = [], [], []
    left = round(count * dose.batched)
    largest = max(3, count // 3)
    while left > 0:
        size = min(left, largest, 2 + int(rng.exponential(dose.batch_size)))
        vendor = len(vendors) > 0 and rng.random() < habits.bought
        when = (
            rng.choice(vendors) + int(rng.exponential(0.4 * DAY))
            if vendor
            else moments(rng, habits.rhythm, np.array([first]), np.array([last]))[0]
        )
        gaps = rng.lognormal(np.log(BATCH_GAP), 0.9, size).astype(np.int64)
        created.append(when + np.cumsum(gaps))
        cells.append(np.full(size, rng.integers(habits.cells)))
        bought.append(np.full(size, vendor))
        left -= size
    alone = count - sum(map(len, created))
    created.append(moments(rng, habits.rhythm, np.full(alone, first), np.full(alone, last)))
    cells.append(rng.integers(habits.cells, size=alone))
    bought.append(np.full(alone, False))
    return pd.DataFrame(
        {
            "created": np.concatenate(created).astype(np.int64),
            "cell": np.concatenate(cells).astype(np.int64),
            "bought": np.concatenate(bought),
        }
    )
