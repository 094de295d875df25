"""Figure 12: published counts beside takedowns that platforms disclosed."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, StrMethodFormatter

__all__ = ["draw_takedowns", "takedowns_data"]

COLORS = {"published": "C1", "disclosed": "C0"}


def takedowns_data(context: pd.DataFrame) -> pd.DataFrame:
    """Choose what the figure draws: every number, with what it counts and who gave it."""
    # A column of nothing is read as numbers.
    told = context[["quarter", "about", "what", "platform", "unit", "by"]].astype(object)
    told = told.where(told.notna(), "").astype(str)
    disclosed = told["quarter"] + ", " + told["about"]
    # Sources that disagree on one takedown are told apart by who says so.
    sources = told["by"].str.split(" by ").str[-1].str.split(",").str[0]
    several = context.duplicated(["platform", "unit", "quarter", "about"], keep=False)
    disclosed = disclosed.where(~several, disclosed + ", by " + sources)
    label = disclosed.where(told["what"] == "disclosed", told["what"])
    label = told["platform"] + ", " + told["unit"] + "s: " + label
    return context.assign(label=label)[["label", "what", "count", "by"]].reset_index(drop=True)


def draw_takedowns(data: pd.DataFrame) -> Figure:
    """Draw one dot a number, on a logarithmic scale.

    Parameters
    ----------
    data : pandas.DataFrame
        What `takedowns_data` gave.
    """
    figure, axis = plt.subplots(figsize=(6.3, 1.1 + 0.24 * max(len(data), 1)))
    for what, color in COLORS.items():
        own = data[data["what"] == what]
        axis.plot(own["count"], own.index, "o", color=color, markersize=4, label=what)
    for place, count in data["count"].items():
        axis.text(count * 1.15, place, f"{count:,}", va="center", fontsize=7)
    if data.empty:
        axis.text(3, 0, "nothing was published or disclosed", ha="center", va="center")
    axis.set_yticks(range(len(data)), data["label"], fontsize=7)
    axis.set_ylim(max(len(data), 1) - 0.5, -0.5)
    axis.set_xscale("log")
    axis.set_xlim(1, max(data["count"].max() * 3, 10) if len(data) else 10)
    axis.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axis.xaxis.set_minor_formatter(NullFormatter())
    axis.set_xlabel("how many (logarithmic scale)")
    axis.grid(visible=True, axis="x")
    figure.legend(loc="outside upper left", ncols=len(COLORS))
    return figure
