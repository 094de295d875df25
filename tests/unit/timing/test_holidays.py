"""Rest days and made-up days: known calendars, planted rest, and quiet years."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from hydrascope.timing.holidays import calendars, holiday_table

COUNTRIES = ["CN", "TW", "US", "FR", "IN"]
FIRST, LAST = date(2020, 7, 1), date(2021, 12, 31)
DAYS = pd.date_range(FIRST, LAST, freq="D")


def posts(rate):
    return pd.Series(np.random.default_rng(1).poisson(rate).astype(float), index=DAYS)


def table_of(rate, seed=3):
    return holiday_table("x", posts(rate), calendars(COUNTRIES, FIRST, LAST), draws=999, seed=seed)


def row_of(table, country, kind="working days off"):
    return table[(table["country"] == country) & (table["kind"] == kind)].iloc[0]


def test_the_first_week_of_october_is_off_in_china_and_a_saturday_makes_up_for_it():
    off, made_up = calendars(COUNTRIES, FIRST, LAST)["CN"]
    assert {date(2021, 10, day) for day in (1, 4, 5, 6, 7)} <= off
    assert date(2021, 10, 9) in made_up
    assert not off & made_up


def test_a_day_that_most_have_off_tells_nothing():
    assert all(date(2021, 1, 1) not in off for off, _ in calendars(COUNTRIES, FIRST, LAST).values())


def test_an_unknown_country_is_named():
    with pytest.raises(ValueError, match="timing.countries: found 'XX'"):
        calendars(["CN", "XX"], FIRST, LAST)


def test_who_rests_with_a_country_is_told_from_others():
    off, made_up = calendars(COUNTRIES, FIRST, LAST)["CN"]
    rate = np.where(DAYS.day_of_week < 5, 60.0, 20.0)
    rate[[day.date() in off for day in DAYS]] = 15
    rate[[day.date() in made_up for day in DAYS]] = 60
    table = table_of(rate)
    china = row_of(table, "CN")
    assert china["q"] < 0.05
    assert china["low"] < 0.25 < china["high"] < 0.6
    assert row_of(table, "CN", "working weekends")["ratio"] > 2
    others = table[table["country"].isin(["US", "FR", "IN"])]
    assert (others["q"].dropna() > 0.05).all()


@pytest.mark.nightly
def test_a_year_without_rest_is_seldom_taken_for_one():
    hits = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        rate = 40 * np.where(DAYS.day_of_week < 5, 1.0, 0.4) * random.gamma(5, 1 / 5, len(DAYS))
        posted = pd.Series(random.poisson(rate).astype(float), index=DAYS)
        table = holiday_table("x", posted, calendars(COUNTRIES, FIRST, LAST), draws=199, seed=seed)
        hits += (table["p"].dropna() <= 0.005).any()
    # Some eight tests of 0.005 each.
    assert hits <= 6


def test_the_expectation_is_the_mean_of_the_same_weekday_around():
    table = table_of(np.where(DAYS.day_of_week < 5, 60.0, 20.0))
    posted = posts(np.where(DAYS.day_of_week < 5, 60.0, 20.0))
    off, made_up = calendars(COUNTRIES, FIRST, LAST)["US"]
    due = 0.0
    used = 0
    for day in sorted(off):
        around = [pd.Timestamp(day) + pd.Timedelta(weeks=step) for step in range(-5, 6) if step]
        values = [
            posted[at] for at in around if at in posted.index and at.date() not in off | made_up
        ]
        if len(values) >= 4:
            due += np.mean(values)
            used += 1
    row = row_of(table, "US")
    assert row["days"] == used
    assert row["due"] == pytest.approx(due / posted.sum())


def test_few_days_give_no_verdict_but_a_reason():
    table = row_of(table_of(np.full(len(DAYS), 30.0)), "US", "working weekends")
    assert np.isnan(table["p"])
    assert table["status"] == "not identified: 0 days, and 3 are needed"
