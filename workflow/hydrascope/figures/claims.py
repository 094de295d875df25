"""Figure 1: every published claim beside what the collection has."""

from textwrap import fill

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

from hydrascope.figures.draw import intervals, label_rows

__all__ = ["claims_data", "draw_claims"]

COLUMNS = ["claim", "published", "reproduced", "low", "high", "verdict"]
# Characters that a line of a label has room for.
LABEL, VERDICT = 30, 34
COLORS = {"reproduced": "C2", "recovered (planted)": "C2"}
COLORS |= {"differs": "C1", "missed (planted)": "C1", "inconsistent as published": "C1"}
# Of a verdict that says neither.
UNTOLD = "0.45"


def claims_data(claims: pd.DataFrame) -> pd.DataFrame:
    """Choose what the figure draws: each claim, what was found, and the verdict.

    Parameters
    ----------
    claims : pandas.DataFrame
        What `counts.claims.claim_table` gave.

    Returns
    -------
    pandas.DataFrame
        claim, published, reproduced, low, high (numbers) and verdict, in the order of the
        claims.
    """
    numbers = {name: pd.to_numeric(claims[name]) for name in COLUMNS[1:5]}
    return claims.assign(**numbers)[COLUMNS].reset_index(drop=True)


def draw_claims(data: pd.DataFrame) -> Figure:
    """Draw a row a claim: found over published, with the range from low to high.

    Parameters
    ----------
    data : pandas.DataFrame
        What `claims_data` gave.

    Returns
    -------
    matplotlib.figure.Figure
        On a logarithmic scale, as what was published differs by orders; beside each row the
        numbers and the verdict, and the verdict alone where there is no number.
    """
    figure, axis = plt.subplots(figsize=(6.3, 0.9 + 0.36 * max(len(data), 1)))
    ratios = data[["reproduced", "low", "high"]].div(data["published"], axis=0)
    ratios = ratios.set_axis(["value", "low", "high"], axis=1)
    for place, row in data.iterrows():
        color = COLORS.get(row["verdict"], UNTOLD)
        if ratios.loc[place, "value"] > 0:
            intervals(axis, ratios.loc[[place]], [place], color=color)
        verdict = fill(_said(row), VERDICT)
        axis.text(
            1.02, place, verdict, transform=axis.get_yaxis_transform(), va="center", fontsize=7
        )
    if data.empty:
        axis.text(1, 0, "nothing was published that could be held against this study", ha="center")
    axis.axvline(1, color="0.3", linewidth=0.8)
    axis.set_xscale("log")
    axis.xaxis.set_major_locator(LogLocator(10, subs=(1, 2, 5)))
    axis.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axis.xaxis.set_minor_formatter(NullFormatter())
    found = ratios.to_numpy(dtype=float)
    found = found[found > 0]
    axis.set_xlim(min([0.48, *found * 0.8]), max([2.1, *found * 1.25]))
    axis.set_xlabel("found / published")
    label_rows(axis, [fill(name, LABEL) for name in data["claim"]], size=8)
    return figure


def _said(row: pd.Series) -> str:
    published = f"{_number(row['published'])} published"
    if pd.isna(row["reproduced"]):
        return f"{published}: {row['verdict']}"
    span = "" if pd.isna(row["low"]) else f" ({_number(row['low'])} to {_number(row['high'])})"
    return f"{_number(row['reproduced'])}{span} of {published}: {row['verdict']}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:.4g}"
