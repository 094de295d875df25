"""The case for and against one account, in ten lines."""

import pandas as pd

from hydrascope.affiliation.signals import GROUPS
from hydrascope.errors import TableError

__all__ = ["explained"]

# What six decimals can hold, which is how the table is written.
SMALLEST = 0.000001


def explained(
    verdicts: pd.DataFrame, edges: pd.DataFrame, account: str, *, threshold: float
) -> list[str]:
    """Say why an account has its verdict.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        What `detect.detected_verdicts` gave.
    edges : pandas.DataFrame
        What `edges.edge_table` gave.
    account : str
        Its account_id, a pseudonym.
    threshold : float
        Smallest score of an affiliated account.

    Returns
    -------
    list of str
        Ten lines that name nobody but by pseudonym.

    Raises
    ------
    TableError
        If there is no such account.
    """
    rows = verdicts[verdicts["account_id"] == account]
    if rows.empty:
        raise TableError(
            f"affiliation/accounts.tsv, column account_id: found no {account!r}; expected the "
            "pseudonym of an account, such as "
            f"{verdicts['account_id'].iat[0]}. Copy one from that table."
        )
    row = rows.iloc[0]
    first = f"{account}, {row['platform']} {row['unit']}: {row['verdict']}"
    origin = "a seed, affiliated by what the analyst knew" if row["seed"] else "not a seed"
    side = "for" if row["score"] >= threshold else "against"
    lines = [
        f"{first} ({row['verdict_without_timing']} without registration and synchrony)",
        f"{origin}; {row['links']} of {row['measurable']} measurable groups link it",
        f"{side:8} log odds {row['score']:.1f}, of {threshold:g} that are needed; each group adds",
    ]
    for group in GROUPS:
        name = group.replace(" ", "_")
        parts = ("things", "met", "p", "q", "weight")
        lines.append(_group_line(group, *(row[f"{name}_{part}"] for part in parts)))
    return [*lines, _edges_line(verdicts, edges, account), _rest_line(verdicts, row)]


def _group_line(group: str, things: int, met: int, p: float, q: float, weight: float) -> str:
    if not things:
        return f"{'silent':8} {group}: it holds nothing that could be compared"
    side = "for" if weight > 0 else "against"
    if not met:
        company = f"no member holds any of its {things} things"
    else:
        company = f"members are at {met} of its {things} things, p {_small(p)}, q {_small(q)}"
    return f"{side:8} {group} ({weight:+.1f}): {company}"


def _small(p: float) -> str:
    return f"{p:.2g}" if p >= SMALLEST else "below 0.000001"


def _edges_line(verdicts: pd.DataFrame, edges: pd.DataFrame, account: str) -> str:
    mine = edges[(edges["account_a"] == account) | (edges["account_b"] == account)]
    others = mine["account_a"].where(mine["account_a"] != account, mine["account_b"]).unique()
    affiliated = set(verdicts.loc[verdicts["verdict"] == "affiliated", "account_id"])
    inside = sum(other in affiliated for other in others)
    side = "for" if 2 * inside > len(others) else "against" if len(others) else "silent"
    return f"{side:8} edges: {len(others)} accounts by themselves stand out, {inside} affiliated"


def _rest_line(verdicts: pd.DataFrame, row: pd.Series) -> str:
    if row["community"] < 0:
        return f"{'against':8} community: it is close to none that the seeds vouch for"
    here = verdicts[verdicts["community"] == row["community"]]
    seeds, members = int(here["seed"].sum()), int((here["verdict"] == "affiliated").sum())
    return (
        f"{'see':8} community {row['community']}: of the accounts closest to it {members} are "
        f"affiliated, {seeds} of them seeds"
    )
