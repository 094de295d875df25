"""Batches by hand, and intervals that hold as often as they say."""

import numpy as np
import pandas as pd
import pytest

from hydrascope.narratives.batches import (
    FEWEST_BATCHES,
    batch_of,
    effective_batches,
    middle,
    resampled,
    share_interval,
)

ROWS = [
    ("a", "x", "2021-03-01T10:00:00Z", "s"),
    ("b", "x", "2021-03-01T10:59:00Z", "s"),
    ("c", "x", "2021-03-01T11:58:59Z", "s"),
    ("d", "x", "2021-03-01T13:00:00Z", "s"),
    ("e", "youtube", "2021-03-01T10:00:00Z", "s"),
    ("f", "x", "2021-03-01T00:00:00Z", "day"),
    ("g", "x", "2021-03-01T00:00:00Z", "day"),
    ("h", "x", "2021-03-02T00:00:00Z", "day"),
    ("i", "x", None, "none"),
    ("j", "x", None, "none"),
]


def accounts(rows=ROWS):
    table = pd.DataFrame(
        rows, columns=["account_id", "platform", "created_at", "created_precision"]
    )
    created = pd.to_datetime(table["created_at"], utc=True, format="ISO8601")
    return table.assign(created_at=created)


def groups(batches):
    own = batches.rename_axis("account").reset_index(name="batch").groupby("batch")["account"]
    return {frozenset(members) for members in own.agg(list)}


def test_accounts_made_within_the_gap_of_the_one_before_are_a_batch():
    batches = batch_of(accounts(), gap_minutes=60)
    assert groups(batches) == {
        frozenset("abc"),
        frozenset("d"),
        frozenset("e"),
        frozenset("fg"),
        frozenset("h"),
        frozenset("i"),
        frozenset("j"),
    }
    assert batches.is_monotonic_increasing


def test_a_gap_is_single_linkage_as_counted_one_by_one():
    rng = np.random.default_rng(4)
    seconds = np.sort(rng.integers(0, 100_000, 300))
    start = pd.Timestamp("2021-01-01", tz="UTC")
    table = accounts(
        [
            (f"a{n:03}", "x", str(start + pd.Timedelta(seconds=int(s))), "s")
            for n, s in enumerate(seconds)
        ]
    )
    expected, number = [], 0
    for at, before in zip(seconds, [seconds[0], *seconds[:-1]], strict=True):
        number += (at - before) > 600
        expected.append(number)
    found = batch_of(table, gap_minutes=10)
    assert list(found[table["account_id"]]) == expected


def test_times_as_coarse_as_the_gap_join_nothing_but_their_day():
    rows = [("a", "x", "2021-03-01T10:00Z", "min"), ("b", "x", "2021-03-01T23:00Z", "min")]
    assert groups(batch_of(accounts(rows), gap_minutes=1)) == {frozenset("ab")}
    assert groups(batch_of(accounts(rows), gap_minutes=2)) == {frozenset("a"), frozenset("b")}


def test_the_order_of_the_accounts_changes_no_batch():
    shuffled = accounts().sample(frac=1, random_state=3)
    assert groups(batch_of(shuffled, gap_minutes=60)) == groups(
        batch_of(accounts(), gap_minutes=60)
    )


def test_no_account_is_no_batch():
    assert batch_of(accounts([]), gap_minutes=60).empty


@pytest.mark.parametrize(
    ("sizes", "expected"), [([5, 5, 5], 3), ([100, 1, 1], 102**2 / 10_002), ([], 0), ([0, 0], 0)]
)
def test_effective_batches_are_kishs(sizes, expected):
    assert effective_batches(np.array(sizes)) == pytest.approx(expected)


