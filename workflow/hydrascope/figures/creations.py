"""Figure 1: when the network's accounts were made."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

__all__ = ["creations_data", "draw_creations"]

ONE_DAY = pd.Timedelta(days=1)
# The close-up leaves out this share of the dated accounts at either end.
TAIL_SHARE = 0.05
# Bars that the close-up has room for side by side.
THINNEST = 250


def creations_data(daily: pd.DataFrame, largest: int) -> pd.DataFrame:
    """Choose what the figure draws: the days with a creation, the largest marked.

    Parameters
    ----------
    daily : pandas.DataFrame
        platform, day, accounts and rank.
    largest : int
        How many of the largest days of a platform are labelled.

    Returns
    -------
    pandas.DataFrame
        platform, day, accounts, cumulative_share (of the dated accounts, made up
        to and with that day) and labelled.
    """
    accounts = daily.groupby("platform")["accounts"]
    drawn = daily.assign(
        cumulative_share=accounts.cumsum() / accounts.transform("sum"),
        labelled=daily["rank"] <= largest,
    )
    columns = ["platform", "day", "accounts", "cumulative_share", "labelled"]
    return drawn.loc[drawn["accounts"] > 0, columns].reset_index(drop=True)


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
        Left the running share over the whole period; right the accounts of each
        day in the stretch that holds the middle nine tenths, the largest days
        labelled.
    """
    figure, axes = plt.subplots(
        len(n), 2, squeeze=False, figsize=(6.3, 2.8 * len(n)), width_ratios=[1, 2]
    )
    for (whole, close), platform in zip(axes, sorted(n.index), strict=True):
        rows = data[data["platform"] == platform]
        rows = rows.assign(when=pd.to_datetime(rows["day"]))
        dated = int(rows["accounts"].sum())
        whole.step(rows["when"], rows["cumulative_share"], where="post", color="C1")
        whole.set_ylim(0, 1.02)
        whole.set_ylabel("share made up to the day")
        whole.set_title(f"{platform}: {dated:,} of {n[platform]:,} dated")
        _draw_days(close, rows)
        for axis in (whole, close):
            axis.set_xlabel("day of creation (UTC)")
            locator = AutoDateLocator(minticks=3, maxticks=5)
            axis.xaxis.set_major_locator(locator)
            axis.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    return figure


def _draw_days(axis: plt.Axes, rows: pd.DataFrame) -> None:
    share = rows["cumulative_share"]
    before = share.shift(fill_value=0)
    inside = rows[(share > TAIL_SHARE) & (before < 1 - TAIL_SHARE)]
    days = (inside["when"].max() - inside["when"].min()) / ONE_DAY if len(inside) else 0
    # A bar of one day in several years would be thinner than ink.
    axis.bar(inside["when"], inside["accounts"], width=max(0.9, days / THINNEST), color="C0")
    axis.set_ylabel("accounts made on the day")
    if len(inside):
        edge = max(0.04 * (inside["when"].iloc[-1] - inside["when"].iloc[0]), ONE_DAY)
        axis.set_xlim(inside["when"].iloc[0] - edge, inside["when"].iloc[-1] + edge)
    labelled = inside[inside["labelled"]].sort_values("accounts", ascending=False)
    lines = [f"{row.day}  {row.accounts:,}" for row in labelled.itertuples()]
    axis.plot(labelled["when"], labelled["accounts"], "o", color="C1", markersize=3)
    axis.set_title(f"{inside['accounts'].sum():,} of them, close up")
    axis.text(
        1.0,
        1.0,
        "\n".join(["largest days", *lines]),
        transform=axis.transAxes,
        va="top",
        fontsize=8,
    )
