"""YAML says what is written, or a line says what is wrong with it."""

import re
from pathlib import Path

import pytest
import yaml

from hydrascope.errors import ConfigError
from hydrascope.yaml_file import MOST_LEVELS, load_yaml

CHECKOUT = Path(__file__).parents[2]
OWN = [
    *sorted((CHECKOUT / "config").rglob("*.yaml")),
    *sorted((CHECKOUT / "workflow/hydrascope").rglob("*.yaml")),
    CHECKOUT / "tests/expected/tolerances.yaml",
]


@pytest.fixture
def loaded(tmp_path):
    """Load what is written, a text or bytes."""

    def load(content):
        path = tmp_path / "a.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load_yaml(path)

    return load


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_the_project_s_own_files_mean_what_they_meant(path):
    assert load_yaml(path) == yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *(("2021-01-01", "2021-01-01"), ("2021-01-01 10:00:00", "2021-01-01 10:00:00")),
        *(("no", "no"), ("NO", "NO"), ("on", "on"), ("y", "y"), ("1_000", "1_000")),
        *(("010", "010"), ("0x1F", "0x1F"), ("0b1", "0b1"), ("0o7", "0o7"), ("1:30", "1:30")),
        *((".inf", ".inf"), (".nan", ".nan"), ("1e999", "1e999"), ("=", "=")),
        *(("9" * 5000, "9" * 5000), ("true", True), ("False", False), ("~", None), ("", None)),
        *(("1", 1), ("-3", -3), ("0", 0), ("1099511627776000001", 1099511627776000001)),
        *(("-3.5", -3.5), ("1e5", 1e5), ("1.", 1.0), (".5", 0.5), ("1.0e-3", 0.001)),
        *(("'1'", "1"), ('"no"', "no"), (r'"\x01"', "\x01")),
        *(("[1, no]", [1, "no"]), ("{1: a, no: b, ~: c}", {"1": "a", "no": "b", "~": "c"})),
    ],
)
def test_a_value_is_what_is_written(loaded, written, value):
    assert loaded(f"a: {written}\n") == {"a": value}
    assert type(loaded(f"a: {written}\n")["a"]) is type(value)


@pytest.mark.parametrize("content", [b"", b"# nothing\n", b"---\n", b"\xef\xbb\xbf"])
def test_an_empty_file_holds_nothing(loaded, content):
    assert loaded(content) == {}


def test_marks_and_line_ends_of_other_systems_are_no_text(loaded):
    assert loaded(b"\xef\xbb\xbfa: 1\r\nb: [x]\r\n") == {"a": 1, "b": ["x"]}


def test_references_serve_where_they_end(loaded):
    content = "base: &base {x: 1, y: 2}\nown: {<<: *base, y: 3}\nlist: [*base, *base]\n"
    assert loaded(content) == {
        "base": {"x": 1, "y": 2},
        "own": {"x": 1, "y": 3},
        "list": [{"x": 1, "y": 2}] * 2,
    }


LAUGHS = "a: &a0 [lol, lol]\n" + "".join(
    f"b{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
)
MERGED = "b0: &b0 {x0: 1}\n" + "".join(
    f"b{n}: &b{n} {{<<: [{', '.join([f'*b{n - 1}'] * 9)}]}}\n" for n in range(1, 30)
)
LONG = f"a: &a {'x' * 1_000_000}\nb: [{', '.join(['*a'] * 11)}]\n"
LADDER = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 60))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 3: found the key a a second time, first in line 1"),
        ("a:\n  x: 1\n  'x': 2\n", "line 3: found the key x a second time, first in line 2"),
        ("{1: a, '1': b}", "line 1: found the key 1 a second time"),
        ("a: 1\n\tb: 2\n", "line 2: found a tab; expected spaces"),
        ("a:\n  b: 1\n\t- c\n", "line 3: found a tab"),
        ("a: 1\nb: \0\n", "line 2: found the sign U+0000"),
        ("a: 1\nb: \x07\n", "line 2: found the sign U+0007"),
        ('a: "x\\0"\n', "line 1: found an escape for the sign U+0000"),
        ('a: 1\nb: {"\\ud800": 1}\n', "line 2: found an escape for the sign U+D800"),
        (b"a: 1\nb: caf\xe9\n", "line 2: found the byte e9, which is not UTF-8"),
        ("a: x\n".encode("utf-16"), "line 1: found the byte ff, which is not UTF-8"),
        ("- a\n- b\n", "found ['a', 'b']; expected keys and values"),
        ("just words", "found 'just words'; expected keys and values"),
        ("12", "found 12; expected keys and values"),
        ("a: [1\nb: 2\n", "line 2: found no YAML"),
        ("a: b: c\n", "line 1: found no YAML (mapping values"),
        ("a: *b\n", "line 1: found no YAML (found undefined alias"),
        ("a: 1\n---\nb: 2\n", "found no YAML"),
        ("a: 'x\n", "found no YAML"),
        ("a: %x\n", "found no YAML"),
        ("{[a]: 1}", "line 1: found a key that is no text"),
        ("{<<: 1}", "found no YAML"),
        ("a: !!python/object/apply:os.system [ls]\n", "line 1: found the tag "),
        ("a: !!timestamp x\n", "line 1: found the tag "),
        ("a: !!int x\n", "line 1: found the tag "),
        ("a: !!set {x}\n", "line 1: found the tag "),
        ("a: !own x\n", "line 1: found the tag !own"),
        ("a: ! 12\n", "line 1: found the tag !"),
        (LAUGHS, "found references that come to more than 10,000,000 signs"),
        (MERGED, "found references that come to more than 10,000,000 signs"),
        (LONG, "line 2: found references that come to more than 10,000,000 signs"),
        (f"a: {'[' * 100_000}", f"line 1: found more than {MOST_LEVELS} levels"),
        (f"a: {'{b: ' * 2000}", f"line 1: found more than {MOST_LEVELS} levels"),
        (f"{'- ' * 2000}", f"line 1: found more than {MOST_LEVELS} levels"),
        (LADDER, f"found more than {MOST_LEVELS} levels"),
        ("a: &a [*a]\n", "line 1: found more than"),
        ("a: &a {b: *a}\n", "line 1: found more than"),
        ("a: &a {<<: *a}\n", "line 1: found more than"),
        (b"#" * 10_000_001, "found 10,000,001 bytes; expected 10,000,000 at most"),
    ],
)
def test_what_cannot_be_meant_is_one_line_with_its_place(loaded, tmp_path, content, said):
    with pytest.raises(ConfigError, match=re.escape(said)) as refused:
        loaded(content)
    message = str(refused.value)
    assert message.startswith(str(tmp_path / "a.yaml"))
    assert "\n" not in message and len(message) < 300 + len(str(tmp_path))


def test_a_file_that_is_none_is_named(tmp_path):
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(ConfigError, match="found no readable file"):
            load_yaml(path)
