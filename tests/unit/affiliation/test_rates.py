"""Error rates over worlds: intervals that hold, and rates counted by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from hydrascope.affiliation.rates import clustered_rate, dependence, mean_number, rates, size_rates
from hydrascope.affiliation.signals import GROUPS

NAMES = [group.replace(" ", "_") for group in GROUPS]


def worlds(rows):
    columns = ["world", "platform", "seed", "verdict", "planted", "posts"]
    table = pd.DataFrame(rows, columns=columns).assign(cell="here")
    return table.assign(verdict_without_timing="unaffiliated")


def measured(table, among="3 posts and more", platform="all"):
    rows = table[(table["among"] == among) & (table["platform"] == platform)]
    return rows.set_index("measure")[["value", "low", "high"]]


def test_rates_are_those_counted_by_hand():
    table = rates(
        worlds(
            [
                (1, "x", False, "affiliated", True, 5),
                (1, "x", False, "affiliated", False, 5),
                (1, "x", False, "undetermined", True, 9),
                (1, "x", True, "affiliated", True, 9),
                (2, "x", False, "affiliated", True, 3),
                (2, "youtube", False, "unaffiliated", True, 0),
                (2, "youtube", False, "unaffiliated", False, 4),
            ]
        )
    )
    loud = measured(table)["value"]
    assert loud["precision"] == pytest.approx(2 / 3)
    # Undetermined is missed, the seed is left out, and so is the account without posts.
    assert loud["recall"] == pytest.approx(2 / 3)
    assert loud["false inclusions a world"] == pytest.approx(0.5)
    assert loud["false inclusions in 1000"] == pytest.approx(500)
    assert measured(table, "all accounts")["value"]["recall"] == pytest.approx(0.5)
    assert loud["recall without timing"] == 0
    # A world in which a platform has nobody counts as one without errors there.
    assert measured(table, platform="youtube")["value"]["false inclusions a world"] == 0


def test_an_interval_over_worlds_holds_where_worlds_differ():
    rng = np.random.default_rng(8)
    held = 0
    for _ in range(400):
        chance = rng.beta(18, 2, 40)
        of = rng.integers(20, 60, 40)
        value, low, high = clustered_rate(rng.binomial(of, chance), of)
        held += low <= 0.9 <= high
        assert low <= value <= high
    assert 0.92 <= held / 400 <= 0.98


def test_one_world_and_none_have_the_interval_that_they_can_have():
    value, low, high = clustered_rate(np.array([10]), np.array([10]))
    assert (value, high) == (1, 1)
    assert low == pytest.approx(stats.beta.ppf(0.025, 10, 1))
    assert np.isnan(clustered_rate(np.array([0]), np.array([0]))).all()
    assert mean_number(np.array([2.0, 2.0])) == (2, 2, 2)


@pytest.mark.parametrize(("together", "low", "high"), [(False, 0.6, 1.5), (True, 8, 12.5)])
def test_dependence_is_one_for_independent_groups(together, low, high):
    rng = np.random.default_rng(5)
    count = 40_000
    table = pd.DataFrame({f"{name}_p": rng.random(count) * 0.5 for name in NAMES})
    if together:
        table["profile_p"] = table["content_p"]
    table = table.assign(cell="here", world=rng.integers(0, 20, count), control=True, seed=False)
    found = dependence(table).set_index("measure")
    assert low < found.loc["content with profile", "value"] < high
    share = found.loc["content: p at most 0.05"]
    assert share["low"] < 0.1 < share["high"]


def test_a_size_that_is_not_identified_is_neither_covered_nor_missed():
    count = 400
    rng = np.random.default_rng(6)
    parts = []
    for world in (1, 2):
        rows = pd.DataFrame({"unit": ["page"] * count, "posts": 1, "planted": True})
        rows = rows.assign(cell="here", world=world, verdict="affiliated")
        for name in ("content", "registration", "profile", "synchrony"):
            on = rng.random(count) < (0 if name == "synchrony" and world == 2 else 0.7)
            rows[f"{name}_p"] = rows[f"{name}_q"] = np.where(on, 0.001, 0.9)
        parts.append(rows)
    found = size_rates(pd.concat(parts), link_q=0.05).set_index("measure")
    assert found.loc["size identified", "value"] == 0.5
    assert found.loc["size covered", "value"] == 1
    assert 0 < found.loc["size, median width", "value"] < 0.5
    assert (found["among"] == "dated units").all()
