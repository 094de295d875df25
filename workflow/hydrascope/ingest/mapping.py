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
from itertools import groupby
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from hydrascope.contracts import ACCOUNTS, POSTS
from hydrascope.ingest.pseudonyms import pseudonyms
from hydrascope.ingest.records import Batch, Broken

__all__ = [
    "ASIDE",
    "ASKED",
    "DERIVED_ACCOUNTS",
    "NOTHING",
    "Check",
    "Format",
    "Item",
    "Oddity",
    "Origin",
    "Parsed",
    "Records",
    "SHOWN_CHARACTERS",
    "parsed_batches",
]

ASIDE = pa.schema(
    [("source_row", pa.int64())] + [(name, pa.string()) for name in ("column", "value", "reason")]
)
ASKED = pa.schema(
    [(name, pa.string()) for name in ("platform", "account_id", "native_id", "source_file")]
    + [("source_row", pa.int64())]
)
DERIVED_ACCOUNTS = ACCOUNTS.append(pa.field("derived", pa.bool_()))
SHOWN_CHARACTERS = 80
# What every row of a file has in common.
COMMON = {
    "platform": "$platform::VARCHAR",
    "collection": "$collection::VARCHAR",
    "source_file": "$file::VARCHAR",
    "source_row": "source_row",
}
SEEN = {"first_seen": "$snapshot::TIMESTAMP", "last_seen": "$snapshot::TIMESTAMP"}


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
    checks that stand together share it.
    """

    column: str
    bad: str
    reason: str
    unless: str = ""


class Oddity(NamedTuple):
    """A condition that the ledger counts; the record is kept."""

    where: str
    note: str


class Item(NamedTuple):
    """One record out of a JSON value.

    `kind` is a key of `Format.records`, or '' for what is neither account nor
    post; `record` is then the reason.
    """

    kind: str
    record: Mapping | str


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
    """

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    account: Mapping[str, str] = field(default_factory=dict)
    post: Mapping[str, str] = field(default_factory=dict)
    asked: str = ""

    @cached_property
    def used(self) -> tuple[str, ...]:
        """The columns that an expression names; the others need not be read."""
        return self._among(
            *self.named.values(),
            *(check.bad for check in self.checks),
            *(check.column for check in self.checks),
            *(oddity.where for oddity in self.oddities),
            *self.account.values(),
            *self.post.values(),
            self.asked,
        )

    @cached_property
    def about_accounts(self) -> tuple[str, ...]:
        """The columns that say something of an account."""
        said = " ".join(self.account.values())
        named = (value for name, value in self.named.items() if _names(name, said))
        return self._among(said, *named)

    def _among(self, *expressions: str) -> tuple[str, ...]:
        text = " ".join(expressions)
        return tuple(name for name in (*self.required, *self.optional) if _names(name, text))


