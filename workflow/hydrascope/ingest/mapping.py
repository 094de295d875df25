"""Formats as declarations: what a record holds, what is wrong with one, what becomes of it.

A format names the columns that it reads and gives, for each field of the
tables, the DuckDB expression that makes it; everything else is shared by all
formats. Expressions see the record's columns as text ('' where there is
none) and `source_row`; a column whose name is no SQL word stands in double
quotes. `$platform` and `$snapshot` are parameters.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import pyarrow as pa

from hydrascope.contracts import ACCOUNTS

__all__ = [
    "ASIDE",
    "ASKED",
    "DERIVED_ACCOUNTS",
    "NOTHING",
    "Cell",
    "Check",
    "Format",
    "Item",
    "Oddity",
    "Origin",
    "Records",
    "SHOWN_CHARACTERS",
    "Skip",
    "Time",
    "quoted",
]

ASIDE = pa.schema(
    [("source_row", pa.int64())]
    + [(name, pa.string()) for name in ("column", "value", "reason")]
    + [("absence", pa.bool_())]
)
ASKED = pa.schema(
    [(name, pa.string()) for name in ("platform", "account_id", "native_id", "source_file")]
    + [("source_row", pa.int64()), ("reason", pa.string())]
    + [(name, ACCOUNTS.field("created_at").type) for name in ("gone_at", "created_at")]
)
DERIVED_ACCOUNTS = ACCOUNTS.append(pa.field("derived", pa.bool_()))
SHOWN_CHARACTERS = 80


class Origin(NamedTuple):
    """Where a record comes from, copied into each row made of it."""

    platform: str
    collection: str
    file: str
    snapshot: str


class Check(NamedTuple):
    """A condition under which a record is set aside, and why.

    `bad` is a DuckDB expression; NULL counts as false. `reason` says what the
    value is and what was expected. `unless`, where given, is a cheap expression
    that is true of most good values, for which `bad` is then not looked at;
    checks that stand together share it. With `together`, a number, the records
    for which `bad` is true are set aside only if the batch has more of them
    than chance gives; see `improbable`. With `absence` the record is a gap that
    is normal (an account that is gone, a service message): it is set aside by
    name, and no limit counts it as a bad row.
    """

    column: str
    bad: str
    reason: str
    unless: str = ""
    together: int = 0
    absence: bool = False


class Oddity(NamedTuple):
    """A condition that the ledger counts; the record is kept."""

    where: str
    note: str


class Time(NamedTuple):
    """A time among the named expressions of a kind of records.

    What is a placeholder there, such as 1970-01-01, is no time: the record is
    kept without it, no check looks at its column, and the ledger counts it. So
    is what lies before `start`, where that is given.
    """

    column: str
    what: str
    start: str = ""


class Cell(NamedTuple):
    """Where a column of the table stands in the file, if it is not called so there.

    Attributes
    ----------
    columns : tuple of str
        Columns, or paths, of which the first that says something counts.
    shape : {'value', 'list', 'parts', 'links', 'any'}
        What is taken out of a JSON value: one value, a list of them, a text that may
        come in parts, the links among its parts, or one value if there is one.
    """

    columns: tuple[str, ...]
    shape: str = "value"

    @property
    def label(self) -> str:
        """What messages call it."""
        return " or ".join(self.columns)


class Skip(NamedTuple):
    """Values of a cell, or a pattern found in one, that leave a record out, and why."""

    cell: str
    values: tuple[str, ...]
    pattern: str
    reason: str


class Item(NamedTuple):
    """One record out of a JSON value.

    `kind` is a key of `Format.records`, or '' for what is neither account nor
    post; `record` is then the reason, and `absence` true where that is a gap
    which is normal, as in `Check`.
    """

    kind: str
    record: Mapping | str
    absence: bool = False


@dataclass(frozen=True)
class Records:
    """One kind of record and what becomes of it.

    Attributes
    ----------
    required, optional : tuple of str
        Columns that a delimited file must have, and may have; of JSON, paths
        whose steps are separated by dots.
    lists : tuple of str
        Those among them that hold lists of text (JSON only).
    named : mapping of str to str
        Expressions over the columns that the others use by these names.
    times : mapping of str to Time
        Those of `named` that are times, each of type TIMESTAMP in UTC.
    checks : tuple of Check
        The first that holds sets the record aside.
    oddities : tuple of Oddity
        What the ledger says of records that are kept.
    account, post : mapping of str to str
        Expression by field of `ACCOUNTS` and of `POSTS`; a field that is not
        named is missing. Ids are native: `account_id`, `native_id`,
        `repost_of`, `reply_to` and `mentions` become pseudonyms afterwards.
    asked : str
        Expression of the native id that a collector asked for, in a list of
        such ids.
    gone : mapping of str to str
        Of ids that were asked for and are known to be gone, the expressions of
        `reason`, and of `gone_at` and `created_at` where they are stated.
    plain : bool
        Whether texts are what people wrote, to the letter, so that a tag in one
        is no markup; else HTML is taken out of those that have some.
    cells : mapping of str to Cell
        Where columns stand in the file. It holds all of them or none; the table's
        names are then of the format's own making.
    skips : tuple of Skip
        When a record is left out by name, although its other columns are no values.
    absent : str
        Column for the labels of those cells that a JSON record does not have at all.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, Time] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    account: Mapping[str, str] = field(default_factory=dict)
    post: Mapping[str, str] = field(default_factory=dict)
    asked: str = ""
    gone: Mapping[str, str] = field(default_factory=dict)
    plain: bool = False
    cells: Mapping[str, Cell] = field(default_factory=dict)
    skips: tuple[Skip, ...] = ()
    absent: str = ""

    def label(self, column: str) -> str:
        """What messages call a column."""
        return self.cells[column].label if column in self.cells else column

    @cached_property
    def used(self) -> tuple[str, ...]:
        """The columns that an expression names; the others need not be read."""
        return self._among(
            *self.named.values(),
            *(check.bad for check in self.checks),
            *(quoted(check.column) for check in self.checks),
            *(oddity.where for oddity in self.oddities),
            *self.account.values(),
            *self.post.values(),
            self.asked,
            *self.gone.values(),
        )

    @cached_property
    def about_accounts(self) -> tuple[str, ...]:
        """The columns that say something of an account."""
        said = " ".join(self.account.values())
        for name, sql in reversed(self.named.items()):
            if _names(name, said):
                said += f" {sql}"
        return self._among(said)

    def _among(self, *expressions: str) -> tuple[str, ...]:
        text = " ".join(expressions)
        return tuple(name for name in (*self.required, *self.optional) if _names(name, text))


