"""Figure 11 has a curve a kind of account, and what replacement comes to."""

import pandas as pd
import pytest

from hydrascope.figures.survival import draw_survival, survival_data

SURVIVAL = pd.DataFrame(
    [
        ("x", "user", "age", 10, 0.9, 0.8, 1.0, 40, 50, "estimated"),
        ("x", "user", "age", 20, 0.5, 0.3, 0.7, 40, 50, "estimated"),
        ("youtube", "channel", "age", None, None, None, None, 3, 5, "not identified: few"),
    ],
    columns=["platform", "unit", "origin", "day", "survival", "low", "high", "n_dated", "n"]
    + ["status"],
)
UNTOLD = pd.DataFrame([{"value": None, "n_dated": 4, "n": 9, "status": "not identified: no waves"}])
TOLD = pd.DataFrame([{"value": 1.4, "low": 0.9, "high": 2.2, "status": "estimated"}])


def test_a_curve_begins_with_everybody_and_has_the_numbers_of_the_table(drawn):
    axis = drawn(draw_survival, survival_data(SURVIVAL, UNTOLD)).axes[0]
    assert axis.lines[0].get_xdata().tolist() == [0, 10, 20]
    assert axis.lines[0].get_ydata().tolist() == [1, 0.9, 0.5]


def test_what_is_not_identified_is_named_with_the_reason(drawn, words):
    said = words(drawn(draw_survival, survival_data(SURVIVAL, UNTOLD)))
    assert "x user, 40 of 50" in said
    assert "youtube channel, 3 of 5: not identified: few" in said
    assert "not identified: no waves" in said


def test_a_study_without_removals_shows_the_reason_in_place_of_curves(drawn, words):
    untold = pd.DataFrame([{"status": "not identified: one look", "n_dated": 0, "n": 9}])
    figure = drawn(draw_survival, survival_data(untold.reindex(columns=SURVIVAL.columns), UNTOLD))
    assert "not identified: one look" in words(figure)
    assert figure.axes[0].get_xlabel() == "days"


def test_the_ratio_is_drawn_with_its_interval(drawn, words):
    figure = drawn(draw_survival, survival_data(SURVIVAL, TOLD))
    axis = figure.axes[-1]
    (low, _), (high, _) = axis.collections[0].get_segments()[0]
    assert (low, high) == pytest.approx((0.9, 2.2))
    assert 1.4 in [line.get_xdata()[0] for line in axis.lines]
    assert "not identified: no waves" not in words(figure)


def test_a_study_without_either_is_drawn_empty(drawn):
    figure = drawn(draw_survival, survival_data(SURVIVAL.iloc[:0], UNTOLD.iloc[:0]))
    assert len(figure.axes) == 2
