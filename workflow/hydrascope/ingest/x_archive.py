"""Records of the X (Twitter) Information Operations archive.

Two files a release: users and tweets, comma-separated, often in a ZIP. The
tweets' header comes with and without `poll_choices`; lists come as `[a, b]`
and as `['a', 'b']`, truth as `true` and `True`. Creation has a day, a tweet a
minute; ids that agree with the stated time give milliseconds. Times are UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import duckdb
import pyarrow as pa

from hydrascope.contracts import ACCOUNTS, POSTS
from hydrascope.ingest.preference import preference_sql
from hydrascope.ingest.pseudonyms import pseudonym_sql
from hydrascope.ingest.raw import Batch
from hydrascope.ingest.snowflake import snowflake_sql

__all__ = [
    "DERIVED_ACCOUNTS",
    "FORMATS",
    "NOTHING_ASIDE",
    "Origin",
    "Parsed",
    "parse_batch",
]

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
FORMATS = {"x_archive_users": PROFILE, "x_archive_tweets": PROFILE + TWEET}

ASIDE = pa.schema(
    [("source_row", pa.int64())] + [(name, pa.string()) for name in ("column", "value", "reason")]
)
DERIVED_ACCOUNTS = ACCOUNTS.append(pa.field("derived", pa.bool_()))
NOTHING_ASIDE = ASIDE.empty_table()

DAY = "%Y-%m-%d"
MINUTES = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
CREATED = f"try_strptime(account_creation_date, '{DAY}')"
POSTED = f"try_strptime(tweet_time, {MINUTES})"
SPREADSHEET = "'^\\s*[0-9.,]+[eE][+]?[0-9]+\\s*$'"
# A number, or its hash where the account had fewer than 5,000 followers; a
# spreadsheet adds spaces and decimals.
ACCOUNT_ID = "'[^\\s.,]{1,64}'"
HAS_SECONDS = "regexp_matches(tweet_time, ':[0-9]+:[0-9]+$')"
PLATFORM_START = "TIMESTAMP '2006-03-21'"


class Origin(NamedTuple):
    """Where a record comes from, copied into each row made of it."""

    platform: str
    collection: str
    file: str
    snapshot: str


@dataclass(frozen=True)
class Parsed:
    """What became of a batch.

    Attributes
    ----------
    accounts, posts : pyarrow.Table
        Rows of the contracts; `accounts` has the column `derived` besides,
        true where a tweet named its author and no users file is meant.
    quarantined : pyarrow.Table
        source_row, column, value, reason of each record set aside.
    """

    accounts: pa.Table
    posts: pa.Table
    quarantined: pa.Table


class _Check(NamedTuple):
    """A condition under which a record is set aside, and why."""

    column: str
    bad: str
    reason: str


def _id_checks(*columns: str) -> list[_Check]:
    return [
        _Check(
            column,
            f"regexp_matches({column}, {SPREADSHEET})",
            "scientific notation: a spreadsheet has rounded this id; expected the id as "
            "released; export it again without opening it in a spreadsheet",
        )
        for column in columns
    ]


def _count_checks(columns: Iterable[str]) -> list[_Check]:
    return [
        _Check(
            column,
            f"NOT regexp_full_match({column}, '[0-9]{{0,18}}')",
            "not a count; expected a whole number or nothing",
        )
        for column in columns
    ]


_PROFILE_CHECKS = [
    *_id_checks("userid"),
    _Check("userid", "trim(userid) = ''", "no id; expected the account's id"),
    _Check(
        "userid",
        f"NOT regexp_full_match(userid, {ACCOUNT_ID})",
        "not an account's id; expected its number, or the hash in its place",
    ),
    _Check(
        "account_creation_date",
        f"account_creation_date <> '' AND {CREATED} IS NULL",
        "not a date; expected YYYY-MM-DD as released",
    ),
    _Check(
        "account_creation_date",
        f"{CREATED} < {PLATFORM_START}",
        "a date before the platform; expected 2006-03-21 or later",
    ),
    _Check(
        "account_creation_date",
        f"{CREATED} > $snapshot::TIMESTAMP",
        "a date after the snapshot; expected a day before it, as collections.tsv says",
    ),
    *_count_checks(["follower_count", "following_count"]),
]
_TWEET_CHECKS = [
    *_id_checks("tweetid"),
    _Check(
        "tweetid",
        "NOT regexp_full_match(tweetid, '[0-9]{1,20}')",
        "not a tweet's id; expected 1 to 20 digits",
    ),
    *_id_checks("retweet_tweetid", "retweet_userid"),
    *_id_checks("in_reply_to_tweetid", "in_reply_to_userid"),
    *_PROFILE_CHECKS,
    _Check(
        "tweet_time",
        f"{POSTED} IS NULL",
        "not a time; expected YYYY-MM-DD HH:MM as released",
    ),
    _Check(
        "tweet_time",
        f"{POSTED} < {PLATFORM_START}",
        "a time before the platform; expected 2006-03-21 or later",
    ),
    _Check(
        "tweet_time",
        f"{POSTED} >= $snapshot::TIMESTAMP + INTERVAL 1 DAY",
        "a time after the snapshot; expected one before it, as collections.tsv says",
    ),
    _Check(
        "is_retweet",
        "lower(is_retweet) NOT IN ('true', 'false')",
        "neither true nor false; expected one of them",
    ),
    *_count_checks(["like_count", "reply_count", "retweet_count", "quote_count"]),
]
_CHECKS = {"x_archive_users": _PROFILE_CHECKS, "x_archive_tweets": _TWEET_CHECKS}


def parse_batch(batch: Batch, kind: str, origin: Origin, pads: dict) -> Parsed:
    """Turn a batch of archive records into accounts, posts and set-aside rows.

    Parameters
    ----------
    batch : Batch
        Records with at least the columns `FORMATS[kind]`.
    kind : {'x_archive_users', 'x_archive_tweets'}
        Which of the two files they come from.
    origin : Origin
        Platform, collection, file and snapshot day.
    pads : dict
        The padded keys of `pseudonyms.pads`.

    Returns
    -------
    Parsed
        Every record of the batch is an account (users), a post (tweets) or
        set aside; the authors of tweets come as derived accounts on top.
    """
    with duckdb.connect(config={"threads": 1}) as base:
        values = {**pads, **origin._asdict()}
        base.register("batch", _known_columns(batch, FORMATS[kind]))
        base.execute(
            f"CREATE TEMP TABLE record AS SELECT *, {_first_failure(_CHECKS[kind])} "
            "AS failed FROM batch",
            {"snapshot": origin.snapshot},
        )
        base.execute("CREATE TEMP VIEW fit AS SELECT * FROM record WHERE failed IS NULL")
        tweets = kind == "x_archive_tweets"
        accounts = _query(base, _ACCOUNTS_SQL.format(derived=tweets), values)
        if tweets:
            posts = _query(base, _POSTS_SQL, values).cast(POSTS)
        else:
            posts = POSTS.empty_table()
        return Parsed(
            accounts=accounts.cast(DERIVED_ACCOUNTS),
            posts=posts,
            quarantined=_quarantined(base, _CHECKS[kind], batch),
        )


def _known_columns(batch: Batch, names: tuple) -> pa.Table:
    cells = {name: pa.array(batch.columns[name], pa.string()) for name in names}
    rows = pa.array(batch.columns["source_row"], pa.int64())
    return pa.table({**cells, "source_row": rows})


def _query(base: duckdb.DuckDBPyConnection, sql: str, values: dict) -> pa.Table:
    used = {name: value for name, value in values.items() if f"${name}" in sql}
    return base.sql(sql, params=used).to_arrow_table()


def _first_failure(checks: list[_Check]) -> str:
    cases = " ".join(f"WHEN {check.bad} THEN {n}" for n, check in enumerate(checks))
    return f"CASE {cases} END"


def _quarantined(base: duckdb.DuckDBPyConnection, checks: list[_Check], batch: Batch) -> pa.Table:
    parts = [
        _query(
            base,
            f"SELECT source_row, '{check.column}' AS column, {check.column} AS value, "
            f"$reason::VARCHAR AS reason FROM record WHERE failed = {n}",
            {"reason": check.reason},
        )
        for n, check in enumerate(checks)
    ]
    broken = [
        (row, "", found, f"found {found}; expected {expected}, one for each column")
        for row, found, expected in batch.broken
    ]
    cells = zip(*broken, strict=True) if broken else ([], [], [], [])
    parts.append(pa.table(list(map(list, cells)), schema=ASIDE))
    return pa.concat_tables([part.cast(ASIDE) for part in parts]).sort_by("source_row")


def _list_sql(column: str) -> str:
    """Split `[a, b]` or `['a', 'b']`; the archive escapes nothing inside."""
    inner = f"regexp_replace(trim({column}), '^\\[|\\]$', '', 'g')"
    # A comma without a space after it belongs to the item: web addresses have them.
    items = f"string_split_regex({inner}, ',\\s+')"
    bare = f"list_transform({items}, lambda item: trim(item, '''\" '))"
    return f"list_filter({bare}, lambda item: item <> '')"


_CREATED_MS = snowflake_sql("userid", CREATED, "day")
_POSTED_MS = (
    f"CASE WHEN {HAS_SECONDS} THEN {snowflake_sql('tweetid', POSTED, 'second')} "
    f"ELSE {snowflake_sql('tweetid', POSTED, 'minute')} END"
)
_ACCOUNT = pseudonym_sql("account", "$platform::VARCHAR", "userid")
_MENTION = pseudonym_sql("account", "$platform::VARCHAR", "item")

_ACCOUNTS_SQL = f"""
SELECT
    {_ACCOUNT} AS account_id,
    $platform::VARCHAR AS platform,
    'user' AS unit,
    userid AS native_id,
    nullif(user_display_name, '') AS display_name,
    nullif(user_screen_name, '') AS handle,
    nullif(user_profile_description, '') AS description,
    coalesce({_CREATED_MS}, {CREATED}) AS created_at,
    CASE WHEN {CREATED} IS NULL THEN 'none'
        WHEN {_CREATED_MS} IS NULL THEN 'day' ELSE 'ms' END AS created_precision,
    CASE WHEN {CREATED} IS NULL THEN 'none'
        WHEN {_CREATED_MS} IS NULL THEN 'api' ELSE 'snowflake' END AS created_source,
    NULL AS country,
    lower(nullif(account_language, '')) AS language,
    try_cast(follower_count AS BIGINT) AS followers,
    try_cast(following_count AS BIGINT) AS following,
    NULL AS name_history,
    NULL AS admin_countries,
    $snapshot::TIMESTAMP AS first_seen,
    $snapshot::TIMESTAMP AS last_seen,
    NULL AS removed_after,
    NULL AS removed_before,
    $collection::VARCHAR AS collection,
    $file::VARCHAR AS source_file,
    source_row,
    {{derived}} AS derived
