"""The one way by which notebooks read a study's results."""

from pathlib import Path

import pandas as pd
from IPython.display import Image

from hydrascope import io
from hydrascope.errors import ConfigError
from hydrascope.provenance.sharing import LEDGER, numbered_ledger

__all__ = ["Results"]

CHECKOUT = Path(__file__).resolve().parents[3]
# A sentence in a cell is shown to its end, and so is each table that a reader would read.
SHOWN = {"display.max_colwidth": None, "display.max_columns": None, "display.max_rows": 500}


class Results:
    """The results of one study, read only, and tables shown uncut up to 500 rows.

    Parameters
    ----------
    study : str
        Name of a study that has been run.
    folder : path, optional
        Where results lie; the checkout's own folder if not given.

    Raises
    ------
    ConfigError
        If the notebook is another checkout's than the code that reads for it.
    FileNotFoundError
        If the study has not been run.
    """

    def __init__(self, study: str, folder: str | Path = CHECKOUT / "results"):
        for place in (Path.cwd(), *Path.cwd().parents):
            own = place / "workflow/hydrascope/notebooks/results.py"
            if own.is_file() and not own.samefile(__file__):
                raise ConfigError(
                    f"The active Python has hydrascope from {CHECKOUT}; expected this "
                    f"checkout's, in {place}. Close Jupyter and type `make notebook` there."
                )
        for option, value in SHOWN.items():
            pd.set_option(option, value)
        self.folder = Path(folder) / study
        if not self.folder.is_dir():
            raise FileNotFoundError(
                f"{self.folder}: found no results; expected a finished study. "
                f"Run `make study STUDY={study}` first."
            )

    def table(self, name: str) -> pd.DataFrame:
        """Read a table by its stage and file, such as `counts/platforms.tsv`."""
        path = self.folder / name
        table = pd.read_parquet(path) if path.suffix == ".parquet" else io.read_table(path)
        # A notebook's page is shared, and the names of raw files may be people's.
        return numbered_ledger(table) if name == LEDGER else table

    def figure(self, name: str) -> Image:
        """Show a figure by its name, such as `fig01_claims`."""
        return Image(data=(self.folder / f"figures/{name}.png").read_bytes(), width=760)
