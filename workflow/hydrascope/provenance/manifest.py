"""Checksums of what went in and what came out."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from hydrascope.config import raw_numbers
from hydrascope.ingest.raw import file_digest

__all__ = ["changed_files", "file_table", "manifest"]

UNCHANGED: Mapping[str, bytes] = MappingProxyType({})
COLUMNS = ["kind", "path", "sha256", "bytes"]


def manifest(
    raw: pd.DataFrame,
    settings: Iterable[Path],
    results: Path,
    outputs: Iterable[Path],
    changed: Mapping[str, bytes] = UNCHANGED,
) -> pd.DataFrame:
    """List the checksum of every input and output.

    Parameters
    ----------
    raw : pandas.DataFrame
        sha256 and bytes of each raw file, in the order of `config/collections.tsv`.
    settings : iterable of pathlib.Path
        Configuration and published claims, relative to the checkout.
    results : pathlib.Path
        The study's folder; outputs are named relative to it.
    outputs : iterable of pathlib.Path
        Tables, figures, pages, and folders whose every file is listed.
    changed : mapping of str to bytes
        What a setting holds in the form that may be shared, where it has one.

    Returns
    -------
    pandas.DataFrame
        kind (raw, setting or result), path, sha256 and bytes, sorted. Of a raw file the
        path is its number.
    """
    numbers = raw_numbers(len(raw))
    raw = raw.assign(path=numbers, kind="raw")
    settings = file_table(settings, changed).assign(kind="setting")
    files = [file for output in outputs for file in _files(output)]
    made = file_table(files)
    made = made.assign(path=[file.relative_to(results).as_posix() for file in files], kind="result")
    rows = [row for table in (raw, settings, made) for row in table[COLUMNS].values.tolist()]
    return pd.DataFrame(sorted(rows), columns=COLUMNS)


def _files(output: Path) -> list[Path]:
    """A file, or what lies in a folder, less the date that Snakemake puts there."""
    if output.is_file():
        return [output]
    return [file for file in output.rglob("*") if file.is_file() and file.name[0] != "."]


def file_table(files: Iterable[Path], changed: Mapping[str, bytes] = UNCHANGED) -> pd.DataFrame:
    """List files in the order given: path, sha256 and bytes, as shared where that is `changed`."""
    rows = [(file.as_posix(), *_digest_and_size(file, changed)) for file in files]
    return pd.DataFrame(rows, columns=COLUMNS[1:])


def _digest_and_size(file: Path, changed: Mapping[str, bytes]) -> tuple[str, int]:
    content = changed.get(file.as_posix())
    if content is None:
        return file_digest(file), file.stat().st_size
    return hashlib.sha256(content).hexdigest(), len(content)


def changed_files(listed: pd.DataFrame, results: Path) -> list[str]:
    """Name the results that are gone or no longer have their checksum."""
    rows = listed[listed["kind"] == "result"]
    return [
        row.path
        for row in rows.itertuples()
        if not (results / row.path).is_file() or file_digest(results / row.path) != row.sha256
    ]
