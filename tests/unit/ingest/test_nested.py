"""JSON cut into records: lines, documents, and what is wrong with them."""

import io
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hydrascope.errors import RawFileError
from hydrascope.ingest import nested
from hydrascope.ingest.mapping import Format, Item, Records
from hydrascope.ingest.nested import json_batches

RECORDS = Records(("id",), optional=("a.b", "tags"), lists=("tags",))


def unnest(value):
    listed = value.get("list")
    for one in listed if isinstance(listed, list) else [value]:
        yield Item("record", one) if isinstance(one, dict) and "id" in one else Item("", "no id")


FORM = Format({"record": RECORDS}, delimiter="", unnest=unnest, container="list")


def read(content):
    """Rows and faults by number; no record is in neither."""
    content = content if isinstance(content, bytes) else content.encode()
    found = list(json_batches(io.BytesIO(content), name="raw.json", form=FORM))
    rows = [row for batch in found for row in batch.table.to_pylist() if batch.kind]
    faults = [(b.row, b.column, b.reason) for batch in found for b in batch.broken]
    numbers = sorted([row["source_row"] for row in rows] + [row for row, *_ in faults])
    assert numbers == list(range(1, len(numbers) + 1))
    assert sum(batch.records for batch in found) == len(numbers)
    return rows, sorted(faults), {note for batch in found for note in batch.notes}


def ids(content):
    rows, faults, _ = read(content)
    assert faults == []
    return [row["id"] for row in rows]


ONE, TWO = {"id": "1"}, {"id": "2"}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([ONE, TWO]),
        json.dumps([ONE, TWO], indent=1),
        json.dumps([ONE, TWO]) + "\n",
        json.dumps({"list": [ONE, TWO], "more": {"a": [1]}}),
        json.dumps({"more": [{}], "list": [ONE, TWO]}, indent=2),
        json.dumps({"list": [ONE]}) + json.dumps({"list": [TWO]}),
        json.dumps({"list": [ONE]}, indent=1) + "\n" + json.dumps({"list": [TWO]}, indent=1),
        json.dumps([{"list": [ONE]}, {"list": [TWO]}]),
        json.dumps([{"list": [ONE]}, TWO], indent=1),
        "\n".join(map(json.dumps, [ONE, TWO])),
        "\r\n".join(map(json.dumps, [ONE, TWO])) + "\r\n\r\n",
        "\n".join(map(json.dumps, [{"list": [ONE]}, {"list": [TWO]}])),
        "[\n" + json.dumps(ONE) + ",\n" + json.dumps(TWO) + "\n]",
    ],
)
def test_a_document_lines_and_pages_hold_the_same_records(content):
    assert ids(content) == ["1", "2"]


def test_one_object_is_one_record():
    assert ids(json.dumps(ONE, indent=1)) == ["1"]
    assert ids(json.dumps(ONE)) == ["1"]


@pytest.mark.parametrize("lines", [True, False])
def test_numbers_keep_their_digits_and_truth_is_text(lines):
    values = '[{"id":1234567890123456789},{"id":1.01421E+18},{"id":true},{"id":null},{"id":-0.50}]'
    if lines:
        values = "\n".join(values[1:-1].replace("},{", "}\n{").splitlines())
    assert ids(values) == ["1234567890123456789", "1.01421E+18", "true", "", "-0.50"]


def test_paths_and_lists():
    rows, _, _ = read('[{"id":"1","a":{"b":"x"},"tags":["u",5,true]},{"id":"2","a":null}]')
    assert [(row["a.b"], row["tags"]) for row in rows] == [("x", ["u", "5", "true"]), ("", [])]


@pytest.mark.parametrize(
    ("record", "column", "said"),
    [
        ('{"id":{"value":"1"}}', "id", "nested JSON where a value was due"),
        ('{"id":["1"]}', "id", "nested JSON where a value was due"),
        ('{"id":"1","a":"x"}', "a.b", "a value where nested JSON was due"),
        ('{"id":"1","a":{"b":{}}}', "a.b", "nested JSON where a value was due"),
        ('{"id":"1","tags":["u",{}]}', "tags", "nested JSON where a value was due"),
        ('{"id":"' + "x" * (2**20 + 1) + '"}', "id", "a value of more than 1 MiB"),
    ],
)
def test_a_value_of_the_wrong_shape_costs_its_record_alone(record, column, said):
    rows, faults, _ = read(f'{{"id":"0"}}\n{record}\n{{"id":"2"}}')
    assert [row["id"] for row in rows] == ["0", "2"]
    assert [(row, place) for row, place, _ in faults] == [(2, column)]
    assert faults[0][2].startswith(said)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{bad", "no JSON; expected one JSON value"),
        ("42", "a JSON str; expected an object"),
        ('{"id":"1"} trailer', "no JSON; expected one JSON value"),
        ("[" * 100_000, "JSON nested too deeply"),
        ('{"none":1}', "no id"),
        ("x" * 50_000_000, "a line of more than 16 MiB"),
    ],
    ids=["broken", "number", "trailer", "deep", "no id", "50 MB"],
)
def test_a_line_that_is_no_record_costs_itself_alone(line, said):
    rows, faults, _ = read(f'{{"id":"0"}}\n{line}\n{{"id":"2"}}')
    assert [row["id"] for row in rows] == ["0", "2"]
    assert [row for row, *_ in faults] == [2]
    assert faults[0][2].startswith(said)


