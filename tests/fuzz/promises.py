"""What every reader promises of every input, good or hostile."""

import bz2
import csv
import gzip
import io
import lzma
import os
import sys
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pyarrow as pa
from samples import MAPS, Sample

from hydrascope.errors import RawFileError
from hydrascope.ingest.formats import format_named
from hydrascope.ingest.mapping import Origin
from hydrascope.ingest.parsing import Parsed, parsed_batches
from hydrascope.ingest.raw import open_raw
from hydrascope.ingest.reader import QUARANTINE, Sinks, cut_batches, read_raw_file
from hydrascope.ingest.records import Batch
from hydrascope.io import FORMULA_OPENINGS, NUMBER, UNPRINTABLE, write_rows

__all__ = ["Pool", "keeps_all"]

KEY = b"a key of these tests"
# A millionth of what a study allows, so that a small bomb is one.
UNPACKED = 2**20
# Seconds of work that a file of some kilobytes may take, however busy the machine is.
LONGEST = 10.0
ORIGIN = Origin("x", "toy", "raw", "2021-12-01")
# What no reader has a use for, and what may write.
FORBIDDEN = {"pickle.find_class", "subprocess.Popen", "os.system", "os.exec", "socket.connect"}
WRITES = {"os.remove", "os.rename", "os.mkdir", "os.link", "os.symlink", "shutil.rmtree"}


class Broken(Exception):
    """A promise that was not kept."""


class _Watch:
    """Sees each file that Python opens and each module that a pickle asks for."""

    folder: str | None = None

    def __call__(self, event: str, arguments: tuple) -> None:
        if self.folder is None:
            return
        if event in FORBIDDEN:
            raise Broken(f"{event} {arguments!r:.200}")
        writes = event in WRITES or (event == "open" and _writes(*arguments[1:3]))
        if writes and isinstance(arguments[0], str | bytes | os.PathLike):
            path = os.path.realpath(os.fsdecode(arguments[0]))
            if not path.startswith((self.folder, "/dev/")):
                raise Broken(f"{event} outside its folder: {path}")


WATCH = _Watch()
sys.addaudithook(WATCH)


