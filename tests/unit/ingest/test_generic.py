"""Column maps: each kind of field, what is set aside, hostile names, and two real files."""

import csv
import datetime as dt
import hashlib
import io
import json
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hydrascope.errors import ConfigError, RawFileError
from hydrascope.ingest.column_map import FIELDS
from hydrascope.ingest.generic import mapped_format
from hydrascope.ingest.same_posts import posts_told_apart

LISTED = {"platform": "forum", "snapshot": "2022-01-01"}
FUZZED = settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
# The fields that a map of posts must name, or that tell the records of a test apart.
IDS = {"account_id": "who", "native_id": "n"}
POST = {
    "n": "p1",
    "who": "u1",
    "forum": "f_1",
    "type": "Antwort",
    "written": "2021-04-22T10:00:05Z",
    "body": "a flower, 花",
    "lang": "zh",
    "original": "p8",
    "above": "p9",
    "links": "https://a.invalid/1 https://b.invalid/2",
    "tags": "flower, 花 ,",
    "names": "u7;u8",
    "images": "i1|i2",
    "fans": "12",
    "follows": "34",
    "hearts": "1",
    "answers": "2",
    "shares": "3",
    "seen": "4",
    "author": "Fake Flower",
    "nick": "fakeflower",
    "about": "invented",
    "face": "c3a5f00d12345678",
    "land": "BD",
    "sort": "Seite",
    "since": "2019-05-03",
}
EVERY_FIELD = {
    **IDS,
    "platform": {"column": "forum", "pattern": "^(f)_", "values": {"f": "forum"}},
    "kind": {"column": "type", "values": {"Thema": "post", "Antwort": "reply"}},
    "posted_at": "written",
    "text": "body",
    "language": "lang",
    "repost_of": "original",
    "reply_to": "above",
    "urls": {"column": "links", "separator": " "},
    "hashtags": {"column": "tags", "separator": ","},
    "mentions": {"column": "names", "separator": ";"},
    "media_ids": {"column": "images", "separator": "|"},
    "followers": "fans",
    "following": "follows",
    "likes": "hearts",
    "replies": "answers",
    "reposts": "shares",
    "views": "seen",
    "display_name": "author",
    "handle": "nick",
    "description": "about",
    "picture_hash": "face",
    "country": "land",
    "unit": {"column": "sort", "values": {"Seite": "page", "Mensch": "user"}},
    "created_at": "since",
}


def as_table(rows, delimiter=","):
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return stream.getvalue().encode()


def as_lines(rows):
    return b"\n".join(json.dumps(row).encode() for row in rows)


WAYS = {"csv": as_table, "json": as_lines}


@pytest.fixture(scope="module")
def read_map(read):
    """Read rows, or the bytes of a file, by a map given as its fields and more keys."""

    def read_one(rows, fields, layout="csv", *, records="posts", limits=None, more=None, **listed):
        column_map = {"records": records, "fields": fields, **(more or {})}
        content = rows if isinstance(rows, bytes) else WAYS[layout](rows)
        found = read(
            content,
            f"{layout}:m",
            column_maps={"m": column_map},
            limits=limits,
            **(LISTED | listed),
        )
        own = found.accounts["derived"].to_pylist().count(False)
        made = own + len(found.posts) + len(found.asked)
        assert found.ledger.loc[0, "records"] == made + len(found.quarantine)
        return found

    return read_one


@pytest.fixture(scope="module")
def read_cells(read_map):
    """Read posts numbered from p1 whose column `x` has these cells."""

    def read_one(field, spec, cells, layout="csv", more=None, **listed):
        rows = [{"n": f"p{n}", "who": "u1", "x": cell} for n, cell in enumerate(cells, start=1)]
        spec = "x" if spec is None else {"column": "x"} | spec
        return read_map(rows, IDS | {field: spec} | (more or {}), layout, **listed)

    return read_one


def pseudonym(kind, native_id, key, platform="forum"):
    digest = hashlib.blake2s(
        f"{platform}:{native_id}".encode(),
        key=hashlib.sha256(key).digest(),
        person=kind.encode(),
        digest_size=10,
    )
    return f"{kind[0]}_{digest.hexdigest()}"


def column_of(spec):
    return spec if isinstance(spec, str) else spec["column"]


def set_aside(found):
    return found.quarantine[["row", "column", "value"]].to_numpy().tolist()


def reasons(found):
    return found.quarantine["reason"].tolist()


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


# --- every field


@pytest.mark.parametrize("layout", ["csv", "json"])
def test_a_post_field_by_field(read_map, key, layout):
    found = read_map([POST], EVERY_FIELD, layout)
    assert found.posts.to_pylist() == [
        {
            "post_id": pseudonym("post", "p1", key),
            "account_id": pseudonym("account", "u1", key),
            "platform": "forum",
            "native_id": "p1",
            "kind": "reply",
            "posted_at": utc(2021, 4, 22, 10, 0, 5),
            "posted_precision": "s",
            "text": "a flower, 花",
            "language": "zh",
            "urls": ["https://a.invalid/1", "https://b.invalid/2"],
            "hashtags": ["flower", "花"],
            "mentions": [pseudonym("account", "u7", key), pseudonym("account", "u8", key)],
            "media_ids": ["i1", "i2"],
            "repost_of": pseudonym("post", "p8", key),
            "reply_to": pseudonym("post", "p9", key),
            "likes": 1,
            "replies": 2,
            "reposts": 3,
            "views": 4,
            "collection": "toy",
            "source_file": "f.csv",
            "source_row": 1,
        }
    ]


@pytest.mark.parametrize("layout", ["csv", "json"])
def test_the_author_of_a_post_field_by_field(read_map, key, layout):
    found = read_map([POST], EVERY_FIELD, layout)
    assert found.accounts.to_pylist() == [
        {
            "account_id": pseudonym("account", "u1", key),
            "platform": "forum",
            "unit": "page",
            "native_id": "u1",
            "display_name": "Fake Flower",
            "handle": "fakeflower",
            "description": "invented",
            "picture_hash": "c3a5f00d12345678",
            "created_at": utc(2019, 5, 3),
            "created_precision": "day",
            "created_source": "api",
            "country": "BD",
            # the language is that of the post
            "language": None,
            "followers": 12,
            "following": 34,
            "name_history": None,
            "admin_countries": None,
            "first_seen": utc(2022, 1, 1),
            "last_seen": utc(2022, 1, 1),
            "removed_after": None,
            "removed_before": None,
            "collection": "toy",
            "source_file": "f.csv",
            "source_row": 1,
            "derived": True,
        }
    ]


@pytest.mark.parametrize("layout", ["csv", "json"])
def test_a_picture_is_a_hash_or_nothing(read_map, layout):
    bad = ["https://pictures.invalid/1.jpg", "c3a5", "c3a5f00d1234567g", "a" * 129]
    good = ["", "C3A5F00D12345678", "d41d8cd98f00b204e9800998ecf8427e"]
    rows = [{"who": f"u{n}", "face": cell} for n, cell in enumerate([*good, *bad])]
    fields = {"native_id": "who", "picture_hash": "face"}
    found = read_map(rows, fields, layout, records="accounts")
    assert found.accounts["picture_hash"].to_pylist() == [None, *good[1:]]
    assert found.quarantine["column"].to_list() == ["face"] * 4
    assert set(found.quarantine["reason"]) == {
        "not the hash of a picture; expected 8 to 128 hexadecimal digits or nothing"
    }


