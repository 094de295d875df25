"""The X API's formats: each field by hand, each wrong value with its reason, hostile JSON."""

import copy
import datetime as dt
import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

V1, V2 = "x_api_v1", "x_api_v2"
SNAPSHOT = dt.datetime(2020, 9, 14, tzinfo=dt.UTC)
EPOCH = dt.datetime(2010, 11, 4, 1, 42, 54, 657_000, tzinfo=dt.UTC)
SECOND = dt.datetime(2018, 10, 10, 20, 19, 24, tzinfo=dt.UTC)
MOMENT = SECOND.replace(microsecond=123_000)
MADE = dt.datetime(2017, 3, 4, 5, 6, 7, 89_000, tzinfo=dt.UTC)
FUZZED = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def snowflake(moment):
    return str((moment - EPOCH) // dt.timedelta(milliseconds=1) << 22)


TWEET_ID, USER_ID = snowflake(MOMENT), snowflake(MADE)
STAMP, USER_STAMP = "Wed Oct 10 20:19:24 +0000 2018", "Sat Mar 04 05:06:07 +0000 2017"
USER_V1 = {
    "id": int(USER_ID),
    "id_str": USER_ID,
    "name": "Fake Flower",
    "screen_name": "fakeflower",
    "description": "invented, 花",
    "followers_count": 12,
    "friends_count": 34,
    "created_at": USER_STAMP,
    "lang": "ZH-cn",
}
TWEET_V1 = {
    "id": int(TWEET_ID),
    "id_str": TWEET_ID,
    "created_at": STAMP,
    "full_text": "a flower, 花 https://t.invalid/1",
    "truncated": False,
    "user": USER_V1,
    "entities": {
        "hashtags": [{"text": "Flower", "indices": [0, 7]}, {"text": "花"}],
        "urls": [
            {"url": "https://t.invalid/1", "expanded_url": "https://long.invalid/1"},
            {"url": "https://t.invalid/2", "expanded_url": None},
        ],
        "user_mentions": [{"id": 71, "id_str": "71", "screen_name": "fakehat", "name": "Fake Hat"}],
        "media": [{"id": 81, "id_str": "81"}],
    },
    "extended_entities": {"media": [{"id": 81, "id_str": "81"}, {"id": 82, "id_str": "82"}]},
    "in_reply_to_status_id": 61,
    "in_reply_to_status_id_str": "61",
    "is_quote_status": False,
    "lang": "ZH",
    "favorite_count": 5,
    "retweet_count": 6,
    "reply_count": 7,
}
USER_V2 = {
    "id": USER_ID,
    "name": "Fake Flower",
    "username": "fakeflower",
    "description": "invented, 花",
    "created_at": "2017-03-04T05:06:07.000Z",
    "location": "Nowhere",
    "public_metrics": {"followers_count": 12, "following_count": 34, "tweet_count": 9},
}
TWEET_V2 = {
    "id": TWEET_ID,
    "text": "a flower, 花 https://t.invalid/1",
    "author_id": USER_ID,
    "created_at": "2018-10-10T20:19:24.000Z",
    "lang": "ZH",
    "public_metrics": {
        "like_count": 5,
        "retweet_count": 6,
        "reply_count": 7,
        "impression_count": 8,
        "quote_count": 9,
    },
    "referenced_tweets": [{"type": "replied_to", "id": "61"}],
    "entities": {
        "hashtags": [{"start": 0, "end": 7, "tag": "Flower"}, {"tag": "花"}],
        "urls": [
            {"url": "https://t.invalid/1", "expanded_url": "https://long.invalid/1"},
            {"url": "https://t.invalid/2"},
        ],
        "mentions": [{"username": "fakehat", "id": "71"}],
    },
    "attachments": {"media_keys": ["81", "82"]},
}
HAT = {"id": "71", "name": "Fake Hat", "username": "FakeHat"}
NOT_FOUND = {
    "value": "991",
    "detail": "Could not find user with ids: [991].",
    "title": "Not Found Error",
    "resource_type": "user",
    "parameter": "ids",
    "resource_id": "991",
    "type": "https://api.invalid/2/problems/resource-not-found",
}
GOOD = {V1: (TWEET_V1, USER_V1), V2: (TWEET_V2 | {"author": USER_V2}, USER_V2)}
CUT = "a tweet of whose text only the beginning is there"
BARE = "a tweet whose author is named by id alone"
QUOTES = "a tweet that quotes another, whose id is not kept"
INSIDE = "a record with another tweet inside, which is not kept by itself"
LEFT_TWEETS = "a page that includes further tweets, which are not kept"
LEFT_USERS = "a page that includes users who wrote none of its tweets, not kept"
NEITHER = {
    V1: "neither a tweet with its user nor a user; expected an object of the API v1.1",
    V2: "neither a tweet nor a user; expected an object of the API v2",
}
MISSHAPEN = "something else than the API gives at this path; expected an object there"
NO_TIME = "not a time; expected a time as the API gives it"
NO_COUNT = "not a count; expected a whole number or nothing"
NO_TWEET, NO_USER = (f"not a {of}'s id; expected 1 to 20 digits" for of in ("tweet", "user"))
ROUNDED = "scientific notation: a spreadsheet such as Excel has rounded this id"
NESTED = "nested JSON where a value was due"


def with_at(record, path, value):
    """A copy of a record with another value at a dotted path."""
    changed = copy.deepcopy(record)
    *steps, last = path.split(".")
    place = changed
    for step in steps:
        place = place.setdefault(step, {})
    place[last] = value
    return changed


def without(record, *keys):
    return {key: value for key, value in record.items() if key not in keys}


def page(data, *, users=(USER_V2,), **more):
    return {"data": data, "includes": {"users": list(users)}, "meta": {"result_count": 1}} | more


def as_json(value):
    return json.dumps(value, indent=1).encode()


def as_lines(values):
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def pseudonym(kind, native_id, key):
    digest = hashlib.blake2s(
        f"x:{native_id}".encode(),
        key=hashlib.sha256(key).digest(),
        person=kind.encode(),
        digest_size=10,
    )
    return f"{kind[0]}_{digest.hexdigest()}"


def notes(found):
    """What the ledger says of records that are kept."""
    said = found.ledger.loc[0, "notes"]
    return [note for note in said.split("; ") if note and " x set aside" not in f" {note}"]


def set_aside(found):
    return [tuple(row) for row in found.quarantine[["row", "column", "value"]].to_numpy()]


def one(table):
    (row,) = table.to_pylist()
    return row


def is_accounted_for(found):
    """Every record is an account or a post of its own, an id asked for, or set aside."""
    own = sum(not derived for derived in found.accounts["derived"].to_pylist())
    kept = own + len(found.posts) + len(found.asked)
    ledger = found.ledger.iloc[0]
    return ledger["records"] == kept + ledger["quarantined"] == kept + len(found.quarantine)


@pytest.fixture(scope="module")
def read_as(read):
    """Read a JSON document, or bytes that are given."""

    def read_one(kind, content, **listed):
        content = content if isinstance(content, bytes) else as_json(content)
        found = read(content, kind, **({"platform": "x", "snapshot": "2020-09-14"} | listed))
        assert is_accounted_for(found)
        return found

    return read_one


# Fields.


def account_of(derived, key, language):
    return {
        "account_id": pseudonym("account", USER_ID, key),
        "platform": "x",
        "unit": "user",
        "native_id": USER_ID,
        "display_name": "Fake Flower",
        "handle": "fakeflower",
        "description": "invented, 花",
        "picture_hash": None,
        "created_at": MADE,
        "created_precision": "ms",
        "created_source": "snowflake",
        "country": None,
        "language": language,
        "followers": 12,
        "following": 34,
        "name_history": None,
        "admin_countries": None,
        "first_seen": SNAPSHOT,
        "last_seen": SNAPSHOT,
        "removed_after": None,
        "removed_before": None,
        "collection": "toy",
        "source_file": "f.csv",
        "source_row": 1,
        "derived": derived,
    }


@pytest.mark.parametrize(
    ("kind", "content", "views", "language"),
    [
        (V1, TWEET_V1, None, "zh-cn"),
        (V2, page([TWEET_V2]), 8, None),
        (V2, page(TWEET_V2), 8, None),
        (V2, TWEET_V2 | {"author": USER_V2}, 8, None),
        (V2, without(TWEET_V2, "author_id") | {"author": USER_V2}, 8, None),
    ],
    ids=["v1", "v2 page", "v2 page of one", "v2 flattened", "v2 flattened without author_id"],
)
def test_a_tweet_field_by_field(read_as, key, kind, content, views, language):
    found = read_as(kind, content)
    assert one(found.posts) == {
        "post_id": pseudonym("post", TWEET_ID, key),
        "account_id": pseudonym("account", USER_ID, key),
        "platform": "x",
        "native_id": TWEET_ID,
        "kind": "reply",
        "posted_at": MOMENT,
        "posted_precision": "ms",
        "text": "a flower, 花 https://t.invalid/1",
        "language": "zh",
        "urls": ["https://long.invalid/1", "https://t.invalid/2"],
        "hashtags": ["Flower", "花"],
        "mentions": [pseudonym("account", "71", key)],
        "media_ids": ["81", "82"],
        "repost_of": None,
        "reply_to": pseudonym("post", "61", key),
        "likes": 5,
        "replies": 7,
        "reposts": 6,
        "views": views,
        "collection": "toy",
        "source_file": "f.csv",
        "source_row": 1,
    }
    assert one(found.accounts) == account_of(True, key, language)
    assert notes(found) == []


@pytest.mark.parametrize(
    ("kind", "content", "language"),
    [(V1, USER_V1, "zh-cn"), (V2, page([USER_V2], users=()), None), (V2, USER_V2, None)],
    ids=["v1", "v2 page", "v2 alone"],
)
def test_a_user_field_by_field(read_as, key, kind, content, language):
    found = read_as(kind, content)
    assert one(found.accounts) == account_of(False, key, language)
    assert len(found.posts) == 0
    assert notes(found) == []


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        (V1, {"id": 5, "created_at": STAMP, "text": "t", "user": {"id": 6}}),
        (V2, {"id": "5", "created_at": "2018-10-10T20:19:24Z", "text": "t", "author_id": "6"}),
    ],
)
def test_a_tweet_of_which_little_is_known(read_as, kind, record):
    found = read_as(kind, record)
    post, account = one(found.posts), one(found.accounts)
    assert (post["native_id"], post["kind"], post["text"]) == ("5", "post", "t")
    assert (post["posted_at"], post["posted_precision"]) == (SECOND, "s")
    names = ("language", "repost_of", "reply_to", "likes", "replies", "reposts", "views")
    assert [post[name] for name in names] == [None] * len(names)
    lists = ("urls", "hashtags", "mentions", "media_ids")
    assert [post[name] for name in lists] == [[]] * len(lists)
    assert account["native_id"] == "6"
    assert (account["created_precision"], account["created_source"]) == ("none", "none")
    names = ("display_name", "handle", "description", "created_at", "followers", "following")
    assert [account[name] for name in names] == [None] * len(names)
    assert notes(found) == [f"1 x {BARE}"]


