"""Seeds that lead to nobody of each other are no network to grow from."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from hydrascope.affiliation.cohesion import coherent, seed_table


def linked(count, of):
    return np.arange(of) < count


def test_few_linked_seeds_among_many_are_no_network():
    assert not coherent(linked(8, 190))
    assert coherent(linked(60, 190))


def test_a_handful_of_seeds_is_too_few_to_be_refused():
    assert all(coherent(linked(0, count)) for count in range(14))
    assert not coherent(linked(0, 14))


@pytest.mark.parametrize("count", [20, 100])
def test_a_network_with_the_least_share_is_refused_as_seldom_as_stated(count):
    chance = stats.binom.pmf(np.arange(count + 1), count, 0.2)
    refused = [not coherent(linked(met, count)) for met in range(count + 1)]
    assert 0.01 < chance[refused].sum() < 0.05


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
    assert row["outcome"] == "a network"
    alone = verdicts.assign(linked_by_seeds=False)
    assert seed_table(alone, min_groups=2)["outcome"].iat[0] == "no network: nobody is taken in"


def test_seeds_that_cannot_be_tested_are_not_refused():
    verdicts = pd.DataFrame({"seed": [True, False], "measurable": 0, "linked_by_seeds": False})
    row = seed_table(verdicts, min_groups=2).iloc[0]
    assert row["testable"] == 0
    assert np.isnan(row["share"])
    assert row["outcome"] == "a network"