def test_a_map_of_the_needed_field_alone(read_map, key):
    rows = [{"who": "u1"}, {"who": "u2"}, {"who": "u1"}]
    found = read_map(rows, {"account_id": "who"}, file="a/b.csv")
    # An id is made of what the record holds, whatever file it stands in; merging tells
    # those apart that are alike in one file.
    one, two, three = found.posts["native_id"].to_pylist()
    assert one == three != two
    assert found.posts["post_id"][2].as_py() == pseudonym("post", one, key)
    again = read_map(rows[::-1], {"account_id": "who"}, file="other.csv")
    assert again.posts["native_id"].to_pylist() == [one, two, one]
    assert set(found.posts["kind"].to_pylist()) == {"post"}
    assert set(found.posts["posted_precision"].to_pylist()) == {"none"}
    assert found.posts["posted_at"].null_count == found.posts["text"].null_count == 3
    assert found.posts["urls"].to_pylist() == [[], [], []]
    assert found.accounts["native_id"].to_pylist() == ["u1", "u2"]
    assert (
        found.accounts.select(
            ["unit", "created_at", "created_precision", "created_source"]
        ).to_pylist()
        == [
            {
                "unit": "user",
                "created_at": None,
                "created_precision": "none",
                "created_source": "none",
            }
        ]
        * 2
    )


@pytest.mark.parametrize("layout", ["csv", "json"])
def test_an_account_field_by_field(read_map, key, layout):
    fields = {name: EVERY_FIELD[name] for name in FIELDS["accounts"] if name in EVERY_FIELD}
    fields |= {"native_id": "who", "first_seen": "seen_on"}
    rows = [POST | {"seen_on": "2021-12-30T23:00:00Z"}, POST | {"who": "u2", "seen_on": ""}]
    found = read_map(rows, fields, layout, records="accounts")
    assert found.accounts.to_pylist()[0] == {
        "account_id": pseudonym("account", "u1", key),
        "platform": "forum",
        "unit": "page",
        "native_id": "u1",
        "display_name": "Fake Flower",
        "handle": "fakeflower",
        "description": "invented",
        "picture_hash": "c3a5f00d12345678",
        "created_at": utc(2019, 5, 3),
        "created_precision": "day",
        "created_source": "api",
        "country": "BD",
        "language": "zh",
        "followers": 12,
        "following": 34,
        "name_history": None,
        "admin_countries": None,
        # sightings are days
        "first_seen": utc(2021, 12, 30),
        "last_seen": utc(2022, 1, 1),
        "removed_after": None,
        "removed_before": None,
        "collection": "toy",
        "source_file": "f.csv",
        "source_row": 1,
        "derived": False,
    }
    assert found.accounts["first_seen"].to_pylist()[1] == utc(2022, 1, 1)
    assert len(found.posts) == 0


def test_nobody_is_first_seen_after_he_was_last_seen(read_map):
    # in the east the snapshot's day had an evening that is the next day in UTC
    rows = [{"who": "u1", "seen": "2022-01-02T05:00Z"}]
    found = read_map(rows, {"native_id": "who", "first_seen": "seen"}, records="accounts")
    assert found.accounts["first_seen"].to_pylist() == [utc(2022, 1, 1)]


@pytest.mark.parametrize("layout", ["csv", "json"])
def test_websites_are_accounts_by_their_hosts(read_map, key, layout):
    rows = [
        {"site": "https://www.Fake-News.invalid/about?x=1", "name": "Fake News"},
        {"site": "flower.invalid", "name": ""},
        {"site": "nowhere", "name": "No dot"},
        {"site": "", "name": "Nothing"},
    ]
    fields = {"native_id": "site", "display_name": "name"}
    found = read_map(rows, fields, layout, records="websites", platform="web")
    columns = ["account_id", "platform", "unit", "native_id", "display_name", "derived"]
    assert found.accounts.select(columns).to_pylist() == [
        {
            "account_id": pseudonym("account", host, key, "web"),
            "platform": "web",
            "unit": "website",
            "native_id": host,
            "display_name": name,
            "derived": False,
        }
        for host, name in (("fake-news.invalid", "Fake News"), ("flower.invalid", None))
    ]
    assert set_aside(found) == [[3, "site", "nowhere"], [4, "site", ""]]
    assert set(reasons(found)) == {"not a website; expected a domain or a web address"}


def test_a_pattern_finds_the_website_in_a_longer_text(read_map):
    rows = [{"site": "site: flower.invalid"}, {"site": "flower.invalid"}]
    fields = {"native_id": {"column": "site", "pattern": "^site: (.*)"}}
    found = read_map(rows, fields, records="websites")
    assert found.accounts["native_id"].to_pylist() == ["flower.invalid"]
    assert set_aside(found) == [[2, "site", "flower.invalid"]]


@pytest.mark.parametrize("layout", ["csv", "json"])
def test_ids_asked_for_are_neither_accounts_nor_posts(read_map, key, layout):
    rows = [{"id": "u1"}, {"id": ""}, {"id": "1.01E+17"}, {"id": "u1"}]
    found = read_map(rows, {"native_id": "id"}, layout, records="asked", platform="x")
    assert found.asked.to_pylist() == [
        {
            "platform": "x",
            "account_id": pseudonym("account", "u1", key, "x"),
            "native_id": "u1",
            "source_file": "f.csv",
            "source_row": row,
            **dict.fromkeys(("reason", "gone_at", "created_at")),
        }
        for row in (1, 4)
    ]
    assert len(found.accounts) == len(found.posts) == 0
    assert set_aside(found) == [[2, "id", ""], [3, "id", "1.01E+17"]]
    assert reasons(found)[0] == "no id; expected the id of the account"


# --- ids, values, patterns, constants


@pytest.mark.parametrize(
    ("field", "cell", "reason"),
    [
        ("n", "", "no id; expected the id of the post"),
        ("n", "1.01421E+18", "scientific notation: a spreadsheet such as Excel has rounded this"),
        ("n", "1014210000000000000", "too many zeros at the end: a spreadsheet such as Excel"),
        ("n", "two words", "not an id; expected the id of the post, at most 200 characters"),
        ("n", "n" * 201, "not an id; expected the id of the post, at most 200 characters"),
        ("who", "", "no id; expected the id of the account"),
        ("who", "1.01421E+18", "scientific notation"),
        ("original", "1.01421E+18", "scientific notation"),
        ("above", '{"id": 1}', "nested JSON where an id was due"),
        ("fans", "1.5", "not a count; expected a whole number or nothing"),
        ("hearts", "-1", "not a count; expected a whole number or nothing"),
        ("seen", "many", "not a count; expected a whole number or nothing"),
        ("type", "Foto", "a value that the column map does not know; expected one of Thema, Antw"),
        ("type", "", "a value that the column map does not know; expected one of Thema, Antwort"),
        ("sort", "Gruppe", "a value that the column map does not know; expected one of Seite, Me"),
        ("forum", "g_1", "a value that the column map does not know; expected one of f"),
        ("forum", "", "a value that the column map does not know; expected one of f"),
        ("written", "", "not a time; expected ISO 8601"),
        ("written", "yesterday", "not a time; expected ISO 8601"),
        ("written", "22.04.2021", "a date that may be day-first or month-first; expected ISO 8601"),
        ("written", "2022-01-03", "a time after the snapshot; expected one before it"),
        ("since", "May 2019", "not a time; expected ISO 8601"),
        ("since", "2022-01-03", "a time after the snapshot"),
    ],
)
@pytest.mark.parametrize("layout", ["csv", "json"])
def test_a_bad_cell_is_set_aside_with_column_and_reason(read_map, layout, field, cell, reason):
    rows = [POST, POST | {"n": "p2"} | {field: cell}, POST | {"n": "p3"}]
    found = read_map(rows, EVERY_FIELD, layout)
    assert set_aside(found) == [[2, field, cell[:80]]]
    assert reasons(found)[0].startswith(reason)
    assert found.posts["native_id"].to_pylist() == ["p1", "p3"]


