"""YouTube's responses: each field by hand, each wrong value with its reason, real files."""

import datetime as dt
import hashlib
import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

KIND = "youtube_api"
LISTED = {"platform": "youtube", "snapshot": "2022-12-01"}
SNAPSHOT = dt.datetime(2022, 12, 1, tzinfo=dt.UTC)
MOMENT = dt.datetime(2021, 4, 22, 9, 0, 5, tzinfo=dt.UTC)
FUZZED = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

CHANNEL = {
    "kind": "youtube#channel",
    "etag": "e",
    "id": "UCfakeflower0000000000AA",
    "snippet": {
        "title": "Fake Flower News",
        "description": "invented, 花",
        "customUrl": "@fakeflower",
        "publishedAt": "2021-04-22T09:00:05Z",
        "defaultLanguage": "zh-TW",
        "country": "BD",
    },
    "contentDetails": {"relatedPlaylists": {"uploads": "UUfakeflower0000000000AA"}},
    "statistics": {"subscriberCount": "1230", "hiddenSubscriberCount": False, "videoCount": "2"},
}
VIDEO = {
    "kind": "youtube#video",
    "id": "fakevideo01",
    "snippet": {
        "publishedAt": "2021-04-22T09:00:05.000Z",
        "channelId": CHANNEL["id"],
        "channelTitle": "Fake Flower News",
        "title": "A flower",
        "description": "See https://flower.invalid/a?b=1, then\nhttp://flower.invalid.",
        "tags": ["花", "two words"],
        "defaultLanguage": "en",
        "defaultAudioLanguage": "zh-HK",
    },
    "contentDetails": {"duration": "PT1M"},
    "statistics": {"viewCount": "50", "likeCount": "4", "commentCount": "3", "favoriteCount": "0"},
}
COMMENT = {
    "kind": "youtube#comment",
    "id": "Ugfake01",
    "snippet": {
        "authorDisplayName": "Nobody Invented",
        "authorChannelUrl": "http://www.youtube.com/channel/UCnobody0000000000000000",
        "authorChannelId": {"value": "UCnobody0000000000000000"},
        "videoId": "fakevideo01",
        "textDisplay": "shown",
        "textOriginal": "nice & <b>true</b>\nhttps://flower.invalid/c",
        "likeCount": 7,
        "publishedAt": "2021-04-22T09:00:05.123Z",
        "updatedAt": "2021-04-22T09:00:05.123Z",
    },
}
REPLY = {
    "kind": "youtube#comment",
    "id": "Ugfake01.reply1",
    "snippet": {
        "authorDisplayName": "Somebody Invented",
        "authorChannelId": {"value": "UCsomebody00000000000000"},
        "textOriginal": "yes",
        "parentId": "Ugfake01",
        "likeCount": 0,
        "publishedAt": "2021-04-22T10:00:00Z",
        "updatedAt": "2021-04-22T10:00:00Z",
    },
}
LISTED_VIDEO = {
    "kind": "youtube#playlistItem",
    "id": "UExm",
    "snippet": {
        "publishedAt": "2021-04-22T09:00:05Z",
        "channelId": CHANNEL["id"],
        "title": "A flower",
        "description": "",
        "channelTitle": "Fake Flower News",
        "playlistId": "UUfakeflower0000000000AA",
        "resourceId": {"kind": "youtube#video", "videoId": "fakevideo01"},
    },
}

UNDATED = "without its date of creation, kept undated"
NO_TIME = "not a time; expected ISO 8601 as the API gives it"
NO_COUNT = "not a count; expected a whole number or nothing"
NO_OWNER = (
    "a youtube#playlistItem that does not name its video's channel; expected "
    "videoOwnerChannelId, or the uploads of a channel; videos.list gives it"
)
LACKS = (
    "a comment with more replies than its thread holds here: the collection lacks replies "
    "unless comments.list gave them"
)
CUT_VIDEO = "a video out of a search, its description cut"
CUT_CHANNEL = "a channel out of a search, its description cut"
PLACELESS = "a comment that names neither its video nor the comment it answers"
EDITED = "a comment that was edited, kept as it is now"


def put(record, path, value):
    """The record with the value at a dotted path."""
    first, _, rest = path.partition(".")
    return {**record, first: put(record.get(first) or {}, rest, value) if rest else value}


def without(record, path):
    """The record without what is at a dotted path."""
    first, _, rest = path.partition(".")
    if rest:
        return {**record, first: without(record[first], rest)}
    return {key: value for key, value in record.items() if key != first}


def thread(top=COMMENT, replies=None, *, stated=0, **snippet):
    made = {"topLevelComment": top, "totalReplyCount": stated, "videoId": "fakevideo01"}
    held = {} if replies is None else {"replies": {"comments": replies}}
    return {"kind": "youtube#commentThread", "id": "t", "snippet": made | snippet} | held


def result(kind, **snippet):
    """A result of a search."""
    name = {"youtube#video": "videoId", "youtube#channel": "channelId"}.get(kind, "playlistId")
    shown = {
        "publishedAt": "2021-04-22T09:00:05.000Z",
        "channelId": CHANNEL["id"],
        "title": "A flower",
        "description": "cut ...",
        "channelTitle": "Fake Flower News",
    }
    native = {"kind": kind, name: CHANNEL["id"] if name == "channelId" else "fakevideo01"}
    return {"kind": "youtube#searchResult", "id": native, "snippet": shown | snippet}


def page(*items, kind="youtube#videoListResponse"):
    return {"kind": kind, "etag": "e", "items": list(items), "pageInfo": {"totalResults": 9}}


def as_lines(values):
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def as_document(value):
    return json.dumps(value, indent=1).encode()


def pseudonym(kind, native_id, key):
    keyed = hashlib.blake2s(
        f"youtube:{native_id}".encode(),
        key=hashlib.sha256(key).digest(),
        person=kind.encode(),
        digest_size=10,
    )
    return f"{kind[0]}_{keyed.hexdigest()}"


def notes(found):
    return found.ledger.loc[0, "notes"]


def one(table):
    (row,) = table.to_pylist()
    return row


def asides(found):
    return found.quarantine[["row", "column", "value", "reason"]].to_numpy().tolist()


def accounts_of_their_own(found):
    return [row["native_id"] for row in found.accounts.to_pylist() if not row["derived"]]


def is_accounted_for(found):
    """Every record is an account or a post of its own, or set aside."""
    kept = len(accounts_of_their_own(found)) + len(found.posts)
    ledger = found.ledger.iloc[0]
    return ledger["records"] == kept + ledger["quarantined"] == kept + len(found.quarantine)


@pytest.fixture(scope="module")
def read_page(read):
    """Read one page of a list with these items."""

    def read_one(*items, content=None, **listed):
        content = as_document(page(*items)) if content is None else content
        found = read(content, KIND, **(LISTED | listed))
        assert is_accounted_for(found)
        return found

    return read_one


# Channels


