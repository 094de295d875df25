"""Identities planted in every field: none of them may leave ingest."""

import csv
import io
import json
import re

import pytest

from hydrascope.errors import RawFileError
from hydrascope.ingest.formats import FORMATS

# Fields that the rest of the workflow may see; every other one stays under ingest/.
OUTSIDE = {"account_id", "post_id", "repost_of", "reply_to", "mentions"}
SECRET = r"Canary|77000000\d\d"
GENERIC = {
    "records": "posts",
    "fields": {
        "native_id": "id",
        "account_id": "author",
        "handle": "handle",
        "display_name": "name",
        "text": "text",
        "mentions": {"column": "mentions", "separator": " "},
        "repost_of": "of",
        "posted_at": "time",
    },
}


def canaries(names):
    """A distinct identity for each name."""
    return {name: f"Canary{number:03}Q" for number, name in enumerate(names)}


def as_csv(row, count=1):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, row)
    writer.writeheader()
    writer.writerows([row] * count)
    return stream.getvalue().encode()


def x_archive(tweet):
    planted = canaries(name for name in tweet if name.startswith("user") or "id" in name)
    times = {"account_creation_date": "2018-01-02", "tweet_time": "2019-01-01 10:00"}
    ids = {"tweetid": "7700000001", "is_retweet": "true", "retweet_tweetid": "Canary998Q"}
    ids |= {"tweet_text": "Canary997Q"}
    return "x_archive_tweets", "x", as_csv({**tweet, **planted, **times, **ids}), None


def generic(_):
    planted = canaries(["id", "author", "handle", "name", "text", "mentions", "of"])
    return "csv:toy", "toy", as_csv({**planted, "time": "2019-01-01"}), {"toy": GENERIC}


def youtube(_):
    planted = canaries(["id", "authorDisplayName", "videoId", "textOriginal", "author"])
    snippet = {**planted, "publishedAt": "2019-01-01T00:00:00Z"}
    snippet["authorChannelId"] = {"value": planted["author"]}
    comment = {"kind": "youtube#comment", "id": planted["id"], "snippet": snippet}
    return "youtube_api", "youtube", json.dumps({"items": [comment]}).encode(), None


def x_api(_):
    planted = canaries(["name", "screen_name", "description"])
    user = {**planted, "id_str": "7700000002", "created_at": "Wed Oct 10 20:19:24 +0000 2018"}
    tweet = {
        "id_str": "7700000003",
        "full_text": "Canary101Q",
        "created_at": "Wed Jan 02 20:19:24 +0000 2019",
        "user": user,
        "entities": {"user_mentions": [{"id_str": "7700000004"}]},
        "in_reply_to_status_id_str": "7700000005",
    }
    return "x_api_v1", "x", json.dumps([tweet]).encode(), None


def crowdtangle(_):
    names = [*FORMATS["crowdtangle"].records[""].required, "Page Description"]
    fixed = {
        "Facebook Id": "7700000006",
        "Page Created": "2019-01-01 10:00:00 UTC",
        "Post Created": "2020-01-01 10:00:00 UTC",
        "URL": "https://www.facebook.com/7700000006/posts/Canary300Q",
    }
    return "crowdtangle", "facebook", as_csv(canaries(names) | fixed), None


COLLECTIONS = pytest.mark.parametrize("made", [x_archive, generic, youtube, x_api, crowdtangle])


def held(table, names):
    return json.dumps(table.select(list(names)).to_pylist(), default=str)


@COLLECTIONS
def test_no_identity_is_where_the_other_stages_look(read, tweet, made):
    form, platform, content, maps = made(tweet)
    found = read(content, form, platform=platform, column_maps=maps)
    assert found.ledger["quarantined"].tolist() == [0], found.quarantine.to_numpy().tolist()
    assert len(found.posts) == 1
    seen = held(found.posts, OUTSIDE) + held(found.accounts, ["account_id"])
    assert not re.search(SECRET, seen)
    # They are not lost either: under ingest/ the record is as it was.
    assert "Canary" in held(found.posts, found.posts.column_names)
    assert not re.search(SECRET, found.ledger["notes"][0])


