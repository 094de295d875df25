import numpy as np
import pandas as pd
import pytest

from hydrascope.narratives.granularity import CONFIRMED, LADDER, LOOKED, finest, granularity
from hydrascope.narratives.points import unit

SETTINGS = {"least": 10, "border": 0.05, "seed": 1}


def blobs(groups, rows, noise, seed=0):
    random = np.random.default_rng(seed)
    centres = unit(random.normal(size=(groups, 12)))
    drawn = centres[random.integers(0, groups, rows)]
    return unit(drawn + random.normal(scale=noise, size=drawn.shape)).astype(np.float32)


@pytest.fixture(scope="module")
def clear():
    points = blobs(7, 320, 0.08)
    return points, granularity(points, **SETTINGS)


def test_as_many_topics_as_there_are_clear_groups_are_chosen(clear):
    table = clear[1]
    assert finest(table) == 7
    chosen = table.loc[table["chosen"]]
    assert chosen[["topics", "resamples"]].to_numpy().tolist() == [[7, CONFIRMED]]
    assert (chosen[["ari_without_outliers", "reseeded"]] == 1).all(axis=None)


def test_a_number_that_tears_groups_apart_does_not_hold(clear):
    assert (clear[1].set_index("topics").loc[12:, "ari_without_outliers"] < 0.98).all()


def test_last_decimals_do_not_move_the_choice(clear):
    points = clear[0]
    moved = np.random.default_rng(2).choice([-1e-4, 0, 1e-4], points.shape)
    assert finest(granularity(unit(points + moved), **SETTINGS)) == 7


def test_where_nothing_holds_the_best_is_chosen_and_the_table_shows_it():
    table = granularity(blobs(1, 400, 3.0), **SETTINGS)
    best = table["ari_without_outliers"].idxmax()
    assert table.loc[table["chosen"], "topics"].to_list() == [table.loc[best, "topics"]]
    assert table["ari_without_outliers"].max() < 0.98


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
    assert finest(of_measures([0.9, 0.97, np.nan], resampled=[0.99, 0.98, 0.95])) == 8


def test_the_ladder_rises():
    assert list(LADDER) == sorted(set(LADDER))