@pytest.mark.parametrize(
    "column",
    [
        *("body", "lang", "original", "above", "links", "tags", "names", "images", "fans"),
        *("follows", "hearts", "answers", "shares", "seen", "author", "nick", "about", "land"),
        "since",
    ],
)
@pytest.mark.parametrize("layout", ["csv", "json"])
def test_most_fields_may_be_empty_and_are_then_missing(read_map, layout, column):
    found = read_map([POST | {column: ""}], EVERY_FIELD, layout)
    assert set_aside(found) == []
    (field,) = [name for name, spec in EVERY_FIELD.items() if column_of(spec) == column]
    table = found.posts if field in found.posts.column_names else found.accounts
    assert table[field].to_pylist() in ([None], [[]])


def test_one_column_may_give_several_fields(read_map):
    values = {"fb": "facebook", "tw": "x"}
    fields = {
        "account_id": "who",
        "platform": {"column": "who", "pattern": "^(fb|tw)_", "values": values},
        "handle": {"column": "who", "pattern": "_(.*)$"},
    }
    found = read_map([{"who": "fb_a"}, {"who": "tw_a"}, {"who": "vk_a"}], fields)
    assert found.posts["platform"].to_pylist() == ["facebook", "x"]
    assert found.accounts.select(["platform", "native_id", "handle"]).to_pylist() == [
        {"platform": "facebook", "native_id": "fb_a", "handle": "a"},
        {"platform": "x", "native_id": "tw_a", "handle": "a"},
    ]
    assert len(set(found.posts["account_id"].to_pylist())) == 2
    assert set_aside(found) == [[3, "who", "vk_a"]]
    assert reasons(found)[0].endswith("expected one of fb, tw")


def test_the_platform_decides_the_pseudonym(read_map, key):
    rows = [{"who": "1", "on": "x"}, {"who": "1", "on": "vk"}]
    found = read_map(rows, {"account_id": "who", "platform": "on"})
    expected = [pseudonym("account", "1", key, platform) for platform in ("x", "vk")]
    assert found.posts["account_id"].to_pylist() == expected
    assert found.accounts["account_id"].to_pylist() == expected


def test_a_record_without_its_platform_is_set_aside(read_map):
    rows = [{"who": "1", "on": "x"}, {"who": "1", "on": ""}]
    found = read_map(rows, {"account_id": "who", "platform": "on"})
    assert set_aside(found) == [[2, "on", ""]]
    assert reasons(found) == ["no platform; expected a name such as x"]


@pytest.mark.parametrize(
    ("pattern", "cell", "text"),
    [
        ("b+", "abbc", "bb"),
        ("a(b+)(c)", "abbc", "bb"),
        ("(?:a)b", "abbc", "ab"),
        ("(x)?b", "abbc", None),
        (r"\d+", "no 42, no 43", "42"),
        (r"^'(.*)'$", "'it''s'", "it''s"),
        ("[^ ]+$", "花 开", "开"),
        ("z", "", None),
    ],
)
def test_a_pattern_gives_its_first_group_or_all_of_it(read_cells, pattern, cell, text):
    found = read_cells("text", {"pattern": pattern}, [cell, "xb ab 1 'a' 花"])
    if set_aside(found) == [[1, "x", cell]]:
        # a first group that matched nothing has no value
        assert pattern == "(x)?b"
        return
    assert found.posts["text"].to_pylist()[0] == text


def test_a_pattern_that_does_not_fit_sets_aside_what_stands_there_only(read_cells, key):
    found = read_cells("reply_to", {"pattern": "^t_(.+)"}, ["t_7", "", "7"])
    # a post that answers nothing has an empty cell
    assert found.posts["reply_to"].to_pylist() == [pseudonym("post", "7", key), None]
    assert set_aside(found) == [[3, "x", "7"]]
    assert reasons(found) == ["a value that the column map does not know; expected ^t_(.+)"]


@pytest.mark.parametrize(
    ("spec", "cells", "likes", "aside"),
    [
        ({"pattern": "^([0-9]+) likes$"}, ["7 likes", "", "7"], [7, None], ["7"]),
        ({"values": {"none": "0", "few": "3"}}, ["few", "", "7", "none"], [3, None, 0], ["7"]),
        ({"pattern": "^.*$"}, ["7", "1.5", "9" * 18, "9" * 19], [7, 10**18 - 1], ["1.5", "9" * 19]),
    ],
)
def test_a_count_may_be_taken_out_of_its_cell(read_cells, spec, cells, likes, aside):
    found = read_cells("likes", spec, cells)
    assert found.posts["likes"].to_pylist() == likes
    assert found.quarantine["value"].tolist() == aside


def test_values_are_compared_whole_and_exactly(read_cells):
    found = read_cells("language", {"values": {"1": "zh", "10": "en"}}, ["1", "10", " 1", "01"])
    assert found.posts["language"].to_pylist() == ["zh", "en"]
    assert found.quarantine["value"].tolist() == [" 1", "01"]


@pytest.mark.parametrize("kind", ["post", "repost", "reply", "comment", "video"])
def test_kinds_that_need_no_values(read_cells, kind):
    found = read_cells("kind", None, [kind, kind.upper(), ""])
    assert found.posts["kind"].to_pylist() == [kind]
    assert found.quarantine["value"].tolist() == [kind.upper(), ""]
    assert reasons(found)[0].endswith("expected one of post, repost, reply, comment, video")


def test_constants_hold_for_all_records(read_map):
    fields = IDS | {
        "platform": {"constant": "telegram"},
        "kind": {"constant": "video"},
        "unit": {"constant": "channel"},
        "text": {"constant": 'it\'s "all" the same; --'},
        "language": {"constant": "zh"},
        "display_name": {"constant": "花"},
    }
    found = read_map([{"n": "1", "who": "a"}, {"n": "2", "who": "b"}], fields)
    columns = ["platform", "kind", "text", "language"]
    same = dict(zip(columns, ["telegram", "video", 'it\'s "all" the same; --', "zh"], strict=True))
    assert found.posts.select(columns).to_pylist() == [same, same]
    assert found.accounts["unit"].to_pylist() == ["channel", "channel"]
    assert found.accounts["display_name"].to_pylist() == ["花", "花"]


