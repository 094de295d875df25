"""What column maps can say of odd files: paths, alternatives, forms of times, what is left out."""

import datetime as dt
import json

import pytest

from hydrascope.errors import ConfigError, RawFileError
from hydrascope.ingest.column_map import check_file_name
from hydrascope.ingest.generic import mapped_format

IDS = {"native_id": "n", "account_id": "who"}
GOOD = {"n": "p1", "who": "u1"}


@pytest.fixture(scope="module")
def read_by(read):
    """Read a file by a map of posts; records are written as JSON."""

    def read_one(content, fields, *, layout="json", limits=None, more=None, **listed):
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        column_map = {"records": "posts", "fields": IDS | fields, **(more or {})}
        listed = {"platform": "forum", "snapshot": "2022-03-01"} | listed
        form = f"{layout}:m"
        return read(content, form, column_maps={"m": column_map}, limits=limits, **listed)

    return read_one


def notes(found):
    return found.ledger.loc[0, "notes"]


def one(found, field):
    return found.posts[field].to_pylist()


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


# --- where records and values stand


@pytest.mark.parametrize(
    ("container", "document"),
    [
        ("items", {"next": 1, "items": [GOOD]}),
        ("response.items", {"response": {"count": 1, "items": [GOOD]}}),
        ("a.b.c", {"z": {}, "a": {"b": {"c": [GOOD], "d": 1}}}),
        ("chats[].messages", {"chats": [{"messages": [GOOD]}, {"messages": []}]}),
        ("chats[type=open].messages", {"chats": [{"type": "open", "messages": [GOOD]}]}),
        ("chats.list[].messages", {"chats": {"list": [{"messages": [GOOD]}]}}),
        # pages of a list, and a key that has a dot in it
        ("response.items", [{"response": {"items": [GOOD]}}, {"response": {"items": None}}]),
        ("response.items", {"response.items": [GOOD]}),
    ],
)
@pytest.mark.parametrize("way", ["document", "line", "indented"])
def test_records_stand_in_lists_however_deep(read_by, container, document, way):
    content = json.dumps(document, indent=1 if way == "indented" else None).encode()
    content = content + b"\n" + content if way == "line" else content
    found = read_by(content, {}, more={"container": container})
    assert set(one(found, "native_id")) == {"p1"}
    assert len(found.quarantine) == 0


@pytest.mark.parametrize(
    "document",
    [{"data": [GOOD]}, {"response": {"data": [GOOD]}}, {"response": [GOOD]}, {"response": 1}, GOOD],
)
def test_a_page_without_the_container_is_set_aside_and_says_which_it_lacks(read_by, document):
    content = json.dumps(document, indent=1).encode()
    found = read_by(content, {}, more={"container": "response.items"})
    assert len(found.posts) == 0
    assert "no list under the map's container" in found.quarantine.loc[0, "reason"]


def test_lists_of_objects_give_lists_and_single_values(read_by):
    record = GOOD | {
        "links": [{"url": "https://a.example"}, {"url": "https://b.example"}],
        "refs": [{"type": "quoted", "id": "1"}, {"type": "retweeted", "id": "2"}],
        "langs": ["de", "en"],
        "facets": [{"features": [{"tag": "x"}]}, {"features": [{"tag": "y"}]}],
    }
    fields = {
        "urls": "links[].url",
        "hashtags": "facets[].features[].tag",
        "repost_of": "refs[type=retweeted].id",
        "language": "langs[]",
    }
    found = read_by([record], fields)
    assert one(found, "urls") == [["https://a.example", "https://b.example"]]
    assert one(found, "hashtags") == [["x", "y"]]
    assert one(found, "language") == ["de"]
    assert one(found, "kind") == ["repost"]


def test_a_text_in_parts_is_joined_and_its_links_are_the_posts(read_by):
    parts = [
        {"type": "bold", "text": "New"},
        " at ",
        {"type": "link", "text": "https://a.example"},
        {"type": "text_link", "text": " here", "href": "https://b.example"},
        {"type": "custom_emoji"},
    ]
    records = [GOOD | {"text": text} for text in (parts, "plain", [], "", [[1]], {"text": "x"})]
    records = [record | {"n": f"p{n}"} for n, record in enumerate(records)]
    found = read_by(records, {"text": "text"})
    assert one(found, "text") == ["New at https://a.example here", "plain", None, None]
    assert one(found, "urls") == [["https://a.example", "https://b.example"], [], [], []]
    assert found.quarantine["row"].tolist() == [5, 6]
    found = read_by(
        [GOOD | {"text": parts, "u": ["https://b.example", "https://c.example"]}],
        {"text": "text", "urls": "u"},
    )
    assert one(found, "urls") == [["https://b.example", "https://c.example", "https://a.example"]]


