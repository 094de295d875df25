"""Responses of the YouTube Data API v3: channels, videos, comments, search, playlists.

Lists come whole, paged, one response a line or one resource a line. Times are
ISO 8601 with and without milliseconds, counts are strings. A comment thread is
no record of its own: its top comment and the replies that it holds are.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping

from hydrascope.ingest.checks import (
    PLATFORM_STARTS,
    count_checks,
    id_checks,
    required_id_checks,
    time_checks,
)
from hydrascope.ingest.mapping import Check, Format, Item, Oddity, Records, Time, quoted
from hydrascope.ingest.markup import decoded, without_tags
from hydrascope.ingest.times import iso_precision, iso_utc

__all__ = ["FORMATS"]

# Chinese follows an address without a space: beyond ASCII, only a host is taken.
LINK = re.compile(r"https?://(?=\w)(?:[!#-;=?-~]+|[^\s/<>\"]+(?:/[!#-;=?-~]*)?)", re.I)
# How playlists call videos that nobody may see.
UNSEEN = {"Private video", "Deleted video"}
# Errors that say of something asked for that it is not there.
GONE = {
    *("channelNotFound", "channelClosed", "channelSuspended", "videoNotFound", "playlistNotFound"),
    *("commentNotFound", "commentsDisabled", "commentThreadNotFound", "notFound"),
}
CHANNEL_IN_ADDRESS = re.compile(r"/channel/([A-Za-z0-9_-]+)/?\Z")
# Where the API has an object, and where a list; anything else there would hide what it holds.
OBJECTS = ("snippet", "statistics", "contentDetails", "replies", "topLevelComment")
LISTS = ("items", "comments")


def _channel(item: Mapping, cut: bool = False) -> Iterator[Item]:
    yield Item("channel", {**item, "cut": cut})


def _video(item: Mapping, **odd: bool) -> Iterator[Item]:
    snippet = _part(item, "snippet")
    names = ("channelId", "channelTitle", "publishedAt", "title", "description", "tags")
    made = {
        **{name: snippet.get(name) for name in names},
        "id": item.get("id"),
        "links": [*_links(snippet.get("title")), *_links(snippet.get("description"))],
        "language": snippet.get("defaultAudioLanguage") or snippet.get("defaultLanguage"),
        "statistics": item.get("statistics"),
    }
    yield Item("video", made | odd)


def _search_result(item: Mapping) -> Iterator[Item]:
    found, snippet = _part(item, "id"), _part(item, "snippet")
    # A search gives titles as HTML, but neither descriptions nor channels' names.
    snippet = {**snippet, "title": _decoded(snippet.get("title"))}
    if found.get("kind") == "youtube#video":
        yield from _video({"id": found.get("videoId"), "snippet": snippet}, cut=True)
    elif found.get("kind") == "youtube#channel":
        yield from _channel({"id": found.get("channelId"), "snippet": snippet}, cut=True)
    else:
        yield _neither("a search result", found.get("kind"))


def _playlist_item(item: Mapping) -> Iterator[Item]:
    snippet = _part(item, "snippet")
    if isinstance(title := snippet.get("title"), str) and title in UNSEEN:
        yield Item("", "a video that is private or deleted; expected one that can be seen", True)
        return
    owner, channel = snippet.get("videoOwnerChannelId"), snippet.get("channelId")
    uploads = isinstance(channel, str) and snippet.get("playlistId") == f"UU{channel[2:]}"
    if not owner and not uploads:
        yield Item(
            "",
            "a youtube#playlistItem that does not name its video's channel; expected "
            "videoOwnerChannelId, or the uploads of a channel; videos.list gives it",
        )
        return
    # When a video went into somebody's list says nothing of when it was published.
    published = _part(item, "contentDetails").get("videoPublishedAt")
    title = snippet.get("videoOwnerChannelTitle") if owner else snippet.get("channelTitle")
    named = {"channelId": owner or channel, "channelTitle": title}
    when = {"publishedAt": published or (snippet.get("publishedAt") if uploads else None)}
    video = _part(snippet, "resourceId").get("videoId")
    yield from _video({"id": video, "snippet": {**snippet, **named, **when}}, listed=True)


def _comment(item: Mapping, answers: object = None, **thread: object) -> Iterator[Item]:
    snippet = _part(item, "snippet")
    author = _part(snippet, "authorChannelId").get("value") or _channel_of(snippet)
    if not author:
        yield Item(
            "",
            "a youtube#comment that names no author; expected authorChannelId, which is missing "
            "where the account is gone",
            True,
        )
        return
    text, links = snippet.get("textOriginal"), []
    if text is None:
        text, links = _plain(snippet.get("textDisplay"))
    written = _links(text)
    names = ("authorDisplayName", "publishedAt", "updatedAt", "likeCount")
    made = {
        **{name: snippet.get(name) for name in names},
        "id": item.get("id"),
        "authorChannelId": author,
        "text": text,
        "links": written + [link for link in links if link not in set(written)],
        "answers": snippet.get("parentId") or answers or snippet.get("videoId"),
    }
    yield Item("comment", made | thread)


def _channel_of(snippet: Mapping) -> str:
    address = snippet.get("authorChannelUrl")
    found = CHANNEL_IN_ADDRESS.search(address) if isinstance(address, str) else None
    return found[1] if found else ""


def _plain(text: object) -> tuple[object, list[str]]:
    """HTML as plain text, and what it links to; what is no text stays, to be set aside."""
    if not isinstance(text, str):
        return text, []
    shown, links = without_tags(text)
    return decoded(shown), links


def _decoded(text: object) -> object:
    """A text without HTML's entities; what is no text stays."""
    return decoded(text) if isinstance(text, str) else text


