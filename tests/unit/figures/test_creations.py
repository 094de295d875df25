import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.dates import date2num

from hydrascope.figures.creations import creations_data, draw_creations
from hydrascope.figures.draw import styled
from hydrascope.timing.daily import daily_creations

# Accounts made on days of one month, by platform; days not named had none.
X = {1: 2, 3: 10, 4: 40, 5: 30, 9: 16, 28: 2}
YOUTUBE = {2: 1, 7: 3}


def daily_of(**platforms):
    rows = [
        (platform, f"2020-01-{day:02}")
        for platform, days in platforms.items()
        for day, accounts in days.items()
        for _ in range(accounts)
    ]
    table = pd.DataFrame(rows, columns=["platform", "created_at"])
    return daily_creations(
        table.assign(created_at=pd.to_datetime(table["created_at"], utc=True, format="%Y-%m-%d"))
    )


NO_BURSTS = pd.DataFrame(columns=["platform", "start", "end", "accounts", "status"])
NO_RULES = pd.DataFrame(columns=["platform", "rule", "start", "end", "accounts"])
NO_WAVES = pd.DataFrame(columns=["day_low", "day_high", "removed"])


def data_of(daily, bursts=NO_BURSTS, comparators=NO_RULES, waves=NO_WAVES):
    baselines = daily[["platform", "day"]].assign(baseline=1.5)
    return creations_data(daily, baselines, bursts, comparators, waves)


DATA = data_of(daily_of(x=X, youtube=YOUTUBE))
BURSTS = pd.DataFrame(
    [("x", "2020-01-04", "2020-01-05", 70, "burst"), ("youtube", None, None, None, "no burst")],
    columns=NO_BURSTS.columns,
)
WAVES = pd.DataFrame(
    [("2020-01-06 00:00:00+00:00", "2020-01-10 00:00:00+00:00", 12)], columns=NO_WAVES.columns
)
RULES = pd.DataFrame([("x", "Kleinberg", "2020-01-03", "2020-01-05", 80)], columns=NO_RULES.columns)


@pytest.fixture
def draw():
    def drawn(data, **n):
        with styled():
            return draw_creations(data, pd.Series(n))

    yield drawn
    plt.close("all")


def row_of(axis):
    """Row of platforms that an axis belongs to; each has two rows of the grid."""
    return axis.get_subplotspec().rowspan.start // 2


def bars(figure):
    """Day and height of every bar, by the row of axes that it stands in."""
    rows = {}
    for axis in figure.axes:
        for bar in axis.patches:
            middle = bar.get_x() + bar.get_width() / 2
            rows.setdefault(row_of(axis), []).append((middle, bar.get_height()))
    return rows


def steps(figure):
    """Points of every running share, by the row of axes that it stands in."""
    return {
        row_of(axis): list(zip(*line.get_data(orig=False), strict=True))
        for axis in figure.axes
        for line in axis.lines
        if line.get_drawstyle().startswith("steps")
    }


def words(figure):
    return " ".join(text.get_text() for text in figure.findobj(plt.Text))


def test_the_data_are_the_days_with_a_creation_and_what_rules_call_bursts():
    rows = data_of(daily_of(x=X, youtube=YOUTUBE), BURSTS, RULES)
    days = rows[rows["layer"] == "day"]
    assert (days["start"] == days["end"]).all()
    assert days[["start", "accounts", "cumulative_share"]].round(6).to_numpy().tolist() == [
        ["2020-01-01", 2, 0.02],
        ["2020-01-03", 10, 0.12],
        ["2020-01-04", 40, 0.52],
        ["2020-01-05", 30, 0.82],
        ["2020-01-09", 16, 0.98],
        ["2020-01-28", 2, 1.0],
        ["2020-01-02", 1, 0.25],
        ["2020-01-07", 3, 1.0],
    ]
    assert (days["baseline"] == 1.5).all()
    others = rows[rows["layer"] != "day"]
    assert others[["platform", "layer", "start", "end", "accounts"]].to_numpy().tolist() == [
        ["x", "bursts", "2020-01-04", "2020-01-05", 70],
        ["x", "Kleinberg", "2020-01-03", "2020-01-05", 80],
    ]


