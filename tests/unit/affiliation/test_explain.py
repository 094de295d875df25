import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from hydrascope.affiliation.explain import (
    IDENTITY,
    explained,
    found_accounts,
    rostered,
    ties,
    tying_things,
)
from hydrascope.affiliation.signals import GROUPS
from hydrascope.errors import TableError


@pytest.fixture
def verdicts():
    row = {
        "platform": "x",
        "unit": "user",
        "verdict": "affiliated",
        "verdict_without_timing": "undetermined",
        "seed": False,
        "community": 0,
        "score": 14.2,
        "links": 2,
        "measurable": 3,
    }
    for group in GROUPS:
        name = group.replace(" ", "_")
        row |= {f"{name}_things": 0, f"{name}_met": 0, f"{name}_p": None, f"{name}_q": None}
        row[f"{name}_weight"] = 0.0
    row |= {"content_things": 9, "content_met": 6, "content_p": 1e-9, "content_q": 1e-8}
    row |= {"content_weight": 4.25, "profile_weight": -0.5, "synchrony_weight": -2.0}
    row |= {"profile_things": 2, "profile_met": 1, "profile_p": 0.3, "profile_q": 0.8}
    row |= {"synchrony_things": 4, "synchrony_p": 1.0, "synchrony_q": 1.0}
    alone = {"verdict": "unaffiliated", "community": -1, "score": 1.0}
    return pd.DataFrame([{"account_id": "a"} | row, {"account_id": "b"} | row | alone])


EDGES = pd.DataFrame({"account_a": ["a", "a"], "account_b": ["b", "c"], "group": "content"})


def test_the_case_for_and_against_takes_ten_lines(verdicts):
    lines = explained(verdicts, EDGES, "a", threshold=12)
    assert len(lines) == 10
    text = "\n".join(lines)
    assert "a, x user: affiliated (undetermined without registration and synchrony)" in text
    assert "for      log odds 14.2, of 12" in text
    assert "for      content (+4.2): members are at 6 of its 9 things, p below 0.000001" in text
    assert "silent   registration" in text
    assert "against  profile (-0.5)" in text
    assert "against  synchrony (-2.0): no member holds any of its 4 things" in text
    assert "against  edges: 2 accounts by themselves stand out, 0 affiliated" in text
    assert "community 0: of the accounts closest to it 1 are affiliated, 0 of them seeds" in text


def test_the_case_against_says_so(verdicts):
    lines = explained(verdicts, EDGES[:0], "b", threshold=12)
    assert lines[2].startswith("against  log odds 1.0")
    assert lines[8].startswith("silent   edges")
    assert lines[9].startswith("against  community")


def test_an_account_that_is_not_there_is_an_error(verdicts):
    with pytest.raises(TableError, match="found no 'me'; expected the pseudonym"):
        explained(verdicts, EDGES, "me", threshold=12)


PEOPLE = pd.DataFrame(
    [
        ("a_1", "x", "100", "NewsDaily"),
        ("a_2", "youtube", "UCx", "@newsdaily"),
        ("a_3", "facebook", "200", None),
        ("a_4", "x", "200", "100"),
        ("a_5", "forum", "x:9", "Élan"),
    ],
    columns=IDENTITY,
)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("a_1", {"a_1"}),
        ("NewsDaily", {"a_1", "a_2"}),
        (" @NEWSDAILY ", {"a_1", "a_2"}),
        ("x:@newsdaily", {"a_1"}),
        ("YouTube:newsdaily", {"a_2"}),
        ("200", {"a_3", "a_4"}),
        ("facebook:200", {"a_3"}),
        ("100", {"a_1", "a_4"}),
        ("x:9", {"a_5"}),
        ("forum:x:9", {"a_5"}),
        ("ÉLAN", {"a_5"}),
    ],
)
def test_an_account_is_found_by_what_people_know_of_it(asked, found):
    assert set(found_accounts(PEOPLE, asked)["account_id"]) == found


