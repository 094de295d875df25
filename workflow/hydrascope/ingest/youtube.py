"""Responses of the YouTube Data API v3: channels, videos, comments, search, uploads.

Lists come whole, paged, one response a line or one resource a line. Times are
ISO 8601 with and without milliseconds, counts are strings. A comment thread is
no record of its own: its top comment and the replies that it holds are.
"""

import html
import re
from collections.abc import Iterator, Mapping

from hydrascope.ingest.checks import (
    PLATFORM_STARTS,
    count_checks,
    id_checks,
    quoted,
    required_id_checks,
    time_checks,
)
from hydrascope.ingest.mapping import Format, Item, Oddity, Records
from hydrascope.ingest.times import iso_precision, iso_utc

__all__ = ["FORMATS"]

BREAK = re.compile(r"<br\s*/?>", re.I)
TAG = re.compile(r"<[^<>]*>")
LINK = re.compile(r"https?://[^\s<>\"'\u3000-\u303f\uff00-\uffef]+")
CHANNEL_IN_ADDRESS = re.compile(r"/channel/([\w-]+)/?$")


def _channel(item: Mapping) -> Iterator[Item]:
    yield Item("channel", item)


def _video(item: Mapping) -> Iterator[Item]:
    snippet = _part(item, "snippet")
    parts = (snippet.get("title"), snippet.get("description"))
    text = "\n".join(part for part in parts if isinstance(part, str) and part)
    made = {
        "id": item.get("id"),
        "channel": snippet.get("channelId"),
        "channel_title": snippet.get("channelTitle"),
        "published": snippet.get("publishedAt"),
        "text": text,
        "links": LINK.findall(text),
        "tags": snippet.get("tags"),
        "language": snippet.get("defaultAudioLanguage") or snippet.get("defaultLanguage"),
        "statistics": item.get("statistics"),
    }
    yield Item("video", made)


def _search_result(item: Mapping) -> Iterator[Item]:
    found = _part(item, "id")
    if found.get("kind") == "youtube#video":
        for video in _video({**item, "id": found.get("videoId")}):
            yield Item("video", {**video.record, "cut": True})
    elif found.get("kind") == "youtube#channel":
        yield Item("channel", {**item, "id": found.get("channelId"), "cut": True})
    else:
        yield Item("", _neither("a search result", found.get("kind")))


def _playlist_item(item: Mapping) -> Iterator[Item]:
    snippet = _part(item, "snippet")
    owner, channel = snippet.get("videoOwnerChannelId"), snippet.get("channelId")
    uploads = isinstance(channel, str) and snippet.get("playlistId") == f"UU{channel[2:]}"
    if not owner and not uploads:
        yield Item(
            "",
            "an entry of a playlist, whose video's channel is not named; expected "
            "videoOwnerChannelId, or the uploads of a channel; ask videos.list for the video",
        )
        return
    # When a video went into somebody's list says nothing of when it was published.
    published = _part(item, "contentDetails").get("videoPublishedAt")
    title = snippet.get("videoOwnerChannelTitle") if owner else snippet.get("channelTitle")
    named = {"channelId": owner or channel, "channelTitle": title}
    when = {"publishedAt": published or (snippet.get("publishedAt") if uploads else None)}
    video = _part(snippet, "resourceId").get("videoId")
    for made in _video({"id": video, "snippet": {**snippet, **named, **when}}):
        yield Item("video", {**made.record, "listed": True})


