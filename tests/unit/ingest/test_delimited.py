"""Delimited records cut by the header: the fast way, the careful way, and that they agree."""

import csv
import io
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hydrascope.errors import RawFileError
from hydrascope.ingest import delimited, lines
from hydrascope.ingest.delimited import delimited_batches

ASIDE = "; expected 2 cells, one for each column"


def batches(content, **options):
    content = content if isinstance(content, bytes) else content.encode()
    options = {"required": ("id", "text")} | options
    return list(delimited_batches(io.BytesIO(content), name="raw.csv", **options))


def one(content, **options):
    """The only batch, as columns, and its broken records by number and fault."""
    (batch,) = batches(content, **options)
    faults = [(row, reason.removesuffix(ASIDE)) for row, _, _, reason, _ in batch.broken]
    return batch.table.to_pydict(), faults


def all_of(content, **options):
    """Rows with their numbers, and broken records with their lines, of all batches."""
    found = batches(content, **options)
    rows = [tuple(row.values()) for batch in found for row in batch.table.to_pylist()]
    broken = [(b.row, b.value) for batch in found for b in batch.broken]
    assert sum(batch.records for batch in found) == len(rows) + len(broken)
    return sorted(rows, key=lambda row: row[-1]), sorted(broken)


def by_hand(body, width=2):
    """An independent reading by csv: each record tried alone, its lines given back."""
    waiting = io.StringIO(body, newline="").readlines()
    rows, broken, number = [], [], 0
    while waiting:
        for taken in range(1, len(waiting) + 1):
            # The shortest stretch of lines whose quotes are closed is a record.
            record = "".join(waiting[:taken])
            try:
                cells = list(csv.reader(io.StringIO(record, newline=""), strict=True))
            except csv.Error as error:
                if "unexpected end of data" in str(error) and taken < len(waiting):
                    continue
                cells = None
            break
        if cells == [] or cells == [[]]:
            waiting = waiting[taken:]
            continue
        number += 1
        text = "".join(waiting[:taken]).encode("utf-8", "surrogateescape")
        good = cells is not None and len(cells) == 1 and len(cells[0]) == width
        if good and text.decode("utf-8", "replace").encode() == text:
            rows.append((*cells[0], number))
            waiting = waiting[taken:]
        else:
            line = waiting[0].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            broken.append((number, line.rstrip("\r\n")))
            waiting = waiting[1:]
    return rows, broken


CELLS = st.sampled_from(
    [
        "",
        "x",
        "出",
        '"q"',
        '"a""b"',
        '"n\nl"',
        '"c,d"',
        '"\r\n"',
        'a"b',
        '"bad"x',
        ' "s"',
        '"',
        "\0",
    ]
)
RECORDS = st.lists(st.lists(CELLS, min_size=1, max_size=3).map(",".join), max_size=8)
BODIES = st.one_of(
    RECORDS.map("\n".join),
    RECORDS.map("\r\n".join),
    RECORDS.map(lambda rows: "".join(f"{row}\n" for row in rows)),
    st.text('ab,"\n\r出', max_size=40),
)


@given(BODIES, st.sampled_from([3, 8, 16, 2**24]), st.booleans())
@example('1,a\n2,"b\n3,c\n', 2**24, True)
@example("x,éx", 8, True)
def test_any_file_is_cut_as_it_is_by_hand(body, block, fast):
    before = lines.Source.fill.__defaults__, delimited._cut_clean
    lines.Source.fill.__defaults__ = (block,)
    if not fast:
        delimited._cut_clean = lambda *_: None
    try:
        assert all_of(f"id,text\n{body}") == by_hand(body)
    finally:
        lines.Source.fill.__defaults__, delimited._cut_clean = before


# Bytes of a character one by one, and one that is in no text.
BYTES = st.lists(st.sampled_from([bytes([b]) for b in 'ab,,,"""\n\n\r出\0'.encode() + b"\xff"]))


@given(BYTES.map(b"".join), st.integers(1, 3), st.sampled_from([3, 8, 2**24]))
# A blank line is no record, even where a record has one cell; empty quotes are one.
@example(b'a\n\n""\n \n', 1, 2**24)
def test_any_bytes_are_cut_as_they_are_by_hand_into_one_column_or_three(body, width, block):
    names = ("id", "text", "more")[:width]
    before = lines.Source.fill.__defaults__
    lines.Source.fill.__defaults__ = (block,)
    try:
        found = all_of(",".join(names).encode() + b"\n" + body, required=names)
    finally:
        lines.Source.fill.__defaults__ = before
    assert found == by_hand(body.decode("utf-8", "surrogateescape"), width)


