"""Figure 3 counts the affiliated accounts by what joins them, and shows none by itself."""

from itertools import combinations, product

import pandas as pd
import pytest

from hydrascope.figures import network
from hydrascope.figures.network import draw_network, network_data

FEWEST = 4
SIZES = {(0, "x"): 6, (0, "y"): 4, (1, "x"): 5, (1, "y"): 3}


def accounts(sizes, verdict="affiliated"):
    rows = [
        {"account_id": f"{platform}{community}{number}", "community": community}
        | {"platform": platform, "verdict": verdict}
        for (community, platform), size in sizes.items()
        for number in range(size)
    ]
    return pd.DataFrame(rows, columns=["account_id", "community", "platform", "verdict"])


def edges(pairs):
    return pd.DataFrame(pairs, columns=["account_a", "account_b"])


def names(community, platform):
    return [f"{platform}{community}{number}" for number in range(SIZES[community, platform])]


JOINED = [
    *combinations(names(0, "x"), 2),
    *product(names(0, "x")[:2], names(0, "y")[:2]),
    *product(names(0, "y")[:1], names(1, "x")[:3]),
]


@pytest.fixture(scope="module")
def data():
    return network_data(accounts(SIZES), edges(JOINED), fewest=FEWEST)


def shown(data, layer):
    own = data[data["layer"] == layer].astype(object)
    return own.where(own.notna(), None).to_dict("records")


def test_groups_and_ties_are_counted(data):
    groups = [(row["community"], row["platform"], row["accounts"]) for row in shown(data, "group")]
    assert groups == [(0, "x", 6), (0, "y", 4), (1, "x", 5)]
    assert [row["pairs"] for row in shown(data, "group")] == [15, None, None]
    assert {row["of"] for row in shown(data, "group")} == {18}
    [tie] = shown(data, "tie")
    ends = (tie["community"], tie["platform"], tie["to_community"], tie["to_platform"])
    assert ends == (0, "x", 0, "y")
    assert tie["pairs"] == 4


def test_neither_a_group_nor_a_tie_is_smaller_than_the_fewest(data):
    assert data["accounts"].min() >= FEWEST
    assert data["pairs"].min() >= FEWEST
    one_more = network_data(accounts(SIZES), edges(JOINED), fewest=FEWEST + 1)
    assert shown(one_more, "tie") == []
    assert len(shown(one_more, "group")) == 2


def test_a_pair_counts_once_whatever_joins_it_and_in_any_order(data):
    turned = edges([(b, a) for a, b in JOINED])
    again = pd.concat([edges(JOINED), edges(JOINED)]).sample(frac=1, random_state=1)
    for pairs in (turned, again):
        found = network_data(accounts(SIZES).sample(frac=1, random_state=1), pairs, fewest=FEWEST)
        pd.testing.assert_frame_equal(found, data)


def test_of_too_many_groups_the_largest_are_there(monkeypatch):
    monkeypatch.setattr(network, "MOST_GROUPS", 2)
    found = network_data(accounts(SIZES), edges(JOINED), fewest=FEWEST)
    assert [row["accounts"] for row in shown(found, "group")] == [6, 5]


def test_accounts_that_do_not_belong_are_not_counted():
    others = accounts({(0, "x"): 9}, "undetermined").assign(
        account_id=lambda rows: "other" + rows["account_id"]
    )
    found = network_data(
        pd.concat([accounts(SIZES), others]), edges([*JOINED, ("otherx00", "x00")]), fewest=FEWEST
    )
    assert shown(found, "group")[0]["accounts"] == 6


def test_the_figure_says_how_many_of_how_many(data, drawn, words):
    said = words(drawn(draw_network, data))
    assert "15 of 18 affiliated accounts" in said
    assert "x, 11" in said and "y, 4" in said


@pytest.mark.parametrize(
    ("sizes", "joined"),
    [(SIZES, None), ({(0, "x"): 3}, edges([])), ({}, edges([]))],
    ids=["roster", "a few", "nobody"],
)
def test_without_groups_the_figure_says_so(drawn, words, sizes, joined):
    found = network_data(accounts(sizes), joined, fewest=FEWEST)
    assert found.empty
    assert "no groups of accounts" in words(drawn(draw_network, found))


def test_groups_without_a_tie_are_drawn(drawn, words):
    found = network_data(accounts(SIZES), edges([]), fewest=FEWEST)
    assert "15 of 18 affiliated accounts" in words(drawn(draw_network, found))
