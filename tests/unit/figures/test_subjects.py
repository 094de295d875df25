"""Figure 7 has a panel a platform, a row a subject, a dot a language."""

import pandas as pd
import pytest

from hydrascope.figures.subjects import draw_subjects, subjects_data

COLUMNS = ["month", "platform", "language", "subject", "posts", "of_posts", "post_share"]
ROWS = [
    ("all", "x", "all", "xinjiang", 30, 100, 0.3),
    ("all", "x", "all", "guo_wengui", 60, 100, 0.6),
    ("all", "x", "zh", "xinjiang", 28, 70, 0.4),
    ("all", "x", "zh", "guo_wengui", 42, 70, 0.6),
    ("all", "x", "en", "xinjiang", 2, 30, 0.067),
    ("2021-01", "x", "all", "xinjiang", 3, 10, 0.3),
    ("all", "all", "all", "xinjiang", 30, 100, 0.3),
]
TABLE = pd.DataFrame(ROWS, columns=COLUMNS).assign(low=0.01, high=0.9)


def test_months_and_the_sum_over_platforms_are_left_out():
    data = subjects_data(TABLE)
    assert set(data["platform"]) == {"x"}
    assert data["language"].to_list() == ["all", "all", "en", "zh", "zh"]


def test_languages_with_few_posts_are_left_out():
    many = [("all", "x", f"l{number}", "xinjiang", number, 100, 0.1) for number in range(9)]
    table = pd.DataFrame(many, columns=COLUMNS).assign(low=None, high=None)
    assert set(subjects_data(table)["language"]) == {"l5", "l6", "l7", "l8"}


def test_the_subject_with_most_posts_is_on_top_and_dots_are_the_shares(drawn, words):
    figure = drawn(draw_subjects, subjects_data(TABLE))
    axis = figure.axes[0]
    assert [label.get_text() for label in axis.get_yticklabels()] == ["guo wengui", "xinjiang"]
    shares = {line.get_label(): sorted(line.get_xdata()) for line in axis.lines}
    assert shares == {"all": [0.3, 0.6], "en": [pytest.approx(0.067)], "zh": [0.4, 0.6]}
    assert "x n = 100 posts" in words(figure)


def test_a_language_that_a_platform_lacks_is_left_out_there(drawn):
    other = TABLE.iloc[:2].assign(platform="youtube")
    table = pd.concat([TABLE, other], ignore_index=True)
    youtube = drawn(draw_subjects, subjects_data(table)).axes[1]
    assert [len(line.get_xdata()) for line in youtube.lines] == [2, 0, 0]


def test_a_study_without_posts_is_drawn_empty_and_says_so(drawn):
    (axis,) = drawn(draw_subjects, subjects_data(TABLE.iloc[:0])).axes
    assert axis.texts[0].get_text() == "not identified: the network has no post"
