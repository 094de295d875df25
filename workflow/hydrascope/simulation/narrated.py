"""What a simulated world says, beside the narratives and sides that were planted."""

import pandas as pd

from hydrascope.simulation.ingested import ingested
from hydrascope.simulation.world import World

__all__ = ["debated", "narrated"]


def narrated(world: World) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take the posts of the planted network out of a world.

    Parameters
    ----------
    world : World
        What `world.simulate` gave.

    Returns
    -------
    posts : pandas.DataFrame
        post_id, account_id, platform, native_id, text and language.
    truth : pandas.DataFrame
        platform, post, narrative and stance, all text.
    """
    accounts, posts = ingested(world)
    network = accounts.loc[accounts["affiliated"] == 1, "account_id"]
    own = posts[posts["account_id"].isin(network)].assign(native_id=lambda rows: rows["post_id"])
    truth = own[["platform", "post_id", "narrative", "stance"]].rename(columns={"post_id": "post"})
    columns = ["post_id", "account_id", "platform", "native_id", "text", "language"]
    return own[columns].reset_index(drop=True), truth.reset_index(drop=True)


def debated(world: World, subjects: list[str], *, most: int, seed: int) -> pd.DataFrame:
    """Draw posts on the subjects, of the network and of everybody else.

    Parameters
    ----------
    world : World
        What `world.simulate` gave.
    subjects : list of str
        Narratives that are subjects.
    most : int
        Posts drawn at most.
    seed : int
        Seed of the draw.

    Returns
    -------
    pandas.DataFrame
        post_id, text, language (two letters), narrative and stance; a text that several
        posted is there once. A network takes one side only: stance is measured on all.
    """
    _, posts = ingested(world)
    own = posts[posts["narrative"].isin(subjects)].sort_values("post_id")
    own = own.drop_duplicates("text")
    drawn = own.sample(min(most, len(own)), random_state=seed)
    drawn = drawn.assign(language=drawn["language"].str[:2])
    columns = ["post_id", "text", "language", "narrative", "stance"]
    return drawn[columns].sort_values("post_id", ignore_index=True)