def _writes(mode: str | None, flags: int | None) -> bool:
    if mode is None:
        return bool((flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    return bool(set("wax+") & set(mode))


@contextmanager
def watched(folder: Path) -> Iterator[None]:
    """Let nothing be written outside a folder, nothing be started and nothing be unpickled."""
    began, WATCH.folder = time.process_time(), os.path.realpath(folder)
    try:
        yield
    finally:
        WATCH.folder = None
    if time.process_time() - began > LONGEST:
        raise Broken(f"took {time.process_time() - began:.0f} s")


def _checked(parts: list[Parsed]) -> int:
    """Hold the parts of one file against each other; returns its records."""
    records = sum(part.records for part in parts)
    rows = []
    for part in parts:
        own = part.accounts.filter(pa.compute.invert(part.accounts["derived"]))
        for table in (own, part.posts, part.asked, part.quarantined):
            rows += table["source_row"].to_pylist()
    if len(rows) != records or len(set(rows)) != records:
        raise Broken(f"{records} records, {len(rows)} rows, {len(set(rows))} of them different")
    return records


class _Kept(list):
    write_table = list.append


def keeps_all(sample: Sample, folder: Path) -> str:
    """Read one input as a study does, and hold what comes of it against every promise.

    Parameters
    ----------
    sample : Sample
        The input.
    folder : pathlib.Path
        Where it may be written; it is left with the raw file and its quarantine.

    Returns
    -------
    str
        'read', or 'refused' where the reader said why in an error that a user can mend.

    Raises
    ------
    Broken
        If a promise was not kept. Any other error of the reader is one too.
    """
    path = folder / "raw"
    path.write_bytes(sample.data)
    row = {"file": "raw", "format": sample.form, "platform": sample.platform, "sha256": ""}
    row |= {"encoding": sample.encoding, "snapshot": ORIGIN.snapshot}
    sinks = Sinks(_Kept(), _Kept(), _Kept())
    with watched(folder):
        try:
            ledger, aside = read_raw_file(
                path,
                row=row,
                collection="toy",
                key=KEY,
                limits={"strict": False, "max_bad_share": 1, "max_unpacked_gib": UNPACKED / 2**30},
                column_maps=MAPS,
                sinks=sinks,
            )
        except RawFileError as error:
            _plain(str(error), "an error")
            return "refused"
        write_rows(aside, QUARANTINE, folder / "quarantine.tsv")
    if _unpacked_size(sample.data) > UNPACKED:
        raise Broken("unpacked past the limit")
    own = sum(len(table) - sum(table["derived"].to_pylist()) for table in sinks.accounts)
    kept = own + sum(map(len, sinks.posts)) + sum(map(len, sinks.asked))
    if ledger["records"] != kept + ledger["quarantined"] or len(aside) != ledger["quarantined"]:
        raise Broken(f"{ledger['records']} records: {kept} kept, {ledger['quarantined']} aside")
    _plain(ledger["notes"], "the ledger's notes")
    with (folder / "quarantine.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream, delimiter="\t"))
    if len(rows) != len(aside) + 1 or {len(row) for row in rows} != {len(QUARANTINE)}:
        raise Broken("a quarantine that does not read back")
    for cell in (cell for row in rows for cell in row):
        if cell.startswith(FORMULA_OPENINGS) and not NUMBER.fullmatch(cell):
            raise Broken(f"a formula: {cell!r}")
        if any(ord(sign) in UNPRINTABLE for sign in cell):
            raise Broken(f"a sign that acts where a table is shown: {cell!r}")
    return "read"


def _plain(text: str, what: str) -> None:
    """Neither markup nor a sign that acts: it is shown on a screen, in a log and in a page."""
    if set("<>&") & set(text) or any(ord(sign) in UNPRINTABLE for sign in text):
        raise Broken(f"{what} with markup or controls: {text!r}")


def _unpacked_size(data: bytes) -> int:
    """Bytes in an archive, by the libraries' own readers, as far as the limit and one more."""
    try:
        if data.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return sum(member.file_size for member in archive.infolist())
        for start, module in ((b"\x1f\x8b", gzip), (b"\xfd7zXZ\x00", lzma), (b"BZh", bz2)):
            if data.startswith(start):
                return len(module.open(io.BytesIO(data)).read(UNPACKED + 1))
    except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile):
        return 0
    return 0


class Pool:
    """Inputs of one format, each cut by itself and parsed together, since a query costs most.

    Parameters
    ----------
    form : str
        The format's name.
    folder : pathlib.Path
        Where inputs may be written.
    size : int
        Inputs that are parsed together.
    whole : int
        One in so many goes the whole way of a study besides.
    """

    def __init__(self, form: str, folder: Path, *, size: int = 200, whole: int = 20):
        self._form, self._folder = format_named(form, MAPS), folder
        self._size, self._whole = size, whole
        self._inputs: list[Sample] = []
        self._batches: list[Batch] = []
        self.inputs = self.refused = self.records = 0

    def add(self, sample: Sample) -> None:
        """Take one input; every promise about cutting holds, or `Broken` is raised."""
        self.inputs += 1
        self._inputs.append(sample)
        path = self._folder / "raw"
        path.write_bytes(sample.data)
        try:
            with (
                watched(self._folder),
                open_raw(
                    path,
                    name="raw",
                    encoding=sample.encoding,
                    max_unpacked_gib=UNPACKED / 2**30,
                ) as stream,
            ):
                self._batches += cut_batches(stream, "raw", self._form)
        except RawFileError as error:
            _plain(str(error), "an error")
            self.refused += 1
        if self.inputs % self._whole == 0:
            keeps_all(sample, self._folder)
        if len(self._inputs) >= self._size:
            self.flush()

    def flush(self) -> None:
        """Parse what was taken; where that fails, keep it and say which input is at fault."""
        try:
            self._parse()
        except Exception:
            for number, sample in enumerate(self._inputs):
                (self._folder / f"pool{number}").write_bytes(sample.data)
            for sample in self._inputs:
                keeps_all(sample, self._folder)
            raise
        self._inputs.clear()
        self._batches.clear()

    def _parse(self) -> None:
        numbers = count(1)
        together: dict[str, tuple[list[pa.Table], list]] = {}
        for batch in self._batches:
            tables, broken = together.setdefault(batch.kind, ([], []))
            rows = pa.array([next(numbers) for _ in range(len(batch.table))], pa.int64())
            cells = batch.table.drop_columns("source_row")
            cells = cells.select(sorted(cells.column_names))
            tables.append(cells.append_column("source_row", rows))
            broken += [one._replace(row=next(numbers)) for one in batch.broken]
        whole = [
            Batch(kind, pa.concat_tables(tables), broken)
            for kind, (tables, broken) in together.items()
        ]
        with watched(self._folder):
            parts = list(parsed_batches(iter(whole), self._form, ORIGIN, KEY))
        records = _checked(parts)
        self.records += records
        if records != next(numbers) - 1:
            raise Broken("records lost between cutting and parsing")
