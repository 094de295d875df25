"""Company beyond chance, against an independent simulation of the null."""

import numpy as np
import pandas as pd
import pytest

from hydrascope.affiliation.links import group_tests, jointly_linked, signal_evidence

PEOPLE = [f"a_{number}" for number in range(400)]
MEMBERS = pd.Index(PEOPLE[:40])


def holdings(rng, sizes, people=PEOPLE):
    """Things of the given numbers of holders, drawn at random."""
    rows = [
        (person, f"thing {number}")
        for number, size in enumerate(sizes)
        for person in rng.choice(people, size, replace=False)
    ]
    return pd.DataFrame(rows, columns=["account_id", "thing"])


def assessed(pairs, members=MEMBERS, most_holders=100):
    return group_tests([signal_evidence(pairs, members, most_holders=most_holders)])


def test_mean_and_variance_are_those_of_things_held_at_random():
    rng = np.random.default_rng(1)
    share, others = 0.1, 6
    met = rng.binomial(others, share, 200_000)
    # P(X >= m) by counting, not by a formula.
    at_least = np.array([(met >= m).mean() for m in range(others + 1)])
    drawn = -np.log(at_least[met])
    pairs = holdings(rng, [others + 1] * 300)
    evidence = signal_evidence(pairs, MEMBERS, most_holders=100)
    things = evidence["things"].sum()
    held = pairs["account_id"].nunique()
    assert pairs.loc[pairs["account_id"].isin(MEMBERS), "account_id"].nunique() / held == (
        pytest.approx(share, abs=0.005)
    )
    assert evidence["mean"].sum() / things == pytest.approx(drawn.mean(), rel=0.05)
    assert evidence["variance"].sum() / things == pytest.approx(drawn.var(), rel=0.08)


def test_without_a_network_few_p_values_are_small():
    rng = np.random.default_rng(2)
    p = np.concatenate([assessed(holdings(rng, rng.integers(2, 12, 500)))["p"] for _ in range(20)])
    for level in (0.05, 0.01):
        assert np.mean(p <= level) <= level


def test_an_account_whose_company_are_members_is_found():
    rng = np.random.default_rng(3)
    ordinary = holdings(rng, [5] * 500)
    campaign = holdings(rng, [5] * 40, people=[*MEMBERS, "the new one"])
    campaign["thing"] = "campaign " + campaign["thing"]
    table = assessed(pd.concat([ordinary, campaign]).drop_duplicates())
    assert table.loc["the new one", "q"] < 0.001
    assert table.loc["the new one", "met"] == table.loc["the new one", "things"]


def test_what_everybody_holds_is_evidence_for_nobody():
    everybody = pd.DataFrame({"account_id": PEOPLE, "thing": "a slogan"})
    table = assessed(everybody, most_holders=399)
    assert (table["p"] == 1).all()
    assert (table["met"] == 0).all()


def test_the_more_hold_a_thing_the_less_it_says():
    def p_of(size):
        here = [*MEMBERS[:2], "candidate", *PEOPLE[100 : 100 + size - 3]]
        background = pd.DataFrame({"account_id": PEOPLE, "thing": PEOPLE})
        held = pd.DataFrame({"account_id": here, "thing": "shared"})
        return assessed(pd.concat([background, held])).loc["candidate", "p"]

    assert p_of(3) < p_of(6) < p_of(30) <= 1


def test_an_account_does_not_speak_for_itself():
    pairs = pd.DataFrame(
        {"account_id": [MEMBERS[0], PEOPLE[300], PEOPLE[301]], "thing": ["own", "x", "x"]}
    )
    table = assessed(pairs)
    assert table.loc[MEMBERS[0], "met"] == 0
    assert table.loc[MEMBERS[0], "p"] == 1


def test_a_group_adds_its_signals_up():
    rng = np.random.default_rng(4)
    one = signal_evidence(holdings(rng, [4] * 200), MEMBERS, most_holders=100)
    other = signal_evidence(holdings(rng, [9] * 200), MEMBERS, most_holders=100)
    both = group_tests([one, other])
    assert both["things"].sum() == one["things"].sum() + other["things"].sum()


def by_hand(p, groups, share):
    """The largest limit whose estimate of wrong ones is small enough, tried one by one."""
    joint, before = [], []
    for row in p.to_numpy():
        known = sorted(value for value in row if not np.isnan(value))
        factor = max(len(known) - groups + 1, 1)
        joint.append(factor * known[groups - 1] if len(known) >= groups else np.inf)
        before.append(factor * known[groups - 2] if len(known) >= groups - 1 else np.inf)
    best = -1.0
    for limit in joint:
        wrong = limit * sum(value <= limit for value in before)
        if limit <= share and wrong <= share * max(sum(v <= limit for v in joint), 1):
            best = max(best, limit)
    return [value <= best for value in joint]


def test_joint_links_are_those_of_a_search_by_hand():
    rng = np.random.default_rng(5)
    for _ in range(20):
        p = pd.DataFrame(rng.random((60, 4)) ** rng.integers(1, 12, (60, 1)))
        p[rng.random(p.shape) < 0.3] = np.nan
        found = jointly_linked(p, groups=2, false_share=0.1)
        assert found.to_list() == by_hand(p, 2, 0.1)


def test_one_group_however_strong_is_not_two():
    p = pd.DataFrame(
        {"content": [1e-300] * 50, "profile": [0.9] * 50, "registration": [np.nan] * 50}
    )
    assert not jointly_linked(p, groups=2, false_share=0.05).any()


def test_few_wrong_ones_are_chosen_where_one_group_links_and_the_other_is_chance():
    rng = np.random.default_rng(6)
    wrong = []
    for _ in range(200):
        content = np.concatenate([np.full(100, 1e-9), rng.random(900)])
        profile = np.concatenate([np.full(50, 1e-6), rng.random(950)])
        chosen = jointly_linked(
            pd.DataFrame({"content": content, "profile": profile}), groups=2, false_share=0.05
        )
        wrong.append(chosen[50:].sum() / max(chosen.sum(), 1))
    assert np.mean(wrong) <= 0.05
