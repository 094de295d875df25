"""Checksums of what went in and what came out."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from hydrascope.ingest.raw import file_digest

__all__ = ["changed_files", "file_table", "manifest"]

COLUMNS = ["kind", "path", "sha256", "bytes"]


def manifest(
    raw: pd.DataFrame, settings: Iterable[Path], results: Path, outputs: Iterable[Path]
) -> pd.DataFrame:
    """List the checksum of every input and output.

    Parameters
    ----------
    raw : pandas.DataFrame
        file, sha256 and bytes of each raw file, as the ledger has them.
    settings : iterable of pathlib.Path
        Configuration and published claims, relative to the checkout.
    results : pathlib.Path
        The study's folder; outputs are named relative to it.
    outputs : iterable of pathlib.Path
        Tables, figures, pages, and folders whose every file is listed.

    Returns
    -------
    pandas.DataFrame
        kind (raw, setting or result), path, sha256 and bytes, sorted.
    """
    rows = [("raw", row.file, row.sha256, row.bytes) for row in raw.itertuples()]
    named = [("setting", file.as_posix(), file) for file in settings]
    files = [file for output in outputs for file in _files(output)]
    named += [("result", file.relative_to(results).as_posix(), file) for file in files]
    rows += [(kind, name, file_digest(file), file.stat().st_size) for kind, name, file in named]
    return pd.DataFrame(sorted(rows), columns=COLUMNS)


def _files(output: Path) -> list[Path]:
    """A file, or what lies in a folder, less the date that Snakemake puts there."""
    if output.is_file():
        return [output]
    return [file for file in output.rglob("*") if file.is_file() and file.name[0] != "."]


def file_table(files: Iterable[Path]) -> pd.DataFrame:
    """List files in the order given: path, sha256 and bytes."""
    rows = [(file.as_posix(), file_digest(file), file.stat().st_size) for file in files]
    return pd.DataFrame(rows, columns=COLUMNS[1:])


def changed_files(listed: pd.DataFrame, results: Path) -> list[str]:
    """Name the results that are gone or no longer have their checksum."""
    rows = listed[listed["kind"] == "result"]
    return [
        row.path
        for row in rows.itertuples()
        if not (results / row.path).is_file() or file_digest(results / row.path) != row.sha256
    ]