def test_a_channel_field_by_field(read_page, key):
    found = read_page(CHANNEL)
    assert found.accounts.to_pylist() == [
        {
            "account_id": pseudonym("account", CHANNEL["id"], key),
            "platform": "youtube",
            "unit": "channel",
            "native_id": CHANNEL["id"],
            "display_name": "Fake Flower News",
            "handle": "@fakeflower",
            "description": "invented, 花",
            "picture_hash": None,
            "created_at": MOMENT,
            "created_precision": "s",
            "created_source": "api",
            "country": "BD",
            "language": "zh-tw",
            "followers": 1230,
            "following": None,
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
    assert notes(found) == ""


@pytest.mark.parametrize(
    ("path", "value", "field", "stored"),
    [
        ("snippet.title", "", "display_name", None),
        ("snippet.title", 7, "display_name", "7"),
        ("snippet.description", "", "description", None),
        ("snippet.description", "=1+1\n2", "description", "=1+1\n2"),
        ("snippet.customUrl", None, "handle", None),
        ("snippet.country", None, "country", None),
        ("snippet.defaultLanguage", None, "language", None),
        ("statistics", None, "followers", None),
        ("statistics.subscriberCount", "0", "followers", 0),
        ("statistics.subscriberCount", 12, "followers", 12),
        ("statistics.subscriberCount", None, "followers", None),
        ("statistics.hiddenSubscriberCount", True, "followers", None),
        ("statistics.hiddenSubscriberCount", "true", "followers", None),
        ("statistics.hiddenSubscriberCount", None, "followers", 1230),
        ("statistics.subscriberCount", "9" * 18, "followers", 10**18 - 1),
        ("snippet.publishedAt", "2021-04-22T09:00:05.000Z", "created_at", MOMENT),
        ("snippet.publishedAt", "2021-04-22T17:00:05+08:00", "created_at", MOMENT),
        (
            "snippet.publishedAt",
            "2021-04-22T09:00:05.120Z",
            "created_at",
            MOMENT.replace(microsecond=120_000),
        ),
        ("snippet.publishedAt", "2021-04-22T09:00:05.000Z", "created_precision", "s"),
        ("snippet.publishedAt", "2021-04-22T09:00:05.120Z", "created_precision", "ms"),
        (
            "snippet.publishedAt",
            "2005-02-14T00:00:00Z",
            "created_at",
            dt.datetime(2005, 2, 14, tzinfo=dt.UTC),
        ),
        (
            "snippet.publishedAt",
            "2022-12-02T11:59:59Z",
            "created_at",
            dt.datetime(2022, 12, 2, 11, 59, 59, tzinfo=dt.UTC),
        ),
    ],
)
def test_a_cell_of_a_channel_becomes(read_page, path, value, field, stored):
    assert one(read_page(put(CHANNEL, path, value)).accounts)[field] == stored


@pytest.mark.parametrize("path", ["snippet", "snippet.publishedAt"])
def test_a_channel_without_a_date_is_kept_and_noted(read_page, path):
    found = read_page(without(CHANNEL, path), put(CHANNEL, "id", "UCother"))
    (undated, dated) = found.accounts.to_pylist()
    assert undated["native_id"] == CHANNEL["id"]
    assert [undated[f"created_{part}"] for part in ("at", "precision", "source")] == [
        None,
        "none",
        "none",
    ]
    assert dated["created_at"] == MOMENT
    assert notes(found) == f"1 x a channel {UNDATED}"


def test_hidden_subscribers_are_noted(read_page):
    hidden = put(CHANNEL, "statistics.hiddenSubscriberCount", True)
    found = read_page(hidden, put(hidden, "id", "UCb"), put(CHANNEL, "id", "UCc"))
    assert found.accounts["followers"].to_pylist() == [None, None, 1230]
    assert notes(found) == "2 x a channel that hides its subscribers"


# Videos


def test_a_video_field_by_field(read_page, key):
    found = read_page(VIDEO)
    author = pseudonym("account", CHANNEL["id"], key)
    assert found.posts.to_pylist() == [
        {
            "post_id": pseudonym("post", "fakevideo01", key),
            "account_id": author,
            "platform": "youtube",
            "native_id": "fakevideo01",
            "kind": "video",
            "posted_at": MOMENT,
            "posted_precision": "s",
            "text": "A flower\nSee https://flower.invalid/a?b=1, then\nhttp://flower.invalid.",
            "language": "zh-hk",
            "urls": ["https://flower.invalid/a?b=1", "http://flower.invalid"],
            "hashtags": ["花", "two words"],
            "mentions": [],
            "media_ids": [],
            "repost_of": None,
            "reply_to": None,
            "likes": 4,
            "replies": 3,
            "reposts": None,
            "views": 50,
            "collection": "toy",
            "source_file": "f.csv",
            "source_row": 1,
        }
    ]
    account = one(found.accounts)
    wanted = {
        "account_id": author,
        "unit": "channel",
        "native_id": CHANNEL["id"],
        "display_name": "Fake Flower News",
        "created_at": None,
        "created_precision": "none",
        "created_source": "none",
        "followers": None,
        "derived": True,
    }
    assert {name: account[name] for name in wanted} == wanted
    assert notes(found) == ""


@pytest.mark.parametrize(
    ("path", "value", "field", "stored"),
    [
        ("snippet.description", "", "text", "A flower"),
        ("snippet.description", None, "text", "A flower"),
        ("snippet.title", None, "text", VIDEO["snippet"]["description"]),
        ("snippet.title", "&amp; https://t.invalid/1", "urls", ["https://t.invalid/1", ...]),
        ("snippet.title", "A &amp; B", "text", "A &amp; B\n" + VIDEO["snippet"]["description"]),
        ("snippet.tags", None, "hashtags", []),
        ("snippet.tags", [], "hashtags", []),
        ("snippet.tags", ["a", "", None, 7], "hashtags", ["a", "7"]),
        ("snippet.tags", "alone", "hashtags", ["alone"]),
        ("snippet.defaultAudioLanguage", None, "language", "en"),
        ("snippet.defaultAudioLanguage", "", "language", "en"),
        ("statistics", None, "views", None),
        ("statistics", {}, "likes", None),
        ("statistics.viewCount", "0", "views", 0),
        ("statistics.viewCount", 12, "views", 12),
        ("statistics.likeCount", None, "likes", None),
        ("statistics.commentCount", None, "replies", None),
        ("snippet.publishedAt", "2021-04-22T09:00:05Z", "posted_at", MOMENT),
        ("snippet.publishedAt", "2021-04-22T09:00:05.007Z", "posted_precision", "ms"),
        ("snippet.publishedAt", None, "posted_at", None),
        ("snippet.publishedAt", None, "posted_precision", "none"),
    ],
)
def test_a_cell_of_a_video_becomes(read_page, path, value, field, stored):
    found = one(read_page(put(VIDEO, path, value)).posts)[field]
    if isinstance(stored, list) and ... in stored:
        found, stored = found[:1], stored[:1]
    assert found == stored


def test_a_video_without_its_time_is_noted(read_page):
    found = read_page(without(VIDEO, "snippet.publishedAt"))
    assert notes(found) == "1 x a video without its time, kept undated"


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("", []),
        ("no link, http:// and https://. either", []),
        ("(https://x.invalid/a)", ["https://x.invalid/a"]),
        ("https://x.invalid/a_(b)", ["https://x.invalid/a_(b)"]),
        ("HTTPS://X.invalid/A?b=c#d!", ["HTTPS://X.invalid/A?b=c#d"]),
        ('<a href="https://x.invalid/a">', ["https://x.invalid/a"]),
        ("看https://x.invalid/a看这里", ["https://x.invalid/a"]),
        ("https://x.invalid。看", ["https://x.invalid"]),
        ("https://花.invalid/a 看", ["https://花.invalid/a"]),
        ("https://x.invalid/1\nhttps://x.invalid/1", ["https://x.invalid/1"] * 2),
        ("https://x.invalid:80/a%20b;c,d", ["https://x.invalid:80/a%20b;c,d"]),
    ],
)
def test_addresses_are_taken_out_of_a_text(read_page, text, urls):
    video = put(VIDEO, "snippet.description", text)
    comment = put(COMMENT, "snippet.textOriginal", text)
    assert read_page(video, comment).posts["urls"].to_pylist() == [urls, urls]