def _names(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


NOTHING = Records(())


@dataclass(frozen=True)
class Format:
    """How a raw file is cut into records, and what each kind of them means.

    Attributes
    ----------
    records : mapping of str to Records
        By kind; a delimited file has the one kind ''.
    delimiter : str
        What separates cells; '' for JSON.
    unnest : callable, optional
        Gives the items of one JSON value: a page of a list, or a record.
    container : str
        Key of a JSON page whose list is read element by element.
    """

    records: Mapping[str, Records]
    delimiter: str = ","
    unnest: Callable[[object], Iterator[Item]] | None = None
    container: str = ""


@dataclass(frozen=True)
class Parsed:
    """What became of a batch.

    Attributes
    ----------
    accounts, posts, asked : pyarrow.Table
        Rows of the contracts; `accounts` has the column `derived` besides,
        true where a post named its author and no record of the account.
    quarantined : pyarrow.Table
        source_row, column, value, reason of each record set aside.
    records : int
        Records read.
    oddities : dict of str to int
        How often each oddity was met.
    """

    accounts: pa.Table
    posts: pa.Table
    asked: pa.Table
    quarantined: pa.Table
    records: int
    oddities: dict[str, int]


def parsed_batches(
    batches: Iterator[Batch], form: Format, origin: Origin, key: bytes, threads: int = 1
) -> Iterator[Parsed]:
    """Turn batches of records into accounts, posts and rows set aside.

    Parameters
    ----------
    batches : iterator of Batch
        The records of one file, in order.
    form : Format
        The file's format.
    origin : Origin
        Platform, collection, file and snapshot day.
    key : bytes
        The key of the pseudonyms.
    threads : int
        Threads that the queries may use; they change no row.

    Yields
    ------
    Parsed
        Each record is an account, a post, an id asked for, or set aside; the
        authors of posts come as derived accounts on top, once for everything
        that the file says of them.
    """
    with duckdb.connect(config={"threads": threads}) as base:
        # A time with an offset becomes UTC, whatever zone the machine is in.
        base.execute("SET TimeZone = 'UTC'")
        base.execute("CREATE TEMP TABLE known (account_id VARCHAR, content UBIGINT)")
        for batch in batches:
            records = form.records.get(batch.kind, NOTHING)
            fit, aside = _checked(base, batch, records, origin)
            yield Parsed(
                _accounts(base, fit, records, origin, key),
                _posts(base, fit, records, origin, key),
                _asked(base, fit, records, origin, key),
                aside,
                batch.records,
                batch.notes | _oddities(base, fit, records, origin),
            )


def _query(base: duckdb.DuckDBPyConnection, sql: str, batch: pa.Table, origin: Origin) -> pa.Table:
    base.register("batch", batch)
    values = {name: value for name, value in origin._asdict().items() if f"${name}" in sql}
    return base.sql(sql, params=values).to_arrow_table()


def _checked(
    base: duckdb.DuckDBPyConnection, batch: Batch, records: Records, origin: Origin
) -> tuple[pa.Table, pa.Table]:
    """The records that pass all checks, and what is wrong with the others."""
    table, broken, checks = batch.table, list(batch.broken), records.checks
    if checks and table.num_rows:
        sql = f"SELECT {_first_fault(checks)} AS failed FROM {_rows(records)}"
        failed = _query(base, sql, table, origin)["failed"]
        bad = pc.is_valid(failed)
        for n, row in zip(
            failed.filter(bad).to_pylist(), table.filter(bad).to_pylist(), strict=True
        ):
            value = row[checks[n].column]
            shown = value if isinstance(value, str) else ", ".join(value)
            broken.append(Broken(row["source_row"], checks[n].column, shown, checks[n].reason))
        table = table.filter(pc.invert(bad))
    columns = zip(*sorted(broken), strict=True) if broken else ([], [], [], [])
    return table, pa.table([list(column) for column in columns], schema=ASIDE)


def _first_fault(checks: tuple[Check, ...]) -> str:
    """Expression for the number of the first check that holds, else NULL."""
    parts = []
    for unless, group in groupby(enumerate(checks), key=lambda one: one[1].unless):
        cases = " ".join(f"WHEN {check.bad} THEN {n}" for n, check in group)
        parts.append(f"CASE {f'WHEN {unless} THEN NULL ' if unless else ''}{cases} END")
    return f"coalesce({', '.join(parts)}, NULL)"


def _rows(records: Records) -> str:
    """The batch with its named expressions, each of which may use those before it."""
    rows = "batch"
    for name, sql in records.named.items():
        rows = f"(SELECT *, {sql} AS {name} FROM {rows})"
    return rows


def _accounts(
    base: duckdb.DuckDBPyConnection, fit: pa.Table, records: Records, origin: Origin, key: bytes
) -> pa.Table:
    if not records.account or not fit.num_rows:
        return DERIVED_ACCOUNTS.empty_table()
    fields = {**COMMON, **SEEN, **records.account, "derived": str(bool(records.post))}
    fields["account_id"] = f"({fields['platform']}) || ':' || ({fields['native_id']})"
    if records.post:
        said = ", ".join(f'"{name}"' for name in records.about_accounts)
        new = _query(
            base,
            "SELECT account_id, content, min(source_row) AS source_row FROM ("
            f"SELECT {fields['account_id']} AS account_id, hash({said}) AS content, source_row "
            f"FROM {_rows(records)}) ANTI JOIN known USING (account_id, content) GROUP BY ALL",
            fit,
            origin,
        )
        base.register("new", new)
        base.execute("INSERT INTO known SELECT account_id, content FROM new")
        fit = fit.filter(pc.is_in(fit["source_row"], new["source_row"].combine_chunks()))
    table = _query(base, _select(fields, DERIVED_ACCOUNTS, records), fit, origin)
    return _with_pseudonyms(table, {"account_id": "account"}, key).cast(DERIVED_ACCOUNTS)


def _posts(
    base: duckdb.DuckDBPyConnection, fit: pa.Table, records: Records, origin: Origin, key: bytes
) -> pa.Table:
    if not records.post or not fit.num_rows:
        return POSTS.empty_table()
    fields = {**COMMON, **records.post}
    placed = f"({fields['platform']}) || ':' || "
    fields["post_id"] = fields["native_id"]
    for name in ("account_id", "post_id", "repost_of", "reply_to"):
        if name in fields:
            fields[name] = f"{placed}nullif({fields[name]}, '')"
    for name in ("urls", "hashtags", "mentions", "media_ids"):
        fields.setdefault(name, "[]::VARCHAR[]")
    fields["mentions"] = f"list_transform({fields['mentions']}, lambda item: {placed}item)"
    table = _query(base, _select(fields, POSTS, records), fit, origin)
    kinds = {"post_id": "post", "account_id": "account", "repost_of": "post"}
    kinds |= {"reply_to": "post", "mentions": "account"}
    return _with_pseudonyms(table, kinds, key).cast(POSTS)


def _asked(
    base: duckdb.DuckDBPyConnection, fit: pa.Table, records: Records, origin: Origin, key: bytes
) -> pa.Table:
    if not records.asked or not fit.num_rows:
        return ASKED.empty_table()
    fields = {**COMMON, "native_id": records.asked}
    fields["account_id"] = f"({fields['platform']}) || ':' || ({records.asked})"
    table = _query(base, _select(fields, ASKED, records), fit, origin)
    return _with_pseudonyms(table, {"account_id": "account"}, key).cast(ASKED)


def _oddities(
    base: duckdb.DuckDBPyConnection, fit: pa.Table, records: Records, origin: Origin
) -> dict[str, int]:
    oddities = records.oddities
    if not oddities or not fit.num_rows:
        return {}
    counts = ", ".join(
        f"count(*) FILTER ({oddity.where}) AS o{n}" for n, oddity in enumerate(oddities)
    )
    met = _query(base, f"SELECT {counts} FROM {_rows(records)}", fit, origin).to_pylist()[0]
    return {oddity.note: met[f"o{n}"] for n, oddity in enumerate(oddities) if met[f"o{n}"]}


def _select(fields: Mapping[str, str], schema: pa.Schema, records: Records) -> str:
    selected = ", ".join(f"{fields.get(name, 'NULL')} AS {name}" for name in schema.names)
    return f"SELECT {selected} FROM {_rows(records)}"


def _query(base: duckdb.DuckDBPyConnection, sql: str, batch: pa.Table, origin: Origin) -> pa.Table:
    base.register("batch", batch)
    values = {name: value for name, value in origin._asdict().items() if f"${name}" in sql}
    return base.sql(sql, params=values).to_arrow_table()


def _with_pseudonyms(table: pa.Table, kinds: Mapping[str, str], key: bytes) -> pa.Table:
    """Replace ids with their platform before them, bare or in lists, by pseudonyms."""
    for name, kind in kinds.items():
        ids = table[name].combine_chunks()
        if pa.types.is_list(ids.type):
            hidden = pa.ListArray.from_arrays(ids.offsets, pseudonyms(kind, ids.values, key))
        else:
            hidden = pseudonyms(kind, ids.cast(pa.string()), key)
        table = table.set_column(table.column_names.index(name), name, hidden)
    return table
