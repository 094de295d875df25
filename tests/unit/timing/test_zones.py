"""Zones whose working day fits, against a slow computation with clocks of pandas."""

import numpy as np
import pandas as pd
import pytest

from hydrascope.timing.hours import set_width
from hydrascope.timing.zones import RESTS, TEMPLATES, zone_table, zones_of

FIRST, LAST = (pd.Timestamp(day, tz="UTC") for day in ("2021-01-10", "2021-11-20"))


def worked(zone, spans, seed=1, batches=60, each=20):
    """Posts within spans of local hours, in UTC, by batch."""
    random = np.random.default_rng(seed)
    many = batches * each
    days = pd.to_datetime(FIRST.date()) + pd.to_timedelta(random.integers(310, size=many), unit="D")
    span = np.array(spans)[random.integers(len(spans), size=many)]
    hours = span[:, 0] + (span[:, 1] - span[:, 0]) * random.random(many)
    local = (days + pd.to_timedelta(hours, unit="h")).tz_localize(zone)
    return (
        local,
        local.tz_convert("UTC").as_unit("s").astype("int64").to_numpy(),
        np.repeat(np.arange(batches), each),
    )


def table_of(seconds, batches):
    return zone_table("x", seconds, np.ones(len(seconds)), batches, zones_of(FIRST, LAST))


def row_of(table, city):
    return table[table["cities"].str.split(", ").map(lambda names: city in names)].iloc[0]


def test_every_place_is_in_one_row_and_half_hours_and_summer_times_are_there():
    zones, edges = zones_of(FIRST, LAST)
    cities = [city for zone in zones for city in zone.cities]
    assert len(cities) == len(set(cities)) > 350
    by_city = {city: zone for zone in zones for city in zone.cities}
    assert set(by_city["Asia/Kolkata"].offsets) == {19_800}
    assert set(by_city["America/New_York"].offsets) == {-18_000, -14_400}
    assert by_city["Asia/Shanghai"] is by_city["Asia/Singapore"] is by_city["Australia/Perth"]
    assert all(len(zone.offsets) == len(edges) + 1 for zone in zones)


def test_clocks_are_those_of_pandas_at_every_hour():
    zones, edges = zones_of(FIRST, LAST)
    hours = pd.date_range(FIRST, LAST, freq="97h")
    stretch = np.searchsorted(edges, hours.as_unit("s").astype("int64"), side="right")
    for city in ("America/New_York", "Europe/Moscow", "Asia/Tehran", "Australia/Sydney"):
        own = next(zone for zone in zones if city in zone.cities)
        expected = [hour.tz_convert(city).utcoffset().total_seconds() for hour in hours]
        assert [own.offsets[part] for part in stretch] == expected


@pytest.mark.parametrize(
    "zone", ["Asia/Shanghai", "Asia/Kolkata", "America/New_York", "Europe/London", "Asia/Kathmandu"]
)
def test_the_zone_of_an_office_is_in_the_set_and_the_set_is_narrow(zone):
    _, seconds, batches = worked(zone, [(9, 12), (13.5, 17.5)])
    table = table_of(seconds, batches)
    assert row_of(table, zone)["in_set"] == "yes"
    assert set_width(table)[1] <= 6
    far = {"Asia/Shanghai": "Europe/London", "Asia/Kolkata": "America/New_York"}
    assert row_of(table, far.get(zone, "Pacific/Auckland"))["in_set"] == "no"


def test_summer_time_is_told_from_an_unchanging_clock():
    random = np.random.default_rng(3)
    _, seconds, batches = worked("America/New_York", [(9, 12), (13, 18)], each=40)
    table = table_of(seconds, batches)
    assert random is not None
    summer, never = row_of(table, "America/New_York"), row_of(table, "America/Bogota")
    assert summer["deficit"] < never["deficit"]


def test_likelihoods_are_those_of_a_plain_loop():
    local, seconds, batches = worked("America/New_York", [(8, 11), (12, 19)], batches=5, each=8)
    table = table_of(seconds, batches)
    best = {}
    for city in ("America/New_York", "Asia/Tokyo"):
        clock = pd.to_datetime(seconds, unit="s", utc=True).tz_convert(city)
        hour = clock.hour + np.floor(clock.minute / 15) / 4 + 0.125
        likeliest = -np.inf
        for spans in TEMPLATES.values():
            length = sum(end - start for start, end in spans) * 4
            for rest in RESTS:
                for shift in np.arange(-2, 2.01, 0.25):
                    own = (hour - shift) % 24
                    work = np.any([(own >= start) & (own < end) for start, end in spans], axis=0)
                    inside, outside = (1 - rest) / length, rest / (96 - length)
                    likeliest = max(likeliest, np.log(np.where(work, inside, outside)).sum())
        best[city] = likeliest
    deficit = {city: row_of(table, city)["deficit"] for city in best}
    assert (deficit["Asia/Tokyo"] - deficit["America/New_York"]) * len(seconds) == pytest.approx(
        best["America/New_York"] - best["Asia/Tokyo"], rel=1e-4
    )
    assert len(local) == len(seconds)
