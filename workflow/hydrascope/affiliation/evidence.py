"""What each group of signals could and did say, over all accounts."""

import pandas as pd

from hydrascope.affiliation.signals import GROUPS
from hydrascope.contracts import VERDICTS

__all__ = ["evidence_table"]


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
