"""Which texts count as the network's."""

import pandas as pd

__all__ = ["network_families"]


def network_families(
    families: pd.DataFrame,
    members: pd.DataFrame,
    posts: pd.DataFrame,
    verdicts: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Choose the families that the network posted; each has one vote.

    Parameters
    ----------
    families, members : pandas.DataFrame
        What `texts.families.families_of` gave.
    posts : pandas.DataFrame
        post_id and account_id.
    verdicts : pandas.DataFrame
        account_id and verdict.

    Returns
    -------
    families : pandas.DataFrame
        The rows of `families` that an affiliated account posted.
    network_posts : pandas.DataFrame
        post_id, account_id and family of every post of an affiliated account,
        sorted by post; the family is empty for a post without words.
    """
    network = verdicts.loc[verdicts["verdict"] == "affiliated", "account_id"]
    owned = posts[posts["account_id"].isin(network)]
    network_posts = owned.merge(members, on="post_id").sort_values("post_id", ignore_index=True)
    chosen = families[families["family"].isin(network_posts["family"])]
    return chosen.reset_index(drop=True), network_posts