def test_the_first_of_several_columns_that_says_something_counts(read_by):
    moved = [
        GOOD | {"user": {"core": {"name": "a"}, "legacy": {"name": "old"}}},
        GOOD | {"n": "p2", "who": "u2", "user": {"legacy": {"name": "b"}}},
        GOOD | {"n": "p3", "who": "u3", "user": {"legacy": {}}},
    ]
    fields = {"display_name": {"column": ["user.core.name", "user.legacy.name"]}}
    found = read_by(moved, fields)
    assert found.accounts["display_name"].to_pylist() == ["a", "b", None]
    assert notes(found) == "1 x no user.core.name or user.legacy.name in the record"
    fields = {"handle": {"column": ["nick", "name"]}}
    found = read_by(b"n,who,name\n1,2,a\n", fields, layout="csv")
    assert found.accounts["handle"].to_pylist() == ["a"]
    with pytest.raises(RawFileError, match="column nick or name: found a header"):
        read_by(b"n,who,nam\n1,2,a\n", fields, layout="csv")


def test_a_field_that_records_do_not_have_is_noted_and_no_fault(read_by):
    found = read_by([GOOD, GOOD | {"n": "p2", "t": None}, GOOD | {"n": "p3"}], {"text": "t"})
    assert len(found.posts) == 3
    assert notes(found) == "2 x no t in the record"


# --- how a delimited file is laid out


def test_lines_before_the_header_and_empty_columns_behind_it(read_by):
    content = b'notes,,,\n"two, with a quote",,,\nn,who,,\np1,u1,,\n'
    found = read_by(content, {}, layout="csv", more={"skip": 2})
    assert one(found, "native_id") == ["p1"]
    with pytest.raises(RawFileError, match="The header stands 2 lines further down"):
        read_by(content, {}, layout="csv")
    with pytest.raises(RawFileError, match="expected more than 9"):
        read_by(content, {}, layout="csv", more={"skip": 9})


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (r'"say \"hi\", all"', 'say "hi", all'),
        (r'"C:\new\\"', "C:\\new\\"),
        (r'"doubled ""too"""', 'doubled "too"'),
        ('"a \\"line\\"\nmore"', 'a "line"\nmore'),
        (r"bare\path", r"bare\path"),
    ],
)
def test_an_escape_goes_before_a_quote_and_is_itself_elsewhere(read_by, cell, text):
    content = f"n,who,t\np1,u1,{cell}\np2,u2,plain\n".encode()
    found = read_by(content, {"text": "t"}, layout="csv", more={"escape": "\\"})
    assert one(found, "text") == [text, "plain"]


def test_columns_by_number_and_the_account_in_the_name_of_the_file(read_by):
    fields = {
        "native_id": {"column": 2},
        "text": {"column": 3},
        "account_id": {"file": "posts_([0-9]+)"},
    }
    found = read_by(
        b"2021-01-01,7,one\n2021-01-02,8,\xe8\x8a\xb1\n",
        fields,
        layout="csv",
        more={"header": False},
        file="in/posts_15.csv",
    )
    assert one(found, "native_id") == ["7", "8"]
    assert one(found, "text") == ["one", "花"]
    assert found.accounts["native_id"].to_pylist() == ["15"]
    column_map = {"records": "posts", "fields": fields, "header": False}
    check_file_name("m", column_map, "in/posts_15.csv")
    with pytest.raises(ConfigError, match="found no account_id in the name of the file"):
        check_file_name("m", column_map, "in/posts.csv")


@pytest.mark.parametrize("name", ["source_row", "in the file n", "the text", "n "])
def test_a_column_called_as_the_reader_calls_its_own_is_a_column(read_by, name):
    content = f"n,who,{name}\np1,u1,x\n".encode()
    assert one(read_by(content, {"text": name}, layout="csv"), "text") == ["x"]


def test_a_delimiter_may_be_of_any_script(read_by):
    found = read_by("n，who\np1，u1\n".encode(), {}, layout="csv", more={"delimiter": "，"})
    assert one(found, "native_id") == ["p1"]


# --- what is left out


def test_records_that_are_none_are_left_out_by_name_and_are_no_fault(read_by):
    records = [
        GOOD | {"type": "message"},
        {"type": "service"},
        GOOD | {"n": "p3", "t": "[deleted]"},
    ]
    rules = [
        {"column": "type", "is": ["service", "pinned"], "reason": "a service message"},
        {"column": "t", "pattern": r"^\[deleted\]$", "reason": "a deleted text"},
    ]
    found = read_by(records, {}, more={"skip_rows": rules}, limits={"strict": True})
    assert one(found, "native_id") == ["p1"]
    assert notes(found) == "1 x absent: a deleted text; 1 x absent: a service message"
    assert found.quarantine["kind"].tolist() == ["absence"] * 2