def _names(name: str, text: str) -> bool:
    """Whether an expression names a column, in quotes or as a word of its own."""
    bare = rf'(?<![\w."]){re.escape(name)}(?![\w."])'
    return quoted(name) in text or re.search(bare, text) is not None


def quoted(name: str) -> str:
    """A column's name as an expression takes it."""
    return '"' + name.replace('"', '""') + '"'


NOTHING = Records(())


@dataclass(frozen=True)
class Format:
    """How a raw file is cut into records, and what each kind of them means.

    Attributes
    ----------
    records : mapping of str to Records
        By kind. A delimited file has the kind '', or another one in whose layout
        it is.
    delimiter : str
        What separates cells; '' for JSON.
    unnest : callable, optional
        Gives the items of one JSON value: a page of a list, or a record.
    container : str
        Key of a JSON page whose list is read element by element.
    within : str
        Path to the lists of records; every JSON value without one is set aside.
    header : bool
        Whether a delimited file names its columns; else their numbers, from 1, do.
    skip : int
        Lines of a delimited file before its header or first record.
    escape : str
        What stands before a quote that does not close its cell, if anything does.
    """

    records: Mapping[str, Records]
    delimiter: str = ","
    unnest: Callable[[object], Iterator[Item]] | None = None
    container: str = ""
    within: str = ""
    header: bool = True
    skip: int = 0
    escape: str = ""
