"""Tables that are written whole or not at all, with fixed bytes and no live cell."""

import json
import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hydrascope import io
from hydrascope.errors import TableError


def test_a_table_has_exactly_these_bytes(tmp_path):
    table = pd.DataFrame(
        {"name": ["ก", None], "count": [3, -1], "share": [1 / 3, None], "flag": [True, False]}
    )
    io.write_table(table, tmp_path / "t.tsv")
    expected = "name\tcount\tshare\tflag\nก\t3\t0.333333\tTrue\n\t-1\t\tFalse\n"
    assert (tmp_path / "t.tsv").read_bytes() == expected.encode()


def test_the_ending_of_the_name_decides_the_separator(tmp_path):
    io.write_table(pd.DataFrame({"a": ["x,y"], "b": [2]}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes() == b'a,b\n"x,y",2\n'


def test_writing_does_not_change_the_table_in_memory(tmp_path):
    table = pd.DataFrame({"name": ["=1+1"]})
    io.write_table(table, tmp_path / "t.tsv")
    assert table["name"].tolist() == ["=1+1"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("--1", "'--1"),
        ("-1", "-1"),
        ("+1", "+1"),
        ("-1.50", "-1.50"),
        ("-1.", "'-1."),
        ("-", "'-"),
        ("a=1", "a=1"),
        ("", ""),
        # a control in front would hide the formula from the check
        ("\t=1+1", "\\u0009=1+1"),
        ("a\tb\nc\rd", "a\\u0009b\\u000ac\\u000dd"),
        ("a\0b\x1b[31m", "a\\u0000b\\u001b[31m"),
        ("\x7f\x85\x9f", "\\u007f\\u0085\\u009f"),
        ("\xa0", "\xa0"),
        ("a\u202eb", "a\\u202eb"),
        (
            "\u2028\u2029\u2066\u2069\u200e\u200f\u061c",
            "\\u2028\\u2029\\u2066\\u2069\\u200e\\u200f\\u061c",
        ),
        # a zero-width joiner is part of emoji and of Indic words
        ("\u200d", "\u200d"),
    ],
)
def test_no_cell_acts_where_it_is_shown(text, shown):
    assert io.cell(text) == shown


@pytest.mark.parametrize("value", [-1, 2.5, True, None])
def test_a_cell_that_is_no_text_stays_what_it_is(value):
    assert io.cell(value) is value


def test_a_hostile_text_stays_one_cell(tmp_path):
    io.write_table(pd.DataFrame({"a": ['"\t\r\n=x', "=y"], "b": ["1", "2"]}), tmp_path / "t.tsv")
    table = io.read_table(tmp_path / "t.tsv", text=True)
    assert table.to_dict("list") == {"a": ['"\\u0009\\u000d\\u000a=x', "'=y"], "b": ["1", "2"]}


def test_a_hostile_column_name_is_escaped_too(tmp_path):
    io.write_table(pd.DataFrame({"=1+1": [1]}), tmp_path / "t.tsv")
    assert (tmp_path / "t.tsv").read_bytes().splitlines()[0] == b"'=1+1"


def test_only_an_empty_cell_is_missing(tmp_path):
    (tmp_path / "t.tsv").write_text("a\tb\nNA\t1\nnull\t\n", encoding="utf-8")
    table = io.read_table(tmp_path / "t.tsv")
    assert table["a"].tolist() == ["NA", "null"]
    assert table["b"].isna().tolist() == [False, True]


def test_as_text_every_cell_is_a_string(tmp_path):
    (tmp_path / "t.tsv").write_text("a\tb\n007\t\n1.0\tNA\n", encoding="utf-8")
    table = io.read_table(tmp_path / "t.tsv", text=True)
    assert table.to_dict("list") == {"a": ["007", "1.0"], "b": ["", "NA"]}


def write_half(path):
    with io.atomic(path) as draft:
        draft.write_text("half", encoding="utf-8")
        raise RuntimeError("power cut")


def test_a_failed_write_leaves_the_old_file_and_no_draft(tmp_path):
    path = tmp_path / "t.txt"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError, match="power cut"):
        write_half(path)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"t.txt": "old"}


def test_a_failed_first_write_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError, match="power cut"):
        write_half(tmp_path / "t.txt")
    assert list(tmp_path.iterdir()) == []


def test_the_draft_lies_beside_the_file_and_names_the_process(tmp_path, monkeypatch):
    monkeypatch.setattr("os.getpid", lambda: 4711)
    with io.atomic(tmp_path / "new" / "t.txt") as draft:
        draft.write_text("x", encoding="utf-8")
        assert draft.parent == tmp_path / "new"
        assert "4711" in draft.name
        assert not (tmp_path / "new" / "t.txt").exists()
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["t.txt"]


def test_a_table_that_cannot_be_written_leaves_the_old_one(tmp_path):
    io.write_table(pd.DataFrame({"a": [1]}), tmp_path / "t.tsv")
    with pytest.raises(UnicodeEncodeError):
        io.write_table(pd.DataFrame({"a": ["\ud800"]}), tmp_path / "t.tsv")
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"a\n1\n"]


