"""The network's subjects against those of matched accounts outside it."""

import duckdb
import numpy as np
import pandas as pd
from scipy import sparse

from hydrascope.narratives.batches import (
    FEWEST_BATCHES,
    effective_batches,
    middle,
    resampled,
)
from hydrascope.narratives.codebook import UNCODED
from hydrascope.narratives.points import neighbourhoods, points_of
from hydrascope.narratives.subjects import UNKNOWN_LANGUAGE, join_subjects, names_said

__all__ = ["MOST_POSTS", "account_traits", "coded_alike", "contrast", "matched_accounts"]

NETWORK, CONTROL = "affiliated", "unaffiliated"
# Families out of which neighbours are taken at most.
POOL = 20_000
# Accounts of the network that are matched at most, and controls for each.
MOST_MATCHED, CONTROLS = 1_000, 2
# Posts of each that are looked at: what it mostly posts about shows in so many.
MOST_POSTS = 10
TRAITS = """
    WITH told AS (
        SELECT account_id, posted_at, coalesce(families.language, '{unknown}') AS language
        FROM (SELECT post_id, account_id, posted_at FROM posts)
        JOIN (SELECT post_id, family FROM members) USING (post_id)
        LEFT JOIN (SELECT family, language FROM families) AS families USING (family)
    ),
    spoken AS (
        SELECT account_id, language, count(*) AS posts FROM told GROUP BY ALL
    )
    SELECT account_id, language, doublings, quarter
    FROM (
        SELECT account_id, language FROM spoken
        QUALIFY row_number() OVER (PARTITION BY account_id ORDER BY posts DESC, language) = 1
    )
    JOIN (
        SELECT account_id, CAST(floor(log2(count(*))) AS BIGINT) AS doublings,
            coalesce(strftime(median(posted_at), '%Y') || 'Q' || quarter(median(posted_at)), '')
                AS quarter
        FROM told GROUP BY account_id
    ) USING (account_id)
"""
COLUMNS = [
    *("platform", "subject", "network_share", "control_share", "difference", "low", "high"),
    *("network_accounts", "of_network_accounts", "control_accounts", "of_control_accounts"),
    *("network_batches", "control_batches", "status"),
]


