import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import homogeneity_score

from hydrascope.narratives import granularity as module
from hydrascope.narratives.consensus import consensus_centres, grouped
from hydrascope.narratives.granularity import CONFIRMED, LADDER, LOOKED, finest, granularity
from hydrascope.narratives.points import unit

MEASURED = ["ari_all", "ari_without_outliers"]
SETTINGS = {"least": 10, "border": 0.05, "seed": 1}


def members(groups, rows):
    return np.random.default_rng(0).integers(0, groups, rows)


def blobs(groups, rows, noise):
    random = np.random.default_rng(1)
    drawn = unit(random.normal(size=(groups, 12)))[members(groups, rows)]
    return unit(drawn + random.normal(scale=noise, size=drawn.shape)).astype(np.float32)


@pytest.fixture(scope="module")
def clear():
    points, groups = blobs(7, 320, 0.1), members(7, 320)
    return points, groups, granularity(points, **SETTINGS)


def test_clear_groups_are_told_apart(clear):
    points, groups, table = clear
    chosen = table.loc[table["chosen"]].iloc[0]
    centres = consensus_centres(points, int(chosen["topics"]), seed=1)
    found, _ = grouped(points, centres, least=SETTINGS["least"], border=SETTINGS["border"])
    inside = found >= 0
    # A group may come in two halves where these come back; no topic holds two groups.
    assert homogeneity_score(groups[inside], found[inside]) == 1
    assert chosen["topics"] <= 9 and chosen["resamples"] == CONFIRMED
    assert (chosen[["ari_without_outliers", "reseeded"]] >= 0.97).all()


def test_a_number_that_tears_groups_apart_does_not_hold_and_none_below_one_that_does_is_tried(
    clear,
):
    table = clear[2].set_index("topics")
    assert table.index[0] in (7, 8, 9) and table["chosen"].to_list()[0]
    assert (table.loc[12:, "ari_without_outliers"] < 0.95).all()


def test_other_numbers_do_not_move_what_is_measured_of_one(clear, monkeypatch):
    points, _, table = clear
    monkeypatch.setattr(module, "LADDER", (12, 14))
    alone, among = (one.set_index("topics") for one in (granularity(points, **SETTINGS), table))
    pd.testing.assert_frame_equal(alone[MEASURED], among.loc[[12, 14], MEASURED])


@pytest.mark.nightly
def test_last_decimals_do_not_move_the_choice(clear):
    points, _, table = clear
    moved = np.random.default_rng(2).choice([-1e-4, 0, 1e-4], points.shape)
    assert finest(granularity(unit(points + moved), **SETTINGS)) == finest(table)


@pytest.mark.nightly
def test_where_nothing_holds_the_best_is_chosen_and_the_table_shows_it():
    table = granularity(blobs(1, 400, 3.0), **SETTINGS)
    best = table["ari_without_outliers"].idxmax()
    assert table.loc[table["chosen"], "topics"].to_list() == [table.loc[best, "topics"]]
    assert table["ari_without_outliers"].max() < 0.97


@pytest.mark.parametrize(("rows", "numbers"), [(0, []), (39, []), (40, [2]), (60, [3])])
def test_no_number_of_topics_is_looked_at_that_the_families_are_too_few_for(rows, numbers):
    table = granularity(blobs(2, 60, 0.05)[:rows], **SETTINGS)
    assert table["topics"].to_list() == numbers
    assert finest(table) == (numbers or [0])[-1]


def of_measures(reseeded, resampled=(0.99, 0.99, 0.99)):
    return pd.DataFrame(
        {
            "topics": [5, 8, 12],
            "resamples": [CONFIRMED, CONFIRMED, LOOKED],
            "ari_all": [0.9, 0.9, 0.9],
            "ari_without_outliers": resampled,
            "reseeded": reseeded,
        }
    )


def test_one_that_holds_under_resamples_alone_is_not_chosen():
    assert finest(of_measures([0.99, 0.9, np.nan])) == 5


def test_where_none_holds_the_worse_of_both_kinds_of_change_counts():
    assert finest(of_measures([0.9, 0.96, np.nan], resampled=[0.99, 0.98, 0.95])) == 8


def test_the_ladder_rises():
    assert list(LADDER) == sorted(set(LADDER))
