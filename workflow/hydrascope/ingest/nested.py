"""JSON cut into records: one value a line, or a document of any size.

A document is read element by element, so that memory does not grow with the
file: the elements of a list at its top, or of the list under the format's
container key. Numbers keep their digits, since ids are strings.
"""

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from hydrascope.contracts import TEXTS
from hydrascope.errors import RawFileError
from hydrascope.ingest.lines import LineTooLong, Source
from hydrascope.ingest.mapping import NOTHING, Cell, Format, Item, Records
from hydrascope.ingest.paths import DOT, Misplaced, path_of, plain_text, values_at
from hydrascope.ingest.raw import ENCODING_REMEDY
from hydrascope.ingest.records import BATCH_RECORDS, LONGEST_CELL, Batch, Broken

__all__ = ["json_batches"]

LOOKED_AT = 2**20
# More signs than a number's exponent, an escape or a word of JSON's has.
TAIL = 20
NO_JSON = "no JSON; expected one JSON value, complete"
NESTED = "nested JSON where a value was due; expected text, a number, true, false or null"
INTO = "; in a column map, a path such as links[].url goes into a list"
FLAT = "a value where nested JSON was due; expected an object with this path in it"
OUTSIDE = "no list under the map's container {path}; expected the records there"
SURROGATE = re.compile("[\ud800-\udfff]")
WHITE = re.compile("[ \t\n\r]*")
# Numbers keep their digits.
DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
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
        if form.within:
            values = (one for value in values for one in _inside(value, form.within))
    else:
        values = _from_document(source, name, form)
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
        return DECODER.decode(line.decode("utf-8"))
    except UnicodeDecodeError:
        reason = "bytes that are not text in the encoding listed; expected JSON in it"
    except RecursionError:
        reason = TOO_DEEP
    except ValueError as error:
        reason = f"{NO_JSON} ({error})"
    return _broken(line[:400].decode("utf-8", errors="replace").strip(), reason)


def _from_document(source: Source, name: str, form: Format) -> Iterator[object]:
    given, remedy = 0, "Export or download it again; of a broken document nothing is kept."
    try:
        for value in _elements(_Document(source), form):
            given += 1
            yield value
    except (ValueError, RecursionError) as error:
        # What is said must not show the document, and with it people's names.
        said = TOO_DEEP if isinstance(error, RecursionError) else str(error)
        if isinstance(error, json.JSONDecodeError):
            said = error.msg
        elif isinstance(error, UnicodeDecodeError):
            said, remedy = "bytes that are not text in the encoding listed", ENCODING_REMEDY
        raise RawFileError(
            name,
            row=given + 1,
            found=f"a document that is no JSON here, or breaks off ({said})",
            expected="a whole JSON document, or one JSON value a line",
            remedy=remedy,
        ) from error


def _elements(document: "_Document", form: Format) -> Iterator[object]:
    """The elements of each top list, or of the container's, or the object without one."""
    if not document.sign():
        raise ValueError("nothing but white space")
    while sign := document.sign():
        if sign == "{" and form.container:
            yield from _elements_of_page(document, form.container)
        elif sign == "{" and form.within:
            yield from _elements_within(document, form.within)
        elif sign == "[" and form.within:
            for value in document.listed():
                yield from _inside(value, form.within)
        elif sign == "[":
            yield from document.listed()
        else:
            yield document.value()


def _elements_of_page(document: "_Document", container: str) -> Iterator[object]:
    rest, has_list = {}, False
    for key in document.fields():
        if key == container and document.sign() == "[":
            has_list = True
            yield from document.listed()
        else:
            rest[key] = document.value()
    if not has_list:
        yield rest


def _elements_within(document: "_Document", path: str) -> Iterator[object]:
    """The elements of the lists under a path, of which only those on the way are held."""
    first, *others = DOT.split(path, maxsplit=1)
    (step,), rest = path_of(first).steps, "".join(others)
    found = False
    for name in document.fields():
        if name not in (step.key, path):
            document.value()
            continue
        found, sign = True, document.sign()
        if name == path or step.choices not in ((), ("",)):
            yield from _inside({name: document.value()}, path)
        elif sign == "{" and rest:
            yield from _elements_within(document, rest)
        elif sign == "[" and (step.choices or not rest):
            for value in document.listed():
                yield from _inside(value, rest) if rest else [value]
        elif document.value() is not None:
            yield _broken("", OUTSIDE.format(path=path))
    if not found:
        yield _broken("", OUTSIDE.format(path=path))


