"""Figure 11: how long accounts last, and whether removed ones are replaced."""

from textwrap import fill

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from hydrascope.figures.draw import intervals

__all__ = ["draw_survival", "survival_data"]

COLUMNS = [
    *("layer", "platform", "unit", "origin", "day", "value", "low", "high", "n_dated", "n"),
    "status",
]
SURVIVAL, REPLACEMENT = "survival", "replacement"
ESTIMATED = "estimated"
# Characters that a line of a legend has room for.
REASON = 32
# Two come for each that goes: the number that replacement is tested against.
SLOGAN = 2


def survival_data(survival: pd.DataFrame, replacement: pd.DataFrame) -> pd.DataFrame:
    """Choose what the figure draws.

    Parameters
    ----------
    survival : pandas.DataFrame
        platform, unit, origin, day, survival, low, high, n_dated, n and status.
    replacement : pandas.DataFrame
        value, low, high, n_dated, n and status.

    Returns
    -------
    pandas.DataFrame
        layer (`survival` or `replacement`), platform, unit, origin, day, value with its
        interval low and high, n_dated of n accounts, and status.
    """
    curves = survival.rename(columns={"survival": "value"}).assign(layer=SURVIVAL)
    ratio = replacement.assign(layer=REPLACEMENT)
    parts = [part.reindex(columns=COLUMNS) for part in (curves, ratio) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def draw_survival(data: pd.DataFrame) -> Figure:
    """Draw the curves of each origin, and the accounts made for each that was removed.

    Parameters
    ----------
    data : pandas.DataFrame
        What `survival_data` gave.

    Returns
    -------
    matplotlib.figure.Figure
        A panel an origin with a step curve and its 95 % band for each kind of account; what
        is not identified is named with the reason. Right, the replacement ratio with its
        interval, or why it cannot be told.
    """
    curves = data[data["layer"] == SURVIVAL]
    origins = sorted(curves["origin"].dropna().unique())
    columns = max(len(origins), 1)
    figure, axes = plt.subplots(
        1, columns + 1, squeeze=False, figsize=(6.3, 3.4), width_ratios=[2] * columns + [1.2]
    )
    for axis, origin in zip(axes[0], origins, strict=False):
        own = curves[curves["origin"] == origin]
        for number, ((platform, unit), rows) in enumerate(own.groupby(["platform", "unit"])):
            name = f"{platform} {unit}, {rows['n_dated'].iloc[0]:,.0f} of {rows['n'].iloc[0]:,.0f}"
            told = rows[rows["status"] == ESTIMATED]
            if told.empty:
                axis.plot([], [], " ", label=fill(f"{name}: {rows['status'].iloc[0]}", REASON))
                continue
            # Everybody is there on the first day.
            first = pd.DataFrame([{"day": 0, "value": 1, "low": 1, "high": 1}])
            steps = pd.concat([first, told[["day", "value", "low", "high"]]])
            band = {"step": "post", "color": f"C{number}", "linewidth": 0}
            axis.fill_between(steps["day"], steps["low"], steps["high"], alpha=0.2, **band)
            axis.step(steps["day"], steps["value"], where="post", color=f"C{number}", label=name)
        axis.set_title(origin)
        axis.set_xlabel("days")
        axis.set_xlim(left=0)
        axis.set_ylim(0, 1.02)
        axis.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        if axis.lines:
            axis.legend(fontsize=7, loc="lower left")
    axes[0][0].set_ylabel("share not yet removed")
    for status in curves.loc[curves["origin"].isna(), "status"].head(1):
        place = {"transform": axes[0][0].transAxes, "ha": "center", "va": "center"}
        axes[0][0].text(0.5, 0.5, fill(status, REASON), fontsize=7, **place)
        axes[0][0].set_xlabel("days")
        axes[0][0].set_title("survival")
        axes[0][0].set_xticks([])
    _draw_replacement(axes[0][-1], data[data["layer"] == REPLACEMENT])
    return figure


def _draw_replacement(axis: plt.Axes, rows: pd.DataFrame) -> None:
    told = rows[rows["status"] == ESTIMATED]
    axis.set_title("replacement")
    axis.set_yticks([])
    axis.set_ylim(-1, 1)
    axis.set_xlabel("made per removed")
    axis.axvline(SLOGAN, color="C1", linewidth=0.8)
    axis.text(SLOGAN, -0.95, " two", color="C1", fontsize=7)
    axis.set_xlim(0, max(3, *told["high"] * 1.1) if len(told) else 3)
    intervals(axis, told, [0] * len(told), color="C0")
    for status in rows.loc[rows["status"] != ESTIMATED, "status"].head(1):
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        axis.text(1.5, 0, fill(status, 18), ha="center", va="center", fontsize=7, bbox=box)