def test_a_clean_file_goes_the_fast_way_and_any_other_the_careful_one(monkeypatch):
    ways = []
    careful = delimited._cut_carefully
    monkeypatch.setattr(delimited, "_cut_carefully", lambda *a: ways.append(a) or careful(*a))
    for clean in ('1,a\n2,"b ""c""\n, d"\n', "1,a\r\n2,b\r\n", "1,a\n\n2,b", '"1","a"'):
        batches(f"id,text\n{clean}")
    assert ways == []
    for other in ('1,a"b\n', '1,"a"b\n', "1\n", "1,a\r2,b\n", "1,\0\n", '1,"a\n'):
        batches(f"id,text\n{other}")
    assert len(ways) == 6


def test_newlines_commas_and_quotes_within_quotes_are_text():
    assert one('id,text\n1,"a\nb\r\n""c"", d"\n2,e\n') == (
        {"id": ["1", "2"], "text": ['a\nb\r\n"c", d', "e"], "source_row": [1, 2]},
        [],
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_ends_a_record(end):
    assert one(end.join(["id,text", "1,a", "2,b"]))[0]["text"] == ["a", "b"]


def test_blank_lines_are_no_records():
    columns, broken = one("id,text\n\n1,a\n\r\n\n2,b\n\n")
    assert (columns["source_row"], broken) == ([1, 2], [])


def test_records_with_other_numbers_of_cells_are_kept_apart():
    assert one("id,text\n1,a\n2\n3,c,d\n4,e\n \n") == (
        {"id": ["1", "4"], "text": ["a", "e"], "source_row": [1, 4]},
        [(2, "found 1 cells"), (3, "found 3 cells"), (5, "found 1 cells")],
    )


def test_only_the_columns_in_use_are_read_wherever_they_stand():
    assert one("more,text,id\nx,a,1\n")[0] == {"text": ["a"], "id": ["1"], "source_row": [1]}
    columns = one("more,text,id\nx,a,1\n", used=("id",))[0]
    assert columns == {"id": ["1"], "source_row": [1]}


@pytest.mark.parametrize("body", ["1,a\n", '1,a"\n'], ids=["fast", "careful"])
def test_an_optional_column_that_is_not_there_is_empty(body):
    columns, _ = one(f"id,text\n{body}", optional=("more",))
    assert columns["more"] == [""]


def test_a_header_alone_holds_no_records():
    assert batches("id,text\n") == []


@pytest.mark.parametrize(
    ("header", "column", "found"),
    [
        ("id", "text", "1 columns without it (id of"),
        ("text,more", "id", "2 columns without it (text of"),
        ("ID", "id", "1 columns without it (none of"),
        ("", "id", "0 columns without it (none of"),
        # A file without a header begins with somebody's record.
        ("9,Mallory", "id", "2 columns without it (none of"),
    ],
)
def test_a_missing_column_is_named_and_no_cell_is_shown(header, column, found):
    with pytest.raises(RawFileError) as error:
        batches(f"{header}\n1,a\n" if header else "")
    message = str(error.value)
    place = f"raw.csv, row 0, column {column}"
    assert message.startswith(f"{place}: found a header of {found} those expected)")
    assert "Mallory" not in message
    assert "expected id, text. Check the column format" in message


@pytest.mark.parametrize(
    ("delimiter", "words"), [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")]
)
def test_another_delimiter_is_named_with_what_to_do(delimiter, words):
    with pytest.raises(RawFileError) as error:
        batches(f"id{delimiter}text\n1{delimiter}a\n")
    assert f"The cells are separated by {words}, not commas" in str(error.value)
    assert one(f"id{delimiter}text\n1{delimiter}a\n", delimiter=delimiter)[0]["text"] == ["a"]


def test_a_doubled_column_is_named_if_it_is_in_use():
    assert one("id,text,more,more\n1,a,b,c\n")[0]["id"] == ["1"]
    with pytest.raises(RawFileError, match="row 0, column more: found the column twice;"):
        batches("id,text,more,more\n1,a,b,c\n", optional=("more",))


def test_batches_of_a_careful_stretch_have_a_fixed_size_and_number_their_rows_on(monkeypatch):
    monkeypatch.setattr(delimited, "BATCH_RECORDS", 2)
    found = batches('id,text\n1,"a"a\n2,b\n3\n4,d"\n5,e\n')
    assert [batch.records for batch in found] == [2, 2, 1]
    assert [batch.table["source_row"].to_pylist() for batch in found] == [[2], [4], [5]]
    assert [[row for row, *_ in batch.broken] for batch in found] == [[1], [3], []]


@pytest.mark.parametrize(
    ("content", "kept", "broken"),
    [
        ('1,a\n2,"b\n3,c\n4,d\n', ["1", "3", "4"], [2]),
        # In the last column the rest of the file would make one cell, and fit.
        ('1,"a\n2,b', ["2"], [1]),
        ('1,"a\n2,"b"\n3,c\n', ["2", "3"], [1]),
        ('1,"a"b\n2,c\n', ["2"], [1]),
        ('1,"a\nb"\n2,c\n', ["1", "2"], []),
    ],
)
def test_a_quote_that_never_closes_costs_its_own_line_alone(content, kept, broken):
    columns, faults = one(f"id,text\n{content}")
    assert columns["id"] == kept
    assert [row for row, _ in faults] == broken


def test_a_file_whose_lines_lost_their_outer_quotes_is_gone_through_once():
    # Each line opens a quote that the next one closes and opens anew, to the end of the file.
    start = time.process_time()
    rows, broken = all_of("id,text\n1,a\n" + 'x","y\n' * 30_000)
    assert time.process_time() - start < 15
    assert rows == [("1", "a", 1)]
    assert broken == [(n, 'x","y') for n in range(2, 30_002)]
    found = batches("id,text\n" + 'x","y\n' * 9)[0].broken
    assert [one.reason for one in found[:5]] == ["found more than 2 cells" + ASIDE] * 5


def test_a_record_of_as_many_cells_as_columns_may_have_many_lines():
    lines = ["1", *['","'.join(["a\n" * 40] * 3)] * 2]
    columns, faults = one('id,b,c,text,e,f,g\n1,"' + '","'.join(lines[1:]) + '"\n')
    assert (columns["text"], faults) == (["a\n" * 40], [])


def test_a_header_without_an_end_is_named():
    with pytest.raises(RawFileError, match="a header that cannot be read"):
        batches('id,text,"\n' + 'x","y\n' * 30_000)


def test_a_cell_past_the_limit_costs_its_own_line_alone():
    columns, faults = one(f"id,text\n1,{'x' * (2**20 + 1)}\n2,a\n")
    assert columns["id"] == ["2"]
    assert [row for row, _ in faults] == [1]


def test_a_very_long_cell_is_read_whole():
    assert len(one(f"id,text\n1,{'x' * 300_000}\n")[0]["text"][0]) == 300_000


def test_a_line_of_fifty_megabytes_costs_itself_alone():
    start = time.process_time()
    rows, broken = all_of(b"id,text\n1,a\n2," + b"x" * 50_000_000 + b"\n3,c\n4,d\n")
    assert time.process_time() - start < 15
    assert rows == [("1", "a", 1), ("3", "c", 3), ("4", "d", 4)]
    assert [row for row, _ in broken] == [2]
    reason = batches(b"id,text\n2," + b"x" * 50_000_000 + b"\n")[0].broken[0].reason
    assert reason.startswith("found a line of more than 16 MiB")


def test_a_row_in_another_encoding_is_set_aside_and_its_neighbours_are_not():
    columns, faults = one("id,text\n1,出\n".encode() + b"2,\xb3\xf6\n" + "3,去\n".encode())
    assert columns["text"] == ["出", "去"]
    assert faults == [(2, "found bytes that are not text in the encoding listed")]


def test_a_header_in_another_encoding_stops_with_what_to_do():
    with pytest.raises(RawFileError, match=r"row 0: found a header .* Correct the column encod"):
        batches("id,text,出\n1,a,b\n".encode("gb18030"))


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6))
def test_any_cells_written_by_hand_come_back(rows):
    quoted = ['"{}","{}"'.format(*(cell.replace('"', '""') for cell in row)) for row in rows]
    columns, faults = one("\r\n".join(["id,text", *quoted]))
    assert list(zip(columns["id"], columns["text"], strict=True)) == rows
    assert faults == []


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
@pytest.mark.parametrize("lines", [1, 2, 5])
def test_a_record_of_several_lines_with_a_bad_byte_is_set_aside_once(lines, ends):
    text = ends.join([b"a line"] * (lines - 1) + [b"\xff\xfe", b"3,like a record"])
    content = ends.join([b"id,text", b"1,good", b'2,"' + text + b'"', b"3,good", b'4,"a', b'b"'])
    (batch,) = batches(content)
    rows = batch.table.to_pydict()
    assert (rows["id"], rows["source_row"]) == (["1", "3", "4"], [1, 3, 4])
    assert [(fault.row, fault.reason) for fault in batch.broken] == [
        (2, "found bytes that are not text in the encoding listed" + ASIDE)
    ]
    assert batch.records == 4