def _inside(value: object, path: str) -> Iterator[object]:
    """The records under a path in a value that is held whole."""
    if isinstance(value, Broken):
        yield value
        return
    values = None
    if isinstance(value, Mapping):
        with suppress(Misplaced):
            values = values_at(value, path_of(path))
    if values is None or not all(isinstance(one, list | None) for one in values):
        yield _broken("", OUTSIDE.format(path=path))
        return
    for one in values:
        yield from one or ()


class _Document:
    """The unread text of a source, from which JSON values are taken one by one."""

    def __init__(self, source: Source):
        self._source = source
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._text, self._at = "", 0

    def _more(self) -> bool:
        """Hold at least twice the text, if there is more; False if there is none."""
        held = self._text[self._at :]
        data = self._source.fill(max(LOOKED_AT, len(held)))
        self._source.take(len(data))
        more = self._decode(data, final=not data)
        if data:
            self._text, self._at = held + more, 0
        return bool(data)

    def sign(self) -> str:
        """The next sign that is no white space, '' at the end; it is not taken."""
        while True:
            self._at = WHITE.match(self._text, self._at).end()
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def take(self, signs: str) -> str:
        """Take the next sign, which must be one of these."""
        sign = self.sign()
        if not sign or sign not in signs:
            raise ValueError(f"none of {' '.join(signs)} where one was due")
        self._at += 1
        return sign

    def value(self) -> object:
        """Take the next value, whole."""
        self.sign()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                # A fault near the end of what is held, or a text without an end, may be
                # no fault but a cut.
                cut = error.pos > len(self._text) - TAIL or error.msg.startswith("Unterminated")
                if not cut or not self._more():
                    raise
            else:
                # So may be the end of a number, before its point or exponent.
                if end <= len(self._text) - TAIL or not self._more():
                    self._at = end
                    return value

    def fields(self) -> Iterator[str]:
        """Take the next object, key by key; whoever asks takes each value before the next key."""
        self.take("{")
        ended = self.sign() == "}" and self.take("}")
        while not ended:
            if self.sign() != '"':
                raise ValueError("no key where one was due")
            key = self.value()
            self.take(":")
            yield key
            ended = self.take(",}") == "}"

    def listed(self) -> Iterator[object]:
        """Take the next list, element by element."""
        self.take("[")
        ended = self.sign() == "]" and self.take("]")
        while not ended:
            yield self.value()
            ended = self.take(",]") == "]"


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
            broken[""].append(Broken(number, "", "", item.record, item.absence))
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
    if records.cells:
        return _mapped_cells(record, records, notes)
    cells = []
    for column in (*records.required, *records.optional):
        value = record
        for step in column.split("."):
            if value is not None and not isinstance(value, Mapping):
                return [], Broken(0, column, _shown(value), FLAT)
            value = None if value is None else value.get(step)
        if column in records.lists:
            listed = value if isinstance(value, list) else [] if value is None else [value]
            cell = [_scalar(one, notes) for one in listed]
        else:
            cell = _scalar(value, notes)
        if cell is None or (isinstance(cell, list) and None in cell):
            return [], Broken(0, column, _shown(value), NESTED)
        if len(cell) > LONGEST_CELL:
            return [], Broken(0, column, str(cell[:400]), "a value of more than 1 MiB")
        cells.append(cell)
    return cells, None