@COLLECTIONS
@pytest.mark.parametrize("limits", [{"strict": True}, {"max_bad_share": 0}], ids=str)
def test_no_identity_is_in_an_error_message(read, tweet, made, limits):
    form, platform, content, maps = made(tweet)
    late = {"snapshot": "2004-03-01"}
    with pytest.raises(RawFileError) as error:
        read(content, form, platform=platform, column_maps=maps, limits=limits, **late)
    assert "expected a good row" in str(error.value)
    assert not re.search(SECRET, str(error.value))


def test_a_broken_line_full_of_names_is_shown_by_its_shape(read, tweet):
    content = as_csv(tweet) + b"Canary001Q,Canary002Q\n"
    with pytest.raises(RawFileError) as error:
        read(content, "x_archive_tweets", limits={"strict": True})
    assert "row 2" in str(error.value)
    assert not re.search(SECRET, str(error.value))


def test_a_broken_document_full_of_names_shows_none_of_them(read):
    with pytest.raises(RawFileError) as error:
        read(b'[{"id_str": "Canary001Q", "name": Canary002Q}]', "x_api_v1")
    assert not re.search(SECRET, str(error.value))


# --- every format, every field, and records that are set aside

DIGITS = "77000000"
SECRET_ANYWHERE = re.compile(SECRET, re.I)
GOOD_TIMES = {
    "account_creation_date": "2018-01-02",
    "tweet_time": "2019-01-01 10:00",
    "Page Created": "2019-01-01 10:00:00 UTC",
    "Post Created": "2020-01-01 10:00:00 UTC",
    "creation_time": "2020-01-01T10:00:00+0000",
    "modified_time": "2020-01-01T11:00:00+0000",
    "first_seen": "2020-01-01",
    "publishedAt": "2019-01-01T00:00:00Z",
    "created_at": "2019-01-02T20:19:24.000Z",
    "collected_at": "2020-01-01T10:00:00Z",
}
COUNT = re.compile(r".*_count|statistics\..*|.* at Posting|Likes|Comments|Shares|.* Views")
OTHERS = {"is_retweet": "false", "post_owner.type": "facebook_page"}
OTHERS |= {
    "URL": "https://www.facebook.com/Canary300Q/posts/Canary301Q",
    "url": "facebook.com/Canary302Q",
}


def planted(columns, ids=()):
    """A good value for each column: a canary wherever the column takes one."""
    row = {}
    for number, column in enumerate(columns):
        usual = "1" if COUNT.fullmatch(column) else f"Canary{number:03}Q"
        row[column] = GOOD_TIMES.get(column) or OTHERS.get(column) or usual
    return row | {column: f"{DIGITS}{number:02}" for number, column in enumerate(ids, start=10)}


def columns_of(form):
    # Of several layouts the first.
    records = next(iter(FORMATS[form].records.values()))
    return [*records.required, *records.optional]


def nested(row):
    """An object with each value at the path that names it."""
    made = {}
    for path, value in row.items():
        *steps, last = path.split(".")
        place = made
        for step in steps:
            place = place.setdefault(step, {})
        place[last] = value
    return made


def youtube_pages(n):
    ids = [f"Canary{n}{part}Q" for part in ("channel", "video", "comment")]
    names = ("title", "description", "customUrl", "channelTitle", "authorDisplayName")
    snippet = {name: f"Canary{n}{name}Q" for name in names}
    snippet |= {"publishedAt": "2019-01-01T00:00:00Z", "channelId": ids[0]}
    comment = {"textOriginal": f"Canary{n}textQ", "videoId": ids[1]}
    comment |= {"authorChannelId": {"value": f"Canary{n}authorQ"}}
    return [
        {"kind": "youtube#channel", "id": ids[0], "snippet": snippet},
        {"kind": "youtube#video", "id": ids[1], "snippet": snippet},
        {"kind": "youtube#comment", "id": ids[2], "snippet": snippet | comment},
        {"kind": f"youtube#Canary{n}kindQ !", "id": ids[2]},
    ]


def x_user(n, stamp):
    names = ("name", "screen_name", "username", "description")
    user = {name: f"Canary{n}{name}Q" for name in names}
    return user | {"id_str": f"{DIGITS}{n}1", "id": f"{DIGITS}{n}1", "created_at": stamp}