def test_a_line_in_another_encoding_costs_itself_alone():
    rows, faults, _ = read(b'{"id":"0"}\n{"id":"\xb3\xf6"}\n{"id":"2"}')
    assert [row["id"] for row in rows] == ["0", "2"]
    assert "bytes that are not text" in faults[0][2]


@pytest.mark.parametrize(
    "content",
    [
        b'{"list": [{"id": "1"}, {"id": "2"',
        b'[\n{"id": "1"},\n{"id": "2"',
        b"not JSON",
        b'[{"id":"1"},]',
        b'{"list":[{"id":"\xff"}]}',
        b"[" * 5_000,
    ],
)
def test_a_document_that_breaks_off_stops_and_shows_none_of_it(content):
    with pytest.raises(RawFileError) as error:
        read(content)
    message = str(error.value)
    assert message.startswith("raw.json, row ")
    assert "expected a whole JSON document" in message
    assert '"id"' not in message


def test_half_of_a_character_is_shown_as_such_and_noted():
    rows, faults, notes = read('{"id":"a\\ud83d"}\n{"id":"\\ud83d\\ude00"}')
    assert [row["id"] for row in rows] == ["a\ufffd", "😀"]
    assert faults == []
    assert [note for note in notes if note.startswith("half of a character")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "a", "b", "tags", "list"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(JSON, min_size=1, max_size=5))
def test_every_value_is_a_record_or_a_fault(values):
    # Read alone, so that a list is one value with its elements in it.
    for value in values:
        rows, faults, _ = read(json.dumps(value))
        elements = value if isinstance(value, list) else [value]
        listed = [
            len(one["list"]) if isinstance(one, dict) and isinstance(one.get("list"), list) else 1
            for one in elements
        ]
        assert len(rows) + len(faults) == sum(listed)
    # Together, no number is left out and none is given twice.
    read("\n".join(map(json.dumps, values)))


def pages(value):
    """Ways to write a list of objects as a document, each over several lines."""
    return [
        "[\n" + ",\n".join(map(json.dumps, value)) + "\n]",
        json.dumps({"before": {"a": [1, {}]}, "list": value, "behind": "x"}, indent=1),
        "\n\n".join(json.dumps(one, indent=2) for one in value),
        "".join(json.dumps({"list": [one]}, indent=1) for one in value),
        json.dumps(value, indent=1, ensure_ascii=False).replace("\n", "\r\n\t"),
    ]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ["\\", '"', "\\u0041", "]", "},{", "出😀", "-1.5e+7"]
)
NUMBERS = st.integers(-(10**40), 10**40) | st.floats(allow_nan=False)


@given(
    st.lists(st.tuples(TEXTS | NUMBERS, TEXTS), min_size=1, max_size=4),
    st.integers(1, 60),
    st.integers(0, 4),
)
@example([(12345678901234567890, "a"), (-1.5e300, "\\")], 1, 0)
def test_a_document_is_the_same_wherever_it_is_cut(cells, block, way):
    value = [{"id": one, "a": {"b": other}} for one, other in cells]
    before, nested.LOOKED_AT = nested.LOOKED_AT, block
    try:
        # Less than a line is looked at, so that even what could be lines is a document.
        rows, faults, _ = read(" " * block + pages(value)[way])
    finally:
        nested.LOOKED_AT = before
    assert faults == []
    said = [one if isinstance(one, str) else json.dumps(one) for one, _ in cells]
    assert [(row["id"], row["a.b"]) for row in rows] == [
        (one, other) for one, (_, other) in zip(said, cells, strict=True)
    ]


@pytest.mark.parametrize("way", range(5))
@pytest.mark.parametrize("drop", [1, 2, 7, 20])
def test_a_document_cut_short_stops_at_any_length(monkeypatch, way, drop):
    content = pages([{"id": "1", "a": {"b": "x"}}, {"id": "2", "a": {"b": "y"}}])[way]
    for block in (3, 2**20):
        monkeypatch.setattr(nested, "LOOKED_AT", block)
        with pytest.raises(RawFileError, match=r"raw\.json, row [123]: found a document that is"):
            read(content[:-drop])


