"""Figure 3: who holds with whom, groups of accounts that belong as a graph."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

__all__ = ["draw_network", "network_data"]

GROUP, TIE = "group", "tie"
CELL = ["community", "platform"]
# A circle has no room for more.
MOST_GROUPS = 60
# Widest line, in points.
WIDEST = 6.0
COLUMNS = ["layer", *CELL, "to_community", "to_platform", "accounts", "pairs", "of"]


def network_data(
    verdicts: pd.DataFrame, edges: pd.DataFrame | None, *, fewest: int
) -> pd.DataFrame:
    """Count the affiliated accounts of each community and platform, and the edges between them.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        account_id, platform, verdict and community.
    edges : pandas.DataFrame, optional
        account_a and account_b, an account pair a signal; None where a list of accounts was
        taken as given.
    fewest : int
        Fewest accounts of a group that is shown, and fewest pairs of one that are: the edges
        of a single account would tell which one it is.

    Returns
    -------
    pandas.DataFrame
        layer; for each `group`, the affiliated accounts of a community on a platform, how many
        accounts it has, in how many pairs of them both hold more in common than chance, and
        how many affiliated accounts there are; for each `tie` two groups and the pairs between
        them. Of more than 60 groups the largest are there. Pairs are missing where they are
        too few. Sorted by layer, community and platform.
    """
    if edges is None:
        return pd.DataFrame(columns=COLUMNS)
    members = verdicts[verdicts["verdict"] == "affiliated"]
    sizes = members.groupby(CELL).size().rename("accounts")
    shown = sizes[sizes >= fewest].sort_values(ascending=False, kind="stable")[:MOST_GROUPS]
    groups = shown.sort_index().reset_index()
    place = pd.Series(groups.index, pd.MultiIndex.from_frame(groups[CELL]))
    of_account = pd.Series(
        place.reindex(pd.MultiIndex.from_frame(members[CELL])).to_numpy(), members["account_id"]
    ).dropna()
    pairs = edges[["account_a", "account_b"]].drop_duplicates()
    ends = np.sort(pairs.apply(lambda side: side.map(of_account)).dropna().to_numpy(int), axis=1)
    counts = pd.DataFrame(ends, columns=["one", "other"]).value_counts()
    counts = counts[counts >= fewest].sort_index().rename("pairs").reset_index()
    within = counts[counts["one"] == counts["other"]].set_index("one")["pairs"]
    groups = groups.assign(layer=GROUP, pairs=within.reindex(groups.index), of=len(members))
    across = counts[counts["one"] != counts["other"]]
    one, other = (
        groups.loc[across[side], CELL].reset_index(drop=True) for side in ("one", "other")
    )
    ties = one.join(other.add_prefix("to_")).assign(layer=TIE, pairs=across["pairs"].to_numpy())
    parts = [part.reindex(columns=COLUMNS) for part in (groups, ties) if len(part)]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    whole = ["to_community", "accounts", "pairs", "of"]
    return pd.concat(parts, ignore_index=True).astype(dict.fromkeys(whole, "Int64"))


def draw_network(data: pd.DataFrame) -> Figure:
    """Draw groups as dots on a circle, the platforms of a community side by side, ties as lines.

    Parameters
    ----------
    data : pandas.DataFrame
        What `network_data` gave.

    Returns
    -------
    matplotlib.figure.Figure
        The area of a dot counts accounts, the width of a line pairs; a dark rim stands for
        accounts joined among themselves. Numbers are communities.
    """
    figure, axis = plt.subplots(figsize=(6.3, 5.6))
    groups = data[data["layer"] == GROUP].reset_index(drop=True)
    axis.set_aspect("equal")
    axis.set_axis_off()
    if not len(groups):
        axis.text(0.5, 0.5, "no groups of accounts", transform=axis.transAxes, ha="center")
        return figure
    angle = 2 * np.pi * np.arange(len(groups)) / len(groups)
    places = np.stack([np.sin(angle), np.cos(angle)], axis=1)
    ties = data[data["layer"] == TIE]
    at = pd.MultiIndex.from_frame(groups[CELL])
    starts, ends = (
        places[at.get_indexer(pd.MultiIndex.from_frame(ties[columns]))]
        for columns in (CELL, [f"to_{name}" for name in CELL])
    )
    widths = WIDEST * np.sqrt(ties["pairs"].to_numpy(float) / ties["pairs"].max())
    lines = np.stack([starts, ends], axis=1)
    axis.add_collection(LineCollection(lines, colors="0.5", linewidths=widths, alpha=0.5))
    areas = 400 * groups["accounts"] / groups["accounts"].max()
    rims = np.where(groups["pairs"].notna(), "black", "white")
    for number, (platform, own) in enumerate(groups.groupby("platform")):
        look = {"color": f"C{number}", "linewidths": 0.6, "zorder": 2}
        axis.scatter(*places[own.index].T, s=areas[own.index], edgecolors=rims[own.index], **look)
        axis.scatter([], [], s=40, label=f"{platform}, {own['accounts'].sum():,.0f}", **look)
    for community, rows in groups.groupby("community").groups.items():
        x, y = 1.15 * places[rows].mean(axis=0) / np.linalg.norm(places[rows].mean(axis=0))
        axis.text(x, y, f"{community:.0f}", ha="center", va="center", fontsize=7)
    axis.set_xlim(-1.25, 1.25)
    axis.set_ylim(-1.25, 1.25)
    figure.legend(loc="outside upper left", ncols=4)
    of = groups["of"].iloc[0]
    axis.set_title(f"{groups['accounts'].sum():,.0f} of {of:,.0f} affiliated accounts")
    return figure