def _comment(item: Mapping, thread: Mapping | None = None) -> Iterator[Item]:
    snippet = _part(item, "snippet")
    author = _part(snippet, "authorChannelId").get("value")
    if not author:
        address = snippet.get("authorChannelUrl")
        found = CHANNEL_IN_ADDRESS.search(address) if isinstance(address, str) else None
        author = found and found[1]
    if not author:
        yield Item(
            "", "a comment that names no author; expected authorChannelId; its account is gone"
        )
        return
    text = snippet.get("textOriginal")
    if text is None and isinstance(shown := snippet.get("textDisplay"), str):
        text = html.unescape(TAG.sub("", BREAK.sub("\n", shown)))
    video = snippet.get("videoId") or _part(thread, "snippet").get("videoId")
    made = {
        "id": item.get("id"),
        "author": author,
        "author_name": snippet.get("authorDisplayName"),
        "published": snippet.get("publishedAt"),
        "updated": snippet.get("updatedAt"),
        "text": text,
        "links": LINK.findall(text) if isinstance(text, str) else [],
        "likes": snippet.get("likeCount"),
        "answers": snippet.get("parentId") or video,
    }
    if thread is not None:
        stated = _part(thread, "snippet").get("totalReplyCount")
        made["replies"] = stated
        made["lacks"] = str(stated or 0) != str(len(_replies(thread)))
    yield Item("comment", made)


def _comment_thread(item: Mapping) -> Iterator[Item]:
    top = _part(item, "snippet").get("topLevelComment")
    yield from _comment(top if isinstance(top, Mapping) else {}, item)
    for reply in _replies(item):
        if isinstance(reply, Mapping):
            yield from _comment(reply)
        else:
            yield Item("", "a reply that is no object; expected a comment")


def _replies(thread: Mapping) -> list:
    replies = _part(thread, "replies").get("comments")
    return replies if isinstance(replies, list) else []


_RESOURCES = {
    "youtube#channel": _channel,
    "youtube#video": _video,
    "youtube#searchResult": _search_result,
    "youtube#playlistItem": _playlist_item,
    "youtube#comment": _comment,
    "youtube#commentThread": _comment_thread,
}


def _unnest(value: Mapping) -> Iterator[Item]:
    """The records of a page, or of one resource."""
    if isinstance(items := value.get("items"), list):
        for item in items:
            if isinstance(item, Mapping):
                yield from _unnest(item)
            else:
                yield Item("", f"a JSON {type(item).__name__}; expected a resource")
    elif isinstance(kind := value.get("kind"), str) and kind in _RESOURCES:
        yield from _RESOURCES[kind](value)
    elif "rating" in value and "videoId" in value:
        yield Item("", _neither("a rating"))
    else:
        yield Item("", _neither("a resource", kind))


def _neither(what: str, kind: object = "") -> str:
    known = isinstance(kind, str) and re.fullmatch(r"youtube#\w{1,40}", kind)
    named = f"{what} of kind {kind}" if known else what
    return f"{named}, neither account nor post; expected a channel, a video or a comment"