# Comments


def test_a_comment_field_by_field(read_page, key):
    found = read_page(COMMENT)
    author = pseudonym("account", "UCnobody0000000000000000", key)
    assert found.posts.to_pylist() == [
        {
            "post_id": pseudonym("post", "Ugfake01", key),
            "account_id": author,
            "platform": "youtube",
            "native_id": "Ugfake01",
            "kind": "comment",
            "posted_at": MOMENT.replace(microsecond=123_000),
            "posted_precision": "ms",
            "text": "nice & <b>true</b>\nhttps://flower.invalid/c",
            "language": None,
            "urls": ["https://flower.invalid/c"],
            "hashtags": [],
            "mentions": [],
            "media_ids": [],
            "repost_of": None,
            "reply_to": pseudonym("post", "fakevideo01", key),
            "likes": 7,
            "replies": None,
            "reposts": None,
            "views": None,
            "collection": "toy",
            "source_file": "f.csv",
            "source_row": 1,
        }
    ]
    account = one(found.accounts)
    wanted = {
        "account_id": author,
        "unit": "channel",
        "native_id": "UCnobody0000000000000000",
        "display_name": "Nobody Invented",
        "created_at": None,
        "created_source": "none",
        "derived": True,
    }
    assert {name: account[name] for name in wanted} == wanted
    assert notes(found) == ""


@pytest.mark.parametrize(
    ("shown", "plain"),
    [
        ("a<br>b<br/>c<BR />d", "a\nb\nc\nd"),
        ('see <a href="https://x.invalid/?a&amp;b">#花</a> &amp; &lt;b&gt;', "see #花 & <b>"),
        ("I &lt;3 it&#39;s &quot;you&quot;", 'I <3 it\'s "you"'),
        ("I <3 you > me", "I <3 you > me"),
        ("<b>a</b><i class='x'>b</i>", "ab"),
        ("&amp;lt;", "&lt;"),
        ("a < b", "a < b"),
        ("unclosed <a href=", "unclosed <a href="),
        ("&#x1F33C;&nbsp;&nosuch;", "\U0001f33c\xa0&nosuch;"),
        # Python's own decoder fails on so long a number
        ("&#" + "9" * 5000 + ";!", "\ufffd!"),
        ("&#xD83D;", "\ufffd"),
        ("", ""),
        (7, "7"),
    ],
)
def test_a_text_that_is_html_becomes_plain(read_page, shown, plain):
    comment = put(without(COMMENT, "snippet.textOriginal"), "snippet.textDisplay", shown)
    assert read_page(comment).posts["text"].to_pylist() == [plain]


def test_what_a_shown_text_links_to_joins_its_addresses(read_page):
    shown = (
        'see <a href="https://long.invalid/1?a&amp;b">https://long.invalid/...</a> at '
        '<a href="https://www.youtube.com/watch?v=x&amp;t=61">1:01</a> '
        '<a href="http://www.youtube.com/results?search_query=%23flower">#flower</a>'
    )
    comment = put(without(COMMENT, "snippet.textOriginal"), "snippet.textDisplay", shown)
    post = read_page(comment).posts.to_pylist()[0]
    assert post["text"] == "see https://long.invalid/... at 1:01 #flower"
    assert post["urls"] == ["https://long.invalid/", "https://long.invalid/1?a&b"]


GONE_VIDEO = {
    "kind": "youtube#playlistItem",
    "id": "UExfake",
    "snippet": {
        "publishedAt": "2020-01-01T00:00:00Z",
        "channelId": "UCfake",
        "playlistId": "UUfake",
        "title": "Private video",
        "resourceId": {"kind": "youtube#video", "videoId": "gone"},
    },
}


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (GONE_VIDEO, "a video that is private or deleted"),
        (put(GONE_VIDEO, "snippet.title", "Deleted video"), "a video that is private or deleted"),
        (
            put(without(COMMENT, "snippet.authorChannelUrl"), "snippet.authorChannelId", None),
            "a youtube#comment that names no author",
        ),
        (
            {"error": {"code": 403, "errors": [{"reason": "commentsDisabled"}]}},
            "what was asked for is gone, private or closed",
        ),
    ],
    ids=["private", "deleted", "author", "comments"],
)
def test_what_is_gone_is_absent_by_name_and_no_fault(read_page, item, reason):
    found = read_page(item)
    assert (len(found.posts), found.quarantine["kind"].tolist()) == (0, ["absence"])
    assert found.quarantine.loc[0, "reason"].startswith(reason)


def test_an_error_of_the_api_is_a_fault(read_page):
    for errors in ([{"reason": "quotaExceeded"}], ["x"], {"a": 1}, None):
        found = read_page({"error": {"code": 403, "errors": errors}})
        assert found.quarantine["kind"].tolist() == ["fault"]


def test_the_original_text_stands_before_the_shown_one(read_page):
    assert read_page(put(COMMENT, "snippet.textOriginal", "a<br>b")).posts["text"].to_pylist() == [
        "a<br>b"
    ]


@pytest.mark.parametrize(
    ("author", "address", "stored"),
    [
        ({"value": "UCa"}, "http://www.youtube.com/channel/UCb", "UCa"),
        (None, "http://www.youtube.com/channel/UC_-b", "UC_-b"),
        ({}, "https://www.youtube.com/channel/UCb/", "UCb"),
        ({"value": ""}, "http://www.youtube.com/channel/UCb", "UCb"),
        ({"value": None}, "http://www.youtube.com/channel/UCb", "UCb"),
        ("UCa", "http://www.youtube.com/channel/UCb", "UCb"),
        (None, "http://www.youtube.com/@nobody", None),
        (None, "http://www.youtube.com/user/nobody", None),
        (None, "http://www.youtube.com/channel/UCb?x", None),
        (None, "http://www.youtube.com/channel/UCb\n", None),
        (None, "", None),
        (None, None, None),
        (None, 7, None),
    ],
)
def test_the_author_of_a_comment(read_page, author, address, stored):
    comment = put(COMMENT, "snippet.authorChannelId", author)
    found = read_page(put(comment, "snippet.authorChannelUrl", address))
    assert found.accounts["native_id"].to_pylist() == ([stored] if stored else [])
    if not stored:
        reason = (
            "a youtube#comment that names no author; expected authorChannelId, which is missing "
            "where the account is gone"
        )
        assert asides(found) == [[1, "", "", reason]]
        assert notes(found) == f"1 x absent: {reason}"


