"""Times in UTC against Python's datetime, written in every way that is read."""

import datetime as dt
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hydrascope.ingest.times import (
    PLACES,
    VAGUE,
    ZONES,
    days_ago,
    iso_precision,
    iso_utc,
    zoned_utc,
)

# A machine far from UTC: no time may depend on where it stands.
DATABASE = duckdb.connect(config={"threads": 1})
DATABASE.execute("SET TimeZone = 'Asia/Kolkata'")
HOUR = dt.timedelta(hours=1)


def asked(sql, text):
    return DATABASE.execute(f"SELECT {sql} FROM (SELECT $text::VARCHAR AS t)", {"text": text})


def iso(text):
    cursor = asked(iso_utc("t"), text)
    assert cursor.description[0][1] == "TIMESTAMP"
    return cursor.fetchone()[0]


def zoned(text):
    return asked(zoned_utc("t"), text).fetchone()[0]


@pytest.mark.parametrize(
    ("text", "time", "precision"),
    [
        ("2020-02-29", (2020, 2, 29), "day"),
        ("2020-02-29 23:59", (2020, 2, 29, 23, 59), "min"),
        ("2020-02-29T23:59", (2020, 2, 29, 23, 59), "min"),
        ("2020-02-29T23:59Z", (2020, 2, 29, 23, 59), "min"),
        ("2020-02-29T23:59:07", (2020, 2, 29, 23, 59, 7), "s"),
        ("2020-02-29 23:59:07 Z", (2020, 2, 29, 23, 59, 7), "s"),
        ("2020-02-29T23:59:07.000Z", (2020, 2, 29, 23, 59, 7), "s"),
        ("2020-02-29T23:59:07.5Z", (2020, 2, 29, 23, 59, 7, 500_000), "ms"),
        ("2020-02-29T23:59:07.120Z", (2020, 2, 29, 23, 59, 7, 120_000), "ms"),
        ("2020-02-29T23:59:07.001", (2020, 2, 29, 23, 59, 7, 1000), "ms"),
        # The tables hold milliseconds; what is finer is cut, not rounded.
        ("2020-02-29T23:59:59.999999Z", (2020, 2, 29, 23, 59, 59, 999_000), "ms"),
        ("2020-02-29T23:59:07.123456789Z", (2020, 2, 29, 23, 59, 7, 123_000), "ms"),
        ("2020-02-29T23:59:07.123456789+01:00", (2020, 2, 29, 22, 59, 7, 123_000), "ms"),
        ("2020-02-29T23:59:07+00:00", (2020, 2, 29, 23, 59, 7), "s"),
        ("2020-02-29T23:59:07+0000", (2020, 2, 29, 23, 59, 7), "s"),
        ("2020-02-29T23:59:07-01:00", (2020, 3, 1, 0, 59, 7), "s"),
        ("2020-02-29T23:59:07 -01", (2020, 3, 1, 0, 59, 7), "s"),
        ("2020-03-01T00:30+05:30", (2020, 2, 29, 19, 0), "min"),
        ("2020-03-01T00:30:00-03:30", (2020, 3, 1, 4, 0), "s"),
        ("2020-03-01 00:30+14", (2020, 2, 29, 10, 30), "min"),
    ],
)
def test_a_time_of_iso_8601_in_utc_and_how_exact_it_is(text, time, precision):
    assert iso(text) == dt.datetime(*time)
    assert asked(iso_precision("t"), text).fetchone()[0] == precision


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "2020",
        "2020-02",
        "2020-02-30",
        "2021-02-29",
        "2020-13-01",
        "2020-00-10",
        "2020-2-9",
        "20200229",
        "2020-02-29 ",
        " 2020-02-29",
        "2020-02-29\n",
        "2020-02-29T",
        "2020-02-29T24:00",
        "2020-02-29T23:60",
        "2020-02-29T23:59:60",
        "2020-02-29T23",
        "2020-02-29T23:59:07.",
        "2020-02-29T23:59:07.1234567890",
        "2020-02-29Z",
        "2020-02-29T23:59+15:00",
        "2020-02-29T23:59+05:60",
        "2020-02-29T23:59 EST",
        "2020-02-29T23:59:07Z+01:00",
        "2020-02-29 23:59:07 PM",
        "29.02.2020",
        "02/29/2020",
        "1582934347",
        "2020-02-29t23:59:07",
        "２０２０-02-29",
        "infinity",
        "epoch",
        "NULL",
    ],
)
def test_what_is_no_time_of_iso_8601_is_none(text):
    assert iso(text) is None


MOMENTS = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 1, 1))
OFFSETS = st.tuples(st.sampled_from("+-"), st.integers(0, 14), st.integers(0, 59))


@given(MOMENTS, st.sampled_from("T "), OFFSETS, st.sampled_from(["", ":"]), st.booleans())
def test_an_offset_is_taken_off(moment, between, offset, colon, finer):
    sign, hours, minutes = offset
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000 if finer else 0)
    local = moment.isoformat(between, "milliseconds" if finer else "seconds")
    found = iso(f"{local}{sign}{hours:02}{colon}{minutes:02}")
    assert found == moment - (1 if sign == "+" else -1) * (hours * HOUR + minutes * HOUR / 60)


@given(st.text("0123456789-:TZ+. /", max_size=25) | st.text(max_size=12))
def test_any_text_is_a_time_that_python_reads_too_or_none(text):
    found = iso(text)
    if found is not None:
        read = dt.datetime.fromisoformat(text.replace(" Z", "Z").replace(" +", "+"))
        assert found == read.replace(tzinfo=None) - (read.utcoffset() or 0 * HOUR)
    assert zoned(text) is None or found is not None


