"""Edges against counting by hand and against permuted holdings."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

from hydrascope.affiliation.edges import edge_table, shared_things
from hydrascope.affiliation.signals import GROUPS

PEOPLE = list(range(120))
NAMES = pd.Index([f"a{number:03d}" for number in PEOPLE])
EMPTY = pd.DataFrame(columns=["account", "thing", "stratum"], dtype=int)


def holdings(rng, sizes, people=PEOPLE, label="t"):
    rows = [
        (person, f"{label}{number}")
        for number, size in enumerate(sizes)
        for person in rng.choice(people, size, replace=False)
    ]
    return pd.DataFrame(rows, columns=["account", "thing"]).assign(stratum=0)


def test_shared_things_are_those_counted_by_hand():
    rng = np.random.default_rng(1)
    pairs = holdings(rng, rng.integers(1, 9, 80), people=PEOPLE[:30])
    found = shared_things(pairs, most_holders=5)
    holders = pairs.groupby("thing")["account"].agg(sorted)
    counted = {}
    for who in holders[holders.map(len) <= 5]:
        for pair in combinations(who, 2):
            counted[pair] = counted.get(pair, 0) + 1
    assert {(row.account_a, row.account_b): row.shared for row in found.itertuples()} == counted


def test_p_is_the_share_of_permuted_holdings_that_share_as_much():
    rng = np.random.default_rng(2)
    things, people = 60, 25
    activity = rng.permutation(np.repeat(np.arange(people), rng.integers(6, 14, people)))
    what = rng.integers(things, size=len(activity))
    pairs = pd.DataFrame({"account": activity, "thing": what}).drop_duplicates()
    pairs = pairs.assign(stratum=0)
    found = shared_things(pairs, most_holders=100).set_index(["account_a", "account_b"])
    who, held = pairs["account"].to_numpy(), pairs["thing"].to_numpy()
    chosen = found.index[:40]
    widest = pairs["thing"].value_counts()
    at_least = np.zeros(len(chosen))
    draws = 600
    for _ in range(draws):
        shuffled = pd.Series(rng.permutation(held)).groupby(who).agg(set)
        for number, (a, b) in enumerate(chosen):
            both = shuffled[a] & shuffled[b]
            own = set(held[who == a]) & set(held[who == b])
            limit = max(widest[thing] for thing in own)
            shared = sum(widest[thing] <= limit for thing in both)
            at_least[number] += shared >= found.loc[(a, b), "shared"]
    # A Poisson number has the larger tail, so p errs on the safe side.
    difference = found.loc[chosen, "p"].to_numpy() - at_least / draws
    assert difference.mean() > -0.01
    assert np.abs(difference).mean() < 0.08


def test_without_a_network_hardly_any_edge_is_kept():
    rng = np.random.default_rng(3)
    tables = {name: EMPTY for group in GROUPS.values() for name in group}
    kept = []
    for _ in range(20):
        texts = holdings(rng, rng.integers(2, 8, 400))
        kept.append(
            len(edge_table({**tables, "texts": texts}, NAMES, most_holders=50, most_q=0.05))
        )
    # Where nothing is true, a rate of 0.05 means an edge at all in 1 of 20 worlds.
    assert sum(count > 0 for count in kept) <= 4


def test_two_who_copy_each_other_are_an_edge_and_one_popular_thing_is_none():
    rng = np.random.default_rng(4)
    texts = pd.concat(
        [
            holdings(rng, rng.integers(2, 6, 300)),
            holdings(rng, [2] * 12, people=PEOPLE[:2], label="copy"),
            pd.DataFrame({"account": PEOPLE, "thing": "slogan", "stratum": 0}),
        ]
    )
    tables = {name: EMPTY for group in GROUPS.values() for name in group} | {"texts": texts}
    found = edge_table(tables, NAMES, most_holders=50, most_q=0.05)
    assert found[["account_a", "account_b"]].values.tolist() == [["a000", "a001"]]
    assert found.loc[0, ["group", "signal"]].to_list() == ["content", "texts"]
    assert found.loc[0, "shared"] >= 12


def test_one_object_that_everybody_holds_joins_nobody_at_once():
    crowd = pd.DataFrame({"account": range(200_000), "thing": "x"})
    assert shared_things(crowd.assign(stratum=0), most_holders=200).empty


@pytest.mark.parametrize("rows", [0, 1])
def test_no_pairs_are_no_edges(rows):
    one = pd.DataFrame({"account": [0], "thing": [7], "stratum": [0]})[:rows]
    tables = {name: EMPTY for group in GROUPS.values() for name in group} | {"texts": one}
    assert edge_table(tables, NAMES, most_holders=5, most_q=0.05).empty


def test_one_thing_that_half_a_million_hold_joins_nobody_and_takes_no_time():
    crowd = pd.DataFrame({"account": range(500_000)})
    rare = pd.DataFrame({"account": [1, 2], "thing": "rare", "stratum": 0})
    pairs = pd.concat([crowd.assign(thing="popular", stratum=0), rare])
    found = shared_things(pairs, most_holders=200)
    assert found[["account_a", "account_b", "shared"]].to_numpy().tolist() == [[1, 2, 1]]


def test_edges_are_the_same_when_few_meetings_are_counted_at_a_time(monkeypatch):
    rng = np.random.default_rng(5)
    texts = pd.concat(
        [holdings(rng, rng.integers(2, 6, 300))]
        + [holdings(rng, [2] * 12, people=PEOPLE[at : at + 2], label=f"c{at}") for at in (0, 7, 90)]
    )
    whole = shared_things(texts, most_holders=50)
    tables = {name: EMPTY for group in GROUPS.values() for name in group} | {"texts": texts}
    edges = edge_table(tables, NAMES, most_holders=50, most_q=0.05)
    monkeypatch.setattr("hydrascope.affiliation.edges.MEETINGS", 40)
    pd.testing.assert_frame_equal(whole, shared_things(texts, most_holders=50))
    pd.testing.assert_frame_equal(edges, edge_table(tables, NAMES, most_holders=50, most_q=0.05))
    # What is left out early could not have been kept.
    tests = texts["account"].nunique() * (texts["account"].nunique() - 1) // 2
    q = multipletests(np.r_[whole["p"], np.ones(tests - len(whole))], method="fdr_bh")[1]
    assert len(edges) == (q[: len(whole)] <= 0.05).sum() == 3