def _part(value: Mapping | None, key: str) -> Mapping:
    part = value.get(key) if isinstance(value, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def _times(column: str) -> list:
    return time_checks(
        column,
        "published_utc",
        expected="ISO 8601 as the API gives it",
        start=PLATFORM_STARTS["youtube"],
    )


_PUBLISHED = quoted("snippet.publishedAt")
_HIDDEN = "lower(\"statistics.hiddenSubscriberCount\") = 'true'"
_STATISTICS = ("statistics.viewCount", "statistics.likeCount", "statistics.commentCount")

_CHANNELS = Records(
    required=("id", "snippet.title"),
    optional=(
        *("snippet.description", "snippet.customUrl", "snippet.publishedAt", "snippet.country"),
        *("snippet.defaultLanguage", "statistics.subscriberCount"),
        *("statistics.hiddenSubscriberCount", "cut"),
    ),
    named={"published_utc": iso_utc(_PUBLISHED)},
    checks=(
        *required_id_checks("id", "channel"),
        *_times("snippet.publishedAt"),
        *count_checks(["statistics.subscriberCount"]),
    ),
    oddities=(
        Oddity(f"{_PUBLISHED} = ''", "a channel without its date of creation, kept undated"),
        Oddity(_HIDDEN, "a channel that hides its subscribers"),
        Oddity("cut = 'true'", "a channel out of a search, its description cut"),
    ),
    account={
        "unit": "'channel'",
        "native_id": "id",
        "display_name": "nullif(\"snippet.title\", '')",
        "handle": "nullif(\"snippet.customUrl\", '')",
        "description": "nullif(\"snippet.description\", '')",
        "created_at": "published_utc",
        "created_precision": f"CASE WHEN published_utc IS NULL THEN 'none' "
        f"ELSE {iso_precision(_PUBLISHED)} END",
        "created_source": "CASE WHEN published_utc IS NULL THEN 'none' ELSE 'api' END",
        "country": "nullif(\"snippet.country\", '')",
        "language": "lower(nullif(\"snippet.defaultLanguage\", ''))",
        "followers": f"CASE WHEN coalesce({_HIDDEN}, false) THEN NULL "
        'ELSE try_cast("statistics.subscriberCount" AS BIGINT) END',
    },
)
_VIDEOS = Records(
    required=("id", "channel"),
    optional=(
        *("channel_title", "published", "text", "language", "links", "tags", "cut", "listed"),
        *_STATISTICS,
    ),
    lists=("links", "tags"),
    named={"published_utc": iso_utc("published")},
    checks=(
        *required_id_checks("id", "video"),
        *required_id_checks("channel", "channel"),
        *_times("published"),
        *count_checks(_STATISTICS),
    ),
    oddities=(
        Oddity("published = ''", "a video without its time, kept undated"),
        Oddity("cut = 'true'", "a video out of a search, its description cut"),
        Oddity("listed = 'true'", "a video out of a playlist, without its counts"),
    ),
    account={
        "unit": "'channel'",
        "native_id": "channel",
        "display_name": "nullif(channel_title, '')",
        "created_precision": "'none'",
        "created_source": "'none'",
    },
    post={
        "account_id": "channel",
        "native_id": "id",
        "kind": "'video'",
        "posted_at": "published_utc",
        "posted_precision": "CASE WHEN published_utc IS NULL THEN 'none' "
        f"ELSE {iso_precision('published')} END",
        "text": "text",
        "language": "lower(nullif(language, ''))",
        "urls": "links",
        "hashtags": "tags",
        "likes": 'try_cast("statistics.likeCount" AS BIGINT)',
        "replies": 'try_cast("statistics.commentCount" AS BIGINT)',
        "views": 'try_cast("statistics.viewCount" AS BIGINT)',
    },
)
_COMMENTS = Records(
    required=("id", "author"),
    optional=(
        *("author_name", "published", "updated", "text", "links", "likes", "answers"),
        *("replies", "lacks"),
    ),
    lists=("links",),
    named={"published_utc": iso_utc("published")},
    checks=(
        *required_id_checks("id", "comment"),
        *required_id_checks("author", "comment's author"),
        *id_checks("answers"),
        *_times("published"),
        *count_checks(["likes", "replies"]),
    ),
    oddities=(
        Oddity("published = ''", "a comment without its time, kept undated"),
        Oddity("updated NOT IN ('', published)", "a comment that was edited, kept as it is now"),
        Oddity(
            "lacks = 'true'",
            "a comment with more or fewer replies than its thread holds here; ask comments.list",
        ),
    ),
    account={
        "unit": "'channel'",
        "native_id": "author",
        "display_name": "nullif(author_name, '')",
        "created_precision": "'none'",
        "created_source": "'none'",
    },
    post={
        "account_id": "author",
        "native_id": "id",
        "kind": "'comment'",
        "posted_at": "published_utc",
        "posted_precision": "CASE WHEN published_utc IS NULL THEN 'none' "
        f"ELSE {iso_precision('published')} END",
        "text": "text",
        "urls": "links",
        "reply_to": "answers",
        "likes": "try_cast(likes AS BIGINT)",
        "replies": "try_cast(replies AS BIGINT)",
    },
)

FORMATS = {
    "youtube_api": Format(
        {"channel": _CHANNELS, "video": _VIDEOS, "comment": _COMMENTS},
        delimiter="",
        unnest=_unnest,
        container="items",
    )
}
