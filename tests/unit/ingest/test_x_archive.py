"""Records of the X archive: each check with its own bad cell, each field by hand."""

import datetime as dt
import hashlib

import pytest

from hydrascope.contracts import ACCOUNTS, POSTS
from hydrascope.ingest.mapping import DERIVED_ACCOUNTS
from hydrascope.ingest.x_archive import FORMATS, PROFILE, TWEET

USERS, TWEETS = "x_archive_users", "x_archive_tweets"
SNAPSHOT = dt.datetime(2020, 9, 14, tzinfo=dt.UTC)
DAMAGED = (
    "scientific notation: a spreadsheet such as Excel has rounded this id; expected the id as "
    "released; export it again without opening it in a spreadsheet"
)
ZEROS = "too many zeros at the end: a spreadsheet such as Excel keeps 15 digits of a number"
NO_DATE = "not a time; expected YYYY-MM-DD as released"
DAY_OR_MONTH = "a date that may be day-first or month-first; expected YYYY-MM-DD"
NO_TIME = "not a time; expected YYYY-MM-DD HH:MM"
NO_COUNT = "not a count; expected a whole number or nothing"

BAD_PROFILE = [
    ("userid", "", "no id; expected the id of the account"),
    ("userid", "1.01421E+18", DAMAGED),
    ("userid", "1,01421E+18", DAMAGED),
    ("userid", "1E+18", DAMAGED),
    ("userid", "1e18", DAMAGED),
    ("userid", " ", "no id"),
    ("account_creation_date", "7/3/2018", DAY_OR_MONTH),
    ("account_creation_date", "03-07-2018", DAY_OR_MONTH),
    ("account_creation_date", "2018-02-29", NO_DATE),
    ("account_creation_date", "2018-13-01", NO_DATE),
    ("account_creation_date", "2018-03-07 12:00", NO_DATE),
    ("account_creation_date", "43166", NO_DATE),
    ("account_creation_date", "absent", NO_DATE),
    # The snapshot's day may have a day more in it, in another zone.
    ("account_creation_date", "2020-09-16", "a time after the snapshot; expected one before it"),
    ("userid", "1014210000000000000", ZEROS),
    ("userid", '{"id":1}', "nested JSON where an id was due"),
    *[
        (column, value, NO_COUNT)
        for column in ("follower_count", "following_count")
        for value in ("1.5", "-1", "1,000", "1e3", " 1", "１", "many", "9" * 19)
    ],
]
BAD_TWEET = [
    ("tweetid", "", "no id; expected the id of the tweet"),
    ("tweetid", "1.01421E+18", DAMAGED),
    ("tweetid", "12a", "not a tweet's id; expected 1 to 20 digits"),
    ("tweetid", "-12", "not a tweet's id; expected 1 to 20 digits"),
    ("tweetid", "1196659470232772609.0", "not a tweet's id; expected 1 to 20 digits"),
    ("tweetid", "9" * 21, "not a tweet's id; expected 1 to 20 digits"),
    ("tweet_time", "", NO_TIME),
    ("tweet_time", "1/2/2019 10:00", "a date that may be day-first or month-first"),
    ("tweet_time", "2019-01-01", NO_TIME),
    ("tweet_time", "2019-01-01 24:00", NO_TIME),
    ("tweet_time", "2006-03-20 23:59", "a time before the platform; expected 2006-03-21"),
    ("tweet_time", "2020-09-15 12:00", "a time after the snapshot; expected one before it"),
    ("is_retweet", "", "neither true nor false"),
    ("is_retweet", "1", "neither true nor false"),
    ("is_retweet", "yes", "neither true nor false"),
    *[
        (column, value, NO_COUNT)
        for column in ("like_count", "reply_count", "retweet_count", "quote_count")
        for value in ("1.5", "-1")
    ],
    # reposts of one damaged id would all look like reposts of one post
    ("retweet_tweetid", "1.01421E+18", DAMAGED),
    ("in_reply_to_tweetid", "1.01421E+18", DAMAGED),
]


def pseudonym(kind, native_id, key):
    keyed = hashlib.blake2s(
        f"x:{native_id}".encode(),
        key=hashlib.sha256(key).digest(),
        person=kind.encode(),
        digest_size=10,
    )
    return f"{kind[0]}_{keyed.hexdigest()}"


def set_aside(found):
    return found.quarantine[["row", "column", "value"]].to_numpy().tolist()