def test_both_versions_say_the_same_of_a_tweet(read_as):
    old, new = read_as(V1, TWEET_V1), read_as(V2, page([TWEET_V2]))
    assert old.posts.drop_columns("views") == new.posts.drop_columns("views")
    assert old.accounts.drop_columns("language") == new.accounts.drop_columns("language")


# Ids.


def test_the_id_as_text_is_taken_and_the_rounded_number_is_not(read_as):
    record = TWEET_V1 | {
        "id": 1050118621198921700,
        "in_reply_to_status_id": 60,
        "user": USER_V1 | {"id": 1050118621198921700},
    }
    found = read_as(V1, record)
    assert found.posts == read_as(V1, TWEET_V1).posts
    assert one(found.accounts)["native_id"] == USER_ID


@pytest.mark.parametrize("as_text", [{}, {"id_str": None}, {"id_str": ""}])
def test_a_number_keeps_its_digits_where_it_is_the_only_id(read_as, key, as_text):
    # 2**53 and above: a reader that takes it for a float gives another one
    number = 1050118621198921729
    bare = {"id": number, "created_at": STAMP, "text": "t", "in_reply_to_status_id": number + 1}
    user = {"id": number + 2, "screen_name": "fakehat"}
    found = read_as(V1, bare | as_text | {"user": user | as_text})
    post = one(found.posts)
    assert post["native_id"] == "1050118621198921729"
    assert post["reply_to"] == pseudonym("post", "1050118621198921730", key)
    assert one(found.accounts)["native_id"] == "1050118621198921731"


@pytest.mark.parametrize(
    ("mention", "includes", "expected"),
    [
        ({"username": "fakehat", "id": "71"}, [], ["71"]),
        ({"username": "fakehat"}, [HAT], ["71"]),
        ({"username": "FAKEHAT"}, [HAT], ["71"]),
        ({"username": "fakehat", "id": "72"}, [HAT], ["72"]),
        ({"username": "fakeha"}, [HAT], []),
        ({"username": "fakehat"}, [HAT | {"id": None}], []),
        ({"username": None}, [HAT], []),
    ],
)
def test_a_mention_is_an_id_or_found_among_the_included_users(
    read_as, key, mention, includes, expected
):
    tweet = with_at(TWEET_V2, "entities.mentions", [mention])
    found = read_as(V2, page([tweet], users=[USER_V2, *includes]))
    assert one(found.posts)["mentions"] == [pseudonym("account", one, key) for one in expected]


def test_nobody_gets_the_profile_of_somebody_else(read_as):
    found = read_as(V2, TWEET_V2 | {"author": HAT})
    account = one(found.accounts)
    assert (account["native_id"], account["handle"]) == (USER_ID, None)
    assert one(found.posts)["native_id"] == TWEET_ID
    assert notes(found) == [f"1 x {BARE}"]


# Times.

EAST = "Wed Oct 10 22:19:24 +0200 2018"
LATER = SECOND + dt.timedelta(seconds=1)
OLD_ID = "9" * 17
OLD = (EPOCH + dt.timedelta(milliseconds=int(OLD_ID) >> 22)).replace(microsecond=0)


