"""Responses of the X (Twitter) API: v1.1 statuses and users, v2 pages and flattened tweets.

Both come down to the same two records, a tweet with its author and a user. A
v2 page names the authors of its tweets beside them; what else it includes
(tweets referred to, users mentioned) was not asked for and is counted in the
ledger only. Its errors say which ids were asked for and not found.
"""

from collections.abc import Iterator, Mapping

from hydrascope.ingest.checks import (
    PLATFORM_STARTS,
    count_checks,
    id_checks,
    required_id_checks,
    time_checks,
)
from hydrascope.ingest.mapping import Check, Format, Item, Oddity, Records
from hydrascope.ingest.snowflake import snowflake_sql
from hydrascope.ingest.times import iso_utc

__all__ = ["FORMATS"]

# Wed Oct 10 20:19:24 +0000 2018, as v1.1 writes it.
V1_TIME = "%a %b %d %H:%M:%S %z %Y"


def _part(value: object, *keys: str) -> Mapping:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _entries(value: object) -> list[Mapping]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _picked(entries: object, *keys: str) -> list:
    """The first of the keys that each entry has."""
    found = (next((one[key] for key in keys if one.get(key)), None) for one in _entries(entries))
    return [value for value in found if value]


def _unnest_v1(value: Mapping) -> Iterator[Item]:
    if isinstance(statuses := value.get("statuses"), list):
        for status in statuses:
            yield from _unnest_v1(status) if isinstance(status, Mapping) else _no_object(status)
    elif isinstance(value.get("user"), Mapping):
        yield Item("tweet", _tweet_v1(value))
    elif "screen_name" in value:
        yield Item("user", _user_v1(value, ""))
    else:
        yield Item(
            "", "neither a tweet with its user nor a user; expected an object of the API v1.1"
        )


def _no_object(value: object) -> Iterator[Item]:
    yield Item("", f"a JSON {type(value).__name__}; expected an object")


def _id(value: Mapping, name: str = "id") -> object:
    """The id as text; the number beside it may be rounded by whoever read it."""
    text = value.get(f"{name}_str")
    return value.get(name) if text is None else text


def _text_v1(tweet: Mapping) -> object:
    full = _part(tweet, "extended_tweet").get("full_text")
    return full or tweet.get("full_text") or tweet.get("text")


def _tweet_v1(tweet: Mapping) -> dict:
    original = _part(tweet, "retweeted_status")
    text, whole = _text_v1(tweet), _text_v1(original)
    name = _part(original, "user").get("screen_name")
    if isinstance(whole, str) and isinstance(name, str):
        # A retweet's own text is cut where the name before it makes it too long.
        text = f"RT @{name}: {whole}"
    entities = _part(tweet, "extended_tweet", "entities") or _part(tweet, "entities")
    media = _part(tweet, "extended_entities") or entities
    return {
        "id": _id(tweet),
        "created": tweet.get("created_at"),
        "text": text,
        "language": tweet.get("lang"),
        "links": _picked(entities.get("urls"), "expanded_url", "url"),
        "tags": _picked(entities.get("hashtags"), "text"),
        "mentions": _picked(entities.get("user_mentions"), "id_str", "id"),
        "media": _picked(media.get("media"), "id_str", "id"),
        "retweeted": _id(original) if original else None,
        "answers": _id(tweet, "in_reply_to_status_id"),
        "likes": tweet.get("favorite_count"),
        "replies": tweet.get("reply_count"),
        "reposts": tweet.get("retweet_count"),
        "quotes": "true" if tweet.get("is_quote_status") else "",
        **_user_v1(_part(tweet, "user"), "user_"),
    }


def _user_v1(user: Mapping, prefix: str) -> dict:
    return {
        f"{prefix}id": _id(user),
        f"{prefix}name": user.get("name"),
        f"{prefix}handle": user.get("screen_name"),
        f"{prefix}description": user.get("description"),
        f"{prefix}created": user.get("created_at"),
        f"{prefix}followers": user.get("followers_count"),
        f"{prefix}following": user.get("friends_count"),
        f"{prefix}language": user.get("lang"),
    }


