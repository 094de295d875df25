"""Batches of records turned into rows of the contracts, by what their format declares."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from hydrascope.contracts import POSTS, TEXTS
from hydrascope.ingest.languages import language_code
from hydrascope.ingest.mapping import (
    ASIDE,
    ASKED,
    DERIVED_ACCOUNTS,
    NOTHING,
    Check,
    Format,
    Origin,
    Records,
    Time,
    quoted,
)
from hydrascope.ingest.markup import plain_texts
from hydrascope.ingest.placeholders import no_time_sql
from hydrascope.ingest.platforms import platform_name
from hydrascope.ingest.pseudonyms import pseudonyms
from hydrascope.ingest.records import Batch, Broken
from hydrascope.ingest.times import days_ago

__all__ = ["Parsed", "improbable", "parsed_batches"]

QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*\"""")
CHANCE = 1e-5
# Rows that a thread of a query takes at a time.
SHARE_ROWS = 8_192
# What every row of a file has in common.
COMMON = {
    "platform": "$platform::VARCHAR",
    "collection": "$collection::VARCHAR",
    "source_file": "$file::VARCHAR",
    "source_row": "source_row",
}
SEEN = {"first_seen": "$snapshot::TIMESTAMP", "last_seen": "$snapshot::TIMESTAMP"}
# What the ledger says of what is no date, by its kind.
NO_DATES = {
    "placeholder": "a placeholder such as 1970-01-01 in place of the time of {}, taken for none",
    "early": "a time of {} before the platform opened, taken for none",
}
LISTS = ("urls", "hashtags", "mentions", "media_ids")
# Where HTML may stand.
MARKED = ("text", "description")
# What becomes a pseudonym, and of which kind.
HIDDEN = {
    "account_id": "account",
    "post_id": "post",
    "repost_of": "post",
    "reply_to": "post",
    "mentions": "account",
}
# Functions on words, which expressions may use.
WORDS = {"language_code": language_code, "platform_name": platform_name, "days_ago": days_ago}


@dataclass(frozen=True)
class Parsed:
    """What became of a batch.

    Attributes
    ----------
    accounts, posts, asked : pyarrow.Table
        Rows of the contracts; `accounts` has the column `derived` besides,
        true where a post named its author and no record of the account.
    quarantined : pyarrow.Table
        source_row, column, value, reason and absence of each record set aside.
    records : int
        Records read.
    oddities : dict of str to int
        How often each oddity was met.
    no_dates : dict of (str, str) to int
        How often each day stood where a time was due and was none, by what the
        ledger says of it.
    """

    accounts: pa.Table
    posts: pa.Table
    asked: pa.Table
    quarantined: pa.Table
    records: int
    oddities: dict[str, int]
    no_dates: dict[tuple[str, str], int] = field(default_factory=dict)


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
    # Whatever a record says, a query reads and writes no file.
    with duckdb.connect(config={"threads": threads, "enable_external_access": False}) as base:
        # A time with an offset becomes UTC, whatever zone the machine is in.
        base.execute("SET TimeZone = 'UTC'")
        for name, function in WORDS.items():
            base.create_function(name, _each(function), ["VARCHAR"], "VARCHAR", type="arrow")
        base.execute("CREATE TEMP TABLE known (account_id VARCHAR, content UBIGINT)")
        for batch in batches:
            records = form.records.get(batch.kind, NOTHING)
            yield _parsed(_Queries(base, records, origin), batch, key)


def _each(function: Callable[[str], str]) -> Callable[[pa.ChunkedArray], pa.Array]:
    """A function on one word as one on columns, which asks once for each different word."""

    def of_column(words: pa.ChunkedArray) -> pa.Array:
        coded = pa.chunked_array(words).combine_chunks().dictionary_encode()
        made = pa.array(map(function, coded.dictionary.to_pylist()), pa.string())
        return made.take(coded.indices)

    return of_column


