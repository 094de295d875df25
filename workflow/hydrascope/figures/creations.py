"""Figure 9: when the network's accounts were made, and which days are bursts."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from hydrascope.figures.draw import empty

__all__ = ["DAY", "creations_data", "draw_creations"]

ONE_DAY = pd.Timedelta(days=1)
# The close-up leaves out this share of the dated accounts at either end.
TAIL_SHARE = 0.05
# Bars that the close-up has room for side by side.
THINNEST = 250
DAY, OURS, REMOVALS = "day", "bursts", "removals"
# Ours on top, then what happened to the network, then the rules of others.
COLORS = {OURS: "C1", REMOVALS: "C2"}
COLUMNS = ["platform", "layer", "start", "end", "accounts", "cumulative_share", "baseline"]


def creations_data(
    daily: pd.DataFrame,
    baselines: pd.DataFrame,
    bursts: pd.DataFrame,
    comparators: pd.DataFrame,
    waves: pd.DataFrame,
) -> pd.DataFrame:
    """Choose what the figure draws.

    Parameters
    ----------
    daily : pandas.DataFrame
        platform, day, accounts and rank.
    baselines : pandas.DataFrame
        platform, day and baseline; a platform that was not scanned has none.
    bursts : pandas.DataFrame
        platform, start, end, accounts and status.
    comparators : pandas.DataFrame
        platform, rule, start, end and accounts.
    waves : pandas.DataFrame
        day_low, day_high and removed: the accounts of all platforms that were removed
        between two moments.

    Returns
    -------
    pandas.DataFrame
        platform, layer, start, end, accounts, cumulative_share and baseline. The layer
        `day` holds each day with a creation, the share of the dated accounts made up to and
        with it, and the accounts that the baseline expects; `bursts` holds ours, `removals`
        when accounts of any platform were removed, and each comparator's layer what its rule
        calls a burst.
    """
    accounts = daily.groupby("platform")["accounts"]
    days = daily.assign(cumulative_share=accounts.cumsum() / accounts.transform("sum"))
    days = days.merge(baselines, on=["platform", "day"], how="left")
    days = days[days["accounts"] > 0].assign(layer=DAY, start=days["day"], end=days["day"])
    ours = bursts[bursts["status"] == "burst"].assign(layer=OURS)
    others = comparators.rename(columns={"rule": "layer"})
    removals = pd.DataFrame(
        {
            "layer": REMOVALS,
            "start": waves["day_low"].astype(str).str[:10],
            "end": waves["day_high"].astype(str).str[:10],
            "accounts": waves["removed"],
        }
    ).merge(days[["platform"]].drop_duplicates(), how="cross")
    parts = [part.reindex(columns=COLUMNS) for part in (days, ours, removals, others) if len(part)]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    return pd.concat(parts, ignore_index=True)


def draw_creations(data: pd.DataFrame, n: pd.Series) -> Figure:
    """Draw when accounts were made, one row a platform.

    Parameters
    ----------
    data : pandas.DataFrame
        What `creations_data` gave.
    n : pandas.Series
        Network accounts by platform, dated or not, for "n of N".

    Returns
    -------
    matplotlib.figure.Figure
        Left the running share over the whole period; right the accounts of each day in the
        stretch that holds the middle nine tenths, with the baseline, and below it the days
        that are bursts by our test and by the comparators, and those between which accounts
        were removed.
    """
    figure = plt.figure(figsize=(6.3, 3.1 * len(n)))
    grid = figure.add_gridspec(
        2 * len(n), 2, width_ratios=[1, 2], height_ratios=[3, 1] * len(n), hspace=0.05
    )
    for row, platform in enumerate(sorted(n.index)):
        own = data[data["platform"] == platform]
        days = own[own["layer"] == DAY].assign(when=lambda rows: pd.to_datetime(rows["start"]))
        whole = figure.add_subplot(grid[2 * row : 2 * row + 2, 0])
        close = figure.add_subplot(grid[2 * row, 1])
        below = figure.add_subplot(grid[2 * row + 1, 1], sharex=close)
        dated = int(days["accounts"].sum())
        whole.step(days["when"], days["cumulative_share"], where="post", color="C0")
        whole.set_ylim(0, 1.02)
        whole.set_ylabel("share made up to the day")
        whole.set_title(f"{platform}: {dated:,} of {n[platform]:,} dated")
        if not dated:
            for axis in (whole, below):
                axis.set_axis_off()
            empty(close, "not identified: no account has a date of creation")
            continue
        _draw_days(close, days)
        _draw_layers(below, own[own["layer"] != DAY])
        close.tick_params(labelbottom=False)
        for axis in (whole, below):
            axis.set_xlabel("day of creation (UTC)")
            locator = AutoDateLocator(minticks=3, maxticks=5)
            axis.xaxis.set_major_locator(locator)
            axis.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    return figure


def _draw_days(axis: plt.Axes, days: pd.DataFrame) -> None:
    share = days["cumulative_share"]
    before = share.shift(fill_value=0)
    inside = days[(share > TAIL_SHARE) & (before < 1 - TAIL_SHARE)]
    length = (inside["when"].max() - inside["when"].min()) / ONE_DAY if len(inside) else 0
    # A bar of one day in several years would be thinner than ink.
    axis.bar(inside["when"], inside["accounts"], width=max(0.9, length / THINNEST), color="C0")
    if inside["baseline"].notna().any():
        axis.plot(inside["when"], inside["baseline"], color="C1", label="baseline")
        axis.legend(loc="lower right", bbox_to_anchor=(1, 1), fontsize=7, borderaxespad=0.1)
    axis.set_ylabel("accounts a day")
    if len(inside):
        edge = max(0.04 * (inside["when"].iloc[-1] - inside["when"].iloc[0]), ONE_DAY)
        axis.set_xlim(inside["when"].iloc[0] - edge, inside["when"].iloc[-1] + edge)
    axis.set_title(f"{inside['accounts'].sum():,} of them, close up")


def _draw_layers(axis: plt.Axes, spans: pd.DataFrame) -> None:
    """Stretches of days below each other, ours on top."""
    others = sorted(set(spans["layer"]) - set(COLORS))
    removals = [REMOVALS] if (spans["layer"] == REMOVALS).any() else []
    layers = [*reversed(others), *removals, OURS]
    low, high = axis.get_xlim()
    least = (high - low) / THINNEST
    for height, layer in enumerate(layers):
        own = spans[spans["layer"] == layer]
        starts = pd.to_datetime(own["start"])
        lengths = (pd.to_datetime(own["end"]) - starts) / ONE_DAY + 1
        first = starts.map(plt.matplotlib.dates.date2num)
        bars = [(at, max(long, least)) for at, long in zip(first, lengths, strict=True)]
        # Looks follow on each other, and each wave between them is to be seen.
        edges = {"edgecolor": "white", "linewidth": 0.3} if layer == REMOVALS else {}
        color = COLORS.get(layer, "0.6")
        axis.broken_barh(bars, (height - 0.35, 0.7), color=color, **edges)
    axis.set_xlim(low, high)
    axis.set_ylim(-0.6, len(layers) - 0.4)
    axis.set_yticks(range(len(layers)), layers, fontsize=7)
    axis.grid(visible=False)
