"""All files of a collection as one: duplicates collapsed, every record charged.

Functions on DuckDB relations, so that a collection may be larger than memory.
"""

import json
from collections.abc import Sequence

import duckdb
import pandas as pd
import pyarrow as pa

from hydrascope.contracts import ACCOUNTS, POSTS, PRECISIONS
from hydrascope.errors import TableError
from hydrascope.ingest.preference import content_sql, fullness_sql
from hydrascope.ingest.same_posts import CONFLICT

__all__ = ["LEDGER", "charges", "merge_accounts", "merge_posts", "settle_ledger"]

LEDGER = [
    "file",
    "format",
    "platform",
    "sha256",
    "bytes",
    "records",
    "kept",
    "duplicate",
    "quarantined",
    "notes",
]
# What a record may lack and another one tell.
TOLD = [
    *(
        "display_name",
        "handle",
        "description",
        "picture_hash",
        "country",
        "language",
        "followers",
        "following",
    ),
    *("name_history", "admin_countries"),
]
CREATION = ["created_at", "created_precision", "created_source"]
# No collection has as many rows in one file.
ROWS = 2**40


def merge_accounts(
    base: duckdb.DuckDBPyConnection, accounts: duckdb.DuckDBPyRelation, order: Sequence[str]
) -> pa.Table:
    """Collapse accounts on platform and native id.

    A record of an account wins over an account known only as the author of a
    post, then the fuller record, then the one seen later. What the winner lacks
    is filled from the next of them that has it, and of several dates of creation
    the finest is kept: exports of different formats tell different things of one
    account. The account was seen
    from the first of all its records to the last. One that bore several names
    keeps them all in its history, each with the day on which a record first
    had it: a Page that is renamed stays one account.

    Parameters
    ----------
    base : duckdb.DuckDBPyConnection
        Where the relation lives.
    accounts : duckdb.DuckDBPyRelation
        Accounts of all files, with the column `derived`.
    order : sequence of str
        The files in the order of collections.tsv.

    Returns
    -------
    pyarrow.Table
        Contract `accounts`, sorted by platform and native id.
    """
    base.register("file_order", _files(order))
    fuller, content = fullness_sql(ACCOUNTS), content_sql(ACCOUNTS)
    best = f"derived, {fuller}, accounts.last_seen DESC, {content}, position, source_row"
    whole = "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
    filled = ", ".join(f"first_value({name} IGNORE NULLS) OVER ranked AS {name}" for name in TOLD)
    dated = ", ".join(f"first_value({name}) OVER finest AS {name}" for name in CREATION)
    merged = base.sql(
        "SELECT * REPLACE (min(first_seen) OVER ranked AS first_seen, "
        f"max(last_seen) OVER ranked AS last_seen, {filled}, {dated}) "
        "FROM accounts JOIN file_order USING (source_file) "
        f"WINDOW ranked AS (PARTITION BY platform, native_id ORDER BY {best} {whole}), "
        "finest AS (PARTITION BY platform, native_id "
        f"ORDER BY list_position({list(PRECISIONS)}, created_precision), {best} {whole}) "
        "QUALIFY row_number() OVER (PARTITION BY platform, native_id "
        f"ORDER BY {best}) = 1 ORDER BY platform, native_id"
    )
    table = merged.select(*ACCOUNTS.names).to_arrow_table().cast(ACCOUNTS)
    return _with_names(table, _names_borne(base, accounts))


def merge_posts(
    base: duckdb.DuckDBPyConnection, posts: duckdb.DuckDBPyRelation, order: Sequence[str]
) -> duckdb.DuckDBPyRelation:
    """Collapse posts on platform and native id; the fuller record wins.

    Parameters
    ----------
    base, posts, order
        As for `merge_accounts`, what `posts_told_apart` gave for the posts of all files.

    Returns
    -------
    duckdb.DuckDBPyRelation
        Contract `posts`, sorted by platform and native id; computed when it
        is read.
    """
    names = ", ".join(POSTS.names)
    base.register("file_order", _files(order))
    repeated = base.sql(
        "SELECT platform, native_id FROM posts GROUP BY ALL HAVING count(*) > 1"
    ).to_arrow_table()
    if not repeated.num_rows:
        return base.sql(f"SELECT {names} FROM posts ORDER BY platform, native_id")
    base.register("repeated", repeated)
    best = f"{fullness_sql(POSTS)}, {content_sql(POSTS)}, position, source_row"
    # Only what is there more than once goes through the window, which holds whole rows.
    return base.sql(
        f"SELECT {names} FROM posts ANTI JOIN repeated USING (platform, native_id) UNION ALL "
        f"SELECT {names} FROM (SELECT * FROM posts SEMI JOIN repeated USING (platform, native_id)) "
        "JOIN file_order USING (source_file) QUALIFY row_number() OVER "
        f"(PARTITION BY platform, native_id ORDER BY {best}) = 1 ORDER BY platform, native_id"
    )