class _Queries:
    """Queries on batches of one kind of records."""

    def __init__(self, base: duckdb.DuckDBPyConnection, records: Records, origin: Origin):
        self.base, self.records, self._origin = base, records, origin
        # Each named expression may use those before it.
        self.rows = "batch"
        for name, sql in records.named.items():
            if time := records.times.get(name):
                stated = f"{name}_stated"
                self.rows = f"(SELECT *, {sql} AS {stated} FROM {self.rows})"
                self.rows = (
                    f"(SELECT *, {_no_date(stated, time)} AS {name}_no_date FROM {self.rows})"
                )
                sql = f"IF({name}_no_date = '', {stated}, NULL)"
            self.rows = f"(SELECT *, {sql} AS {name} FROM {self.rows})"

    def ask(self, sql: str, batch: pa.Table) -> pa.Table:
        """The answer to a query on `batch`."""
        shares = pa.Table.from_batches(batch.to_batches(SHARE_ROWS), batch.schema)
        self.base.register("batch", shares)
        # What stands in quotes is a column's name or a text, whatever it looks like.
        bare = QUOTED.sub("", sql)
        values = self._origin._asdict()
        used = {name: value for name, value in values.items() if f"${name}" in bare}
        return self.base.sql(sql, params=used).to_arrow_table()


def _parsed(queries: _Queries, batch: Batch, key: bytes) -> Parsed:
    records, fit = queries.records, batch.table
    broken = list(batch.broken)
    notes, no_dates = Counter(batch.notes), Counter()
    made = schema = None
    if fit.num_rows:
        # Those that count the batch's records come last, when all others have passed.
        checks = tuple(
            sorted(_of_dates(records.checks, records.times), key=lambda check: check.together > 0)
        )
        schema, fields = _main_fields(records)
        selected = [f"{fields.get(name, 'NULL')} AS {name}" for name in schema.names]
        selected += [f"{_told_day(name)} AS {name}_no_date" for name in records.times]
        sql = f"SELECT {', '.join(selected)}, {_first_fault(checks)} AS failed FROM {queries.rows}"
        made = queries.ask(sql, fit)
        # In which order rows come is the engine's affair.
        if made["source_row"] != fit["source_row"]:
            made = made.take(pc.index_in(fit["source_row"], made["source_row"].combine_chunks()))
        failed = _without_chance(made["failed"].combine_chunks(), fit, checks)
        made = made.drop_columns("failed")
        if failed.null_count < len(failed):
            broken += _faults(failed, fit, records, checks)
            good = pc.is_null(failed)
            made, fit = made.filter(good), fit.filter(good)
        for name, time in records.times.items():
            for one in pc.value_counts(made[f"{name}_no_date"].drop_null()).to_pylist():
                kind, _, day = one["values"].partition(" ")
                no_dates[NO_DATES[kind].format(time.what), day] += one["counts"]
        made = made.select(schema.names)
    parts = {one: one.empty_table() for one in (DERIVED_ACCOUNTS, POSTS, ASKED)}
    if made is not None:
        if not records.plain:
            made = _without_markup(made, notes)
        parts[schema] = _with_pseudonyms(made, key).cast(schema)
        if schema is POSTS and records.account:
            parts[DERIVED_ACCOUNTS] = _authors(queries, fit, key)
    columns = zip(*sorted(broken), strict=True) if broken else ([] for _ in ASIDE)
    return Parsed(
        *parts.values(),
        pa.table([list(column) for column in columns], schema=ASIDE),
        batch.records,
        notes | Counter(_oddities(queries, fit)),
        no_dates,
    )


def _main_fields(records: Records) -> tuple[pa.Schema, dict[str, str]]:
    """The table that the records are rows of, and the expressions of its fields."""
    if records.post:
        fields = {**COMMON, **dict.fromkeys(LISTS, "[]::VARCHAR[]"), **records.post}
        placed = f"{_before_id(fields['platform'])} || "
        fields["post_id"] = fields["native_id"]
        for name in ("account_id", "post_id", "repost_of", "reply_to"):
            if name in fields:
                fields[name] = f"{placed}nullif({fields[name]}, '')"
        fields["posted_precision"] = _if_dated(fields, "posted_at", "posted_precision")
        fields["mentions"] = (
            f'list_transform({fields["mentions"]}, lambda "an id": {placed}"an id")'
        )
        return POSTS, fields
    if records.account:
        return DERIVED_ACCOUNTS, _account_fields(records)
    fields = {**COMMON, "native_id": records.asked or "NULL::VARCHAR", **records.gone}
    fields["account_id"] = f"{_before_id(fields['platform'])} || ({fields['native_id']})"
    return ASKED, fields


