"""Seeds that lead to nobody of each other are no network to grow from."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from hydrascope.affiliation.cohesion import (
    NETWORK,
    NO_NETWORK,
    NOT_TESTABLE,
    UNDECIDED,
    seed_outcome,
    seed_table,
)


def linked(count, of):
    return np.arange(of) < count


def test_few_linked_seeds_among_many_are_no_network():
    assert seed_outcome(linked(8, 190)) == NO_NETWORK
    assert seed_outcome(linked(60, 190)) == NETWORK


def test_between_the_two_nothing_is_found_and_nobody_is_refused():
    assert seed_outcome(linked(38, 190)) == UNDECIDED
    assert seed_outcome(linked(1, 5)) == seed_outcome(linked(3, 5)) == UNDECIDED
    assert seed_outcome(linked(2, 2)) == seed_outcome(linked(4, 5)) == NETWORK


def test_seeds_of_which_none_is_linked_are_no_network_however_few():
    assert {seed_outcome(linked(0, count)) for count in range(2, 30)} == {NO_NETWORK}


def test_a_seed_without_another_is_not_testable():
    assert seed_outcome(linked(0, 0)) == seed_outcome(linked(0, 1)) == NOT_TESTABLE


@pytest.mark.parametrize("count", [20, 100])
@pytest.mark.parametrize("outcome", [NETWORK, NO_NETWORK])
def test_the_least_share_gives_each_finding_as_seldom_as_stated(count, outcome):
    chance = stats.binom.pmf(np.arange(count + 1), count, 0.2)
    found = [seed_outcome(linked(met, count)) == outcome for met in range(count + 1)]
    assert 0.01 < chance[found].sum() < 0.05


def test_the_table_counts_testable_seeds_and_says_what_follows():
    verdicts = pd.DataFrame(
        {
            "seed": [True] * 20 + [False] * 30,
            "measurable": [1] * 2 + [3] * 48,
            "linked_by_seeds": [False] * 2 + [True] * 9 + [False] * 9 + [True] * 3 + [False] * 27,
        }
    )
    row = seed_table(verdicts, min_groups=2).iloc[0]
    assert row[["seeds", "testable", "linked", "share"]].to_list() == [20, 18, 9, 0.5]
    # Clopper and Pearson by the quantiles of beta distributions.
    assert row["low"] == pytest.approx(stats.beta.ppf(0.025, 9, 10))
    assert row["high"] == pytest.approx(stats.beta.ppf(0.975, 10, 9))
    assert row["others"] == pytest.approx(0.1)
    assert row["outcome"] == NETWORK
    alone = verdicts.assign(linked_by_seeds=False)
    assert seed_table(alone, min_groups=2)["outcome"].iat[0] == NO_NETWORK


def test_seeds_that_cannot_be_tested_are_no_finding():
    verdicts = pd.DataFrame({"seed": [True, False], "measurable": 0, "linked_by_seeds": False})
    row = seed_table(verdicts, min_groups=2).iloc[0]
    assert row["testable"] == 0
    assert np.isnan(row["share"])
    assert row["outcome"] == NOT_TESTABLE