@pytest.mark.parametrize(
    "content",
    [
        '{"list":[ONE],}',
        '{"list":[ONE],"a"}',
        '{"list":[ONE] "a":1}',
        '{"list":[ONE ONE]}',
        '{"list":[,ONE]}',
        "{list:[ONE]}",
        "{1:[ONE]}",
        '{"list":[ONE]}}',
        "[ONE]]",
        "[ONE] trailer",
        '[ONE\n{"id":1}]',
        "[01]",
        '[{"id":"a\nb"}]',
        "[{'id':1}]",
        "\n \t ",
    ],
)
def test_a_document_is_json_to_the_letter(content):
    with pytest.raises(RawFileError, match=r"^raw\.json, row \d+: found a document that is no JS"):
        read("\n" * 9 + content.replace("ONE", '{"id":"1"}'))


def test_the_row_named_is_the_first_that_cannot_be_read():
    with pytest.raises(RawFileError, match="row 3: "):
        read('[\n{"id":1},\n{"id":2},\n{"id":3,\n')


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("9" * 5_000, "9" * 5_000),
        ("-0", "-0"),
        ("1.10", "1.10"),
        ("1e400", "1e400"),
        ("1E-99999999999999999999", "1E-99999999999999999999"),
        ("1.01421E+18", "1.01421E+18"),
        ("NaN", "NaN"),
    ],
)
def test_a_number_of_any_size_is_its_own_text_in_a_document_too(number, kept):
    assert ids(f'[\n{{"id":{number}}},\n{{"id":"{number}"}}]') == [kept, kept]
    assert ids(f'{{"id":"0"}}\n{{"id":{number}}}') == ["0", kept]


@pytest.mark.parametrize("start", ["[\n", '{"list":[\n'])
def test_half_of_a_character_in_a_document_is_noted_and_makes_no_other(start):
    halves = ["\\ud83d", "\\ude00", "\\ud83d\\ud83d", "\\ud83d\\u0041", "\\ud83d\\ude00"]
    records = ",\n".join(f'{{"id":"x{half}"}}' for half in halves)
    rows, faults, notes = read(start + records + "]" + "}" * (start[0] == "{"))
    shown = ["x\ufffd", "x\ufffd", "x\ufffd\ufffd", "x\ufffdA", "x😀"]
    assert [row["id"] for row in rows] == shown
    assert faults == []
    assert notes == {"half of a character that no text can hold, shown as \ufffd"}


def test_half_of_a_character_where_nested_json_was_due_is_set_aside():
    (batch,) = nested.json_batches(
        io.BytesIO(b'{"id":"1","a":"x\\ud83d"}\n'), name="raw.json", form=FORM
    )
    assert [(b.row, b.column, b.value) for b in batch.broken] == [(1, "a.b", "x?")]


@pytest.mark.parametrize("encoded", [b"\xb3\xf6", b"\xed\xa0\x80", b"\xff"])
def test_a_document_in_another_encoding_stops_with_what_to_do(encoded):
    with pytest.raises(RawFileError) as error:
        read(b'[\n{"id":"' + encoded + b'"}\n]')
    assert "bytes that are not text in the encoding listed" in str(error.value)
    assert str(error.value).endswith("Correct the column encoding of its row in collections.tsv.")


@pytest.mark.parametrize("depth", [100, *range(900, 1_020, 5), 5_000, 200_000])
@pytest.mark.parametrize("opening", ["[", '{"k":'])
def test_no_depth_of_nesting_is_too_much_for_the_reader(depth, opening):
    deep = opening * depth + "1" + ("]" if opening == "[" else "}") * depth
    for record in (f'{{"id":{deep}}}', f'{{"id":"1","a":{deep}}}', f'{{"id":"1","tags":{deep}}}'):
        rows, faults, _ = read(f'{{"id":"0"}}\n{record}\n{{"id":"2"}}')
        assert [row["id"] for row in rows if row["source_row"] != 2] == ["0", "2"]
        assert len(rows) + len(faults) == 3
        document = f'[\n{{"id":"0"}},\n{record}\n]'
        if faults and "too deeply" in faults[0][2]:
            with pytest.raises(RawFileError, match="row 2: .*nested too deeply"):
                read(document)


def test_of_a_broken_document_no_more_is_read_than_it_takes_to_see_that():
    stream = io.BytesIO(b'[\n{"id":1},\n{"id" 2},\n' + b'{"id":3},\n' * 3_000_000)
    with pytest.raises(RawFileError, match="row 2: "):
        list(nested.json_batches(stream, name="raw.json", form=FORM))
    assert stream.tell() <= 2**22
