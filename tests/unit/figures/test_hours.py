"""The figure of hours draws what its table holds, and the reason where hours cannot be read."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from hydrascope.figures.draw import styled
from hydrascope.figures.hours import draw_hours, hours_data

HOURS = pd.DataFrame(
    [
        ("facebook", "posts", "common hours", 90, 100, "estimated"),
        ("facebook", "posts", "other hours than controls", 90, 100, "estimated"),
        ("facebook", "creations", "common hours", 80, 100, "estimated"),
        ("x", "posts", "common hours", 0, 20, "not identified: day precision"),
    ],
    columns=["platform", "of", "estimate", "n_dated", "n", "status"],
)
CLOCK = pd.DataFrame(
    [
        ("facebook", of, side, weekday, hour / 2, share * weekday)
        for of in ("posts", "creations")
        for side, share in (("network", 0.002), ("controls", 0.001))
        for weekday in range(1, 8)
        for hour in range(48)
    ],
    columns=["platform", "of", "side", "weekday", "hour", "share"],
)
SHIFTS = pd.DataFrame(
    [("facebook", "shift", 22.0, 2.0, 3.0), ("facebook", "break", 2.0, 4.0, 0.1)],
    columns=["platform", "part", "start", "end", "rate"],
)
ZONES = pd.DataFrame(
    [("facebook", 7.0, 8.0, 12, "yes"), ("facebook", -5.0, -4.0, 9, "no")],
    columns=["platform", "offset_low", "offset_high", "zones", "in_set"],
)


@pytest.fixture
def figure():
    with styled():
        yield draw_hours(hours_data(CLOCK, SHIFTS, ZONES, HOURS))
    plt.close("all")


def test_the_data_hold_curves_stretches_and_the_zones_that_are_left():
    data = hours_data(CLOCK, SHIFTS, ZONES, HOURS)
    counts = data.groupby("layer").size().to_dict()
    # The platform without hours has one row, for the reason.
    assert counts == {
        **{"break": 1, "controls": 48, "network": 49, "shift": 1},
        **{"week": 7 * 24, "zone": 1},
    }
    day = data[data["layer"].isin(["network", "controls"])].groupby("layer")["value"]
    assert day.max().round(9).to_dict() == {"network": 0.056, "controls": 0.028}
    week = data[data["layer"] == "week"].groupby("weekday")["value"]
    assert week.max().round(9).to_list() == [0.004 * weekday for weekday in range(1, 8)]
    zone = data[data["layer"] == "zone"].iloc[0]
    assert (zone["start"], zone["end"]) == (7.0, 8.0)
    assert set(data.loc[data["platform"] == "facebook", "n"]) == {90}
    assert data.loc[data["platform"] == "x", "status"].to_list() == [
        "not identified: day precision"
    ]


def test_a_platform_where_nobody_belongs_is_left_out():
    others = CLOCK[CLOCK["side"] == "controls"].assign(platform="youtube")
    data = hours_data(pd.concat([CLOCK, others]), SHIFTS, ZONES, HOURS)
    assert set(data["platform"]) == {"facebook", "x"}


def test_both_curves_are_drawn_for_posts_alone(figure):
    day = figure.axes[0]
    assert {line.get_label() for line in day.lines} == {"network", "controls"}
    for line in day.lines:
        # Forty-eight half hours, and the end of the last.
        assert line.get_xdata(orig=True)[[0, -1]].tolist() == [0, 24]
        assert len(line.get_xdata(orig=True)) == 49


def test_the_week_is_drawn_hour_by_hour(figure):
    week = figure.axes[1]
    [mesh] = week.collections
    assert mesh.get_array().shape == (7, 24)
    assert mesh.get_array()[:, 5].round(9).tolist() == [0.004 * day for day in range(1, 8)]
    assert week.get_title(loc="left") == "network's week\n2.8% an hour at most"
    # Monday on top.
    assert week.get_ylim() == (7, 0)
    assert week.get_yticklabels()[0].get_text() == "Mon"


def test_a_shift_over_midnight_is_shaded_on_both_sides(figure):
    spans = sorted(
        (round(patch.get_x(), 1), round(patch.get_x() + patch.get_width(), 1))
        for patch in figure.axes[0].patches
    )
    assert spans == [(0.0, 2.0), (2.0, 4.0), (22.0, 24.0)]


def test_every_axis_says_what_it_shows_and_of_how_many(figure):
    titles = [axis.get_title(loc="left") for axis in figure.axes]
    assert "facebook\n90 of 100 accounts" in titles
    assert [axis.get_xlabel() for axis in figure.axes[:3]] == [
        *["hour of the day (UTC)"] * 2,
        "hours ahead of UTC",
    ]


def test_a_platform_without_hours_shows_the_reason(figure):
    words = " ".join(text.get_text().replace("\n", " ") for text in figure.findobj(plt.Text))
    assert "not identified: day precision" in words


def test_nothing_at_all_is_drawn_empty():
    data = hours_data(CLOCK.iloc[:0], SHIFTS.iloc[:0], ZONES.iloc[:0], HOURS.iloc[:0])
    with styled():
        figure = draw_hours(data)
    assert len(figure.axes) == 3
    assert np.isfinite(figure.get_size_inches()).all()
    plt.close("all")