def x_v1(n):
    stamp = "Wed Oct 10 20:19:24 +0000 2018"
    tweet = {
        "id_str": f"{DIGITS}{n}2",
        "full_text": f"Canary{n}textQ",
        "created_at": "Wed Jan 02 20:19:24 +0000 2019",
        "user": x_user(n, stamp),
        "entities": {
            "user_mentions": [{"id_str": f"{DIGITS}{n}3", "screen_name": f"Canary{n}mentionQ"}],
            "urls": [{"expanded_url": f"https://Canary{n}Q.invalid"}],
            "hashtags": [{"text": f"Canary{n}tagQ"}],
        },
        "retweeted_status": {"id_str": f"{DIGITS}{n}4", "user": {"screen_name": f"Canary{n}oldQ"}},
        "in_reply_to_status_id_str": f"{DIGITS}{n}5",
    }
    return [tweet, x_user(n, stamp), {"name": f"Canary{n}nothingQ"}]


def x_v2(n):
    stamp = "2018-10-10T20:19:24.000Z"
    tweet = {
        "id": f"{DIGITS}{n}2",
        "text": f"Canary{n}textQ",
        "created_at": GOOD_TIMES["created_at"],
        "author_id": f"{DIGITS}{n}1",
        "entities": {"mentions": [{"id": f"{DIGITS}{n}3", "username": f"Canary{n}mentionQ"}]},
        "referenced_tweets": [{"type": "replied_to", "id": f"{DIGITS}{n}5"}],
    }
    error = {"resource_id": f"{DIGITS}{n}6", "resource_type": "user", "parameter": "ids"}
    error |= {"detail": f"Canary{n}detailQ", "title": "Not Found Error"}
    return [{"data": [tweet], "includes": {"users": [x_user(n, stamp)]}, "errors": [error]}]


def transparency(n):
    page = {
        "page_id": f"{DIGITS}{n}",
        "page_name": f"Canary{n}pageQ",
        "collected_at": GOOD_TIMES["collected_at"],
        "name_history": [
            {"date": "2018-01-01", "event": f"Canary{n}eventQ", "name": f"Canary{n}oldQ"},
            {"date": f"Canary{n}dateQ", "event": "x", "name": f"Canary{n}badQ"},
        ],
        "merges": [{"date": "2019-01-01", "merged_page_name": f"Canary{n}mergedQ"}],
        "admin_countries": [{"country": f"Canary{n}countryQ", "admins": 1}],
    }
    return [page, page | {"page_id": f"Canary{n}idQ"}]


def crowdtangle_posts(n):
    account = {name: f"Canary{n}{name}Q" for name in ("name", "handle", "pageDescription")}
    account |= {"platformId": f"{DIGITS}{n}", "accountType": "facebook_page"}
    post = {
        "account": account,
        "platform": "Facebook",
        "date": "2020-01-01 10:00:00",
        "postUrl": f"https://www.facebook.com/{DIGITS}{n}/posts/Canary{n}postQ",
        "message": f"Canary{n}textQ",
        "expandedLinks": [{"expanded": f"https://Canary{n}Q.invalid"}],
    }
    return [post, post | {"date": f"Canary{n}dateQ"}]


def compliance(n):
    gone = {"id": f"{DIGITS}{n}", "action": "delete", "reason": f"Canary{n}reasonQ"}
    gone |= {"created_at": GOOD_TIMES["created_at"]}
    return [gone, gone | {"id": f"Canary {n} idQ"}]


def tables(form, ids):
    """Rows of a delimited format: good ones, and for each column one with a canary in it."""

    def rows(n):
        good = planted(columns_of(form), ids) | {ids[0]: f"{DIGITS}{n}"}
        broken = [good | {column: f"Canary{n} {column}Q"} for column in good]
        return [good, *broken]

    return rows


def csv_of(rows):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def json_of(values):
    return "\n".join(map(json.dumps, values)).encode()


MAPS = {
    "posts": GENERIC,
    "accounts": {"records": "accounts", "fields": {"native_id": "id", "display_name": "name"}},
    "websites": {"records": "websites", "fields": {"native_id": "id", "display_name": "name"}},
    "asked": {"records": "asked", "fields": {"native_id": "id"}},
}


def mapped(n):
    names = ("id", "author", "handle", "name", "text", "mentions", "of")
    good = {name: f"Canary{n}{name}.Q" for name in names} | {"time": "2019-01-01"}
    return [good, *(good | {column: f"Canary{n} {column} Q"} for column in good), good | {"id": ""}]


