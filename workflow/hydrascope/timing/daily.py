"""Accounts made on each day, as far as they have a date."""

import pandas as pd

__all__ = ["daily_creations", "largest_days", "network_creations"]

DAILY = ["platform", "day", "accounts", "rank"]


def network_creations(accounts: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Choose the network's accounts with what is known of their making.

    Parameters
    ----------
    accounts : pandas.DataFrame
        Contract `accounts`.
    verdicts : pandas.DataFrame
        account_id and verdict_without_timing: the verdict that no date of creation
        has entered, or accounts made together would be found and then found to have
        been made together.

    Returns
    -------
    pandas.DataFrame
        account_id, platform, created_at (missing where there is no date) and
        created_precision of each affiliated account.
    """
    columns = ["account_id", "platform", "created_at", "created_precision"]
    affiliated = verdicts["verdict_without_timing"] == "affiliated"
    network = verdicts.loc[affiliated, "account_id"]
    return accounts.loc[accounts["account_id"].isin(network), columns]


def daily_creations(creations: pd.DataFrame) -> pd.DataFrame:
    """Count creations on every day from a platform's first to its last.

    Parameters
    ----------
    creations : pandas.DataFrame
        platform and created_at (UTC); rows without a date are not counted.

    Returns
    -------
    pandas.DataFrame
        platform, day (YYYY-MM-DD), accounts, rank (1 the largest day, the
        earlier first among equals); days without a creation are there too.
    """
    dated = creations.dropna(subset="created_at")
    parts = [pd.DataFrame(columns=DAILY).astype({"accounts": int, "rank": int})]
    for platform, rows in dated.groupby("platform", sort=True):
        days = rows["created_at"].dt.tz_convert("UTC").dt.floor("D")
        counts = days.value_counts().sort_index().asfreq("D", fill_value=0)
        parts.append(
            pd.DataFrame(
                {
                    "platform": platform,
                    "day": counts.index.strftime("%Y-%m-%d"),
                    "accounts": counts.to_numpy(),
                    "rank": counts.rank(method="first", ascending=False).astype(int).to_numpy(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)[DAILY]


def largest_days(daily: pd.DataFrame, count: int) -> pd.DataFrame:
    """The days of each platform with the most creations, the largest first.

    They are chosen after looking at all days: a description, not a test.
    """
    chosen = daily[(daily["rank"] <= count) & (daily["accounts"] > 0)]
    return chosen.sort_values(["platform", "rank"], ignore_index=True)