@pytest.mark.parametrize("more", [{"display_name": "who"}, {}])
def test_all_records_may_be_one_account_s(read_map, more):
    fields = {"account_id": {"constant": "channel-1"}, "native_id": "n"} | more
    found = read_map([{"n": "1", "who": "a"}, {"n": "2", "who": "a"}], fields)
    assert found.accounts["native_id"].to_pylist() == ["channel-1"]
    assert len(found.posts) == 2


# --- lists


@pytest.mark.parametrize("field", ["urls", "hashtags", "media_ids"])
@pytest.mark.parametrize(
    ("spec", "cell", "items"),
    [
        (None, "a b", ["a b"]),
        (None, " a ", ["a"]),
        ({"separator": ","}, "a, b,,  ,c", ["a", "b", "c"]),
        ({"separator": "'"}, "a'b", ["a", "b"]),
        ({"separator": "; DROP TABLE batch; --"}, "a; DROP TABLE batch; --b", ["a", "b"]),
        ({"separator": "."}, "a.b", ["a", "b"]),
        ({"separator": "||"}, "a||b|c", ["a", "b|c"]),
        ({"separator": " ", "pattern": "#(.+)"}, "#a b #花", ["a", "花"]),
        ({"pattern": "[a-z]+"}, "1a2b", ["a"]),
    ],
)
def test_lists_within_a_cell(read_cells, field, spec, cell, items):
    found = read_cells(field, spec, [cell, ""])
    assert found.posts[field].to_pylist() == [items, []]
    assert set_aside(found) == []


@pytest.mark.parametrize(
    ("spec", "value", "items"),
    [
        (None, ["a", " b ", "", None], ["a", "b"]),
        (None, [], []),
        (None, None, []),
        (None, "a,b", ["a,b"]),
        (None, [1, True], None),
        ({"separator": ","}, "a,b", ["a", "b"]),
        ({"pattern": "#(.+)"}, ["#a", "b", "#c"], ["a", "c"]),
    ],
)
def test_lists_in_json(read_cells, spec, value, items):
    found = read_cells("hashtags", spec, [value], "json")
    shown = ["1", "true"] if items is None else items
    assert found.posts["hashtags"].to_pylist() == [shown]


@pytest.mark.parametrize("value", [["a", ["b"]], [{"tag": "a"}], {"tag": "a"}])
def test_a_list_in_json_that_holds_more_than_values_is_set_aside(read_cells, value):
    found = read_cells("hashtags", None, [value, ["a"]], "json")
    assert [row[:2] for row in set_aside(found)] == [[1, "x"]]
    assert reasons(found)[0].startswith("nested JSON where a value was due")


def test_a_list_of_mentions_in_json_is_a_list_of_pseudonyms(read_cells, key):
    found = read_cells("mentions", None, [["u7", "u8"]], "json")
    expected = [pseudonym("account", "u7", key), pseudonym("account", "u8", key)]
    assert found.posts["mentions"].to_pylist() == [expected]


def test_an_address_may_be_id_and_link(read_map):
    fields = {"account_id": "who", "native_id": "at", "urls": "at", "media_ids": "at"}
    rows = [{"who": "1", "at": "https://a.invalid/1"}]
    for layout in ("csv", "json"):
        found = read_map(rows, fields, layout)
        assert found.posts["native_id"].to_pylist() == ["https://a.invalid/1"]
        assert found.posts["urls"].to_pylist() == [["https://a.invalid/1"]]
        assert found.posts["media_ids"].to_pylist() == [["https://a.invalid/1"]]


# --- JSON


def test_paths_and_containers_in_json(read_map):
    rows = [
        {"user": {"id": 7, "name": "Fake Hat"}, "message": {"id": 12345678901234567890}},
        {"user": {"id": "8"}, "message": {"id": 2, "parts": [{"text": "x"}]}},
        {"user": "9", "message": {"id": 3}},
        "no object",
    ]
    fields = {"account_id": "user.id", "native_id": "message.id", "display_name": "user.name"}
    content = json.dumps({"next": 1, "posts": rows}, indent=1).encode()
    found = read_map(content, fields, "json", more={"container": "posts"})
    # numbers keep their digits: ids are text
    assert found.posts["native_id"].to_pylist() == ["12345678901234567890", "2"]
    assert found.accounts.select(["native_id", "display_name"]).to_pylist() == [
        {"native_id": "7", "display_name": "Fake Hat"},
        {"native_id": "8", "display_name": None},
    ]
    assert sorted(set_aside(found)) == [[3, "user.id", "9"], [4, "", ""]]
    assert sorted(reasons(found)) == [
        "a JSON str; expected an object",
        "a value where nested JSON was due; expected an object with this path in it",
    ]


def test_a_list_and_one_value_a_line_read_alike(read_map):
    rows = [{"n": str(n), "who": "a", "x": n} for n in range(3)]
    fields = IDS | {"likes": "x"}
    as_list, in_lines = (
        read_map(content, fields, "json").posts
        for content in (json.dumps(rows, indent=1).encode(), as_lines(rows))
    )
    assert as_list.equals(in_lines)
    assert as_list["likes"].to_pylist() == [0, 1, 2]


# --- times


UTC = {"zone": "UTC"}


def posted(found):
    return found.posts.select(["posted_at", "posted_precision"]).to_pylist()


