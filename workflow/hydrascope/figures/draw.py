"""What every figure shares: the style, the footer, bytes that repeat."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hydrascope import io
from hydrascope.fonts import FONTS, font_file

__all__ = ["empty", "intervals", "label_rows", "readable", "save", "side_by_side", "styled"]

STYLE = Path(__file__).with_name("style.mplstyle")
for _, _, package, file in FONTS:
    font_manager.fontManager.addfont(font_file(package, file))
# These come in one weight, of which a title need not warn.
logging.getLogger(font_manager.__name__).setLevel(logging.ERROR)
# matplotlib writes the day of drawing unless it is told not to.
UNDATED = {
    "svg": {"Date": None, "Creator": "hydrascope"},
    "pdf": {"CreationDate": None, "Creator": "hydrascope", "Producer": None},
    "png": {"Software": "hydrascope"},
}


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the project's one style, whatever the user's own settings are."""
    with plt.style.context(["default", STYLE]):
        yield


def readable(name: str) -> str:
    """A name of a table as words."""
    return name.replace("_", " ")


def empty(axis: Axes, why: str) -> None:
    """Take everything off a panel that has nothing to show, and say why.

    Parameters
    ----------
    axis : matplotlib.axes.Axes
        The panel; its title stays.
    why : str
        A few words.
    """
    axis.set_axis_off()
    axis.text(0.5, 0.5, why, transform=axis.transAxes, ha="center", va="center", fontsize=8)


def side_by_side(panels: int, *, height: float) -> tuple[Figure, Sequence[Axes]]:
    """Begin a figure of panels in one row that share their upright axis; one if there is none.

    Parameters
    ----------
    panels : int
        How many.
    height : float
        Of the figure, in inches.

    Returns
    -------
    tuple of matplotlib.figure.Figure and sequence of matplotlib.axes.Axes
        The figure, and its panels from the left.
    """
    figure, axes = plt.subplots(
        1, max(panels, 1), squeeze=False, sharey=True, figsize=(6.3, height)
    )
    return figure, axes[0]


def label_rows(axis: Axes, labels: Sequence[str], *, size: float | None = None) -> None:
    """Give an axis a labelled row for each label, the first on top, read along upright lines.

    Parameters
    ----------
    axis : matplotlib.axes.Axes
        Where to; rows are one apart, from 0.
    labels : sequence of str
        What stands beside each row.
    size : float, optional
        Points of the letters, if not those of the style.
    """
    axis.set_yticks(range(len(labels)), labels, fontsize=size)
    axis.set_ylim(max(len(labels), 1) - 0.5, -0.5)
    # There is nothing to read along where there is no row.
    axis.grid(visible=len(labels) > 0, axis="x")
    axis.grid(visible=False, axis="y")


def intervals(
    axis: Axes, rows: pd.DataFrame, places: Sequence[float], *, color: str, label: str = ""
) -> None:
    """Draw estimates across, each a dot with the line of its interval.

    Parameters
    ----------
    axis : matplotlib.axes.Axes
        Where to.
    rows : pandas.DataFrame
        value, low and high; without an interval there is the dot alone.
    places : sequence of float
        Height of each.
    color : str
        Of dot and line.
    label : str
        What the legend says of them; nothing where it is empty.
    """
    axis.hlines(places, rows["low"], rows["high"], color=color, linewidth=1.2)
    axis.plot(rows["value"], places, "o", color=color, markersize=3.5, label=label or None)


def save(figure: Figure, data: pd.DataFrame, paths: Mapping[str, str], *, simulated: bool) -> None:
    """Write a figure as SVG, PDF and PNG, the same bytes for the same drawing, and its numbers.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The drawing.
    data : pandas.DataFrame
        Exactly what is drawn.
    paths : mapping of str to str
        File by format: svg, pdf, png, and csv for the numbers.
    simulated : bool
        Whether the footer must say that nobody in it is real.
    """
    if simulated:
        figure.supxlabel("simulated collection", x=0.99, ha="right", fontsize=7)
    for kind, metadata in UNDATED.items():
        with io.atomic(paths[kind]) as draft:
            figure.savefig(draft, format=kind, metadata=metadata)
    plt.close(figure)
    io.write_table(data, paths["csv"])