@pytest.mark.parametrize(
    ("native_id", "stated", "expected", "precision"),
    [
        (TWEET_ID, STAMP, MOMENT, "ms"),
        (TWEET_ID, EAST, MOMENT, "ms"),
        ("1001", EAST, SECOND, "s"),
        ("1001", "Wed Oct 10 14:49:24 -0530 2018", SECOND, "s"),
        ("1001", "2018-10-10T20:19:24.000Z", SECOND, "s"),
        ("1001", "2018-10-10T20:19:24Z", SECOND, "s"),
        ("1001", "2018-10-10T22:19:24+02:00", SECOND, "s"),
        ("1001", "2018-10-10T20:19:24.123Z", MOMENT, "ms"),
        # the tables hold milliseconds: what is finer is dropped, not refused
        ("1001", "2018-10-10T20:19:24.123999Z", MOMENT, "ms"),
        ("1001", "2018-10-10T22:19:24.123999999+02:00", MOMENT, "ms"),
        # an id that contradicts the stated second does not replace it
        (TWEET_ID, "Wed Oct 10 20:19:25 +0000 2018", LATER, "s"),
        (TWEET_ID, "2018-10-10T20:19:25.000Z", LATER, "s"),
        # below 10^17 an id is a running number
        (OLD_ID, f"{OLD:%a %b %d %H:%M:%S} +0000 {OLD:%Y}", OLD, "s"),
    ],
)
@pytest.mark.parametrize("kind", [V1, V2])
def test_a_time_is_as_exact_as_id_and_stated_second_agree(
    read_as, kind, native_id, stated, expected, precision
):
    changes = {"id": native_id, "id_str": native_id, "created_at": stated}
    tweet, user = GOOD[kind]
    post = one(read_as(kind, tweet | changes).posts)
    assert (post["posted_at"], post["posted_precision"]) == (expected, precision)
    account = one(read_as(kind, user | changes).accounts)
    assert (account["created_at"], account["created_precision"]) == (expected, precision)
    by_id = native_id == TWEET_ID and precision == "ms"
    assert account["created_source"] == ("snowflake" if by_id else "api")


@pytest.mark.parametrize("kind", [V1, V2])
def test_the_first_and_the_last_moment_that_a_tweet_can_have(read_as, kind):
    changes = {"id": "20", "id_str": "20"}
    for stated in ("Tue Mar 21 00:00:00 +0000 2006", "Tue Sep 15 11:59:59 +0000 2020"):
        assert len(read_as(kind, GOOD[kind][0] | changes | {"created_at": stated}).posts) == 1


# Kinds and texts.


def original(**changes):
    return TWEET_V1 | {"id_str": "51", "id": 51, "in_reply_to_status_id_str": None} | changes


def retweet(text, of, **changes):
    record = without(TWEET_V1, "full_text", "in_reply_to_status_id", "in_reply_to_status_id_str")
    return record | {"text": text, "retweeted_status": of} | changes


LONG = "花 " * 100 + "the end"


@pytest.mark.parametrize(
    ("record", "text", "cut"),
    [
        (
            retweet("RT @fakeflower: 花 花…", original(full_text=LONG)),
            f"RT @fakeflower: {LONG}",
            False,
        ),
        (
            retweet(
                "RT @fakeflower: 花 花…",
                without(original(text="花 花…", truncated=True), "full_text")
                | {"extended_tweet": {"full_text": LONG}},
            ),
            f"RT @fakeflower: {LONG}",
            False,
        ),
        # whole as it stands: it stays what it is, even if its author has another name now
        (retweet("RT @oldname: a flower", original()), "RT @oldname: a flower", False),
        (retweet(None, original(full_text="a flower")), "RT @fakeflower: a flower", False),
        # an original that ends in dots of its own
        (
            retweet("RT @fakeflower: and so on…", original(full_text="and so on…")),
            "RT @fakeflower: and so on…",
            False,
        ),
        # of the original there is no more than a beginning either
        (
            retweet(
                "RT @fakeflower: 花…",
                without(original(text="花 花… https://t.invalid/9", truncated=True), "full_text"),
            ),
            "RT @fakeflower: 花 花… https://t.invalid/9",
            True,
        ),
        # whose tweet it was stands before the text alone
        (
            retweet("RT @x: 花…", without(original(full_text=LONG), "user")),
            f"RT @x: {LONG}",
            False,
        ),
        (retweet("花…", without(original(full_text=LONG), "user")), LONG, False),
    ],
)
def test_a_retweets_text_is_whole_where_its_original_is(read_as, key, record, text, cut):
    found = read_as(V1, record)
    post = one(found.posts)
    assert (post["kind"], post["text"]) == ("repost", text)
    assert post["repost_of"] == pseudonym("post", "51", key)
    assert post["account_id"] == pseudonym("account", USER_ID, key)
    expected = [f"1 x {INSIDE}", *([f"1 x {CUT}"] if cut else [])]
    assert sorted(notes(found)) == sorted(expected)


def entities_v1(number):
    return {
        "urls": [
            {"url": f"https://t.invalid/{number}", "expanded_url": f"https://l.invalid/{number}"}
        ],
        "hashtags": [{"text": f"tag{number}"}],
        "user_mentions": [{"id_str": f"9{number}"}],
        "media": [{"id_str": f"8{number}"}],
    }


def entities_v2(number):
    return {
        "urls": [
            {"url": f"https://t.invalid/{number}", "expanded_url": f"https://l.invalid/{number}"}
        ],
        "hashtags": [{"tag": f"tag{number}"}],
        "mentions": [{"username": "x", "id": f"9{number}"}],
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"full_text": LONG, "entities": entities_v1(1), "extended_entities": {}},
        {
            "full_text": None,
            "text": "花…",
            "truncated": True,
            "entities": {"urls": [{"expanded_url": "https://twitter.com/i/web/status/51"}]},
            "extended_entities": {},
            "extended_tweet": {"full_text": LONG, "entities": entities_v1(1)},
        },
        {
            "full_text": LONG,
            "entities": entities_v1(1) | {"media": []},
            "extended_entities": {"media": [{"id_str": "81"}]},
        },
    ],
    ids=["full text", "extended tweet", "extended entities"],
)
def test_a_retweet_has_what_its_original_has(read_as, key, changes):
    own = {"user_mentions": [{"id_str": "71"}, {"id_str": "91"}], "urls": [], "hashtags": []}
    record = retweet("RT @fakeflower: 花…", original(**changes), entities=own, extended_entities={})
    post = one(read_as(V1, record).posts)
    assert post["text"] == f"RT @fakeflower: {LONG}"
    assert (post["urls"], post["hashtags"]) == (["https://l.invalid/1"], ["tag1"])
    assert post["mentions"] == [pseudonym("account", one, key) for one in ("91", "71")]
    assert post["media_ids"] == ["81"]


ORIGINAL_V2 = {
    "id": "51",
    "author_id": "71",
    "text": LONG,
    "created_at": "2018-10-10T20:19:24.000Z",
    "entities": entities_v2(1),
    "attachments": {"media_keys": ["3_81"]},
}
NOTE_V2 = ORIGINAL_V2 | {
    "text": "花 花… https://t.invalid/0",
    "entities": {"urls": [{"expanded_url": "https://twitter.com/i/web/status/51"}]},
    "note_tweet": {"text": LONG, "entities": entities_v2(1)},
}


@pytest.mark.parametrize("of", [ORIGINAL_V2, NOTE_V2], ids=["tweet", "note"])
@pytest.mark.parametrize("place", ["included", "data", "flattened", "flattened with its author"])
def test_a_v2_retweet_has_what_its_original_has(read_as, key, place, of):
    again = {"type": "retweeted", "id": "51"}
    tweet = without(TWEET_V2, "attachments") | {
        "text": "RT @fakehat: 花…",
        "referenced_tweets": [again],
        "entities": {"mentions": [{"username": "fakehat", "id": "71"}]},
    }
    name = "fakehat"
    if place == "included":
        name = "FakeHat"
        record = page(
            [tweet], users=[USER_V2, HAT], includes={"users": [USER_V2, HAT], "tweets": [of]}
        )
    elif place == "data":
        record = page([tweet, of])
    else:
        inside = of | again | ({"author": HAT} if "with" in place else {})
        name = "FakeHat" if "with" in place else name
        record = tweet | {"author": USER_V2, "referenced_tweets": [inside]}
    found = read_as(V2, record)
    post = found.posts.to_pylist()[0]
    assert (post["kind"], post["text"]) == ("repost", f"RT @{name}: {LONG}")
    assert (post["urls"], post["hashtags"]) == (["https://l.invalid/1"], ["tag1"])
    assert post["mentions"] == [pseudonym("account", one, key) for one in ("91", "71")]
    assert post["media_ids"] == ["3_81"]
    assert f"1 x {CUT}" not in notes(found)


