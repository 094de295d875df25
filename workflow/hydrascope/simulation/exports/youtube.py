"""Responses of the YouTube Data API, one a line: channels, videos, comment threads."""

import pandas as pd

from hydrascope.simulation.exports.dirt import FAULTS, broken_copies, broken_lines, mixed
from hydrascope.simulation.exports.files import RawFile, json_text, lines_text, paged
from hydrascope.simulation.exports.take import Take

__all__ = ["raw_files"]

PAGE, COMMENTS_PAGE = 50, 100
QUOTA = json_text(
    {
        "error": {
            "code": 403,
            "message": "The request cannot be completed because you have exceeded your quota.",
            "errors": [{"domain": "youtube.quota", "reason": "quotaExceeded"}],
        }
    }
)


def raw_files(take: Take) -> list[RawFile]:
    """The responses of one day: all channels, and on some days videos and comments."""
    found = take.found
    names = dict(zip(found["native_id"], found["display_name"], strict=True))
    full = [_channel(one) for one in found[found["full"]].itertuples()]
    light = [_channel(one) for one in found[~found["full"]].itertuples()]
    # Whoever looks into accounts asks for one after the other; it also packs best.
    posts = take.posts.sort_values(["account", "posted_at", "native_id"])
    videos = [_video(one, names[one.account]) for one in _of(posts, "video").itertuples()]
    threads = [_thread(one, names[one.account]) for one in _of(posts, "comment").itertuples()]
    # The API has been seen to leave a date out, which makes a record poorer and no worse.
    undated = [_undated(one) for one in full[: min(1, int(take.dirt * len(full)))]]
    pages = [
        _response("channel", items) for one in (light, full, undated) for items in paged(one, PAGE)
    ]
    pages += [_response("video", items) for items in paged(videos, PAGE)]
    pages += [_response("commentThread", items) for items in paged(threads, COMMENTS_PAGE)]
    keys = [("account", one["id"]) for one in (*light, *full, *undated)]
    keys += [("post", one["id"]) for one in (*videos, *threads)]
    bad = 0
    for kind, items in (("channel", full), ("video", videos), ("commentThread", threads)):
        broken = broken_copies(items, FAULTS[kind], take.rng, take.dirt)
        pages += [_response(kind, broken)] if broken else []
        bad += len(broken)
    lines = [json_text(page) for page in pages]
    noise = broken_lines(lines, QUOTA, take.rng, int(take.dirt * len(keys)))
    text = lines_text(mixed(take.rng, lines, [*noise, ""]))
    file = f"youtube/{take.day}/responses.jsonl.xz"
    return [
        RawFile(
            *(file, "youtube_api", "youtube", "utf-8", take.day, text, keys),
            quarantined=bad + len(noise),
        )
    ]


def _of(posts: pd.DataFrame, kind: str) -> pd.DataFrame:
    return posts[posts["kind"] == kind]


def _response(kind: str, items: list[dict]) -> dict:
    return {
        "kind": f"youtube#{kind}ListResponse",
        "pageInfo": {"totalResults": len(items), "resultsPerPage": len(items)},
        "items": items,
    }


def _channel(channel: object) -> dict:
    snippet = {
        "title": channel.display_name,
        "publishedAt": f"{channel.created_at:%Y-%m-%dT%H:%M:%SZ}",
    }
    item = {"kind": "youtube#channel", "id": channel.native_id, "snippet": snippet}
    if not channel.full:
        return item
    snippet |= {"description": channel.description, "customUrl": channel.handle}
    if channel.country:
        snippet["country"] = channel.country
    counts = {"subscriberCount": str(channel.followers), "hiddenSubscriberCount": False}
    return item | {"statistics": counts}


def _undated(item: dict) -> dict:
    snippet = {name: value for name, value in item["snippet"].items() if name != "publishedAt"}
    return item | {"snippet": snippet}


def _video(video: object, author: str) -> dict:
    return {
        "kind": "youtube#video",
        "id": video.native_id,
        "snippet": {
            # Before 2020 the API wrote milliseconds, and some collectors' tools still do.
            "publishedAt": f"{video.posted_at:%Y-%m-%dT%H:%M:%S.000Z}",
            "channelId": video.account,
            "title": video.title,
            "description": _linked(video),
            "channelTitle": author,
            "tags": list(video.hashtags),
            "defaultAudioLanguage": video.language,
        },
        "statistics": {
            "viewCount": str(video.views),
            "likeCount": str(video.likes),
            "commentCount": str(video.replies),
        },
    }


def _thread(comment: object, author: str) -> dict:
    top = {
        "textOriginal": _linked(comment),
        "authorDisplayName": author,
        "authorChannelId": {"value": comment.account},
        "likeCount": comment.likes,
        "publishedAt": f"{comment.posted_at:%Y-%m-%dT%H:%M:%SZ}",
    }
    return {
        "kind": "youtube#commentThread",
        "id": comment.native_id,
        "snippet": {
            "videoId": comment.video,
            "topLevelComment": {"id": comment.native_id, "snippet": top},
            "totalReplyCount": comment.replies,
        },
    }


def _linked(post: object) -> str:
    """The text with its links behind it: on YouTube they stand nowhere else."""
    return "\n".join([post.text, *(url for url in post.urls if url not in post.text)])
