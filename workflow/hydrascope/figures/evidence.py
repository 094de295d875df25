"""Figure 4: what each group of signals says of accounts."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from hydrascope.contracts import VERDICTS
from hydrascope.figures.draw import readable

__all__ = ["draw_evidence", "evidence_data"]

WEIGHT = "_weight"
# Nats from which on a colour does not change.
FULL = 6.0
# Beside the signs of what speaks.
SILENT = 2


def evidence_data(verdicts: pd.DataFrame, *, fewest: int) -> pd.DataFrame:
    """Group accounts of which the same groups of signals speak for, against or not at all.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        account_id, verdict, seed, score, and `<group>_things` and `<group>_weight` of each
        group; none of the latter where a list was taken as given.
    fewest : int
        Fewest accounts of a row: the exact evidence of a single one would tell which it is.

    Returns
    -------
    pandas.DataFrame
        verdict, accounts, and their means, with one decimal: score, and a column a group with
        the nats that it adds (missing where they hold nothing that could be compared); of, the
        accounts of the verdict. Seeds are left out. Sorted by verdict and score, the highest
        first.
    """
    groups = [name.removesuffix(WEIGHT) for name in verdicts.columns if name.endswith(WEIGHT)]
    columns = ["verdict", "accounts", "score", *groups, "of"]
    if not groups:
        return pd.DataFrame(columns=columns)
    rows = verdicts[~verdicts["seed"].astype(bool)].sort_values(["score", "account_id"])
    for group in groups:
        rows[group] = rows[f"{group}{WEIGHT}"].where(rows[f"{group}_things"] > 0)
    sides = [np.sign(rows[group]).fillna(SILENT).rename(f"{group}_side") for group in groups]
    kinds = rows.groupby(["verdict", *sides])
    table = kinds[["score", *groups]].mean().round(1).assign(accounts=kinds.size())
    table = table[table["accounts"] >= fewest].reset_index("verdict").reset_index(drop=True)
    table["of"] = table["verdict"].map(rows["verdict"].value_counts())
    rank = table["verdict"].map({verdict: number for number, verdict in enumerate(VERDICTS)})
    # Of equal scores the order of the groups above, which is that of their evidence, is kept.
    order = np.lexsort((-table["score"], rank))
    return table.iloc[order][columns].reset_index(drop=True)


def draw_evidence(data: pd.DataFrame) -> Figure:
    """Draw a panel a verdict: rows as high as they have accounts, the highest score on top.

    Parameters
    ----------
    data : pandas.DataFrame
        What `evidence_data` gave.

    Returns
    -------
    matplotlib.figure.Figure
        Blue speaks for belonging, red against, grey could not be compared.
    """
    apart = ("verdict", "accounts", "score", "of")
    groups = [name for name in data.columns if name not in apart]
    figure, axes = plt.subplots(1, len(VERDICTS), figsize=(6.3, 4.2))
    shades = plt.get_cmap("RdBu").with_extremes(bad="0.8")
    for axis, verdict in zip(axes, VERDICTS, strict=True):
        own = data[data["verdict"] == verdict]
        shown, of = own["accounts"].sum(), own["of"].max() if len(own) else 0
        axis.set_title(f"{verdict}\n{f'{shown:,.0f} of {of:,.0f}' if of else 'none shown'}")
        axis.set_yticks([])
        axis.set_xticks(range(len(groups)), map(readable, groups), rotation=60, ha="right")
        axis.grid(visible=False)
        if len(own):
            cells = np.ma.masked_invalid(own[groups].to_numpy(dtype=float))
            across = np.arange(len(groups) + 1) - 0.5
            down = np.concatenate([[0], own["accounts"].cumsum()])
            drawn = axis.pcolormesh(across, down, cells, cmap=shades, vmin=-FULL, vmax=FULL)
            axis.set_ylim(down[-1], 0)
    if len(data):
        bar = figure.colorbar(drawn, ax=axes, shrink=0.6, extend="both")
        bar.set_label("evidence, nats")
    else:
        why = "no accounts\nthat are alike" if groups else "a list was taken\nas given"
        axes[1].text(0.5, 0.5, why, ha="center", va="center")
        for axis in axes:
            axis.set_xticks([])
    axes[0].set_ylabel("accounts, highest score on top")
    return figure
