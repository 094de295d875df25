"""What the ingest's tests share: good records, and one call that reads a raw file."""

import csv
import io
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pytest

from hydrascope.contracts import POSTS
from hydrascope.ingest.mapping import ASKED, DERIVED_ACCOUNTS
from hydrascope.ingest.reader import QUARANTINE, Sinks, read_raw_file
from hydrascope.ingest.x_archive import FORMATS

KEY = b"a key of these tests"
PROFILE = {
    "userid": "u1",
    "user_display_name": "Name",
    "user_screen_name": "handle",
    "user_reported_location": "",
    "user_profile_description": "words",
    "user_profile_url": "",
    "follower_count": "3",
    "following_count": "4",
    "account_creation_date": "2018-03-07",
    "account_language": "zh-CN",
}
TWEET = PROFILE | {
    "tweetid": "1001",
    "tweet_language": "zh",
    "tweet_text": "text",
    "tweet_time": "2019-01-01 10:00",
    "tweet_client_name": "Web",
    "in_reply_to_userid": "",
    "in_reply_to_tweetid": "",
    "quoted_tweet_tweetid": "",
    "is_retweet": "false",
    "retweet_userid": "",
    "retweet_tweetid": "",
    "latitude": "absent",
    "longitude": "absent",
    "quote_count": "0",
    "reply_count": "1",
    "like_count": "2",
    "retweet_count": "3",
    "hashtags": "[]",
    "urls": "[]",
    "user_mentions": "[]",
}


class Read(NamedTuple):
    ledger: pd.DataFrame
    quarantine: pd.DataFrame
    accounts: pa.Table
    posts: pa.Table
    asked: pa.Table


class Sink(list):
    write_table = list.append


@pytest.fixture(scope="session")
def key():
    return KEY


@pytest.fixture(scope="session")
def profile():
    """A good record of a users file."""
    return dict(PROFILE)


@pytest.fixture(scope="session")
def tweet():
    """A good record of a tweets file."""
    return dict(TWEET)


@pytest.fixture(scope="session")
def as_csv():
    """The bytes of a raw file with these records."""

    def write(rows, kind="x_archive_users", columns=None):
        stream = io.StringIO()
        columns = columns or FORMATS[kind].records[""].required
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([row[column] for column in columns] for row in rows)
        return stream.getvalue().encode()

    return write


@pytest.fixture(scope="session")
def read(tmp_path_factory):
    """Read one raw file, given as bytes or as the path where it lies."""
    folder = tmp_path_factory.mktemp("raw")

    def read_one(
        content,
        kind="x_archive_users",
        *,
        limits=None,
        column_maps=None,
        zones=None,
        starts=None,
        **listed,
    ):
        path = content
        if isinstance(content, bytes):
            path = folder / "raw"
            path.write_bytes(content)
        row = {
            "file": "f.csv",
            "format": kind,
            "platform": "x",
            "encoding": "utf-8",
            "snapshot": "2020-09-14",
            "sha256": "",
        }
        sinks = Sinks(Sink(), Sink(), Sink())
        ledger, quarantine = read_raw_file(
            path,
            row=row | listed,
            collection="toy",
            key=KEY,
            limits={"strict": False, "max_bad_share": 1, "max_unpacked_gib": 1} | (limits or {}),
            sinks=sinks,
            column_maps=column_maps,
            starts=starts,
            zones=zones,
        )
        return Read(
            pd.DataFrame([ledger]),
            pd.DataFrame(quarantine, columns=QUARANTINE),
            pa.concat_tables([DERIVED_ACCOUNTS.empty_table(), *sinks.accounts]),
            pa.concat_tables([POSTS.empty_table(), *sinks.posts]),
            pa.concat_tables([ASKED.empty_table(), *sinks.asked]),
        )

    return read_one
