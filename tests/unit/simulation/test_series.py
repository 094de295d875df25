"""Series with a known truth: what is planted is there, and quiet ones are quiet."""

import numpy as np
import pandas as pd
import pytest

from hydrascope.simulation.series import drawn

HOW = {
    "kind": "negative binomial",
    "days": 600,
    "mean": 2.0,
    "size": 2.0,
    "memory": 0.0,
    "deviation": 0.0,
    "times": 10,
    "least": 12,
    "length": 1,
    "ratio": 1.0,
}


def made(seed=1, **how):
    return drawn(HOW | how, np.random.default_rng(seed))


def many(**how):
    return np.array([made(seed, part="alarms", **how)["counts"] for seed in range(150)])


def test_a_negative_binomial_has_its_mean_and_variance():
    counts = many()
    assert counts.mean() == pytest.approx(2, rel=0.02)
    assert counts.var() == pytest.approx(2 + 4 / 2, rel=0.05)


def test_poisson_has_no_more_variance_than_its_mean():
    counts = many(kind="poisson", size=0)
    assert counts.var() == pytest.approx(counts.mean(), rel=0.03)


def test_an_autocorrelated_rate_has_its_memory_and_its_spread():
    counts = many(kind="autocorrelated", size=0, memory=0.8, deviation=0.5, mean=200.0)
    relative = counts / 200
    # The variance of exp(N(0, 0.5²)) by its squared mean, and one day's lag of the logarithm.
    assert relative.var() == pytest.approx(np.exp(0.25) - 1, rel=0.15)
    logs = np.log(relative)
    lag = np.mean([np.corrcoef(row[:-1], row[1:])[0, 1] for row in logs])
    assert lag == pytest.approx(0.8, abs=0.05)


def test_a_week_has_its_cycle_and_growth_its_factor():
    week = many(kind="weekday cycle", size=0, days=700).reshape(150, 100, 7).mean(axis=(0, 1))
    assert week.argmin() == 6
    assert week.mean() == pytest.approx(2, rel=0.02)
    grown = many(kind="growth", size=0).mean(axis=0)
    assert grown[-60:].mean() / grown[:60].mean() == pytest.approx(8, rel=0.15)


@pytest.mark.parametrize(("mean", "added"), [(2.0, 20), (0.2, 12)])
def test_a_burst_of_one_day_adds_what_it_says(mean, added):
    world = made(part="power", mean=mean)
    quiet = made(part="alarms", mean=mean)["counts"]
    assert world["added"] == added
    assert world["first"] == world["last"]
    assert (world["counts"] - quiet).sum() == added
    assert (world["counts"] - quiet)[world["first"]] == added


def test_a_longer_burst_begins_and_ends_where_it_says():
    world = made(part="power", length=7)
    extra = world["counts"] - made(part="alarms")["counts"]
    days = np.flatnonzero(extra)
    assert (days[0], days[-1]) == (world["first"], world["last"])
    assert extra.sum() == world["added"]


def test_batches_lie_together():
    world = made(part="hours", kind="random", days=30, mean=20)
    assert np.bincount(world["batches"]).tolist() == [20] * 30
    shifts = made(part="hours", kind="two shifts", days=600, mean=1)
    hours = pd.Series(shifts["seconds"] // 3_600)
    assert hours.between(6, 12).mean() == pytest.approx(0.5, abs=0.1)
    assert hours.between(13, 17).mean() < 0.02


def test_offices_keep_local_time_through_summer():
    world = made(part="zones", kind="America/New_York")
    times = pd.to_datetime(world["seconds"], unit="s", utc=True)
    local = times.tz_convert("America/New_York")
    summer = local.map(lambda at: bool(at.dst()))
    nights = pd.Series(local.hour).isin([1, 2, 3, 4])
    assert nights.mean() < 0.05
    clock = pd.Series(local.hour + local.minute / 60)
    assert clock[summer].mean() == pytest.approx(clock[~summer].mean(), abs=0.3)
    utc = pd.Series((times.hour + times.minute / 60 - 10) % 24)
    assert utc[~summer].mean() - utc[summer].mean() == pytest.approx(1, abs=0.3)
    votes = pd.Series(world["weights"]).groupby(world["batches"]).sum()
    assert np.allclose(votes, votes.round())


def test_waves_bring_as_many_accounts_as_the_ratio_says():
    new = []
    for seed in range(60):
        with_some, without = (
            drawn(
                HOW
                | {
                    "part": "replacement",
                    "kind": "autocorrelated",
                    "memory": 0.8,
                    "deviation": 0.5,
                    "ratio": ratio,
                },
                np.random.default_rng(seed),
            )
            for ratio in (2.0, 0.0)
        )
        assert np.array_equal(with_some["removed"], without["removed"])
        new.append(
            (with_some["counts"].sum() - without["counts"].sum()) / with_some["removed"].sum()
        )
        assert (np.diff(with_some["days"]) > 44).all()
    assert np.mean(new) == pytest.approx(2, abs=0.05)


def test_surges_set_removals_off():
    before, after = [], []
    for seed in range(40):
        world = made(seed, part="replacement", kind="surges", ratio=0.0)
        for day in world["days"]:
            before.append(world["counts"][day - 7 : day].sum())
            after.append(world["counts"][max(day - 60, 0) : day - 20].mean() * 7)
    assert np.mean(before) > 1.8 * np.mean(after)


def test_an_unknown_part_is_named():
    with pytest.raises(ValueError, match="part: found 'moons'"):
        made(part="moons")