def _links(text: object) -> list[str]:
    """The web addresses in a text, without the punctuation that ends a sentence."""
    found = LINK.findall(text) if isinstance(text, str) else []
    return [link.rstrip(".,;:!?'" if "(" in link else ".,;:!?')") for link in found]


def _comment_thread(item: Mapping) -> Iterator[Item]:
    snippet, replies = _part(item, "snippet"), _part(item, "replies")
    top = snippet.get("topLevelComment")
    held = replies["comments"] if isinstance(replies.get("comments"), list) else []
    if isinstance(top, Mapping):
        stated = {"totalReplyCount": snippet.get("totalReplyCount"), "held": str(len(held))}
        yield from _read(top, lambda one: _comment(one, snippet.get("videoId"), **stated))
    elif top is None:
        yield Item("", "a youtube#commentThread without its comment; expected topLevelComment")
    yield from _faults(snippet)
    yield from _faults(replies)
    first = _part(snippet, "topLevelComment").get("id") or snippet.get("videoId")
    for reply in held:
        yield from _read(reply, lambda one: _comment(one, first))


_RESOURCES: dict[object, Callable[[Mapping], Iterator[Item]]] = {
    "youtube#channel": _channel,
    "youtube#video": _video,
    "youtube#searchResult": _search_result,
    "youtube#playlistItem": _playlist_item,
    "youtube#comment": _comment,
    "youtube#commentThread": _comment_thread,
}


def _unnest(value: Mapping) -> Iterator[Item]:
    """The records of a page, or of one resource."""
    kind = value.get("kind")
    if isinstance(items := value.get("items"), list):
        for item in items:
            # Some collectors keep the pages of a list in a list of the same name.
            yield from _unnest(item) if isinstance(item, Mapping) else _read(item, _resource)
    elif items is None and isinstance(kind, str) and kind.endswith("Response"):
        # A list of what was not found, such as channels that are gone, has no items at all.
        return
    else:
        yield from _read(value, _resource)


