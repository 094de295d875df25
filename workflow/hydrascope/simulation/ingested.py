"""A simulated world as ingest would hand it on, without the way through files."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from hydrascope.simulation.world import World
from hydrascope.texts.forms import forms_of

__all__ = ["ingested", "loaded"]

HISTORY, ADMINS = ("date", "event", "name"), ("country", "admins")


def ingested(world: World) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make the tables that affiliation reads.

    Parameters
    ----------
    world : World
        What `world.simulate` gave.

    Returns
    -------
    accounts : pandas.DataFrame
        The columns of contract `accounts` that signals read; account_id is the
        native id. Facebook profiles have no date of creation.
    posts : pandas.DataFrame
        The same of contract `posts`.
    """
    accounts = world.accounts.rename(columns={"native_id": "account_id"})
    profile = accounts["unit"] == "profile"
    accounts["created_precision"] = np.where(accounts["platform"] == "x", "ms", "s")
    accounts.loc[profile, "created_precision"] = "none"
    accounts.loc[profile, "created_at"] = pd.NaT
    for column, keys in (("name_history", HISTORY), ("admin_countries", ADMINS)):
        accounts[column] = [
            json.dumps([dict(zip(keys, entry, strict=True)) for entry in entries])
            if entries
            else None
            for entries in accounts[column]
        ]
    # No export that is simulated holds hashes of pictures.
    accounts["picture_hash"] = None
    posts = world.posts.rename(columns={"native_id": "post_id", "account": "account_id"})
    for column in ("repost_of", "reply_to", "video"):
        posts[column] = posts[column].where(posts[column] != "", None)
    return accounts, posts.assign(
        reply_to=posts["reply_to"].fillna(posts["video"]),
        posted_precision="s",
        media_ids=[[] for _ in range(len(posts))],
    )


@contextmanager
def loaded(posts: pd.DataFrame) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give posts, and the forms of their texts, as the tables that `posted_signals` reads.

    Parameters
    ----------
    posts : pandas.DataFrame
        What `ingested` gave.
    """
    columns = ["post_id", "account_id", "platform", "posted_at", "posted_precision", "text"]
    columns += ["language", "urls", "hashtags", "media_ids", "repost_of", "reply_to"]
    lists = dict.fromkeys(("urls", "hashtags", "media_ids"), pa.list_(pa.string()))
    schema = pa.schema(
        {name: lists.get(name, pa.string()) for name in columns}
        | {"posted_at": pa.timestamp("us", "UTC")}
    )
    with duckdb.connect(config={"threads": 1}) as base:
        base.execute("SET TimeZone = 'UTC'")
        base.register("posts", pa.Table.from_pandas(posts, schema=schema, preserve_index=False))
        forms_of(base)
        yield base
