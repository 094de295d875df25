"""Bursts: found where they were planted, and a stated outcome where none can be looked for."""

import numpy as np
import pandas as pd
import pytest

from hydrascope.timing.bursts import (
    burst_shares,
    burst_tables,
    control_days,
    control_shape,
    find_bursts,
    scannable,
    unbounded,
)
from hydrascope.timing.daily import daily_creations
from hydrascope.timing.scan import scan

FIRST = pd.Timestamp("2019-01-01", tz="UTC")


def creations(counts, platform="x"):
    days = np.repeat(np.arange(len(counts)), counts)
    random = np.random.default_rng(1)
    seconds = np.sort(days * 86_400 + random.integers(86_400, size=len(days)))
    return pd.DataFrame(
        {
            "account_id": [f"{platform}{number:05d}" for number in range(len(days))],
            "platform": platform,
            "unit": "user",
            "created_at": (FIRST + pd.to_timedelta(seconds, unit="s")).as_unit("ms"),
            "created_precision": "s",
        }
    )


def tables_of(*tables, controls=None, undated=0):
    rows = pd.concat(tables, ignore_index=True)
    n = rows.groupby("platform").size() + undated
    return burst_tables(daily_creations(rows), controls or {}, n, draws=199, seed=5)


def planted(seed=2, days=400):
    counts = np.random.default_rng(seed).poisson(1.5, days)
    counts[150] += 40
    counts[300:305] += 12
    counts[[0, -1]] = 1
    return counts


def test_planted_bursts_are_found_with_their_days_and_excess():
    bursts, baselines = tables_of(creations(planted()))
    assert bursts["status"].to_list() == ["burst", "burst"]
    starts = [FIRST + pd.Timedelta(days=day) for day in (150, 300)]
    assert bursts["start"].to_list() == [day.strftime("%Y-%m-%d") for day in starts]
    assert bursts["end"].to_list() == [
        starts[0].strftime("%Y-%m-%d"),
        (starts[1] + pd.Timedelta(days=4)).strftime("%Y-%m-%d"),
    ]
    for row, added in zip(bursts.itertuples(), (40, 60), strict=True):
        assert row.low <= added <= row.high
        assert row.low <= row.excess <= row.high <= row.accounts
        assert row.p <= row.q <= 0.05
    assert len(baselines) == 400
    assert baselines["baseline"].mean() == pytest.approx(1.5, rel=0.15)


def test_a_platform_without_bursts_says_so_with_its_p():
    bursts, _ = tables_of(creations(np.random.default_rng(3).poisson(1.5, 400)))
    assert bursts["status"].to_list() == ["no burst"]
    assert bursts["p"].iloc[0] > 0.05
    assert bursts["start"].isna().all()


def test_p_is_corrected_for_the_platforms_that_were_tested():
    bursts, _ = tables_of(creations(planted()), creations(planted(4), "youtube"))
    both = bursts[bursts["status"] == "burst"]
    assert set(both["platform"]) == {"x", "youtube"}
    assert np.allclose(both["q"], 2 * both["p"])


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        ([], "no account has a date"),
        ([1], "1 accounts have a date, and 5 are needed"),
        ([40], "all were made within 1 days, and 30 are needed"),
        ([1] * 29, "all were made within 29 days, and 30 are needed"),
        ([1, 0, 2] * 20, ""),
    ],
)
def test_what_cannot_be_scanned_has_a_reason(counts, why):
    assert scannable(np.array(counts, dtype=int)) == why


def test_a_platform_without_dates_has_one_row_that_says_so():
    rows = creations(planted())
    other = rows.iloc[:3].assign(platform="facebook", created_at=pd.NaT)
    other["created_at"] = pd.to_datetime(other["created_at"], utc=True)
    bursts, baselines = tables_of(rows, other)
    first = bursts.iloc[0]
    assert (first["platform"], first["n_dated"], first["n"]) == ("facebook", 0, 3)
    assert first["status"] == "not identified: no account has a date"
    assert set(baselines["platform"]) == {"x"}


def test_all_accounts_of_one_day_are_no_burst_but_not_identified():
    bursts, baselines = tables_of(creations([25]))
    assert bursts["status"].to_list() == [
        "not identified: all were made within 1 days, and 30 are needed"
    ]
    assert baselines.empty


def test_the_accounts_that_bound_the_series_are_not_held_against_it():
    assert unbounded(np.array([3, 0, 2])).tolist() == [2, 0, 1]


def test_windows_that_touch_are_one_burst():
    counts = np.random.default_rng(6).poisson(1.0, 500)
    counts[200:240] += 20
    random = np.random.default_rng(7)
    done = scan(counts, np.ones(500), draws=199, enough=20, random=random)
    found = find_bursts(counts, done, alpha=0.05, random=random)
    assert len(found) == 1
    # Forty days are put together from windows of fixed lengths.
    assert abs(found["first"].iloc[0] - 200) <= 4
    assert abs(found["last"].iloc[0] - 239) <= 4


def test_a_wave_of_sign_ups_of_everybody_is_no_burst_of_the_network():
    days = np.arange(700)
    surge = 1 + 6 * np.exp(-(((days - 400) / 60) ** 2))
    network = np.random.default_rng(8).poisson(1.5 * surge)
    others = np.random.default_rng(9).poisson(20 * surge)
    index = pd.date_range(FIRST, periods=700, freq="D")
    controls = {"x": pd.Series(np.repeat(index, others))}
    bursts, _ = tables_of(creations(network), controls=controls)
    assert bursts["status"].to_list() == ["no burst"]
    assert "control accounts" in bursts["method"].iloc[0]


def test_controls_are_the_unaffiliated_with_a_date():
    rows = creations([2, 1])
    rows["created_at"] = rows["created_at"].where(rows.index != 1)
    judged = pd.DataFrame(
        {"account_id": rows["account_id"], "verdict": ["unaffiliated"] * 2 + ["undetermined"]}
    )
    days = control_days(rows, judged, verdict="verdict")
    assert list(days) == ["x"]
    assert days["x"].to_list() == [FIRST]


def test_the_shape_is_theirs_where_there_are_enough():
    index = pd.date_range(FIRST, periods=300, freq="D")
    counts = np.where(np.arange(300) < 150, 1, 6)
    shape = control_shape(pd.Series(np.repeat(index, counts)), index)
    assert shape.mean() == pytest.approx(1)
    assert shape[270] / shape[20] == pytest.approx(6, rel=0.05)
    assert control_shape(pd.Series(index[:100]), index) is None


def test_the_share_in_bursts_is_an_interval_over_batches():
    rows = creations(planted())
    bursts, _ = tables_of(rows)
    table = burst_shares(rows, bursts, gap_minutes=60, draws=300, seed=1)
    spans = bursts[["start", "end"]].to_numpy()
    day = rows["created_at"].dt.strftime("%Y-%m-%d")
    inside = sum(((day >= start) & (day <= end)).sum() for start, end in spans)
    row = table.iloc[0]
    assert row["accounts"] == inside
    assert row["share"] == pytest.approx(inside / len(rows))
    assert row["low"] < row["share"] < row["high"]


def test_the_share_is_missing_where_nothing_could_be_looked_for():
    rows = creations([25])
    bursts, _ = tables_of(rows)
    table = burst_shares(rows, bursts, gap_minutes=60, draws=100, seed=1)
    assert table["share"].isna().all()
    assert table["method"].iloc[0].startswith("not identified")


def test_the_same_seed_gives_the_same_table():
    one, two = (tables_of(creations(planted()))[0] for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
