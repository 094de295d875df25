"""What each group of signals could and did say, over all accounts."""

import numpy as np
import pandas as pd

from hydrascope.affiliation.signals import GROUPS
from hydrascope.affiliation.weights import STEPS, levels
from hydrascope.contracts import VERDICTS

__all__ = ["evidence_table", "weight_table"]


def evidence_table(verdicts: pd.DataFrame, *, link_q: float) -> pd.DataFrame:
    """Count, group by group, how many accounts it could and did speak of.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        What `detect.detected_verdicts` gave.
    link_q : float
        Largest q at which a group by itself counts as a link.

    Returns
    -------
    pandas.DataFrame
        group, and of the accounts that are no seeds: measurable (they hold something
        of the group), met (a member holds something of theirs), linked (q at most
        `link_q`), and affiliated, undetermined and unaffiliated among the linked.
    """
    rows = verdicts[~verdicts["seed"]]
    table = []
    for group in GROUPS:
        name = group.replace(" ", "_")
        linked = rows[rows[f"{name}_q"] <= link_q]
        counts = linked["verdict"].value_counts()
        table.append(
            {
                "group": group,
                "measurable": int(rows[f"{name}_p"].notna().sum()),
                "met": int((rows[f"{name}_met"] > 0).sum()),
                "linked": len(linked),
                **{verdict: int(counts.get(verdict, 0)) for verdict in VERDICTS},
            }
        )
    return pd.DataFrame(table)


def weight_table(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Say what each strength of evidence was found to be worth.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        What `detect.detected_verdicts` gave.

    Returns
    -------
    pandas.DataFrame
        group, least_nats (the least -ln p of a level of evidence), accounts at it, those
        of them that are affiliated, and the weight in nats that each of them got; a row
        a level of each group that some account is at.
    """
    least = np.concatenate([[0.0], STEPS])
    table = []
    for group in GROUPS:
        name = group.replace(" ", "_")
        rows = verdicts[verdicts[f"{name}_p"].notna()]
        level = levels(rows[f"{name}_p"].to_numpy(dtype=float))
        for number, here in rows.groupby(level, sort=True):
            table.append(
                {
                    "group": group,
                    "least_nats": least[number],
                    "accounts": len(here),
                    "affiliated": int((here["verdict"] == "affiliated").sum()),
                    "weight": here[f"{name}_weight"].iat[0],
                }
            )
    return pd.DataFrame(table, columns=["group", "least_nats", "accounts", "affiliated", "weight"])
