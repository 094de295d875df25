"""Paths into JSON: steps, lists, what is chosen of them, and what is not there."""

import pytest

from hydrascope.ingest.paths import Misplaced, path_of, plain_text, values_at

RECORD = {
    "id": 7,
    "user": {"name": "a", "core": None},
    "a.b": "whole",
    "a": {"b": "parted"},
    "links": [{"url": "u1"}, {"text": "no url"}, {"url": "u2"}, "bare"],
    "parts": [{"type": "link", "text": "t1"}, {"type": "x.y", "text": "t2"}, "t3"],
    "deep": [{"in": [{"x": 1}, {"x": 2}]}, {"in": []}, {"in": None}],
    "one": {"url": "u3"},
    "empty": [],
    "odd[name]": "odd",
}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("id", [7]),
        ("user.name", ["a"]),
        # a value under null is none, and is there
        ("user.core.name", []),
        ("user.legacy.name", None),
        ("user.legacy", None),
        ("a.b", ["whole"]),
        ("links[].url", ["u1", "u2"]),
        ("links[].href", None),
        ("links[0].url", ["u1"]),
        ("links[9].url", []),
        ("parts[type=link].text", ["t1"]),
        ("parts[type=x.y].text", ["t2"]),
        ("parts[type=none].text", []),
        ("parts[]", RECORD["parts"]),
        ("deep[].in[].x", [1, 2]),
        ("empty[].url", []),
        # one object stands for a list of one
        ("one[].url", ["u3"]),
        ("links", [RECORD["links"]]),
        ("odd[name]", ["odd"]),
    ],
)
def test_what_stands_under_a_path(path, values):
    assert values_at(RECORD, path_of(path)) == values


@pytest.mark.parametrize("path", ["id.x", "links.url", "user.name.first"])
def test_a_path_that_goes_on_where_nothing_can_is_said(path):
    with pytest.raises(Misplaced):
        values_at(RECORD, path_of(path))


@pytest.mark.parametrize(
    ("value", "text"), [("a", "a"), (None, ""), (True, "true"), ([], None), ({}, None)]
)
def test_values_as_text(value, text):
    assert plain_text(value) == text