@pytest.mark.parametrize(
    ("updated", "noted"),
    [
        ("2021-04-22T09:00:05.123Z", ""),
        ("2021-04-22T09:00:05.124Z", f"1 x {EDITED}"),
        ("2022-01-01T00:00:00Z", f"1 x {EDITED}"),
        # the same moment in the other form
        ("2021-04-22T17:00:05.123+08:00", ""),
        ("", ""),
        (None, ""),
        ("some time", ""),
    ],
)
def test_an_edited_comment_is_kept_and_noted(read_page, updated, noted):
    found = read_page(put(COMMENT, "snippet.updatedAt", updated))
    assert found.posts["native_id"].to_pylist() == ["Ugfake01"]
    assert notes(found) == noted


def test_both_forms_of_one_time_are_no_edit(read_page):
    comment = put(COMMENT, "snippet.publishedAt", "2021-04-22T09:00:05Z")
    found = read_page(put(comment, "snippet.updatedAt", "2021-04-22T09:00:05.000Z"))
    assert notes(found) == ""


@pytest.mark.parametrize(
    ("snippet", "answered"),
    [
        ({"parentId": "Ugup", "videoId": "v"}, "Ugup"),
        ({"parentId": "Ugup", "videoId": None}, "Ugup"),
        ({"parentId": None, "videoId": "v"}, "v"),
        ({"parentId": "", "videoId": "v"}, "v"),
        ({"parentId": None, "videoId": None}, None),
    ],
)
def test_a_comment_answers_a_comment_or_a_video(read_page, key, snippet, answered):
    found = read_page({**COMMENT, "snippet": COMMENT["snippet"] | snippet})
    assert found.posts["reply_to"].to_pylist() == [answered and pseudonym("post", answered, key)]
    assert notes(found) == ("" if answered else f"1 x {PLACELESS}")


def test_a_comment_without_its_time_is_kept_and_noted(read_page):
    found = read_page(put(COMMENT, "snippet.publishedAt", None))
    post = one(found.posts)
    assert (post["posted_at"], post["posted_precision"]) == (None, "none")
    assert notes(found) == "1 x a comment without its time, kept undated"


# Threads of comments


def test_a_thread_is_its_comment_and_its_replies(read_page, key):
    second = put(put(REPLY, "id", "Ugfake01.reply2"), "snippet.parentId", None)
    found = read_page(thread(COMMENT, [REPLY, second], stated=2))
    assert found.posts["native_id"].to_pylist() == ["Ugfake01", "Ugfake01.reply1", second["id"]]
    assert found.posts["kind"].to_pylist() == ["comment"] * 3
    assert found.posts["source_row"].to_pylist() == [1, 2, 3]
    assert found.posts["replies"].to_pylist() == [2, None, None]
    # the reply that does not say so answers the thread's comment all the same
    assert found.posts["reply_to"].to_pylist() == [
        pseudonym("post", "fakevideo01", key),
        pseudonym("post", "Ugfake01", key),
        pseudonym("post", "Ugfake01", key),
    ]
    assert found.accounts["native_id"].to_pylist() == [
        "UCnobody0000000000000000",
        "UCsomebody00000000000000",
    ]
    assert notes(found) == ""


@pytest.mark.parametrize(
    ("own", "of_thread", "answered"),
    [("v1", "v2", "v2"), (None, "v2", "v2"), ("v1", None, "v1"), (None, None, None)],
)
def test_a_comment_has_the_video_of_its_thread(read_page, key, own, of_thread, answered):
    top = put(COMMENT, "snippet.videoId", own)
    found = read_page(thread(top, videoId=of_thread))
    assert found.posts["reply_to"].to_pylist() == [answered and pseudonym("post", answered, key)]


def test_replies_of_a_thread_without_a_readable_comment_answer_its_video(read_page, key):
    reply = put(REPLY, "snippet.parentId", None)
    found = read_page(thread(None, [reply]))
    assert found.posts["reply_to"].to_pylist() == [pseudonym("post", "fakevideo01", key)]
    assert asides(found) == [
        [
            1,
            "",
            "",
            "a youtube#commentThread without its comment; expected topLevelComment",
        ]
    ]


@pytest.mark.parametrize(
    ("stated", "replies", "lacks"),
    [
        (0, None, False),
        (0, [], False),
        (None, None, False),
        (1, None, True),
        (1, [], True),
        (1, [REPLY], False),
        (2, [REPLY], True),
        ("2", [REPLY], True),
        (10, [REPLY] * 9, True),
        (10, [REPLY] * 10, False),
        # a reply was taken down between two counts
        (0, [REPLY], False),
    ],
)
def test_a_thread_that_holds_fewer_replies_than_it_states_is_noted(
    read_page, stated, replies, lacks
):
    found = read_page(thread(COMMENT, replies, stated=stated))
    assert found.posts["replies"].to_pylist()[0] == (None if stated is None else int(stated))
    assert len(found.posts) == 1 + len(replies or [])
    assert notes(found) == (f"1 x {LACKS}" if lacks else "")


# Searches, playlists, and what is neither account nor post


def test_a_search_gives_videos_and_channels(read_page):
    found = read_page(
        result("youtube#video"),
        result("youtube#channel", title="Fake &amp; Flower"),
        result("youtube#playlist"),
        result("youtube#video", title="It&#39;s &quot;a&quot; &amp; b", description="&amp; cut"),
    )
    assert found.posts["native_id"].to_pylist() == ["fakevideo01", "fakevideo01"]
    assert found.posts["posted_at"].to_pylist() == [MOMENT, MOMENT]
    # a search writes titles, and nothing else, as HTML
    assert found.posts["text"].to_pylist() == ["A flower\ncut ...", 'It\'s "a" & b\n&amp; cut']
    assert found.posts["views"].to_pylist() == [None, None]
    (own,) = [row for row in found.accounts.to_pylist() if not row["derived"]]
    assert own["native_id"] == CHANNEL["id"]
    assert own["display_name"] == "Fake & Flower"
    assert (own["created_at"], own["created_precision"]) == (MOMENT, "s")
    reason = (
        "a search result of kind youtube#playlist, neither account nor post; expected a channel, "
        "a video or a comment"
    )
    assert asides(found) == [[3, "", "", reason]]
    assert notes(found) == f"2 x {CUT_VIDEO}; 1 x {CUT_CHANNEL}; 1 x set aside: {reason}"


