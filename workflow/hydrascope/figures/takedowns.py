"""Figure 5: published counts beside takedowns that platforms disclosed."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

__all__ = ["draw_takedowns", "takedowns_data"]

COLORS = {"published": "C1", "disclosed": "C0"}


def takedowns_data(context: pd.DataFrame) -> pd.DataFrame:
    """Choose what the figure draws: every number, with what it counts and who gave it."""
    # A column of nothing is read as numbers.
    told = context[["quarter", "about", "what", "platform", "unit"]].astype(object)
    told = told.where(told.notna(), "").astype(str)
    disclosed = told["quarter"] + ", " + told["about"]
    label = disclosed.where(told["what"] == "disclosed", told["what"])
    label = told["platform"] + ", " + told["unit"] + "s: " + label
    return context.assign(label=label)[["label", "what", "count", "by"]]


def draw_takedowns(data: pd.DataFrame) -> Figure:
    """Draw one bar a number, on a logarithmic scale.

    Parameters
    ----------
    data : pandas.DataFrame
        What `takedowns_data` gave.
    """
    figure, axis = plt.subplots(figsize=(6.3, 0.9 + 0.26 * max(len(data), 1)))
    rows = data.iloc[::-1].reset_index(drop=True)
    for what, color in COLORS.items():
        own = rows[rows["what"] == what]
        if len(own):
            axis.barh(own.index, own["count"], color=color, label=what)
    for place, count in rows["count"].items():
        axis.text(count * 1.1, place, f"{count:,}", va="center", fontsize=7)
    axis.set_yticks(range(len(rows)), rows["label"], fontsize=7)
    axis.set_xscale("log")
    axis.set_xlim(1, max(rows["count"].max() * 6, 10) if len(rows) else 10)
    axis.set_xlabel("how many (logarithmic scale)")
    axis.grid(visible=True, axis="x")
    axis.grid(visible=False, axis="y")
    if len(rows):
        axis.legend(loc="lower right", fontsize=8)
    return figure