@pytest.mark.parametrize(
    ("spec", "cell", "moment", "precision"),
    [
        ({}, "2021-04-22", utc(2021, 4, 22), "day"),
        ({}, "2021-04-22 10:05Z", utc(2021, 4, 22, 10, 5), "min"),
        # without a zone a time is a day, and says no more in any zone
        ({}, "2021-04-22 10:05", utc(2021, 4, 22), "day"),
        ({}, "2021-04-22T10:05:06.789", utc(2021, 4, 22), "day"),
        ({"format": "%d.%m.%Y %H:%M"}, "03.04.2021 05:06", utc(2021, 4, 3), "day"),
        ({"zone": "UTC"}, "2021-04-22T10:05:06", utc(2021, 4, 22, 10, 5, 6), "s"),
        ({}, "2021-04-22T10:05:06.789Z", utc(2021, 4, 22, 10, 5, 6, 789_000), "ms"),
        ({}, "2021-04-22T10:05:06.000Z", utc(2021, 4, 22, 10, 5, 6), "s"),
        ({}, "2021-04-22T10:05:06+05:30", utc(2021, 4, 22, 4, 35, 6), "s"),
        # half-hour and quarter-hour zones
        ({"zone": "Asia/Kolkata"}, "2021-04-22 10:05", utc(2021, 4, 22, 4, 35), "min"),
        ({"zone": "Asia/Kathmandu"}, "2021-04-22 10:05", utc(2021, 4, 22, 4, 20), "min"),
        # daylight saving: two hours from UTC in summer, one in winter
        ({"zone": "Europe/Berlin"}, "2021-07-01 12:00", utc(2021, 7, 1, 10), "min"),
        ({"zone": "Europe/Berlin"}, "2021-01-01 12:00", utc(2021, 1, 1, 11), "min"),
        ({"zone": "America/St_Johns"}, "2021-07-01 12:00", utc(2021, 7, 1, 14, 30), "min"),
        ({"zone": "Asia/Shanghai"}, "2021-04-22T10:05:06.789", utc(2021, 4, 22, 2, 5, 6, 789_000),
         "ms"),
        # an offset goes before the zone, and a day has no hour that could move
        ({"zone": "Asia/Shanghai"}, "2021-04-22T10:05:06Z", utc(2021, 4, 22, 10, 5, 6), "s"),
        ({"zone": "Asia/Shanghai"}, "2021-04-22 10:05-05:00", utc(2021, 4, 22, 15, 5), "min"),
        ({"zone": "Asia/Shanghai"}, "2021-04-22", utc(2021, 4, 22), "day"),
        ({"format": "%d.%m.%Y", "zone": "Asia/Shanghai"}, "03.04.2021", utc(2021, 4, 3), "day"),
        ({"format": "%m/%d/%Y"}, "03/04/2021", utc(2021, 3, 4), "day"),
        ({"format": "%d/%m/%Y"}, "03/04/2021", utc(2021, 4, 3), "day"),
        (
            {"format": "%d.%m.%Y %H:%M", "zone": "Asia/Taipei"},
            *("03.04.2021 05:06", utc(2021, 4, 2, 21, 6), "min"),
        ),
        (UTC | {"format": "%-d.%-m.%Y %-H:%-M"}, "3.4.2021 5:6", utc(2021, 4, 3, 5, 6), "min"),
        (UTC | {"format": "%b %d %Y, %I:%M %p"}, "Apr 03 2021, 5:06 PM", utc(2021, 4, 3, 17, 6),
         "min"),
        (UTC | {"format": "%Y %H:%M %d/%m %%S"}, "2021 05:06 03/04 %S", utc(2021, 4, 3, 5, 6),
         "min"),
        ({"format": "%Y-%m-%d %H"}, "2021-04-03 17", utc(2021, 4, 3), "day"),
        (
            UTC | {"format": "%Y-%m-%d %H:%M:%S.%f"},
            *("2021-04-03 05:06:07.123456", utc(2021, 4, 3, 5, 6, 7, 123_000), "ms"),
        ),
        (UTC | {"format": "%Y-%m-%d %H:%M:%S.%f"}, "2021-04-03 05:06:07.000",
         utc(2021, 4, 3, 5, 6, 7), "s"),
        (
            {"format": "%d %b %Y %H:%M:%S %z"},
            *("03 Apr 2021 05:06:07 +0530", utc(2021, 4, 2, 23, 36, 7), "s"),
        ),
        (
            {"format": "%d %b %Y %H:%M:%S %z", "zone": "Asia/Shanghai"},
            *("03 Apr 2021 05:06:07 +0530", utc(2021, 4, 2, 23, 36, 7), "s"),
        ),
        ({"format": "epoch"}, "1617426367", utc(2021, 4, 3, 5, 6, 7), "s"),
        ({"format": "epoch"}, "1617426367.0", utc(2021, 4, 3, 5, 6, 7), "s"),
        ({"format": "epoch"}, "1617426367.5", utc(2021, 4, 3, 5, 6, 7, 500_000), "ms"),
        ({"format": "epoch"}, "1617426367.1234567", utc(2021, 4, 3, 5, 6, 7, 123_000), "ms"),
        ({"format": "epoch", "zone": "Asia/Shanghai"}, "1617426367", utc(2021, 4, 3, 5, 6, 7), "s"),
        ({"format": "epoch_ms"}, "1617426367001", utc(2021, 4, 3, 5, 6, 7, 1_000), "ms"),
        ({"format": "epoch_ms"}, "1617426367000", utc(2021, 4, 3, 5, 6, 7), "s"),
        ({"format": "%d.%m.%Y", "pattern": "on (.*)"}, "on 03.04.2021", utc(2021, 4, 3), "day"),
        ({"pattern": "[0-9-]{10}"}, "as of 2021-04-03.", utc(2021, 4, 3), "day"),
    ],
)  # fmt: skip
def test_times_in_utc_and_how_exact_they_are(read_cells, spec, cell, moment, precision):
    found = read_cells("posted_at", spec, [cell])
    assert reasons(found) == []
    assert posted(found) == [{"posted_at": moment, "posted_precision": precision}]


