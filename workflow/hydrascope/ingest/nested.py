"""JSON cut into records: one value a line, or a document of any size.

A document is read element by element, so that memory does not grow with the
file: the elements of a list at its top, or of the list under the format's
container key. Numbers keep their digits, since ids are strings.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import BinaryIO

import ijson
import pyarrow as pa

from hydrascope.contracts import TEXTS
from hydrascope.errors import RawFileError
from hydrascope.ingest.lines import LineTooLong, Source
from hydrascope.ingest.mapping import NOTHING, Format, Item, Records
from hydrascope.ingest.records import BATCH_RECORDS, LONGEST_CELL, Batch, Broken

__all__ = ["json_batches"]

LOOKED_AT = 2**20
NO_JSON = "no JSON; expected one JSON value, complete"
NESTED = "nested JSON where a value was due; expected text, a number, true, false or null"
FLAT = "a value where nested JSON was due; expected an object with this path in it"
SURROGATE = re.compile("[\ud800-\udfff]")
Event = tuple[str, object]
TOO_DEEP = "JSON nested too deeply; expected a platform's record"


def json_batches(stream: BinaryIO, *, name: str, form: Format) -> Iterator[Batch]:
    """Read JSON records in batches, each of one kind, as text.

    Parameters
    ----------
    stream : binary file
        The file, as UTF-8.
    name : str
        What error messages call the file.
    form : Format
        What a JSON value holds, and the kinds of records.

    Yields
    ------
    Batch
        Its `broken` has the records that are none, or hold an object or a list
        where a value was due; a line that is no JSON is one such record.

    Raises
    ------
    RawFileError
        If a document is no JSON, or ends in the middle.
    """
    source = Source(stream)
    if _one_value_a_line(source):
        values = _from_lines(source)
    else:
        values = _from_document(source, name, form.container)
    numbered = enumerate(_items(values, form), start=1)
    while taken := list(islice(numbered, BATCH_RECORDS)):
        yield from _by_kind(taken, form)


def _one_value_a_line(source: Source) -> bool:
    """True if the first line, or the one behind a broken first line, is JSON of its own."""
    lines = [line.strip() for line in source.fill(LOOKED_AT).split(b"\n", 9)[:9]]
    first, second, *_ = [*filter(None, lines), b"", b""]
    return _is_whole(first) or (not first.startswith(b"[") and _is_whole(second))


def _is_whole(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict | list)
    except (ValueError, RecursionError):
        return False


def _from_lines(source: Source) -> Iterator[object]:
    """The value of each line; a `Broken` without a number for a line that has none."""
    while True:
        try:
            line = next(source)
        except StopIteration:
            return
        except LineTooLong:
            yield _broken("", "a line of more than 16 MiB; expected one record a line")
            continue
        if line.strip():
            value = _value(line)
            yield from value if isinstance(value, list) else [value]


def _value(line: bytes) -> object:
    try:
        return json.loads(line.decode("utf-8"), parse_int=str, parse_float=str, parse_constant=str)
    except UnicodeDecodeError:
        reason = "bytes that are not text in the encoding listed; expected JSON in it"
    except RecursionError:
        reason = TOO_DEEP
    except ValueError as error:
        reason = f"{NO_JSON} ({error})"
    return _broken(line[:400].decode("utf-8", errors="replace").strip(), reason)


def _from_document(source: Source, name: str, container: str) -> Iterator[object]:
    given = 0
    try:
        events = ijson.basic_parse(_Stream(source), multiple_values=True)
        for value in _elements(events, container):
            given += 1
            yield value
    except (ijson.JSONError, ValueError, RecursionError) as error:
        said = TOO_DEEP if isinstance(error, RecursionError) else _first_line(error)
        raise RawFileError(
            name,
            row=given + 1,
            found=f"a document that is no JSON here, or breaks off ({said[:200]})",
            expected="a whole JSON document, or one JSON value a line",
            remedy="Export or download it again; of a broken document nothing is kept.",
        ) from error


def _first_line(error: Exception) -> str:
    """What is wrong; the lines behind it show the document, and with it people's names."""
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", errors="replace") if isinstance(said, bytes) else str(said)
    return text.partition("\n")[0]


