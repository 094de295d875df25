"""Affiliation by roster: the list of somebody else, taken as given."""

import pandas as pd

from hydrascope.errors import TableError

__all__ = ["roster_verdicts"]

EVIDENCE = "named in the roster"


def roster_verdicts(accounts: pd.DataFrame, roster: str) -> pd.DataFrame:
    """Give every account a verdict by whether a file lists it.

    Parameters
    ----------
    accounts : pandas.DataFrame
        account_id, platform, unit and source_file.
    roster : str
        The raw file whose accounts are the roster.

    Returns
    -------
    pandas.DataFrame
        account_id, platform, unit, verdict, verdict_without_timing (the same) and
        evidence, sorted by account. An account that the roster does not list is
        `undetermined`: a list of members says nothing about the others.

    Raises
    ------
    TableError
        If the roster lists no account.
    """
    listed = accounts["source_file"] == roster
    if not listed.any():
        raise TableError(
            f"accounts, column source_file: found no account of {roster!r}; expected "
            "the roster's. Correct affiliation.roster in the study's file."
        )
    verdict = listed.map({True: "affiliated", False: "undetermined"})
    return (
        accounts[["account_id", "platform", "unit"]]
        .assign(
            verdict=verdict,
            verdict_without_timing=verdict,
            evidence=listed.map({True: EVIDENCE, False: ""}),
        )
        .sort_values("account_id", ignore_index=True)
    )
