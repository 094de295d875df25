"""Affiliation by roster: the list of somebody else, taken as given."""

from collections.abc import Iterable

import pandas as pd

from hydrascope.errors import TableError

__all__ = ["roster_verdicts"]

EVIDENCE = "named in the roster"


def roster_verdicts(accounts: pd.DataFrame, named: Iterable[str], roster: str) -> pd.DataFrame:
    """Give every account a verdict by whether a file names it.

    Parameters
    ----------
    accounts : pandas.DataFrame
        account_id, platform and unit.
    named : iterable of str
        The account_id of everybody whom the roster's file names: as an account, as
        the author of a post, or as an id that was asked for. Which file the record
        of an account came from says nothing: others may know more of it.
    roster : str
        What messages call that file.

    Returns
    -------
    pandas.DataFrame
        account_id, platform, unit, verdict, verdict_without_timing (the same) and
        evidence, sorted by account. An account that the roster does not list is
        `undetermined`: a list of members says nothing about the others.

    Raises
    ------
    TableError
        If the roster names no account of the collection.
    """
    listed = accounts["account_id"].isin(set(named))
    if not listed.any():
        raise TableError(
            f"{roster}: found no account of the collection; expected the roster's. Correct "
            "affiliation.roster in the study's file, or list files that know its accounts."
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