def _unnest_v2(value: Mapping) -> Iterator[Item]:
    data = value.get("data")
    if data is None and "errors" not in value and "meta" not in value:
        yield from _datum_v2(value, {}, {})
        return
    users = _entries(_part(value, "includes").get("users"))
    by_id = {user["id"]: user for user in users if isinstance(user.get("id"), str)}
    by_name = {user["username"]: user for user in users if isinstance(user.get("username"), str)}
    included = _part(value, "includes").get("tweets")
    left_out = len(included) if isinstance(included, list) else 0
    for one in data if isinstance(data, list) else [] if data is None else [data]:
        if isinstance(one, Mapping):
            for item in _datum_v2(one, by_id, by_name):
                yield (
                    Item(item.kind, {**item.record, "left_out": left_out > 0})
                    if item.kind
                    else item
                )
        else:
            yield from _no_object(one)
    for error in _entries(value.get("errors")):
        yield _error(error)


def _datum_v2(one: Mapping, by_id: Mapping, by_name: Mapping) -> Iterator[Item]:
    if "text" in one or "author_id" in one:
        author = one.get("author")
        if not isinstance(author, Mapping):
            known = one.get("author_id")
            author = by_id.get(known) if isinstance(known, str) else None
        yield Item("tweet", _tweet_v2(one, author or {}, by_name))
    elif "username" in one:
        yield Item("user", _user_v2(one, ""))
    else:
        yield Item("", "neither a tweet nor a user; expected an object of the API v2")


def _error(error: Mapping) -> Item:
    """An id that was asked for and not found, if the error is about one."""
    asked = error.get("resource_id") or error.get("value")
    if error.get("resource_type") == "user" and error.get("parameter") in ("id", "ids", None):
        return Item("asked", {"id": asked})
    return Item("", "an error of the API about something else than a user's id; expected data")


def _tweet_v2(tweet: Mapping, author: Mapping, by_name: Mapping) -> dict:
    referenced = {}
    for one in _entries(tweet.get("referenced_tweets")):
        if isinstance(one.get("type"), str):
            referenced[one["type"]] = one.get("id")
    entities, counts = _part(tweet, "entities"), _part(tweet, "public_metrics")
    mentions = []
    for one in _entries(entities.get("mentions")):
        named = one.get("username")
        known = by_name.get(named, {}) if isinstance(named, str) else {}
        mentions += [found] if (found := one.get("id") or known.get("id")) else []
    return {
        "id": tweet.get("id"),
        "created": tweet.get("created_at"),
        "text": _part(tweet, "note_tweet").get("text") or tweet.get("text"),
        "language": tweet.get("lang"),
        "links": _picked(entities.get("urls"), "expanded_url", "url"),
        "tags": _picked(entities.get("hashtags"), "tag"),
        "mentions": mentions,
        "media": _part(tweet, "attachments").get("media_keys"),
        "retweeted": referenced.get("retweeted"),
        "answers": referenced.get("replied_to"),
        "likes": counts.get("like_count"),
        "replies": counts.get("reply_count"),
        "reposts": counts.get("retweet_count"),
        "views": counts.get("impression_count"),
        "quotes": "true" if "quoted" in referenced else "",
        **_user_v2(author, "user_"),
        "user_id": tweet.get("author_id") or author.get("id"),
    }


def _user_v2(user: Mapping, prefix: str) -> dict:
    counts = _part(user, "public_metrics")
    return {
        f"{prefix}id": user.get("id"),
        f"{prefix}name": user.get("name"),
        f"{prefix}handle": user.get("username"),
        f"{prefix}description": user.get("description"),
        f"{prefix}created": user.get("created_at"),
        f"{prefix}followers": counts.get("followers_count"),
        f"{prefix}following": counts.get("following_count"),
    }


def _time(column: str) -> str:
    # An English day of the week opens the time of v1.1.
    return (
        f"CASE WHEN regexp_matches({column}, '^[A-Z][a-z][a-z] ') "
        f"THEN try_strptime({column}, '{V1_TIME}')::TIMESTAMP ELSE {iso_utc(column)} END"
    )


