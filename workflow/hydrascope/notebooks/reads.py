"""What a notebook asks for, so that it runs behind whatever makes that."""

import json
import re
from pathlib import Path

__all__ = ["results_read"]

ASKED = re.compile(r'results\.(table|figure)\("([^"]+)"\)')
FILES = {"table": "{}", "figure": "figures/{}.png"}


def results_read(notebook: Path) -> list[str]:
    """Name the results that a notebook asks for in its cells and its answers.

    Parameters
    ----------
    notebook : pathlib.Path
        The notebook as stored.

    Returns
    -------
    list of str
        Paths below the study's folder, sorted.
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells)
    return sorted({FILES[what].format(name) for what, name in ASKED.findall(text)})
