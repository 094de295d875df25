"""Company beyond chance, against an independent simulation of the null."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hydrascope.affiliation.links import Company, Members, group_surprise

PEOPLE = np.arange(400)
MEMBERS = PEOPLE[:40]
NOBODY = np.full(400, -1)
INSIDE = Members(PEOPLE < 40, NOBODY)


def holdings(rng, sizes, people=PEOPLE, label="thing"):
    """Things of the given numbers of holders, drawn at random."""
    rows = [
        (person, f"{label} {number}", 0)
        for number, size in enumerate(sizes)
        for person in rng.choice(people, size, replace=False)
    ]
    return pd.DataFrame(rows, columns=["account", "thing", "stratum"])


def evidence(pairs, inside=INSIDE, most_holders=100):
    ordered = pairs.sort_values("account").astype({"account": int})
    company = Company(ordered, len(PEOPLE), most_holders=most_holders)
    return dense(company.towards(inside)(slice(None)))


def dense(found):
    return replace(found, met=found.met.toarray(), total=found.total.toarray())


def p_values(pairs, **changed):
    return np.exp(-group_surprise([evidence(pairs, **changed)])[:, 0])


def test_mean_and_variance_are_those_of_things_held_at_random():
    rng = np.random.default_rng(1)
    others = 6
    pairs = holdings(rng, [others + 1] * 300)
    share = pairs["account"].isin(MEMBERS).mean()
    met = rng.binomial(others, share, 200_000)
    # P(X >= m) by counting, not by a formula.
    at_least = np.array([(met >= m).mean() for m in range(others + 1)])
    drawn = -np.log(at_least[met])
    found = evidence(pairs)
    things = found.things.sum()
    assert things == len(pairs)
    assert found.mean.sum() / things == pytest.approx(drawn.mean(), rel=0.02)
    assert found.variance.sum() / things == pytest.approx(drawn.var(), rel=0.05)


def test_without_a_network_few_p_values_are_small():
    rng = np.random.default_rng(2)
    p = np.concatenate([p_values(holdings(rng, rng.integers(2, 12, 500))) for _ in range(20)])
    for level in (0.05, 0.01):
        assert np.mean(p <= level) <= level


def test_an_account_whose_company_are_members_is_found():
    rng = np.random.default_rng(3)
    campaign = holdings(rng, [5] * 40, people=[*MEMBERS, PEOPLE[200]], label="campaign")
    pairs = pd.concat([holdings(rng, [5] * 500), campaign])
    assert p_values(pairs)[200] < 1e-4


def test_what_everybody_holds_is_evidence_for_nobody():
    everybody = pd.DataFrame({"account": PEOPLE, "thing": "a slogan", "stratum": 0})
    assert (p_values(everybody) == 1).all()
    assert not evidence(everybody).met.any()
    assert not evidence(everybody).things.any()


def test_the_more_hold_a_thing_the_less_it_says():
    def p_of(size):
        here = [*MEMBERS[:2], *PEOPLE[100 : 100 + size - 2]]
        alone = pd.DataFrame({"account": PEOPLE, "thing": -1 - PEOPLE, "stratum": 0})
        held = pd.DataFrame({"account": here, "thing": 0, "stratum": 0})
        return p_values(pd.concat([alone, held]))[100]

    assert p_of(3) < p_of(6) < p_of(30) <= 1


def test_an_account_does_not_speak_for_itself():
    pairs = pd.DataFrame(
        {"account": [MEMBERS[0], *PEOPLE[300:302]], "thing": ["own", "x", "x"], "stratum": 0}
    )
    assert p_values(pairs)[0] == 1
    assert not evidence(pairs).met.any()


def test_each_set_of_members_is_judged_as_if_it_were_the_only_one():
    rng = np.random.default_rng(4)
    pairs = holdings(rng, rng.integers(2, 9, 300))
    community = np.full(400, -1)
    for number, first in enumerate((0, 90, 200)):
        community[first : first + 30] = number
    # The first set is everybody known, who may be in a community besides.
    known = (PEOPLE < 60) | (PEOPLE >= 380)
    together = evidence(pairs, inside=Members(known, community))
    for number, one in enumerate([known, *(community == part for part in range(3))]):
        alone = evidence(pairs, inside=Members(one, NOBODY))
        for name in ("met", "total", "mean", "variance"):
            np.testing.assert_allclose(
                getattr(together, name)[:, number], getattr(alone, name)[:, 0], rtol=1e-12
            )


def test_a_stratum_in_which_members_are_common_makes_meeting_them_less_surprising():
    rng = np.random.default_rng(5)
    day = holdings(rng, [6] * 200, people=PEOPLE[:80], label="day").assign(stratum=1)
    night = holdings(rng, [6] * 200, people=PEOPLE[30:], label="night").assign(stratum=2)
    both = pd.concat([day, night])
    apart, mixed = p_values(both), p_values(both.assign(stratum=0))
    outside = slice(40, 80)
    assert np.mean(apart[outside] <= 0.05) <= 0.05
    assert np.mean(mixed[outside] <= 0.05) > 0.3


def test_a_group_adds_its_signals_up():
    rng = np.random.default_rng(6)
    one, other = (evidence(holdings(rng, [size] * 200)) for size in (4, 9))
    nothing = evidence(holdings(rng, [2] * 5)[:0])
    np.testing.assert_array_equal(group_surprise([one, nothing]), group_surprise([one]))
    rows = (one.met + other.met) > 0
    assert (group_surprise([one, other]) > 0).sum() == rows.sum()


def test_no_holdings_are_no_evidence():
    found = evidence(holdings(np.random.default_rng(7), [])[:0])
    assert not found.things.any()
    assert (group_surprise([found]) == 0).all()


def test_evidence_block_by_block_is_that_of_everybody():
    rng = np.random.default_rng(8)
    pairs = holdings(rng, rng.integers(2, 9, 300)).sort_values("account")
    community = np.where(PEOPLE < 90, PEOPLE // 30, -1)
    company = Company(pairs, len(PEOPLE), most_holders=100).towards(Members(PEOPLE < 40, community))
    whole = dense(company(slice(None)))
    parts = [dense(company(slice(start, start + 150))) for start in (0, 150, 300)]
    for name in ("things", "met", "total", "mean", "variance"):
        joined = np.concatenate([getattr(part, name) for part in parts])
        np.testing.assert_array_equal(getattr(whole, name), joined)