def test_bursts_are_drawn_as_long_as_they_are_below_the_days(draw):
    figure = draw(data_of(daily_of(x=X), BURSTS, RULES), x=100)
    below = next(axis for axis in figure.axes if axis.collections)
    spans = [
        path.get_extents().intervalx for part in below.collections for path in part.get_paths()
    ]
    lengths = sorted(round(high - low) for low, high in spans)
    assert lengths == [2, 3]
    assert [label.get_text() for label in below.get_yticklabels()] == ["Kleinberg", "bursts"]


def test_removals_are_shown_with_every_platform_between_bursts_and_the_rules_of_others(draw):
    data = data_of(daily_of(x=X, youtube=YOUTUBE), BURSTS, RULES, WAVES)
    removals = data[data["layer"] == "removals"]
    assert removals[["platform", "start", "end", "accounts"]].to_numpy().tolist() == [
        ["x", "2020-01-06", "2020-01-10", 12],
        ["youtube", "2020-01-06", "2020-01-10", 12],
    ]
    figure = draw(data, x=100, youtube=4)
    labels = [[label.get_text() for label in axis.get_yticklabels()] for axis in figure.axes]
    assert ["Kleinberg", "removals", "bursts"] in labels and ["removals", "bursts"] in labels


def test_the_baseline_is_drawn_where_there_is_one(draw):
    assert "baseline" in words(draw(DATA, x=100, youtube=4))
    daily = daily_of(x=X)
    bare = creations_data(
        daily,
        pd.DataFrame(columns=["platform", "day", "baseline"]),
        NO_BURSTS,
        NO_RULES,
        NO_WAVES,
    )
    assert "baseline" not in words(draw(bare, x=100))


def assert_drawn(points, rows, column):
    wanted = np.column_stack([date2num(pd.to_datetime(rows["start"])), rows[column]])
    np.testing.assert_allclose(points, wanted, rtol=0, atol=1e-9)


def test_the_bars_are_the_days_of_the_table_that_hold_the_middle_nine_tenths(draw):
    drawn = bars(draw(DATA, x=100, youtube=4))
    assert sorted(drawn) == [0, 1]
    # the first and the last day lie within a twentieth of the accounts at either end
    assert_drawn(drawn[0], DATA[1:5], "accounts")
    assert_drawn(drawn[1], DATA[6:], "accounts")


def test_the_running_share_is_that_of_the_table(draw):
    drawn = steps(draw(DATA, x=100, youtube=4))
    assert sorted(drawn) == [0, 1]
    assert_drawn(drawn[0], DATA[:6], "cumulative_share")
    assert_drawn(drawn[1], DATA[6:], "cumulative_share")


def test_the_figure_says_how_many_of_all_accounts_have_a_date(draw):
    text = words(draw(DATA, x=1100, youtube=4))
    assert "100 of 1,100" in text and "4 of 4" in text
    assert "96 of them" in text


def test_every_axis_says_what_it_shows(draw):
    for whole, close, below in zip(*[iter(draw(DATA, x=100, youtube=4).axes)] * 3, strict=True):
        assert whole.get_xlabel() == below.get_xlabel() == "day of creation (UTC)"
        assert whole.get_ylabel()
        assert close.get_ylabel() == "accounts a day"


def test_platforms_are_drawn_in_their_order_whatever_the_order_of_the_counts(draw):
    assert bars(draw(DATA, youtube=4, x=100)) == bars(draw(DATA, x=100, youtube=4))


def test_a_platform_without_a_date_is_said_to_have_none_and_the_others_are_drawn(draw):
    figure = draw(DATA, facebook=1632, x=100, youtube=4)
    assert "facebook: 0 of 1,632" in words(figure)
    assert [len(points) for _, points in sorted(bars(figure).items())] == [4, 2]
    assert sorted(bars(figure)) == [1, 2]


def test_one_account_is_drawn(draw):
    data = data_of(daily_of(x={5: 1}))
    assert [height for _, height in bars(draw(data, x=1))[0]] == [1]


def test_no_dates_at_all_are_drawn_empty(draw):
    figure = draw(data_of(daily_of()), x=3)
    assert "0 of 3" in words(figure) and bars(figure) == {}
    assert "not identified: no account has a date of creation" in words(figure)
