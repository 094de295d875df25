"""Seed accounts: those that somebody names as a network's before anything is computed."""

import pandas as pd

from hydrascope.errors import TableError
from hydrascope.ingest.platforms import platform_name

__all__ = ["collected_seeds"]

COLUMNS = ("platform", "native_id")


def collected_seeds(listed: pd.DataFrame, accounts: pd.DataFrame, file: str) -> pd.DataFrame:
    """Find the seeds in the collection, so that no native id goes further.

    Parameters
    ----------
    listed : pandas.DataFrame
        platform and native_id, every cell as text.
    accounts : pandas.DataFrame
        account_id, platform and native_id of the collection.
    file : str
        What messages call the list.

    Returns
    -------
    pandas.DataFrame
        row (in the list, the first is 1), platform, account_id (empty where the
        collection lacks the account); a seed that is listed twice is there once.

    Raises
    ------
    TableError
        If a column is missing, a cell is empty, or no seed is in the collection.
    """
    for column in COLUMNS:
        if column not in listed.columns:
            raise TableError(
                f"{file}: found columns {', '.join(listed.columns)}; expected platform and "
                f"native_id. Add {column}."
            )
        empty = listed.index[listed[column].str.strip() == ""]
        if len(empty):
            raise TableError(
                f"{file}, row {empty[0] + 1}, column {column}: found nothing; expected the "
                "seed's. Fill it in, or remove the row."
            )
    rows = listed[list(COLUMNS)].apply(lambda column: column.str.strip())
    rows["platform"] = rows["platform"].map(platform_name)
    rows.insert(0, "row", range(1, len(rows) + 1))
    rows = rows.drop_duplicates(list(COLUMNS))
    known = accounts[["account_id", *COLUMNS]]
    found = rows.merge(known, on=list(COLUMNS), how="left").fillna({"account_id": ""})
    if not (found["account_id"] != "").any():
        raise TableError(
            f"{file}, column native_id: found none of {len(found)} seeds in the collection; "
            "expected some. Platforms and ids are compared as text: check both, and that no "
            "spreadsheet has rounded the ids."
        )
    return found[["row", "platform", "account_id"]].reset_index(drop=True)
