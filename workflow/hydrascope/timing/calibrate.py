"""How often the timing methods are wrong, over simulated series in which the truth is known."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from hydrascope.affiliation.rates import clustered_rate, mean_number
from hydrascope.digest import code_digest
from hydrascope.timing.bursts import ALPHA, find_bursts, scannable, unbounded
from hydrascope.timing.circle import coefficients, exchanged, turned
from hydrascope.timing.comparators import RULES
from hydrascope.timing.hours import set_width
from hydrascope.timing.replacement import interval, wave_effects
from hydrascope.timing.scan import scan
from hydrascope.timing.zones import zone_table, zones_of

__all__ = ["MODULES", "judged", "still_holding", "summed_up", "timing_digest"]

# Modules whose code decides the rates of a part of calibration/series.tsv.
MODULES = {
    "alarms": ("scan", "bursts"),
    "limits": ("scan", "bursts"),
    "power": ("scan", "bursts"),
    "comparators": ("comparators",),
    "hours": ("circle",),
    "zones": ("zones",),
    "replacement": ("replacement",),
}
SHARES, MEANS = "share", "mean"
# Parts whose cells all ask the same question, so that an average over them answers it.
POOLED = ("alarms", "comparators", "zones")
COLUMNS = ["part", "cell", "measure", "value", "low", "high", "series"]


def timing_digest(part: str) -> str:
    """Tell one version of a calibrated method from another: its code and libraries.

    Parameters
    ----------
    part : str
        A part of calibration/series.tsv.

    Returns
    -------
    str
        Sixteen hexadecimal digits.
    """
    here = Path(__file__).parent
    parts = [code_digest(module, scripts=here) for module in MODULES[part]]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]


def judged(
    part: str, world: Mapping, random: np.random.Generator, *, draws: int, turns: int
) -> list[tuple[str, str, float]]:
    """Apply the method of a part to one simulated series, and hold it against the truth.

    Parameters
    ----------
    part : str
        A part of calibration/series.tsv.
    world : mapping
        The series and what was planted in it.
    random : numpy.random.Generator
        Source of chance of the method.
    draws, turns : int
        Series simulated for bursts, arrangements drawn for hours.

    Returns
    -------
    list of tuple
        measure, kind (`share` or `mean`) and value.
    """
    judges = {
        "alarms": _alarmed,
        "limits": _alarmed,
        "power": _alarmed,
        "comparators": _compared,
        "hours": _timed,
        "zones": _placed,
        "replacement": _replaced,
    }
    return judges[part](world, random, draws, turns)


def _alarmed(
    world: Mapping, random: np.random.Generator, draws: int, turns: int
) -> list[tuple[str, str, float]]:
    counts = world["counts"]
    made = np.flatnonzero(counts)
    inside = counts[made[0] : made[-1] + 1] if len(made) else counts[:0]
    if scannable(inside):
        return [("false alarm", SHARES, 0.0)] if "first" not in world else []
    series = unbounded(inside)
    done = scan(series, np.ones(len(series)), draws=draws, enough=draws // 20, random=random)
    found = find_bursts(inside, done, alpha=ALPHA, random=random)
    if "first" not in world:
        return [("false alarm", SHARES, float(len(found) > 0))]
    first, last = world["first"] - made[0], world["last"] - made[0]
    hits = found[(found["first"] <= last) & (found["last"] >= first)]
    rows = [("burst found", SHARES, float(len(hits) > 0))]
    if len(hits):
        hit = hits.loc[hits["accounts"].idxmax()]
        inside = hit["low"] <= world["added"] <= hit["high"]
        rows += [
            ("days that the start is off", MEANS, abs(hit["first"] - first)),
            ("days that the end is off", MEANS, abs(hit["last"] - last)),
            ("excess covered", SHARES, float(inside)),
        ]
    return rows


def _compared(
    world: Mapping, random: np.random.Generator, draws: int, turns: int
) -> list[tuple[str, str, float]]:
    return [
        (f"false alarm of {name}", SHARES, float(rule(world["counts"]).any()))
        for name, rule in RULES.items()
    ]


def _timed(
    world: Mapping, random: np.random.Generator, draws: int, turns: int
) -> list[tuple[str, str, float]]:
    seconds, batches = world["seconds"], world["batches"]
    sums = coefficients(seconds, np.ones(len(seconds)), batches)
    p = turned(sums, draws=turns, random=random).p
    half = random.permutation(len(sums))
    split = exchanged(sums[half[::2]], sums[half[1::2]], draws=turns, random=random).p
    return [
        ("p at most 0.05, batches turned", SHARES, float(p <= ALPHA)),
        ("p below 0.001, batches turned", SHARES, float(p < 0.001)),
        ("p at most 0.05, halves exchanged", SHARES, float(split <= ALPHA)),
    ]


def _placed(
    world: Mapping, random: np.random.Generator, draws: int, turns: int
) -> list[tuple[str, str, float]]:
    times = world["seconds"], world["weights"], world["batches"]
    table = zone_table("all", *times, zones_of(*pd.to_datetime(world["span"], unit="s", utc=True)))
    own = table["cities"].str.split(", ").map(lambda names: world["zone"] in names)
    width = set_width(table)[1]
    return [
        ("planted zone in the set", SHARES, float((table.loc[own, "in_set"] == "yes").all())),
        ("set at most six hours wide", SHARES, float(width <= 6)),
        ("hours that the set is wide", MEANS, width),
    ]


def _replaced(
    world: Mapping, random: np.random.Generator, draws: int, turns: int
) -> list[tuple[str, str, float]]:
    found = wave_effects(world["counts"], world["days"], world["removed"])
    rows = [("identified", SHARES, float(found.status == "estimated"))]
    if found.status == "estimated":
        low, high, *_ = interval(found)
        rows += [
            ("ratio covered", SHARES, float(low <= world["ratio"] <= high)),
            ("effect claimed", SHARES, float(low > 0)),
            ("estimated ratio", MEANS, found.ratio),
            ("width of the interval", MEANS, high - low),
        ]
    return rows


def summed_up(series: pd.DataFrame) -> pd.DataFrame:
    """Average outcomes over simulated series.

    Parameters
    ----------
    series : pandas.DataFrame
        part, cell, measure, kind (`share`: value is 0 or 1, `mean`: a number) and value, a row
        an outcome of one series.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS` and `methods` (the digest of the part's code): the mean with its 95 % interval
        (Clopper and Pearson's for shares, Student's t for numbers), and over how many series,
        and for each part of `POOLED` and measure a row over all of its cells, whose cell is `all`.
    """
    everything = series[series["part"].isin(POOLED)].assign(cell="all")
    rows = []
    for keys, own in pd.concat([series, everything]).groupby(["part", "cell", "measure"]):
        values = own["value"].dropna().to_numpy(float)
        if not len(values):
            continue
        if (own["kind"] == SHARES).all():
            sums = np.array([values.sum()]), np.array([float(len(values))])
            found = clustered_rate(*sums)
        else:
            value, low, high = mean_number(values)
            # Of numbers that may lie below 0, the lower end may too.
            found = value, min(low, 2 * value - high) if values.min() < 0 else low, high
        rows.append((*keys, *found, len(values)))
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(methods=table["part"].map(timing_digest))


def still_holding(rates: pd.DataFrame) -> pd.DataFrame:
    """Say of each measured rate whether it was measured on the methods in use.

    Parameters
    ----------
    rates : pandas.DataFrame
        calibration/timing.tsv.

    Returns
    -------
    pandas.DataFrame
        The rates with `holds`, yes or no, instead of the methods' digest.
    """
    same = rates["methods"] == rates["part"].map(timing_digest)
    return rates.drop(columns="methods").assign(holds=np.where(same, "yes", "no"))
