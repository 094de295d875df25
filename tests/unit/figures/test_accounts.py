"""Figure 2 draws what platforms.tsv holds."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from hydrascope.figures.accounts import accounts_data, draw_accounts
from hydrascope.figures.draw import styled

COLUMNS = [
    "platform",
    "unit",
    "collected",
    "affiliated",
    "undetermined",
    "low",
    "high",
    "published",
]
PLATFORMS = pd.DataFrame(
    [
        ["all", "all", 130, 40, 20, 40, 60, "70"],
        ["facebook", "all", 100, 30, 15, 30, 45, "50 / 52"],
        ["facebook", "page", 60, 20, 5, 20, 25, None],
        ["facebook", "profile", 40, 10, 10, 10, 20, None],
        ["x", "user", 30, 10, 5, 8, 15, None],
    ],
    columns=COLUMNS,
)


@pytest.fixture
def figure():
    with styled():
        yield draw_accounts(accounts_data(PLATFORMS))
    plt.close("all")


def test_a_platform_is_there_as_the_sum_of_its_units_and_the_sum_of_platforms_is_not():
    data = accounts_data(PLATFORMS)
    assert data[["platform", "affiliated"]].drop_duplicates().values.tolist() == [
        ["facebook", 30],
        ["x", 10],
    ]


def test_each_of_several_published_numbers_is_marked():
    data = accounts_data(PLATFORMS)
    assert data.loc[data["platform"] == "facebook", "published"].to_list() == [50, 52]
    assert data.loc[data["platform"] == "x", "published"].isna().all()


def test_one_platform_of_one_unit_is_drawn_whether_the_number_is_read_as_text_or_not():
    for published in (926, "926"):
        one = pd.DataFrame([["x", "user", 926, 926, 0, 926, 926, published]], columns=COLUMNS)
        assert accounts_data(one).values.tolist() == [["x", 926, 926, 0, 926, 926, 926]]


def test_bars_lines_and_marks_are_those_of_the_table(figure):
    facebook, x = figure.axes
    assert [axis.patches[0].get_height() for axis in figure.axes] == [30, 10]
    assert facebook.lines[-1].get_ydata().tolist() == [50, 52]
    low_to_high = x.collections[0].get_segments()[0][:, 1].tolist()
    assert low_to_high == [8, 15]


def test_every_panel_says_of_how_many(figure):
    words = " ".join(text.get_text() for text in figure.findobj(plt.Text))
    assert "30 of 100 collected" in words
    assert "15 undetermined" in words
