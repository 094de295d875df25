"""All files of a collection as one: duplicates collapsed, every record charged."""

from collections.abc import Sequence

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from hydrascope.contracts import ACCOUNTS, POSTS
from hydrascope.errors import TableError
from hydrascope.ingest.preference import preference_sql

__all__ = ["LEDGER", "merge_accounts", "merge_posts", "settle_ledger"]

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
]


def merge_accounts(accounts: pa.Table, order: Sequence[str]) -> tuple[pa.Table, pd.DataFrame]:
    """Collapse accounts on platform and native id.

    A record of an account file wins over an account known only as the author
    of a post, then the fuller record, then the earlier file. The account was
    seen from the first of all its records to the last.

    Parameters
    ----------
    accounts : pyarrow.Table
        Accounts of all files, with the column `derived`.
    order : sequence of str
        The files in the order of collections.tsv.

    Returns
    -------
    accounts : pyarrow.Table
        Contract `accounts`, sorted by platform and native id.
    kept : pandas.DataFrame
        file, kept, duplicate: records charged to each file, derived accounts
        left out, since their records are posts.
    """
    merged = _collapse(accounts, order, ACCOUNTS, "derived")
    records = accounts.filter(pc.invert(accounts["derived"]))
    return merged, _charges(records, order)


def merge_posts(posts: pa.Table, order: Sequence[str]) -> tuple[pa.Table, pd.DataFrame]:
    """Collapse posts on platform and native id; see `merge_accounts`.

    Returns
    -------
    posts : pyarrow.Table
        Contract `posts`, sorted by platform and native id.
    kept : pandas.DataFrame
        file, kept, duplicate.
    """
    return _collapse(posts, order, POSTS, "false"), _charges(posts, order)


def settle_ledger(parts: pd.DataFrame, charges: pd.DataFrame) -> pd.DataFrame:
    """Close the ledger: every record read was kept, a duplicate or set aside.

    Parameters
    ----------
    parts : pandas.DataFrame
        The ledger rows of `reader.read_raw_file`, in the order of the files.
    charges : pandas.DataFrame
        What the two merges charged to the files.

    Returns
    -------
    pandas.DataFrame
        Columns `LEDGER`.

    Raises
    ------
    TableError
        If the sum of a file does not hold.
    """
    summed = charges.groupby("file")[["kept", "duplicate"]].sum()
    ledger = parts.join(summed, on="file").fillna({"kept": 0, "duplicate": 0})
    ledger = ledger.astype({"kept": int, "duplicate": int})
    total = ledger["kept"] + ledger["duplicate"] + ledger["quarantined"]
    lost = ledger[ledger["records"] != total]
    if len(lost):
        first = lost.iloc[0]
        raise TableError(
            f"ledger of {first['file']}: found {first['records']} records read but "
            f"{total[first.name]} kept, duplicate or quarantined; expected the same. "
            "A reader loses records: please report it with the file's format."
        )
    return ledger[LEDGER]


def _collapse(rows: pa.Table, order: Sequence[str], schema: pa.Schema, derived: str) -> pa.Table:
    seen = {"first_seen": "min", "last_seen": "max"}
    columns = [
        f"{seen[name]}({name}) OVER same AS {name}" if name in seen else name
        for name in schema.names
    ]
    best = f"{derived}, {preference_sql(schema)}, position, source_row"
    return _run(
        f"SELECT {', '.join(columns)} FROM rows JOIN files USING (source_file) "
        "WINDOW same AS (PARTITION BY platform, native_id) "
        "QUALIFY row_number() OVER (PARTITION BY platform, native_id "
        f"ORDER BY {best}) = 1 ORDER BY platform, native_id",
        rows,
        order,
    ).cast(schema)


def _charges(rows: pa.Table, order: Sequence[str]) -> pd.DataFrame:
    return _run(
        "SELECT source_file AS file, count(*) FILTER (turn = 1) AS kept, "
        "count(*) FILTER (turn > 1) AS duplicate FROM (SELECT source_file, row_number() "
        "OVER (PARTITION BY platform, native_id ORDER BY position, source_row) AS turn "
        "FROM rows JOIN files USING (source_file)) GROUP BY file ORDER BY file",
        rows,
        order,
    ).to_pandas()


def _run(sql: str, rows: pa.Table, order: Sequence[str]) -> pa.Table:
    files = pa.table({"source_file": list(order), "position": range(len(order))})
    with duckdb.connect() as base:
        base.register("rows", rows)
        base.register("files", files)
        return base.sql(sql).to_arrow_table()
