"""Time zones in whose working hours a network posts: the set that is not rejected.

Nothing here says where anybody is. Whoever works by the clock of a place fits all places on
its meridian, and a night shift or a scheduling program fits places where nobody works.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from scipy import sparse, stats

__all__ = ["ZONES", "Zone", "zone_table", "zones_of"]

STEP = 900
BINS = 86_400 // STEP
HOUR = 3600 // STEP
# Working days as templates: local hours of work. All other hours are rest.
TEMPLATES = {
    "office day": ((9, 12), (13, 18)),
    "office day with a long break": ((8.25, 12), (14, 17.75)),
    "day and evening": ((9, 12), (14, 18), (19, 21.5)),
    "long day": ((8, 20),),
}
# Share of the posts that fall in rest, spread evenly over it.
RESTS = (0.1, 0.235, 0.44)
# Steps by which a template may be earlier or later than its own hours: two hours.
SHIFTS = np.arange(-2 * HOUR, 2 * HOUR + 1)
ALPHA = 0.05
# Hours of the day between which a zone is chosen, for which the level is corrected.
CHOICES = 24
FEWEST_BATCHES = 8
COLUMNS = [
    *("platform", "offset_low", "offset_high", "zones", "cities", "template", "shift_hours"),
    *("deficit", "q", "in_set"),
]
ZONES = COLUMNS


@dataclass(frozen=True)
class Zone:
    """Places that kept the same clock over the whole of the data.

    Attributes
    ----------
    cities : tuple of str
        Names as in the IANA data base, sorted.
    offsets : tuple of int
        Seconds ahead of UTC in each stretch between two changes of any clock.
    """

    cities: tuple[str, ...]
    offsets: tuple[int, ...]


@cache
def _places() -> dict[str, ZoneInfo]:
    """Every place of the IANA table, from the package, so that all machines have the same."""
    folder = resources.files("tzdata") / "zoneinfo"
    rows = (folder / "zone.tab").read_text(encoding="utf-8").splitlines()
    names = sorted(row.split("\t")[2] for row in rows if not row.startswith("#"))
    places = {}
    for name in names:
        with folder.joinpath(*name.split("/")).open("rb") as file:
            places[name] = ZoneInfo.from_file(file, key=name)
    return places


@cache
def zones_of(first: pd.Timestamp, last: pd.Timestamp) -> tuple[list[Zone], np.ndarray]:
    """Group places by how their clocks stood between two moments.

    Parameters
    ----------
    first, last : pandas.Timestamp
        UTC.

    Returns
    -------
    zones : list of Zone
        Sorted by offsets.
    edges : numpy.ndarray
        First seconds (since 1970) of every stretch but the first; clocks change at full
        hours, on days that are looked at one by one.
    """
    days = pd.date_range(first.floor("D"), last.ceil("D") + pd.Timedelta(days=1), freq="D")
    seconds = np.array([int(day.timestamp()) for day in days])
    clocks = {
        name: np.array([int(day.astimezone(place).utcoffset().total_seconds()) for day in days])
        for name, place in _places().items()
    }
    changes = np.zeros(len(days), dtype=bool)
    for clock in clocks.values():
        changes[1:] |= np.diff(clock) != 0
    starts = np.flatnonzero(changes)
    grouped: dict[tuple[int, ...], list[str]] = {}
    for name, clock in clocks.items():
        grouped.setdefault(tuple(clock[[0, *starts]].tolist()), []).append(name)
    zones = [Zone(tuple(names), offsets) for offsets, names in sorted(grouped.items())]
    return zones, seconds[starts]


def zone_table(
    platform: str,
    seconds: np.ndarray,
    weights: np.ndarray,
    batches: np.ndarray,
    clocks: tuple[list[Zone], np.ndarray],
) -> pd.DataFrame:
    """Judge every zone of the world.

    Parameters
    ----------
    platform : str
        What the rows are called.
    seconds : numpy.ndarray
        Times in seconds since 1970, shape (times,).
    weights : numpy.ndarray
        Weight of each time.
    batches : numpy.ndarray
        Number of the batch of each time, 0 to one less than the number of batches.
    clocks : tuple
        What `zones_of` gave for a span that holds the times.

    Returns
    -------
    pandas.DataFrame
        Columns `ZONES`, a row for each set of places with the same clocks: their offsets
        from UTC in hours, how many places, their names, the template and shift that fit
        best, how much worse that is than the best of all zones (log-likelihood a time), q
        and in_set (q above 0.05).

    Notes
    -----
    A zone's log-likelihood is that of the best template, share of rest and shift of up to
    two hours. Null of q: the zone's best fit is as good as the best of all, the mean over
    batches of the difference being tested by Student's t (Vuong 1989, Econometrica 57,
    307-333, clustered by batch), times the 24 hours among which the best was chosen. The
    set holds every zone that is not rejected.
    """
    zones, edges = clocks
    stretch = np.searchsorted(edges, seconds, side="right")
    rows, where = np.unique(batches * (len(edges) + 1) + stretch, return_inverse=True)
    bins = (seconds % 86_400).astype(int) // STEP
    counts = sparse.csr_array((weights, (where, bins)), shape=(len(rows), BINS))
    names, logs = _templates()
    # Column [template, phase]: the template's hours begin `phase` steps later in UTC.
    later = (np.arange(BINS)[:, None] - np.arange(BINS)) % BINS
    scores = (
        counts @ logs[:, later].transpose(1, 0, 2).reshape(BINS, -1).astype(np.float32)
    ).reshape(len(rows), len(logs), BINS)
    stretch_sums = np.zeros((len(edges) + 1, len(logs), BINS))
    np.add.at(stretch_sums, rows % (len(edges) + 1), scores)
    number = int(batches.max()) + 1
    owner = rows // (len(edges) + 1)
    found, singles = [], []
    for zone in zones:
        steps = np.array(zone.offsets) // STEP
        phases = (SHIFTS[:, None] - steps) % BINS
        total = sum(stretch_sums[part][:, phases[:, part]] for part in range(len(steps)))
        kind, shift = np.unravel_index(total.argmax(), total.shape)
        own = scores[np.arange(len(rows)), kind, phases[shift][rows % (len(edges) + 1)]]
        singles.append(np.bincount(owner, own, number))
        found.append((names[kind], SHIFTS[shift] / HOUR))
    singles = np.array(singles)
    lacking = singles[singles.sum(axis=1).argmax()] - singles
    error = lacking.std(axis=1, ddof=1) * np.sqrt(number)
    t = lacking.sum(axis=1) / np.where(error > 0, error, 1.0)
    q = np.minimum(1.0, CHOICES * stats.t.sf(t, number - 1))
    table = pd.DataFrame(found, columns=["template", "shift_hours"])
    return table.assign(
        platform=platform,
        offset_low=[min(zone.offsets) / 3600 for zone in zones],
        offset_high=[max(zone.offsets) / 3600 for zone in zones],
        zones=[len(zone.cities) for zone in zones],
        cities=[", ".join(zone.cities) for zone in zones],
        deficit=lacking.sum(axis=1) / weights.sum(),
        q=q,
        in_set=np.where(q > ALPHA, "yes", "no"),
    )[COLUMNS]


def _templates() -> tuple[list[str], np.ndarray]:
    """Names, and logarithms of densities by quarter of an hour of local time."""
    hours = (np.arange(BINS) + 0.5) / HOUR
    names, rows = [], []
    for name, spans in TEMPLATES.items():
        work = np.zeros(BINS, dtype=bool)
        for start, end in spans:
            work |= (hours >= start) & (hours < end)
        for rest in RESTS:
            names.append(name)
            rows.append(np.log(np.where(work, (1 - rest) / work.sum(), rest / (~work).sum())))
    return names, np.array(rows)