# How the records of a format are made out of a number, and how they are laid out.
EVERY = {
    "x_archive_users": ("x", tables("x_archive_users", ["userid"]), csv_of),
    "x_archive_tweets": ("x", tables("x_archive_tweets", ["tweetid", "userid"]), csv_of),
    "x_api_v1": ("x", x_v1, json_of),
    "x_api_v2": ("x", x_v2, json_of),
    "x_compliance": ("x", compliance, json_of),
    "youtube_api": ("youtube", youtube_pages, json_of),
    "crowdtangle": ("facebook", tables("crowdtangle", ["Facebook Id"]), csv_of),
    "crowdtangle_json": ("facebook", crowdtangle_posts, json_of),
    "content_library_csv": (
        "facebook",
        tables("content_library_csv", ["id", "post_owner.id", "shared_post_id"]),
        csv_of,
    ),
    "content_library_json": (
        "facebook",
        lambda n: [
            nested(row)
            for row in tables("content_library_json", ["id", "post_owner.id", "shared_post_id"])(n)
        ],
        json_of,
    ),
    "page_transparency": ("facebook", transparency, json_of),
    "facebook_profiles": ("facebook", tables("facebook_profiles", ["id"]), csv_of),
    **{f"csv:{name}": ("forum", mapped, csv_of) for name in MAPS},
    **{f"json:{name}": ("forum", mapped, json_of) for name in MAPS},
}
ALL = pytest.mark.parametrize("form", EVERY)


def records_of(form, numbers):
    _, made, _ = EVERY[form]
    return [record for n in numbers for record in made(n)]


def read_all(read, form, records, **more):
    platform, _, laid_out = EVERY[form]
    return read(laid_out(records), form, platform=platform, column_maps=MAPS, **more)


def pseudonymous(found):
    """The columns that other stages see, of all tables."""
    seen = held(found.posts, OUTSIDE)
    return seen + held(found.accounts, ["account_id"]) + held(found.asked, ["account_id"])


def test_every_format_has_its_canaries():
    assert set(FORMATS) <= set(EVERY)


@ALL
def test_identities_good_and_bad_are_neither_in_the_ledger_nor_outside(read, form):
    found = read_all(read, form, records_of(form, (10, 11)))
    kept = len(found.posts) + len(found.asked) + found.accounts["derived"].to_pylist().count(False)
    assert kept >= 2
    assert len(found.quarantine) >= (0 if form == "x_api_v2" else 1)
    assert not SECRET_ANYWHERE.search(found.ledger.drop(columns="sha256").to_json())
    assert not SECRET_ANYWHERE.search(pseudonymous(found))
    # ids of the accounts are there to be hidden
    native = held(found.accounts, ["native_id"]) + held(found.asked, ["native_id"])
    assert SECRET_ANYWHERE.search(native)


@ALL
@pytest.mark.parametrize(
    "limits",
    [{"strict": True}, pytest.param({"max_bad_share": 0}, marks=pytest.mark.nightly)],
    ids=str,
)
def test_no_stop_at_any_bad_record_names_anybody(read, form, limits):
    said = [stop(read, form, record, limits) for record in records_of(form, (10,))]
    messages = [message for message in said if message]
    assert len(messages) >= (0 if form == "x_api_v2" else 1)
    for message in messages:
        assert not SECRET_ANYWHERE.search(message)
        # what the value looks like is shown, and where it stands
        assert re.search(r"^f\.csv, row \d+, column .*: found '", message)


def stop(read, form, record, limits):
    """What is said when a file of this record stops the run, or ''."""
    try:
        read_all(read, form, [record], limits=limits)
    except RawFileError as error:
        return str(error)
    return ""


@ALL
def test_pseudonyms_do_not_depend_on_the_order_of_records(read, form):
    records = records_of(form, (10, 11, 12))
    one, other = (read_all(read, form, rows) for rows in (records, records[::-1]))

    def known(found):
        tables = (found.accounts, found.posts, found.asked)
        ids = ("account_id", "post_id", "repost_of", "reply_to", "mentions", "native_id")
        return {
            json.dumps({name: row[name] for name in ids if name in row})
            for table in tables
            for row in table.to_pylist()
        }

    assert known(one) == known(other)
    assert len(known(one)) >= 3