@pytest.mark.parametrize(
    ("cells", "owner", "title", "posted_at"),
    [
        # the uploads of the channel that lists it
        ({}, CHANNEL["id"], "Fake Flower News", MOMENT),
        (
            {"contentDetails.videoPublishedAt": "2021-04-22T08:00:00.000Z"},
            CHANNEL["id"],
            "Fake Flower News",
            MOMENT.replace(hour=8, second=0),
        ),
        # somebody's list, which names the owner
        (
            {
                "snippet.playlistId": "PLlist",
                "snippet.videoOwnerChannelId": "UCowner",
                "snippet.videoOwnerChannelTitle": "Invented Owner",
                "contentDetails.videoPublishedAt": "2021-04-22T08:00:00Z",
            },
            "UCowner",
            "Invented Owner",
            MOMENT.replace(hour=8, second=0),
        ),
        # when it went into the list is not when it was published
        (
            {"snippet.playlistId": "PLlist", "snippet.videoOwnerChannelId": "UCowner"},
            "UCowner",
            None,
            None,
        ),
    ],
)
def test_an_item_of_a_playlist_is_a_video_of_its_channel(
    read_page, key, cells, owner, title, posted_at
):
    item = LISTED_VIDEO
    for path, value in cells.items():
        item = put(item, path, value)
    found = read_page(item)
    post, account = one(found.posts), one(found.accounts)
    assert (post["kind"], post["native_id"]) == ("video", "fakevideo01")
    assert post["account_id"] == account["account_id"] == pseudonym("account", owner, key)
    assert (account["display_name"], account["derived"]) == (title, True)
    assert post["posted_at"] == posted_at
    assert "1 x a video out of a playlist, without its counts" in notes(found)
    assert ("kept undated" in notes(found)) is (posted_at is None)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("snippet.playlistId", "PLlist"),
        ("snippet.playlistId", "LLfakeflower0000000000AA"),
        ("snippet.playlistId", "UUfakeflower0000000000AB"),
        ("snippet.playlistId", None),
        ("snippet.channelId", None),
        ("snippet.channelId", ["UCfakeflower0000000000AA"]),
        ("snippet", None),
    ],
)
def test_an_item_of_a_playlist_whose_videos_channel_is_not_named_is_set_aside(
    read_page, path, value
):
    found = read_page(put(LISTED_VIDEO, path, value), VIDEO)
    assert asides(found) == [[1, "", "", NO_OWNER]]
    assert notes(found) == f"1 x set aside: {NO_OWNER}"
    assert found.posts["source_row"].to_pylist() == [2]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (
            {"videoId": "fakevideo01", "rating": "like"},
            "a video's rating, neither account nor post",
        ),
        (
            {"kind": "youtube#playlist", "id": "PL"},
            "a resource of kind youtube#playlist, neither account nor post",
        ),
        (
            {"kind": "youtube#subscription"},
            "a resource of kind youtube#subscription, neither account nor post",
        ),
        ({"kind": "Nobody Invented"}, "a resource, neither account nor post"),
        ({"kind": "youtube#a; b"}, "a resource, neither account nor post"),
        ({"kind": ["youtube#video"]}, "a resource, neither account nor post"),
        ({"id": "UCx"}, "a resource that names no kind; expected one such as youtube#channel"),
        ({}, "a resource that names no kind"),
        (
            {"error": {"code": 403}},
            "an error of the API in place of a response; expected data; ask again",
        ),
        (
            {"kind": "youtube#searchResult", "id": "fakevideo01"},
            "a search result, neither account nor post",
        ),
        ({"kind": "youtube#searchResult"}, "a search result, neither account nor post"),
        (7, "a JSON str; expected an object"),
        (None, "a JSON NoneType; expected an object"),
        ([VIDEO], "a JSON list; expected an object"),
    ],
)
def test_what_is_neither_account_nor_post_is_set_aside(read_page, item, reason):
    by_page = read_page(CHANNEL, item, VIDEO)
    by_lines = read_page(content=as_lines([page(CHANNEL, item, VIDEO)]))
    for found in (by_page, by_lines):
        ((row, column, value, said),) = asides(found)
        assert (row, column, value) == (2, "", "")
        assert said.startswith(reason)
        assert "Nobody" not in said
        assert found.posts["source_row"].to_pylist() == [3]


# How files are laid out

FIRST, SECOND = page(CHANNEL, thread(COMMENT, [REPLY], stated=1)), page(VIDEO)
RESOURCES = [CHANNEL, thread(COMMENT, [REPLY], stated=1), VIDEO]
LAYOUTS = {
    "pages behind each other": as_document(FIRST) + b"\n" + as_document(SECOND),
    "list of pages": as_document([FIRST, SECOND]),
    "list of pages on one line": json.dumps([FIRST, SECOND]).encode(),
    "list of resources": as_document(RESOURCES),
    "pages, one a line": as_lines([FIRST, SECOND]),
    "resources, one a line": as_lines(RESOURCES),
    "one page": as_document(page(*RESOURCES)),
    "one page on one line": as_lines([page(*RESOURCES)]),
    "items first": as_document({"items": RESOURCES, "kind": "youtube#channelListResponse"}),
    "an empty page between": as_lines([FIRST, page(), SECOND]),
    "a page of none found between": as_lines([FIRST, without(page(), "items"), SECOND]),
}


@pytest.mark.parametrize("content", LAYOUTS.values(), ids=LAYOUTS)
def test_all_layouts_read_the_same(read_page, content):
    found = read_page(content=content)
    assert found.ledger.loc[0, ["records", "quarantined"]].to_list() == [4, 0]
    assert accounts_of_their_own(found) == [CHANNEL["id"]]
    posts = found.posts.sort_by("source_row").select(["source_row", "native_id"]).to_pylist()
    assert posts == [
        {"source_row": 2, "native_id": "Ugfake01"},
        {"source_row": 3, "native_id": "Ugfake01.reply1"},
        {"source_row": 4, "native_id": "fakevideo01"},
    ]
    wanted = read_page(content=LAYOUTS["one page"])
    for table, other in ((found.accounts, wanted.accounts), (found.posts, wanted.posts)):
        assert table.sort_by("account_id").equals(other.sort_by("account_id"))


@pytest.mark.parametrize("resource", [CHANNEL, VIDEO, COMMENT, thread(), LISTED_VIDEO])
@pytest.mark.parametrize("written", [as_document, lambda value: as_lines([value])])
def test_a_resource_may_stand_alone(read_page, resource, written):
    found = read_page(content=written(resource))
    assert found.ledger.loc[0, ["records", "quarantined"]].to_list() == [1, 0]
    assert len(accounts_of_their_own(found)) + len(found.posts) == 1


@pytest.mark.parametrize("written", [as_document, lambda value: as_lines([value])])
@pytest.mark.parametrize("more", [{}, {"items": None}, {"items": []}])
def test_a_list_of_nothing_found_is_no_record(read_page, written, more):
    empty = {"kind": "youtube#channelListResponse", "pageInfo": {"totalResults": 0}}
    found = read_page(content=written(empty | more))
    assert found.ledger.loc[0, ["records", "quarantined", "notes"]].to_list() == [0, 0, ""]