def account_traits(base: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
    """What accounts are matched on, as far as their posts tell it.

    Parameters
    ----------
    base : duckdb.DuckDBPyConnection
        Where `posts` (contract `posts`), and `members` and `families` are, as
        `texts.copies.copies_of` gave them.

    Returns
    -------
    duckdb.DuckDBPyRelation
        account_id, language (of most posts, the first in the alphabet of equals), doublings
        (the number of posts in powers of two) and quarter (of the median post, empty where
        no post has a time) of every account with a post.
    """
    return base.sql(TRAITS.format(unknown=UNKNOWN_LANGUAGE))


def matched_accounts(
    traits: pd.DataFrame, accounts: pd.DataFrame, *, seed: int, most: int = MOST_MATCHED
) -> pd.DataFrame:
    """Match the network's accounts with others, exactly on coarse traits.

    Parameters
    ----------
    traits : pandas.DataFrame
        What `account_traits` gave.
    accounts : pandas.DataFrame
        account_id, platform and verdict, in an order that no key of pseudonyms enters.
    seed : int
        Seed of what is drawn.
    most : int
        Accounts of the network that are matched at most; of more, as many are drawn.

    Returns
    -------
    pandas.DataFrame
        account_id, platform, network (bool), stratum (int) and matched (bool: the stratum
        holds accounts of either kind, and it was drawn), of every account with a post whose
        verdict is affiliated or unaffiliated; sorted by account_id.

    Notes
    -----
    Coarsened exact matching (Iacus, King and Porro 2012, Political Analysis 20, 1-24) on
    platform, the language of most posts, the number of posts (powers of two) and the
    quarter of the median post. What an account says is in none of them. Of a stratum with
    many controls `CONTROLS` times as many as it has of the network are drawn: more would
    hardly narrow an interval whose other side stays as it is.
    """
    judged = accounts[accounts["verdict"].isin([NETWORK, CONTROL])]
    table = judged[["account_id", "platform", "verdict"]].merge(traits)
    table["network"] = table["verdict"] == NETWORK
    strata = table.groupby(["platform", "language", "doublings", "quarter"])
    table["stratum"] = strata.ngroup()
    both = strata["network"].transform("nunique") == 2
    lot = pd.Series(np.random.default_rng(seed).random(len(table)), index=table.index)
    drawn = lot.where(both & table["network"]).rank() <= most
    table["drawn"] = drawn
    wanted = CONTROLS * table.groupby("stratum")["drawn"].transform("sum")
    control = both & ~table["network"]
    place = lot.where(control).groupby(table["stratum"]).rank()
    table["matched"] = (drawn & (wanted > 0)) | (control & (place <= wanted))
    columns = ["account_id", "platform", "network", "stratum", "matched"]
    return table[columns].sort_values("account_id", ignore_index=True)


def coded_alike(
    families: pd.DataFrame,
    vectors: np.ndarray,
    phrases: pd.DataFrame,
    phrase_vectors: np.ndarray,
    *,
    dimensions: int,
    neighbours: int,
    min_score: float,
    min_margin: float,
    seed: int,
) -> pd.Series:
    """Code families of both sides by one rule.

    Parameters
    ----------
    families : pandas.DataFrame
        family, text and language of the families of matched accounts, in a fixed order.
    vectors : numpy.ndarray
        One row a family.
    phrases, phrase_vectors, min_score, min_margin
        As for `subjects.join_subjects`.
    dimensions, neighbours
        As for `points.points_of` and `subjects.surrounded`.
    seed : int
        Seed of the families out of which neighbours are taken, where there are many.

    Returns
    -------
    pandas.Series
        Subject or `uncoded`, by family.

    Notes
    -----
    The network's topics were found among its own families and would help one side only, so
    they are left out here: a family has the mean of itself and its nearest neighbours,
    of either side, to show for itself. This codes fewer posts than `subjects.tsv` does.
    """
    if families.empty:
        return pd.Series(dtype=object)
    points = points_of(vectors, dimensions=dimensions)
    rng = np.random.default_rng(seed)
    most = min(POOL, len(points))
    pool = np.sort(rng.choice(len(points), most, replace=False))
    near = neighbourhoods(points[pool], points, neighbours=neighbours)
    starts = np.arange(0, near.size + 1, near.shape[1])
    share = np.full(near.size, 1 / near.shape[1], dtype=np.float32)
    mean = sparse.csr_array((share, near.ravel(), starts), (len(points), most))
    said = names_said(families["text"], phrases)
    subject = join_subjects(
        mean @ vectors[pool],
        mean @ said[pool],
        phrases,
        phrase_vectors,
        min_score=min_score,
        min_margin=min_margin,
    )["subject"]
    readable = families["language"].isin([*phrases["language"], UNKNOWN_LANGUAGE]).to_numpy()
    return pd.Series(
        subject.where(readable, UNCODED).to_numpy(), index=families["family"].to_numpy()
    )


def contrast(
    posts: pd.DataFrame,
    matched: pd.DataFrame,
    subjects: list[str],
    batches: pd.Series,
    *,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """Compare how much of what an account posts is on each subject.

    Parameters
    ----------
    posts : pandas.DataFrame
        account_id and subject of each post that is looked at, of an account with more than
        `MOST_POSTS` as many at random; `uncoded` ones and those without words included.
    matched : pandas.DataFrame
        What `matched_accounts` gave.
    subjects : list of str
        The codebook's subjects.
    batches : pandas.Series
        Batch of each account, as `batches.batch_of` gave it.
    draws : int
        Bootstrap samples behind an interval.
    seed : int
        Seed of the draws.

    Returns
    -------
    pandas.DataFrame
        platform, subject, network_share and control_share (mean over accounts of the share
        of an account's posts; controls weigh as their stratum does in the network),
        difference with its 95 % interval low and high, the accounts that were matched and
        of how many, effective batches of either side, and status: `estimated`, or `not
        identified` with the reason, where the numbers are missing. Sorted by platform and
        subject.

    Notes
    -----
    The estimand is the difference for the network's accounts that have matches, one vote an
    account. Null: within a stratum, network and others write on the subject alike. Batches
    are drawn, and accounts within them (`batches.resampled`), on both sides at once; a
    stratum that lacks a side in a draw is left out of it. Rows are not corrected for each
    other. The verdicts are taken as given, and copied text was evidence for them: a contrast
    of subjects can be read, one of copying could not.
    """
    own = matched[matched["matched"]].reset_index(drop=True)
    chosen = batches[batches.index.isin(own["account_id"])]
    place = chosen.index.get_indexer(own["account_id"])
    weights = resampled(chosen, draws=draws, seed=seed)[:, place]
    counted = posts.value_counts(["account_id", "subject"]).unstack(fill_value=0)
    shares = counted.div(counted.sum(axis=1), axis=0)
    shares = shares.reindex(index=own["account_id"], columns=subjects, fill_value=0.0)
    rows = []
    for platform, everybody in matched.groupby("platform"):
        here = own.index[own["platform"] == platform]
        side = own.loc[here, "network"].to_numpy()
        strata = pd.factorize(own.loc[here, "stratum"])[0]
        numbers = chosen.to_numpy()[place[here]]
        whole = np.ones((1, len(here)))
        control_weight = _control_weight(strata, side)
        effective = [_batches(numbers[side]), _batches(numbers[~side], control_weight)]
        sizes = [
            *(int(side.sum()), int(everybody["network"].sum())),
            *(int((~side).sum()), int((~everybody["network"]).sum())),
            *effective,
        ]
        status = _status(everybody, min(effective))
        for subject in subjects:
            figures = [np.nan] * 5
            if status == "estimated":
                said = (
                    shares[subject].to_numpy()[here] if subject in shares else np.zeros(len(here))
                )
                network, control = _means(said, whole, strata, side)
                drawn = _means(said, weights[:, here], strata, side)
                ends = middle((drawn[0] - drawn[1])[:, None], np.array([min(effective)]))
                figures = [network[0], control[0], network[0] - control[0]]
                figures += [float(end[0]) for end in ends]
            rows.append([platform, subject, *figures, *sizes, status])
    return pd.DataFrame(rows, columns=COLUMNS).sort_values(COLUMNS[:2], ignore_index=True)


def _status(accounts: pd.DataFrame, batches: float) -> str:
    if not accounts["network"].any():
        return "not identified: no account with a post is affiliated"
    if accounts["network"].all():
        return "not identified: no account with a post is unaffiliated"
    if not accounts["matched"].any():
        return "not identified: no account outside the network is like one of its own"
    if batches < FEWEST_BATCHES:
        return f"not identified: a side has fewer than {FEWEST_BATCHES} effective batches"
    return "estimated"


def _control_weight(strata: np.ndarray, side: np.ndarray) -> np.ndarray:
    """What each control weighs, so that strata are as frequent as in the network."""
    length = strata.max(initial=-1) + 1
    network = np.bincount(strata[side], minlength=length)
    control = np.bincount(strata[~side], minlength=length)
    return (network / np.maximum(control, 1))[strata[~side]]


def _batches(numbers: np.ndarray, weight: np.ndarray | None = None) -> float:
    _, place = np.unique(numbers, return_inverse=True)
    return float(effective_batches(np.bincount(place, weight)))


def _means(
    said: np.ndarray, weights: np.ndarray, strata: np.ndarray, side: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Mean of the network and of its controls in each draw, over strata that hold both."""
    length = strata.max(initial=-1) + 1
    inside = sparse.csr_array((np.ones(len(strata)), (np.arange(len(strata)), strata)))
    inside.resize(len(strata), length)
    size, total = {}, {}
    for name in (True, False):
        drawn = weights * (side == name)
        size[name] = drawn @ inside
        total[name] = (drawn * said) @ inside
    both = (size[True] > 0) & (size[False] > 0)
    weight = np.where(both, size[True], 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(both, total[False] / size[False], 0)
        network = np.where(both, total[True], 0).sum(axis=1) / weight.sum(axis=1)
        return network, (weight * mean).sum(axis=1) / weight.sum(axis=1)