ZONES = ["Europe/Berlin", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe", "UTC"]
LOCAL = st.datetimes(dt.datetime(2007, 1, 1), dt.datetime(2021, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)


@FUZZED
@given(st.sampled_from(ZONES), st.lists(LOCAL, min_size=1, max_size=8))
def test_a_zone_means_what_the_standard_library_says(read_cells, zone, moments):
    found = read_cells(
        "posted_at",
        {"format": "%Y-%m-%d %H:%M:%S", "zone": zone},
        [f"{moment:%Y-%m-%d %H:%M:%S}" for moment in moments],
    )
    got = dict(zip(found.posts["source_row"].to_pylist(), posted(found), strict=True))
    for row, moment in enumerate(moments, start=1):
        first, last = (
            moment.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(dt.UTC) for fold in (0, 1)
        )
        if first.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != moment:
            assert row not in got
        elif first == last:
            assert got[row] == {"posted_at": first, "posted_precision": "s"}
        else:
            day = dt.datetime.combine(moment, dt.time(), dt.UTC)
            assert got[row] == {"posted_at": day, "posted_precision": "day"}


@pytest.mark.parametrize(
    ("spec", "cell", "reason"),
    [
        ({}, "22/04/2021", "a date that may be day-first or month-first; expected ISO 8601"),
        ({}, "4/22/21 10:00", "a date that may be day-first or month-first; expected ISO 8601"),
        ({}, "1617426367", "not a time; expected ISO 8601"),
        (
            {"format": "%d/%m/%Y"},
            "04/22/2021",
            "no time in the form %d/%m/%Y, but one in %m/%d/%Y: day-first and month-first are",
        ),
        (
            {"format": "%m/%d/%Y %H:%M", "zone": "Asia/Taipei"},
            "22/04/2021 10:00",
            "no time in the form %m/%d/%Y %H:%M, but one in %d/%m/%Y %H:%M: day-first and month-f",
        ),
        # the map says which is the day: this day is none
        ({"format": "%d/%m/%Y"}, "31/02/2021", "not a time; expected %d/%m/%Y"),
        ({"format": "%d.%m.%Y"}, "22/04/2021", "not a time; expected %d.%m.%Y"),
        ({"format": "%Y"}, "", None),
        ({"format": "epoch"}, "2021-04-22", "not a time; expected epoch"),
        ({"format": "epoch"}, "-2", "not a time; expected epoch"),
        ({"format": "epoch"}, "1.6E+09", "not a time; expected epoch"),
        ({"format": "epoch"}, "161742636700", "not a time; expected epoch"),
        ({"format": "epoch"}, "99999999999", "a time after the snapshot; expected one before it"),
        ({"format": "epoch_ms"}, "1617426367", "a time before the platform opened; expected a la"),
        ({"format": "epoch_ms"}, "161742636700000", "not a time; expected epoch_ms"),
        ({"format": "epoch"}, "NaN", "not a time; expected epoch"),
        ({}, "2022-01-02 12:00Z", "a time after the snapshot; expected one before it"),
        ({}, "2006-03-20T23:59:59Z", "a time before the platform opened; expected a later one"),
    ],
)
def test_a_wrong_time_is_set_aside_with_its_reason(read_cells, spec, cell, reason):
    if reason is None:
        with pytest.raises(ConfigError, match="without a day"):
            read_cells("posted_at", spec, [cell])
        return
    found = read_cells("posted_at", spec, [cell], platform="x")
    assert set_aside(found) == [[1, "x", cell]]
    assert reasons(found)[0].startswith(reason)
    assert len(found.posts) == 0


def test_the_last_time_before_the_end_of_the_snapshot_s_day_is_kept(read_cells):
    found = read_cells("posted_at", None, ["2022-01-02 11:59:59Z", "2006-03-21"], platform="x")
    assert len(found.posts) == 2


def test_a_platform_of_the_records_decides_when_it_opened(read_map):
    rows = [{"who": who, "at": "2005-06-01"} for who in ("tw_1", "fb_1")]
    values = {"fb": "facebook", "tw": "x"}
    platform = {"column": "who", "pattern": "^(fb|tw)_", "values": values}
    found = read_map(rows, {"account_id": "who", "platform": platform, "posted_at": "at"})
    assert set_aside(found) == [[1, "at", "2005-06-01"]]
    assert found.posts["platform"].to_pylist() == ["facebook"]


# --- maps that are none


@pytest.mark.parametrize(
    ("records", "fields", "said"),
    [
        ("posts", {"account_id": "a", "txet": "b"}, "unknown field 'txet' of posts. Known: "),
        ("accounts", {"native_id": "a", "text": "b"}, "unknown field 'text' of accounts."),
        ("websites", {"native_id": "a", "views": "b"}, "unknown field 'views' of websites."),
        # an id asked for is one of the platform that its file is listed with
        ("asked", {"native_id": "a", "platform": "b"}, "unknown field 'platform' of asked."),
        ("posts", {"native_id": "a"}, "found no account_id; expected it for posts."),
        ("accounts", {"handle": "a"}, "found no native_id; expected it for accounts."),
        ("websites", {"country": "a"}, "found no native_id; expected it for websites."),
        ("asked", {}, "found no native_id; expected it for asked."),
    ],
)
def test_a_wrong_map_is_named(records, fields, said):
    with pytest.raises(ConfigError) as error:
        mapped_format("json", "m", {"records": records, "fields": fields})
    message = str(error.value)
    assert message.startswith("column_maps.m.fields: ")
    assert said in message


@pytest.mark.parametrize(
    ("field", "spec", "said"),
    [
        ("account_id", {"pattern": "("}, "missing ): ("),
        # good in Python, not in RE2
        ("text", {"pattern": "a(?=b)"}, "invalid perl operator: (?="),
        ("posted_at", {"zone": "Asia/Peking"}, "Asia/Peking"),
        ("posted_at", {"zone": "../etc"}, "expected one such as Asia/Shanghai"),
        ("posted_at", {"zone": "Asia"}, "expected one such as Asia/Shanghai"),
        ("created_at", {"zone": "'); DROP TABLE batch; --"}, "expected one such as Asia/Shanghai"),
        ("posted_at", {"format": "%Q"}, "%Q"),
        ("posted_at", {"format": "%B %Y"}, "the format '%B %Y' without a day"),
        ("posted_at", {"format": "%H:%M"}, "the format '%H:%M' without a day"),
        ("text", {"separator": ","}, "found 'separator', which says nothing here"),
        ("text", {"zone": "UTC"}, "found 'zone', which says nothing here"),
        ("likes", {"format": "epoch"}, "found 'format', which says nothing here"),
        ("urls", {"values": {"a": "b"}}, "found 'values', which says nothing here"),
        ("posted_at", {"values": {"a": "b"}}, "found 'values', which says nothing here"),
        ("kind", {"values": {"a": "b"}}, "found 'b'; expected one of post, repost, reply"),
        ("unit", {"values": {"a": "user", "b": "bot"}}, "found 'bot'; expected one of user, page"),
    ],
)
def test_a_wrong_option_is_named_with_its_field(field, spec, said):
    fields = {"account_id": "a", field: {"column": "b"} | spec}
    with pytest.raises(ConfigError) as error:
        mapped_format("csv", "m", {"records": "posts", "fields": fields})
    message = str(error.value)
    assert message.startswith(f"column_maps.m.fields.{field}: found ")
    assert said in message
    assert "; expected " in message


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("posted_at", "2021-04-22", "found 'constant', which says nothing here"),
        ("created_at", "2021-04-22", "found 'constant', which says nothing here"),
        ("urls", "https://a.invalid", "found 'constant', which says nothing here"),
        ("likes", "1", "found 'constant', which says nothing here"),
        ("native_id", "1", "found 'constant', which says nothing here"),
        ("reply_to", "1", "found 'constant', which says nothing here"),
        ("unit", "bot", "found 'bot'; expected one of user, page, profile, channel, website."),
        ("kind", "tweet", "found 'tweet'; expected one of post, repost, reply, comment, video."),
    ],
)
@pytest.mark.parametrize("layout", ["csv", "json"])
def test_a_constant_is_refused_where_each_record_has_its_own(layout, field, value, said):
    fields = {"account_id": "a", field: {"constant": value}}
    with pytest.raises(ConfigError, match=f"^column_maps.m.fields.{field}: ") as error:
        mapped_format(layout, "m", {"records": "posts", "fields": fields})
    assert said in str(error.value)


def test_a_format_that_names_no_map_is_refused(read):
    with pytest.raises(ConfigError, match=r"found 'csv:n'; expected one of .*csv:<map>"):
        read(b"a\n", "csv:n", column_maps={"m": {}})


def test_a_missing_column_is_named(read_map):
    with pytest.raises(
        RawFileError, match=r"^f\.csv, row 0, column who: found a header of . columns without it"
    ):
        read_map([{"n": "1", "whom": "2"}], IDS)


@pytest.mark.parametrize(
    ("used", "meant", "words"),
    [
        (",", ";", "The cells are separated by semicolons, not commas"),
        (";", ",", "The cells are separated by commas, not semicolons"),
        (",", "\t", "The cells are separated by tabs, not commas"),
        ("|", ";", "The cells are separated by semicolons, not vertical bars"),
    ],
)
def test_the_wrong_delimiter_is_named_with_the_right_one(read_map, used, meant, words):
    content = as_table([{"n": "1", "who": "2"}], meant)
    with pytest.raises(RawFileError) as error:
        read_map(content, IDS, more={"delimiter": used})
    assert words in str(error.value)
    assert f"a column map with delimiter {meant!r}" in str(error.value)


@pytest.mark.parametrize("delimiter", [";", "\t", "|", " "])
def test_any_delimiter_can_be_read(read_map, delimiter):
    content = as_table([{"n": "1", "who": 'a"b', "x": f"one{delimiter}two\nthree"}], delimiter)
    found = read_map(content, IDS | {"text": "x"}, more={"delimiter": delimiter})
    assert found.posts["text"].to_pylist() == [f"one{delimiter}two\nthree"]


# --- hostile names and values

