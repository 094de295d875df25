"""Affiliation by detection: which accounts belong with the seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from statsmodels.stats.multitest import multipletests

from hydrascope.affiliation.cohesion import NO_NETWORK, seed_outcome
from hydrascope.affiliation.communities import communities, ties, vouched
from hydrascope.affiliation.links import (
    Company,
    Evidence,
    Hours,
    Members,
    group_surprise,
    holdings,
)
from hydrascope.affiliation.signals import GROUPS, TIMING
from hydrascope.affiliation.weights import weighed
from hydrascope.errors import TableError

__all__ = ["Found", "Rule", "detected_verdicts", "grown"]

# Share of the members that may still change in the last round.
SETTLED = 0.001
TINY = 1e-9
# Accounts whose evidence is held at a time.
BLOCK = 50_000


@dataclass(frozen=True)
class Rule:
    """When an account belongs with the seeds.

    Attributes
    ----------
    threshold : float
        Smallest log odds of an affiliated account, in nats.
    min_groups : int
        Groups that must each have a p of `link_p` at most.
    link_p : float
        That p, corrected for the communities that were tried.
    link_q : float
        Largest q at which a group by itself counts as a link.
    least_tie : float
        As in `communities.communities`.
    most_holders : int
        As in `links.signal_evidence`.
    rounds : int
        Most rounds; growing ends earlier where membership hardly changes any more. Two
        at least.
    seed : int
        Seed of the communities.
    """

    threshold: float
    min_groups: int
    link_p: float
    link_q: float
    least_tie: float
    most_holders: int
    rounds: int
    seed: int


@dataclass(frozen=True)
class Found:
    """What the last round found, a row an account.

    Attributes
    ----------
    member : numpy.ndarray
        bool: seeds, and accounts that belonged in the last two rounds. A community that
        comes and goes with the members that it brings in would be in one round in two.
    community : numpy.ndarray
        int: the community of members that an account is closest to, or -1.
    score : numpy.ndarray
        Log odds of belonging, shape (accounts,).
    weight : numpy.ndarray
        What each group adds to it, shape (accounts, groups); 0 where it is silent.
    things, met : numpy.ndarray
        Shape (accounts, groups).
    p : numpy.ndarray
        Shape (accounts, groups); missing where the account holds nothing.
    linked_by_seeds : numpy.ndarray
        bool, shape (accounts,): as many groups as the rule asks for link it to the seeds
        alone, before anybody else is found; seeds to the other seeds.
    """

    member: np.ndarray
    community: np.ndarray
    score: np.ndarray
    weight: np.ndarray
    things: np.ndarray
    met: np.ndarray
    p: np.ndarray
    linked_by_seeds: np.ndarray


def grown(
    base: pd.DataFrame,
    signals: Mapping[str, pd.DataFrame],
    seeds: np.ndarray,
    *,
    groups: Sequence[str],
    rule: Rule,
) -> Found:
    """Find, round by round, the accounts that belong with the seeds and those found before.

    Parameters
    ----------
    base : pandas.DataFrame
        account_id, platform and unit, a row an account.
    signals : mapping of str to pandas.DataFrame
        What `signals.signal_tables` gave.
    seeds : numpy.ndarray
        bool, shape (accounts,).
    groups : sequence of str
        Groups of `signals.GROUPS` that count.
    rule : Rule
        When an account belongs.

    Notes
    -----
    Where the seeds are no network among themselves (`cohesion.seed_outcome`), nobody is
    taken in: whoever they lead to would be there by chance. Seeds that cannot be tested, or
    that the test leaves open, are taken at their word.
    """
    held = {
        group: [
            holdings(name, signals[name], len(base), most_holders=rule.most_holders)
            for name in GROUPS[group]
        ]
        for group in groups
    }
    tying = [part for group in groups if group != "synchrony" for part in held[group]]
    member, first = seeds, None
    for _ in range(rule.rounds):
        weights = ties(tying, member)
        label = communities(weights, least_tie=rule.least_tie, seed=rule.seed)
        close, accepted = vouched(label, seeds, member)
        # Members of communities that have too few seeds bring nobody in.
        known = seeds | (member & accepted)
        found = _assessed(held, Members(known, close))
        linked = (np.nan_to_num(found["p"], nan=1.0) <= rule.link_p).sum(axis=1)
        candidate = linked >= rule.min_groups
        if first is None:
            first = candidate
            testable = (found["things"] > 0).sum(axis=1) >= rule.min_groups
            if seed_outcome(first[seeds & testable]) == NO_NETWORK:
                candidate = seeds
        score, weight = weighed(found["p"], member, seeds=seeds, candidate=candidate)
        reached = seeds | (candidate & (score >= rule.threshold))
        settled = (reached != member).sum() <= SETTLED * reached.sum()
        lasting, member = reached & member, reached
        if settled:
            break
    return Found(member=lasting, score=score, weight=weight, linked_by_seeds=first, **found)


def _assessed(
    held: Mapping[str, Sequence[Company | Hours]], members: Members
) -> dict[str, np.ndarray]:
    """Evidence group by group, towards all members or the closest community, what is more."""
    evidence = {group: [part.towards(members) for part in parts] for group, parts in held.items()}
    accounts = len(members.known)
    blocks = [slice(start, start + BLOCK) for start in range(0, accounts, BLOCK)]
    parts = [
        _of_block({group: [part(rows) for part in of] for group, of in evidence.items()})
        for rows in blocks
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _of_block(evidence: Mapping[str, Sequence[Evidence]]) -> dict[str, np.ndarray]:
    things = np.stack([sum(part.things for part in parts) for parts in evidence.values()], axis=1)
    # The first set are all that are known, whichever community they are in.
    met = np.stack(
        [sum(part.met[:, [0]].sum(axis=1) for part in parts) for parts in evidence.values()], axis=1
    )
    p = np.exp(-_surprises(evidence, slice(None), slice(1))[:, :, 0])
    community = np.full(len(p), -1)
    signals = [part for parts in evidence.values() for part in parts]
    if signals[0].met.shape[1] > 1:
        towards = np.ones(p.shape)
        # Everybody acts in some hour: a community that shares nothing else is not looked at.
        meets = sum(part.met[:, 1:].sum(axis=1) for part in signals if sparse.issparse(part.met))
        near = _surprises(evidence, np.flatnonzero(meets), slice(1, None))
        towards[meets > 0] = _towards_named(near)
        p = np.minimum(1.0, 2 * np.minimum(p, towards))
        community[meets > 0] = np.log1p(near).sum(axis=1).argmax(axis=1)
    return {
        "p": np.where(things == 0, np.nan, p),
        "things": things,
        "met": met.astype(int),
        "community": community,
    }


def _surprises(
    evidence: Mapping[str, Sequence[Evidence]], rows: np.ndarray | slice, sets: slice
) -> np.ndarray:
    """-ln p of some accounts and sets, shape (accounts, groups, sets)."""
    groups = ([part.towards(rows, sets) for part in parts] for parts in evidence.values())
    return np.stack([group_surprise(parts) for parts in groups], axis=1)


def _towards_named(near: np.ndarray) -> np.ndarray:
    """p of each group towards the community that the other groups name.

    Parameters
    ----------
    near : numpy.ndarray
        -ln p, shape (accounts, groups, communities).

    Returns
    -------
    numpy.ndarray
        Shape (accounts, groups). A community that is chosen without looking at a group
        costs its test nothing, as long as groups are independent; where the others name
        none, the best of all is taken, with Bonferroni's correction.
    """
    closeness = np.log1p(near)
    others = closeness.sum(axis=1, keepdims=True) - closeness
    named = np.take_along_axis(near, others.argmax(axis=2)[:, :, None], axis=2)[:, :, 0]
    chosen = np.exp(-near.max(axis=2)) * near.shape[2]
    return np.where(others.max(axis=2) > TINY, np.exp(-named), chosen)


def detected_verdicts(
    accounts: pd.DataFrame,
    signals: Mapping[str, pd.DataFrame],
    seeds: Sequence[str],
    rule: Rule,
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
    rule : Rule
        When an account belongs.

    Returns
    -------
    pandas.DataFrame
        account_id, platform, unit, verdict, verdict_without_timing, seed, community
        (of members, the closest; -1 for none), score, links (groups that link it),
        measurable (groups of which it holds anything), linked_by_seeds (as in `Found`), and
        for each group things,
        met, p, q (Benjamini and Hochberg over the accounts that hold something of the
        group) and weight (nats that the group adds to the score); sorted by account.
        `affiliated` is a seed or has the score and the groups that the rule asks for;
        `undetermined` is linked by some group, or measurable in too few to be linked by
        as many; `unaffiliated` any other. `verdict_without_timing` is the same from the
        groups that know nothing of when something happened; score and weights are of
        the verdict with all groups.

    Raises
    ------
    TableError
        If no seed is in the collection.
    """
    base = accounts[["account_id", "platform", "unit"]].sort_values("account_id", ignore_index=True)
    known = base["account_id"].isin(seeds).to_numpy()
    if not known.any():
        raise TableError(
            f"seeds, column account_id: found none of {len(seeds)} seeds in the collection; "
            "expected some. Correct the seeds' platform and native_id, which are text."
        )
    timeless = [group for group in GROUPS if group not in TIMING]
    full = grown(base, signals, known, groups=list(GROUPS), rule=rule)
    q = _false_discovery(full.p)
    without = grown(base, signals, known, groups=timeless, rule=rule)
    links, measurable = _linked(q, rule), (full.things > 0).sum(axis=1)
    table = base.assign(
        verdict=_verdict(full, links, measurable, rule),
        verdict_without_timing=_verdict(
            without,
            _linked(_false_discovery(without.p), rule),
            (without.things > 0).sum(axis=1),
            rule,
        ),
        seed=known,
        community=full.community,
        score=full.score,
        links=links,
        measurable=measurable,
        linked_by_seeds=full.linked_by_seeds,
    )
    parts = {
        "things": full.things,
        "met": full.met,
        "p": full.p,
        "q": q,
        "weight": full.weight,
    }
    columns = {
        f"{group.replace(' ', '_')}_{name}": values[:, number]
        for number, group in enumerate(GROUPS)
        for name, values in parts.items()
    }
    return table.assign(**columns)


def _false_discovery(p: np.ndarray) -> np.ndarray:
    q = np.full(p.shape, np.nan)
    for column in range(p.shape[1]):
        tested = ~np.isnan(p[:, column])
        if tested.any():
            q[tested, column] = multipletests(p[tested, column], method="fdr_bh")[1]
    return q


def _linked(q: np.ndarray, rule: Rule) -> np.ndarray:
    return (np.nan_to_num(q, nan=1.0) <= rule.link_q).sum(axis=1)


def _verdict(found: Found, links: np.ndarray, measurable: np.ndarray, rule: Rule) -> np.ndarray:
    unclear = (links > 0) | (measurable < rule.min_groups)
    return np.select([found.member, unclear], ["affiliated", "undetermined"], "unaffiliated")