def test_a_missing_time_stays_missing():
    assert (iso(None), zoned(None)) == (None, None)


@pytest.mark.parametrize(("zone", "hours"), ZONES.items())
def test_an_abbreviation_that_names_one_zone_is_taken_off(zone, hours):
    expected = dt.datetime(2021, 1, 1, 3, 4, 5) - hours * HOUR
    assert zoned(f"2021-01-01 03:04:05 {zone}") == expected


@pytest.mark.parametrize(
    ("zone", "name"),
    [("EST", "America/Panama"), ("MST", "America/Phoenix"), ("JST", "Asia/Tokyo")]
    + [("HKT", "Asia/Hong_Kong"), ("KST", "Asia/Seoul"), ("HST", "Pacific/Honolulu")],
)
def test_an_abbreviation_is_what_the_time_zone_database_says(zone, name):
    local = f"2021-07-01 12:00:00 {zone}"
    there = f"timezone('{name}', TIMESTAMP '2021-07-01 12:00:00') AT TIME ZONE 'UTC'"
    assert zoned(local) == DATABASE.execute(f"SELECT {there}").fetchone()[0]


@pytest.mark.parametrize(
    "text",
    [
        "2021-01-01 03:04:05 CST",
        "2021-01-01 03:04:05 IST",
        "2021-01-01 03:04:05 BST",
        "2021-01-01 03:04:05 AST",
        "2021-01-01 03:04:05 XYZ",
        "2021-01-01 03:04:05 est",
        "2021-01-01 03:04:05",
        "2021-01-01 03:04 EST",
        "2021-01-01 25:04:05 EST",
        "2021-02-30 03:04:05 EST",
        "2021-01-01",
        "",
    ],
)
def test_a_time_whose_zone_is_not_known_is_none(text):
    assert zoned(text) is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("2013-07-01 12:00:00 MSK", 4),
        ("2021-07-01 12:00:00 MSK", 3),
        ("2012-07-01 12:00:00 VET", -4.5),
        ("2021-07-01 12:00:00 VET", -4),
        ("2013-07-01 12:00:00 YEKT", 6),
    ],
)
def test_a_zone_that_moved_is_read_as_it_was_then(text, hours):
    assert zoned(text) == dt.datetime.fromisoformat(text[:19]) - hours * HOUR
    assert not PLACES.keys() & ZONES.keys()


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        *[("NZST", "Pacific/Auckland"), ("AEDT", "Australia/Sydney"), ("WITA", "Asia/Makassar")],
        *[("SAST", "Africa/Johannesburg"), ("PKT", "Asia/Karachi"), ("ACST", "Australia/Darwin")],
        *[("EEST", "Europe/Kyiv"), ("WAT", "Africa/Lagos"), ("NDT", "America/St_Johns")],
    ],
)
def test_an_abbreviation_is_what_the_data_base_calls_the_zone(name, zone):
    there = (dt.datetime(2021, month, 1, 12, tzinfo=ZoneInfo(zone)) for month in (1, 7))
    found = {moment.utcoffset() / HOUR for moment in there if moment.tzname() == name}
    assert found == {ZONES[name]}


STATED = {
    "CST": "America/Chicago",
    "IST": "Asia/Kolkata",
    "PST": "Asia/Manila",
    "none": "Asia/Tokyo",
}


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        *[("2021-01-01 12:00:00 CST", -6), ("2021-01-01 12:00:00 IST", 5.5)],
        *[("2021-01-01 12:00:00 PST", 8), ("2021-01-01 12:00:00", 9), ("2021-01-01 12:00:00Z", 0)],
        # the second time that the clock showed this hour, which the abbreviation tells
        *[("2021-11-07 01:30:00 CST", -6), ("2021-11-07 01:30:00 CDT", -5)],
        *[("2021-01-01 12:00:00 EST", -5)],
    ],
)
def test_a_setting_says_which_zone_an_abbreviation_means(text, hours):
    found = asked(zoned_utc("t", STATED), text).fetchone()[0]
    assert found == dt.datetime.fromisoformat(text[:19]) - hours * HOUR


def test_a_stated_zone_without_that_abbreviation_is_read_by_its_clock():
    stated = {"ET": "America/New_York"}
    for month, hours in ((1, 5), (7, 4)):
        found = asked(zoned_utc("t", stated), f"2021-{month:02}-01 12:00:00 ET").fetchone()[0]
        assert found == dt.datetime(2021, month, 1, 12 + hours)


@pytest.mark.parametrize("zone", ["-0500", " -05:00", "-05"])
def test_an_offset_may_stand_for_the_zone(zone):
    assert zoned(f"2021-01-01 03:04:05{zone}") == dt.datetime(2021, 1, 1, 8, 4, 5)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        *((text, "0") for text in ("5 minutes ago", "5分钟前", "刚刚", "just now", "今天 12:30")),
        *((text, "0") for text in ("an hour ago", "12小时前", "Today at 5:30 pm", "30秒前")),
        # counted from noon
        *((text, "1") for text in ("20 hours ago", "20小时前", "昨天 08:00", "Yesterday", "1天前")),
        *((text, "2") for text in ("2 days ago", "前天 09:10", "40 hours ago")),
        *((text, VAGUE) for text in ("2 weeks ago", "a month ago", "3个月前", "1年前")),
        *((text, "") for text in ("", "2021-01-02", "hours ago", "20 hours", "99999 days ago")),
    ],
)
def test_times_told_from_when_somebody_looked(text, days):
    assert days_ago(text) == days