def test_a_record_that_is_left_out_need_not_look_like_one(read_by):
    records = [{"n": "1", "author": {"id": "u1"}}, {"n": "2", "author": "[deleted]"}]
    rule = {"column": "author", "pattern": r"^\[\p{L}+\]$", "reason": "a deleted account"}
    fields = {"account_id": "author.id"}
    found = read_by(records, fields, more={"skip_rows": [rule]}, limits={"strict": True})
    assert one(found, "native_id") == ["1"]
    assert notes(found) == "1 x absent: a deleted account"


# --- times


@pytest.mark.parametrize(
    ("cell", "moment", "precision"),
    [
        ("2017-07-03", utc(2017, 7, 3), "day"),
        ("2017-07-03 10:00", utc(2017, 7, 3, 2), "min"),
        ("01-22", utc(2022, 1, 22), "day"),
        # the last one before the snapshot's day is over everywhere
        ("03-02", utc(2022, 3, 2), "day"),
        ("03-03", utc(2021, 3, 3), "day"),
        ("02-29", utc(2020, 2, 29), "day"),
        ("20小时前", utc(2022, 2, 28), "day"),
        ("今天 12:30", utc(2022, 3, 1), "day"),
        ("3 weeks ago", None, "none"),
    ],
)
def test_a_time_may_come_in_several_forms(read_by, cell, moment, precision):
    spec = {"column": "at", "format": ["iso", "%m-%d", "ago"], "zone": "Asia/Shanghai"}
    found = read_by([GOOD | {"at": cell}], {"posted_at": spec})
    assert one(found, "posted_at") == [moment]
    assert one(found, "posted_precision") == [precision]


@pytest.mark.parametrize(
    ("spec", "cell", "said"),
    [
        ({}, "2021-01-01 10:00", "posted_at: a time without a zone, kept as its day"),
        ({"format": "%d/%m/%y"}, "05/06/21", "a year of two digits, taken as the last before"),
        ({"format": "%m-%d"}, "01-22", "a day without a year, taken as the last before"),
        ({"format": "ago"}, "1 hour ago", "told from the snapshot's day, kept as a day"),
        ({"format": "ago"}, "1 year ago", "known to a week or less well, left out"),
        (
            {"zone": "America/New_York"},
            "2021-11-07 01:30",
            "an hour that the clocks of America/New_York showed twice, kept as its day",
        ),
    ],
)
def test_the_ledger_says_where_a_time_is_less_exact_than_it_looks(read_by, spec, cell, said):
    found = read_by([GOOD | {"at": cell}], {"posted_at": {"column": "at"} | spec})
    assert said in notes(found)
    assert set(one(found, "posted_precision")) <= {"day", "none"}


@pytest.mark.parametrize("cell", ["2021-01-01", "2021-01-01T10:00:00Z", "2021-01-01 10:00+08:00"])
def test_times_that_say_all_are_not_noted(read_by, cell):
    assert notes(read_by([GOOD | {"at": cell}], {"posted_at": "at"})) == ""


@pytest.mark.parametrize(
    ("zone", "cell"),
    [
        ("America/New_York", "2021-03-14 02:30"),
        ("Australia/Lord_Howe", "2021-10-03 02:10"),
        # a day that Samoa left out
        ("Pacific/Apia", "2011-12-30 10:00"),
    ],
)
def test_an_hour_that_no_clock_showed_is_set_aside(read_by, zone, cell):
    spec = {"column": "at", "zone": zone}
    found = read_by([GOOD | {"at": cell}], {"posted_at": spec})
    assert f"an hour that the clocks of {zone} never showed" in found.quarantine.loc[0, "reason"]


# --- kinds, languages, platforms


@pytest.mark.parametrize(
    ("fields", "record", "kind", "said"),
    [
        ({"repost_of": "r"}, {"r": "9"}, "repost", ""),
        ({"repost_of": "r"}, {"r": ""}, "post", ""),
        ({"repost_of": "r"}, {"r": "NaN"}, "post", "repost_of: a word for nothing"),
        ({"reply_to": "a"}, {"a": "9"}, "reply", ""),
        ({"repost_of": "r", "reply_to": "a"}, {"r": "9", "a": "8"}, "repost", ""),
        ({"repost_of": "r", "kind": "k"}, {"r": "9", "k": "post"}, "post", "kind: no repost, but"),
        ({"reply_to": "a", "kind": "k"}, {"a": "9", "k": "post"}, "post", "kind: a post, but"),
        ({"kind": "k"}, {"k": "repost"}, "repost", "kind: a repost without the id of its original"),
        ({"reply_to": "a", "kind": "k"}, {"a": "9", "k": "comment"}, "comment", ""),
    ],
)
def test_a_kind_follows_from_what_a_post_points_at(read_by, fields, record, kind, said):
    found = read_by([GOOD | record], fields)
    assert one(found, "kind") == [kind]
    assert said in notes(found)
    assert bool(notes(found)) == bool(said)