def _elements(events: Iterator[Event], container: str) -> Iterator[object]:
    """The elements of each top list, or of the container's, or the object without one."""
    for event, value in events:
        if event == "start_array":
            yield from _listed(events)
        elif event == "start_map" and container:
            rest, has_list = {}, False
            while (entry := next(events))[0] != "end_map":
                event, value = next(events)
                if entry[1] == container and event == "start_array":
                    has_list = True
                    yield from _listed(events)
                else:
                    rest[entry[1]] = _built(event, value, events)
            if not has_list:
                yield rest
        else:
            yield _built(event, value, events)


def _listed(events: Iterator[Event]) -> Iterator[object]:
    while (entry := next(events))[0] != "end_array":
        yield _built(*entry, events)


def _built(event: str, value: object, events: Iterator[Event]) -> object:
    """The whole value that an event begins."""
    if event == "start_array":
        return list(_listed(events))
    if event == "start_map":
        built = {}
        while (entry := next(events))[0] != "end_map":
            built[entry[1]] = _built(*next(events), events)
        return built
    return str(value) if event == "number" else value


class _Stream:
    """A source as the file that ijson reads."""

    def __init__(self, source: Source):
        self._source = source

    def read(self, size: int) -> bytes:
        data = self._source.fill(max(size, 1))[: max(size, 0)]
        self._source.take(len(data))
        return data


def _items(values: Iterable[object], form: Format) -> Iterator[Item | Broken]:
    for value in values:
        if isinstance(value, Broken):
            yield value
        elif isinstance(value, Mapping):
            yield from form.unnest(value)
        else:
            yield Item("", f"a JSON {type(value).__name__}; expected an object")


def _by_kind(numbered: list[tuple[int, Item | Broken]], form: Format) -> Iterator[Batch]:
    """One batch for each kind among the records, in the order of the format."""
    broken: dict[str, list[Broken]] = {"": []}
    rows: dict[str, list[tuple[int, list]]] = {}
    notes = Counter()
    for number, item in numbered:
        if isinstance(item, Broken):
            broken[""].append(item._replace(row=number))
        elif item.kind not in form.records:
            broken[""].append(Broken(number, "", "", item.record))
        else:
            cells, fault = _cells(item.record, form.records[item.kind], notes)
            if fault:
                broken.setdefault(item.kind, []).append(fault._replace(row=number))
            else:
                rows.setdefault(item.kind, []).append((number, cells))
    for kind, records in {"": NOTHING, **form.records}.items():
        if rows.get(kind) or broken.get(kind):
            table = _table(records, rows.get(kind, []))
            yield Batch(kind, table, broken.get(kind, []), dict(notes))
            notes.clear()


def _cells(record: Mapping, records: Records, notes: Counter) -> tuple[list, Broken | None]:
    """A record's cells in the order of its columns, or the first that is no value."""
    cells = []
    for column in (*records.required, *records.optional):
        value = record
        for step in column.split("."):
            if value is not None and not isinstance(value, Mapping):
                return [], Broken(0, column, str(value)[:400], FLAT)
            value = None if value is None else value.get(step)
        if column in records.lists:
            listed = value if isinstance(value, list) else [] if value is None else [value]
            cell = [_scalar(one, notes) for one in listed]
        else:
            cell = _scalar(value, notes)
        if cell is None or (isinstance(cell, list) and None in cell):
            shown = json.dumps(value, ensure_ascii=True)[:400]
            return [], Broken(0, column, shown, NESTED)
        if len(cell) > LONGEST_CELL:
            return [], Broken(0, column, str(cell[:400]), "a value of more than 1 MiB")
        cells.append(cell)
    return cells, None


def _scalar(value: object, notes: Counter) -> str | None:
    """A value as text, '' for null; None for an object or a list."""
    if isinstance(value, str):
        if value.isascii() or not SURROGATE.search(value):
            return value
        notes["half of a character that no text can hold, shown as \ufffd"] += 1
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return None


def _table(records: Records, rows: list[tuple[int, list]]) -> pa.Table:
    names = (*records.required, *records.optional)
    columns = zip(*(cells for _, cells in rows), strict=True) if rows else [[] for _ in names]
    table = {
        name: pa.array(list(values), TEXTS if name in records.lists else pa.string())
        for name, values in zip(names, columns, strict=True)
    }
    return pa.table({**table, "source_row": pa.array([row for row, _ in rows], pa.int64())})


def _broken(value: str, reason: str) -> Broken:
    return Broken(0, "", value, reason)
