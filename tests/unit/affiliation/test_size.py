"""Capture-recapture over groups, on populations whose size is known."""

import numpy as np
import pandas as pd
import pytest

from hydrascope.affiliation.size import AVERAGE, COLUMNS, size_table

LISTS = ["content", "registration", "profile", "synchrony"]
EASE = np.array([1.5, 0.8, 0.8, -0.7])


def population(seed, members, outsiders, unlikeness=0.0, lists=LISTS):
    """Members on each list with a chance that varies; outsiders on the first list alone."""
    rng = np.random.default_rng(seed)
    ease = rng.normal(0, np.sqrt(unlikeness), members)[:, None] + EASE
    held = rng.random((members, len(LISTS))) < 1 / (1 + np.exp(-ease))
    outside = np.zeros((outsiders, len(LISTS)), bool)
    outside[:, 0] = rng.random(outsiders) < 0.07
    on = np.vstack([held, outside])
    total = members + outsiders
    verdicts = pd.DataFrame(
        {
            "account_id": [f"a{number}" for number in range(total)],
            "unit": "page",
            "verdict": np.where(on.sum(axis=1) > 1, "affiliated", "unaffiliated"),
        }
    )
    for number, name in enumerate(LISTS):
        p = np.where(on[:, number], 0.001, 0.5)
        verdicts[f"{name}_p"] = verdicts[f"{name}_q"] = p if name in lists else np.nan
    return verdicts, pd.Series(1, index=verdicts["account_id"])


def average(seed, **how):
    verdicts, posts = population(seed, **how)
    table = size_table(verdicts, posts, link_q=0.05)
    assert list(table.columns) == COLUMNS
    return table[table["model"] == AVERAGE].iloc[0]


@pytest.mark.nightly
@pytest.mark.parametrize("unlikeness", [0.0, 0.3])
def test_most_intervals_hold_the_true_size(unlikeness):
    found = pd.DataFrame(
        average(seed, members=600, outsiders=2_000, unlikeness=unlikeness) for seed in range(40)
    )
    # Where accounts differ, the patterns of one population in twenty may support too much.
    identified = found["outcome"] == "identified"
    assert identified.mean() >= (0.95 if unlikeness else 1.0)
    found = found[identified]
    assert found["low"].le(600).mul(found["high"].ge(600)).mean() >= 0.85
    assert (found["found"] < 600).all()
    assert abs(found["size"].median() / 600 - 1) < 0.05


def test_models_without_heterogeneity_agree_with_a_closed_form():
    # With three lists and accounts alike, the patterns of two lists and more determine all:
    # the chance of a list is what it sees of those on the other two.
    verdicts, posts = population(3, members=900, outsiders=9_000)
    table = size_table(verdicts, posts, link_q=0.05)
    alike = table[table["model"] == "accounts alike"].iloc[0]
    on = (verdicts[[f"{name}_q" for name in LISTS]] <= 0.05).to_numpy()
    chances = []
    for number in range(len(LISTS)):
        others = np.delete(on, number, axis=1).sum(axis=1) >= 2
        chances.append(on[others, number].mean())
    chances = np.array(chances)
    none = np.prod(1 - chances)
    one = sum(
        chances[number] * np.prod(np.delete(1 - chances, number)) for number in range(len(LISTS))
    )
    expected = (on.sum(axis=1) >= 2).sum() / (1 - none - one)
    assert alike["size"] == pytest.approx(expected, rel=0.02)


def test_three_lists_identify_nothing():
    row = average(1, members=600, outsiders=500, lists=LISTS[:3])
    assert row["outcome"].startswith("not identified: fewer than 4 lists")
    assert np.isnan(row["size"])


def test_accounts_without_posts_are_left_out_and_nobody_is_no_error():
    verdicts, posts = population(2, members=50, outsiders=50)
    outcome = size_table(verdicts, posts[:0], link_q=0.05)["outcome"].to_list()
    assert outcome == ["not identified: no account has a post"]
    row = size_table(verdicts, posts[:60], link_q=0.05).iloc[-1]
    assert row["found"] <= 60


def test_units_without_a_date_stand_apart():
    verdicts, posts = population(4, members=600, outsiders=500)
    verdicts.loc[verdicts.index % 2 == 1, "unit"] = "profile"
    verdicts.loc[verdicts["unit"] == "profile", ["registration_p", "registration_q"]] = np.nan
    table = size_table(verdicts, posts, link_q=0.05)
    assert set(table["units"]) == {"dated, page", "undated, profile"}
    undated = table[table["units"] == "undated, profile"]
    assert undated["outcome"].str.startswith("not identified").all()
