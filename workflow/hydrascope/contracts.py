"""Contracts of the tables that stages hand to each other.

`ACCOUNTS` and `POSTS` fix names, order and types of the ingested tables, and
the tuples what may stand in some of their columns; `checking` sees to both.
"""

import pyarrow as pa

__all__ = [
    "ACCOUNTS",
    "KINDS",
    "POSTS",
    "PRECISIONS",
    "TEXTS",
    "UNITS",
    "VERDICTS",
    "SOURCES",
]

PRECISIONS = ("ms", "s", "min", "day", "none")
UNITS = ("user", "page", "profile", "channel", "website")
KINDS = ("post", "repost", "reply", "comment", "video")
SOURCES = ("api", "snowflake", "page_created", "none")
VERDICTS = ("affiliated", "unaffiliated", "undetermined")
TIME = pa.timestamp("ms", tz="UTC")
TEXTS = pa.list_(pa.string())

ACCOUNTS = pa.schema(
    [
        ("account_id", pa.string()),
        ("platform", pa.string()),
        ("unit", pa.string()),
        ("native_id", pa.string()),
        ("display_name", pa.string()),
        ("handle", pa.string()),
        ("description", pa.string()),
        ("picture_hash", pa.string()),
        ("created_at", TIME),
        ("created_precision", pa.string()),
        ("created_source", pa.string()),
        ("country", pa.string()),
        ("language", pa.string()),
        ("followers", pa.int64()),
        ("following", pa.int64()),
        ("name_history", pa.string()),
        ("admin_countries", pa.string()),
        ("first_seen", TIME),
        ("last_seen", TIME),
        ("removed_after", TIME),
        ("removed_before", TIME),
        ("collection", pa.string()),
        ("source_file", pa.string()),
        ("source_row", pa.int64()),
    ]
)

POSTS = pa.schema(
    [
        ("post_id", pa.string()),
        ("account_id", pa.string()),
        ("platform", pa.string()),
        ("native_id", pa.string()),
        ("kind", pa.string()),
        ("posted_at", TIME),
        ("posted_precision", pa.string()),
        ("text", pa.string()),
        ("language", pa.string()),
        ("urls", TEXTS),
        ("hashtags", TEXTS),
        ("mentions", TEXTS),
        ("media_ids", TEXTS),
        ("repost_of", pa.string()),
        ("reply_to", pa.string()),
        ("likes", pa.int64()),
        ("replies", pa.int64()),
        ("reposts", pa.int64()),
        ("views", pa.int64()),
        ("collection", pa.string()),
        ("source_file", pa.string()),
        ("source_row", pa.int64()),
    ]
)
