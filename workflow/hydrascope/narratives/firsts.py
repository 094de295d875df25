"""How long after its creation an account first posts on a subject."""

import numpy as np
import pandas as pd

from hydrascope.narratives.batches import (
    FEWEST_BATCHES,
    GRAIN,
    effective_batches,
    middle,
    resampled,
)
from hydrascope.narratives.codebook import UNCODED

__all__ = ["HOURS", "first_posts", "waits"]

ANY = "any post"
# Seconds to which a creation must be known for hours to be told.
FINEST = 60
LEAST_EVENTS = 10
QUANTILES = {"lower_quartile": 1 / 4, "median": 1 / 2, "upper_quartile": 3 / 4}
HOURS = ["lower_quartile", "median", "median_low", "median_high", "upper_quartile"]
COLUMNS = [
    *("platform", "subject", "accounts", "events", "of_accounts", "before_creation"),
    *HOURS,
    *("batches", "status"),
]


def waits(coded: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Hours from each account's creation to its first post on each subject.

    Parameters
    ----------
    coded : pandas.DataFrame
        account_id, subject and posted_at (UTC, may be missing) of the network's posts.
    accounts : pandas.DataFrame
        account_id, platform, created_at (UTC, may be missing) and created_precision of
        the network's accounts.

    Returns
    -------
    pandas.DataFrame
        account_id, platform, subject (`any post` for all of them), hours and seen: hours
        to the first post on it, or, where there is none (seen is false), to the account's
        last post, after which nothing is known of it. One row a subject for every account
        that has a dated post and was created at a known minute; before_creation marks
        those with a post from before it, whose hours are missing.
    """
    dated = coded.dropna(subset="posted_at")
    fine = accounts["created_precision"].map(GRAIN) <= FINEST
    known = accounts[fine & accounts["created_at"].notna()].set_index("account_id")
    rows = dated[dated["account_id"].isin(known.index)]
    last = rows.groupby("account_id")["posted_at"].max()
    first = rows.groupby("account_id")["posted_at"].min()
    subjects = sorted(set(coded["subject"]) - {UNCODED})
    parts = []
    for subject in (ANY, *subjects):
        own = rows if subject == ANY else rows[rows["subject"] == subject]
        moment = own.groupby("account_id")["posted_at"].min().reindex(last.index)
        parts.append(
            pd.DataFrame({"subject": subject, "seen": moment.notna(), "at": moment.fillna(last)})
        )
    table = pd.concat(parts).rename_axis("account_id")
    table["platform"] = known["platform"].reindex(table.index)
    created = known["created_at"].reindex(table.index)
    table["before_creation"] = first.reindex(table.index) < created
    hours = (table["at"] - created) / pd.Timedelta(hours=1)
    table["hours"] = hours.mask(table["before_creation"])
    columns = ["account_id", "platform", "subject", "hours", "seen", "before_creation"]
    return table.reset_index()[columns].sort_values(["subject", "account_id"], ignore_index=True)


def first_posts(
    waited: pd.DataFrame,
    accounts: pd.DataFrame,
    subjects: list[str],
    batches: pd.Series,
    *,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """Quartiles of the hours to a first post, by platform and subject.

    Parameters
    ----------
    waited : pandas.DataFrame
        What `waits` gave.
    accounts : pandas.DataFrame
        account_id and platform of all the network's accounts.
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
        platform, subject, accounts (whose hours are known), events (of these, accounts
        that posted on it), of_accounts (all the network's), before_creation (accounts set
        aside since they post from before their creation), quartiles in hours, the median's
        95 % interval, effective batches and status: `estimated`, or `not identified` with
        the reason, where the hours are missing. Sorted by platform and subject. A quartile
        is missing where fewer have posted by the end of what was seen, and an end of the
        interval that no draw reaches is `inf`.

    Notes
    -----
    Kaplan and Meier 1958, Journal of the American Statistical Association 53, 457-481. An
    account that never posts on the subject is followed to its last post. Accounts without
    a post are not followed at all, so the hours are those of accounts that spoke, and a
    collection that begins late has not seen early first posts. Batches are drawn, and
    accounts within them.
    """
    rows = []
    for platform, everybody in accounts.groupby("platform")["account_id"]:
        here = waited[waited["platform"] == platform]
        for subject in (ANY, *subjects):
            own = here[here["subject"] == subject]
            kept = own[~own["before_creation"]]
            chosen = batches[batches.index.isin(kept["account_id"])]
            sizes = np.unique(chosen.to_numpy(), return_counts=True)[1]
            effective = float(effective_batches(sizes))
            events = int(kept["seen"].sum())
            status = _status(len(own), events, effective)
            hours = dict.fromkeys([*QUANTILES, "median_low", "median_high"], np.nan)
            if status == "estimated":
                hours = _quartiles(kept, chosen, effective, draws=draws, seed=seed)
            counts = [len(kept), events, len(everybody), int(own["before_creation"].sum())]
            own_row = dict(zip(COLUMNS, [platform, subject, *counts], strict=False))
            rows.append(own_row | hours | {"batches": effective, "status": status})
    return pd.DataFrame(rows, columns=COLUMNS).sort_values(COLUMNS[:2], ignore_index=True)


def _status(accounts: int, events: int, batches: float) -> str:
    if not accounts:
        return "not identified: no account with a post was created at a known minute"
    if events < LEAST_EVENTS:
        return f"not identified: fewer than {LEAST_EVENTS} accounts posted on it"
    if batches < FEWEST_BATCHES:
        return f"not identified: fewer than {FEWEST_BATCHES} effective batches"
    return "estimated"


def _quartiles(
    kept: pd.DataFrame, batches: pd.Series, effective: float, *, draws: int, seed: int
) -> dict[str, float]:
    order = np.lexsort((kept["account_id"], kept["hours"]))
    hours, seen = (kept[name].to_numpy()[order] for name in ("hours", "seen"))
    place = batches.index.get_indexer(kept["account_id"].to_numpy()[order])
    weights = resampled(batches, draws=draws, seed=seed)[:, place]
    found = {
        name: _quantile(hours, seen, np.ones((1, len(hours))), share)[0]
        for name, share in QUANTILES.items()
    }
    drawn = _quantile(hours, seen, weights, QUANTILES["median"])
    low, high = middle(drawn[:, None], np.array([effective]))
    table = {name: value if np.isfinite(value) else np.nan for name, value in found.items()}
    return table | {"median_low": float(low[0]), "median_high": float(high[0])}


def _quantile(hours: np.ndarray, seen: np.ndarray, weights: np.ndarray, share: float) -> np.ndarray:
    """Hours by which a share has posted, in each draw; infinite where it never has."""
    _, start = np.unique(hours, return_index=True)
    events = np.add.reduceat(weights * seen, start, axis=1)
    leaving = np.add.reduceat(weights, start, axis=1)
    at_risk = leaving[:, ::-1].cumsum(axis=1)[:, ::-1]
    surviving = np.cumprod(1 - events / np.maximum(at_risk, 1e-12), axis=1)
    # Products of shares miss round numbers by their last bits.
    reached = surviving <= 1 - share + 1e-9
    first = hours[start][reached.argmax(axis=1)]
    return np.where(reached.any(axis=1), first, np.inf)
