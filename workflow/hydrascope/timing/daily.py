"""Accounts made on each day, as far as they have a date."""

import pandas as pd

__all__ = ["daily_creations", "largest_days"]

DAILY = ["platform", "day", "accounts", "rank"]


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