def test_languages_by_name_and_those_that_cannot_be_told(read_by):
    names = ["English", "中文", "zh_TW", "eng", "und", "Klingon", "ceb", ""]
    records = [GOOD | {"n": f"p{n}", "l": name} for n, name in enumerate(names)]
    found = read_by(records, {"language": "l"})
    assert one(found, "language") == ["en", "zh", "zh", "en", "und", None, "ceb", None]
    assert "1 x language: a name or code that cannot be told" in notes(found)
    assert "1 x language: a code of three letters" in notes(found)


def test_one_platform_has_one_name(read_by):
    names = ["X", "x ", "Ｘ", "x"]
    records = [GOOD | {"n": f"p{n}", "on": name} for n, name in enumerate(names)]
    found = read_by(records, {"platform": "on"})
    assert one(found, "platform") == ["x"] * 4
    assert len(set(one(found, "account_id"))) == 1
    assert "3 x platform: written in another way" in notes(found)


def test_a_colon_in_a_platform_and_one_in_an_id_are_told_apart(read_by):
    pairs = [("b:1", "a"), ("b", "1:a"), ("b%3a1", "a"), ("b", "1%3Aa")]
    records = [GOOD | {"n": number, "on": name} for name, number in pairs]
    found = read_by(records, {"platform": "on"})
    assert one(found, "platform") == [name for name, _ in pairs]
    assert len(set(one(found, "post_id"))) == len(pairs)


# --- maps that are none


@pytest.mark.parametrize(
    ("fields", "more", "said"),
    [
        ({"posted_at": {"column": "a", "format": "%Y-%m-%d %I:%M"}}, {}, "expected %I and %p"),
        ({"posted_at": {"column": "a", "format": "%Y-%m-%d %H:%M %p"}}, {}, "expected %I and %p"),
        ({"posted_at": {"column": "a", "format": ["iso", "%H:%M"]}}, {}, "without a day"),
        ({"posted_at": {"column": "a", "format": "%j"}}, {}, "without a day"),
        ({"posted_at": {"column": "a", "zone": "right/UTC"}}, {}, "Did you mean 'UTC'"),
        ({"posted_at": {"column": "a", "zone": "asia/shanghai"}}, {}, "Did you mean 'Asia/S"),
        ({"posted_at": {"column": "a", "zone": "../UTC"}}, {}, "expected one such as Asia/Shangh"),
        ({"text": {"column": "a", "pattern": "(?<=h)e"}}, {}, "RE2 knows no look-ahead"),
        ({"text": {"column": "a\0b"}}, {}, "a sign that no file holds"),
        ({"text": {"constant": "a\0b"}}, {}, "a sign that no file holds"),
        ({"kind": {"column": "k", "values": {True: "post"}}}, {}, "found True as a key"),
        ({"kind": {"column": "k", "values": {None: "post"}}}, {}, "found None as a key"),
        ({"language": {"constant": "Klingon"}}, {}, "no language that can be told"),
        ({"text": {"column": 3}}, {}, "Numbers stand for columns of a file with header: false"),
        ({"text": {"column": "a"}}, {"header": False}, "expected its number, from 1"),
        ({}, {"container": "a"}, "found it in a map of CSV files"),
        ({}, {"delimiter": '"'}, "means something else already"),
        ({}, {"escape": ","}, "means something else already"),
        ({}, {"skip_rows": [{"column": "a", "pattern": "(", "reason": "r"}]}, "missing )"),
    ],
)
def test_what_cannot_be_meant_is_refused_when_the_map_is_read(fields, more, said):
    ids = {"native_id": "1", "account_id": "2"} if more.get("header") is False else IDS
    with pytest.raises(ConfigError) as error:
        mapped_format("csv", "m", {"records": "posts", "fields": ids | fields, **more})
    assert said in str(error.value)
    assert str(error.value).startswith("column_maps.m")


@pytest.mark.parametrize("key", [{"skip": 1}, {"escape": "\\"}, {"header": False}])
def test_a_key_for_delimited_files_is_refused_for_json(key):
    ids = {"native_id": "1", "account_id": "2"}
    with pytest.raises(ConfigError, match="found it in a map of JSON files"):
        mapped_format("json", "m", {"records": "posts", "fields": ids, **key})


def test_letters_that_re2_alone_knows_are_a_pattern(read_by):
    found = read_by([GOOD | {"t": "12 花"}], {"text": {"column": "t", "pattern": r"\p{Han}+"}})
    assert one(found, "text") == ["花"]