HOSTILE = [
    "it's",
    "a; b",
    'x; DROP TABLE batch; --',
    "x'; DROP TABLE batch; --",
    "') FROM batch; DELETE FROM known; --",
    "* FROM batch --",
    "/* x",
    "\\",
    "{text}",
    "%s %d",
    "?",
    ":name",
    "$1",
    "x.y z",
    "select",
    "batch",
    "i",
    "known",
    "failed",
    "content",
    "account_id",
    "platform",
    "derived",
    # what expressions call things by
    *("item", "an item", "i", "source_row", "SOURCE_ROW", "created_at_utc", "posted_at_0"),
    *("the text", "what is absent", "native_id", "text", "file", "snapshot", "collection"),
    "\u202eabc",
    "花",
    " ",
]  # fmt: skip
QUOTES = ['x"', '"x"', 'x"; DROP TABLE batch; --', 'x""y', '" FROM batch; --']
PARAMETERS = ["$snapshot", "$platform", "the $file", "$collection"]


@pytest.mark.parametrize("name", [*HOSTILE, *QUOTES, *PARAMETERS])
@pytest.mark.parametrize("layout", ["csv", "json"])
def test_a_column_may_have_any_name(read_map, key, name, layout):
    # In JSON a dot parts the steps of a path.
    name = name if layout == "csv" else name.replace(".", "")
    rows = [{name: "p1", "who": "u1"}, {name: "", "who": "u2"}]
    found = read_map(rows, {"account_id": "who", "native_id": name, "text": name}, layout)
    assert found.posts["native_id"].to_pylist() == ["p1"]
    assert found.posts["text"].to_pylist() == ["p1"]
    assert set_aside(found) == [[2, name, ""]]
    # and where nothing is checked in it
    found = read_map(rows, {"account_id": "who", "text": name, "display_name": name}, layout)
    assert found.posts["text"].to_pylist() == ["p1", None]
    assert found.accounts["display_name"].to_pylist() == ["p1", None]


@pytest.mark.parametrize("text", [*HOSTILE, *QUOTES, *PARAMETERS])
def test_a_constant_may_be_any_text(read_map, text):
    fields = {"account_id": "who", "text": {"constant": text}, "handle": {"constant": text}}
    found = read_map([{"who": "u1"}], fields)
    assert found.posts["text"].to_pylist() == [text]
    assert found.accounts["handle"].to_pylist() == [text]


@pytest.mark.parametrize("text", [*HOSTILE, *QUOTES, *PARAMETERS])
def test_a_value_may_be_any_text(read_cells, text):
    found = read_cells("text", {"values": {text: text}}, [text, "other"])
    assert found.posts["text"].to_pylist() == [text]
    assert set_aside(found) == [[2, "x", "other"]]
    assert text in reasons(found)[0]


@pytest.mark.parametrize("text", [*HOSTILE, *QUOTES, *PARAMETERS])
def test_a_separator_may_be_any_text(read_cells, text):
    found = read_cells("urls", {"separator": text}, [f"1{text}2"])
    assert found.posts["urls"].to_pylist() == [["1", "2"]]


@pytest.mark.parametrize("text", ["it's", "x'; DROP TABLE batch; --", 'a"b', "a; b", "{a}", "花"])
def test_a_pattern_may_hold_quotes(read_cells, text):
    found = read_cells("text", {"pattern": text}, [f"<{text}>", "other"])
    assert found.posts["text"].to_pylist() == [text]
    assert set_aside(found) == [[2, "x", "other"]]
    assert reasons(found)[0].endswith(f"expected {text}")


@pytest.mark.parametrize("text", ["it's %Y-%m-%d", "'; DROP TABLE batch; -- %Y-%m-%d", '"%Y-%m-%d'])
def test_a_format_may_hold_quotes(read_cells, text):
    found = read_cells("posted_at", {"format": text}, [dt.date(2021, 4, 22).strftime(text), "x"])
    assert posted(found) == [{"posted_at": utc(2021, 4, 22), "posted_precision": "day"}]
    assert set_aside(found) == [[2, "x", "x"]]


@pytest.mark.parametrize("cell", [*HOSTILE, *QUOTES, *PARAMETERS, "a\0b", "NULL"])
@pytest.mark.parametrize("layout", ["csv", "json"])
def test_a_cell_may_hold_any_text(read_cells, cell, layout):
    found = read_cells("text", None, [cell], layout)
    assert found.posts["text"].to_pylist() == [cell]


# --- whatever comes