def test_draws_take_batches_whole_and_accounts_within_them():
    batches = pd.Series([0, 0, 0, 1], index=list("abcd"))
    drawn = resampled(batches, draws=4_000, seed=1)
    # Two of two batches are drawn, each with its number of accounts.
    assert set(drawn.sum(axis=1)) == {2, 4, 6}
    assert drawn[:, 3].mean() == pytest.approx(1, abs=0.05)
    assert drawn[:, :3].mean() == pytest.approx(1, abs=0.05)
    whole = drawn[:, 3] == 0
    assert (drawn[whole, :3].sum(axis=1) == 6).all()
    assert drawn[whole, 0].std() > 0


def test_draws_are_those_of_the_seed_and_nothing_is_drawn_from_nothing():
    batches = pd.Series([0, 1, 2], index=list("abc"))
    assert (resampled(batches, draws=9, seed=1) == resampled(batches, draws=9, seed=1)).all()
    assert resampled(batches[:0], draws=3, seed=1).shape == (3, 0)


def test_the_middle_of_many_draws_is_a_little_more_than_their_percentiles():
    values = np.random.default_rng(2).normal(0, 1, (20_000, 1))
    low, high = middle(values, np.array([1_000]))
    assert (low[0], high[0]) == (pytest.approx(-1.96, abs=0.06), pytest.approx(1.96, abs=0.06))
    narrow, wide = middle(values, np.array([FEWEST_BATCHES]))
    assert narrow[0] < low[0] < high[0] < wide[0]


def test_too_few_batches_and_columns_without_values_are_not_identified():
    values = np.array([[1.0, np.nan]] * 10)
    ends = np.array(middle(values, np.array([FEWEST_BATCHES - 0.1, 99])))
    assert np.isnan(ends).all()


def test_a_share_of_nothing_reaches_up_by_the_rule_of_three():
    hits, of = np.zeros((10, 1)), np.ones((10, 1))
    low, high = share_interval(hits, of, np.array([0.0]), np.array([30.0]))
    assert (low[0], high[0]) == (0, 0.1)
    low, high = share_interval(of, of, np.array([1.0]), np.array([30.0]))
    assert (low[0], high[0]) == (0.9, 1)


def worlds(sizes, spread, runs):
    """How often the interval holds the share that all batches of the world have on average."""
    rng = np.random.default_rng(11)
    batches = pd.Series(np.repeat(np.arange(len(sizes)), sizes))
    held = []
    for run in range(runs):
        tilt = np.repeat(rng.normal(0, spread, len(sizes)), sizes)
        said = rng.random(len(batches)) < 1 / (1 + np.exp(-tilt))
        weights = resampled(batches, draws=200, seed=run)
        hits, of = weights @ said[:, None], weights.sum(axis=1, keepdims=True)
        share = np.array([said.mean()])
        low, high = share_interval(hits, of, share, np.array([effective_batches(np.array(sizes))]))
        held.append(low[0] <= 0.5 <= high[0])
    return np.mean(held)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("sizes", "spread"),
    [
        ([10] * FEWEST_BATCHES, 1.5),
        ([1] * 60, 0.0),
        ([20] * 30, 1.5),
        ([60, 40, 40, 30, 30, 20, 20, 20, 10, 10, 10, 10, 5, 5, 5, 5], 1.5),
    ],
)
def test_intervals_hold_at_least_as_often_as_they_say(sizes, spread):
    # 400 worlds: a true coverage of 0.95 falls below 0.92 once in three hundred times.
    assert worlds(sizes, spread, 400) >= 0.92


def test_accounts_as_units_would_hold_far_too_seldom():
    rng = np.random.default_rng(5)
    held = []
    for run in range(200):
        said = rng.random(600) < np.repeat(1 / (1 + np.exp(-rng.normal(0, 1.5, 30))), 20)
        alone = pd.Series(range(600))
        weights = resampled(alone, draws=200, seed=run)
        hits, of = weights @ said[:, None], weights.sum(axis=1, keepdims=True)
        low, high = share_interval(hits, of, np.array([said.mean()]), np.array([600.0]))
        held.append(low[0] <= 0.5 <= high[0])
    assert np.mean(held) < 0.7
