"""A notebook run from a clean kernel and turned into a page."""

import re
from pathlib import Path

import nbformat
import papermill
from nbconvert import HTMLExporter

__all__ = ["render_notebook"]

# A page of results needs no script, and what posts hold must find none to use.
SCRIPTS = re.compile(r"<script\b.*?</script>", re.DOTALL | re.IGNORECASE)
POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "img-src data:; font-src data:; style-src 'unsafe-inline'\">"
)


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
        HTML that runs no script and asks for nothing from elsewhere.
    """
    papermill.execute_notebook(
        str(source),
        str(draft),
        {"study": study},
        kernel_name="python3",
        progress_bar=False,
        # Of its connection to this process nobody need be warned.
        extra_arguments=["--log-level=CRITICAL"],
    )
    notebook = nbformat.read(draft, as_version=4)
    for number, cell in enumerate(notebook.cells):
        # papermill names the cell it adds at random, and notes when each cell ran.
        cell["id"] = f"cell-{number}"
        cell["metadata"] = {"tags": cell["metadata"].get("tags", [])}
    exporter = HTMLExporter(
        template_name="lab",
        mathjax_url="",
        require_js_url="",
        jquery_url="",
        mermaid_js_url="",
    )
    page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": source.stem}})
    return SCRIPTS.sub("", page).replace("<head>", f"<head>{POLICY}", 1)
