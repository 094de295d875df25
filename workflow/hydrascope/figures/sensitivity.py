"""Figure 5: how many accounts belong under other settings."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from hydrascope.figures.draw import label_rows, readable, side_by_side

__all__ = ["draw_sensitivity", "sensitivity_data"]

ALL, CONFIGURED = "all", "as configured"
COLUMNS = ["platform", "cell", "affiliated", "configured", "collected"]


def sensitivity_data(sensitivity: pd.DataFrame | None, platforms: pd.DataFrame) -> pd.DataFrame:
    """Choose what the figure draws: affiliated accounts by platform and changed setting.

    Parameters
    ----------
    sensitivity : pandas.DataFrame, optional
        setting, value, platform, fewest_posts and affiliated; None where a list of accounts
        was taken as given.
    platforms : pandas.DataFrame
        platform and collected, by unit and over all units.

    Returns
    -------
    pandas.DataFrame
        platform, cell (the setting and its value), affiliated, configured, the number
        without a change, and collected; accounts with however few posts.
    """
    if sensitivity is None:
        return pd.DataFrame(columns=COLUMNS)
    rows = sensitivity[sensitivity["fewest_posts"] == 0]
    values = rows["value"].fillna("").astype(str).map(readable)
    rows = rows.assign(cell=(rows["setting"].map(readable) + " " + values).str.strip())
    before = rows[rows["setting"] == CONFIGURED].set_index("platform")["affiliated"]
    # The largest is that over all units.
    largest = platforms.groupby("platform")["collected"].max()
    if len(largest) == 1:
        # Then it is all there is.
        rows = rows[rows["platform"] != ALL]
    # Where nobody belongs before a change there is no row.
    configured = rows["platform"].map(before).fillna(0).astype(int)
    rows = rows.assign(configured=configured, collected=rows["platform"].map(largest))
    return rows[COLUMNS].reset_index(drop=True)


def draw_sensitivity(data: pd.DataFrame) -> Figure:
    """Draw a panel a platform with a row a change.

    Parameters
    ----------
    data : pandas.DataFrame
        What `sensitivity_data` gave.

    Returns
    -------
    matplotlib.figure.Figure
        A dot for the accounts that belong under the change, and a line to it from the number
        as configured, which stands upright through all rows. Without a table the figure says
        that a list was taken as given.
    """
    platforms = sorted(data["platform"].unique(), key=lambda name: (name != "all", name))
    cells = list(dict.fromkeys(data["cell"]))
    figure, axes = side_by_side(len(platforms), height=0.9 + 0.2 * max(len(cells), 3))
    heights = {cell: place for place, cell in enumerate(cells)}
    for axis, platform in zip(axes, platforms, strict=False):
        own = data[data["platform"] == platform]
        at, first = own["cell"].map(heights), own.iloc[0]
        axis.hlines(at, own["configured"], own["affiliated"], color="0.6", linewidth=1.2)
        axis.axvline(first["configured"], color="0.3", linewidth=0.8)
        axis.plot(own["affiliated"], at, "o", color="C0", markersize=3.5)
        axis.set_title(f"{platform}\n{first['configured']:,} of {first['collected']:,}")
        axis.set_xlabel("affiliated accounts")
        axis.set_xlim(0, 1.1 * max(own["affiliated"].max(), 1))
        axis.xaxis.set_major_locator(MaxNLocator(3, integer=True))
        axis.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    for axis in axes:
        label_rows(axis, cells)
    if not platforms:
        axes[0].text(0.5, 0, "a list of accounts was taken as given", ha="center", va="center")
    return figure
