"""Tables held against their contracts: whole, never on a sample."""

from collections.abc import Iterable, Iterator

import pandera.pandas as pandera
import pyarrow as pa

from hydrascope.contracts import ACCOUNTS, KINDS, POSTS, PRECISIONS, SOURCES, UNITS, VERDICTS
from hydrascope.errors import TableError

__all__ = ["check_contract", "checked_batches"]


def _one_of(values: tuple) -> pandera.Column:
    return pandera.Column(checks=pandera.Check.isin(values))


def _pseudonym(kind: str, **more: bool) -> pandera.Column:
    return pandera.Column(checks=pandera.Check.str_matches(f"^{kind}_[0-9a-f]{{20}}$"), **more)


_CHECKS = {
    "accounts": pandera.DataFrameSchema(
        {
            "account_id": _pseudonym("a", unique=True),
            "platform": pandera.Column(),
            "unit": _one_of(UNITS),
            "created_precision": _one_of(PRECISIONS),
            "created_source": _one_of(SOURCES),
            "collection": pandera.Column(),
            "source_file": pandera.Column(),
            "source_row": pandera.Column(checks=pandera.Check.ge(1)),
        }
    ),
    "posts": pandera.DataFrameSchema(
        {
            "post_id": _pseudonym("p", unique=True),
            "account_id": _pseudonym("a"),
            "platform": pandera.Column(),
            "kind": _one_of(KINDS),
            "posted_precision": _one_of(PRECISIONS),
            "collection": pandera.Column(),
            "source_file": pandera.Column(),
            "source_row": pandera.Column(checks=pandera.Check.ge(1)),
        }
    ),
    "verdicts": pandera.DataFrameSchema(
        {
            "account_id": _pseudonym("a", unique=True),
            "platform": pandera.Column(),
            "unit": _one_of(UNITS),
            "verdict": _one_of(VERDICTS),
            "verdict_without_timing": _one_of(VERDICTS),
        }
    ),
}


def check_contract(table: pa.Table, name: str) -> pa.Table:
    """Check a whole table against its contract and give it back.

    Parameters
    ----------
    table : pyarrow.Table
        The table; only the columns of the contract are looked at.
    name : {'accounts', 'posts', 'verdicts'}
        The contract.

    Raises
    ------
    TableError
        If a column is missing or a value is outside the contract; the message
        names the column, the first values and how many rows there are.
    """
    schema = _CHECKS[name]
    missing = [column for column in schema.columns if column not in table.column_names]
    if missing:
        raise TableError(
            f"{name}, column {missing[0]}: found no such column; expected "
            f"{', '.join(schema.columns)}. The stage that wrote it broke its contract."
        )
    try:
        schema.validate(table.select(list(schema.columns)).to_pandas(), lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases
        first = cases.iloc[0]
        same = cases[cases["column"] == first["column"]]
        raise TableError(
            f"{name}, column {first['column']}, row {first['index']}: found "
            f"{list(same['failure_case'].head(3))!r} ({len(same)} rows); expected "
            f"{first['check']}. The stage that wrote it broke its contract."
        ) from error
    return table


def checked_batches(batches: Iterable[pa.RecordBatch], name: str) -> Iterator[pa.Table]:
    """Check a table that is too large to be held against its contract, batch by batch.

    That ids are unique is checked within each batch only: whoever makes the
    batches sees to the rest.

    Parameters
    ----------
    batches : iterable of pyarrow.RecordBatch
        The table's rows.
    name : {'accounts', 'posts'}
        The contract.

    Raises
    ------
    TableError
        As `check_contract`, with the row's number in its batch.
    """
    schema = {"accounts": ACCOUNTS, "posts": POSTS}[name]
    for batch in batches:
        yield check_contract(pa.table(batch).cast(schema), name)