def test_a_long_tweet_of_version_2_has_its_links_and_tags(read_as, key):
    note = {"text": LONG, "entities": entities_v2(1)}
    itself = {"expanded_url": f"https://x.com/i/web/status/{TWEET_ID}"}
    short = {"urls": [itself], "hashtags": [{"tag": "tag0"}, {"tag": "tag1"}]}
    tweet = GOOD[V2][0] | {"text": "花… https://t.invalid/0", "entities": short}
    post = one(read_as(V2, tweet | {"note_tweet": note}).posts)
    assert (post["text"], post["urls"]) == (LONG, ["https://l.invalid/1"])
    assert post["hashtags"] == ["tag1", "tag0"]
    assert post["mentions"] == [pseudonym("account", "91", key)]
    # without the note, the link to itself tells that this is a beginning
    found = read_as(V2, tweet)
    assert one(found.posts)["urls"] == []
    assert notes(found) == [f"1 x {CUT}"]


@pytest.mark.parametrize("kind", [V1, V2])
def test_what_a_quoted_tweet_links_to_is_not_the_quotes_own(read_as, kind):
    link = "https://twitter.com/a/status/52"
    if kind == V1:
        record = TWEET_V1 | {
            "quoted_status": original(entities=entities_v1(1)),
            "quoted_status_permalink": {"url": "https://t.invalid/q", "expanded": link},
        }
    else:
        inside = ORIGINAL_V2 | {"type": "quoted", "id": "52"}
        record = GOOD[V2][0] | {"referenced_tweets": [inside]}
        record["entities"] = TWEET_V2["entities"] | {
            "urls": [*TWEET_V2["entities"]["urls"], {"expanded_url": link}]
        }
    post = one(read_as(kind, record).posts)
    assert post["urls"] == ["https://long.invalid/1", "https://t.invalid/2", link]
    assert post["hashtags"] == ["Flower", "花"]


@pytest.mark.parametrize(
    ("kind", "record", "path"),
    [
        (
            V1,
            retweet("RT @x: 花…", original(entities={"urls": "x"})),
            "retweeted_status.entities.urls",
        ),
        (
            V2,
            GOOD[V2][0]
            | {
                "referenced_tweets": [
                    {"type": "retweeted", "id": "51", "text": "t", "entities": {"urls": {"a": 1}}}
                ]
            },
            "entities.urls",
        ),
    ],
)
def test_an_original_of_another_shape_is_set_aside_with_its_path(read_as, kind, record, path):
    found = read_as(kind, record)
    assert set_aside(found) == [(1, "misshapen", path)]


def test_the_original_of_a_retweet_is_no_post(read_as):
    found = read_as(V1, retweet("RT @fakeflower: t", original(), favorite_count=0))
    assert found.posts["native_id"].to_pylist() == [TWEET_ID]
    assert found.posts["likes"].to_pylist() == [0]


def test_a_retweet_in_version_2(read_as, key):
    tweet = TWEET_V2 | {
        "text": "RT @fakehat: 花…",
        "referenced_tweets": [{"type": "retweeted", "id": "51"}],
    }
    found = read_as(V2, page([tweet]))
    post = one(found.posts)
    assert (post["kind"], post["text"]) == ("repost", "RT @fakehat: 花…")
    assert post["repost_of"] == pseudonym("post", "51", key)
    assert post["reply_to"] is None
    assert notes(found) == [f"1 x {CUT}"]


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        (V1, retweet("RT @fakeflower: t", {"full_text": "t"})),
        (V2, TWEET_V2 | {"referenced_tweets": [{"type": "retweeted"}]}),
    ],
)
def test_a_retweet_of_an_unknown_original_is_a_repost_all_the_same(read_as, kind, record):
    post = one(read_as(kind, record).posts)
    assert (post["kind"], post["repost_of"]) == ("repost", None)


@pytest.mark.parametrize(
    ("kind", "record", "odd"),
    [
        (
            V1,
            without(TWEET_V1, "in_reply_to_status_id", "in_reply_to_status_id_str")
            | {"is_quote_status": True, "quoted_status_id_str": "52", "quoted_status": TWEET_V1},
            [INSIDE, QUOTES],
        ),
        (V2, TWEET_V2 | {"referenced_tweets": [{"type": "quoted", "id": "52"}]}, [QUOTES]),
        (
            V2,
            TWEET_V2 | {"referenced_tweets": [{"type": "quoted", "id": "52", "text": "花"}]},
            [INSIDE, QUOTES],
        ),
    ],
    ids=["v1", "v2", "v2 flattened"],
)
def test_a_quote_is_a_post_and_no_repost(read_as, kind, record, odd):
    found = read_as(kind, record if kind == V1 else record | {"author": USER_V2})
    post = one(found.posts)
    assert (post["kind"], post["repost_of"], post["reply_to"]) == ("post", None, None)
    assert notes(found) == [f"1 x {note}" for note in odd]


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        (V1, TWEET_V1 | {"is_quote_status": True, "quoted_status_id_str": "52"}),
        (
            V2,
            TWEET_V2
            | {
                "author": USER_V2,
                "referenced_tweets": [
                    {"type": "quoted", "id": "52"},
                    {"type": "replied_to", "id": "61"},
                ],
            },
        ),
    ],
)
def test_a_reply_that_quotes_is_a_reply(read_as, key, kind, record):
    found = read_as(kind, record)
    post = one(found.posts)
    assert (post["kind"], post["repost_of"]) == ("reply", None)
    assert post["reply_to"] == pseudonym("post", "61", key)
    assert notes(found) == [f"1 x {QUOTES}"]


@pytest.mark.parametrize(
    ("kind", "changes", "text", "cut"),
    [
        (V1, {"full_text": None, "text": "short", "truncated": False}, "short", False),
        (V1, {"full_text": "long", "text": "short… ", "truncated": True}, "long", False),
        (V1, {"full_text": None, "text": "short…", "truncated": True}, "short…", True),
        (V1, {"full_text": None, "text": None}, "", False),
        # somebody's own dots
        (V1, {"full_text": "and so on…"}, "and so on…", False),
        (
            V1,
            {"full_text": None, "text": "s…", "truncated": True, "extended_tweet": {}},
            "s…",
            True,
        ),
        (V2, {"text": "and so on…"}, "and so on…", False),
        (V2, {"text": "short", "note_tweet": {"text": LONG}}, LONG, False),
        (V2, {"text": "short", "note_tweet": {}}, "short", False),
        (V2, {"text": "a\nb and c"}, "a\nb and c", False),
    ],
)
def test_the_longest_text_is_taken(read_as, kind, changes, text, cut):
    found = read_as(kind, GOOD[kind][0] | changes)
    assert one(found.posts)["text"] == text
    assert notes(found) == ([f"1 x {CUT}"] if cut else [])


