"""Missing values, counted by hand."""

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from hydrascope.contracts import ACCOUNTS, POSTS
from hydrascope.ingest.missingness import missingness

ACCOUNT_ROWS = pa.table(
    {
        "platform": ["x", "facebook", "facebook", "facebook"],
        "unit": ["user", "page", "profile", "page"],
        "handle": ["h", None, None, ""],
        "followers": pa.array([None, 0, 1, None], pa.int64()),
    }
)
POST_ROWS = pa.table(
    {
        "platform": ["x", "x", "x"],
        "kind": ["post", "post", "repost"],
        "urls": pa.array([[], None, ["u"]], pa.list_(pa.string())),
    }
)


@pytest.fixture(scope="module")
def counted():
    with duckdb.connect(config={"threads": 2}) as base:

        def count(accounts, posts):
            return missingness(base, base.from_arrow(accounts), base.from_arrow(posts))

        yield count


def test_the_toy_by_hand(counted):
    table = counted(ACCOUNT_ROWS, POST_ROWS)
    assert table.columns.tolist() == [
        "table",
        "platform",
        "unit",
        "field",
        "rows",
        "missing",
        "share",
    ]
    assert table.to_numpy().tolist() == [
        ["accounts", "facebook", "page", "followers", 2, 1, 0.5],
        # an empty text is a value: the platform's own word
        ["accounts", "facebook", "page", "handle", 2, 1, 0.5],
        ["accounts", "facebook", "profile", "followers", 1, 0, 0.0],
        ["accounts", "facebook", "profile", "handle", 1, 1, 1.0],
        ["accounts", "x", "user", "followers", 1, 1, 1.0],
        ["accounts", "x", "user", "handle", 1, 0, 0.0],
        # a post without links says so with an empty list
        ["posts", "x", "post", "urls", 2, 1, 0.5],
        ["posts", "x", "repost", "urls", 1, 0, 0.0],
    ]


def test_every_field_but_the_keys_is_counted(counted):
    row = {name: None for name in ACCOUNTS.names} | {"platform": "x", "unit": "user"}
    table = counted(pa.Table.from_pylist([row], ACCOUNTS), POSTS.empty_table())
    assert sorted(table["field"]) == sorted(set(ACCOUNTS.names) - {"platform", "unit"})
    assert table["missing"].tolist() == [1] * len(table)
    row = {name: None for name in POSTS.names} | {"platform": "x", "kind": "post"}
    table = counted(ACCOUNTS.empty_table(), pa.Table.from_pylist([row], POSTS))
    assert sorted(table["field"]) == sorted(set(POSTS.names) - {"platform", "kind"})
    assert table["missing"].tolist() == [1] * len(table)


def test_the_order_of_rows_moves_nothing(counted):
    pd.testing.assert_frame_equal(
        counted(ACCOUNT_ROWS, POST_ROWS),
        counted(ACCOUNT_ROWS.take([3, 1, 0, 2]), POST_ROWS.take([2, 1, 0])),
    )


def test_nothing_at_all_gives_an_empty_table(counted):
    assert len(counted(ACCOUNTS.empty_table(), POSTS.empty_table())) == 0


def test_numbers_stay_whole_where_one_table_is_empty(counted):
    table = counted(ACCOUNT_ROWS, POSTS.empty_table())
    assert [table[name].dtype.kind for name in ("rows", "missing")] == ["i", "i"]
