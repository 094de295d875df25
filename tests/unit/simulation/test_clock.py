"""Moments fall into the hours and days that a rhythm has."""

import numpy as np
import pandas as pd

from hydrascope.simulation.clock import DAY, Rhythm, day_number, moments

OFFICE = Rhythm(zone=8.0, shifts=((9.0, 12.0, 1.0), (14.0, 18.0, 3.0)), weekend=0.2, holidays=0.1)


def drawn(rhythm, first, last, count=4000, seed=1):
    start = np.full(count, day_number(first))
    return moments(np.random.default_rng(seed), rhythm, start, np.full(count, day_number(last)))


def test_every_moment_lies_in_a_shift_of_local_time_and_within_the_stretch():
    at = drawn(OFFICE, "2021-03-01", "2021-06-01")
    local = pd.to_datetime(at, unit="s") + pd.Timedelta(hours=8)
    hour = local.hour + local.minute / 60
    assert (((hour >= 9) & (hour < 12)) | ((hour >= 14) & (hour < 18))).all()
    assert (at >= day_number("2021-03-01")).all() and (at < day_number("2021-06-01")).all()
    assert np.isclose((hour >= 14).mean(), 0.75, atol=0.03)


def test_weekends_and_holidays_have_the_share_that_they_should():
    local = pd.to_datetime(drawn(OFFICE, "2021-09-01", "2021-11-01"), unit="s")
    days = pd.Series((local + pd.Timedelta(hours=8)).floor("D")).value_counts()
    weekend = days.index.day_of_week >= 5
    holiday = (days.index >= "2021-10-01") & (days.index <= "2021-10-07")
    plain = days[~weekend & ~holiday].mean()
    assert np.isclose(days[weekend & ~holiday].mean() / plain, 0.2, atol=0.06)
    assert np.isclose(days[~weekend & holiday].mean() / plain, 0.1, atol=0.06)


def test_a_stretch_without_an_hour_of_work_still_gets_a_moment_in_it():
    start = np.array([day_number("2021-03-01") + 17 * 3_600])
    at = moments(np.random.default_rng(1), OFFICE, start, start + 60)
    assert start[0] <= at[0] < start[0] + 60


def test_the_same_source_of_chance_gives_the_same_moments():
    assert (
        drawn(OFFICE, "2021-03-01", "2021-06-01") == drawn(OFFICE, "2021-03-01", "2021-06-01")
    ).all()
    assert day_number("1970-01-02") == DAY