def test_the_extended_tweet_has_all_of_a_cut_one(read_as, key):
    record = without(TWEET_V1, "full_text", "extended_entities") | {
        "text": "short…",
        "truncated": True,
        "extended_tweet": {
            "full_text": "long #end",
            "entities": {
                "hashtags": [{"text": "end"}],
                "urls": [{"url": "https://t.invalid/3"}],
                "user_mentions": [{"id": 72}, {"id_str": "73"}],
                "media": [{"id_str": "83"}],
            },
            "extended_entities": {"media": [{"id_str": "83"}, {"id_str": "84"}]},
        },
    }
    found = read_as(V1, record)
    post = one(found.posts)
    assert (post["text"], post["hashtags"]) == ("long #end", ["end"])
    assert post["urls"] == ["https://t.invalid/3"]
    assert post["mentions"] == [pseudonym("account", one, key) for one in ("72", "73")]
    assert post["media_ids"] == ["83", "84"]
    assert notes(found) == []


def test_media_without_extended_entities_are_those_of_the_entities(read_as):
    post = one(read_as(V1, without(TWEET_V1, "extended_entities")).posts)
    assert post["media_ids"] == ["81"]


# Files.


def numbered(record, number):
    return record | {"id": str(number), "id_str": str(number)}


@pytest.mark.parametrize(
    "shape",
    [
        as_lines,
        as_json,
        lambda records: as_json({"statuses": records, "search_metadata": {"count": 3}}),
        lambda records: as_json([{"statuses": records[:1]}, {"statuses": records[1:]}]),
        lambda records: as_lines([{"statuses": records[:1]}, {"statuses": records[1:]}]),
        lambda records: as_lines([records]),
    ],
    ids=["lines", "array", "page", "array of pages", "lines of pages", "line of an array"],
)
def test_a_v1_file_reads_the_same_from_every_layout(read_as, shape):
    found = read_as(V1, shape([numbered(TWEET_V1, n) for n in (1, 2, 3)]))
    assert found.posts["native_id"].to_pylist() == ["1", "2", "3"]
    assert found.posts["source_row"].to_pylist() == [1, 2, 3]
    assert set_aside(found) == []


@pytest.mark.parametrize(
    "shape",
    [
        lambda records: as_json(page(records)),
        lambda records: as_json([page(records[:1]), page(records[1:])]),
        lambda records: as_lines([page(records[:1]), page(records[1:])]),
        lambda records: as_lines([record | {"author": USER_V2} for record in records]),
        lambda records: as_json([record | {"author": USER_V2} for record in records]),
        # the stream of the API gives each tweet on a page of its own
        lambda records: as_lines([page(record, matching_rules=[]) for record in records]),
    ],
    ids=["page", "array of pages", "lines of pages", "flattened", "flattened array", "stream"],
)
def test_a_v2_file_reads_the_same_from_every_layout(read_as, shape):
    found = read_as(V2, shape([numbered(TWEET_V2, n) for n in (1, 2, 3)]))
    assert found.posts["native_id"].to_pylist() == ["1", "2", "3"]
    assert found.posts["source_row"].to_pylist() == [1, 2, 3]
    assert one(found.accounts)["handle"] == "fakeflower"
    assert set_aside(found) == []


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        (
            V1,
            [
                USER_V1,
                numbered(TWEET_V1, 1),
                {"delete": {"status": {"id": 1}}},
                {"statuses": [numbered(TWEET_V1, 2), 7]},
                numbered(USER_V1, 9),
            ],
        ),
        (
            V2,
            [
                page([USER_V2], users=()),
                numbered(TWEET_V2, 1) | {"author": USER_V2},
                {"title": "Too Many Requests", "status": 429},
                page([numbered(TWEET_V2, 2), 7]),
                numbered(USER_V2, 9),
            ],
        ),
    ],
)
def test_a_file_may_hold_tweets_and_users(read_as, kind, lines):
    found = read_as(kind, as_lines(lines))
    assert found.posts.select(["native_id", "source_row"]).to_pylist() == [
        {"native_id": "1", "source_row": 2},
        {"native_id": "2", "source_row": 4},
    ]
    accounts = found.accounts.select(["native_id", "source_row", "derived"]).to_pylist()
    assert sorted(map(str, accounts)) == sorted(
        map(
            str,
            [
                {"native_id": USER_ID, "source_row": 1, "derived": False},
                {"native_id": "9", "source_row": 6, "derived": False},
                {"native_id": USER_ID, "source_row": 2, "derived": True},
            ],
        )
    )
    message = "a message of the stream, such as a deletion; expected a tweet"
    assert found.quarantine[["row", "reason"]].to_numpy().tolist() == [
        [3, message if kind == V1 else NEITHER[kind]],
        [5, "a JSON str; expected an object"],
    ]
    assert found.ledger.loc[0, "records"] == 6


@pytest.mark.parametrize("kind", [V1, V2])
def test_a_tweet_that_stands_twice_is_two_records_of_one_author(read_as, kind, key):
    tweet, user = GOOD[kind]
    found = read_as(kind, as_lines([tweet, tweet, user, user]))
    assert found.posts["native_id"].to_pylist() == [TWEET_ID] * 2
    assert found.posts["post_id"].to_pylist() == [pseudonym("post", TWEET_ID, key)] * 2
    assert sorted(found.accounts["derived"].to_pylist()) == [False, False, True]
    assert set(found.accounts["account_id"].to_pylist()) == {pseudonym("account", USER_ID, key)}
    assert found.ledger.loc[0, "records"] == 4


def test_an_author_who_changed_is_derived_once_for_each_name(read_as):
    renamed = TWEET_V1 | {"user": USER_V1 | {"screen_name": "fakerose"}}
    found = read_as(V1, as_lines([TWEET_V1, renamed, TWEET_V1]))
    assert sorted(found.accounts["handle"].to_pylist()) == ["fakeflower", "fakerose"]


# What a page has besides.


@pytest.mark.parametrize(
    ("includes", "odd"),
    [
        ({"users": [USER_V2]}, []),
        ({"users": [USER_V2, HAT]}, [LEFT_USERS]),
        ({"users": [USER_V2], "tweets": [TWEET_V2]}, [LEFT_TWEETS]),
        ({"users": [USER_V2], "tweets": []}, []),
        ({"users": [USER_V2, HAT], "tweets": [TWEET_V2]}, [LEFT_TWEETS, LEFT_USERS]),
        ({"users": [USER_V2], "media": [{"media_key": "81"}]}, []),
    ],
)
def test_what_a_page_includes_is_no_record_but_noted_once_a_page(read_as, includes, odd):
    tweets = [numbered(TWEET_V2, n) for n in (1, 2)]
    found = read_as(V2, [page(tweets, includes=includes), page(tweets, includes=includes)])
    assert found.ledger.loc[0, "records"] == len(found.posts) == 4
    assert one(found.accounts)["native_id"] == USER_ID
    # two pages of two tweets each
    assert notes(found) == [f"2 x {note}" for note in odd]


def test_the_pinned_tweets_of_users_are_noted_too(read_as):
    found = read_as(V2, page([USER_V2, HAT], includes={"tweets": [TWEET_V2]}))
    assert found.accounts["native_id"].to_pylist() == [USER_ID, "71"]
    assert notes(found) == [f"1 x {LEFT_TWEETS}"]


def test_the_latest_tweet_of_a_v1_user_is_noted(read_as):
    found = read_as(V1, [USER_V1 | {"status": without(TWEET_V1, "user")}, USER_V1])
    assert (len(found.accounts), len(found.posts)) == (2, 0)
    assert notes(found) == [f"1 x {INSIDE}"]


def test_authors_whom_the_page_does_not_include_are_known_by_id(read_as):
    found = read_as(V2, page([TWEET_V2, numbered(TWEET_V2, 1) | {"author_id": "5"}]))
    accounts = found.accounts.select(["native_id", "handle", "derived"]).to_pylist()
    assert accounts == [
        {"native_id": USER_ID, "handle": "fakeflower", "derived": True},
        {"native_id": "5", "handle": None, "derived": True},
    ]
    assert notes(found) == [f"1 x {BARE}"]


