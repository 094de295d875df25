"""Figure 4: what each group of signals says of each account."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from hydrascope.contracts import VERDICTS
from hydrascope.figures.draw import readable

__all__ = ["draw_evidence", "evidence_data"]

WEIGHT = "_weight"
# Rows that a panel has room for.
ROWS = 400
# Nats from which on a colour does not change.
FULL = 6.0


def evidence_data(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Choose what the figure draws: the weight of each group's evidence, an account a row.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        account_id, platform, verdict, seed, score, and `<group>_things` and `<group>_weight`
        of each group; none of the latter where a list was taken as given.

    Returns
    -------
    pandas.DataFrame
        verdict, platform, score, a column a group with the nats that it adds (missing where
        the account holds nothing that could be compared), and of, the accounts of the verdict.
        Seeds are left out. Of more than 400 accounts of a verdict those at evenly spaced ranks
        of the score are there.
    """
    groups = [name.removesuffix(WEIGHT) for name in verdicts.columns if name.endswith(WEIGHT)]
    columns = ["verdict", "platform", "score", *groups, "of"]
    if not groups:
        return pd.DataFrame(columns=columns)
    rows = verdicts[~verdicts["seed"].astype(bool)].sort_values(["score", "account_id"])
    for group in groups:
        rows[group] = rows[f"{group}{WEIGHT}"].where(rows[f"{group}_things"] > 0)
    parts = []
    for verdict in VERDICTS:
        own = rows[rows["verdict"] == verdict]
        ranks = np.unique(np.linspace(0, len(own) - 1, min(len(own), ROWS)).round().astype(int))
        parts.append(own.iloc[ranks[::-1]].assign(of=len(own)))
    return pd.concat(parts, ignore_index=True)[columns]


def draw_evidence(data: pd.DataFrame) -> Figure:
    """Draw a panel a verdict: rows are accounts, the highest score on top, columns groups.

    Parameters
    ----------
    data : pandas.DataFrame
        What `evidence_data` gave.

    Returns
    -------
    matplotlib.figure.Figure
        Blue speaks for belonging, red against, grey could not be compared.
    """
    groups = [name for name in data.columns if name not in ("verdict", "platform", "score", "of")]
    figure, axes = plt.subplots(1, len(VERDICTS), figsize=(6.3, 4.2))
    shades = plt.get_cmap("RdBu").with_extremes(bad="0.8")
    for axis, verdict in zip(axes, VERDICTS, strict=True):
        own = data[data["verdict"] == verdict]
        axis.set_title(f"{verdict}\n{len(own):,} of {own['of'].max() if len(own) else 0:,.0f}")
        axis.set_yticks([])
        axis.set_xticks(range(len(groups)), map(readable, groups), rotation=60, ha="right")
        axis.grid(visible=False)
        if len(own):
            cells = np.ma.masked_invalid(own[groups].to_numpy(dtype=float))
            drawn = axis.imshow(
                cells, aspect="auto", cmap=shades, vmin=-FULL, vmax=FULL, interpolation="nearest"
            )
    if len(data):
        bar = figure.colorbar(drawn, ax=axes, shrink=0.6, extend="both")
        bar.set_label("evidence, nats")
    else:
        axes[1].text(0.5, 0.5, "a list was taken\nas given", ha="center", va="center")
        for axis in axes:
            axis.set_xticks([])
    axes[0].set_ylabel("accounts, highest score on top")
    return figure
