"""Hours of the week: those of members against those of everybody."""

import numpy as np
import pandas as pd
import pytest

from hydrascope.affiliation.links import PRIOR, Hours, Members, group_surprise

PEOPLE = np.arange(300)
NOBODY = np.full(300, -1)
INSIDE = Members(PEOPLE < 40, NOBODY)
EVENING = np.array([1.0] * 16 + [4.0] * 8) / 48
OFFICE = np.array([0.2] * 8 + [5.0] * 8 + [0.2] * 8) / 43.2


def hours(rng, shares, posts):
    """Hours of each account, drawn from its share of each hour of the day."""
    rows = [
        (person, number, hour)
        for person, share in zip(PEOPLE, shares, strict=True)
        for number, hour in enumerate(rng.choice(24, posts, p=share))
    ]
    return pd.DataFrame(rows, columns=["account", "thing", "stratum"])


def evidence(pairs, inside=INSIDE):
    return Hours(pairs, len(PEOPLE)).towards(inside)(slice(None))


def p_values(pairs, inside=INSIDE):
    return np.exp(-group_surprise([evidence(pairs, inside)])[:, 0])


def test_who_posts_when_members_do_is_found_and_who_does_not_is_not():
    rng = np.random.default_rng(1)
    office = np.isin(np.arange(300), np.arange(60))
    p = p_values(hours(rng, [OFFICE if works else EVENING for works in office], 15))
    assert (p[40:60] < 0.01).mean() > 0.8
    assert (p[60:] < 0.05).mean() <= 0.05


def test_where_all_keep_the_same_hours_p_is_what_it_says():
    rng = np.random.default_rng(2)
    p = np.concatenate([p_values(hours(rng, [EVENING] * 300, posts)) for posts in (3, 8, 20, 40)])
    assert np.mean(p <= 0.05) == pytest.approx(0.05, abs=0.025)


def test_total_mean_and_variance_by_hand():
    rows = [(0, 1, 9), (1, 2, 9), (1, 3, 21), (100, 4, 21)]
    pairs = pd.DataFrame(rows, columns=["account", "thing", "stratum"])
    found = evidence(pairs)
    # Everybody posts half at nine; the company of members is account 1 alone, one in two.
    assert found.total[0, 0] == pytest.approx((1 / 0.5 + PRIOR) / (2 + PRIOR))
    # For account 100 it is both: two of three at nine, one at twenty-one.
    nine, late = (2 / 0.5 + PRIOR) / (3 + PRIOR), (1 / 0.5 + PRIOR) / (3 + PRIOR)
    assert found.total[100, 0] == pytest.approx(late)
    assert found.mean[100, 0] == pytest.approx((nine + late) / 2)
    assert found.variance[100, 0] == pytest.approx((nine - late) ** 2 / 4)
    assert found.met[100, 0] == 0
    assert found.things.sum() == 4


def test_an_account_is_no_company_of_its_own():
    rng = np.random.default_rng(3)
    pairs = hours(rng, [OFFICE if number == 0 else EVENING for number in range(300)], 30)
    alone = Members(PEOPLE == 0, NOBODY)
    found = evidence(pairs, alone)
    assert found.variance[0, 0] == pytest.approx(0, abs=1e-9)
    assert p_values(pairs, alone)[0] == 1


def test_no_hours_are_no_evidence():
    nothing = pd.DataFrame(columns=["account", "thing", "stratum"], dtype=int)
    found = evidence(nothing)
    assert not found.things.any()
    assert (group_surprise([found]) == 0).all()