def test_a_user_asked_for_and_not_found_counts_as_asked(read_as, key):
    suspended = without(NOT_FOUND, "resource_id") | {"value": "992", "title": "Forbidden"}
    alone = NOT_FOUND | {"parameter": "id", "resource_id": "993", "value": "0"}
    found = read_as(V2, page([USER_V2], users=(), errors=[NOT_FOUND, suspended, alone]))
    assert found.asked.to_pylist() == [
        {
            "platform": "x",
            "account_id": pseudonym("account", native_id, key),
            "native_id": native_id,
            "source_file": "f.csv",
            "source_row": row,
            **dict.fromkeys(("reason", "gone_at", "created_at")),
        }
        for row, native_id in enumerate(("991", "992", "993"), start=2)
    ]
    assert len(found.accounts) == 1
    assert set_aside(found) == []
    assert found.ledger.loc[0, "records"] == 4


def test_a_page_may_have_errors_alone_or_nothing(read_as):
    found = read_as(V2, [{"errors": [NOT_FOUND]}, {"meta": {"result_count": 0}}, {"errors": []}])
    assert found.asked["native_id"].to_pylist() == ["991"]
    assert set_aside(found) == [(2, "", "")]
    assert found.quarantine.loc[0, "reason"] == (
        "a page without data; expected tweets, users or errors"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"resource_id": None, "value": None},
        {"resource_type": None, "title": None},
        {"resource_type": ["user"], "title": ["x"]},
        {"parameter": {}, "title": "a\nb\ud83d"},
    ],
)
def test_other_errors_are_set_aside_and_their_title_is_not_repeated(read_as, change):
    found = read_as(V2, {"errors": [NOT_FOUND | change]})
    assert len(found.asked) == 0
    assert found.quarantine["reason"].tolist() == [
        "an error of the API about no user's id; expected data"
    ]


COMPLIANCE = {
    **{"id": "1480000001", "action": "delete", "reason": "suspended"},
    "created_at": "2013-06-04T16:25:04+00:00",
}
UNDATED = "an account of which it is not stated when it went: by the day of this file"


@pytest.mark.parametrize(
    ("changes", "reason", "gone", "made", "odd"),
    [
        # by X's documents, when the account was made
        ({}, "suspended", None, dt.datetime(2013, 6, 4, 16, 25, 4, tzinfo=dt.UTC), [UNDATED]),
        ({"id": USER_ID, "created_at": MADE.isoformat()}, "suspended", None, MADE, [UNDATED]),
        # its id says that it was made long before
        ({"id": USER_ID, "created_at": SECOND.isoformat()}, "suspended", SECOND, None, []),
        *[
            (
                {name: "2019-01-02T03:04:05.000Z", "reason": "Deactivated"},
                "deactivated",
                dt.datetime(2019, 1, 2, 3, 4, 5, tzinfo=dt.UTC),
                dt.datetime(2013, 6, 4, 16, 25, 4, tzinfo=dt.UTC),
                [],
            )
            for name in ("redacted_at", "suspended_at")
        ],
        (
            {"reason": None, "created_at": None},
            "not stated",
            None,
            None,
            [UNDATED],
        ),
        (
            {"reason": "protected", "created_at": None},
            "protected",
            None,
            None,
            [UNDATED, "an account that is protected: gone from view"],
        ),
    ],
)
def test_a_compliance_job_says_who_is_gone_and_why(read_as, changes, reason, gone, made, odd):
    found = read_as("x_compliance", as_lines([COMPLIANCE | changes]))
    row = one(found.asked)
    assert row["native_id"] == (COMPLIANCE | changes)["id"]
    assert (row["reason"], row["gone_at"], row["created_at"]) == (reason, gone, made)
    assert sorted(notes(found)) == sorted(f"1 x {note}" for note in odd)


@pytest.mark.parametrize(
    ("changes", "kind", "column"),
    [
        ({"action": "undelete"}, "absence", "action"),
        ({"reason": "scrub_geo"}, "absence", "action"),
        ({"id": "fakehat"}, "fault", "id"),
        ({"id": None}, "fault", "id"),
        ({"created_at": "June"}, "fault", "created_at"),
        ({"redacted_at": "2030-01-01T00:00:00Z"}, "fault", "redacted_at"),
    ],
)
def test_what_a_compliance_job_does_not_remove_is_set_aside(read_as, changes, kind, column):
    found = read_as("x_compliance", [COMPLIANCE | changes, COMPLIANCE])
    assert (len(found.asked), len(found.quarantine)) == (1, 1)
    assert found.quarantine.loc[0, ["kind", "column"]].tolist() == [kind, column]


PINNED = {"resource_type": "tweet", "parameter": "pinned_tweet_id"}
MENTIONED = {"parameter": "entities.mentions.username", "value": "fakehat", "title": "Forbidden"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"resource_type": "tweet"}, "a tweet asked for that is gone or withheld"),
        ({"parameter": "usernames", "resource_id": "fakehat"}, "a name asked for that no account"),
        ({"parameter": "author_id"}, "what a record refers to"),
        (PINNED, "what a record refers to"),
        (MENTIONED, "what a record refers to"),
        ({"resource_type": "media", "parameter": "attachments.media_keys"}, "what a record refers"),
    ],
)
def test_what_is_gone_is_absent_by_name_and_no_fault(read_as, change, reason):
    strict = {"max_bad_share": 0, "strict": True}
    found = read_as(V2, page([USER_V2], users=(), errors=[NOT_FOUND | change]), limits=strict)
    assert len(found.accounts) == 1
    assert found.quarantine["kind"].tolist() == ["absence"]
    assert found.quarantine.loc[0, "reason"].startswith(reason)
    assert notes(found)[0].startswith(f"1 x absent: {reason}")
    assert len(read_as(V2, {"errors": [NOT_FOUND | change]}, limits=strict).quarantine) == 1


def test_an_error_in_place_of_data_is_a_fault(read_as):
    for error in ({"title": "Unauthorized"}, {"parameters": {"ids": ["1"]}, "message": "no"}):
        found = read_as(V2, {"errors": [error]})
        assert found.quarantine["kind"].tolist() == ["fault"]


@pytest.mark.parametrize(
    "message",
    [
        {"delete": {"status": {"id_str": "1", "user_id_str": "2"}, "timestamp_ms": "3"}},
        {"limit": {"track": 5}},
        {"user_withheld": {"id": 1, "withheld_in_countries": ["XX"]}},
        {"scrub_geo": {"user_id": 1}},
    ],
)
def test_a_message_of_a_stream_is_absent_by_name(read_as, message):
    found = read_as(V1, [message, TWEET_V1], limits={"max_bad_share": 0})
    assert (len(found.posts), found.quarantine["kind"].tolist()) == (1, ["absence"])
    assert notes(found)[0] == "1 x absent: a message of the stream, such as a deletion"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("fakehat", NO_USER),
        ("99 1", "not an id; expected the id of the user, at most 200 characters without spaces"),
        ("1.05e+18", ROUNDED),
        (["991"], NESTED),
    ],
)
def test_what_was_asked_for_must_be_an_id(read_as, value, reason):
    found = read_as(V2, {"errors": [NOT_FOUND | {"resource_id": value}]})
    assert len(found.asked) == 0
    assert set_aside(found)[0][:2] == (1, "id")
    assert found.quarantine.loc[0, "reason"].startswith(reason)


# Wrong values.