# Wrong values

WRONG_TIMES = [
    ("2021-04-22T25:00:00Z", NO_TIME),
    ("2021-02-29T00:00:00Z", NO_TIME),
    ("22 April 2021", NO_TIME),
    ("1619082005", NO_TIME),
    ("4/22/2021 9:00", "a date that may be day-first or month-first"),
    ("2022-12-02T12:00:00Z", "a time after the snapshot"),
]
DAMAGED = "scientific notation: a spreadsheet such as Excel has rounded this id"
WRONG_COUNTS = ["1.5", "-1", "1,000", "1e3", " 1", "１", "many", "9" * 19]


def wrong(resource, column, path, id_of):
    """Wrong values of an id, a time and counts of a resource."""
    return [
        *[
            (resource, "id", "id", value, f"no id; expected the id of the {id_of}")
            for value in ("", " ")
        ],
        (resource, "id", "id", "1.01421E+18", DAMAGED),
        (resource, "id", "id", "a b", f"not an id; expected the id of the {id_of}"),
        (resource, "id", "id", "x" * 201, f"not an id; expected the id of the {id_of}"),
        *[(resource, column, path, value, reason) for value, reason in WRONG_TIMES],
    ]


BEFORE = ("2005-02-13T23:59:59Z", "a time before the platform; expected 2005-02-14 or later")


WRONG = [
    *wrong(CHANNEL, "snippet.publishedAt", "snippet.publishedAt", "channel"),
    *wrong(VIDEO, "publishedAt", "snippet.publishedAt", "video"),
    *wrong(COMMENT, "publishedAt", "snippet.publishedAt", "comment"),
    *[(one, "publishedAt", "snippet.publishedAt", *BEFORE) for one in (VIDEO, COMMENT)],
    (VIDEO, "channelId", "snippet.channelId", "", "no id; expected the id of the channel"),
    (VIDEO, "channelId", "snippet.channelId", "1E+18", DAMAGED),
    (COMMENT, "authorChannelId", "snippet.authorChannelId.value", "1E+18", DAMAGED),
    (COMMENT, "answers", "snippet.parentId", "1E+18", DAMAGED),
    *[
        (resource, column, path, value, NO_COUNT)
        for resource, column, path in [
            (CHANNEL, "statistics.subscriberCount", "statistics.subscriberCount"),
            (VIDEO, "statistics.viewCount", "statistics.viewCount"),
            (VIDEO, "statistics.likeCount", "statistics.likeCount"),
            (VIDEO, "statistics.commentCount", "statistics.commentCount"),
            (COMMENT, "likeCount", "snippet.likeCount"),
            (thread(), "totalReplyCount", "snippet.totalReplyCount"),
        ]
        for value in WRONG_COUNTS
    ],
]


@pytest.mark.parametrize("kind", sorted({resource["kind"] for resource, *_ in WRONG}))
def test_wrong_values_are_set_aside(read_page, kind):
    cases = [case for case in WRONG if case[0]["kind"] == kind]
    made = [put(resource, path, value) for resource, _, path, value, _ in cases]
    found = read_page(VIDEO, *made, COMMENT)
    assert len(found.quarantine) == len(cases) > 7
    for row, (aside, case) in enumerate(zip(asides(found), cases, strict=True), start=2):
        _, column, _, value, reason = case
        assert aside[:3] == [row, column, value[:80]]
        assert aside[3].startswith(reason)
    assert sorted(found.posts["source_row"].to_pylist()) == [1, len(cases) + 2]


NESTED = "nested JSON where a value was due"


WRONG_TYPES = [
    *[
        (resource, "snippet", value, "snippet", "not an object; expected one here")
        for resource in (CHANNEL, VIDEO, COMMENT, thread(), LISTED_VIDEO, result("youtube#x"))
        for value in ("", "a text", 7, False, [], [{}])
    ],
    (CHANNEL, "statistics", "x", "statistics", "not an object"),
    (VIDEO, "statistics", [], "statistics", "not an object"),
    (LISTED_VIDEO, "contentDetails", "x", "contentDetails", "not an object"),
    (thread(), "replies", [REPLY], "replies", "not an object"),
    (CHANNEL, "id", {"a": 1}, "id", NESTED),
    (CHANNEL, "snippet.title", ["a"], "snippet.title", NESTED),
    (CHANNEL, "snippet.publishedAt", {}, "snippet.publishedAt", NESTED),
    (CHANNEL, "statistics.subscriberCount", [], "statistics.subscriberCount", NESTED),
    (VIDEO, "id", [], "id", NESTED),
    (VIDEO, "snippet.channelId", {}, "channelId", NESTED),
    (VIDEO, "snippet.title", {"a": 1}, "title", NESTED),
    (VIDEO, "snippet.description", ["a"], "description", NESTED),
    (VIDEO, "snippet.tags", {"a": 1}, "tags", NESTED),
    (VIDEO, "snippet.tags", ["a", {}], "tags", NESTED),
    (VIDEO, "snippet.defaultAudioLanguage", [1], "language", NESTED),
    (COMMENT, "id", {}, "id", NESTED),
    (COMMENT, "snippet.authorChannelId.value", ["UCa"], "authorChannelId", NESTED),
    (COMMENT, "snippet.textOriginal", {}, "text", NESTED),
    (COMMENT, "snippet.likeCount", {}, "likeCount", NESTED),
    (COMMENT, "snippet.parentId", ["a"], "answers", NESTED),
    (COMMENT, "snippet.updatedAt", ["a"], "updatedAt", NESTED),
    (thread(), "snippet.totalReplyCount", [1], "totalReplyCount", NESTED),
    (thread(), "snippet.topLevelComment.snippet", "x", "snippet", "not an object"),
    (thread(), "snippet.topLevelComment", "x", "topLevelComment", "not an object"),
    (LISTED_VIDEO, "snippet.resourceId", "x", "id", "no id; expected the id of the video"),
    (CHANNEL, "statistics.hiddenSubscriberCount", {}, "statistics.hiddenSubscriberCount", "ne"),
    (VIDEO, "snippet.title", "x" * (2**20 + 1), "title", "a value of more than 1 MiB"),
]


@pytest.mark.parametrize("written", [lambda values: as_document(page(*values)), as_lines])
def test_json_of_the_wrong_type_is_set_aside(read_page, written):
    made = [put(resource, path, value) for resource, path, value, *_ in WRONG_TYPES]
    found = read_page(content=written([VIDEO, *made, COMMENT]))
    rows = {row: (column, reason) for row, column, _, reason in asides(found)}
    assert sorted(rows) == list(range(2, len(WRONG_TYPES) + 2))
    for row, (*_, column, reason) in enumerate(WRONG_TYPES, start=2):
        assert rows[row][0] == column, row
        assert rows[row][1].startswith(reason), row
    assert sorted(found.posts["source_row"].to_pylist()) == [1, len(WRONG_TYPES) + 2]


