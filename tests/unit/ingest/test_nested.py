"""JSON cut into records: lines, documents, and what is wrong with them."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hydrascope.errors import RawFileError
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
