"""Records of one id: which are one post, whatever file and row they stand in."""

import datetime as dt
import itertools
import random

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hydrascope.contracts import POSTS
from hydrascope.ingest.merge import LEDGER, charges, merge_posts, settle_ledger
from hydrascope.ingest.same_posts import CONFLICT, MADE_ID, posts_told_apart

NOON = dt.datetime(2021, 4, 22, 12, tzinfo=dt.UTC)
LEAN = settings(phases=[Phase.explicit, Phase.generate], max_examples=40)


@pytest.fixture(scope="module")
def base():
    with duckdb.connect(config={"threads": 1}) as base:
        base.execute("SET TimeZone = 'UTC'")
        yield base


def record(text="a flower", seconds=0, author="a", id="1", precision="s", file="one", **more):
    return {
        "platform": "forum",
        "native_id": id,
        "post_id": f"p_{id}",
        "account_id": author,
        "text": text,
        "posted_at": None if seconds is None else NOON + dt.timedelta(seconds=seconds),
        "posted_precision": "none" if seconds is None else precision,
        "source_file": file,
        **more,
    }


def table(records):
    counters = {}
    rows = [
        row | {"source_row": next(counters.setdefault(row["source_file"], itertools.count(1)))}
        for row in records
    ]
    return pa.Table.from_pylist(rows, POSTS)


def merged(base, records, order=("one", "two")):
    """The posts, the conflicts of each file, and what each file is charged with."""
    told, conflicts = posts_told_apart(base, base.from_arrow(table(records)))
    charged = charges(base, told, order)
    posts = merge_posts(base, told, order).to_arrow_table().cast(POSTS)
    return posts, dict(conflicts.to_numpy().tolist()), charged


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (record(likes=1), record(likes=9)),
        (record(), record("a flower, edited")),
        (record(precision="ms", seconds=0.3), record("edited")),
        (record(precision="min"), record("edited", seconds=30)),
        (record(), record(seconds=3_600)),
        (record(), record(seconds=None)),
        (record(seconds=None), record(seconds=None, likes=2)),
        (record(precision="day"), record(seconds=36_000)),
        (record(), record(None)),
        (record(), record("", seconds=None)),
        (record(None), record("", likes=3)),
    ],
)
def test_one_author_with_one_text_or_one_time_is_one_post(base, one, two):
    for rows in ([one, two | {"source_file": "two"}], [two, one | {"source_file": "two"}]):
        posts, conflicts, _ = merged(base, rows)
        assert posts["native_id"].to_pylist() == ["1"]
        assert posts["post_id"].to_pylist() == ["p_1"]
        assert conflicts == {}


@pytest.mark.parametrize(
    "two",
    [
        record(author="b"),
        record("another flower", seconds=1),
        record("another flower", seconds=None),
        record("another flower", precision="day"),
        record(None, seconds=60),
        record("another flower", seconds=3_600, author="b"),
    ],
)
def test_another_author_or_another_text_and_time_is_a_post_of_its_own(base, two):
    for rows in ([record(), two | {"source_file": "two"}], [two, record(file="two")]):
        posts, conflicts, charged = merged(base, rows)
        assert posts["native_id"].to_pylist() == ["1 #1", "1 #2"]
        assert len(set(posts["post_id"].to_pylist())) == 2
        assert all(id.startswith("p_") and len(id) == 22 for id in posts["post_id"].to_pylist())
        assert conflicts == {"one": 1, "two": 1}
        assert charged[["kept", "duplicate"]].to_numpy().tolist() == [[1, 0], [1, 0]]


def test_what_leads_from_one_record_to_the_next_makes_one_post(base):
    chain = [record("a"), record("b"), record("b", 60), record("c", 60), record("c", None)]
    posts, conflicts, _ = merged(base, chain)
    assert (len(posts), conflicts) == (1, {})
    posts, conflicts, _ = merged(base, [*chain, record("d", 120)])
    assert (len(posts), conflicts) == (2, {"one": 6})


def test_two_channels_that_number_alike_keep_all_their_posts(base):
    rows = [
        record(f"of {file}, {n}", n, id=str(n), file=file)
        for file, last, later in (("one", 30, 0), ("two", 40, 0))
        for n in range(1, last + 1)
    ]
    rows = [
        row | {"posted_at": row["posted_at"] + dt.timedelta(days=row["source_file"] == "two")}
        for row in rows
    ]
    posts, conflicts, charged = merged(base, rows)
    assert len(posts) == 70
    assert conflicts == {"one": 30, "two": 30}
    assert charged[["kept", "duplicate"]].to_numpy().tolist() == [[30, 0], [40, 0]]


def test_records_without_an_id_are_told_apart_within_a_file_and_not_between_two(base):
    alike = record(id=f"{MADE_ID}1")
    rows = [alike, alike, alike | {"source_file": "two"}, alike | {"source_file": "two"}, alike]
    posts, conflicts, charged = merged(base, rows)
    made = [f"{MADE_ID}1", f"{MADE_ID}1 #2", f"{MADE_ID}1 #3"]
    assert (posts["native_id"].to_pylist(), conflicts) == (made, {})
    assert charged[["kept", "duplicate"]].to_numpy().tolist() == [[3, 0], [0, 2]]


def test_the_ledger_tells_of_conflicts():
    parts = pd.DataFrame(
        [
            ["one", "csv:m", "forum", "", 1, 2, 0, "1 x odd"],
            ["two", "csv:m", "forum", "", 1, 1, 0, ""],
        ],
        columns=[name for name in LEDGER if name not in ("kept", "duplicate")],
    )
    charged = pd.DataFrame({"file": ["one", "two"], "kept": [2, 1], "duplicate": [0, 0]})
    conflicts = pd.DataFrame({"file": ["one"], "conflict": [2]})
    ledger = settle_ledger(parts, pd.concat([charged, conflicts]))
    assert ledger["notes"].tolist() == [f"1 x odd; 2 x {CONFLICT}", ""]
    assert settle_ledger(parts, charged)["notes"].tolist() == ["1 x odd", ""]


RECORDS = st.lists(
    st.builds(
        record,
        text=st.sampled_from([None, "a", "b", "c"]),
        seconds=st.sampled_from([None, 0, 0.5, 1, 60]),
        author=st.sampled_from("ab"),
        id=st.sampled_from(["1", "2", f"{MADE_ID}1"]),
        precision=st.sampled_from(["ms", "s", "min", "day"]),
        file=st.sampled_from(["one", "two", "three"]),
    ),
    max_size=10,
)


@LEAN
@given(RECORDS, st.integers(0, 2**16))
def test_no_order_of_files_or_rows_moves_anything(base, records, seed):
    files = ["one", "two", "three"]
    before, _, charged = merged(base, records, files)
    turned = random.Random(seed)
    shuffled = turned.sample(records, len(records))
    after, _, again = merged(base, shuffled, turned.sample(files, 3))
    place = ["source_file", "source_row"]
    assert before.drop_columns(place).equals(after.drop_columns(place))
    for one in (charged, again):
        assert one["kept"].sum() == len(before)
        assert one["kept"].sum() + one["duplicate"].sum() == len(records)
