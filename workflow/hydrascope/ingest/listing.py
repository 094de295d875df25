"""What a study says of its raw files, held against formats and disk before one is read."""

import difflib
import encodings.aliases
import os
import re
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from pathlib import Path

from hydrascope.errors import ConfigError
from hydrascope.ingest.column_map import check_file_name, map_fields, skipped_rows
from hydrascope.ingest.facebook import crowdtangle_format
from hydrascope.ingest.formats import FORMATS
from hydrascope.ingest.generic import mapped_format
from hydrascope.ingest.platforms import platform_name
from hydrascope.ingest.reader import shape
from hydrascope.io import SEPARATORS

__all__ = ["check_listing", "unlisted"]

TABLE = "config/collections.tsv"
WILDCARD = re.compile("{[^{}]+}")
SHA256 = re.compile("([0-9a-fA-F]{64})?")
# Names for sets of letters that say nothing of bytes in a file.
NO_TEXT = ("idna", "punycode", "undefined", "raw_unicode_escape", "unicode_escape")
# What comes with exports and is none, by the name before the first dot, and by the ending.
BESIDE = re.compile(
    r"(read_?me|licen[cs]e|copying|notice|authors|citation|change_?log|(sha\d*|md5)sums?"
    r"|check_?sums?)([._ -].*)?|.*[.](md|sha\d+|md5|asc|sig)|thumbs[.]db|desktop[.]ini",
    re.IGNORECASE,
)
FOLDERS_BESIDE = "__MACOSX"
SHOWN, MOST_FILES = 3, 100_000


def check_listing(study: Mapping, rows: Mapping[str, Mapping[str, str]], folder: str) -> None:
    """Check what can be known of the raw files without reading them.

    Parameters
    ----------
    study : mapping
        What `config.study_config` gave.
    rows : mapping
        What `config.raw_files` gave.
    folder : str
        The folder of the raw files.

    Raises
    ------
    ConfigError
        If a format, a column map, a zone, an encoding or a checksum is none, two rows
        name one file, the roster is no raw file, a scope is of no format, or a name is
        one that Snakemake cannot take.
    """
    beside = [study["affiliation"]["seeds"], study["truth"], study["truth_posts"]]
    for name in (folder, *rows, *beside, *study["coded_sheets"]):
        if WILDCARD.search(name):
            raise ConfigError(
                f"{name!r}: found a word in braces in the name of a raw file or its folder; "
                "expected none, as Snakemake takes it for a wildcard. Rename it."
            )
    for name in (study["affiliation"]["seeds"], *study["coded_sheets"]):
        if name and Path(name).suffix not in SEPARATORS:
            raise ConfigError(
                f"{name!r}: found seeds or a coding sheet of another kind; expected a file whose "
                f"name ends in {' or '.join(SEPARATORS)}. Save it as such."
            )
    maps, file = study["column_maps"], f"config/studies/{study['study']}.yaml"
    for name, column_map in maps.items():
        # Of a map that no file is read by, the layout is not known.
        map_fields(name, column_map)
        skipped_rows(name, column_map)
    crowdtangle_format(study["crowdtangle_zone"])
    known = [*FORMATS, *(f"{layout}:{name}" for name in maps for layout in ("csv", "json"))]
    for row in rows.values():
        where = f"{TABLE}, file {row['file']}"
        _check_format(row["format"], known, f"{where}, column format")
        layout, _, name = row["format"].partition(":")
        if name:
            mapped_format(layout, name, maps[name])
            check_file_name(name, maps[name], row["file"])
        _check_platform(row["platform"], f"{where}, column platform")
        _check_encoding(row["encoding"], f"{where}, column encoding")
        if not SHA256.fullmatch(row["sha256"]):
            raise ConfigError(
                f"{where}, column sha256: found {row['sha256']!r:.80}; expected 64 hexadecimal "
                "digits or nothing. Correct the cell, or empty it."
            )
    for name in study["scopes"]:
        _check_format(name, known, f"{file}, scopes")
    roster = study["affiliation"]["roster"]
    if roster and roster not in rows:
        raise ConfigError(
            f"{file}, affiliation.roster: found {roster!r}, which no row of {TABLE} names for "
            f"this study; expected one of its files.{_like(roster, rows)} List it, or correct it."
        )
    _check_distinct(rows, folder)


def _check_format(name: str, known: Collection[str], where: str) -> None:
    if name not in known:
        raise ConfigError(
            f"{where}: found {name!r:.80}; expected one of {', '.join(sorted(FORMATS))}, or "
            "csv:<map> or json:<map> with a map that stands under column_maps in the study's "
            f"file.{_like(name, known)} Correct it."
        )


def _check_platform(name: str, where: str) -> None:
    """Refuse a platform that another row may write in another way."""
    if name != (meant := platform_name(name)) or not name:
        raise ConfigError(
            f"{where}: found {name!r:.80}; expected a name in small letters without blanks around "
            f"it, such as {meant or 'x'}. Correct it."
        )


def _check_encoding(name: str, where: str) -> None:
    fit = name.lower().replace("-", "_") not in NO_TEXT
    try:
        # Of nothing at all no codec is asked.
        b"a".decode(name, "replace")
    except (LookupError, ValueError):
        fit = False
    if not fit:
        usual = {*encodings.aliases.aliases, *encodings.aliases.aliases.values()}
        raise ConfigError(
            f"{where}: found {name!r:.80}, which is no encoding of text; expected one such as "
            f"utf-8, utf-16 or gb18030.{_like(name.lower().replace('-', '_'), usual)} Correct it."
        )


def _like(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def _check_distinct(rows: Collection[str], folder: str) -> None:
    """Refuse two rows that lead to one file, as on a disk that does not tell A from a."""
    seen: dict[tuple[int, int], str] = {}
    for name in rows:
        try:
            found = Path(folder, name).stat()
        except (OSError, ValueError):
            continue
        other = seen.setdefault((found.st_dev, found.st_ino), name)
        if other != name:
            raise ConfigError(
                f"{TABLE}: found {other!r} and {name!r}, which are one file on this disk; "
                "expected each file once. Remove one of the rows."
            )


def unlisted(named: Collection[str], folder: str) -> str:
    """One line on files in the folder that nothing names, or nothing.

    Hidden files are no exports, nor is what is called as a notice, a licence or a list of
    checksums is.

    Parameters
    ----------
    named : collection of str
        Files that are read, relative to the folder.
    folder : str
        The folder of the raw files.
    """
    kept = {os.path.normpath(name) for name in named}
    found = sorted(islice((name for name in _files(folder) if name not in kept), MOST_FILES))
    if not found:
        return ""
    more = " at least" if len(found) == MOST_FILES else ""
    files = "a file" if len(found) == 1 else f"{len(found):,} files"
    shown = ", ".join(map(shape, found[:SHOWN])) + (", ..." if len(found) > SHOWN else "")
    return (
        f"{folder}: found{more} {files} that no row of {TABLE} names for this study ({shown}, by "
        "shape); not read. List them there, or move them away."
    )


def _files(folder: str) -> Iterator[str]:
    for at, folders, files in os.walk(folder):
        folders[:] = sorted(n for n in folders if n[0] != "." and n not in FOLDERS_BESIDE)
        for name in files:
            if name[0] != "." and not BESIDE.fullmatch(name):
                yield os.path.relpath(os.path.join(at, name), folder)