@pytest.mark.parametrize(("column", "value", "reason"), BAD_PROFILE)
def test_a_bad_profile_is_set_aside_with_column_value_and_reason(
    read, as_csv, profile, column, value, reason
):
    rows = [profile, profile | {"userid": "u2"} | {column: value}, profile | {"userid": "u3"}]
    found = read(as_csv(rows))
    assert set_aside(found) == [[2, column, value]]
    assert found.quarantine.loc[0, "reason"].startswith(reason)
    assert found.accounts["native_id"].to_pylist() == ["u1", "u3"]


@pytest.mark.parametrize(("column", "value", "reason"), BAD_PROFILE + BAD_TWEET)
def test_a_bad_tweet_is_set_aside_with_column_value_and_reason(
    read, as_csv, tweet, column, value, reason
):
    rows = [tweet, tweet | {"tweetid": "1002"} | {column: value}, tweet | {"tweetid": "1003"}]
    found = read(as_csv(rows, TWEETS), TWEETS)
    assert set_aside(found) == [[2, column, value]]
    assert found.quarantine.loc[0, "reason"].startswith(reason)
    assert found.posts["native_id"].to_pylist() == ["1001", "1003"]


@pytest.mark.parametrize(
    ("column", "value", "field", "stored"),
    [
        (
            "account_creation_date",
            "2006-03-21",
            "created_at",
            dt.datetime(2006, 3, 21, tzinfo=dt.UTC),
        ),
        ("account_creation_date", "2020-09-14", "created_at", SNAPSHOT),
        (
            "account_creation_date",
            "2020-02-29",
            "created_at",
            dt.datetime(2020, 2, 29, tzinfo=dt.UTC),
        ),
        ("account_creation_date", "", "created_at", None),
        ("follower_count", "", "followers", None),
        ("follower_count", "0", "followers", 0),
        ("following_count", "9" * 18, "following", 10**18 - 1),
        ("user_display_name", "", "display_name", None),
        ("user_screen_name", "", "handle", None),
        ("user_profile_description", "", "description", None),
        ("user_profile_description", "=1+1", "description", "=1+1"),
        ("account_language", "", "language", None),
        ("account_language", "zh-cn", "language", "zh-cn"),
        ("account_language", "zh-CN", "language", "zh-cn"),
        # hashed ids hold letters, signs and now and then an E
        ("userid", "1E+abc=", "native_id", "1E+abc="),
        ("userid", "007", "native_id", "007"),
    ],
)
def test_a_good_cell_at_the_edge_is_kept(read, as_csv, profile, column, value, field, stored):
    found = read(as_csv([profile | {column: value}]))
    assert set_aside(found) == []
    assert found.accounts[field].to_pylist() == [stored]


def test_an_account_field_by_field(read, as_csv, profile, key):
    found = read(as_csv([profile | {"userid": "уч-1"}]))
    assert found.accounts.to_pylist() == [
        {
            "account_id": pseudonym("account", "уч-1", key),
            "platform": "x",
            "unit": "user",
            "native_id": "уч-1",
            "display_name": "Name",
            "handle": "handle",
            "description": "words",
            "picture_hash": None,
            "created_at": dt.datetime(2018, 3, 7, tzinfo=dt.UTC),
            "created_precision": "day",
            "created_source": "api",
            "country": None,
            "language": "zh-cn",
            "followers": 3,
            "following": 4,
            "name_history": None,
            "admin_countries": None,
            "first_seen": SNAPSHOT,
            "last_seen": SNAPSHOT,
            "removed_after": None,
            "removed_before": None,
            "collection": "toy",
            "source_file": "f.csv",
            "source_row": 1,
            "derived": False,
        }
    ]
    assert len(found.posts) == 0