def charges(
    base: duckdb.DuckDBPyConnection, rows: duckdb.DuckDBPyRelation, order: Sequence[str]
) -> pd.DataFrame:
    """Charge each record to its file as kept or, if an earlier one has its id, as duplicate.

    Parameters
    ----------
    base : duckdb.DuckDBPyConnection
        Where the relation lives.
    rows : duckdb.DuckDBPyRelation
        platform, native_id, source_file and source_row of the records.
    order : sequence of str
        The files in the order of collections.tsv.

    Returns
    -------
    pandas.DataFrame
        file, kept, duplicate.
    """
    base.register("file_order", _files(order))
    return base.sql(
        f"WITH placed AS (SELECT platform, native_id, position * {ROWS} + source_row AS place "
        "FROM rows JOIN file_order USING (source_file)), "
        f"first AS (SELECT min(place) // {ROWS} AS position FROM placed "
        "GROUP BY platform, native_id), "
        "kept AS (SELECT position, count(*) AS kept FROM first GROUP BY ALL), "
        f"total AS (SELECT place // {ROWS} AS position, count(*) AS records FROM placed "
        "GROUP BY ALL) "
        "SELECT source_file AS file, coalesce(kept, 0) AS kept, "
        "records - coalesce(kept, 0) AS duplicate "
        "FROM total LEFT JOIN kept USING (position) JOIN file_order USING (position) "
        "ORDER BY position"
    ).to_df()


def settle_ledger(parts: pd.DataFrame, charged: pd.DataFrame) -> pd.DataFrame:
    """Close the ledger: every record read was kept, a duplicate or set aside.

    Parameters
    ----------
    parts : pandas.DataFrame
        The ledger rows of `reader.read_raw_file`, in the order of the files.
    charged : pandas.DataFrame
        What `charges` gave for accounts, posts and ids asked for, and the
        conflicts that `posts_told_apart` found.

    Returns
    -------
    pandas.DataFrame
        Columns `LEDGER`.

    Raises
    ------
    TableError
        If the sum of a file does not hold.
    """
    names = ["kept", "duplicate", "conflict"]
    summed = charged.reindex(columns=["file", *names]).groupby("file")[names].sum()
    ledger = parts.join(summed, on="file").fillna({name: 0 for name in names})
    ledger = ledger.astype(dict.fromkeys(names, int))
    total = ledger["kept"] + ledger["duplicate"] + ledger["quarantined"]
    lost = ledger[ledger["records"] != total]
    if len(lost):
        first = lost.iloc[0]
        raise TableError(
            f"ledger of {first['file']}: found {first['records']} records read but "
            f"{total[first.name]} kept, duplicate or quarantined; expected the same. "
            "A reader loses records: please report it with the file's format."
        )
    told = ledger["conflict"].map(lambda number: f"{number} x {CONFLICT}" if number else "")
    notes = [
        "; ".join(filter(None, both)) for both in zip(ledger["notes"].fillna(""), told, strict=True)
    ]
    return ledger.assign(notes=notes)[LEDGER]


def _files(order: Sequence[str]) -> pa.Table:
    return pa.table({"source_file": list(order), "position": range(len(order))})


def _names_borne(base: duckdb.DuckDBPyConnection, accounts: duckdb.DuckDBPyRelation) -> dict:
    """The names of accounts that bore several, with the day each was first seen."""
    rows = base.sql(
        "SELECT account_id, list({'date': strftime(day, '%Y-%m-%d'), 'event': 'seen', "
        "'name': display_name} ORDER BY day, display_name) FROM ("
        "SELECT account_id, display_name, min(first_seen AT TIME ZONE 'UTC') AS day FROM accounts "
        "WHERE display_name IS NOT NULL GROUP BY ALL) GROUP BY account_id HAVING count(*) > 1"
    ).fetchall()
    return dict(rows)


def _with_names(accounts: pa.Table, names: dict) -> pa.Table:
    """Add the names that accounts were seen with to the histories that they came with."""
    histories = accounts["name_history"].to_pylist()
    for row, account_id in enumerate(accounts["account_id"].to_pylist()):
        if account_id in names:
            known = json.loads(histories[row] or "[]")
            events = {tuple(sorted(event.items())) for event in [*known, *names[account_id]]}
            ordered = sorted(map(dict, events), key=lambda e: (e["date"], e["event"], e["name"]))
            histories[row] = json.dumps(
                ordered, ensure_ascii=False, sort_keys=True, separators=(",", ":")
            )
    place = accounts.column_names.index("name_history")
    return accounts.set_column(place, "name_history", pa.array(histories, pa.string()))