BEFORE = "a time before the platform; expected 2006-03-21 or later"
AFTER = "a time after the snapshot; expected one before it, as collections.tsv says"
WRONG_TIMES = [
    ("2018-10-10", NO_TIME),
    ("2018-10-10T20:19Z", NO_TIME),
    ("2018-13-10T20:19:24Z", NO_TIME),
    ("Wed Oct 10 20:19:24 2018", NO_TIME),
    ("Wed Okt 10 20:19:24 +0000 2018", NO_TIME),
    ("1539202764", NO_TIME),
    ("10/10/2018 20:19", "a date that may be day-first or month-first"),
    ("Mon Mar 20 23:59:59 +0000 2006", BEFORE),
    # still the day before where the clock stands in UTC
    ("Tue Mar 21 00:59:59 +0100 2006", BEFORE),
    ("Tue Sep 15 12:00:00 +0000 2020", AFTER),
    ("2020-09-15T12:00:00.000Z", AFTER),
]
WRONG_IDS = [
    ("", "no id"),
    (None, "no id"),
    ("1.05e+18", ROUNDED),
    (True, "not a"),
    (-5, "not a"),
    (1.5, "not a"),
    ("12a", "not a"),
    ("9" * 21, "not a"),
    ("1 2", "not an id"),
    ({"id": "1"}, NESTED),
]
WRONG_COUNTS = ["many", "100+", -1, 1.5, "1,000", "9" * 19, True]


def shown(value):
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, dict | list) else str(value or "")


def reads_as_wrong(read_as, kind, record, column, value, reason):
    """The record between two good ones is set aside, and they are not."""
    good = numbered(GOOD[kind][0], 1), numbered(GOOD[kind][0], 3)
    found = read_as(kind, as_lines([good[0], record, good[1]]))
    assert set_aside(found) == [(2, column, shown(value))]
    assert found.quarantine.loc[0, "reason"].startswith(reason)
    assert found.posts["native_id"].to_pylist() == ["1", "3"]


@pytest.mark.parametrize("kind", [V1, V2])
@pytest.mark.parametrize(("value", "reason"), [("", NO_TIME), (None, NO_TIME), *WRONG_TIMES])
def test_a_tweet_without_a_right_time_is_set_aside(read_as, kind, value, reason):
    record = GOOD[kind][0] | {"created_at": value}
    reads_as_wrong(read_as, kind, record, "created", value, reason)


@pytest.mark.parametrize("kind", [V1, V2])
@pytest.mark.parametrize(("value", "reason"), [one for one in WRONG_TIMES if one[1] is not BEFORE])
def test_a_wrong_creation_is_set_aside_with_the_user_or_the_tweet(read_as, kind, value, reason):
    tweet, user = GOOD[kind]
    path = "user.created_at" if kind == V1 else "author.created_at"
    reads_as_wrong(read_as, kind, with_at(tweet, path, value), "user_created", value, reason)
    reads_as_wrong(read_as, kind, user | {"created_at": value}, "created", value, reason)


@pytest.mark.parametrize("kind", [V1, V2])
@pytest.mark.parametrize(("value", "reason"), WRONG_IDS)
def test_a_wrong_id_is_set_aside(read_as, kind, value, reason):
    tweet, user = GOOD[kind]
    ids = {"id": value, "id_str": value}
    reads_as_wrong(read_as, kind, tweet | ids, "id", value, reason)
    reads_as_wrong(read_as, kind, user | ids, "id", value, reason)
    author = {"user": user | ids} if kind == V1 else {"author_id": value, "author": None}
    reads_as_wrong(read_as, kind, tweet | author, "user_id", value, reason)


@pytest.mark.parametrize(
    ("value", "reason"),
    [("1.05e+18", ROUNDED), ("12a", NO_TWEET), (True, NO_TWEET), ({"id": "1"}, NESTED)],
)
def test_a_wrong_id_of_another_tweet_is_set_aside(read_as, value, reason):
    for kind, column, record in [
        (V1, "answers", TWEET_V1 | {"in_reply_to_status_id_str": value}),
        (V1, "retweeted", TWEET_V1 | {"retweeted_status": original(id_str=value)}),
        (
            V2,
            "answers",
            with_at(TWEET_V2, "referenced_tweets", [{"type": "replied_to", "id": value}]),
        ),
        (
            V2,
            "retweeted",
            with_at(TWEET_V2, "referenced_tweets", [{"type": "retweeted", "id": value}]),
        ),
    ]:
        reads_as_wrong(read_as, kind, record, column, value, reason)


@pytest.mark.parametrize("value", WRONG_COUNTS)
@pytest.mark.parametrize(
    ("kind", "path", "column"),
    [
        (V1, "favorite_count", "likes"),
        (V1, "reply_count", "replies"),
        (V1, "retweet_count", "reposts"),
        (V1, "user.followers_count", "user_followers"),
        (V1, "user.friends_count", "user_following"),
        (V2, "public_metrics.like_count", "likes"),
        (V2, "public_metrics.reply_count", "replies"),
        (V2, "public_metrics.retweet_count", "reposts"),
        (V2, "public_metrics.impression_count", "views"),
        (V2, "author.public_metrics.followers_count", "user_followers"),
        (V2, "author.public_metrics.following_count", "user_following"),
    ],
)
def test_a_wrong_count_is_set_aside(read_as, kind, path, column, value):
    record = with_at(GOOD[kind][0], path, value)
    reads_as_wrong(read_as, kind, record, column, value, NO_COUNT)


@pytest.mark.parametrize("value", ["text", 3, True, [3], ["text"], [[{}, 1]]])
@pytest.mark.parametrize(
    ("kind", "path"),
    [
        *[(V1, f"entities.{name}") for name in ("hashtags", "urls", "user_mentions", "media")],
        *[(V1, path) for path in ("entities", "extended_entities", "extended_entities.media")],
        *[(V1, path) for path in ("extended_tweet", "extended_tweet.entities.urls")],
        *[(V1, path) for path in ("retweeted_status", "retweeted_status.user")],
        *[(V2, f"entities.{name}") for name in ("hashtags", "urls", "mentions")],
        *[(V2, path) for path in ("entities", "public_metrics", "note_tweet", "attachments")],
        *[(V2, path) for path in ("referenced_tweets", "author")],
    ],
)
def test_json_of_another_type_is_set_aside_with_its_path(read_as, kind, path, value):
    record = with_at(GOOD[kind][0], path, value)
    reads_as_wrong(read_as, kind, record, "misshapen", path, MISSHAPEN)


@pytest.mark.parametrize("path", ["entities.hashtags", "entities.urls", "referenced_tweets"])
def test_an_object_where_a_list_is_due_is_set_aside(read_as, path):
    record = with_at(GOOD[V2][0], path, {"tag": "花"})
    reads_as_wrong(read_as, V2, record, "misshapen", path, MISSHAPEN)


def test_a_v2_user_of_another_shape_is_set_aside(read_as):
    record = USER_V2 | {"public_metrics": "many"}
    reads_as_wrong(read_as, V2, record, "misshapen", "public_metrics", MISSHAPEN)


@pytest.mark.parametrize("empty", [None, "", [], {}, False])
@pytest.mark.parametrize("path", ["entities", "extended_entities", "extended_tweet"])
def test_what_is_empty_is_absent(read_as, path, empty):
    found = read_as(V1, with_at(without(TWEET_V1, "extended_entities"), path, empty))
    assert len(found.posts) == 1
    assert one(found.posts)["hashtags"] == ([] if path == "entities" else ["Flower", "花"])


