"""How long accounts lay still between their making and their first post that is known."""

import numpy as np
import pandas as pd

from hydrascope.narratives.batches import (
    GRAIN,
    effective_batches,
    middle,
    resampled,
    share_interval,
)

__all__ = ["DAYS", "DORMANCY", "MEDIAN", "dormancy_table"]

DAY = pd.Timedelta(days=1)
# An account that was silent for so many days before its first post was bought, hijacked or kept.
OLD_DAYS = 365
FEWEST = 10
DORMANCY = [
    *("platform", "among", "estimate", "value", "low", "high", "accounts", "batches"),
    *("n_dated", "n", "status", "method", "null", "wrong_if"),
]
MEDIAN, DAYS = "median days", ["value", "low", "high"]
BEFORE, SINCE = "made before the first post collected", "made since then"
METHOD = "accounts with a date and a post; 95 % draw batches, then accounts"
WRONG_IF = {
    BEFORE: "they posted before the collection began: the values are then too high",
    SINCE: "posts were deleted before they could be collected, or accounts have yet to post",
}


def dormancy_table(
    accounts: pd.DataFrame, posts: pd.DataFrame, batches: pd.Series, *, draws: int, seed: int
) -> pd.DataFrame:
    """Describe dormancy, and the re-use of old accounts.

    Parameters
    ----------
    accounts : pandas.DataFrame
        account_id, platform, created_at and created_precision of the network's accounts.
    posts : pandas.DataFrame
        account_id and posted_at (UTC) of their posts.
    batches : pandas.Series
        Batch of each account, by account_id, sorted by it.
    draws, seed : int
        Bootstrap samples, and their seed.

    Returns
    -------
    pandas.DataFrame
        Columns `DORMANCY`, by platform: the median of the days from creation to the first
        post, and the share of accounts at which these are 365 and more, apart for accounts
        made before the collection's first post, for which they are upper bounds. Days are
        rounded down where the creation is known to the day. Accounts with a post from before
        their creation are counted in the status and left out.
    """
    told = posts.dropna(subset="posted_at")
    first = told.groupby("account_id")["posted_at"].min()
    opening = told["posted_at"].min()
    rows = []
    for platform, own in accounts.groupby("platform", sort=True):
        known = own.dropna(subset="created_at").set_index("account_id")
        wait = (first.reindex(known.index) - known["created_at"]) / DAY
        coarse = known["created_precision"].map(GRAIN) > 60
        wait = wait.where(~coarse, np.floor(wait)).dropna()
        wrong = int((wait < 0).sum())
        wait = wait[wait >= 0]
        early = known["created_at"].reindex(wait.index) < opening
        for among, here in ((BEFORE, wait[early]), (SINCE, wait[~early])):
            row = {"platform": platform, "among": among, "n": len(own), "accounts": len(here)}
            row |= {"n_dated": len(known), "wrong_if": WRONG_IF[among], "method": METHOD}
            row |= {"null": "none; an estimate"}
            chosen = batches[batches.index.isin(here.index)]
            units = float(effective_batches(np.unique(chosen, return_counts=True)[1]))
            row["batches"] = units
            if len(here) < FEWEST:
                why = f"{len(here)} such accounts have a date and a post, and {FEWEST} are needed"
                rows.append({**row, "estimate": "any", "status": f"not identified: {why}"})
                continue
            row["status"] = f"estimated; {wrong} with a post from before their creation left out"
            rows += _estimates(row, here.reindex(chosen.index).to_numpy(), chosen, draws, seed)
    return pd.DataFrame(rows).reindex(columns=DORMANCY)


def _estimates(
    row: dict, days: np.ndarray, batches: pd.Series, draws: int, seed: int
) -> list[dict]:
    weights = resampled(batches, draws=draws, seed=seed)
    units = np.array([row["batches"]])
    order = np.argsort(days, kind="stable")
    running = weights[:, order].cumsum(axis=1)
    place = (running >= running[:, -1:] / 2).argmax(axis=1)
    low, high = middle(days[order][place][:, None], units)
    old = (days >= OLD_DAYS).astype(float)
    share = np.array([old.mean()])
    ends = share_interval((weights @ old)[:, None], weights.sum(axis=1)[:, None], share, units)
    return [
        {
            **row,
            "estimate": MEDIAN,
            "value": np.median(days),
            "low": low[0],
            "high": high[0],
        },
        {
            **row,
            "estimate": f"share at {OLD_DAYS} days and more",
            "value": share[0],
            "low": ends[0][0],
            "high": ends[1][0],
        },
    ]