def test_a_post_field_by_field(read, as_csv, tweet, key):
    row = tweet | {
        "tweet_text": 'line 1\nline "2", end',
        "tweet_language": "TH",
        "in_reply_to_tweetid": "77",
        "hashtags": "[滚出去, b]",
        "urls": "['https://x.org/a,b', 'https://y.org']",
        "user_mentions": "['u9', 'u1']",
        "quote_count": "9",
    }
    found = read(as_csv([row], TWEETS), TWEETS)
    assert found.posts.to_pylist() == [
        {
            "post_id": pseudonym("post", "1001", key),
            "account_id": pseudonym("account", "u1", key),
            "platform": "x",
            "native_id": "1001",
            "kind": "reply",
            "posted_at": dt.datetime(2019, 1, 1, 10, 0, tzinfo=dt.UTC),
            "posted_precision": "min",
            "text": 'line 1\nline "2", end',
            "language": "th",
            "urls": ["https://x.org/a,b", "https://y.org"],
            "hashtags": ["滚出去", "b"],
            "mentions": [pseudonym("account", "u9", key), pseudonym("account", "u1", key)],
            "media_ids": [],
            "repost_of": None,
            "reply_to": pseudonym("post", "77", key),
            "likes": 2,
            "replies": 1,
            "reposts": 3,
            "views": None,
            "collection": "toy",
            "source_file": "f.csv",
            "source_row": 1,
        }
    ]
    assert found.posts.schema.equals(POSTS)
    assert found.accounts.schema.equals(DERIVED_ACCOUNTS)
    assert found.accounts.drop_columns("derived").schema.equals(ACCOUNTS)


def test_the_authors_of_tweets_are_derived_accounts_one_each(read, as_csv, tweet):
    rows = [
        tweet | {"userid": "u2"},
        tweet | {"tweetid": "1002", "userid": "u1"},
        tweet | {"tweetid": "1003", "userid": "u2"},
        tweet | {"tweetid": "", "userid": "u3"},
    ]
    found = read(as_csv(rows, TWEETS), TWEETS)
    accounts = found.accounts.select(["native_id", "source_row", "derived"]).to_pylist()
    assert accounts == [
        {"native_id": "u2", "source_row": 1, "derived": True},
        {"native_id": "u1", "source_row": 2, "derived": True},
    ]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ({"is_retweet": "true"}, "repost"),
        ({"is_retweet": "True"}, "repost"),
        ({"is_retweet": "TRUE", "in_reply_to_tweetid": "7"}, "repost"),
        ({"is_retweet": "False", "in_reply_to_tweetid": "7"}, "reply"),
        ({"is_retweet": "false"}, "post"),
        # a reply to an account without a tweet is the opening of a talk
        ({"is_retweet": "false", "in_reply_to_userid": "u9"}, "post"),
        ({"is_retweet": "false", "quoted_tweet_tweetid": "7"}, "post"),
    ],
)
def test_kinds_of_posts(read, as_csv, tweet, cells, kind):
    found = read(as_csv([tweet | cells], TWEETS), TWEETS)
    assert found.posts["kind"].to_pylist() == [kind]


def test_a_repost_names_its_original(read, as_csv, tweet, key):
    row = tweet | {"is_retweet": "True", "retweet_tweetid": "88"}
    found = read(as_csv([row], TWEETS), TWEETS)
    assert found.posts["repost_of"].to_pylist() == [pseudonym("post", "88", key)]


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("", []),
        ("[]", []),
        ("[a]", ["a"]),
        ("['a']", ["a"]),
        ("[a, b]", ["a", "b"]),
        ("['a', 'b']", ["a", "b"]),
        ("[\"it's\", 'b']", ["it's", "b"]),
        (" [a,  b] ", ["a", "b"]),
        ("[https://x.org/a,b, https://y.org]", ["https://x.org/a,b", "https://y.org"]),
        ("['https://x.org/a,b', 'https://y.org']", ["https://x.org/a,b", "https://y.org"]),
        ("['https://x.org/[a]']", ["https://x.org/[a]"]),
        ("['https://x.org/?q=\"a\"&b']", ['https://x.org/?q="a"&b']),
        ("[ก, 滚]", ["ก", "滚"]),
    ],
)
def test_both_ways_to_write_a_list(read, as_csv, tweet, cell, items):
    found = read(as_csv([tweet | {"urls": cell, "hashtags": cell}], TWEETS), TWEETS)
    assert found.posts["urls"].to_pylist() == [items]
    assert found.posts["hashtags"].to_pylist() == [items]


