"""Times in X ids against datetime arithmetic, guards included."""

import datetime as dt

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hydrascope.ingest.snowflake import snowflake_sql

DATABASE = duckdb.connect(config={"threads": 1})
# twitter's own epoch, 2010-11-04 01:42:54.657 UTC
EPOCH = dt.datetime(2010, 11, 4, 1, 42, 54, 657_000)
MILLISECOND = dt.timedelta(milliseconds=1)


def time_in(number, stated, unit):
    sql = f"SELECT {snowflake_sql('$id::VARCHAR', '$stated::TIMESTAMP', unit)}"
    return DATABASE.execute(sql, {"id": number, "stated": stated}).fetchone()[0]


def id_at(moment, low=0):
    return str(((moment - EPOCH) // MILLISECOND << 22) + low)


def test_a_known_tweet():
    # the first tweet of the Thai release: stated 2019-11-19 05:20
    stated = dt.datetime(2019, 11, 19, 5, 20)
    found = time_in("1196659470232772609", stated, "minute")
    assert found == dt.datetime(2019, 11, 19, 5, 20, 25, 218_000)
    assert found == EPOCH + 1196659470232772609 // 2**22 * MILLISECOND


@given(
    st.datetimes(dt.datetime(2011, 9, 1), dt.datetime(2030, 1, 1)),
    st.integers(0, 2**22 - 1),
)
def test_an_id_that_agrees_gives_its_millisecond(moment, low):
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    minute = moment.replace(second=0, microsecond=0)
    day = minute.replace(hour=0, minute=0)
    assert time_in(id_at(moment, low), minute, "minute") == moment
    assert time_in(id_at(moment, low), day, "day") == moment


NOON = dt.datetime(2019, 1, 1, 12, 0)
MIDNIGHT = dt.datetime(2019, 1, 1)


@pytest.mark.parametrize(
    ("moment", "stated", "unit", "agrees"),
    [
        (NOON, NOON, "minute", True),
        (NOON + 59_999 * MILLISECOND, NOON, "minute", True),
        (NOON + 60_000 * MILLISECOND, NOON, "minute", False),
        (NOON - MILLISECOND, NOON, "minute", False),
        (MIDNIGHT, MIDNIGHT, "day", True),
        (MIDNIGHT + 86_399_999 * MILLISECOND, MIDNIGHT, "day", True),
        (MIDNIGHT + 86_400_000 * MILLISECOND, MIDNIGHT, "day", False),
        (MIDNIGHT - MILLISECOND, MIDNIGHT, "day", False),
    ],
)
def test_an_id_counts_only_within_the_stated_minute_or_day(moment, stated, unit, agrees):
    assert time_in(id_at(moment, 2**22 - 1), stated, unit) == (moment if agrees else None)


@pytest.mark.parametrize(
    ("number", "read"), [(10**17 - 1, False), (10**17, False), (10**17 + 1, True)]
)
def test_an_id_counts_only_above_ten_to_the_seventeenth(number, read):
    # 2011-08-07, where the formula is right for all three: the guard alone decides
    moment = EPOCH + (number >> 22) * MILLISECOND
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    assert time_in(str(number), day, "day") == (moment if read else None)


def test_a_running_number_of_before_2010_is_not_read_though_it_would_agree():
    # the formula puts every such id on the first day of the epoch
    assert time_in("20", EPOCH.replace(hour=0, minute=0, second=0, microsecond=0), "day") is None


@pytest.mark.parametrize(
    "number",
    [
        "",
        None,
        "abc",
        "-1196659470232772609",
        "tGpRofwHLXI5iuye+ZDKVW8yVCic9mkRLxTwiBbEOrU=",
        "9" * 20,
    ],
)
def test_what_is_no_id_has_no_time(number):
    assert time_in(number, dt.datetime(2019, 11, 19, 5, 20), "minute") is None


def test_the_largest_id_there_can_be_is_no_overflow():
    assert time_in(str(2**64 - 1), NOON, "minute") is None


def test_without_a_stated_time_nothing_is_read():
    assert time_in("1196659470232772609", None, "minute") is None
