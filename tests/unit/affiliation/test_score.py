"""Scores count by hand: seeds left out, undetermined missed."""

import pandas as pd
import pytest
from scipy import stats

from hydrascope.affiliation.score import affiliation_score

IDS = list("abcdefgh")
ACCOUNTS = pd.DataFrame(
    {"account_id": IDS, "platform": ["x"] * 6 + ["youtube"] * 2, "native_id": list("12345678")}
)
TRUTH = ACCOUNTS[["platform", "native_id"]].assign(affiliated=[1, 1, 1, 1, 0, 0, 1, 0])
VERDICTS = pd.DataFrame(
    {
        "account_id": IDS,
        "platform": ACCOUNTS["platform"],
        "verdict": ["affiliated"] * 2
        + ["undetermined", "unaffiliated", "affiliated", "unaffiliated"]
        + ["affiliated", "undetermined"],
        "verdict_without_timing": ["affiliated"] + ["undetermined"] * 7,
        "seed": [True] + [False] * 7,
    }
)
POSTS = pd.Series({"a": 5, "b": 3, "c": 9, "d": 2, "e": 1, "g": 4})


@pytest.fixture
def score():
    table = affiliation_score(VERDICTS, ACCOUNTS, POSTS, TRUTH)
    return table.set_index(["among", "platform", "measure"])


@pytest.mark.parametrize(
    ("among", "platform", "measure", "hits", "of"),
    [
        ("all accounts", "x", "precision", 1, 2),
        ("all accounts", "x", "recall", 1, 3),
        ("all accounts", "all", "precision", 2, 3),
        ("all accounts", "all", "recall", 2, 4),
        ("3 posts and more", "x", "precision", 1, 1),
        ("3 posts and more", "x", "recall", 1, 2),
        ("3 posts and more", "youtube", "recall", 1, 1),
        ("all accounts", "all", "recall without timing", 0, 4),
    ],
)
def test_hits_are_counted(score, among, platform, measure, hits, of):
    row = score.loc[(among, platform, measure)]
    assert (row["hits"], row["of"]) == (hits, of)
    assert row["value"] == hits / of


def test_the_interval_is_that_of_wilson(score):
    row = score.loc[("all accounts", "all", "precision")]
    wanted = stats.binomtest(2, 3).proportion_ci(method="wilson")
    assert (row["low"], row["high"]) == (pytest.approx(wanted.low), pytest.approx(wanted.high))


def test_where_nobody_was_found_there_is_no_precision(score):
    row = score.loc[("all accounts", "youtube", "precision without timing")]
    assert row["of"] == 0
    assert row[["value", "low", "high"]].isna().all()