@pytest.mark.parametrize(
    ("kind", "path", "column"),
    [
        (V1, "full_text", "text"),
        (V1, "lang", "language"),
        (V1, "user.name", "user_name"),
        (V2, "text", "text"),
        (V2, "author.description", "user_description"),
    ],
)
@pytest.mark.parametrize("value", [{"a": "1"}, ["a"]])
def test_nested_json_where_a_value_is_due_is_set_aside(read_as, kind, path, column, value):
    record = with_at(GOOD[kind][0], path, value)
    reads_as_wrong(read_as, kind, record, column, value, NESTED)


@pytest.mark.parametrize(
    ("kind", "path", "column", "value"),
    [
        (V1, "entities.hashtags", "tags", [{"text": ["花"]}]),
        (V1, "entities.user_mentions", "mentions", [{"id_str": {"a": 1}}]),
        (V2, "entities.urls", "links", [{"expanded_url": ["a"]}]),
        (V2, "attachments.media_keys", "media", {"a": 1}),
    ],
)
def test_nested_json_in_a_list_is_set_aside(read_as, kind, path, column, value):
    found = read_as(kind, with_at(GOOD[kind][0], path, value))
    assert found.quarantine[["row", "column"]].to_numpy().tolist() == [[1, column]]
    assert found.quarantine.loc[0, "reason"].startswith(NESTED)


@pytest.mark.parametrize("kind", [V1, V2])
def test_what_is_no_tweet_and_no_user_is_set_aside(read_as, kind):
    found = read_as(kind, [{}, {"a": 1}, 5, None, "text", {"user": "text"}, GOOD[kind][0]])
    assert found.posts["source_row"].to_pylist() == [7]
    assert found.quarantine["reason"].tolist() == [
        NEITHER[kind],
        NEITHER[kind],
        "a JSON str; expected an object",
        "a JSON NoneType; expected an object",
        "a JSON str; expected an object",
        NEITHER[kind],
    ]


def test_the_other_versions_tweets_are_set_aside_not_guessed(read_as):
    old = read_as(V2, [TWEET_V1, without(TWEET_V1, "full_text") | {"text": "t"}])
    assert (len(old.posts), len(old.quarantine)) == (0, 2)
    new = read_as(V1, [TWEET_V2, USER_V2, page([TWEET_V2])])
    assert (len(new.posts), len(new.accounts), len(new.quarantine)) == (0, 0, 3)


@pytest.mark.parametrize("data", ["text", 5, True, ["text"], [None]])
def test_data_of_another_type_is_set_aside(read_as, data):
    found = read_as(V2, page(data))
    assert found.ledger.loc[0, "records"] == 1
    assert found.quarantine.loc[0, "reason"].endswith("; expected an object")


@pytest.mark.parametrize("errors", ["text", 5, ["text"], [None]])
def test_errors_of_another_type_are_set_aside(read_as, errors):
    found = read_as(V2, page([TWEET_V2], errors=errors))
    assert (len(found.posts), found.ledger.loc[0, "records"]) == (1, 2)
    assert found.quarantine.loc[0, "reason"].endswith("; expected an object")


@pytest.mark.parametrize("includes", ["text", 5, [], {"users": {}}, {"users": [5, {"id": []}]}])
def test_a_page_that_includes_nonsense_keeps_its_tweets(read_as, includes):
    found = read_as(V2, page([TWEET_V2], includes=includes))
    assert one(found.accounts)["native_id"] == USER_ID
    assert notes(found) == [f"1 x {BARE}"]


def test_a_page_named_meta_is_no_reason_to_lose_a_tweet(read_as):
    found = read_as(V2, TWEET_V2 | {"author": USER_V2, "meta": {}, "errors": []})
    assert found.posts["native_id"].to_pylist() == [TWEET_ID]


@pytest.mark.parametrize(
    "value", ["a\0b", "'; DROP TABLE batch; --", "$platform", "\u202etxt", "NULL", "{}"]
)
@pytest.mark.parametrize("kind", [V1, V2])
def test_a_hostile_text_is_stored_as_it_is(read_as, kind, value):
    key = "full_text" if kind == V1 else "text"
    tweet, user = GOOD[kind]
    found = read_as(kind, [tweet | {key: value}, user | {"name": value}])
    assert found.posts["text"].to_pylist() == [value]
    assert value in found.accounts["display_name"].to_pylist()


def test_half_a_character_is_shown_as_such(read_as):
    found = read_as(V2, as_lines([GOOD[V2][0] | {"text": "a\ud83d"}]))
    assert one(found.posts)["text"] == "a\ufffd"
    assert notes(found) == ["1 x half of a character that no text can hold, shown as \ufffd"]


# JSON of any shape.

KEYS = {
    V1: ("id", "id_str", "text", "statuses", "media", "urls", "hashtags", "screen_name"),
    V2: ("id", "data", "errors", "includes", "meta", "users", "tweets", "type", "title", "tag"),
}
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4)
    | st.sampled_from(["5", STAMP, "2018-10-10T20:19:24.1234567Z", "\ud83d", "user", "ids"])
)


def values(*keys):
    """JSON of any shape, with the keys that are read among its own."""
    return st.recursive(
        SCALARS,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(keys) | st.text(max_size=3), inner, max_size=4)
        ),
        max_leaves=8,
    )


def changed(good, keys):
    """A good record with some of its values put out of order."""
    return st.dictionaries(st.sampled_from(sorted(good)), values(*keys), max_size=3).map(
        lambda change: good | change
    )


@pytest.mark.parametrize("kind", [V1, V2])
def test_any_json_is_accounted_for(read, kind):
    tweet, user = GOOD[kind]
    tweet = tweet | {"retweeted_status": TWEET_V1, "extended_tweet": {}, "note_tweet": {}}
    keys = (*KEYS[kind], *tweet, *user)
    entries = st.lists(
        changed(tweet, keys) | changed(user, keys) | values(*keys), min_size=1, max_size=4
    )

    @FUZZED
    @given(entries, st.booleans())
    def holds(entries, in_lines):
        found = read(as_lines([{"": 0}, *entries]) if in_lines else as_json(entries), kind)
        assert is_accounted_for(found)

    holds()


def test_any_page_is_accounted_for(read):
    keys = (*KEYS[V2], *TWEET_V2, *USER_V2)
    whole = page([TWEET_V2], errors=[NOT_FOUND])
    data = st.lists(changed(TWEET_V2, keys) | changed(USER_V2, keys) | values(*keys), max_size=4)
    errors = st.lists(changed(NOT_FOUND, keys) | values(*keys), max_size=3)

    @FUZZED
    @given(data, errors, changed(whole, keys))
    def holds(data, errors, odd):
        found = read(as_json([whole | {"data": data, "errors": errors}, odd]), V2)
        assert is_accounted_for(found)
        assert found.ledger.loc[0, "records"] >= len(data) + len(errors)

    holds()


def test_a_reference_that_is_gone_is_a_note_and_no_bad_record(read):
    error = {
        "resource_type": "tweet",
        "resource_id": "5",
        "parameter": "referenced_tweets.id",
        "title": "Not Found Error",
    }
    tweet = {"id": "7", "author_id": "42", "text": "t", "created_at": "2020-01-28T09:04:00.000Z"}
    page = {"data": [tweet], "errors": [error, error], "meta": {}}
    found = read(json.dumps(page).encode(), "x_api_v2")
    assert found.ledger[["records", "quarantined"]].to_numpy().tolist() == [[1, 0]]
    assert "1 x a page that refers to tweets which are gone" in found.ledger["notes"][0]
    alone = read(json.dumps({"errors": [error], "meta": {}}).encode(), "x_api_v2")
    assert alone.ledger[["records", "quarantined"]].to_numpy().tolist() == [[1, 1]]
