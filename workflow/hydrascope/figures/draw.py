"""What every figure shares: the style, the footer, bytes that repeat."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from hydrascope import io

__all__ = ["save", "styled"]

STYLE = Path(__file__).with_name("style.mplstyle")
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


def save(figure: Figure, paths: Mapping[str, str], *, simulated: bool) -> None:
    """Write a figure as SVG, PDF and PNG, the same bytes for the same drawing.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The drawing.
    paths : mapping of str to str
        File by format: svg, pdf and png.
    simulated : bool
        Whether the footer must say that nobody in it is real.
    """
    if simulated:
        figure.supxlabel("simulated collection", x=0.99, ha="right", fontsize=7)
    for kind, path in paths.items():
        with io.atomic(path) as draft:
            figure.savefig(draft, format=kind, metadata=UNDATED[kind])
    plt.close(figure)