def test_what_is_set_aside_is_shown(read_page):
    found = read_page(put(VIDEO, "snippet", "a text"), put(VIDEO, "snippet", [[VIDEO]]))
    assert found.quarantine["value"].to_list() == ['"a text"', "[...]"]


def test_a_shown_text_that_is_no_text_is_set_aside(read_page):
    comment = without(COMMENT, "snippet.textOriginal")
    found = read_page(put(comment, "snippet.textDisplay", {"a": 1}))
    assert [row[1] for row in asides(found)] == ["text"]


@pytest.mark.parametrize("replies", ["x", {"a": REPLY}, 7, True])
def test_replies_that_are_no_list_are_set_aside_and_the_comment_kept(read_page, replies):
    found = read_page(thread(COMMENT, replies, stated=1), VIDEO)
    ((row, column, _, reason),) = asides(found)
    assert (row, column, reason) == (2, "comments", "not a list; expected one here")
    assert sorted(found.posts["source_row"].to_pylist()) == [1, 3]
    assert LACKS in notes(found)


def test_a_wrong_reply_is_set_aside_and_the_others_kept(read_page):
    replies = ["x", REPLY, None, put(REPLY, "snippet", 7), without(REPLY, "snippet")]
    found = read_page(thread(COMMENT, replies, stated=5))
    faults = sorted((row, column) for row, column, *_ in asides(found))
    assert faults == [(2, ""), (4, ""), (5, "snippet"), (6, "")]
    assert found.posts["source_row"].to_pylist() == [1, 3]


@pytest.mark.parametrize("written", [as_document, lambda value: as_lines([value])])
@pytest.mark.parametrize("items", ["x", {"a": VIDEO}, 7, True])
def test_items_that_are_no_list_are_set_aside(read_page, written, items):
    found = read_page(content=written({"kind": "youtube#videoListResponse", "items": items}))
    ((row, column, _, reason),) = asides(found)
    assert (row, column, reason) == (1, "items", "not a list; expected one here")


@pytest.mark.parametrize("written", [as_document, lambda value: as_lines([value])])
def test_pages_inside_a_page_are_read(read_page, written):
    found = read_page(content=written(page(page(VIDEO, 7), page(), page(CHANNEL))))
    assert accounts_of_their_own(found) == [CHANNEL["id"]]
    assert found.posts["native_id"].to_pylist() == ["fakevideo01"]
    assert asides(found) == [[2, "", "", "a JSON str; expected an object"]]


@pytest.mark.parametrize(
    "value", ["a\0b", "'; DROP TABLE record; --", "$platform", "{derived}", "\u202etxt", "NULL"]
)
def test_a_hostile_text_is_stored_as_it_is(read_page, value):
    found = read_page(
        put(put(VIDEO, "snippet.title", value), "snippet.description", ""),
        put(COMMENT, "snippet.textOriginal", value),
        put(CHANNEL, "snippet.title", value),
    )
    assert found.posts["text"].to_pylist() == [value, value]
    assert value in found.accounts["display_name"].to_pylist()


def test_half_a_character_is_shown_as_such(read_page):
    half = put(VIDEO, "snippet.description", "https://x.invalid/\ud83d \ud83d")
    found = read_page(content=as_lines([half, put(COMMENT, "snippet", "\ud83d")]))
    assert found.posts["text"].to_pylist() == ["A flower\nhttps://x.invalid/\ufffd \ufffd"]
    assert found.posts["urls"].to_pylist() == [["https://x.invalid/"]]
    assert asides(found)[0][:3] == [2, "snippet", '"\\ud83d"']


@pytest.mark.parametrize("depth", [400, 900, 985, 990, 995])
def test_deep_json_ends_in_no_crash(read_page, depth):
    for shape in ('"snippet":%s', '"snippet":{"topLevelComment":%s}', '"replies":{"comments":%s}'):
        deep = '{"kind":"youtube#commentThread",' + shape % ("[" * depth + "]" * depth) + "}"
        found = read_page(content=as_lines([VIDEO]) + deep.encode() + b"\n")
        assert found.posts["native_id"].to_pylist() == ["fakevideo01"]
        assert len(found.quarantine) >= 1


# Whatever a file holds

KEYS = (
    *("kind", "id", "items", "snippet", "statistics", "contentDetails", "replies", "comments"),
    *("topLevelComment", "channelId", "publishedAt", "title", "description", "tags", "videoId"),
    *("authorChannelId", "authorChannelUrl", "value", "textDisplay", "textOriginal", "parentId"),
    *("totalReplyCount", "playlistId", "resourceId", "videoPublishedAt", "rating", "error"),
)
KINDS = ("channel", "video", "searchResult", "playlistItem", "comment", "commentThread", "playlist")
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from([f"youtube#{kind}" for kind in KINDS])
    | st.sampled_from(["2021-04-22T09:00:05Z", "9999-12-31T23:59:59+99:99", "UCa", "UUa", "\ud83d"])
    | st.sampled_from(["<br>", "&#", "&#x110000;", "https://x.invalid", "1e9", "1" + "0" * 30])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=8,
)
GOOD = [
    *(CHANNEL, VIDEO, COMMENT, LISTED_VIDEO, thread(COMMENT, [REPLY], stated=1)),
    *(result(kind) for kind in ("youtube#video", "youtube#channel", "youtube#playlist")),
]


@st.composite
def changed(draw):
    """A good resource with some of its values put out of order."""
    resource = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(0, 3))):
        first = draw(st.sampled_from(sorted(resource)))
        inside = resource[first]
        if isinstance(inside, dict) and inside and draw(st.booleans()):
            second = draw(st.sampled_from(sorted(inside)))
            resource = {**resource, first: {**inside, second: draw(VALUES)}}
        else:
            resource = {**resource, first: draw(VALUES)}
    return resource


@FUZZED
@given(st.lists(changed() | VALUES, min_size=1, max_size=4), st.sampled_from("dlr"))
def test_any_json_is_accounted_for(read, values, layout):
    content = {
        "d": lambda: as_document(page(*values)),
        "l": lambda: as_lines([page(*values)]),
        "r": lambda: as_lines([{}, *values]),
    }[layout]()
    found = read(content, KIND, **LISTED)
    assert is_accounted_for(found)
    assert len(set(found.posts["source_row"].to_pylist())) == len(found.posts)
    if layout != "r":
        # an item of a page is never lost
        assert found.ledger.loc[0, "records"] >= len(values)


# Real responses

FILES = 41
TOTALS = {"channel": 12, "video": 113, "comment": 28, "aside": 18}


def resources(value):
    """Each resource of a response."""
    return value.get("items", [value])


def fate(item):
    """What a real resource is to become, told by its own shape."""
    kind = item.get("kind", "")
    if kind == "youtube#searchResult":
        kind = item["id"]["kind"]
    if kind == "youtube#playlistItem":
        own = item["snippet"]
        uploads = own["playlistId"][2:] == own["channelId"][2:] and own["playlistId"][:2] == "UU"
        return "video" if "videoOwnerChannelId" in own or uploads else "aside"
    names = {"youtube#commentThread": "comment", "youtube#comment": "comment"}
    return names.get(kind) or {"youtube#channel": "channel", "youtube#video": "video"}.get(
        kind, "aside"
    )


