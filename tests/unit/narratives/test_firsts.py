"""Waits by hand, and their quartiles against statsmodels."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from hydrascope.narratives.firsts import first_posts, waits

ACCOUNTS = pd.DataFrame(
    [
        ("a", "x", "2021-01-01T00:00Z", "s"),
        ("b", "x", "2021-01-01T00:00Z", "min"),
        ("early", "x", "2021-01-03T00:00Z", "s"),
        ("coarse", "x", "2021-01-01T00:00Z", "day"),
        ("undated", "x", None, "none"),
        ("silent", "x", "2021-01-01T00:00Z", "s"),
    ],
    columns=["account_id", "platform", "created_at", "created_precision"],
).assign(created_at=lambda t: pd.to_datetime(t["created_at"], utc=True, format="ISO8601"))
CODED = pd.DataFrame(
    [
        ("a", "ships", "2021-01-03T12:00Z"),
        ("a", "uncoded", "2021-01-02T00:00Z"),
        ("a", "ships", "2021-01-05T00:00Z"),
        ("b", "cars", "2021-01-01T06:00Z"),
        ("b", "uncoded", None),
        ("early", "ships", "2021-01-02T00:00Z"),
        ("early", "ships", "2021-01-04T00:00Z"),
        ("coarse", "ships", "2021-01-04T00:00Z"),
        ("undated", "ships", "2021-01-04T00:00Z"),
    ],
    columns=["account_id", "subject", "posted_at"],
).assign(posted_at=lambda t: pd.to_datetime(t["posted_at"], utc=True, format="ISO8601"))


def test_hours_run_from_the_creation_to_the_first_post_or_to_the_last_of_all():
    table = waits(CODED, ACCOUNTS).set_index(["subject", "account_id"])
    assert table.loc[("ships", "a"), ["hours", "seen"]].tolist() == [60, True]
    assert table.loc[("any post", "a"), ["hours", "seen"]].tolist() == [24, True]
    # No post on ships: followed to its only dated post.
    assert table.loc[("ships", "b"), ["hours", "seen"]].tolist() == [6, False]
    assert table.loc[("cars", "a"), ["hours", "seen"]].tolist() == [96, False]


def test_who_posts_before_being_made_has_no_hours_and_is_marked():
    own = waits(CODED, ACCOUNTS).query("account_id == 'early'")
    assert own["before_creation"].all()
    assert own["hours"].isna().all()


def test_accounts_without_a_known_minute_or_a_post_are_not_followed():
    assert set(waits(CODED, ACCOUNTS)["account_id"]) == {"a", "b", "early"}


def test_the_order_of_the_posts_changes_nothing():
    pd.testing.assert_frame_equal(waits(CODED[::-1], ACCOUNTS[::-1]), waits(CODED, ACCOUNTS))


def made(seed, accounts=120, last=200.0):
    """Accounts in batches of three with waits of their own, some cut off."""
    rng = np.random.default_rng(seed)
    hours, ends = rng.exponential(100, accounts).round(1), rng.uniform(0, last, accounts).round(1)
    names = [f"a{number:03}" for number in range(accounts)]
    waited = pd.DataFrame(
        {"account_id": names, "platform": "x", "subject": "ships", "before_creation": False}
    ).assign(hours=np.minimum(hours, ends), seen=hours <= ends)
    everybody = pd.DataFrame({"account_id": [*names, "silent"], "platform": "x"})
    return waited, everybody, pd.Series(np.arange(accounts) // 3, index=names)


def row(waited, everybody, batches, **changes):
    settings = {"draws": 200, "seed": 1} | changes
    table = first_posts(waited, everybody, ["ships"], batches, **settings)
    return table.set_index("subject").loc["ships"]


@pytest.mark.parametrize("seed", range(5))
def test_quartiles_are_those_of_statsmodels(seed):
    waited, everybody, batches = made(seed)
    found = row(waited, everybody, batches)
    curve = SurvfuncRight(waited["hours"], waited["seen"].astype(int))
    for name, share in (("lower_quartile", 0.25), ("median", 0.5), ("upper_quartile", 0.75)):
        expected = curve.quantile(share)
        assert found[name] == pytest.approx(expected, nan_ok=True)
    assert found["median_low"] <= found["median"] <= found["median_high"]
    counts = ["accounts", "events", "of_accounts", "before_creation"]
    assert found[counts].tolist() == [120, int(waited["seen"].sum()), 121, 0]


def test_ties_are_one_moment():
    waited, everybody, batches = made(1)
    waited["hours"] = np.repeat([5.0, 10.0, 10.0, 20.0], 30)
    waited["seen"] = True
    found = row(waited, everybody, batches)
    assert found[["lower_quartile", "median", "upper_quartile"]].tolist() == [5, 10, 10]


@pytest.mark.nightly
def test_the_interval_of_the_median_holds():
    truth, held = 100 * np.log(2), []
    for seed in range(200):
        found = row(*made(seed, last=600.0))
        held.append(found["median_low"] <= truth <= found["median_high"])
    # A true coverage of 0.95 is below 0.905 once in two hundred times.
    assert np.mean(held) >= 0.905


def test_a_median_that_is_never_reached_is_missing_and_its_interval_open():
    waited, everybody, batches = made(1)
    waited["seen"] = np.arange(120) % 6 == 0
    waited.loc[~waited["seen"], "hours"] = 500.0
    found = row(waited, everybody, batches)
    assert np.isnan(found["median"])
    assert found["median_high"] == np.inf


def test_too_few_events_or_batches_or_no_date_are_not_identified():
    waited, everybody, batches = made(1)
    few = waited.assign(seen=np.arange(120) < 9)
    assert row(few, everybody, batches)["status"] == (
        "not identified: fewer than 10 accounts posted on it"
    )
    assert row(waited, everybody, batches * 0)["status"] == (
        "not identified: fewer than 8 effective batches"
    )
    none = row(waited[:0], everybody, batches[:0])
    assert none["status"] == (
        "not identified: no account with a post was created at a known minute"
    )
    assert none["accounts"] == 0 and np.isnan(none["median"])


def test_a_network_without_posts_has_no_waits_and_says_why():
    none = waits(CODED[:0], ACCOUNTS)
    assert none.empty
    batches = pd.Series([], dtype=int)
    table = first_posts(none, ACCOUNTS, ["ships"], batches, draws=9, seed=1)
    assert table["status"].str.startswith("not identified: no account with a post").all()
