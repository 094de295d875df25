"""Figure 3 lays the affiliated accounts out by what joins them."""

import numpy as np
import pandas as pd
import pytest

from hydrascope.figures import network
from hydrascope.figures.network import draw_network, network_data

RNG = np.random.default_rng(5)


def accounts(size, verdict="affiliated"):
    names = [f"x:{number:05}" for number in range(size)]
    rows = {"account_id": names, "platform": "x", "verdict": verdict, "seed": False}
    return pd.DataFrame(rows)


def edges(pairs):
    names = [(f"x:{a:05}", f"x:{b:05}", 0.001 * (1 + n)) for n, (a, b) in enumerate(pairs)]
    return pd.DataFrame(names, columns=["account_a", "account_b", "p"])


@pytest.fixture(scope="module")
def two_groups():
    """Two groups of thirty, dense within, joined by one edge."""
    pairs = [(a, b) for a in range(30) for b in range(a + 1, 30) if RNG.random() < 0.3]
    pairs += [(a + 30, b + 30) for a, b in pairs] + [(0, 59)]
    return network_data(accounts(61), edges(pairs), seed=1)


def test_accounts_without_an_edge_are_left_out_and_counted(two_groups, drawn, words):
    nodes = two_groups[two_groups["layer"] == "account"]
    assert len(nodes) == 60
    assert "60 of 61 affiliated accounts" in words(drawn(draw_network, two_groups))


def test_joined_accounts_are_near_each_other(two_groups):
    nodes = two_groups.loc[two_groups["layer"] == "account", ["x", "y"]].to_numpy()
    one, other = nodes[:30], nodes[30:]
    spread = max(
        np.linalg.norm(group - group.mean(axis=0), axis=1).mean() for group in (one, other)
    )
    assert np.linalg.norm(one.mean(axis=0) - other.mean(axis=0)) > 2 * spread


def test_the_same_seed_gives_the_same_places_in_any_order_of_rows():
    verdicts, pairs = accounts(20), edges([(a, a + 1) for a in range(19)])
    first = network_data(verdicts, pairs, seed=3)
    shuffled = network_data(verdicts.sample(frac=1, random_state=1), pairs[::-1], seed=3)
    pd.testing.assert_frame_equal(
        first[first["layer"] == "account"], shuffled[shuffled["layer"] == "account"]
    )


def test_only_the_strongest_edges_of_an_account_are_drawn_and_all_are_counted():
    star = network_data(accounts(31), edges([(0, other) for other in range(1, 31)]), seed=1)
    ring = edges([(a, b) for a in range(10) for b in range(a + 1, 10)])
    full = network_data(accounts(10), ring, seed=1)
    # Each of the others has the middle alone, so that all edges stay.
    assert (star["layer"] == "edge").sum() == 30
    assert star["edges"].max() == 30
    assert (full["layer"] == "edge").sum() < 45


def test_of_too_many_accounts_some_are_drawn(monkeypatch):
    monkeypatch.setattr(network, "MOST_NODES", 40)
    ring = edges([(a, a + 1) for a in range(99)])
    data = network_data(accounts(100), ring, seed=1)
    assert (data["layer"] == "account").sum() == 40
    assert data["of"].max() == 100


def test_accounts_that_do_not_belong_are_not_drawn():
    verdicts = pd.concat([accounts(3), accounts(5, "undetermined").iloc[3:]])
    data = network_data(verdicts, edges([(0, 1), (1, 4), (3, 4)]), seed=1)
    assert (data["layer"] == "account").sum() == 2


@pytest.mark.parametrize("joined", [None, edges([])], ids=["roster", "no edges"])
def test_without_edges_the_figure_says_so(drawn, words, joined):
    data = network_data(accounts(3), joined, seed=1)
    assert "no edges between accounts" in words(drawn(draw_network, data))
