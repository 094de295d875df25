"""Dates at the ends of what ingest lets through: the oldest platform, and a far snapshot."""

import pandas as pd
import pytest

from hydrascope.timing.daily import daily_creations, largest_days
from hydrascope.timing.dates import date_table, network_creations
from hydrascope.timing.dispersion import dispersion_table

DAYS = ["1980-01-03", "2004-02-04", "2021-06-01", "2199-12-30", None]


def creations(days):
    accounts = pd.DataFrame(
        {
            "account_id": [f"a{n}" for n in range(len(days))],
            "platform": "forum",
            "unit": "user",
            # As ingest stores them, to the millisecond.
            "created_at": pd.to_datetime(pd.Series(days), utc=True).astype("datetime64[ms, UTC]"),
            "created_precision": ["none" if day is None else "s" for day in days],
            "first_seen": pd.Timestamp("2199-12-31", tz="UTC").as_unit("ms"),
        }
    )
    verdicts = accounts[["account_id"]].assign(verdict_without_timing="affiliated")
    return network_creations(accounts, verdicts)


def test_two_centuries_of_creations_are_counted_by_day():
    found = creations(DAYS * 3)
    assert found["date_outcome"].value_counts().to_dict() == {"used": 12, "no date": 3}
    assert date_table(found)["accounts"].sum() == 15
    daily = daily_creations(found)
    assert daily["accounts"].sum() == 12
    assert largest_days(daily, 9)["day"].tolist() == [day for day in DAYS if day]


@pytest.mark.parametrize("days", [DAYS, ["1980-01-03", "2199-12-30"], [None, None], []])
def test_dispersion_has_an_answer_for_any_of_them(days):
    found = creations(days)
    table = dispersion_table(daily_creations(found), found.groupby("platform").size(), share=0.1)
    assert set(table["n_dated"]) <= {sum(day is not None for day in days)}
    assert len(table) or not days