def times(value):
    """Each publishedAt anywhere in a value but in a playlist's items, as plain Python reads it."""
    if isinstance(value, list):
        for one_of in value:
            yield from times(one_of)
    elif isinstance(value, dict) and value.get("kind") != "youtube#playlistItem":
        for name, inside in value.items():
            if name == "publishedAt":
                yield dt.datetime.fromisoformat(inside)
            else:
                yield from times(inside)


@pytest.fixture(scope="module")
def real(read, realdata):
    """Each real response: its path, its value, and what was read of it."""
    found = []
    for path in sorted((realdata / "youtube-api").glob("**/*.json")):
        value = json.loads(path.read_text(encoding="utf-8"))
        found.append((path, value, read(path, KIND, **LISTED)))
    return found


def test_each_real_file_is_read_to_its_last_record(real):
    counted = Counter()
    files = 0
    for path, value, found in real:
        fates = Counter(fate(item) for item in resources(value))
        # no real thread holds a reply
        assert "replies" not in json.dumps(value).lower().replace("totalreplycount", "")
        kinds = Counter(found.posts["kind"].to_pylist())
        seen = {
            "channel": len(accounts_of_their_own(found)),
            "video": kinds["video"],
            "comment": kinds["comment"],
            "aside": len(found.quarantine),
        }
        assert seen == {name: fates[name] for name in seen}, path
        assert found.ledger.loc[0, "records"] == len(resources(value)), path
        assert is_accounted_for(found), path
        counted.update(seen)
        files += 1
    assert files == FILES
    assert dict(counted) == TOTALS


def test_each_real_time_ends_up_in_utc(real):
    seen = 0
    for path, value, found in real:
        stored = [*found.accounts["created_at"].to_pylist(), *found.posts["posted_at"].to_pylist()]
        stored = sorted(time for time in stored if time is not None)
        assert stored == sorted(times(value)), path
        precisions = {*found.posts["posted_precision"].to_pylist()}
        assert precisions <= ({"none"} if "playlist_items" in path.parts else {"s"}), path
        seen += len(stored)
    assert seen == 151


def test_what_was_odd_about_each_real_file_is_noted(real):
    for path, value, found in real:
        wanted = Counter()
        for item in resources(value):
            snippet = item.get("snippet", {})
            becomes = fate(item)
            comment = snippet.get("topLevelComment", item)
            inner = comment.get("snippet", {})
            wanted["a channel " + UNDATED] += becomes == "channel" and not snippet
            wanted[CUT_VIDEO] += item.get("id", {}) != {} and (
                isinstance(item["id"], dict) and becomes == "video"
            )
            wanted[CUT_CHANNEL] += isinstance(item.get("id"), dict) and becomes == "channel"
            wanted[LACKS] += snippet.get("totalReplyCount", 0) > 0
            if becomes == "comment":
                place = inner.get("parentId") or inner.get("videoId") or snippet.get("videoId")
                wanted[PLACELESS] += place is None
                wanted[EDITED] += inner["updatedAt"] != inner["publishedAt"]
            if item.get("kind") == "youtube#playlistItem":
                wanted["set aside: " + NO_OWNER] += becomes == "aside"
                named = becomes == "video"
                wanted["a video out of a playlist, without its counts"] += named
                wanted["a video without its time, kept undated"] += named
            wanted[
                "set aside: a video's rating, neither account nor post; expected a channel, a "
                "video or a comment"
            ] += "rating" in item
        said = sorted((+wanted).items(), key=lambda noted: (-noted[1], noted[0]))
        assert notes(found) == "; ".join(f"{count} x {note}" for note, count in said), path


def test_each_real_record_says_what_its_file_says(real):
    compared = Counter()
    for path, value, found in real:
        accounts = {row["source_row"]: row for row in found.accounts.to_pylist()}
        posts = {row["source_row"]: row for row in found.posts.to_pylist()}
        names = dict(found.accounts.select(["account_id", "native_id"]).to_pandas().to_numpy())
        for number, item in enumerate(resources(value), start=1):
            becomes, kind = fate(item), item.get("kind")
            if becomes == "channel" and kind == "youtube#channel":
                statistics, snippet = item.get("statistics", {}), item.get("snippet", {})
                row = accounts[number]
                hidden = statistics.get("hiddenSubscriberCount", True)
                assert row["native_id"] == item["id"], path
                assert row["display_name"] == snippet.get("title")
                assert row["description"] == (snippet.get("description") or None)
                assert row["handle"] == snippet.get("customUrl")
                assert row["country"] == snippet.get("country")
                followers = None if hidden else int(statistics["subscriberCount"])
                assert row["followers"] == followers
            elif becomes == "video" and kind == "youtube#video":
                row, snippet = posts[number], item["snippet"]
                statistics = item.get("statistics", {})
                assert row["native_id"] == item["id"], path
                assert names[row["account_id"]] == snippet["channelId"]
                whole = [snippet["title"], snippet["description"]]
                assert row["text"] == "\n".join(part for part in whole if part)
                assert row["hashtags"] == snippet.get("tags", [])
                for field, name in [
                    ("views", "viewCount"),
                    ("likes", "likeCount"),
                    ("replies", "commentCount"),
                ]:
                    stated = statistics.get(name)
                    assert row[field] == (None if stated is None else int(stated))
            elif becomes == "comment":
                comment = item.get("snippet", {}).get("topLevelComment", item)
                row, snippet = posts[number], comment["snippet"]
                assert row["native_id"] == comment["id"], path
                assert names[row["account_id"]] == snippet["authorChannelId"]["value"]
                assert row["text"] == snippet["textOriginal"]
                assert row["likes"] == snippet["likeCount"]
            elif kind == "youtube#searchResult":
                found_id = item["id"].get("videoId") or item["id"]["channelId"]
                row = (posts if becomes == "video" else accounts)[number]
                assert row["native_id"] == found_id, path
                shown = row["text"] if becomes == "video" else row["display_name"]
                assert not {"&#39;", "&amp;", "&quot;"} & {*shown.replace(";", "; ").split()}
                assert "&#39;" not in shown
            else:
                continue
            compared[kind] += 1
    assert compared == {
        "youtube#channel": 7,
        "youtube#video": 15,
        "youtube#comment": 7,
        "youtube#commentThread": 21,
        "youtube#searchResult": 102,
    }


def test_the_html_that_real_comments_are_shown_in_becomes_their_original(read, real):
    """Nobody but the author is given textOriginal."""
    comments = [
        item["snippet"].get("topLevelComment", item)
        for _, value, _ in real
        for item in resources(value)
        if fate(item) == "comment"
    ]
    shown = [without(comment, "snippet.textOriginal") for comment in comments]
    found = read(as_document(page(*shown)), KIND, **LISTED)
    texts = [comment["snippet"]["textOriginal"] for comment in comments]
    assert found.posts["text"].to_pylist() == texts
    assert len(texts) == 28
