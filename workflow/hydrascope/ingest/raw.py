"""Raw files opened as text: plain, gzip or ZIP, within stated limits."""

import csv
import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hydrascope.errors import RawFileError

__all__ = ["Batch", "csv_batches", "file_digest", "open_text"]

BATCH_ROWS = 50_000
GIB = 2**30
# No platform takes a longer text, and a quote that never closes must end somewhere.
LONGEST_CELL = 2**20
# NotImplementedError is zipfile's word for a packing method that it lacks.
DAMAGE = (EOFError, NotImplementedError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile)


@dataclass(frozen=True)
class Batch:
    """A stretch of records, cut into columns.

    Attributes
    ----------
    columns : dict of str to list of str
        One list of equal length a column, `source_row` (int) among them.
    broken : list of tuple (int, str, str)
        Records that do not fit the header: number, what was found, expected.
    records : int
        Records read, fitting or not.
    """

    columns: dict[str, list]
    broken: list[tuple[int, str, str]]
    records: int


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def open_text(
    path: Path, *, name: str, encoding: str, max_unpacked_gib: float
) -> Iterator[io.TextIOBase]:
    """Open a raw file as text, whatever it is packed in.

    A ZIP must hold exactly one file; nothing is ever written under the name
    that it has there. What the bytes begin with decides, not the file's name.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    name : str
        What error messages call it.
    encoding : str
        Its encoding; a byte-order mark is dropped.
    max_unpacked_gib : float
        GiB that a packed file may unpack to.

    Raises
    ------
    RawFileError
        If the file is empty, broken, encrypted, in another encoding, or
        unpacks past the limit.
    """
    with path.open("rb") as raw:
        start = raw.read(4)
        raw.seek(0)
        if not start:
            raise RawFileError(
                name,
                found="an empty file",
                expected="a header and rows",
                remedy="Export it again, or take its row out of collections.tsv.",
            )
        try:
            with _unpacked(raw, start, name) as stream:
                limit = int(max_unpacked_gib * GIB) if stream is not raw else None
                guard = io.BufferedReader(_Guard(stream, limit, name), 2**20)
                codec = "utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding
                yield io.TextIOWrapper(guard, encoding=codec, newline="")
        except UnicodeDecodeError as error:
            raise RawFileError(
                name,
                found=f"bytes {error.object[error.start : error.end].hex()} that are "
                f"not {encoding}",
                expected=f"text in {encoding}",
                remedy="Correct the column encoding of its row in collections.tsv.",
            ) from error
        except LookupError as error:
            raise RawFileError(
                name,
                column="encoding",
                found=f"{encoding!r}, which Python does not know",
                expected="an encoding such as utf-8, utf-16 or gb18030",
                remedy="Correct its row in collections.tsv.",
            ) from error
        except DAMAGE as error:
            raise RawFileError(
                name,
                found=f"a damaged archive ({error})",
                expected="a whole gzip or ZIP file",
                remedy="Copy or download it again and compare its sha256.",
            ) from error


def csv_batches(stream: io.TextIOBase, *, name: str, required: tuple) -> Iterator[Batch]:
    """Read comma-separated records in batches, as text.

    A record may hold newlines inside quotes. Blank lines are no records. A
    record that does not fit the header is kept apart, not guessed; if it runs
    over several lines, as after a quote that never closes, only its first line
    is, and the lines behind it are read anew.

    Parameters
    ----------
    stream : text stream
        The file, opened with its newlines untouched.
    name : str
        What error messages call the file.
    required : tuple of str
        Columns that the header must have; others are read too.

    Yields
    ------
    Batch
        At most 50,000 records.

    Raises
    ------
    RawFileError
        If a required column is missing or stands twice.
    """
    csv.field_size_limit(LONGEST_CELL)
    lines = _Lines(stream)
    reader = csv.reader(lines, strict=True)
    header = next(reader, [])
    _check_header(header, required, name)
    columns = [*header, "source_row"]
    rows: list[list] = []
    broken: list[tuple[int, str, str]] = []
    number = first = 0
    while True:
        lines.taken.clear()
        try:
            row = next(reader)
            found = f"{len(row)} cells"
        except StopIteration:
            break
        except csv.Error as error:
            row, found = None, str(error)
        if row == []:
            continue
        number += 1
        if row is not None and len(row) == len(header):
            rows.append([*row, number])
        else:
            broken.append((number, found, f"{len(header)} cells"))
            lines.waiting.extend(reversed(lines.taken[1:]))
        if number - first == BATCH_ROWS:
            yield Batch(_turned(columns, rows), broken, number - first)
            rows, broken, first = [], [], number
    yield Batch(_turned(columns, rows), broken, number - first)


class _Lines:
    """The lines of a stream, of which the last ones taken can be given back."""

    def __init__(self, stream: io.TextIOBase):
        self._stream = stream
        self.taken: list[str] = []
        self.waiting: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.waiting.pop() if self.waiting else next(self._stream)
        self.taken.append(line)
        return line


def _turned(columns: list[str], rows: list[list]) -> dict[str, list]:
    cells = zip(*rows, strict=True) if rows else ([] for _ in columns)
    return dict(zip(columns, map(list, cells), strict=True))


def _check_header(header: list[str], required: tuple, name: str) -> None:
    missing = [column for column in required if column not in header]
    if missing:
        shown = ", ".join(header)[:200]
        raise RawFileError(
            name,
            row=0,
            column=missing[0],
            found=f"a header without it ({shown})",
            expected=", ".join(required),
            remedy="Check the column format of its row in collections.tsv, and that "
            "the file is separated by commas.",
        )
    doubled = sorted({column for column in header if header.count(column) > 1})
    if doubled:
        raise RawFileError(
            name,
            row=0,
            column=doubled[0],
            found="the column twice",
            expected="each column once",
            remedy="Rename or remove one of them.",
        )


@contextmanager
def _unpacked(raw: io.BufferedIOBase, start: bytes, name: str) -> Iterator:
    if start.startswith(b"\x1f\x8b"):
        with gzip.GzipFile(fileobj=raw) as stream:
            yield stream
    elif start.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(raw) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) != 1 or members[0].flag_bits & 1:
                raise RawFileError(
                    name,
                    found=f"a ZIP of {len(members)} files"
                    + (", encrypted" if any(m.flag_bits & 1 for m in members) else ""),
                    expected="a ZIP of one file, without a password",
                    remedy="Unpack it and list its files in collections.tsv.",
                )
            with archive.open(members[0]) as stream:
                yield stream
    else:
        yield raw


class _Guard(io.RawIOBase):
    """A stream that refuses to give more than a number of bytes."""

    def __init__(self, stream: io.BufferedIOBase, limit: int | None, name: str):
        self._stream, self._limit, self._name, self._given = stream, limit, name, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:
        data = self._stream.read(len(buffer))
        self._given += len(data)
        if self._limit is not None and self._given > self._limit:
            raise RawFileError(
                self._name,
                found=f"an archive that unpacks past {self._limit / GIB:g} GiB",
                expected="less than the key ingest.max_unpacked_gib",
                remedy="Raise the key if the file is as large as that.",
            )
        buffer[: len(data)] = data
        return len(data)
