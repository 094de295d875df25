"""What every adapter shares: a log, errors that a user can read, and digests of what it made."""

import errno
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import duckdb

from hydrascope.errors import HydrascopeError
from hydrascope.running import keep_digests

__all__ = ["job"]

AGAIN = "Then type the same command again: what has been made is kept."
FULL = f"The disk is full. Make room. {AGAIN}"
SHORT = f"There was not enough memory. Close other programs, or give --cores 1. {AGAIN}"


class Rule(Protocol):
    """What an adapter is told by Snakemake, as far as it is needed here."""

    log: list[str]
    output: list[str]


@contextmanager
def job(rule: Rule) -> Iterator[None]:
    """Run the body of an adapter with its warnings and faults in a log.

    A fault that the user can mend is one line in the log, which Snakemake
    shows; any other keeps its traceback there. What a job that ended well has
    made is noted with its digest.

    Parameters
    ----------
    rule : object
        Snakemake's own, of which `log` and `output` are read.
    """
    path = Path(rule.log[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    told = ""
    try:
        with path.open("w", encoding="utf-8") as stream:
            logging.basicConfig(stream=stream, level=logging.WARNING, force=True)
            logging.captureWarnings(True)
            try:
                yield
                keep_digests(rule.output)
            except Exception as error:
                told = _told(error)
                stream.write(told)
                sys.exit(1)
    except OSError:
        # A full disk has no room for the log either; the screen has.
        sys.exit(told or traceback.format_exc())


def _told(error: Exception) -> str:
    """One line where the user can mend it, with what Python knows of it otherwise."""
    if isinstance(error, HydrascopeError):
        return f"{type(error).__name__}: {error}\n"
    remedy = ""
    if getattr(error, "errno", None) == errno.ENOSPC or "No space left on device" in str(error):
        remedy = f"{FULL}\n"
    elif isinstance(error, MemoryError | duckdb.OutOfMemoryException):
        remedy = f"{SHORT}\n"
    return traceback.format_exc() + remedy
