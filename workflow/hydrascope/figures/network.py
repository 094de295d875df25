"""Figure 3: who holds with whom, the accounts that belong as a graph."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from scipy import sparse

__all__ = ["draw_network", "network_data"]

NODE, EDGE = "account", "edge"
# More nodes hide each other; more edges a node than this are a ball of wool.
MOST_NODES, EDGES_A_NODE = 2_000, 4
STEPS = 120
COLUMNS = ["layer", "platform", "x", "y", "x_end", "y_end", "seed", "edges", "of"]


def network_data(verdicts: pd.DataFrame, edges: pd.DataFrame | None, *, seed: int) -> pd.DataFrame:
    """Lay out the affiliated accounts by the edges between them.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        account_id, platform, verdict and seed.
    edges : pandas.DataFrame, optional
        account_a, account_b and p, an account pair a signal; None where a list of accounts was
        taken as given.
    seed : int
        Seed of the draw, where there are more than 2,000 accounts, and of the layout.

    Returns
    -------
    pandas.DataFrame
        layer; for each `account` platform, place x and y, whether it was a seed, its edges, and
        of how many affiliated accounts those drawn are; for each `edge` its two ends. Of an
        account's edges the four with the smallest p are drawn. Accounts without an edge are
        left out.
    """
    if edges is None:
        return pd.DataFrame(columns=COLUMNS)
    members = verdicts[verdicts["verdict"] == "affiliated"].set_index("account_id").sort_index()
    pairs = edges.groupby(["account_a", "account_b"], as_index=False)["p"].min()
    inside = pairs["account_a"].isin(members.index) & pairs["account_b"].isin(members.index)
    pairs = pairs[inside]
    joined = pd.Index(np.unique(pairs[["account_a", "account_b"]]))
    if len(joined) > MOST_NODES:
        rng = np.random.default_rng(seed)
        joined = joined[np.sort(rng.choice(len(joined), MOST_NODES, replace=False))]
        pairs = pairs[pairs["account_a"].isin(joined) & pairs["account_b"].isin(joined)]
    if pairs.empty:
        return pd.DataFrame(columns=COLUMNS)
    ends = np.stack([joined.get_indexer(pairs[side]) for side in ("account_a", "account_b")])
    places = _places(ends, len(joined), seed)
    known = members.loc[joined]
    nodes = pd.DataFrame(
        {
            "layer": NODE,
            "platform": known["platform"].to_numpy(),
            "x": places[:, 0],
            "y": places[:, 1],
            "seed": known["seed"].to_numpy(),
            "edges": np.bincount(ends.ravel(), minlength=len(joined)),
            "of": len(members),
        }
    )
    kept = ends[:, _strongest(ends, pairs["p"].to_numpy())]
    start, end = places[kept[0]], places[kept[1]]
    lines = {"x": start[:, 0], "y": start[:, 1], "x_end": end[:, 0], "y_end": end[:, 1]}
    both = [nodes, pd.DataFrame(lines).assign(layer=EDGE)]
    return pd.concat([part.reindex(columns=COLUMNS) for part in both], ignore_index=True)


def _strongest(ends: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Edges that are among the few with the smallest p of either end, as a mask."""
    number = np.tile(np.arange(len(p)), 2)
    rows = pd.DataFrame({"node": ends.ravel(), "p": np.tile(p, 2), "edge": number})
    first = rows.sort_values(["p", "edge"], kind="stable").groupby("node").head(EDGES_A_NODE)
    return np.isin(np.arange(len(p)), first["edge"])


def _places(ends: np.ndarray, size: int, seed: int) -> np.ndarray:
    """Places of Fruchterman and Reingold's forces, from a seeded start.

    All pairs push each other off and joined ones pull, with steps that cool down
    (Software: Practice and Experience 21, 1991).
    """
    rng = np.random.default_rng(seed)
    at = rng.standard_normal((size, 2))
    length = np.sqrt(1 / size)
    at *= length * np.sqrt(size) / 4
    joined = sparse.coo_matrix((np.ones(ends.shape[1]), ends), shape=(size, size)).tocsr()
    joined = ((joined + joined.T) > 0).astype(float)
    # A hub pulls no harder than anybody, or all would lie upon it.
    degree = np.asarray(joined.sum(axis=1)).ravel()
    pull = sparse.diags(1 / np.maximum(degree, 1)) @ joined
    for step in range(STEPS):
        across, up = (np.subtract.outer(side, side) for side in at.T)
        near = 1 / np.maximum(across**2 + up**2, 1e-9)
        push = length**2 * np.stack([(across * near).sum(axis=1), (up * near).sum(axis=1)], axis=1)
        toward = pull @ at - at
        move = push + toward * np.linalg.norm(toward, axis=1, keepdims=True) / length
        reach = np.linalg.norm(move, axis=1, keepdims=True)
        at = at + move / np.maximum(reach, 1e-9) * np.minimum(reach, 0.1 * (1 - step / STEPS))
    return at.round(4)


def draw_network(data: pd.DataFrame) -> Figure:
    """Draw accounts as dots by platform and their strongest edges as lines.

    Parameters
    ----------
    data : pandas.DataFrame
        What `network_data` gave.

    Returns
    -------
    matplotlib.figure.Figure
        Where accounts are near each other they are joined; the axes mean nothing else. Seeds
        have a dark rim.
    """
    figure, axis = plt.subplots(figsize=(6.3, 5.6))
    lines, nodes = data[data["layer"] == EDGE], data[data["layer"] == NODE]
    ends = lines[["x", "y", "x_end", "y_end"]].to_numpy(dtype=float).reshape(-1, 2, 2)
    axis.add_collection(LineCollection(ends, colors="0.5", linewidths=0.3, alpha=0.3))
    for number, (platform, own) in enumerate(nodes.groupby("platform")):
        rims = np.where(own["seed"].astype(bool), "black", "white")
        axis.scatter(
            *(own["x"], own["y"]),
            s=14,
            color=f"C{number}",
            edgecolors=rims,
            linewidths=0.4,
            label=f"{platform}, {len(own):,}",
            zorder=2,
        )
    axis.set_aspect("equal", adjustable="datalim")
    axis.autoscale_view()
    axis.set_axis_off()
    if len(nodes):
        figure.legend(loc="outside upper left", ncols=4)
        axis.set_title(f"{len(nodes):,} of {nodes['of'].iloc[0]:,.0f} affiliated accounts")
    else:
        axis.text(0.5, 0.5, "no edges between accounts", transform=axis.transAxes, ha="center")
    return figure