FROM fit
QUALIFY NOT {{derived}} OR row_number() OVER (
    PARTITION BY native_id ORDER BY {preference_sql(ACCOUNTS)}, source_row
) = 1
ORDER BY source_row
"""

_POSTS_SQL = f"""
SELECT
    {pseudonym_sql("post", "$platform::VARCHAR", "tweetid")} AS post_id,
    {_ACCOUNT} AS account_id,
    $platform::VARCHAR AS platform,
    tweetid AS native_id,
    CASE WHEN lower(is_retweet) = 'true' THEN 'repost'
        WHEN in_reply_to_tweetid <> '' THEN 'reply' ELSE 'post' END AS kind,
    coalesce({_POSTED_MS}, {POSTED}) AS posted_at,
    CASE WHEN {_POSTED_MS} IS NOT NULL THEN 'ms'
        WHEN {HAS_SECONDS} THEN 's' ELSE 'min' END AS posted_precision,
    tweet_text AS text,
    lower(nullif(tweet_language, '')) AS language,
    {_list_sql("urls")} AS urls,
    {_list_sql("hashtags")} AS hashtags,
    list_transform({_list_sql("user_mentions")}, lambda item: {_MENTION}) AS mentions,
    []::VARCHAR[] AS media_ids,
    {pseudonym_sql("post", "$platform::VARCHAR", "retweet_tweetid")} AS repost_of,
    {pseudonym_sql("post", "$platform::VARCHAR", "in_reply_to_tweetid")} AS reply_to,
    try_cast(like_count AS BIGINT) AS likes,
    try_cast(reply_count AS BIGINT) AS replies,
    try_cast(retweet_count AS BIGINT) AS reposts,
    NULL AS views,
    $collection::VARCHAR AS collection,
    $file::VARCHAR AS source_file,
    source_row
FROM fit
ORDER BY source_row
"""
