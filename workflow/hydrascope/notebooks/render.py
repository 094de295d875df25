"""A notebook run from a clean kernel and turned into a page."""

from pathlib import Path

import nbformat
import papermill
from nbconvert import HTMLExporter

__all__ = ["render_notebook"]


def render_notebook(source: Path, draft: Path, *, study: str) -> str:
    """Execute a notebook and give its page, the same bytes for the same results.

    Parameters
    ----------
    source : pathlib.Path
        The notebook as stored, without outputs.
    draft : pathlib.Path
        Where the executed notebook goes; after a failure it shows the cell.
    study : str
        Value of the notebook's parameter `study`.

    Returns
    -------
    str
        HTML that asks for nothing from elsewhere.
    """
    papermill.execute_notebook(
        str(source), str(draft), {"study": study}, kernel_name="python3", progress_bar=False
    )
    notebook = nbformat.read(draft, as_version=4)
    for number, cell in enumerate(notebook.cells):
        # papermill names the cell it adds at random, and notes when each cell ran.
        cell["id"] = f"cell-{number}"
        cell["metadata"] = {"tags": cell["metadata"].get("tags", [])}
    exporter = HTMLExporter(
        template_name="lab",
        sanitize_html=True,
        mathjax_url="",
        require_js_url="",
        jquery_url="",
        mermaid_js_url="",
    )
    page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": source.stem}})
    return page