def _mapped_cells(record: Mapping, records: Records, notes: Counter) -> tuple[list, Broken | None]:
    """The same for a column map, whose columns stand in the record by paths."""
    cells: list[str | list[str]] = []
    absent: list[str] = []
    for cell in records.cells.values():
        values, fault = _first_there(record, cell, absent)
        if cell.shape == "any":
            fault = None
        taken = None
        if not fault:
            taken = SHAPES[cell.shape](values, notes)
            fault = Broken(0, cell.label, _shown(values[0] if values else ""), NESTED + INTO)
        if taken is None:
            # What a map leaves out, such as a post that is gone, need not look like a record.
            return [], _left_out(record, records, notes) or fault
        if len(taken) > LONGEST_CELL:
            return [], Broken(0, cell.label, str(taken[:400]), "a value of more than 1 MiB")
        cells.append(taken)
    return [*cells, sorted(set(absent))], None


def _left_out(record: Mapping, records: Records, notes: Counter) -> Broken | None:
    """The first condition under which a map leaves a record out, if one holds."""
    for name, texts, pattern, reason in records.skips:
        values, _ = _first_there(record, records.cells[name], [])
        text = _any_value(values, notes)
        # By RE2, as in the database.
        met = pattern and pc.match_substring_regex(pa.scalar(text), pattern).as_py()
        if met or text in texts:
            return Broken(0, records.label(name), _shown(text), reason, True)
    return None


def _first_there(record: Mapping, cell: Cell, absent: list[str]) -> tuple[list, Broken | None]:
    """The values under the first path of a cell that has any, or what stands in the way."""
    found, misplaced = [], None
    for column in cell.columns:
        try:
            found.append(values_at(record, path_of(column)))
        except Misplaced as error:
            misplaced = Broken(0, cell.label, _shown(error.value), FLAT)
    there = [values for values in found if values is not None]
    if found and not there and not misplaced:
        absent.append(cell.label)
    for values in there:
        if any(value not in ("", None, []) for value in values):
            return values, None
    return [], misplaced


def _one_value(values: list, notes: Counter) -> str | None:
    texts = [_scalar(value, notes) for value in values]
    return None if None in texts else next(filter(None, texts), "")


def _any_value(values: list, notes: Counter) -> str:
    return next(filter(None, (_scalar(value, notes) for value in values)), "")


def _all_values(values: list, notes: Counter) -> list[str] | None:
    items = [one for value in values for one in (value if isinstance(value, list) else [value])]
    texts = [_scalar(item, notes) for item in items]
    return None if None in texts else texts


def _in_parts(values: list, notes: Counter) -> str | None:
    """A text that may come in parts, each a text or an object with one."""
    texts = [_scalar(part, notes) for part in _parts(values)]
    return None if None in texts else "".join(texts)


def _links_in_parts(values: list, notes: Counter) -> list[str]:
    """The links among the parts of a text: their addresses, or texts that are addresses."""
    links = []
    for value in values:
        for part in value if isinstance(value, list) else ():
            if isinstance(part, Mapping):
                is_link = part.get("type") in ("link", "url")
                link = part.get("href") or (part.get("text") if is_link else None)
                links.append(_scalar(link, notes) or "")
    return list(dict.fromkeys(filter(None, links)))


def _parts(values: list) -> Iterator[object]:
    for value in values:
        if not isinstance(value, list):
            yield value
            continue
        # A list without a text is no text in parts.
        if value and not any(isinstance(part, str) or _has_text(part) for part in value):
            yield value
        for part in value:
            yield part.get("text") if isinstance(part, Mapping) else part


def _has_text(part: object) -> bool:
    return isinstance(part, Mapping) and "text" in part


SHAPES = {
    "value": _one_value,
    "list": _all_values,
    "parts": _in_parts,
    "links": _links_in_parts,
    "any": _any_value,
}


def _scalar(value: object, notes: Counter) -> str | None:
    """A value as text, '' for null; None for an object or a list."""
    if isinstance(value, str) and not value.isascii() and SURROGATE.search(value):
        notes["half of a character that no text can hold, shown as \ufffd"] += 1
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return plain_text(value)


def _shown(value: object) -> str:
    """A value that is out of place, as the quarantine may hold it."""
    if isinstance(value, str):
        return value[:400].encode("utf-8", errors="replace").decode("utf-8")
    try:
        return json.dumps(value)[:400]
    except RecursionError:
        return ""


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
