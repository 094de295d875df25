"""Responses of the X (Twitter) API: v1.1 statuses and users, v2 pages and flattened tweets.

Both come down to the same two records, a tweet with its author and a user. A
retweet has the whole text, the links, tags, mentions and media of its original
where that lies inside it or in its page. A v2 page names the authors of its
tweets beside them; what else it includes (tweets referred to, users mentioned)
was not asked for and is no record: the ledger says how many pages have such.
Errors of a page say which ids were asked for and not found; those about what
a record refers to, and messages of a v1.1 stream, are gaps that are normal.

Results of a compliance job say of each account that is gone why and when it was
made (`created_at`), and some when it went. Where the id tells that the time
stated is not that of its making, it is taken for the time at which it went.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hydrascope.ingest.checks import (
    PLATFORM_STARTS,
    count_checks,
    id_checks,
    required_id_checks,
    time_checks,
)
from hydrascope.ingest.mapping import Check, Format, Item, Oddity, Records, Time
from hydrascope.ingest.snowflake import id_moment_sql, snowflake_sql
from hydrascope.ingest.times import iso_precision, iso_utc

__all__ = ["FORMATS"]

# Wed Oct 10 20:19:24 +0000 2018, as v1.1 writes it.
V1_TIME = "%a %b %d %H:%M:%S %z %Y"
# What a stream of v1.1 says between its tweets.
MESSAGES = {
    *("delete", "scrub_geo", "limit", "status_withheld", "user_withheld", "disconnect", "warning"),
    *("friends", "event", "for_user", "control"),
}
# What a v2 page has at its top, and a tweet or a user has not.
PAGE = {"data", "includes", "errors", "meta"}
# What the API writes before the text of a retweet.
RETWEET = re.compile(r"RT @\w{1,50}: ")
# Where a tweet is too long, the API links to the tweet itself behind its beginning.
ITSELF = re.compile(r"https?://(?:mobile\.)?(?:twitter|x)\.com/i/web/status/([0-9]{1,20})")
# Where an object stands in a record, or a list of objects.
OBJECTS_V1 = (
    "user",
    *(
        f"{tweet}{path}"
        for tweet in ("", "retweeted_status.")
        for path in (
            *("entities", "extended_entities", "extended_tweet", "extended_tweet.entities"),
            *("extended_tweet.extended_entities", "quoted_status_permalink"),
        )
    ),
    *("retweeted_status", "retweeted_status.user"),
)
LISTS_V1 = tuple(
    f"{tweet}{path}{name}"
    for tweet in ("", "retweeted_status.")
    for path, names in (
        ("entities.", ("hashtags", "urls", "user_mentions", "media")),
        ("extended_tweet.entities.", ("hashtags", "urls", "user_mentions", "media")),
        ("extended_entities.", ("media",)),
        ("extended_tweet.extended_entities.", ("media",)),
    )
    for name in names
)
# A tweet and its original have these alike.
CONTENT_OBJECTS_V2 = ("entities", "note_tweet", "note_tweet.entities", "attachments")
OBJECTS_V2 = ("public_metrics", *CONTENT_OBJECTS_V2, "author")
CONTENT_LISTS_V2 = tuple(
    f"{path}entities.{name}"
    for path in ("", "note_tweet.")
    for name in ("hashtags", "urls", "mentions")
)
LISTS_V2 = (*CONTENT_LISTS_V2, "referenced_tweets")


def _misshapen(value: Mapping, objects: tuple[str, ...], lists: tuple[str, ...]) -> str:
    """The first path with something else than an object, or a list of them, due there."""
    for path in (*objects, *lists):
        *steps, last = path.split(".")
        found = _part(value, *steps).get(last)
        listed = isinstance(found, list) and path in lists
        for one in found if listed else [found]:
            # Nothing is written as null, or as an empty value of any type.
            if one and (not isinstance(one, Mapping) or (path in lists and not listed)):
                return path
    return ""


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
            yield from _datum_v1(status) if isinstance(status, Mapping) else _no_object(status)
    else:
        yield from _datum_v1(value)


def _datum_v1(value: Mapping) -> Iterator[Item]:
    if isinstance(value.get("user"), Mapping):
        yield Item("tweet", _tweet_v1(value))
    elif "screen_name" in value:
        inside = "true" if _part(value, "status") else ""
        yield Item("user", {**_user_v1(value, ""), "inside": inside})
    elif len(value) == 1 and MESSAGES & value.keys():
        yield Item("", "a message of the stream, such as a deletion; expected a tweet", True)
    else:
        yield Item(
            "", "neither a tweet with its user nor a user; expected an object of the API v1.1"
        )


def _no_object(value: object) -> Iterator[Item]:
    yield Item("", f"a JSON {type(value).__name__}; expected an object")


def _id(value: Mapping, name: str = "id") -> object:
    """The id as text; the number beside it may be rounded by whoever read it."""
    return value.get(f"{name}_str") or value.get(name)


def _text_v1(tweet: Mapping) -> object:
    full = _part(tweet, "extended_tweet").get("full_text")
    return full or tweet.get("full_text") or tweet.get("text")


def _is_cut(tweet: Mapping, text: object) -> bool:
    """Whether this is only the beginning of a v1.1 tweet's text.

    `truncated` holds of the short text, and stays true where the whole one
    stands beside it.
    """
    again = bool(_part(tweet, "retweeted_status"))
    if not isinstance(text, str):
        return again and text is None
    if text == tweet.get("text") and tweet.get("truncated") is True:
        return True
    return again and text.endswith("…")


def _retweeted(text: object, whole: str, name: object) -> str:
    """A retweet's text made whole with that of its original, whose author has that name."""
    # A retweet's own text is cut where the name before it makes it too long.
    if isinstance(name, str) and name:
        return f"RT @{name}: {whole}"
    said = RETWEET.match(text) if isinstance(text, str) else None
    return (said[0] if said else "") + whole


