"""Days from a creation to the first post, apart for accounts older than the collection."""

import numpy as np
import pandas as pd
import pytest

from hydrascope.timing.dormancy import dormancy_table

OPENING = pd.Timestamp("2021-01-01", tz="UTC")


def table_of(created, waits, precision="s"):
    names = [f"a{at:03d}" for at in range(len(created))]
    accounts = pd.DataFrame(
        {
            "account_id": names,
            "platform": "x",
            "created_at": OPENING + pd.to_timedelta(created, unit="D"),
            "created_precision": precision,
        }
    )
    posts = pd.DataFrame(
        {
            "account_id": names,
            "posted_at": accounts["created_at"] + pd.to_timedelta(waits, unit="D"),
        }
    )
    first = pd.DataFrame({"account_id": ["z"], "posted_at": [OPENING]})
    batches = pd.Series(np.arange(len(names)), index=names)
    return dormancy_table(accounts, pd.concat([posts, first]), batches, draws=200, seed=1)


def row_of(table, among, estimate):
    return table[
        table["among"].str.contains(among) & table["estimate"].str.contains(estimate)
    ].iloc[0]


def test_old_accounts_are_apart_from_those_that_were_made_in_sight():
    created = [-500] * 15 + [-100] * 15 + list(range(1, 41))
    waits = [510] * 15 + [120] * 15 + [4] * 40
    table = table_of(created, waits)
    old = row_of(table, "before", "share")
    assert old["value"] == 0.5
    assert old["low"] < 0.5 < old["high"]
    assert row_of(table, "since", "median")["value"] == pytest.approx(4)
    assert row_of(table, "since", "share")["value"] == 0.0
    # Of a share of nothing, the rule of three gives the other end.
    assert row_of(table, "since", "share")["high"] == pytest.approx(3 / 40)


def test_days_are_whole_where_the_creation_is_known_to_the_day():
    table = table_of(list(range(1, 21)), [2.9] * 20, precision="day")
    assert row_of(table, "since", "median")["value"] == 2.0


def test_posts_from_before_the_creation_are_counted_and_left_out():
    table = table_of(list(range(1, 31)), [-3] * 5 + [7] * 25)
    row = row_of(table, "since", "median")
    assert row["accounts"] == 25
    assert row["status"] == "estimated; 5 with a post from before their creation left out"


def test_few_accounts_have_a_reason():
    table = table_of([1, 2, 3], [1, 1, 1])
    since = table[table["among"].str.contains("since")].iloc[0]
    assert since["status"] == (
        "not identified: 3 such accounts have a date and a post, and 10 are needed"
    )
    assert np.isnan(since["value"])