EPOCH = dt.datetime(2010, 11, 4, 1, 42, 54, 657_000, tzinfo=dt.UTC)
MOMENT = dt.datetime(2019, 1, 1, 10, 0, 3, 123_000, tzinfo=dt.UTC)
SNOWFLAKE = str((MOMENT - EPOCH) // dt.timedelta(milliseconds=1) << 22)


@pytest.mark.parametrize(
    ("tweetid", "stated", "posted_at", "precision"),
    [
        (SNOWFLAKE, "2019-01-01 10:00", MOMENT, "ms"),
        (SNOWFLAKE, "2019-01-01 10:00:03", MOMENT, "ms"),
        (SNOWFLAKE, "2019-01-01 10:01", MOMENT.replace(minute=1, second=0, microsecond=0), "min"),
        (SNOWFLAKE, "2019-01-02 10:00", MOMENT.replace(day=2, second=0, microsecond=0), "min"),
        ("1001", "2019-01-01 10:00", MOMENT.replace(second=0, microsecond=0), "min"),
        ("1001", "2019-01-01 10:00:03", MOMENT.replace(microsecond=0), "s"),
        # seconds that the id contradicts are not to be replaced by the id's
        (SNOWFLAKE, "2019-01-01 10:00:59", MOMENT.replace(second=59, microsecond=0), "s"),
        # one digit an hour: the seconds are there all the same
        ("1001", "2019-1-1 5:00:59", dt.datetime(2019, 1, 1, 5, 0, 59, tzinfo=dt.UTC), "s"),
    ],
)
def test_a_post_is_as_exact_as_id_and_stated_time_agree(
    read, as_csv, tweet, tweetid, stated, posted_at, precision
):
    found = read(as_csv([tweet | {"tweetid": tweetid, "tweet_time": stated}], TWEETS), TWEETS)
    assert found.posts["posted_at"].to_pylist() == [posted_at]
    assert found.posts["posted_precision"].to_pylist() == [precision]


@pytest.mark.parametrize(
    ("userid", "stated", "created_at", "precision", "source"),
    [
        (SNOWFLAKE, "2019-01-01", MOMENT, "ms", "snowflake"),
        (SNOWFLAKE, "2019-01-02", dt.datetime(2019, 1, 2, tzinfo=dt.UTC), "day", "api"),
        ("12345", "2010-11-04", dt.datetime(2010, 11, 4, tzinfo=dt.UTC), "day", "api"),
        (SNOWFLAKE, "", None, "none", "none"),
    ],
)
def test_a_creation_is_as_exact_as_id_and_stated_day_agree(
    read, as_csv, profile, userid, stated, created_at, precision, source
):
    found = read(as_csv([profile | {"userid": userid, "account_creation_date": stated}]))
    (account,) = found.accounts.to_pylist()
    assert account["created_at"] == created_at
    assert (account["created_precision"], account["created_source"]) == (precision, source)


@pytest.mark.parametrize(
    "columns",
    [
        PROFILE + TWEET,
        # the header of other releases: 31 columns
        (*PROFILE, *TWEET, "poll_choices"),
        ("poll_choices", *reversed(PROFILE + TWEET)),
        # a user's own columns, two of them named like something of ours
        (*PROFILE, *TWEET, "failed", "source_row"),
    ],
    ids=["30", "31", "turned round", "own columns"],
)
def test_the_header_may_have_more_columns_in_any_order(read, as_csv, tweet, columns):
    row = tweet | {"poll_choices": "x", "failed": "x", "source_row": "99"}
    found = read(as_csv([row], TWEETS, columns), TWEETS)
    assert found.posts["native_id"].to_pylist() == ["1001"]
    assert found.posts["source_row"].to_pylist() == [1]
    assert found.accounts["native_id"].to_pylist() == ["u1"]


def test_the_formats_have_ten_and_thirty_columns():
    columns = {kind: len(form.records[""].required) for kind, form in FORMATS.items()}
    assert columns == {USERS: 10, TWEETS: 30}


@pytest.mark.parametrize(
    "value", ["a\0b", "'; DROP TABLE record; --", "$platform", "{derived}", "\u202etxt", "NULL"]
)
def test_a_hostile_text_is_stored_as_it_is(read, as_csv, tweet, value):
    row = tweet | {"tweet_text": value, "user_display_name": value}
    found = read(as_csv([row], TWEETS), TWEETS)
    assert found.posts["text"].to_pylist() == [value]
    assert found.accounts["display_name"].to_pylist() == [value]


def test_the_first_failed_check_is_the_one_that_is_named(read, as_csv, profile):
    row = profile | {"userid": "1E+18", "account_creation_date": "?", "follower_count": "?"}
    assert set_aside(read(as_csv([row]))) == [[1, "userid", "1E+18"]]
