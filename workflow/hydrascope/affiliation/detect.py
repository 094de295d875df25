"""Affiliation by detection: which accounts belong with the seeds."""

from collections.abc import Mapping, Sequence

import pandas as pd

from hydrascope.affiliation.links import group_tests, jointly_linked, signal_evidence
from hydrascope.affiliation.signals import GROUPS, TIMING
from hydrascope.contracts import VERDICTS
from hydrascope.errors import TableError

__all__ = ["detected_verdicts", "evidence_table", "grown"]


def grown(
    signals: Mapping[str, pd.DataFrame],
    seeds: pd.Index,
    *,
    groups: Sequence[str],
    false_share: float,
    min_groups: int,
    rounds: int,
    most_holders: int,
) -> tuple[pd.Index, dict[str, pd.DataFrame]]:
    """Add to the seeds, round by round, the accounts that enough groups link to them.

    Parameters
    ----------
    signals : mapping of str to pandas.DataFrame
        What `signals.signal_tables` gave.
    seeds : pandas.Index
        account_ids that are known to belong.
    groups : sequence of str
        Groups of `signals.GROUPS` that count.
    false_share : float
        As in `links.jointly_linked`, and the largest q at which one group by
        itself counts as a link.
    min_groups : int
        Groups that must link an account.
    rounds : int
        Most rounds; growing ends earlier where nobody is added.
    most_holders : int
        As in `links.signal_evidence`.

    Returns
    -------
    members : pandas.Index
        Seeds and added accounts, sorted.
    tests : dict of str to pandas.DataFrame
        What `links.group_tests` gave in the last round, by group.
    """
    members = seeds
    for _ in range(rounds):
        tests = {
            group: group_tests(
                [
                    signal_evidence(signals[name], members, most_holders=most_holders)
                    for name in GROUPS[group]
                ]
            )
            for group in groups
        }
        p = pd.concat({group: table["p"] for group, table in tests.items()}, axis=1)
        linked = jointly_linked(p, groups=min_groups, false_share=false_share)
        reached = members.union(linked.index[linked]).sort_values()
        if len(reached) == len(members):
            break
        members = reached
    return members, tests


def detected_verdicts(
    accounts: pd.DataFrame,
    signals: Mapping[str, pd.DataFrame],
    seeds: Sequence[str],
    *,
    false_share: float,
    min_groups: int,
    rounds: int,
    most_holders: int,
) -> pd.DataFrame:
    """Give every account a verdict and the evidence for it, group by group.

    Parameters
    ----------
    accounts : pandas.DataFrame
        account_id, platform and unit.
    signals : mapping of str to pandas.DataFrame
        What `signals.signal_tables` gave.
    seeds : sequence of str
        account_ids that are known to belong.
    false_share, min_groups, rounds, most_holders
        As in `grown`.

    Returns
    -------
    pandas.DataFrame
        account_id, platform, unit, verdict, verdict_without_timing, seed, links
        (groups that link it), measurable (groups of which it holds anything),
        and for each group things, met, p and q; sorted by account. `affiliated`
        is a seed or linked by `min_groups` groups; `undetermined` is linked by
        fewer, or measurable in too few to be linked by as many;
        `unaffiliated` any other. `verdict_without_timing` is the same from the
        groups that know nothing of when accounts were made.

    Raises
    ------
    TableError
        If no seed is in the collection.
    """
    known = pd.Index(seeds).intersection(accounts["account_id"])
    if known.empty:
        raise TableError(
            f"seeds, column account_id: found none of {len(seeds)} seeds in the collection; "
            "expected some. Correct the seeds' platform and native_id, which are text."
        )
    rule = {
        "false_share": false_share,
        "min_groups": min_groups,
        "rounds": rounds,
        "most_holders": most_holders,
    }
    timeless = [group for group in GROUPS if group not in TIMING]
    base = accounts[["account_id", "platform", "unit"]].sort_values("account_id", ignore_index=True)
    members, tests = grown(signals, known, groups=list(GROUPS), **rule)
    full = _judged(base, members, tests, rule)
    without = _judged(base, *grown(signals, known, groups=timeless, **rule), rule)
    table = base.assign(
        verdict=full["verdict"],
        verdict_without_timing=without["verdict"],
        seed=base["account_id"].isin(known),
        links=full["links"],
        measurable=full["measurable"],
    )
    for group, found in tests.items():
        here = found.reindex(base["account_id"]).reset_index(drop=True)
        counts = here[["things", "met"]].fillna(0).astype(int)
        here = here.assign(things=counts["things"], met=counts["met"])
        table = table.join(here.add_prefix(f"{group.replace(' ', '_')}_"))
    return table


def _judged(
    base: pd.DataFrame,
    members: pd.Index,
    tests: dict[str, pd.DataFrame],
    rule: Mapping[str, float],
) -> pd.DataFrame:
    ids = base["account_id"]
    links = sum(
        ids.isin(table.index[table["q"] <= rule["false_share"]]).astype(int)
        for table in tests.values()
    )
    measurable = sum(ids.isin(table.index).astype(int) for table in tests.values())
    verdict = pd.Series("unaffiliated", index=base.index)
    verdict[(links > 0) | (measurable < rule["min_groups"])] = "undetermined"
    verdict[ids.isin(members)] = "affiliated"
    return pd.DataFrame({"verdict": verdict, "links": links, "measurable": measurable})


def evidence_table(verdicts: pd.DataFrame, *, false_share: float) -> pd.DataFrame:
    """Count, group by group, how many accounts it could and did speak of.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        What `detected_verdicts` gave.
    false_share : float
        Largest q at which a group by itself counts as a link.

    Returns
    -------
    pandas.DataFrame
        group, and of the accounts that are no seeds: measurable (they hold something
        of the group), met (a member holds something of theirs), linked (q at most
        `false_share`), and affiliated, undetermined and unaffiliated among the linked.
    """
    rows = verdicts[~verdicts["seed"]]
    table = []
    for group in GROUPS:
        name = group.replace(" ", "_")
        linked = rows[rows[f"{name}_q"] <= false_share]
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
