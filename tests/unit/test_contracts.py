"""The contracts: a table outside them is refused with the column, value and count."""

import datetime as dt

import pyarrow as pa
import pytest

from hydrascope.checking import check_contract, checked_batches
from hydrascope.contracts import ACCOUNTS, POSTS
from hydrascope.errors import TableError

A, B = "a_" + "0" * 20, "a_" + "f" * 20
P, Q = "p_" + "0" * 20, "p_" + "f" * 20
GOOD = {
    "accounts": {
        "account_id": [A, B],
        "platform": ["x", "facebook"],
        "unit": ["user", "page"],
        "created_precision": ["ms", "none"],
        "created_source": ["snowflake", "none"],
        "collection": ["c", "c"],
        "source_file": ["f", "f"],
        "source_row": [1, 2],
    },
    "posts": {
        "post_id": [P, Q],
        "account_id": [A, A],
        "platform": ["x", "x"],
        "kind": ["post", "repost"],
        "posted_precision": ["ms", "min"],
        "collection": ["c", "c"],
        "source_file": ["f", "f"],
        "source_row": [1, 2],
    },
    "verdicts": {
        "account_id": [A, B],
        "platform": ["x", "x"],
        "unit": ["user", "user"],
        "verdict": ["affiliated", "undetermined"],
        "verdict_without_timing": ["undetermined", "undetermined"],
    },
}
COLUMNS = [(name, column) for name, columns in GOOD.items() for column in columns]


@pytest.mark.parametrize("name", GOOD)
def test_a_good_table_comes_back_as_it_was(name):
    table = pa.table({**GOOD[name], "more": [None, "left alone"]})
    assert check_contract(table, name).equals(table)


@pytest.mark.parametrize(("name", "column"), COLUMNS)
def test_a_missing_column_is_named(name, column):
    table = pa.table(GOOD[name]).drop_columns([column])
    with pytest.raises(TableError, match=rf"^{name}, column {column}: found no such column"):
        check_contract(table, name)


@pytest.mark.parametrize(("name", "column"), COLUMNS)
def test_no_checked_column_may_be_empty(name, column):
    values = [GOOD[name][column][0], None]
    with pytest.raises(TableError, match=rf"^{name}, column {column}, row 1: found .*\(1 rows\)"):
        check_contract(pa.table({**GOOD[name], column: values}), name)


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("accounts", "account_id", "a_" + "0" * 19),
        ("accounts", "account_id", "a_" + "0" * 21),
        ("accounts", "account_id", "a_" + "F" * 20),
        ("accounts", "account_id", P),
        ("accounts", "unit", "User"),
        ("accounts", "created_precision", "hour"),
        ("accounts", "created_source", "guess"),
        ("accounts", "source_row", 0),
        ("posts", "post_id", A),
        ("posts", "account_id", "12345"),
        ("posts", "kind", "retweet"),
        ("posts", "posted_precision", "sec"),
        ("posts", "source_row", -1),
        ("verdicts", "verdict", "bot"),
        ("verdicts", "unit", "account"),
    ],
)
def test_a_value_outside_the_contract_is_named(name, column, value):
    values = [GOOD[name][column][0], value]
    with pytest.raises(TableError) as error:
        check_contract(pa.table({**GOOD[name], column: values}), name)
    message = str(error.value)
    assert message.startswith(f"{name}, column {column}, row 1: found [{value!r}] (1 rows);")
    assert "expected" in message
    assert "broke its contract" in message


@pytest.mark.parametrize(
    ("name", "column"),
    [("accounts", "account_id"), ("posts", "post_id"), ("verdicts", "account_id")],
)
def test_an_id_stands_once(name, column):
    twice = [GOOD[name][column][0]] * 2
    with pytest.raises(TableError, match=rf"^{name}, column {column}, row 0: found .*\(2 rows\)"):
        check_contract(pa.table({**GOOD[name], column: twice}), name)


def test_many_bad_values_are_counted_and_three_are_shown():
    columns = {key: values[:1] * 5 for key, values in GOOD["posts"].items()}
    columns |= {
        "post_id": [f"p_{n:020x}" for n in range(5)],
        "kind": ["post", "a", "b", "c", "d"],
    }
    with pytest.raises(TableError, match=r"row 1: found \['a', 'b', 'c'\] \(4 rows\)"):
        check_contract(pa.table(columns), "posts")


def test_the_last_of_many_rows_is_checked_too():
    rows = 100_000
    columns = {key: values[:1] * rows for key, values in GOOD["posts"].items()}
    columns["post_id"] = [f"p_{n:020x}" for n in range(rows)]
    columns["kind"] = ["post"] * (rows - 1) + ["tweet"]
    with pytest.raises(TableError, match=rf"column kind, row {rows - 1}: found \['tweet'\]"):
        check_contract(pa.table(columns), "posts")


