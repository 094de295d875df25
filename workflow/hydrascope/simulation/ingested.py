"""A simulated world as ingest would hand it on, without the way through files."""

import json

import numpy as np
import pandas as pd

from hydrascope.simulation.world import World

__all__ = ["ingested"]

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
