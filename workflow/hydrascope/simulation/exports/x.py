"""Pages of the X API v2, one a line: users looked up by their ids, and posts."""

import re
from collections.abc import Mapping

import pandas as pd

from hydrascope.simulation.exports.dirt import FAULTS, broken_copies, broken_lines, mixed
from hydrascope.simulation.exports.files import RawFile, json_text, lines_text, paged
from hydrascope.simulation.exports.take import Take

__all__ = ["raw_files"]

PAGE = 100
TIME = "%Y-%m-%dT%H:%M:%S.000Z"
MENTION = re.compile(r"@([A-Za-z0-9_]+)")
NOT_FOUND = "https://api.twitter.com/2/problems/resource-not-found"
# The API knows one Chinese.
LANGUAGES = {"zh-Hans": "zh", "zh-Hant": "zh"}
TOO_MANY = json_text({"title": "Too Many Requests", "detail": "Too Many Requests", "status": 429})


def raw_files(take: Take) -> list[RawFile]:
    """The pages of one day: a lookup of all users known by then, and on some days posts."""
    by_id = {one.native_id: _by_default(one) for one in take.everybody.itertuples()}
    by_handle = {one["username"]: one for one in by_id.values()}
    posts = take.posts.sort_values(["account", "posted_at", "native_id"])
    tweets = [_tweet(post, by_handle) for post in posts.itertuples()]
    asked, found = take.asked, take.found
    pages = [
        _lookup(page)
        for _, rows in asked.groupby("full", sort=True)
        for page in paged(rows.sort_values("native_id"), PAGE)
    ]
    pages += [_timeline(page, by_id) for page in paged(tweets, PAGE)]
    keys = [("account", native_id) for native_id in found["native_id"]]
    keys += [("asked", native_id) for native_id in asked.loc[~asked["found"], "native_id"]]
    keys += [("post", tweet["id"]) for tweet in tweets]
    bad = 0
    full = [_user(one) for one in found[found["full"]].itertuples()]
    for kind, items in {"user": full, "tweet": tweets}.items():
        broken = broken_copies(items, FAULTS[kind], take.rng, take.dirt)
        pages += [{"data": broken, "meta": {"result_count": len(broken)}}] if broken else []
        bad += len(broken)
    lines = [json_text(page) for page in pages]
    noise = broken_lines(lines, TOO_MANY, take.rng, int(take.dirt * len(keys)))
    text = lines_text(mixed(take.rng, lines, [*noise, ""]))
    file = f"x/{take.day}/pages.jsonl.xz"
    return [
        RawFile(
            *(file, "x_api_v2", "x", "utf-8", take.day, text, keys), quarantined=bad + len(noise)
        )
    ]


def _lookup(users: pd.DataFrame) -> dict:
    """A page of a lookup; who is gone stands among its errors."""
    page = {
        "data": [_user(one) for one in users[users["found"]].itertuples()],
        "errors": [_gone(native_id) for native_id in users.loc[~users["found"], "native_id"]],
    }
    return {name: entries for name, entries in page.items() if entries}


def _gone(native_id: str) -> dict:
    return {
        "value": native_id,
        "detail": f"Could not find user with ids: [{native_id}].",
        "title": "Not Found Error",
        "resource_type": "user",
        "parameter": "ids",
        "resource_id": native_id,
        "type": NOT_FOUND,
    }


def _by_default(user: object) -> dict:
    return {"id": user.native_id, "name": user.display_name, "username": user.handle}


def _user(user: object) -> dict:
    if not user.full:
        return _by_default(user)
    return _by_default(user) | {
        "created_at": f"{user.created_at:{TIME}}",
        "description": user.description,
        "public_metrics": {"followers_count": user.followers, "following_count": user.following},
    }


def _timeline(tweets: list[dict], users: Mapping[str, dict]) -> dict:
    authors = sorted({tweet["author_id"] for tweet in tweets})
    return {
        "data": tweets,
        "includes": {"users": [users[author] for author in authors]},
        "meta": {"result_count": len(tweets)},
    }


def _tweet(post: object, by_handle: Mapping[str, dict]) -> dict:
    tweet = {
        "id": post.native_id,
        "author_id": post.account,
        "created_at": f"{post.posted_at:{TIME}}",
        "text": post.text,
        "lang": LANGUAGES.get(post.language, post.language),
        # How often a post was seen the API told nobody but its author in 2021.
        "public_metrics": {
            "retweet_count": post.reposts,
            "reply_count": post.replies,
            "like_count": post.likes,
        },
    }
    named = [by_handle[name] for name in MENTION.findall(post.text) if name in by_handle]
    entities = {
        "urls": [{"expanded_url": url} for url in post.urls],
        "hashtags": [{"tag": tag} for tag in post.hashtags],
        "mentions": [{"username": one["username"], "id": one["id"]} for one in named],
    }
    if entities := {name: entries for name, entries in entities.items() if entries}:
        tweet["entities"] = entities
    referenced = {"retweeted": post.repost_of, "replied_to": post.reply_to}
    if listed := [{"type": name, "id": to} for name, to in referenced.items() if to]:
        tweet["referenced_tweets"] = listed
    return tweet