@pytest.mark.parametrize(
    "asked", ["", "@", "ucx", "news", "x:", "x:200x", "facebook:newsdaily", ".*"]
)
def test_nobody_is_taken_for_somebody_else(asked):
    with pytest.raises(TableError, match="expected the pseudonym, the native id or the handle"):
        found_accounts(PEOPLE, asked)


def test_a_collection_without_accounts_knows_nobody():
    with pytest.raises(TableError, match="such as a pseudonym"):
        found_accounts(PEOPLE[:0], "a_1")


def test_a_roster_says_its_verdict():
    verdicts = pd.DataFrame(
        [("a", "x", "user", "affiliated", "named in the roster"), ("b", "x", "user", "none", None)],
        columns=["account_id", "platform", "unit", "verdict", "evidence"],
    )
    assert rostered(verdicts, "a") == ["a, x user: affiliated (named in the roster)"]
    assert rostered(verdicts, "b") == ["b, x user: none (no evidence)"]


@pytest.fixture
def base():
    columns = (
        "post_id account_id native_id text urls hashtags mentions media_ids repost_of posted_at"
    )
    day = pd.Timestamp("2021-03-04 05:06", tz="UTC")
    rows = [
        ("p1", "a", "n1", "one\n text", ["u"], ["t"], [], [], None, day),
        ("p2", "a", "n2", "again", ["u", "own"], [], [], [], None, pd.NaT),
        ("p3", "b", "n3", "one text", ["u"], ["t"], [], [], None, day),
        ("p4", "c", "n4", "other", ["u"], ["t"], [], [], None, day),
        ("p5", "d", "n5", "apart", [], ["t"], ["m"], [], "p9", day),
    ]
    posts = pa.Table.from_pandas(pd.DataFrame(rows, columns=columns.split()))
    lists = ["urls", "hashtags", "mentions", "media_ids"]
    for name in lists:
        place = posts.schema.get_field_index(name)
        posts = posts.set_column(place, name, posts[name].cast(pa.list_(pa.string())))
    forms = zip(["p1", "p2", "p3", "p4", "p5"], ["f1", "f2", "f1", "f3", "f4"], strict=True)
    members = pd.DataFrame(forms, columns=["post_id", "form"])
    with duckdb.connect() as connection:
        connection.register("posts", posts)
        connection.register("members", members)
        yield connection


def test_what_ties_an_account_is_what_members_hold_and_others_hardly(base):
    things = tying_things(base, "a", {"a", "b", "c"})
    assert things[["kind", "thing", "posts", "members", "holders"]].values.tolist() == [
        ["link", "u", 2, 2, 2],
        ["text", "f1", 1, 1, 1],
        ["hashtag", "t", 1, 2, 3],
    ]
    assert ties(things)[1:5] == [
        "  link u: 2 of 2 other holders are affiliated; 2 posts, such as n1 (2021-03-04 05:06):",
        "    one text",
        "  text: 1 of 1 other holders are affiliated; 1 posts, such as n1 (2021-03-04 05:06):",
        "    one text",
    ]
    assert "readable posts of ingest/" in ties(things)[0]


def test_an_account_that_shares_nothing_has_no_ties(base):
    for account, affiliated in (("a", {"a"}), ("d", {"a"} - {"a"}), ("nobody", {"a"})):
        assert "shares no text" in ties(tying_things(base, account, affiliated))[0]


def test_a_long_or_absent_text_is_cut():
    row = {"kind": "link", "thing": "u", "posts": 1, "holders": 1, "members": 1}
    row |= {"native_id": "n", "posted_at": pd.NaT}
    for text, end in (("x" * 500, "x ..."), (None, "    ")):
        lines = ties(pd.DataFrame([row | {"text": text}]))
        assert lines[-1].endswith(end) and len(lines[-1]) < 300
        assert "(undated)" in lines[1]
