"""Tables that people write: read whole, or a line says what is wrong with them."""

import re
from pathlib import Path

import pytest

from hydrascope.errors import ConfigError
from hydrascope.settings_table import (
    CLAIMS,
    TAKEDOWNS,
    check_published,
    sensitivity_cells,
    settings_table,
)

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def table(tmp_path):
    def write(content):
        path = tmp_path / "t.tsv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_cells_are_what_is_written(table):
    path = table(b"\xef\xbb\xbfb\ta\r\n\"x\t y \r\n\r\n'\t\xe5\xbe\xae\xe2\x80\xa8\x0b\r\n")
    assert settings_table(path, ["a", "b"]) == [
        {"b": '"x', "a": " y "},
        {"b": "'", "a": "微\u2028\x0b"},
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a\tc\n", "line 1: found 0 columns 'b'; expected the columns a, b"),
        ("a\tb\tc\n", "line 1: found 1 columns 'c'; expected"),
        ("a\tb\ta\n", "line 1: found 2 columns 'a'; expected"),
        ("a,b\n", "line 1: found 0 columns 'a'"),
        ("", "line 1: found 0 columns 'a'"),
        ("a\tb\n1\n", "row 1 ('1'): found 1 cells; expected 2"),
        ("a\tb\n1\t2\n1\t2\t3\n", "row 2 ('2'): found 3 cells; expected 2"),
        ("a\tb\n1\t\0\n", "found a NUL"),
        (b"a\tb\n1\t\xff\n", "line 2: found the byte ff, which is not UTF-8"),
        ("a\tb\n".encode("utf-16"), "line 1: found the byte ff"),
    ],
)
def test_what_is_no_such_table_is_one_line_with_its_place(table, content, said):
    with pytest.raises(ConfigError, match=re.escape(said)) as error:
        settings_table(table(content), ["a", "b"])
    assert "\n" not in str(error.value)


def test_a_table_that_is_not_there_is_named(tmp_path):
    for path in (tmp_path, tmp_path / "none.tsv"):
        with pytest.raises(ConfigError, match="found no readable file"):
            settings_table(path, ["a"])


def test_the_project_s_own_tables_are_good():
    published = CHECKOUT / "data/published"
    check_published(published / "claims.tsv", published / "takedowns.tsv")
    assert {"setting": "window_hours", "value": "24"} in sensitivity_cells(
        CHECKOUT / "config/sensitivity.tsv"
    )


CLAIM = dict.fromkeys(CLAIMS, "x") | {"measure": "accounts", "published": "12"}
TAKEDOWN = dict.fromkeys(TAKEDOWNS, "x") | {"count": "5", "start": "2021-01-01"}
TAKEDOWN |= {"end": "2021-01-31"}


@pytest.mark.parametrize(
    ("claim", "takedown", "said"),
    [
        ({"published": "2,009"}, {}, "claims.tsv, row 1, column published: found '2,009'"),
        ({"published": "1.5"}, {}, "column published: found '1.5'"),
        ({"published": ""}, {}, "column published: found ''"),
        ({"published": "nan"}, {}, "column published: found 'nan'"),
        ({"quoted": '"open'}, {}, "column quoted: found '\"open'"),
        ({}, {"count": "many"}, "takedowns.tsv, row 1, column count: found 'many'"),
        ({}, {"start": "2021-02-30"}, "column start: found '2021-02-30'; expected a day"),
        ({}, {"end": "31.01.2021"}, "column end: found '31.01.2021'"),
        ({}, {"end": "20210131"}, "column end: found '20210131'"),
    ],
)
def test_a_published_number_that_is_none_is_named(tmp_path, claim, takedown, said):
    paths = []
    for name, row in (("claims", CLAIM | claim), ("takedowns", TAKEDOWN | takedown)):
        paths.append(tmp_path / f"{name}.tsv")
        paths[-1].write_text("\n".join(map("\t".join, (row, row.values()))) + "\n")
    with pytest.raises(ConfigError, match=re.escape(said)):
        check_published(*paths)


def test_a_share_may_have_a_point(tmp_path):
    claim = CLAIM | {"measure": "mean_followers", "published": "1.28", "quoted": '"all, of it"'}
    paths = []
    for name, row in (("claims", claim), ("takedowns", TAKEDOWN)):
        paths.append(tmp_path / name)
        paths[-1].write_text("\n".join(map("\t".join, (row, row.values()))) + "\n")
    check_published(*paths)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("setting\tvalue\n", "found no row"),
        ("setting\tvalue\na\t1\na\t1\n", "row 2: found 'a 1' twice"),
        ("setting\tvalue\na\t1/2\n", "row 1: found 'a 1/2' with a sign"),
        ("setting\tvalue\n{a}\t1\n", "row 1: found '{a} 1' with a sign"),
        ("setting\tvalue\na\t\n", "row 1: found 'a ' with a sign"),
        ("setting\tvalu\na\t1\n", "found 0 columns 'value'"),
    ],
)
def test_a_cell_that_is_none_is_named(table, content, said):
    with pytest.raises(ConfigError, match=re.escape(said)):
        sensitivity_cells(table(content))