def _read(value: object, read: Callable[[Mapping], Iterator[Item]]) -> Iterator[Item]:
    """The records of a resource whose parts are as the API gives them, or what is wrong."""
    if not isinstance(value, Mapping):
        yield Item("", f"a JSON {type(value).__name__}; expected an object")
    elif faults := list(_faults(value)):
        yield faults[0]
    else:
        yield from read(value)


def _resource(item: Mapping) -> Iterator[Item]:
    kind = item.get("kind")
    if isinstance(kind, str) and kind in _RESOURCES:
        yield from _RESOURCES[kind](item)
    elif "rating" in item and "videoId" in item:
        yield _neither("a video's rating")
    elif GONE & _reasons(item):
        yield Item("", "what was asked for is gone, private or closed; expected data", True)
    elif "error" in item:
        yield Item("", "an error of the API in place of a response; expected data; ask again")
    elif kind is None:
        yield Item("", "a resource that names no kind; expected one such as youtube#channel")
    else:
        yield _neither("a resource", kind)


def _reasons(item: Mapping) -> set[str]:
    """Why the API says that it gave no data."""
    errors = _part(item, "error").get("errors")
    named = (one.get("reason") for one in errors or () if isinstance(one, Mapping))
    return (
        {reason for reason in named if isinstance(reason, str)}
        if isinstance(errors, list)
        else set()
    )


def _faults(value: Mapping) -> Iterator[Item]:
    """Parts of a value that are not the object or the list that the API has there."""
    for names, form in ((OBJECTS, Mapping), (LISTS, list)):
        for name in names:
            part = value.get(name)
            if part is not None and not isinstance(part, form):
                # A list or an object may be too deep to be written out.
                shown = {dict: "{...}", list: "[...]"}.get(type(part)) or json.dumps(part)
                yield Item("fault", {name: shown})


def _neither(what: str, kind: object = "") -> Item:
    # Only a kind of the API's may stand in a reason, which the ledger shows.
    known = isinstance(kind, str) and re.fullmatch(r"youtube#[A-Za-z]{1,40}", kind)
    named = f"{what} of kind {kind}" if known else what
    return Item("", f"{named}, neither account nor post; expected a channel, a video or a comment")


def _part(value: Mapping, key: str) -> Mapping:
    part = value.get(key)
    return part if isinstance(part, Mapping) else {}


def _times(column: str) -> list[Check]:
    return time_checks(
        column,
        "published_utc",
        expected="ISO 8601 as the API gives it",
        start=PLATFORM_STARTS["youtube"],
    )


def _precision(column: str) -> str:
    return f"CASE WHEN published_utc IS NULL THEN 'none' ELSE {iso_precision(column)} END"


_START = f"TIMESTAMP '{PLATFORM_STARTS['youtube']}'"
_PUBLISHED = quoted("snippet.publishedAt")
_HIDDEN = "lower(\"statistics.hiddenSubscriberCount\") = 'true'"
_STATISTICS = ("statistics.viewCount", "statistics.likeCount", "statistics.commentCount")

