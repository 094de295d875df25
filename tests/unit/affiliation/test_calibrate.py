"""Error rates over worlds: intervals that hold, and rates counted by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from hydrascope.affiliation.calibrate import (
    clustered_rate,
    dependence,
    detector_digest,
    edge_rates,
    edges_judged,
    judged,
    mean_number,
    rates,
    still_holding,
)
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


def test_nobody_is_to_be_found_where_the_seeds_are_of_no_network():
    verdicts = pd.DataFrame({"account_id": ["a", "b"], "platform": "x", "unit": "user"})
    verdicts = verdicts.assign(seed=False, verdict="affiliated", verdict_without_timing="x")
    verdicts = verdicts.assign(**{f"{name}_{part}": 0.5 for name in NAMES for part in "pq"})
    roles = pd.Series({"a": "honest", "b": "army"})
    posts = pd.Series({"a": 3})
    table = judged(verdicts, roles, posts, networks={"army"}, wanted="honest")
    assert not table["planted"].any()
    assert table["control"].to_list() == [True, False]
    assert table["posts"].to_list() == [3, 0]
    assert judged(verdicts, roles, posts, networks={"army"}, wanted="army")["planted"].sum() == 1


def test_edges_count_as_wrong_where_they_join_no_common_network():
    edges = pd.DataFrame(
        [("a", "b", "texts"), ("a", "c", "texts"), ("c", "d", "links")],
        columns=["account_a", "account_b", "signal"],
    )
    roles = pd.Series({"a": "army", "b": "army", "c": "honest", "d": "honest"})
    counted = edges_judged(edges, roles, networks={"army"}).assign(cell="here", world=1)
    assert counted.set_index("signal")["inside"].to_dict() == {"links": 0, "texts": 1}
    found = edge_rates(counted).set_index("measure")["value"]
    assert found.to_dict() == {"links: outside networks": 1, "texts: outside networks": 0.5}


def test_rates_of_another_detector_are_told_apart():
    table = pd.DataFrame({"cell": ["a", "b"], "detector": [detector_digest({"a": 1}), "0"]})
    assert still_holding(table, {"a": 1})["holds"].to_list() == ["yes", "no"]
    assert still_holding(table, {"a": 2})["holds"].to_list() == ["no", "no"]
