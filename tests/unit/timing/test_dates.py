"""Every account of the network is in one row, whatever its date is worth."""

import pandas as pd

from hydrascope.timing.dates import date_table, network_creations

DAY = "2021-03-01"


def accounts(**columns):
    made = columns.pop("created_at")
    size = len(made)
    base = {
        "account_id": [f"a{number}" for number in range(size)],
        "platform": ["x"] * size,
        "unit": ["user"] * size,
        "created_at": pd.to_datetime(made, utc=True),
        "created_precision": ["s"] * size,
        "first_seen": pd.to_datetime([DAY] * size, utc=True),
    }
    return pd.DataFrame(base | columns)


def verdicts(table, main="affiliated", full="affiliated"):
    return pd.DataFrame(
        {
            "account_id": table["account_id"],
            "verdict_without_timing": main,
            "verdict": full,
        }
    )


def test_dates_that_cannot_be_are_set_aside_and_counted():
    table = accounts(
        created_at=["2020-01-01", "2001-01-01", "2021-03-05", None],
        created_precision=["s", "s", "s", "none"],
    )
    found = network_creations(table, verdicts(table))
    assert found["date_outcome"].to_list() == [
        "used",
        "set aside: before the platform opened",
        "set aside: seen before it was made",
        "no date",
    ]
    assert found["created_at"].notna().to_list() == [True, False, False, False]
    counted = date_table(found)
    assert counted["accounts"].sum() == len(table)
    assert (counted["n"] == len(table)).all()


def test_a_look_on_the_day_of_the_creation_does_not_contradict_it():
    table = accounts(created_at=[f"{DAY} 23:00"])
    assert network_creations(table, verdicts(table))["date_outcome"].to_list() == ["used"]


def test_the_main_verdict_is_the_one_without_timing():
    table = accounts(created_at=["2020-01-01", "2020-01-02"])
    judged = verdicts(table, main=["affiliated", "unaffiliated"])
    assert network_creations(table, judged)["account_id"].to_list() == ["a0"]
    assert len(network_creations(table, judged, verdict="verdict")) == 2


def test_precisions_are_kept_apart():
    table = accounts(created_at=["2020-01-01"] * 3, created_precision=["s", "day", "ms"])
    counted = date_table(network_creations(table, verdicts(table)))
    assert counted["precision"].to_list() == ["day", "ms", "s"]
    assert counted["accounts"].to_list() == [1, 1, 1]


def test_a_network_without_accounts_has_no_rows():
    table = accounts(created_at=["2020-01-01"])
    assert date_table(network_creations(table, verdicts(table, main="unaffiliated"))).empty