def _before_id(platform: str) -> str:
    """What stands before an id: a colon in a platform's name is another than the one behind it."""
    return f"replace(replace({platform}, '%', '%25'), ':', '%3A') || ':'"


def _account_fields(records: Records) -> dict[str, str]:
    fields = {**COMMON, **SEEN, **records.account, "derived": str(bool(records.post))}
    fields["account_id"] = f"{_before_id(fields['platform'])} || ({fields['native_id']})"
    for name in ("created_precision", "created_source"):
        fields[name] = _if_dated(fields, "created_at", name)
    return fields


def _if_dated(fields: Mapping[str, str], time: str, name: str) -> str:
    """What is said of a time, 'none' where there is none."""
    if time not in fields:
        return fields.get(name, "'none'")
    return f"IF(({fields[time]}) IS NULL, 'none', {fields[name]})"


def _no_date(stated: str, time: Time) -> str:
    """Expression for the kind of what stands where a time is due and is none, else ''."""
    early = f"WHEN {stated} < {time.start} THEN 'early' " if time.start else ""
    placeholder = no_time_sql(stated, quoted(time.column))
    return f"CASE WHEN {placeholder} THEN 'placeholder' {early}ELSE '' END"


def _told_day(name: str) -> str:
    """Expression for the kind of what is no date and its day, NULL of a date."""
    day = f"coalesce(strftime({name}_stated, '%Y-%m-%d'), '')"
    return f"CASE WHEN {name}_no_date <> '' THEN {name}_no_date || ' ' || {day} END"


def _of_dates(checks: Iterable[Check], times: Mapping[str, Time]) -> Iterator[Check]:
    """The checks, of which those of a time look at dates alone."""
    names = {time.column: name for name, time in times.items()}
    for check in checks:
        if name := names.get(check.column):
            check = check._replace(bad=f"{name}_no_date = '' AND ({check.bad})")
        yield check


def _authors(queries: _Queries, fit: pa.Table, key: bytes) -> pa.Table:
    """The accounts that posts name, each once for everything that is said of it."""
    fields = _account_fields(queries.records)
    # One account for all records is said in the map, and no column says more.
    said = ", ".join(map(quoted, queries.records.about_accounts)) or "''"
    new = queries.ask(
        "SELECT account_id, content, min(source_row) AS source_row FROM ("
        f"SELECT {fields['account_id']} AS account_id, hash({said}) AS content, source_row "
        f"FROM {queries.rows}) ANTI JOIN known USING (account_id, content) GROUP BY ALL",
        fit,
    )
    queries.base.register("new", new)
    queries.base.execute("INSERT INTO known SELECT account_id, content FROM new")
    fit = fit.filter(pc.is_in(fit["source_row"], new["source_row"].combine_chunks()))
    selected = ", ".join(f"{fields.get(name, 'NULL')} AS {name}" for name in DERIVED_ACCOUNTS.names)
    made = queries.ask(f"SELECT {selected} FROM {queries.rows}", fit)
    if not queries.records.plain:
        made = _without_markup(made, Counter())
    return _with_pseudonyms(made, key).cast(DERIVED_ACCOUNTS)


def _first_fault(checks: tuple[Check, ...]) -> str:
    """Expression for the number of the first check that holds, else NULL."""
    parts = ["NULL", "NULL"]
    for unless, group in groupby(enumerate(checks), key=lambda one: one[1].unless):
        cases = " ".join(f"WHEN {check.bad} THEN {n}" for n, check in group)
        parts.append(f"CASE {f'WHEN {unless} THEN NULL ' if unless else ''}{cases} END")
    return f"coalesce({', '.join(parts)})::INTEGER"