@pytest.mark.parametrize(("name", "schema"), [("accounts", ACCOUNTS), ("posts", POSTS)])
def test_an_empty_table_keeps_the_contract(name, schema):
    table = schema.empty_table()
    assert check_contract(table, name).equals(table)


@pytest.mark.parametrize(
    ("schema", "column"),
    [
        (ACCOUNTS, "created_at"),
        (ACCOUNTS, "first_seen"),
        (ACCOUNTS, "last_seen"),
        (ACCOUNTS, "removed_after"),
        (ACCOUNTS, "removed_before"),
        (POSTS, "posted_at"),
    ],
)
def test_times_are_in_utc_and_hold_a_millisecond(schema, column):
    moment = dt.datetime(2019, 1, 1, 23, 59, 59, 999_000, tzinfo=dt.UTC)
    (back,) = pa.array([moment], schema.field(column).type).to_pylist()
    assert back == moment
    assert back.utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize(
    ("schema", "column"),
    [(ACCOUNTS, "account_id"), (ACCOUNTS, "native_id"), (POSTS, "post_id"), (POSTS, "repost_of")],
)
def test_ids_are_strings(schema, column):
    assert schema.field(column).type == pa.string()


@pytest.mark.parametrize("unit", ["user", "page", "profile", "channel", "website"])
def test_units_of_accounts(unit):
    table = pa.table({**GOOD["accounts"], "unit": [unit, "user"]})
    assert check_contract(table, "accounts").equals(table)
    with pytest.raises(TableError, match=rf"column unit, row 0: found \['{unit}s'\] \(1 rows\)"):
        check_contract(pa.table({**GOOD["accounts"], "unit": [f"{unit}s", "user"]}), "accounts")


SCHEMAS = {"accounts": ACCOUNTS, "posts": POSTS}


def batches_of(name, *changes):
    """Batches of two good rows each, changed as given."""
    for n, change in enumerate(changes):
        rows = pa.table({**GOOD[name], **change}).to_pylist()
        ids = {"accounts": ("account_id", "a"), "posts": ("post_id", "p")}[name]
        for m, row in enumerate(rows):
            row.setdefault("urls", ["u"] if name == "posts" else None)
            if ids[0] not in change:
                row[ids[0]] = f"{ids[1]}_{n * 2 + m:020x}"
        yield pa.Table.from_pylist(rows, SCHEMAS[name]).to_batches()[0]


@pytest.mark.parametrize("name", SCHEMAS)
def test_good_batches_come_back_one_by_one_as_they_were(name):
    given = list(batches_of(name, {}, {}, {}))
    checked = list(checked_batches(iter(given), name))
    assert [table.to_pylist() for table in checked] == [batch.to_pylist() for batch in given]
    assert all(table.schema.equals(SCHEMAS[name]) for table in checked)


def test_batches_get_the_types_of_the_contract():
    # a database gives times in microseconds; they come as milliseconds or not at all
    (batch,) = batches_of("posts", {})
    at = pa.array([0, 1_000], pa.timestamp("us", tz="UTC"))
    place = POSTS.get_field_index("posted_at")
    (table,) = checked_batches([pa.table(batch).set_column(place, "posted_at", at)], "posts")
    assert table.schema.equals(POSTS)
    assert table["posted_at"].cast(pa.int64()).to_pylist() == [0, 1]
    finer = pa.table(batch).set_column(place, "posted_at", pa.array([0, 1_001], at.type))
    with pytest.raises(pa.ArrowInvalid, match="would lose data"):
        list(checked_batches([finer], "posts"))


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("posts", {"kind": ["post", "tweet"]}, r"^posts, column kind, row 1: found \['tweet'\]"),
        ("posts", {"account_id": [A, None]}, r"^posts, column account_id, row 1: found "),
        ("posts", {"post_id": [P, P]}, r"^posts, column post_id, row 0: found .*\(2 rows\)"),
        ("accounts", {"unit": ["user", "bot"]}, r"^accounts, column unit, row 1: found \['bot'\]"),
    ],
)
def test_a_bad_batch_is_refused_when_its_turn_comes(name, change, said):
    batches = checked_batches(batches_of(name, {}, change, {}), name)
    assert len(next(batches)) == 2
    with pytest.raises(TableError, match=said):
        next(batches)


def test_no_batches_give_none():
    assert list(checked_batches([], "posts")) == []
