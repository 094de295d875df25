r"""Delimited records cut into text columns: at full speed where a stretch is clean.

A stretch is clean if it is RFC 4180 to the letter: quotes open and close whole
cells, lines end in `\n` or `\r\n`, every record has as many cells as the header.
Arrow cuts those. Any other stretch goes record by record through Python's csv,
which says what is wrong with which record and gives the lines behind it back.
Both cut a clean stretch into the same cells.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from types import MappingProxyType
from typing import BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from hydrascope.errors import RawFileError
from hydrascope.ingest.lines import LineTooLong, Source
from hydrascope.ingest.mapping import Records
from hydrascope.ingest.raw import ENCODING_REMEDY
from hydrascope.ingest.records import (
    BATCH_RECORDS,
    LONGEST_CELL,
    Batch,
    Broken,
    text_table,
)

__all__ = ["delimited_batches"]

QUOTE, FEED, TURN = b'"\n\r'
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
NOT_TEXT = "bytes that are not text in the encoding listed"
# Newlines inside quotes that are stepped over in search of a record's end.
MOST_QUOTED_LINES = 10_000
MOST_COLUMNS = 10_000
# Lines of notes that may stand before a header.
MOST_NOTES = 50


def delimited_batches(
    stream: BinaryIO,
    *,
    name: str,
    required: tuple[str, ...],
    optional: tuple[str, ...] = (),
    used: tuple[str, ...] | None = None,
    choices: tuple[tuple[str, ...], ...] = (),
    delimiter: str = ",",
    layouts: Mapping[str, Records] = MappingProxyType({}),
    header: bool = True,
    skip: int = 0,
    escape: str = "",
    prefix: str = "",
) -> Iterator[Batch]:
    """Read delimited records in batches, as text.

    A record may hold newlines inside quotes. Blank lines are no records. A
    record that does not fit the header, or holds bytes that are not text, is kept
    apart, not guessed; if one that does not fit runs over several lines, as after a
    quote that never closes, only its first line is, and the lines behind it are read
    anew.

    Parameters
    ----------
    stream : binary file
        The file, as UTF-8.
    name : str
        What error messages call the file.
    required, optional : tuple of str
        Columns that the header must have, and those that are empty where it
        has them not; all others are left unread.
    used : tuple of str, optional
        Those among them that are read, if not all.
    choices : tuple of tuple of str
        Optional columns of which the header must have one at least.
    delimiter : str
        What separates cells.
    layouts : mapping of str to Records
        What the records may be instead, by kind, where the header lacks one of
        `required`: the first of which it has all.
    header : bool
        Whether the first record names the columns; else they are called 1, 2, 3.
    skip : int
        Lines before the header, or before the first record.
    escape : str
        What stands before a quote that does not close its cell, if anything does.
    prefix : str
        What goes before each column's name in the batches, so that none is `source_row`.

    Yields
    ------
    Batch
        Of memory that does not grow with the file.

    Raises
    ------
    RawFileError
        If a required column is missing or stands twice, or the header is not
        UTF-8.
    """
    source, dialect, kind = Source(stream), Dialect(delimiter, escape), ""
    _skip(source, name, skip)
    names = _header(source, name, dialect, given=header)
    if not set(required) <= set(names):
        for other, records in layouts.items():
            if set(records.required) <= set(names):
                kind, required, optional = other, records.required, records.optional
                used = records.used
                break
    needed = (*((column,) for column in required), *choices)
    _check_header(source, names, needed, (*required, *optional), name, dialect)
    wanted = (*required, *optional) if used is None else used
    names, wanted = ([prefix + column for column in columns] for columns in (names, wanted))
    done = 0
    while held := source.fill():
        size = len(held) if source.ended else _size_of_whole_records(held)
        table = None
        # Arrow knows no escapes of quotes alone, and no delimiters outside of ASCII.
        if size and delimiter.isascii() and not (escape and escape.encode() in held):
            table = _cut_clean(held[:size], names, wanted, delimiter)
        if table is None:
            batch = replace(_cut_carefully(source, names, wanted, dialect, done), kind=kind)
        else:
            source.take(size)
            batch = Batch(kind, _numbered(table, wanted, done), [])
        done += batch.records
        yield batch


class Dialect(NamedTuple):
    """How cells are parted, and what stands before a quote that closes none."""

    delimiter: str
    escape: str = ""

    def reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Cut lines into records."""
        if self.escape:
            lines = map(self._plain, lines)
        return csv.reader(
            lines, delimiter=self.delimiter, escapechar=self.escape or None, strict=True
        )

    def _plain(self, line: str) -> str:
        """A line whose escapes stand for themselves where no quote or escape follows."""
        sign = re.escape(self.escape)
        return re.sub(
            f'{sign}(["{sign}])|{sign}', lambda met: met[0] if met[1] else met[0] * 2, line
        )


