"""Records of the X (Twitter) Information Operations archive.

Two files a release: users and tweets, comma-separated, often in a ZIP. The
tweets' header comes with and without `poll_choices`; lists come as `[a, b]`
and as `['a', 'b']`, truth as `true` and `True`. Creation has a day, a tweet a
minute; ids that agree with the stated time give milliseconds. Times are UTC.
"""

from hydrascope.ingest.checks import (
    PLATFORM_STARTS,
    count_checks,
    id_checks,
    required_id_checks,
    time_checks,
)
from hydrascope.ingest.mapping import Check, Format, Records, Time
from hydrascope.ingest.snowflake import snowflake_sql

__all__ = ["FORMATS", "PROFILE", "TWEET"]

PROFILE = (
    "userid",
    "user_display_name",
    "user_screen_name",
    "user_reported_location",
    "user_profile_description",
    "user_profile_url",
    "follower_count",
    "following_count",
    "account_creation_date",
    "account_language",
)
TWEET = (
    "tweetid",
    "tweet_language",
    "tweet_text",
    "tweet_time",
    "tweet_client_name",
    "in_reply_to_userid",
    "in_reply_to_tweetid",
    "quoted_tweet_tweetid",
    "is_retweet",
    "retweet_userid",
    "retweet_tweetid",
    "latitude",
    "longitude",
    "quote_count",
    "reply_count",
    "like_count",
    "retweet_count",
    "hashtags",
    "urls",
    "user_mentions",
)

_CREATED = {
    "created": "try_strptime(account_creation_date, '%Y-%m-%d')",
    "created_ms": snowflake_sql("userid", "created", "day"),
}
_MADE = {
    "created": Time("account_creation_date", "creation", f"TIMESTAMP '{PLATFORM_STARTS['x']}'")
}
_POSTED = {
    "posted": "try_strptime(tweet_time, ['%Y-%m-%d %H:%M', '%Y-%m-%d %H:%M:%S'])",
    "has_seconds": "regexp_matches(tweet_time, ':[0-9]+:')",
    "posted_ms": f"CASE WHEN has_seconds THEN {snowflake_sql('tweetid', 'posted', 'second')} "
    f"ELSE {snowflake_sql('tweetid', 'posted', 'minute')} END",
}

_PROFILE_CHECKS = (
    *required_id_checks("userid", "account"),
    # A number, or its hash where the account had fewer than 5,000 followers; a
    # spreadsheet adds decimals.
    Check(
        "userid",
        "length(userid) > 64 OR contains(userid, '.') OR contains(userid, ',')",
        "not an account's id; expected its number, or the hash in its place",
    ),
    *time_checks(
        "account_creation_date",
        "created",
        expected="YYYY-MM-DD as released",
        start=PLATFORM_STARTS["x"],
    ),
    *count_checks(["follower_count", "following_count"]),
)
_TWEET_CHECKS = (
    *required_id_checks("tweetid", "tweet"),
    Check(
        "tweetid",
        "length(tweetid) > 20 OR try_cast(tweetid AS UHUGEINT) IS NULL",
        "not a tweet's id; expected 1 to 20 digits",
    ),
    *id_checks("retweet_tweetid", "retweet_userid", "in_reply_to_tweetid", "in_reply_to_userid"),
    *_PROFILE_CHECKS,
    *time_checks(
        "tweet_time",
        "posted",
        expected="YYYY-MM-DD HH:MM as released",
        start=PLATFORM_STARTS["x"],
        required=True,
    ),
    Check(
        "is_retweet",
        "lower(is_retweet) NOT IN ('true', 'false')",
        "neither true nor false; expected one of them",
    ),
    *count_checks(["like_count", "reply_count", "retweet_count", "quote_count"]),
)


def _list_sql(column: str) -> str:
    """Split `[a, b]` or `['a', 'b']`; the archive escapes nothing inside."""
    # A comma without a space after it belongs to the item: web addresses have them.
    items = f"string_split(regexp_replace({column}, '^\\s*\\[|\\]\\s*$', '', 'g'), ', ')"
    bare = f"list_transform({items}, lambda item: trim(item, '''\" '))"
    split = f"list_filter({bare}, lambda item: item <> '')"
    return f"CASE WHEN {column} IN ('', '[]') THEN []::VARCHAR[] ELSE {split} END"


_ACCOUNT = {
    "unit": "'user'",
    "native_id": "userid",
    "display_name": "nullif(user_display_name, '')",
    "handle": "nullif(user_screen_name, '')",
    "description": "nullif(user_profile_description, '')",
    "created_at": "coalesce(created_ms, created)",
    "created_precision": "CASE WHEN created IS NULL THEN 'none' "
    "WHEN created_ms IS NULL THEN 'day' ELSE 'ms' END",
    "created_source": "CASE WHEN created IS NULL THEN 'none' "
    "WHEN created_ms IS NULL THEN 'api' ELSE 'snowflake' END",
    "language": "lower(nullif(account_language, ''))",
    "followers": "try_cast(follower_count AS BIGINT)",
    "following": "try_cast(following_count AS BIGINT)",
}
_POST = {
    "account_id": "userid",
    "native_id": "tweetid",
    "kind": "CASE WHEN lower(is_retweet) = 'true' THEN 'repost' "
    "WHEN in_reply_to_tweetid <> '' THEN 'reply' ELSE 'post' END",
    "posted_at": "coalesce(posted_ms, posted)",
    "posted_precision": "CASE WHEN posted_ms IS NOT NULL THEN 'ms' "
    "WHEN has_seconds THEN 's' ELSE 'min' END",
    "text": "tweet_text",
    "language": "lower(nullif(tweet_language, ''))",
    "urls": _list_sql("urls"),
    "hashtags": _list_sql("hashtags"),
    "mentions": _list_sql("user_mentions"),
    "repost_of": "retweet_tweetid",
    "reply_to": "in_reply_to_tweetid",
    "likes": "try_cast(like_count AS BIGINT)",
    "replies": "try_cast(reply_count AS BIGINT)",
    "reposts": "try_cast(retweet_count AS BIGINT)",
}

FORMATS = {
    "x_archive_users": Format(
        {
            "": Records(
                PROFILE,
                named=_CREATED,
                times=_MADE,
                checks=_PROFILE_CHECKS,
                account=_ACCOUNT,
            )
        }
    ),
    "x_archive_tweets": Format(
        {
            "": Records(
                PROFILE + TWEET,
                named={**_CREATED, **_POSTED},
                times={**_MADE, "posted": Time("tweet_time", "posting")},
                checks=_TWEET_CHECKS,
                account=_ACCOUNT,
                post=_POST,
            )
        }
    ),
}
