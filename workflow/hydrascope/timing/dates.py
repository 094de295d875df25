"""Which dates of creation can be used, and what becomes of the others."""

import pandas as pd

from hydrascope.ingest.checks import PLATFORM_STARTS

__all__ = ["DATES", "MAIN", "date_table", "network_creations"]

# The verdict that neither dates of creation nor common minutes have entered: what is found
# by when accounts were made cannot show when accounts were made.
MAIN = "verdict_without_timing"
USED, NONE = "used", "no date"
EARLY = "set aside: before the platform opened"
LATE = "set aside: seen before it was made"
DATES = ["platform", "unit", "precision", "outcome", "accounts", "n"]
# A sighting is stored as the start of its day, which lasts until midnight in the last zone.
SLACK = pd.Timedelta(hours=36)
COLUMNS = [
    *("account_id", "platform", "unit", "created_at", "created_precision", "date_outcome"),
]


def network_creations(
    accounts: pd.DataFrame, verdicts: pd.DataFrame, *, verdict: str = MAIN
) -> pd.DataFrame:
    """Choose the network's accounts with what is known of their making.

    Parameters
    ----------
    accounts : pandas.DataFrame
        account_id, platform, unit, created_at, created_precision and first_seen of contract
        `accounts`.
    verdicts : pandas.DataFrame
        account_id and verdicts.
    verdict : str
        The verdict that counts. By default the one that no date of creation has entered.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS` of each affiliated account, in the order of `accounts`: ingest writes
        it so that no pseudonym enters, and neither do draws. created_at is missing where there
        is no date or where it cannot be one: before the platform opened, or more than a day and
        a half after the account was seen. date_outcome says which.
    """
    own = accounts[
        accounts["account_id"].isin(verdicts.loc[verdicts[verdict] == "affiliated", "account_id"])
    ]
    starts = pd.to_datetime(own["platform"].map(PLATFORM_STARTS), utc=True)
    outcome = pd.Series(USED, index=own.index)
    outcome[own["created_at"] < starts] = EARLY
    outcome[own["created_at"] >= own["first_seen"] + SLACK] = LATE
    outcome[own["created_at"].isna()] = NONE
    table = own.assign(date_outcome=outcome, created_at=own["created_at"].where(outcome == USED))
    return table[COLUMNS].reset_index(drop=True)


def date_table(creations: pd.DataFrame) -> pd.DataFrame:
    """Count what became of the dates, so that every account of the network is in one row.

    Parameters
    ----------
    creations : pandas.DataFrame
        What `network_creations` gave.

    Returns
    -------
    pandas.DataFrame
        platform, unit, precision, outcome, accounts, and n, those of the unit.
    """
    keys = ["platform", "unit", "created_precision", "date_outcome"]
    table = creations.groupby(keys, sort=True).size().reset_index(name="accounts")
    table["n"] = table.groupby(["platform", "unit"])["accounts"].transform("sum")
    names = {"created_precision": "precision", "date_outcome": "outcome"}
    return table.rename(columns=names)[DATES]