def test_parquet_keeps_types_and_has_the_same_bytes_twice(tmp_path):
    table = pa.table(
        {
            "at": pa.array([0, None], pa.timestamp("ms", tz="UTC")),
            "urls": pa.array([["a", "b"], []], pa.list_(pa.string())),
            "likes": pa.array([None, 2**53 + 1], pa.int64()),
        }
    )
    for name in ("one", "two"):
        io.write_parquet(table, tmp_path / f"{name}.parquet")
    assert pq.read_table(tmp_path / "one.parquet").equals(table)
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
    column = pq.read_metadata(tmp_path / "one.parquet").row_group(0).column(0)
    assert column.compression == "ZSTD"


def test_an_array_comes_back_bit_for_bit(tmp_path):
    array = np.array([[0.1, -0.0], [np.inf, 1e-30]], dtype=np.float32)
    io.write_array(array, tmp_path / "a.npy")
    back = np.load(tmp_path / "a.npy", allow_pickle=False)
    assert back.dtype == np.float32
    assert back.tobytes() == array.tobytes()


def test_nothing_is_pickled(tmp_path):
    with pytest.raises(ValueError, match=re.escape("allow_pickle=False")):
        io.write_array(np.array([{"a": 1}], dtype=object), tmp_path / "a.npy")
    assert list(tmp_path.iterdir()) == []


def test_text_has_unix_line_ends_and_utf_8(tmp_path):
    io.write_text("滚\nb\n", tmp_path / "t.txt")
    assert (tmp_path / "t.txt").read_bytes() == "滚\nb\n".encode()


def test_json_does_not_depend_on_the_order_of_keys(tmp_path):
    io.write_json({"b": 1, "a": {"d": "滚", "c": None}}, tmp_path / "1.json")
    io.write_json({"a": {"c": None, "d": "滚"}, "b": 1}, tmp_path / "2.json")
    text = (tmp_path / "1.json").read_text(encoding="utf-8")
    assert text == (tmp_path / "2.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"a": {"c": None, "d": "滚"}, "b": 1}
    assert "滚" in text
    assert text.endswith("}\n")


NUMBERED = pa.schema([("account_id", pa.string()), ("platform", pa.string()), ("n", pa.int64())])


def batch_of(*numbers):
    rows = [{"account_id": f"a_{n}", "platform": "x", "n": n} for n in numbers]
    return pa.Table.from_pylist(rows, NUMBERED)


def test_batches_make_one_file_with_a_row_group_each(tmp_path):
    io.write_batches([batch_of(1, 2), batch_of(3)], NUMBERED, tmp_path / "t.parquet")
    assert pq.read_table(tmp_path / "t.parquet").equals(batch_of(1, 2, 3))
    file = pq.read_metadata(tmp_path / "t.parquet")
    assert [file.row_group(n).num_rows for n in range(file.num_row_groups)] == [2, 1]


def test_no_batch_at_all_makes_a_file_of_the_schema(tmp_path):
    io.write_batches([], NUMBERED, tmp_path / "t.parquet")
    assert pq.read_table(tmp_path / "t.parquet").equals(NUMBERED.empty_table())


def test_batches_have_the_same_bytes_twice(tmp_path):
    for name in ("one", "two"):
        io.write_batches([batch_of(1, 2), batch_of(3)], NUMBERED, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_what_repeats_is_stored_once_and_an_id_as_it_is(tmp_path):
    io.write_batches([batch_of(*range(100))], NUMBERED, tmp_path / "t.parquet")
    group = pq.read_metadata(tmp_path / "t.parquet").row_group(0)
    columns = {group.column(n).path_in_schema: group.column(n) for n in range(group.num_columns)}
    has_dictionary = {name: bool(column.has_dictionary_page) for name, column in columns.items()}
    assert has_dictionary == {"account_id": True, "platform": True, "n": False}
    assert {column.compression for column in columns.values()} == {"ZSTD"}


def failing_batches():
    yield batch_of(1)
    raise RuntimeError("power cut")


def test_a_batch_that_fails_leaves_the_old_file_and_no_draft(tmp_path):
    path = tmp_path / "t.parquet"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError, match="power cut"):
        io.write_batches(failing_batches(), NUMBERED, path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"t.parquet": b"old"}


def test_a_batch_of_another_schema_is_refused_and_leaves_nothing(tmp_path):
    with pytest.raises(ValueError, match="schema"):
        io.write_batches([pa.table({"n": ["1"]})], NUMBERED, tmp_path / "t.parquet")
    assert list(tmp_path.iterdir()) == []


def test_a_file_written_batch_by_batch_appears_when_it_is_whole(tmp_path):
    with io.parquet_writer(tmp_path / "new" / "t.parquet", NUMBERED) as writer:
        writer.write_table(batch_of(1))
        assert not (tmp_path / "new" / "t.parquet").exists()
    assert pq.read_table(tmp_path / "new" / "t.parquet").equals(batch_of(1))
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["t.parquet"]


def test_rows_have_exactly_these_bytes(tmp_path):
    rows = [
        {"name": "ก", "count": 3, "more": 1},
        {"name": "=1+1", "count": -1},
        {"name": 'a\t"b"\n', "count": 0},
        {"name": "", "count": 10**18},
    ]
    io.write_rows(rows, ["count", "name"], tmp_path / "t.tsv")
    expected = 'count\tname\n3\tก\n-1\t\'=1+1\n0\t"a\\u0009""b""\\u000a"\n1000000000000000000\t\n'
    assert (tmp_path / "t.tsv").read_bytes() == expected.encode()


def test_rows_come_back_as_a_table_written_whole_would(tmp_path):
    rows = [{"a": '"x,\r', "b": 1}, {"a": "=y", "b": 2}, {"a": "", "b": 3}]
    for name in ("t.tsv", "t.csv"):
        io.write_rows(rows, ["a", "b"], tmp_path / name)
        io.write_table(pd.DataFrame(rows), tmp_path / f"table-{name}")
        one, other = (io.read_table(tmp_path / f"{start}{name}") for start in ("", "table-"))
        pd.testing.assert_frame_equal(one, other)
        assert one["b"].tolist() == [1, 2, 3]


def test_no_rows_leave_the_names_of_the_columns(tmp_path):
    io.write_rows([], ["a", "b"], tmp_path / "t.tsv")
    assert (tmp_path / "t.tsv").read_bytes() == b"a\tb\n"


def test_a_row_that_lacks_a_column_leaves_the_old_file(tmp_path):
    (tmp_path / "t.tsv").write_text("old", encoding="utf-8")
    with pytest.raises(KeyError):
        io.write_rows([{"a": 1}], ["a", "b"], tmp_path / "t.tsv")
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"t.tsv": "old"}


