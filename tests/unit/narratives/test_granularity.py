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


def test_as_many_topics_as_there_are_clear_groups_are_chosen():
    table = granularity(blobs(7, 700, 0.05), **SETTINGS)
    assert finest(table) == 7
    assert table.loc[table["chosen"], "topics"].to_list() == [7]
    assert table.loc[table["chosen"], "resamples"].to_list() == [CONFIRMED]


def test_a_number_that_tears_groups_apart_does_not_hold():
    table = granularity(blobs(7, 700, 0.05), **SETTINGS).set_index("topics")
    assert (table.loc[12:, "ari_without_outliers"] < 0.96).all()


def test_where_nothing_holds_the_best_is_chosen_and_the_table_shows_it():
    table = granularity(blobs(1, 400, 3.0), **SETTINGS)
    best = table["ari_without_outliers"].idxmax()
    assert table.loc[table["chosen"], "topics"].to_list() == [table.loc[best, "topics"]]
    assert table["ari_without_outliers"].max() < 0.96


@pytest.mark.parametrize(("rows", "numbers"), [(0, []), (39, []), (40, [2]), (60, [3])])
def test_no_number_of_topics_is_looked_at_that_the_families_are_too_few_for(rows, numbers):
    table = granularity(blobs(2, 60, 0.05)[:rows], **SETTINGS)
    assert table["topics"].to_list() == numbers
    assert finest(table) == (numbers or [0])[-1]


def test_one_that_only_seemed_to_hold_is_not_chosen():
    table = pd.DataFrame(
        {
            "topics": [5, 8, 12],
            "resamples": [CONFIRMED, CONFIRMED, LOOKED],
            "ari_all": [0.9, 0.8, 0.9],
            "ari_without_outliers": [0.97, 0.99, 0.99],
        }
    )
    assert finest(table) == 5


def test_the_ladder_rises():
    assert list(LADDER) == sorted(set(LADDER))