_CHANNELS = Records(
    plain=True,
    required=("id", "snippet.title"),
    optional=(
        *("snippet.description", "snippet.customUrl", "snippet.publishedAt", "snippet.country"),
        *("snippet.defaultLanguage", "statistics.subscriberCount"),
        *("statistics.hiddenSubscriberCount", "cut"),
    ),
    named={"published_utc": iso_utc(_PUBLISHED)},
    times={"published_utc": Time("snippet.publishedAt", "creation", _START)},
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
        "created_precision": _precision(_PUBLISHED),
        "created_source": "CASE WHEN published_utc IS NULL THEN 'none' ELSE 'api' END",
        "country": "nullif(\"snippet.country\", '')",
        "language": "lower(nullif(\"snippet.defaultLanguage\", ''))",
        "followers": f"CASE WHEN {_HIDDEN} THEN NULL "
        'ELSE try_cast("statistics.subscriberCount" AS BIGINT) END',
    },
)
_VIDEOS = Records(
    plain=True,
    required=("id", "channelId"),
    optional=(
        *("channelTitle", "publishedAt", "title", "description", "language", "links", "tags"),
        *("cut", "listed"),
        *_STATISTICS,
    ),
    lists=("links", "tags"),
    named={"published_utc": iso_utc("publishedAt")},
    times={"published_utc": Time("publishedAt", "posting")},
    checks=(
        *required_id_checks("id", "video"),
        *required_id_checks("channelId", "channel"),
        *_times("publishedAt"),
        *count_checks(_STATISTICS),
    ),
    oddities=(
        Oddity("publishedAt = ''", "a video without its time, kept undated"),
        Oddity("cut = 'true'", "a video out of a search, its description cut"),
        Oddity("listed = 'true'", "a video out of a playlist, without its counts"),
    ),
    account={
        "unit": "'channel'",
        "native_id": "channelId",
        "display_name": "nullif(channelTitle, '')",
        "created_precision": "'none'",
        "created_source": "'none'",
    },
    post={
        "account_id": "channelId",
        "native_id": "id",
        "kind": "'video'",
        "posted_at": "published_utc",
        "posted_precision": _precision("publishedAt"),
        "text": "concat_ws(chr(10), nullif(title, ''), nullif(description, ''))",
        "language": "lower(nullif(language, ''))",
        "urls": "links",
        "hashtags": "list_filter(tags, lambda tag: tag <> '')",
        "likes": 'try_cast("statistics.likeCount" AS BIGINT)',
        "replies": 'try_cast("statistics.commentCount" AS BIGINT)',
        "views": 'try_cast("statistics.viewCount" AS BIGINT)',
    },
)
_COMMENTS = Records(
    plain=True,
    required=("id", "authorChannelId"),
    optional=(
        *("authorDisplayName", "publishedAt", "updatedAt", "text", "links", "likeCount"),
        *("answers", "totalReplyCount", "held"),
    ),
    lists=("links",),
    named={"published_utc": iso_utc("publishedAt"), "updated_utc": iso_utc("updatedAt")},
    times={"published_utc": Time("publishedAt", "posting")},
    checks=(
        *required_id_checks("id", "comment"),
        *required_id_checks("authorChannelId", "comment's author"),
        *id_checks("answers"),
        *_times("publishedAt"),
        *count_checks(["likeCount", "totalReplyCount"]),
    ),
    oddities=(
        Oddity("publishedAt = ''", "a comment without its time, kept undated"),
        Oddity("answers = ''", "a comment that names neither its video nor the comment it answers"),
        Oddity("updated_utc <> published_utc", "a comment that was edited, kept as it is now"),
        Oddity(
            "try_cast(totalReplyCount AS BIGINT) > try_cast(held AS BIGINT)",
            "a comment with more replies than its thread holds here: the collection lacks replies "
            "unless comments.list gave them",
        ),
    ),
    account={
        "unit": "'channel'",
        "native_id": "authorChannelId",
        "display_name": "nullif(authorDisplayName, '')",
        "created_precision": "'none'",
        "created_source": "'none'",
    },
    post={
        "account_id": "authorChannelId",
        "native_id": "id",
        "kind": "'comment'",
        "posted_at": "published_utc",
        "posted_precision": _precision("publishedAt"),
        "text": '"text"',
        "urls": "links",
        "reply_to": "answers",
        "likes": "try_cast(likeCount AS BIGINT)",
        "replies": "try_cast(totalReplyCount AS BIGINT)",
    },
)
_FAULTS = Records(
    required=(*OBJECTS, *LISTS),
    checks=(
        *(Check(name, f"{name} <> ''", "not an object; expected one here") for name in OBJECTS),
        *(Check(name, f"{name} <> ''", "not a list; expected one here") for name in LISTS),
    ),
)

FORMATS = {
    "youtube_api": Format(
        {"channel": _CHANNELS, "video": _VIDEOS, "comment": _COMMENTS, "fault": _FAULTS},
        delimiter="",
        unnest=_unnest,
        container="items",
    )
}
