"""Hours of a network: tested by batch, refused where a date has none."""

import numpy as np
import pandas as pd
import pytest

from hydrascope.timing.hours import (
    Moments,
    clock_table,
    days_looked_at,
    hour_tables,
    kept_moments,
    moments_of,
    set_width,
)

START = pd.Timestamp("2021-01-04", tz="UTC")


def world(seed=1, number=120, precision="s", spans=((1, 4), (6, 9.5))):
    """Accounts in batches of three, and posts in the spans of hours (UTC)."""
    random = np.random.default_rng(seed)
    names = [f"a{seed}-{at:03d}" for at in range(number)]
    made = START + pd.to_timedelta(np.repeat(np.arange(number // 3) * 3_000, 3) + 5, unit="min")
    accounts = pd.DataFrame(
        {
            "account_id": names,
            "platform": "x",
            "unit": "user",
            "created_at": made.as_unit("ms"),
            "created_precision": precision,
            "first_seen": START + pd.Timedelta(days=400),
        }
    )
    owner = np.repeat(names, 15)
    span = np.array(spans)[random.integers(len(spans), size=len(owner))]
    hour = span[:, 0] + (span[:, 1] - span[:, 0]) * random.random(len(owner))
    day = random.integers(300, size=len(owner))
    posts = pd.DataFrame(
        {
            "account_id": owner,
            "posted_at": (
                START + pd.to_timedelta(day, unit="D") + pd.to_timedelta(hour, unit="h")
            ).as_unit("ms"),
            "posted_precision": precision,
        }
    )
    return accounts, posts


def verdicts(accounts, verdict="affiliated"):
    return pd.DataFrame(
        {
            "account_id": accounts["account_id"],
            "verdict": verdict,
            "verdict_without_timing": verdict,
        }
    )


def tables_of(network, controls=None, draws=1_999):
    sides = []
    for accounts, posts in (network, controls or network):
        sides.append(
            kept_moments(
                accounts,
                posts,
                verdicts(accounts),
                verdict="verdict",
                side="affiliated",
                gap_minutes=60,
            )
        )
    (own, n), (others, _) = sides
    return hour_tables(own, others if controls else {}, n, {}, draws=draws, seed=1)


def row_of(hours, of, estimate):
    return hours[(hours["of"] == of) & hours["estimate"].str.startswith(estimate)].iloc[0]


def test_office_hours_are_seen_and_described():
    even = world(2, spans=((0, 24),))
    hours, zones, shifts, _ = tables_of(world(), even)
    row = row_of(hours, "posts", "common hours")
    assert row["q"] <= 0.01
    assert (row["times"], row["n_dated"], row["n"], row["batches"]) == (1_800, 120, 120, 40)
    assert row_of(hours, "posts", "other hours")["q"] <= 0.01
    width = row_of(hours, "posts", "zones not rejected")
    assert width["low"] <= 8 <= width["high"]
    assert width["value"] == pytest.approx(set_width(zones)[1])
    assert shifts["part"].to_list() == ["shift", "break", "shift"]


def test_hours_like_those_of_the_controls_are_not_other_hours():
    hours, *_ = tables_of(world(1), world(3))
    assert row_of(hours, "posts", "other hours")["p"] > 0.01


def test_days_have_no_hours():
    hours, zones, shifts, holidays = tables_of(world(precision="day"))
    assert set(hours["status"]) == {"not identified: day precision"}
    assert zones.empty
    assert shifts.empty
    assert holidays.empty


def test_mixed_precision_uses_the_fine_times_alone():
    accounts, posts = world()
    posts.loc[posts.index % 2 == 0, "posted_precision"] = "day"
    hours, *_ = tables_of((accounts, posts))
    assert row_of(hours, "posts", "common hours")["times"] == 900


@pytest.mark.parametrize(
    ("number", "why"),
    [(1, "15 times are known to the minute, and 20 are needed"), (9, "3.0 effective batches")],
)
def test_few_times_or_batches_have_a_reason(number, why):
    accounts, posts = world()
    names = accounts["account_id"].iloc[:number]
    hours, *_ = tables_of((accounts.iloc[:number], posts[posts["account_id"].isin(names)]))
    assert why in row_of(hours, "posts", "common hours")["status"]


def test_an_account_has_one_vote_however_much_it_posts():
    times = pd.DataFrame(
        {
            "account_id": ["a", "a", "a", "b"],
            "at": START + pd.to_timedelta([1, 2, 3, 4], unit="h"),
            "precision": "s",
        }
    )
    found = moments_of(times, pd.Series([0, 1], index=["a", "b"]))
    assert found.weights.tolist() == pytest.approx([1 / 3] * 3 + [1])
    assert found.seconds.tolist() == [int(START.timestamp()) + 3_600 * hour for hour in range(1, 5)]
    assert found.sizes.tolist() == [1, 1]


def test_posts_without_dates_are_no_error():
    accounts, posts = world()
    posts["posted_at"] = pd.Series(pd.NaT, index=posts.index, dtype="datetime64[ms, UTC]")
    hours, *_ = tables_of((accounts, posts))
    row = row_of(hours, "posts", "common hours")
    assert row["status"].startswith("not identified: 0 times")
    assert days_looked_at(posts)[0] == days_looked_at(posts)[1]


def test_the_clock_counts_half_hours_of_the_week_as_a_calendar_does():
    random = np.random.default_rng(3)
    seconds = random.integers(0, 1_700_000_000, size=2_000)
    weights = random.random(2_000)
    none = np.zeros(0, dtype=int)
    own = Moments(seconds, weights, none, 0, none, 0)
    table = clock_table({("x", "posts"): own}, {("x", "posts"): Moments(*[none] * 3, 0, none, 0)})
    assert set(table["side"]) == {"network"}
    assert len(table) == 7 * 48
    times = pd.to_datetime(seconds, unit="s")
    places = [times.isocalendar().day.to_numpy(), times.hour + (times.minute >= 30) / 2]
    wanted = pd.Series(weights / weights.sum()).groupby(places).sum()
    found = table.set_index(["weekday", "hour"])["share"]
    np.testing.assert_allclose(found.reindex(wanted.index), wanted)
    assert found.sum() == pytest.approx(1)


def test_the_width_goes_round_the_clock():
    zones = pd.DataFrame(
        {
            "offset_low": [-11.0, 13.0, 12.0, 0.0],
            "offset_high": [-11.0, 13.0, 12.0, 0.0],
            "in_set": ["yes", "yes", "yes", "no"],
        }
    )
    first, width = set_width(zones)
    assert (first, width) == (12.0, 1.0)