def test_a_database_counts_in_utc_and_spills_beside_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    with io.database(tmp_path / "new" / "posts.parquet") as base:
        assert base.sql("SELECT current_setting('TimeZone')").fetchall() == [("UTC",)]
        spill = base.sql("SELECT current_setting('temp_directory')").fetchall()[0][0]
        assert [str(path) for path in (tmp_path / "new").iterdir()] == [spill]
    assert list((tmp_path / "new").iterdir()) == []


def test_a_database_sorts_more_than_its_memory_holds(tmp_path, monkeypatch):
    monkeypatch.setattr(io, "MEMORY", "130MB")
    with io.database(tmp_path / "t.parquet") as base:
        rows = base.sql(
            "SELECT md5(i::VARCHAR) AS a, repeat(md5((i + 1)::VARCHAR), 5) AS b "
            "FROM range(900000) AS t(i) ORDER BY a"
        )
        batches = rows.to_arrow_reader(50_000)
        firsts, number = [], 0
        for batch in batches:
            firsts.append(batch["a"][0].as_py())
            number += len(batch)
    assert number == 900_000
    assert firsts == sorted(firsts)
    assert list(tmp_path.iterdir()) == []


def failing_query(path):
    with io.database(path) as base:
        base.sql("SELECT nothing FROM nowhere")


def test_a_database_that_fails_leaves_no_folder(tmp_path):
    with pytest.raises(Exception, match="nowhere"):
        failing_query(tmp_path / "t.parquet")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ข้อความ 😀", "plain ข้อความ 😀"),
        ("a\033[31mred\033]0;title\007", r"a\u001b[31mred\u001b]0;title\u0007"),
        ("\x9b31m\x85", r"\u009b31m\u0085"),
        ("a\u202eb\u2066c\u200f\u2028", r"a\u202eb\u2066c\u200f\u2028"),
        ("over\rwritten\x7f\0", r"over\u000dwritten\u007f\u0000"),
        ("half \ud800", r"half \ud800"),
    ],
)
def test_nothing_acts_on_a_terminal(text, shown):
    assert io.visible(text) == shown
    assert io.visible(text, lines=True) == shown


def test_line_ends_of_a_message_may_stay():
    assert io.visible("a\n\tb") == r"a\u000a\u0009b"
    assert io.visible("a\n\tb\r", lines=True) == "a\n\tb\\u000d"


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"a,b\n1,2,3\n1,2,3,4\n", b"a,b\n\xff,2\n", "a,b\n1,2\n".encode("utf-16")],
    ids=["empty", "blank", "ragged", "Latin", "UTF-16"],
)
def test_what_is_no_table_is_one_line(tmp_path, content):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(
        TableError, match=r"^a\.csv: found no table in UTF-8 .* Save it anew"
    ) as error:
        io.read_table(tmp_path / "a.csv", text=True)
    assert "\n" not in str(error.value)


def test_a_mark_at_the_beginning_is_no_part_of_a_column(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbfplatform,native_id\nx,1\n")
    assert list(io.read_table(tmp_path / "a.csv", text=True)) == ["platform", "native_id"]
