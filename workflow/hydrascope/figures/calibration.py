"""Figure 13: how often the methods are wrong, where the truth is known."""

from textwrap import fill

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from hydrascope.figures.draw import intervals, label_rows

__all__ = ["calibration_data", "draw_calibration"]

AFFILIATION, ALARMS, POWER = "affiliation", "alarms", "power"
WHOLE = "all accounts"
MEASURES = {"precision": "C0", "recall": "C1"}
FOUND, ALARM = "burst found", "false alarm"
NOMINAL = 0.05
# Characters that a line of a label has room for.
LABEL = 36
COLUMNS = ["panel", "cell", "measure", "value", "low", "high", "n"]
TITLES = {
    AFFILIATION: "who belongs: {:,} simulated worlds",
    ALARMS: "false alarms: {:,} series without a burst",
    POWER: "bursts found: {:,} series with one",
}


def calibration_data(affiliation: pd.DataFrame, timing: pd.DataFrame) -> pd.DataFrame:
    """Choose what the figure draws: rates in simulated worlds and series.

    Parameters
    ----------
    affiliation : pandas.DataFrame
        cell, among, platform, measure, value, low, high and worlds.
    timing : pandas.DataFrame
        part, cell, measure, value, low, high and series.

    Returns
    -------
    pandas.DataFrame
        panel, cell, measure, value with its interval low and high, and n, the worlds or series.
    """
    chosen = affiliation["measure"].isin(MEASURES) & (affiliation["among"] == WHOLE)
    worlds = affiliation[chosen & (affiliation["platform"] == "all")].dropna(subset="value")
    worlds = worlds.assign(panel=AFFILIATION).rename(columns={"worlds": "n"})
    series = timing[timing["part"].isin([ALARMS, POWER]) & timing["measure"].isin([FOUND, ALARM])]
    series = series[series["cell"] != "all"]
    series = series.assign(panel=series["part"]).rename(columns={"series": "n"})
    parts = [part.reindex(columns=COLUMNS) for part in (worlds, series)]
    return pd.concat(parts, ignore_index=True)


def draw_calibration(data: pd.DataFrame) -> Figure:
    """Draw a row a kind of world or series, with 95 % intervals.

    Parameters
    ----------
    data : pandas.DataFrame
        What `calibration_data` gave.

    Returns
    -------
    matplotlib.figure.Figure
        Above, precision and recall of who belongs; in the middle the false alarms of bursts of
        each kind of series, lengths and rates together, beside what is asked for; below how
        often a planted burst was found.
    """
    worlds = data[data["panel"] == AFFILIATION]
    alarms = data[data["panel"] == ALARMS].assign(cell=lambda rows: _kind(rows["cell"]))
    power = data[data["panel"] == POWER]
    counts = [rows["cell"].nunique() for rows in (worlds, alarms, power)]
    figure, axes = plt.subplots(
        3,
        1,
        figsize=(6.3, 2.4 + sum(counts, start=counts[2]) * 0.18),
        # Labels of the last panel take two lines.
        height_ratios=[max(counts[0], 1), max(counts[1], 1), max(2 * counts[2], 1)],
    )
    for axis, rows, panel in zip(axes, (worlds, alarms, power), TITLES, strict=True):
        cells = list(dict.fromkeys(rows["cell"]))
        heights = {cell: place for place, cell in enumerate(cells)}
        for measure, own in rows.groupby("measure", sort=True):
            color = MEASURES.get(measure, "C0")
            at = own["cell"].map(heights).to_list()
            intervals(axis, own, at, color=color, label=measure)
        label_rows(axis, [fill(cell, LABEL) for cell in cells], size=7)
        axis.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        total = rows.drop_duplicates(["cell", "n"])["n"] if panel == AFFILIATION else rows["n"]
        axis.set_title(TITLES[panel].format(int(total.sum())))
    axes[0].set_xlim(0, 1.02)
    axes[0].legend(loc="lower left", fontsize=8)
    axes[1].axvline(NOMINAL, color="0.3", linewidth=0.8)
    axes[1].set_xlim(left=0)
    axes[2].set_xlim(-0.02, 1.02)
    axes[1].set_xlabel("rate; the line is the 5 % asked for")
    axes[2].set_xlabel("rate")
    return figure


def _kind(cells: pd.Series) -> pd.Series:
    """What a series is made like, without how long it is and how much there is of it."""
    return cells.str.replace(r", \d+ days, [\d.]+ a day$", "", regex=True)
