"""Communities of members, and which of them the seeds vouch for."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from hydrascope.affiliation.communities import MOST_TRIED, communities, ties, vouched
from hydrascope.affiliation.links import Company

EVERYBODY = np.ones(30, dtype=bool)


def held(**things):
    rows = [(who, thing) for thing, holders in things.items() for who in holders]
    return pd.DataFrame(rows, columns=["account", "thing"]).assign(stratum=0)


def by_pairs(pairs, members, most_holders):
    """Ties counted pair by pair."""
    holders = pairs.groupby("thing")["account"].agg(set)
    total = pairs["account"].nunique()
    found = {}
    for one, other in combinations(np.flatnonzero(members), 2):
        both = [who for who in holders if {one, other} <= who]
        weight = sum(np.log(total / len(who)) for who in both if len(who) <= most_holders)
        if weight:
            found[one, other] = weight
    return found


def test_ties_are_those_counted_pair_by_pair():
    rng = np.random.default_rng(1)
    tables = [
        held(**{f"t{n}": rng.choice(30, size, replace=False) for n, size in enumerate(sizes)})
        for sizes in (rng.integers(1, 9, 40), rng.integers(1, 5, 20))
    ]
    members = rng.random(30) < 0.7
    weights = ties([Company(table, 30, most_holders=6) for table in tables], members)
    found = dict(zip(zip(weights.row, weights.col, strict=True), weights.data, strict=True))
    expected = {}
    for table in tables:
        for pair, weight in by_pairs(table, members, 6).items():
            expected[pair] = expected.get(pair, 0) + weight
    assert set(found) == set(expected)
    assert all(found[pair] == pytest.approx(weight) for pair, weight in expected.items())


def test_groups_that_share_rare_things_become_communities_whatever_the_order():
    things = {f"x{n}": range(8) for n in range(4)} | {f"y{n}": range(8, 14) for n in range(4)}
    pairs = pd.concat([held(**things, bridge=[7, 8]), held(**{f"own{n}": [n] for n in range(30)})])
    for table in (pairs, pairs[::-1]):
        weights = ties([Company(table, 30, most_holders=20)], EVERYBODY)
        label = communities(weights, least_tie=3.0, seed=1)
        assert label.tolist() == [0] * 8 + [1] * 6 + [-1] * 16


def test_without_ties_nobody_is_in_a_community():
    label = communities(ties([], EVERYBODY), least_tie=1.0, seed=1)
    assert (label == -1).all()
    assert (vouched(label, EVERYBODY, EVERYBODY)[0] == -1).all()


def test_communities_that_the_seeds_do_not_vouch_for_are_left_out():
    label = np.repeat([0, 1, 2, 3, -1], [8, 8, 5, 4, 5])
    seeds = np.isin(np.arange(30), [0, 1, 8, 16, 17, 21, 22])
    kept, _ = vouched(label, seeds, EVERYBODY)
    # The second has one seed only, the fourth too few members.
    assert kept.tolist() == [0] * 8 + [-1] * 8 + [1] * 5 + [-1] * 9


def test_a_small_community_without_seeds_is_not_spoken_against():
    # A tenth of 300 members are seeds: none among 20 is no surprise, none among 60 is one.
    label = np.repeat([0, 1, 2, -1], [200, 60, 20, 20])
    seeds = (np.arange(300) % 7 == 0) & (label == 0)
    seeds[280:282] = True
    close, accepted = vouched(label, seeds, np.ones(300, dtype=bool))
    assert set(close[label > 0]) == {-1}
    assert accepted.tolist() == [True] * 200 + [False] * 60 + [True] * 40


def test_far_fewer_seeds_than_elsewhere_are_too_few():
    label = np.repeat([0, 1], [100, 100])
    seeds = np.zeros(200, dtype=bool)
    seeds[:30] = seeds[100:102] = True
    assert set(vouched(label, seeds, np.ones(200, dtype=bool))[0]) == {0, -1}


def test_of_many_communities_the_largest_are_tried():
    label = np.repeat(np.arange(MOST_TRIED + 3), 6)
    seeds = np.tile([True, True, False, False, False, False], MOST_TRIED + 3)
    close, accepted = vouched(label, seeds, np.ones(len(label), dtype=bool))
    assert close.max() == MOST_TRIED - 1
    assert (close[label >= MOST_TRIED] == -1).all()
    assert accepted.all()