def _joined(first: Mapping[str, list], second: Mapping[str, list]) -> dict[str, list]:
    """Lists of the same names, of the second what the first lacks."""
    return {
        name: [
            *values,
            *_others(second[name], {value for value in values if isinstance(value, str)}),
        ]
        for name, values in first.items()
    }


def _others(values: list, known: set[str]) -> list:
    return [value for value in values if not isinstance(value, str) or value not in known]


def _without_itself(links: list, *ids: object) -> list:
    """Links without those that lead to the tweets of these ids, which nobody wrote there."""
    known = {one for one in ids if isinstance(one, str)}
    found = (ITSELF.match(link) if isinstance(link, str) else None for link in links)
    return [
        link
        for link, match in zip(links, found, strict=True)
        if match is None or match[1] not in known
    ]


def _content_v1(tweet: Mapping) -> dict[str, list]:
    """Links, tags, mentions and media of a v1.1 tweet, those of a tweet that it quotes left out."""
    extended = _part(tweet, "extended_tweet")
    entities = _part(extended, "entities") or _part(tweet, "entities")
    media = _part(extended, "extended_entities") or _part(tweet, "extended_entities") or entities
    quoted = _picked([_part(tweet, "quoted_status_permalink")], "expanded")
    links = _picked(entities.get("urls"), "expanded_url", "url")
    return {
        "links": _joined({"links": links}, {"links": quoted})["links"],
        "tags": _picked(entities.get("hashtags"), "text"),
        "mentions": _picked(entities.get("user_mentions"), "id_str", "id"),
        "media": _picked(media.get("media"), "id_str", "id"),
    }