CELL = st.one_of(
    st.sampled_from([*POST.values(), "", "1.5", "03/04/2021", "1E+20", "x" * 300, "[1]"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
)
JSON_CELL = st.one_of(
    CELL,
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.lists(CELL | st.none() | st.lists(CELL, max_size=1), max_size=2),
    st.dictionaries(CELL, CELL, max_size=2),
)


@FUZZED
@given(st.lists(st.dictionaries(st.sampled_from(list(POST)), CELL, max_size=3), max_size=4))
def test_no_csv_crashes_the_reader(read_map, changes):
    rows = [POST | change | {"n": f"{change.get('n', 'p')}{n}"} for n, change in enumerate(changes)]
    found = read_map(as_table([POST, *rows]), EVERY_FIELD)
    assert found.ledger.loc[0, "records"] == len(rows) + 1


@FUZZED
@given(st.lists(st.dictionaries(st.sampled_from(list(POST)), JSON_CELL, max_size=3), max_size=4))
def test_no_json_crashes_the_reader(read_map, changes):
    fields = EVERY_FIELD | {"hashtags": "tags", "mentions": "names"}
    found = read_map([POST, *(POST | change for change in changes)], fields, "json")
    assert found.ledger.loc[0, "records"] == len(changes) + 1


@FUZZED
@given(
    st.sampled_from(["accounts", "websites", "asked"]),
    st.lists(
        st.dictionaries(st.sampled_from(["id", "at", "n"]), JSON_CELL), min_size=1, max_size=4
    ),
)
def test_no_list_of_accounts_crashes_the_reader(read_map, records, rows):
    fields = {"native_id": "id"}
    if records == "accounts":
        fields |= {"created_at": "at", "first_seen": "at", "followers": "n"}
    found = read_map(as_lines(rows), fields, "json", records=records)
    assert found.ledger.loc[0, "records"] == len(rows)


# --- two real collections, computed a second time by pandas alone

GERMAN = {
    "records": "posts",
    "fields": {
        "account_id": "account_id",
        "platform": {
            "column": "account_id",
            "pattern": "^(fb|tw)_",
            "values": {"fb": "facebook", "tw": "x"},
        },
        "posted_at": {"column": "timestamp", "format": "epoch"},
        "urls": "url_id",
        "hashtags": "hashtag_id",
        "media_ids": "phash_id",
    },
}
RUSSIAN = {
    "records": "posts",
    "fields": {
        "account_id": "account_id",
        "native_id": "content_id",
        "repost_of": "object_id",
        "kind": {"constant": "repost"},
        "posted_at": {"column": "timestamp_share", "format": "epoch"},
    },
}


def in_pandas(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def seconds(column):
    return pd.to_datetime(column.astype(float), unit="s", utc=True).dt.as_unit("ms")


def as_series(column):
    return column.to_pandas().dt.as_unit("ms")


@pytest.fixture(scope="module")
def german(read, realdata):
    path = realdata / "coordination" / "german_elections.csv.gz"
    found = read(path, "csv:g", column_maps={"g": GERMAN}, **LISTED)
    return found, in_pandas(path)


@pytest.fixture(scope="module")
def russian(read, realdata):
    path = realdata / "coordination" / "russian_coord_tweets.csv.gz"
    found = read(path, "csv:r", column_maps={"r": RUSSIAN}, **(LISTED | {"platform": "x"}))
    return found, in_pandas(path)


def test_the_german_elections_every_post_is_there(german):
    found, raw = german
    assert len(raw) == len(found.posts) == 218_971
    assert found.ledger[["records", "quarantined"]].to_numpy().tolist() == [[218_971, 0]]
    assert found.posts["source_row"].to_pylist() == list(range(1, 218_972))
    platforms = found.posts["platform"].to_pandas()
    assert platforms.value_counts().to_dict() == {"x": 137_402, "facebook": 81_569}
    assert platforms.equals(raw["account_id"].str[:2].map({"fb": "facebook", "tw": "x"}))


def test_the_german_elections_posts_without_an_id_are_posts_of_their_own(german):
    found, raw = german
    assert raw["post_id"].nunique() < len(raw)
    with duckdb.connect() as base:
        told, conflicts = posts_told_apart(base, base.from_arrow(found.posts))
        ids = told.project("post_id").to_arrow_table()["post_id"]
        assert len(set(ids.to_pylist())) == 218_971
    assert not len(conflicts)


def test_the_german_elections_accounts(german):
    found, raw = german
    accounts = found.accounts["native_id"].to_pylist()
    assert len(accounts) == len(set(accounts)) == 58_317
    assert set(accounts) == set(raw["account_id"])
    made = pd.Series(found.posts["account_id"].to_pylist())
    # one pseudonym an account and one account a pseudonym
    assert len(set(zip(made, raw["account_id"], strict=True))) == made.nunique() == 58_317


def test_the_german_elections_every_time_and_link(german):
    found, raw = german
    assert as_series(found.posts["posted_at"]).equals(seconds(raw["timestamp"]))
    assert set(found.posts["posted_precision"].to_pylist()) == {"s"}
    for field, column in (
        ("urls", "url_id"),
        ("hashtags", "hashtag_id"),
        ("media_ids", "phash_id"),
    ):
        expected = [[cell] if cell else [] for cell in raw[column]]
        assert found.posts[field].to_pylist() == expected


def test_the_russian_tweets_every_share_is_there(russian, key):
    found, raw = russian
    assert len(raw) == len(found.posts) == 35_125
    assert len(found.quarantine) == 0
    assert as_series(found.posts["posted_at"]).equals(seconds(raw["timestamp_share"]))
    assert found.posts["native_id"].to_pylist() == raw["content_id"].tolist()
    assert set(found.posts["kind"].to_pylist()) == {"repost"}
    shown = found.posts["repost_of"].to_pylist()
    assert len(set(zip(shown, raw["object_id"], strict=True))) == raw["object_id"].nunique()
    assert shown[0] == pseudonym("post", raw.loc[0, "object_id"], key, "x")
    assert len(found.accounts) == raw["account_id"].nunique()


CHANNELS = [
    {"no": "1", "chat": "c1", "who": "u1", "to": "", "from": "", "origin": ""},
    {"no": "2", "chat": "c1", "who": "u2", "to": "1", "from": "", "origin": ""},
    {"no": "1", "chat": "c2", "who": "u1", "to": "", "from": "2", "origin": "c1"},
    {"no": "2", "chat": "c2", "who": "u2", "to": "0", "from": "1", "origin": ""},
]


def test_a_map_may_say_what_an_id_is_unique_within(read_map, key):
    fields = {
        "account_id": "who",
        "native_id": {"column": "no", "unique_within": "chat"},
        "reply_to": {"column": "to", "unique_within": {"column": "chat", "pattern": "c."}},
        "repost_of": {"column": "from", "unique_within": "origin"},
    }
    found = read_map(CHANNELS, fields)
    assert found.posts["native_id"].to_pylist() == ["c1 1", "c1 2", "c2 1", "c2 2"]
    ids = found.posts["post_id"].to_pylist()
    assert len(set(ids)) == 4
    assert ids[0] == pseudonym("post", "c1 1", key)
    assert found.posts["reply_to"].to_pylist() == [None, ids[0], None, None]
    # What does not say of which channel its original is points at nothing.
    assert found.posts["repost_of"].to_pylist() == [None, None, ids[1], None]
    note = "1 x repost_of: an id without what it is unique within, taken as none"
    assert note in found.ledger["notes"][0]
    assert len(found.quarantine) == 0


def test_ids_may_be_unique_within_an_account_or_an_instance(read_map, key):
    within = {"unique_within": {"constant": "a.invalid"}}
    fields = {
        "account_id": {"column": "who"} | within,
        "native_id": {"column": "no", "unique_within": "account"},
        "mentions": {"column": "to", "separator": ","} | within,
    }
    found = read_map(CHANNELS[:2], fields)
    assert found.posts["native_id"].to_pylist() == ["a.invalid u1 1", "a.invalid u2 2"]
    people = dict(
        zip(
            found.accounts["native_id"].to_pylist(),
            found.accounts["account_id"].to_pylist(),
            strict=True,
        )
    )
    assert set(people) == {"a.invalid u1", "a.invalid u2"}
    assert found.posts["account_id"].to_pylist() == [people["a.invalid u1"], people["a.invalid u2"]]
    assert found.posts["mentions"].to_pylist() == [[], [pseudonym("account", "a.invalid 1", key)]]
    rows = [{"who": "u1"}]
    for kind in ("accounts", "asked"):
        found = read_map(rows, {"native_id": {"column": "who"} | within}, records=kind)
        table = found.accounts if kind == "accounts" else found.asked
        assert table["account_id"].to_pylist() == [people["a.invalid u1"]]


def test_an_id_without_its_scope_is_set_aside(read_map):
    rows = [CHANNELS[0], CHANNELS[1] | {"chat": " "}, CHANNELS[2] | {"no": ""}]
    fields = {"account_id": "who", "native_id": {"column": "no", "unique_within": "chat"}}
    found = read_map(rows, fields)
    assert found.posts["native_id"].to_pylist() == ["c1 1"]
    assert found.quarantine["row"].tolist() == [2, 3]
    assert found.quarantine["reason"].tolist() == [
        "nothing; expected what the id of the post is unique within",
        "no id; expected the id of the post",
    ]


@pytest.mark.parametrize(
    ("records", "fields", "said"),
    [
        ("posts", {"account_id": {"column": "a", "unique_within": "account"}}, "found 'account'"),
        ("accounts", {"native_id": {"column": "a", "unique_within": "account"}}, "found 'account'"),
        ("websites", {"native_id": {"column": "a", "unique_within": "b"}}, "for websites"),
        (
            "posts",
            {"account_id": "a", "text": {"column": "b", "unique_within": "c"}},
            "says nothing",
        ),
        (
            "posts",
            {"account_id": {"constant": "a", "unique_within": "c"}},
            "found 'unique_within', which says nothing here",
        ),
    ],
)
def test_a_scope_that_means_nothing_is_refused(records, fields, said):
    with pytest.raises(ConfigError, match=said):
        mapped_format("json", "m", {"records": records, "fields": fields})
