"""Figure 3 draws what prevalence.tsv holds, over all platforms and languages."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from hydrascope.figures.draw import styled
from hydrascope.figures.prevalence import draw_prevalence, prevalence_data

ROWS = [
    ("all", "all", "all", "taiwan", 5, 12),
    ("all", "all", "2021-01", "taiwan", 1, 4),
    ("all", "all", "2021-02", "taiwan", 4, 8),
    ("all", "all", "2021-01", "uncoded", 3, 4),
    ("all", "all", "2021-02", "uncoded", 4, 8),
    ("all", "all", "unknown", "uncoded", 9, 9),
    ("x", "all", "2021-01", "taiwan", 1, 2),
    ("all", "en", "2021-01", "taiwan", 1, 1),
]


@pytest.fixture
def data():
    columns = ["platform", "language", "month", "subject", "posts", "of_posts"]
    table = pd.DataFrame(ROWS, columns=columns)
    share = table["posts"] / table["of_posts"]
    return prevalence_data(table.assign(post_share=share, low=share / 2, high=share + 0.125))


def test_parts_and_undated_posts_are_left_out(data):
    assert data.values.tolist() == [
        ["2021-01", "taiwan", 1, 4, 0.25, 0.125, 0.375],
        ["2021-02", "taiwan", 4, 8, 0.5, 0.25, 0.625],
        ["2021-01", "uncoded", 3, 4, 0.75, 0.375, 0.875],
        ["2021-02", "uncoded", 4, 8, 0.5, 0.25, 0.625],
    ]


def test_the_lines_are_those_of_the_table(data):
    with styled():
        figure = draw_prevalence(data)
    drawn = {
        axis.get_title(loc="left"): axis.lines[0].get_ydata().tolist()
        for axis in figure.axes
        if axis.lines
    }
    plt.close(figure)
    assert drawn == {"taiwan, n = 5": [0.25, 0.5], "uncoded, n = 7": [0.75, 0.5]}
    # A month's share is of the posts of that month.
    assert figure.get_supylabel() == "share of the month's posts (12 in all months)"


def test_the_bands_are_the_intervals_and_one_that_is_missing_is_not_drawn(data):
    data.loc[data["subject"] == "uncoded", ["low", "high"]] = None
    with styled():
        figure = draw_prevalence(data)
    bands = {
        axis.get_title(loc="left"): axis.collections[0].get_paths()
        for axis in figure.axes
        if axis.collections
    }
    plt.close(figure)
    assert bands["uncoded, n = 7"] == []
    edges = bands["taiwan, n = 5"][0].vertices[:, 1]
    assert (edges.min(), edges.max()) == (0.125, 0.625)


def test_nothing_at_all_is_drawn_empty(data):
    with styled():
        figure = draw_prevalence(data[:0])
    assert not any(axis.lines for axis in figure.axes)
    assert figure.axes[0].texts[0].get_text().startswith("not identified: no post")
    plt.close(figure)
