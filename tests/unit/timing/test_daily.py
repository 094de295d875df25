import csv
from collections import Counter

import pandas as pd
import pytest

from hydrascope.timing.daily import daily_creations, largest_days

THAI_USERS = "x-thailand-2020/thailand_092020_users_csv_hashed.csv"


def creations(*rows):
    table = pd.DataFrame(rows, columns=["platform", "created_at"])
    return table.assign(created_at=pd.to_datetime(table["created_at"], utc=True, format="ISO8601"))


def rows_of(daily):
    return list(daily.itertuples(index=False, name=None))


def test_days_between_first_and_last_are_counted_even_when_empty():
    daily = daily_creations(
        creations(("x", "2020-02-28"), ("x", "2020-03-01"), ("x", "2020-03-01"))
    )
    assert rows_of(daily) == [
        ("x", "2020-02-28", 1, 2),
        ("x", "2020-02-29", 0, 3),
        ("x", "2020-03-01", 2, 1),
    ]


def test_a_day_begins_and_ends_at_midnight_utc():
    daily = daily_creations(
        creations(
            ("x", "2020-01-01T23:59:59.999Z"),
            ("x", "2020-01-02T00:00:00Z"),
            ("x", "2020-01-02T00:00:00.001Z"),
            # half past one on the third in Bangkok is still the second
            ("x", "2020-01-03T01:30:00+07:00"),
        )
    )
    assert rows_of(daily) == [("x", "2020-01-01", 1, 2), ("x", "2020-01-02", 3, 1)]


def test_times_in_another_zone_are_counted_on_the_day_in_utc():
    bangkok = creations(("x", "2020-01-01T20:00:00Z"), ("x", "2020-01-02T01:00:00Z"))
    bangkok["created_at"] = bangkok["created_at"].dt.tz_convert("Asia/Bangkok")
    assert rows_of(daily_creations(bangkok)) == [
        ("x", "2020-01-01", 1, 1),
        ("x", "2020-01-02", 1, 2),
    ]


def test_among_equal_days_the_earlier_ranks_first():
    days = ["2020-01-03"] * 2 + ["2020-01-01"] * 2 + ["2020-01-02"] + ["2020-01-04"] * 3
    daily = daily_creations(creations(*(("x", day) for day in days)))
    assert dict(zip(daily["day"], daily["rank"], strict=True)) == {
        "2020-01-04": 1,
        "2020-01-01": 2,
        "2020-01-03": 3,
        "2020-01-02": 4,
    }


def test_each_platform_has_its_own_days_and_ranks():
    daily = daily_creations(
        creations(("youtube", "2019-01-01"), ("facebook", "2020-05-05"), ("youtube", "2019-01-02"))
    )
    assert rows_of(daily) == [
        ("facebook", "2020-05-05", 1, 1),
        ("youtube", "2019-01-01", 1, 1),
        ("youtube", "2019-01-02", 1, 2),
    ]


def test_accounts_without_a_date_are_not_counted():
    daily = daily_creations(creations(("x", "2020-01-01"), ("x", None), ("facebook", None)))
    assert rows_of(daily) == [("x", "2020-01-01", 1, 1)]


def test_no_dates_at_all_give_an_empty_table_with_its_columns():
    daily = daily_creations(creations(("x", None)))
    assert list(daily.columns) == ["platform", "day", "accounts", "rank"] and daily.empty


@pytest.mark.parametrize("seed", range(3))
def test_counts_agree_with_a_plain_counter(seed):
    stamps = pd.Timestamp("2020-01-01", tz="UTC") + pd.to_timedelta(
        pd.Series(range(400)).sample(300, random_state=seed, replace=True) * 3.7, unit="h"
    )
    daily = daily_creations(pd.DataFrame({"platform": "x", "created_at": stamps}))
    counted = Counter(str(stamp)[:10] for stamp in stamps)
    assert {d: n for d, n in zip(daily["day"], daily["accounts"], strict=True) if n} == counted
    assert daily["accounts"].sum() == 300
    assert list(daily["day"]) == [
        str(day)[:10] for day in pd.date_range(min(counted), max(counted))
    ]
    assert sorted(daily["rank"]) == list(range(1, len(daily) + 1))


def test_the_order_of_the_accounts_changes_nothing():
    rows = creations(("x", "2020-01-02"), ("x", "2020-01-01"), ("facebook", "2020-01-01"))
    pd.testing.assert_frame_equal(daily_creations(rows), daily_creations(rows[::-1]))


def test_largest_days_are_the_first_ranks_of_each_platform():
    daily = daily_creations(
        creations(
            *[("x", "2020-01-01")] * 2,
            *[("x", "2020-01-03")] * 5,
            ("x", "2020-01-04"),
            ("facebook", "2020-01-01"),
        )
    )
    assert rows_of(largest_days(daily, 2)) == [
        ("facebook", "2020-01-01", 1, 1),
        ("x", "2020-01-03", 5, 1),
        ("x", "2020-01-01", 2, 2),
    ]


def test_a_day_without_a_creation_is_never_among_the_largest():
    daily = daily_creations(creations(("x", "2020-01-01"), ("x", "2020-01-04")))
    assert rows_of(largest_days(daily, 3)) == [
        ("x", "2020-01-01", 1, 1),
        ("x", "2020-01-04", 1, 2),
    ]


def test_the_five_largest_days_of_the_thai_release_are_known(realdata):
    with (realdata / THAI_USERS).open(encoding="utf-8", newline="") as stream:
        stated = [row["account_creation_date"] for row in csv.DictReader(stream)]
    largest = largest_days(daily_creations(creations(*(("x", day) for day in stated))), 5)
    assert rows_of(largest) == [
        ("x", "2019-12-08", 106, 1),
        ("x", "2020-01-09", 105, 2),
        ("x", "2020-01-14", 88, 3),
        ("x", "2019-12-07", 72, 4),
        ("x", "2020-01-13", 71, 5),
    ]
