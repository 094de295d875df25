"""Figure 2: accounts per platform, beside what was published."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

__all__ = ["accounts_data", "draw_accounts"]

ALL = "all"


def accounts_data(platforms: pd.DataFrame) -> pd.DataFrame:
    """Choose what the figure draws: one row a platform, and one a published number more.

    Parameters
    ----------
    platforms : pandas.DataFrame
        What `counts.platforms.platform_counts` gave; published as text, several
        numbers joined by a slash.

    Returns
    -------
    pandas.DataFrame
        platform, collected, affiliated, undetermined, low, high and published
        (missing where nothing was); a platform with several units is there as
        their sum, and the sum over platforms is left out.
    """
    rows = platforms[platforms["platform"] != ALL]
    several = rows["platform"].map(rows["platform"].value_counts()) > 1
    rows = rows[~several | (rows["unit"] == ALL)]
    rows = rows.assign(published=rows["published"].fillna("").astype(str).str.split(" / "))
    rows = rows.explode("published")
    rows["published"] = pd.to_numeric(rows["published"])
    columns = ["platform", "collected", "affiliated", "undetermined", "low", "high", "published"]
    return rows[columns].sort_values(["platform", "published"], ignore_index=True)


def draw_accounts(data: pd.DataFrame) -> Figure:
    """Draw the affiliated accounts of each platform with what is undetermined.

    Parameters
    ----------
    data : pandas.DataFrame
        What `accounts_data` gave.

    Returns
    -------
    matplotlib.figure.Figure
        One panel a platform, since their sizes differ by orders: a bar for the
        affiliated, a line from low to high, a mark for each published number.
    """
    platforms = sorted(data["platform"].unique())
    figure, axes = plt.subplots(
        1, len(platforms), squeeze=False, figsize=(max(2.1 * len(platforms), 4.2), 3.0)
    )
    for axis, platform in zip(axes[0], platforms, strict=True):
        rows = data[data["platform"] == platform]
        row = rows.iloc[0]
        axis.bar([0], [row["affiliated"]], width=0.55, color="C0", label="affiliated")
        span = [[row["affiliated"] - row["low"]], [row["high"] - row["affiliated"]]]
        axis.errorbar(
            [0], [row["affiliated"]], yerr=span, color="black", capsize=4, label="low to high"
        )
        published = rows["published"].dropna()
        # Beside the bar, whose interval may reach over it.
        axis.plot([0.45] * len(published), published, "D", color="C1", label="published")
        axis.set_title(f"{platform}\n{row['affiliated']:,} of {row['collected']:,} collected")
        axis.set_xlim(-0.6, 0.7)
        axis.set_ylim(0, 1.12 * max(row["high"], published.max() if len(published) else 0, 1))
        axis.set_xticks([])
        axis.set_xlabel(f"{row['undetermined']:,} undetermined")
        axis.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes[0][0].set_ylabel("accounts")
    figure.legend(*axes[0][0].get_legend_handles_labels(), loc="outside upper left", ncols=3)
    return figure
