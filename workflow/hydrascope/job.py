"""What every adapter shares: a log, and errors that a user can read."""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hydrascope.errors import HydrascopeError

__all__ = ["job"]


@contextmanager
def job(log: str) -> Iterator[None]:
    """Run the body of an adapter with its warnings and faults in a log.

    A fault that the user can mend is one line in the log, which Snakemake
    shows; any other keeps its traceback there.
    """
    path = Path(log)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as stream:
        logging.basicConfig(stream=stream, level=logging.WARNING, force=True)
        logging.captureWarnings(True)
        try:
            yield
        except HydrascopeError as error:
            stream.write(f"{type(error).__name__}: {error}\n")
            sys.exit(1)
        except Exception:
            stream.write(traceback.format_exc())
            sys.exit(1)
