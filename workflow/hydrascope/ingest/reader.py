"""One raw file, read from end to end with flat memory."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from hydrascope.errors import RawFileError
from hydrascope.ingest.delimited import delimited_batches
from hydrascope.ingest.formats import format_named
from hydrascope.ingest.mapping import ASIDE, SHOWN_CHARACTERS, Format, Origin
from hydrascope.ingest.nested import json_batches
from hydrascope.ingest.parsing import Parsed, parsed_batches
from hydrascope.ingest.raw import file_digest, open_raw
from hydrascope.ingest.records import Batch

__all__ = ["LEDGER", "QUARANTINE", "Sink", "Sinks", "cut_batches", "read_raw_file", "shape"]

LEDGER = ["file", "format", "platform", "sha256", "bytes", "records", "quarantined", "notes"]
# What tells a column of a file from those that the reader makes.
IN_FILE = "in the file "
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ][\d:.]+ ?([A-Z]{1,4}|[+-][\d:]+)?)?")
SCIENTIFIC = re.compile(r"([\d.,]+)([eE]\+?\d+)")
QUARANTINE = ["file", "row", "column", "value", "reason", "kind"]


class Sink(Protocol):
    """Where the rows of a kind go, batch by batch."""

    def write_table(self, table: pa.Table) -> None:
        """Append a table."""


class Sinks(NamedTuple):
    """Where accounts, posts, and ids asked for go."""

    accounts: Sink
    posts: Sink
    asked: Sink


def read_raw_file(
    path: Path,
    *,
    row: Mapping[str, str],
    collection: str,
    key: bytes,
    limits: Mapping,
    sinks: Sinks,
    column_maps: Mapping[str, Mapping] | None = None,
    zones: Mapping[str, str] | None = None,
    starts: Mapping[str, str] | None = None,
    threads: int = 1,
) -> tuple[dict[str, object], list[dict[str, object]]]:
    """Read a raw file into rows of the contracts, and account for each record.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    row : mapping
        Its row of collections.tsv: file, format, platform, encoding, snapshot
        and sha256, which may be empty for a file not yet fixed.
    collection : str
        Name of the collection.
    key : bytes
        The key of `keys.load_key`.
    limits : mapping
        What `config.file_limits` gives for the file.
    sinks : Sinks
        Where the rows go.
    column_maps : mapping, optional
        The study's key of that name.
    starts : mapping, optional
        The study's key `platform_starts`.
    zones : mapping, optional
        The study's key `crowdtangle_zone`.
    threads : int
        Threads that the queries may use; they change no row.

    Returns
    -------
    ledger : dict
        One row with the columns `LEDGER`; `records` are counted while the
        file is cut, apart from what becomes of them.
    quarantine : list of dict
        The records set aside, with the columns `QUARANTINE`; of the kind
        `absence` are gaps that are normal, and no limit counts those.

    Raises
    ------
    RawFileError
        If the file is not the one listed, cannot be read as its format, or
        has more bad rows than the limits allow (with `strict`, any).
    """
    name = row["file"]
    form = format_named(row["format"], column_maps or {}, zones or {}, starts or {})
    origin = Origin(row["platform"], collection, name, row["snapshot"])
    records, aside, oddities, no_dates = 0, [], Counter(), Counter()
    with ThreadPoolExecutor(3) as pool:
        digest = pool.submit(file_digest, path)
        try:
            with open_raw(
                path,
                name=name,
                encoding=row["encoding"],
                max_unpacked_gib=limits["max_unpacked_gib"],
            ) as stream:
                batches = _ahead(pool, cut_batches(stream, name, form))
                parsed = parsed_batches(batches, form, origin, key, threads)
                for part in _written(pool, parsed, sinks):
                    aside.append(part.quarantined)
                    records += part.records
                    oddities.update(part.oddities)
                    no_dates.update(part.no_dates)
                    if limits["strict"] and (faults := _faults(part.quarantined)).num_rows:
                        raise _first_fault(name, faults, records, "strict")
        except RawFileError as error:
            # A file that is not the one listed may be broken in any way.
            raise _not_listed(row, digest.result()) or error from error
        if fault := _not_listed(row, digest.result()):
            raise fault
    quarantined = pa.concat_tables([ASIDE.empty_table(), *aside]).sort_by("source_row")
    faults = _faults(quarantined)
    # Rounded, since 0.29 of 100 is a little less than 29 to a computer.
    if faults.num_rows > round(limits["max_bad_share"] * records, 6):
        raise _first_fault(name, faults, records, "max_bad_share")
    ledger = [
        name,
        row["format"],
        row["platform"],
        digest.result(),
        path.stat().st_size,
        records,
        quarantined.num_rows,
        _notes(quarantined, oddities, no_dates),
    ]
    return dict(zip(LEDGER, ledger, strict=True)), _shown(quarantined, name)


def cut_batches(stream: BinaryIO, name: str, form: Format) -> Iterator[Batch]:
    """Cut a file into batches of records, by the layout of its format.

    Parameters
    ----------
    stream : binary file
        The file, as UTF-8.
    name : str
        What error messages call it.
    form : Format
        Its format.

    Raises
    ------
    RawFileError
        If it is not laid out as its format says.
    """
    if not form.delimiter:
        return json_batches(stream, name=name, form=form)
    records = form.records[""]
    how = {
        "name": name,
        "delimiter": form.delimiter,
        "header": form.header,
        "skip": form.skip,
        "escape": form.escape,
    }
    if not records.cells:
        return delimited_batches(
            stream,
            required=records.required,
            optional=records.optional,
            used=records.used,
            layouts=form.records,
            **how,
        )
    used = {cell: columns for cell, (columns, _) in records.cells.items() if cell in records.used}
    asked = [columns for columns, _ in records.cells.values()]
    batches = delimited_batches(
        stream,
        required=tuple(dict.fromkeys(columns[0] for columns in asked if len(columns) == 1)),
        optional=tuple(dict.fromkeys(one for columns in asked for one in columns[1:] and columns)),
        used=tuple(dict.fromkeys(one for columns in used.values() for one in columns)),
        choices=tuple(columns for columns in asked if len(columns) > 1),
        prefix=IN_FILE,
        **how,
    )
    return (_with_cells(batch, used) for batch in batches)


def _with_cells(batch: Batch, cells: Mapping[str, tuple[str, ...]]) -> Batch:
    """A batch whose columns are called as the format calls them."""
    table = {}
    for name, columns in cells.items():
        value = batch.table[IN_FILE + columns[0]]
        for other in columns[1:]:
            value = pc.if_else(pc.equal(value, ""), batch.table[IN_FILE + other], value)
        table[name] = value
    table["source_row"] = batch.table["source_row"]
    return replace(batch, table=pa.table(table))


def _ahead(pool: ThreadPoolExecutor, batches: Iterator[Batch]) -> Iterator[Batch]:
    """The same batches, the next one cut while one is worked on."""
    coming = pool.submit(next, batches, None)
    while (batch := coming.result()) is not None:
        coming = pool.submit(next, batches, None)
        yield batch


def _written(pool: ThreadPoolExecutor, parts: Iterator[Parsed], sinks: Sinks) -> Iterator[Parsed]:
    """The same parts, each being written while the next one is made."""
    pending: Future | None = None
    for part in parts:
        if pending:
            pending.result()
        pending = pool.submit(_write, part, sinks)
        yield part
    if pending:
        pending.result()


def _write(part: Parsed, sinks: Sinks) -> None:
    sinks.accounts.write_table(part.accounts)
    sinks.posts.write_table(part.posts)
    sinks.asked.write_table(part.asked)


def _not_listed(row: Mapping[str, str], digest: str) -> RawFileError | None:
    if row["sha256"].lower() in ("", digest):
        return None
    return RawFileError(
        row["file"],
        found=f"sha256 {digest}",
        expected=f"{row['sha256']}, as collections.tsv says",
        remedy="Get the listed file again, or correct its row if the new file is meant.",
    )


def _faults(aside: pa.Table) -> pa.Table:
    """What was set aside as bad, without the gaps that are normal."""
    return aside.filter(pc.invert(aside["absence"]))


def _first_fault(name: str, aside: pa.Table, records: int, key: str) -> RawFileError:
    first = aside.slice(0, 1).to_pylist()[0]
    return RawFileError(
        name,
        row=first["source_row"],
        column=first["column"] or "(all)",
        found=repr(shape(first["value"][:SHOWN_CHARACTERS])),
        expected=f"a good row ({first['reason']})",
        remedy=f"{aside.num_rows} of {records} rows are bad, more than {key} allows: mend the "
        "file, or let more be set aside by the key limits of the study's file.",
    )


def shape(value: str) -> str:
    """A value as a log may show it: an id, a name or a text by its shape alone.

    Logs lie outside the folder that people's names may be in. Zeros stay, since
    they tell an id that was rounded, and so do dates.
    """
    if DATE.fullmatch(value):
        return value
    exponent = SCIENTIFIC.fullmatch(value)
    return "".join(
        "9" if sign in "123456789" else "x" if sign.isalnum() and sign != "0" else sign
        for sign in (exponent[1] if exponent else value)
    ) + (exponent[2] if exponent else "")


def _notes(
    aside: pa.Table, oddities: Mapping[str, int], no_dates: Mapping[tuple[str, str], int]
) -> str:
    """What was odd about the file's records, the most frequent first."""
    reasons = Counter(
        f"{'absent' if one['absence'] else 'set aside'}: {one['reason']}"
        for one in aside.select(["reason", "absence"]).to_pylist()
    )
    days = {note: {} for note, _ in no_dates}
    for (note, day), count in no_dates.items():
        days[note][day] = count
    dated = Counter({note: sum(counts.values()) for note, counts in days.items()})
    said = sorted((reasons + Counter(oddities) + dated).items(), key=lambda one: (-one[1], one[0]))
    return "; ".join(f"{count} x {note}{_shared(days.get(note, {}))}" for note, count in said)


def _shared(days: Mapping[str, int]) -> str:
    """The day that most records share where a date was due, if several do."""
    count, day = max(((count, day) for day, count in days.items() if day), default=(0, ""))
    return f" ({count} of them {day})" if count > 1 else ""


def _shown(aside: pa.Table, name: str) -> list[dict[str, object]]:
    return [
        {
            "file": name,
            "row": one["source_row"],
            "column": one["column"],
            "value": one["value"][:SHOWN_CHARACTERS],
            "reason": one["reason"],
            "kind": "absence" if one["absence"] else "fault",
        }
        for one in aside.to_pylist()
    ]