def _user(prefix: str) -> tuple[tuple[str, ...], dict, tuple[Check, ...], dict]:
    """Columns, named expressions, checks and fields of a user."""
    names = ("id", "name", "handle", "description", "created", "followers", "following", "language")
    columns = tuple(prefix + name for name in names)
    account = f"{prefix}id"
    named = {
        "user_made": _time(f"{prefix}created"),
        "user_made_ms": snowflake_sql(account, "user_made", "second"),
    }
    checks = (
        *required_id_checks(account, "user"),
        *time_checks(
            f"{prefix}created",
            "user_made",
            expected="a time as the API gives it",
            start=PLATFORM_STARTS["x"],
        ),
        *count_checks([f"{prefix}followers", f"{prefix}following"]),
    )
    fields = {
        "unit": "'user'",
        "native_id": account,
        "display_name": f"nullif({prefix}name, '')",
        "handle": f"nullif({prefix}handle, '')",
        "description": f"nullif({prefix}description, '')",
        "created_at": "coalesce(user_made_ms, user_made)",
        "created_precision": "CASE WHEN user_made IS NULL THEN 'none' "
        "WHEN user_made_ms IS NULL THEN 's' ELSE 'ms' END",
        "created_source": "CASE WHEN user_made IS NULL THEN 'none' "
        "WHEN user_made_ms IS NULL THEN 'api' ELSE 'snowflake' END",
        "language": f"lower(nullif({prefix}language, ''))",
        "followers": f"try_cast({prefix}followers AS BIGINT)",
        "following": f"try_cast({prefix}following AS BIGINT)",
    }
    return columns, named, checks, fields


_COLUMNS, _NAMED, _CHECKS, _FIELDS = _user("user_")
_TWEETS = Records(
    required=("id", *_COLUMNS),
    optional=(
        *("created", "text", "language", "links", "tags", "mentions", "media", "retweeted"),
        *("answers", "likes", "replies", "reposts", "views", "quotes", "left_out"),
    ),
    lists=("links", "tags", "mentions", "media"),
    named={
        **_NAMED,
        "posted": _time("created"),
        "posted_ms": snowflake_sql("id", "posted", "second"),
    },
    checks=(
        *required_id_checks("id", "tweet"),
        *_CHECKS,
        *id_checks("retweeted", "answers"),
        *time_checks(
            "created",
            "posted",
            expected="a time as the API gives it",
            start=PLATFORM_STARTS["x"],
            required=True,
        ),
        *count_checks(["likes", "replies", "reposts", "views"]),
    ),
    oddities=(
        Oddity("user_handle = ''", "a tweet whose author the page names by id alone"),
        Oddity("quotes = 'true'", "a tweet that quotes another, which is not kept"),
        Oddity("left_out = 'true'", "a tweet on a page with referenced tweets, which are not kept"),
    ),
    account=_FIELDS,
    post={
        "account_id": "user_id",
        "native_id": "id",
        "kind": "CASE WHEN retweeted <> '' THEN 'repost' WHEN answers <> '' THEN 'reply' "
        "ELSE 'post' END",
        "posted_at": "coalesce(posted_ms, posted)",
        "posted_precision": "CASE WHEN posted_ms IS NULL THEN 's' ELSE 'ms' END",
        "text": '"text"',
        "language": "lower(nullif(language, ''))",
        "urls": "links",
        "hashtags": "tags",
        "mentions": "mentions",
        "media_ids": "media",
        "repost_of": "retweeted",
        "reply_to": "answers",
        "likes": "try_cast(likes AS BIGINT)",
        "replies": "try_cast(replies AS BIGINT)",
        "reposts": "try_cast(reposts AS BIGINT)",
        "views": "try_cast(views AS BIGINT)",
    },
)
_COLUMNS, _NAMED, _CHECKS, _FIELDS = _user("")
_USERS = Records(required=_COLUMNS, named=_NAMED, checks=_CHECKS, account=_FIELDS)
_ASKED = Records(required=("id",), checks=tuple(required_id_checks("id", "user")), asked="id")
_RECORDS = {"tweet": _TWEETS, "user": _USERS, "asked": _ASKED}

FORMATS = {
    "x_api_v1": Format(_RECORDS, delimiter="", unnest=_unnest_v1, container="statuses"),
    "x_api_v2": Format(_RECORDS, delimiter="", unnest=_unnest_v2),
}