def _skip(source: Source, name: str, lines: int) -> None:
    """Take lines that are no records."""
    source.fill()
    for number in range(lines):
        try:
            next(source)
        except LineTooLong:
            continue
        except StopIteration:
            raise RawFileError(
                name,
                row=0,
                found=f"{number} lines",
                expected=f"more than {lines}, as many as the column map's key skip leaves out",
                remedy="Correct the key.",
            ) from None


def _size_of_whole_records(held: bytes) -> int:
    """Bytes up to the last end of a record, as far as quotes tell; 0 if they tell none."""
    end, quotes = len(held), held.count(b'"')
    for _ in range(MOST_QUOTED_LINES):
        feed = held.rfind(b"\n", 0, end)
        if feed < 0:
            break
        quotes -= held.count(b'"', feed, end)
        if quotes % 2 == 0:
            return feed + 1
        end = feed
    return 0


def _cut_clean(
    block: bytes, header: list[str], wanted: Sequence[str], delimiter: str
) -> pa.Table | None:
    """Cut whole records with Arrow; None if a byte of them is out of the ordinary."""
    if b"\0" in block or (b"\r" in block and block.count(b"\r") != block.count(b"\r\n")):
        return None
    if b'"' in block and not _quotes_are_clean(block, delimiter):
        return None
    present = [column for column in header if column in wanted]
    try:
        table = pyarrow.csv.read_csv(
            pa.py_buffer(block),
            read_options=pyarrow.csv.ReadOptions(
                column_names=header, use_threads=False, block_size=len(block) + 1
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=b'"' in block
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                include_columns=present,
                column_types=dict.fromkeys(present, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    longest = (pc.max(pc.binary_length(column)).as_py() or 0 for column in table.columns)
    return table if max(longest) <= LONGEST_CELL else None


def _quotes_are_clean(block: bytes, delimiter: str) -> bool:
    """True if each quote opens a cell, closes one, or is half of a doubled quote."""
    buffer = np.frombuffer(block, np.uint8)
    quotes = np.flatnonzero(buffer == QUOTE)
    if len(quotes) % 2:
        return False
    opening, closing = quotes[::2], quotes[1::2]
    doubled = closing[:-1] + 1 == opening[1:]
    before = buffer[opening[1:] - 1]
    after = buffer[np.minimum(closing + 1, len(buffer) - 1)]
    comma = ord(delimiter)
    opens = (before == comma) | (before == FEED)
    closes = (after == comma) | (after == FEED) | (after == TURN)
    first = opening[0] == 0 or buffer[opening[0] - 1] in (comma, FEED)
    last = closes[-1] or closing[-1] + 1 == len(buffer)
    return bool(first and last and (opens | doubled).all() and (closes[:-1] | doubled).all())


def _cut_carefully(
    source: Source, header: list[str], wanted: Sequence[str], dialect: Dialect, done: int
) -> Batch:
    """Cut records one by one, until there are enough for a batch."""
    lines = _Lines(source, dialect, len(header))
    places = {column: header.index(column) for column in wanted if column in header}
    rows: list[int] = []
    cells: list[list[str]] = []
    broken: list[Broken] = []
    number = done
    for row, found in _records(lines):
        number += 1
        if row is not None and len(row) != len(header):
            row, found = None, f"{len(row)} cells"
        if row is None:
            reason = f"found {found}; expected {len(header)} cells, one for each column"
            broken.append(Broken(number, "", _shown(lines.first), reason))
            lines.keep_only_first()
        elif not all(map(_is_text, row)):
            # It fits the header, so all its lines are its own.
            reason = f"found {NOT_TEXT}; expected {len(header)} cells, one for each column"
            broken.append(Broken(number, "", _shown(lines.first), reason))
        else:
            rows.append(number)
            cells.append([row[place] for place in places.values()])
        if number - done == BATCH_RECORDS:
            break
    lines.give_back()
    turned = zip(*cells, strict=True) if cells else ([] for _ in places)
    columns = dict(zip(places, map(list, turned), strict=True))
    columns |= {column: [""] * len(rows) for column in wanted if column not in places}
    return Batch("", text_table(columns, rows), broken)


def _records(lines: "_Lines") -> Iterator[tuple[list[str] | None, str]]:
    """Each record's cells, or None and what is wrong with it."""
    csv.field_size_limit(LONGEST_CELL)
    reader = lines.dialect.reader(lines)
    while True:
        lines.start()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield None, str(error)
        except LineTooLong:
            yield None, "a line of more than 16 MiB"
        else:
            if row:
                yield row, ""


class _Lines:
    """Lines of a source as text, of which the last record's can be given back."""

    def __init__(self, source: Source, dialect: Dialect, most_cells: int):
        self.dialect = dialect
        self._source = source
        self._most_cells = most_cells
        self._taken: list[bytes] = []
        self._waiting: list[bytes] = []
        self._look_at = 2

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        # Quotes that open where they should close make one record of the whole file, and
        # giving back all but its first line would never come to an end.
        if len(self._taken) == self._look_at:
            self._look_at *= 2
            if self._cells() > self._most_cells:
                raise csv.Error(f"more than {self._most_cells} cells")
        line = self._waiting.pop() if self._waiting else next(self._source)
        self._taken.append(line)
        return _text(line)

    @property
    def first(self) -> bytes:
        """The first line of the record."""
        return self._taken[0] if self._taken else b""

    def start(self) -> None:
        """Begin a record."""
        self._taken.clear()
        self._look_at = 2

    def _cells(self) -> int:
        """Cells of the record so far."""
        return len(next(csv.reader(map(_text, self._taken), delimiter=self.dialect.delimiter)))

    def keep_only_first(self) -> None:
        """Let all lines of the record but its first be read anew."""
        self._waiting.extend(reversed(self._taken[1:]))

    def give_back_all(self) -> None:
        """Hand the whole record back to the source."""
        self._source.give_back([*self._taken, *self._waiting[::-1]])

    def give_back(self) -> None:
        """Hand the lines that wait to be read anew back to the source."""
        self._source.give_back(self._waiting[::-1])


def _text(line: bytes) -> str:
    return line.decode("utf-8", errors="surrogateescape")


def _is_text(cell: str) -> bool:
    return cell.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in cell)


def _shown(line: bytes) -> str:
    return line[:400].decode("utf-8", errors="replace").rstrip("\r\n")


def _numbered(table: pa.Table, wanted: Sequence[str], done: int) -> pa.Table:
    for column in wanted:
        if column not in table.column_names:
            table = table.append_column(column, pa.repeat("", table.num_rows))
    rows = pa.array(np.arange(done + 1, done + 1 + table.num_rows))
    return table.append_column("source_row", rows)


def _header(source: Source, name: str, dialect: Dialect, *, given: bool) -> list[str]:
    """The names of the columns, which are numbers where the file does not give them."""
    source.fill()
    for row, found in _records(lines := _Lines(source, dialect, MOST_COLUMNS)):
        if given:
            lines.give_back()
        else:
            lines.give_back_all()
        if row is None or not all(map(_is_text, row)):
            raise RawFileError(
                name,
                row=0,
                found=f"a header that cannot be read ({found or NOT_TEXT})",
                expected="the names of the columns, in the encoding listed",
                remedy=ENCODING_REMEDY,
            )
        return row if given else [str(number) for number in range(1, len(row) + 1)]
    return []


def _check_header(
    source: Source,
    header: list[str],
    needed: tuple[tuple[str, ...], ...],
    wanted: tuple[str, ...],
    name: str,
    dialect: Dialect,
) -> None:
    missing = [" or ".join(columns) for columns in needed if not set(columns) & set(header)]
    if missing:
        raise RawFileError(
            name,
            row=0,
            column=missing[0],
            # A file without a header begins with somebody's record, which no log may hold.
            found=f"a header of {len(header)} columns without it "
            f"({', '.join(column for column in wanted if column in header) or 'none'} of those "
            "expected)",
            expected=", ".join(" or ".join(columns) for columns in needed),
            remedy=_separated_otherwise(header, needed, dialect.delimiter)
            or _further_down(source, needed, dialect)
            or "Check the column format of its row in collections.tsv.",
        )
    doubled = sorted({column for column in wanted if header.count(column) > 1})
    if doubled:
        raise RawFileError(
            name,
            row=0,
            column=doubled[0],
            found="the column twice",
            expected="each column once",
            remedy="Rename or remove one of them.",
        )


def _further_down(source: Source, needed: tuple[tuple[str, ...], ...], dialect: Dialect) -> str:
    """What to do about a header that stands behind lines of notes."""
    for number, line in enumerate(islice(source, MOST_NOTES), start=1):
        with suppress(csv.Error, StopIteration):
            header = set(next(dialect.reader([_text(line)])))
            if all(header & set(columns) for columns in needed):
                return (
                    f"The header stands {number} lines further down: read the file by a column "
                    f"map that leaves out the lines before it with its key skip."
                )
    return ""


def _separated_otherwise(
    header: list[str], needed: tuple[tuple[str, ...], ...], delimiter: str
) -> str:
    """What to do about a header that another delimiter cuts into the right columns."""
    line = delimiter.join(header)
    for other, words in DELIMITERS.items():
        cells = set(line.split(other))
        if other != delimiter and all(cells & set(columns) for columns in needed):
            used = DELIMITERS.get(delimiter, repr(delimiter))
            return (
                f"The cells are separated by {words}, not {used}: export the file with {used}, "
                f"or read it by a column map with delimiter {other!r}."
            )
    return ""