def _tweet_v1(tweet: Mapping) -> dict:
    original = _part(tweet, "retweeted_status")
    text, whole = _text_v1(tweet), _text_v1(original)
    cut, content = _is_cut(tweet, text), _content_v1(tweet)
    if cut and isinstance(whole, str):
        text = _retweeted(text, whole, _part(original, "user").get("screen_name"))
        cut = _is_cut(original, whole)
    if original:
        content = _joined(_content_v1(original), content)
    content["links"] = _without_itself(content["links"], _id(tweet), _id(original))
    return {
        "id": _id(tweet),
        "created": tweet.get("created_at"),
        "text": text,
        "language": tweet.get("lang"),
        **content,
        "repost": "true" if original else "",
        "retweeted": _id(original),
        "answers": _id(tweet, "in_reply_to_status_id"),
        "likes": tweet.get("favorite_count"),
        "replies": tweet.get("reply_count"),
        "reposts": tweet.get("retweet_count"),
        "quotes": "true" if tweet.get("is_quote_status") is True else "",
        "cut": "true" if cut else "",
        "inside": "true" if original or _part(tweet, "quoted_status") else "",
        "misshapen": _misshapen(tweet, OBJECTS_V1, LISTS_V1),
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


class _Page(NamedTuple):
    """What stands beside the records of a v2 page: users by id and by name, tweets by id."""

    users: Mapping[str, Mapping]
    names: Mapping[str, Mapping]
    tweets: Mapping[str, Mapping]


def _by(records: list[Mapping], key: str) -> dict[str, Mapping]:
    return {one[key]: one for one in records if isinstance(one.get(key), str)}


def _unnest_v2(value: Mapping) -> Iterator[Item]:
    if "id" in value or not PAGE & value.keys():
        yield from _datum_v2(value, _Page({}, {}, {}))
        return
    data, errors = (_listed(value.get(name)) for name in ("data", "errors"))
    if not data and not errors and "meta" not in value:
        yield Item("", "a page without data; expected tweets, users or errors")
    includes = _part(value, "includes")
    users = _entries(includes.get("users"))
    page = _Page(
        _by(users, "id"),
        {name.lower(): user for name, user in _by(users, "username").items()},
        _by([*_entries(data), *_entries(includes.get("tweets"))], "id"),
    )
    left = {
        "left_tweets": "true" if includes.get("tweets") else "",
        "left_users": "true" if page.users.keys() - _by(_entries(data), "author_id").keys() else "",
    }
    gone = [one for one in errors if data and _is_about_a_reference(one)]
    left["left_references"] = "true" if gone else ""
    for one in data:
        for item in _datum_v2(one, page) if isinstance(one, Mapping) else _no_object(one):
            if item.kind:
                # Said of the page's first record alone, so that the ledger counts pages.
                item, left = Item(item.kind, {**item.record, **left}), {}
            yield item
    for error in (one for one in errors if one not in gone):
        yield from [_error(error)] if isinstance(error, Mapping) else _no_object(error)


def _is_about_a_reference(error: object) -> bool:
    """Whether an error says that a tweet which another refers to is gone, as is usual."""
    name = error.get("parameter") if isinstance(error, Mapping) else None
    return isinstance(name, str) and name.startswith("referenced_tweets")


def _listed(value: object) -> list:
    return value if isinstance(value, list) else [] if value is None else [value]


def _datum_v2(one: Mapping, page: _Page) -> Iterator[Item]:
    if "text" in one or "author_id" in one:
        known = one.get("author_id") or _part(one, "author").get("id")
        author = _author_v2(one, page)
        yield Item("tweet", {**_tweet_v2(one, author, page), "user_id": known})
    elif "username" in one:
        misshapen = _misshapen(one, ("public_metrics",), ())
        yield Item("user", {**_user_v2(one, ""), "misshapen": misshapen})
    else:
        yield Item("", "neither a tweet nor a user; expected an object of the API v2")


def _author_v2(tweet: Mapping, page: _Page) -> Mapping:
    author = _part(tweet, "author")
    known = tweet.get("author_id") or author.get("id")
    if author.get("id", known) != known:
        # Nobody gets the profile of somebody else.
        author = {}
    return author or (page.users.get(known, {}) if isinstance(known, str) else {})


def _error(error: Mapping) -> Item:
    """An id that was asked for and not found, or what else an error says is gone.

    Other parameters than `ids` tell of names that were asked for, and of tweets
    and users that a record refers to, for whom nobody asked.
    """
    asked = error.get("resource_id") or error.get("value")
    kind, parameter = error.get("resource_type"), error.get("parameter")
    if asked and kind == "user" and parameter in ("id", "ids", None):
        return Item("asked", {"id": asked})
    if not asked or not isinstance(kind, str) or not isinstance(parameter, str):
        return Item("", "an error of the API about no user's id; expected data")
    if parameter in ("id", "ids"):
        return Item("", "a tweet asked for that is gone or withheld; expected a tweet", True)
    if parameter in ("username", "usernames"):
        return Item("", "a name asked for that no account bears; expected ids, which count", True)
    return Item(
        "",
        "what a record refers to, such as a pinned tweet or a name, and is gone; expected data",
        True,
    )


def _content_v2(tweet: Mapping, page: _Page) -> dict[str, list]:
    """Links, tags, mentions and media of a v2 tweet, those behind its beginning among them."""
    parts = []
    for entities in (_part(tweet, "note_tweet", "entities"), _part(tweet, "entities")):
        mentions = []
        for one in _entries(entities.get("mentions")):
            named = one.get("username")
            known = page.names.get(named.lower(), {}) if isinstance(named, str) else {}
            mentions += [found] if (found := one.get("id") or known.get("id")) else []
        part = {
            "links": _picked(entities.get("urls"), "expanded_url", "url"),
            "tags": _picked(entities.get("hashtags"), "tag"),
            "mentions": mentions,
        }
        parts.append(part)
    media = _listed(_part(tweet, "attachments").get("media_keys"))
    return {**_joined(*parts), "media": media}


def _text_v2(tweet: Mapping) -> object:
    return _part(tweet, "note_tweet").get("text") or tweet.get("text")


def _is_cut_v2(tweet: Mapping, text: object, links: list, *, again: bool) -> bool:
    """Whether this is only the beginning of a v2 tweet's text."""
    if not isinstance(text, str):
        return again and text is None
    if again and text.endswith("…"):
        return True
    whole = _part(tweet, "note_tweet").get("text")
    return not whole and _without_itself(links, tweet.get("id")) != links


def _tweet_v2(tweet: Mapping, author: Mapping, page: _Page) -> dict:
    referenced = {}
    for one in _entries(tweet.get("referenced_tweets")):
        if isinstance(one.get("type"), str):
            referenced[one["type"]] = one
    ids = {name: one.get("id") for name, one in referenced.items()}
    original = referenced.get("retweeted", {})
    if "text" not in original and isinstance(original.get("id"), str):
        original = page.tweets.get(original["id"], {})
    counts, text, whole = _part(tweet, "public_metrics"), _text_v2(tweet), _text_v2(original)
    content, theirs = _content_v2(tweet, page), _content_v2(original, page)
    cut = _is_cut_v2(tweet, text, content["links"], again="retweeted" in referenced)
    if cut and isinstance(whole, str):
        text = _retweeted(text, whole, _author_v2(original, page).get("username"))
        cut = _is_cut_v2(original, whole, theirs["links"], again=False)
    misshapen = _misshapen(tweet, OBJECTS_V2, LISTS_V2)
    if "retweeted" in referenced:
        content = _joined(theirs, content)
        misshapen = misshapen or _misshapen(original, CONTENT_OBJECTS_V2, CONTENT_LISTS_V2)
    itself = (tweet.get("id"), ids.get("retweeted"))
    content["links"] = _without_itself(content["links"], *itself)
    return {
        "id": tweet.get("id"),
        "created": tweet.get("created_at"),
        "text": text,
        "language": tweet.get("lang"),
        **content,
        "repost": "true" if "retweeted" in referenced else "",
        "retweeted": ids.get("retweeted"),
        "answers": ids.get("replied_to"),
        "likes": counts.get("like_count"),
        "replies": counts.get("reply_count"),
        "reposts": counts.get("retweet_count"),
        "views": counts.get("impression_count"),
        "quotes": "true" if "quoted" in referenced else "",
        "cut": "true" if cut else "",
        # Flattening puts the tweets referred to into the one that refers to them.
        "inside": "true"
        if any("text" in one for one in _entries(tweet.get("referenced_tweets")))
        else "",
        "misshapen": misshapen,
        **_user_v2(author, "user_"),
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


def _whole(value: Mapping) -> Iterator[Item]:
    yield Item("user", value)


def _time(column: str) -> str:
    # An English day of the week opens the time of v1.1.
    return (
        f"CASE WHEN regexp_matches({column}, '^[A-Z][a-z][a-z] ') "
        f"THEN try_strptime({column}, '{V1_TIME}')::TIMESTAMP "
        # The API never leaves out the seconds.
        f"WHEN regexp_matches({column}, ':[0-9]{{2}}:[0-9]{{2}}') THEN {iso_utc(column)} END"
    )


def _number_check(column: str, of: str) -> Check:
    return Check(
        column,
        f"{column} <> '' AND NOT regexp_full_match({column}, '[0-9]{{1,20}}')",
        f"not a {of}'s id; expected 1 to 20 digits",
    )


def _user(prefix: str) -> tuple[tuple[str, ...], dict, dict, tuple[Check, ...], dict]:
    """Columns, named expressions, times, checks and fields of a user."""
    names = ("id", "name", "handle", "description", "created", "followers", "following", "language")
    columns = tuple(prefix + name for name in names)
    account = f"{prefix}id"
    named = {
        "user_made": _time(f"{prefix}created"),
        "user_made_ms": snowflake_sql(account, "user_made", "second"),
    }
    start = f"TIMESTAMP '{PLATFORM_STARTS['x']}'"
    times = {"user_made": Time(f"{prefix}created", "creation", start)}
    checks = (
        *required_id_checks(account, "user"),
        _number_check(account, "user"),
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
        f"WHEN user_made_ms IS NULL THEN {iso_precision(f'{prefix}created')} ELSE 'ms' END",
        "created_source": "CASE WHEN user_made IS NULL THEN 'none' "
        "WHEN user_made_ms IS NULL THEN 'api' ELSE 'snowflake' END",
        "language": f"lower(nullif({prefix}language, ''))",
        "followers": f"try_cast({prefix}followers AS BIGINT)",
        "following": f"try_cast({prefix}following AS BIGINT)",
    }
    return columns, named, times, checks, fields


_MISSHAPEN = Check(
    "misshapen",
    "misshapen <> ''",
    "something else than the API gives at this path; expected an object there, or a list of them",
)
LEFT_OUT = {
    "inside": "a record with another tweet inside, which is not kept by itself",
    "left_tweets": "a page that includes further tweets, which are not kept",
    "left_references": "a page that refers to tweets which are gone",
    "left_users": "a page that includes users who wrote none of its tweets, not kept",
}
_LEFT_OUT = tuple(Oddity(f"{column} = 'true'", note) for column, note in LEFT_OUT.items())
_COLUMNS, _NAMED, _MADE, _CHECKS, _FIELDS = _user("user_")
_TWEETS = Records(
    required=("id", *_COLUMNS),
    optional=(
        *("created", "text", "language", "links", "tags", "mentions", "media", "repost"),
        *("retweeted", "answers", "likes", "replies", "reposts", "views", "quotes", "cut"),
        *("misshapen", *LEFT_OUT),
    ),
    lists=("links", "tags", "mentions", "media"),
    named={
        **_NAMED,
        "posted": _time("created"),
        "posted_ms": snowflake_sql("id", "posted", "second"),
    },
    times={**_MADE, "posted": Time("created", "posting")},
    checks=(
        _MISSHAPEN,
        *required_id_checks("id", "tweet"),
        _number_check("id", "tweet"),
        *_CHECKS,
        *id_checks("retweeted", "answers"),
        _number_check("retweeted", "tweet"),
        _number_check("answers", "tweet"),
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
        Oddity("user_handle = ''", "a tweet whose author is named by id alone"),
        Oddity("quotes = 'true'", "a tweet that quotes another, whose id is not kept"),
        Oddity("cut = 'true'", "a tweet of whose text only the beginning is there"),
        *_LEFT_OUT,
    ),
    account=_FIELDS,
    post={
        "account_id": "user_id",
        "native_id": "id",
        "kind": "CASE WHEN repost <> '' THEN 'repost' WHEN answers <> '' THEN 'reply' "
        "ELSE 'post' END",
        "posted_at": "coalesce(posted_ms, posted)",
        "posted_precision": f"CASE WHEN posted_ms IS NULL THEN {iso_precision('created')} "
        "ELSE 'ms' END",
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
_COLUMNS, _NAMED, _MADE, _CHECKS, _FIELDS = _user("")
_USERS = Records(
    required=_COLUMNS,
    optional=("misshapen", *LEFT_OUT),
    named=_NAMED,
    times=_MADE,
    checks=(_MISSHAPEN, *_CHECKS),
    oddities=_LEFT_OUT,
    account=_FIELDS,
)
_ASKED = Records(
    required=("id",),
    checks=(*required_id_checks("id", "user"), _number_check("id", "user")),
    asked="id",
)
_COMPLIANCE = Records(
    required=("id", "action"),
    optional=("created_at", "redacted_at", "suspended_at", "reason"),
    named={
        "stated": iso_utc("created_at"),
        "went": f"coalesce({iso_utc('redacted_at')}, {iso_utc('suspended_at')})",
        # Ids hold the moment of creation; what is stated a day after it is that of the event.
        "made": id_moment_sql("id"),
        "is_event": "coalesce(stated > made + INTERVAL 1 DAY, false)",
    },
    times={"stated": Time("created_at", "creation", f"TIMESTAMP '{PLATFORM_STARTS['x']}'")},
    checks=(
        *required_id_checks("id", "user"),
        _number_check("id", "user"),
        Check(
            "action",
            "lower(action) <> 'delete' OR lower(reason) = 'scrub_geo'",
            "an event after which the account is there still; expected the action delete",
            absence=True,
        ),
        *(
            check
            for column, time in (
                ("created_at", "stated"),
                ("redacted_at", iso_utc("redacted_at")),
                ("suspended_at", iso_utc("suspended_at")),
            )
            for check in time_checks(
                column, time, expected="a time as the API gives it", start=PLATFORM_STARTS["x"]
            )
        ),
    ),
    oddities=(
        Oddity("lower(reason) = 'protected'", "an account that is protected: gone from view"),
        Oddity(
            "went IS NULL AND NOT is_event",
            "an account of which it is not stated when it went: by the day of this file",
        ),
    ),
    asked="id",
    gone={
        "reason": "coalesce(nullif(lower(reason), ''), 'not stated')",
        "gone_at": "coalesce(went, CASE WHEN is_event THEN stated END)",
        "created_at": "CASE WHEN NOT is_event THEN stated END",
    },
)
_RECORDS = {"tweet": _TWEETS, "user": _USERS, "asked": _ASKED}

FORMATS = {
    "x_api_v1": Format(_RECORDS, delimiter="", unnest=_unnest_v1, container="statuses"),
    "x_api_v2": Format(_RECORDS, delimiter="", unnest=_unnest_v2),
    "x_compliance": Format({"user": _COMPLIANCE}, delimiter="", unnest=_whole),
}