def _without_chance(failed: pa.Array, batch: pa.Table, checks: tuple[Check, ...]) -> pa.Array:
    """The numbers of the checks that failed, without those that chance explains."""
    for n in pc.unique(failed).to_pylist():
        if n is not None and checks[n].together:
            found = pc.fill_null(pc.equal(failed, n), False)
            ids = batch[checks[n].column]
            if not improbable(ids.filter(found), ids, checks[n].together):
                failed = pc.if_else(found, None, failed)
    return failed


def improbable(found: pa.ChunkedArray, ids: pa.ChunkedArray, digits: int) -> bool:
    """Whether so many ids end in zeros from a digit on that chance does not explain it.

    Parameters
    ----------
    found : pyarrow.ChunkedArray of string
        Ids whose digits after the first `digits` are all zero.
    ids : pyarrow.ChunkedArray of string
        All ids of the batch; an id counts once, however often it stands there.
    digits : int
        Digits that a spreadsheet keeps.

    Returns
    -------
    bool
        True if chance gives as many in fewer than one of 100,000 batches, by
        Chernoff's bound on the Poisson tail: `(e m / n)^n e^-m` for `n` found
        where `m` were to be expected. Chance is taken as one in five to the
        power of the digits behind, not one in ten: X's ids hold a time above
        twenty-two bits that are often zero, so they are often even.
    """
    lengths = pc.value_counts(pc.utf8_length(pc.unique(ids))).to_pylist()
    mean = sum(
        one["counts"] * 5.0 ** (digits - one["values"]) for one in lengths if one["values"] > digits
    )
    number = len(pc.unique(found))
    bound = number * (1 + math.log(mean / number)) - mean
    return number > mean and bound < math.log(CHANCE)


def _faults(
    failed: pa.Array, batch: pa.Table, records: Records, checks: tuple[Check, ...]
) -> list[Broken]:
    bad = pc.is_valid(failed)
    faults = []
    for n, row in zip(failed.filter(bad).to_pylist(), batch.filter(bad).to_pylist(), strict=True):
        check = checks[n]
        value = row[check.column] if check.column else ""
        shown = value if isinstance(value, str) else ", ".join(value)
        column = records.label(check.column)
        faults.append(Broken(row["source_row"], column, shown, check.reason, check.absence))
    return faults


def _oddities(queries: _Queries, fit: pa.Table) -> dict[str, int]:
    oddities = queries.records.oddities
    if not oddities or not fit.num_rows:
        return {}
    counts = ", ".join(
        f"count(*) FILTER ({oddity.where}) AS o{n}" for n, oddity in enumerate(oddities)
    )
    met = queries.ask(f"SELECT {counts} FROM {queries.rows}", fit).to_pylist()[0]
    return {oddity.note: met[f"o{n}"] for n, oddity in enumerate(oddities) if met[f"o{n}"]}


def _without_markup(table: pa.Table, notes: Counter) -> pa.Table:
    """Texts and descriptions as a reader sees them; what HTML links to joins the addresses."""
    for name in MARKED:
        if name in table.column_names:
            texts = table[name].combine_chunks().cast(pa.string())
            plain, links = plain_texts(texts)
            if links:
                place = table.column_names.index(name)
                table = table.set_column(place, name, plain)
                notes[f"a {name} with HTML in it, kept as the text that it shows"] += len(links)
            if any(links.values()) and "urls" in table.column_names:
                urls = table["urls"].to_pylist()
                for row, found in links.items():
                    urls[row] = list(dict.fromkeys([*(urls[row] or []), *found]))
                place = table.column_names.index("urls")
                table = table.set_column(place, "urls", pa.array(urls, TEXTS))
    return table


def _with_pseudonyms(table: pa.Table, key: bytes) -> pa.Table:
    """Replace ids with their platform before them, bare or in lists, by pseudonyms."""
    for name, kind in HIDDEN.items():
        if name in table.column_names:
            ids = table[name].combine_chunks()
            if pa.types.is_list(ids.type):
                items = pseudonyms(kind, ids.values.cast(pa.string()), key)
                hidden = pa.ListArray.from_arrays(ids.offsets, items)
            else:
                hidden = pseudonyms(kind, ids.cast(pa.string()), key)
            table = table.set_column(table.column_names.index(name), name, hidden)
    return table
