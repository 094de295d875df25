"""Figure 8: what the network's posts were about, month by month."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from hydrascope.figures.draw import empty

__all__ = ["draw_prevalence", "prevalence_data"]

ALL, UNKNOWN = "all", "unknown"
COLUMNS = 3


def prevalence_data(prevalence: pd.DataFrame) -> pd.DataFrame:
    """Choose what the figure draws: the share of posts on each subject in each month.

    Parameters
    ----------
    prevalence : pandas.DataFrame
        What `narratives.prevalence.prevalence` gave.

    Returns
    -------
    pandas.DataFrame
        month, subject, posts, of_posts and post_share with its interval low and high, over
        all platforms and languages; posts without a time are left out.
    """
    whole = (prevalence["platform"] == ALL) & (prevalence["language"] == ALL)
    dated = ~prevalence["month"].isin([ALL, UNKNOWN])
    columns = ["month", "subject", "posts", "of_posts", "post_share", "low", "high"]
    return prevalence.loc[whole & dated, columns].reset_index(drop=True)


def draw_prevalence(data: pd.DataFrame) -> Figure:
    """Draw a small panel a subject, all on one scale.

    Parameters
    ----------
    data : pandas.DataFrame
        What `prevalence_data` gave.

    Returns
    -------
    matplotlib.figure.Figure
        The month of posting across, the share of the network's posts of that month up, with a
        band for the 95 % interval where there is one; each panel says of how many posts it is.
    """
    if data.empty:
        figure, axis = plt.subplots(figsize=(6.3, 2))
        empty(axis, "not identified: no post of the network has a time")
        return figure
    subjects = sorted(data["subject"].unique())
    rows = -(-len(subjects) // COLUMNS)
    figure, axes = plt.subplots(
        rows, COLUMNS, squeeze=False, sharex=True, sharey=True, figsize=(6.3, 0.7 + 1.25 * rows)
    )
    for axis, subject in zip(axes.flat, subjects, strict=False):
        here = data[data["subject"] == subject].sort_values("month")
        when = pd.to_datetime(here["month"], format="%Y-%m")
        axis.fill_between(when, here["low"], here["high"], color="C0", alpha=0.2, linewidth=0)
        axis.plot(when, here["post_share"], "-o", color="C0", markersize=2.5)
        axis.set_title(f"{subject.replace('_', ' ')}, n = {here['posts'].sum():,}")
        axis.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        locator = AutoDateLocator(minticks=3, maxticks=5)
        axis.xaxis.set_major_locator(locator)
        axis.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes[0][0].set_ylim(0, 1.08 * max(data[["post_share", "high"]].max(axis=None), 0.01))
    for axis in axes.flat[len(subjects) :]:
        axis.set_axis_off()
    posts = data.drop_duplicates("month")["of_posts"].sum()
    for axis in axes[-1]:
        axis.set_xlabel("month of posting (UTC)")
    figure.supylabel(f"share of the month's posts ({posts:,} in all months)", fontsize=9)
    return figure
