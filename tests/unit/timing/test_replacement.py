"""Replacement: the ratio that was planted, refusals, and waves dated by the last posts."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from hydrascope.timing.replacement import (
    AFTER_DAYS,
    interval,
    removal_waves,
    replacement_table,
    wave_effects,
)

WAVES = np.array([120, 190, 260, 330, 400, 470, 540])
START = pd.Timestamp("2019-01-01", tz="UTC")
SILENT = pd.DataFrame({"account_id": [], "posted_at": pd.to_datetime([], utc=True)})


def creations(ratio, seed=1, days=700, mean=1.5, gone=40):
    random = np.random.default_rng(seed)
    counts = random.poisson(mean * random.standard_gamma(3, days) / 3)
    for wave in WAVES:
        np.add.at(counts, wave + 1 + random.integers(28, size=random.poisson(ratio * gone)), 1)
    return counts, np.full(len(WAVES), gone)


@pytest.mark.parametrize("ratio", [0.0, 1.0, 2.0])
def test_the_planted_ratio_lies_in_the_interval(ratio):
    covered = 0
    for seed in range(40):
        counts, gone = creations(ratio, seed)
        low, high, *_ = interval(wave_effects(counts, WAVES, gone))
        covered += low <= ratio <= high
    # 34 and fewer come once in 60 times at a true rate of 95 %.
    assert covered >= 34


def test_without_replacement_an_effect_is_seldom_claimed():
    claims = [interval(wave_effects(*_args(creations(0.0, seed))))[0] > 0 for seed in range(100)]
    assert sum(claims) <= 6


def _args(made):
    return made[0], WAVES, made[1]


def test_the_slogan_is_rejected_where_one_comes_for_each():
    *_, none, slogan = interval(wave_effects(*_args(creations(1.0))))
    assert none < 0.01
    assert slogan < 0.01


def test_what_is_due_is_the_prediction_of_a_regression_on_the_nearest_placebos():
    counts, gone = creations(1.0, seed=3, days=700)
    found = wave_effects(counts, WAVES, gone)
    day = np.arange(14, 700 - AFTER_DAYS)
    placebo = [
        d for d in day if all(not -AFTER_DAYS <= d - wave <= AFTER_DAYS + 14 for wave in WAVES)
    ]

    def before(at):
        return [counts[at - 13 : at - 4].sum(), counts[at - 4 : at + 1].sum()]

    grown = np.array([before(at) for at in placebo], dtype=float)
    goal = np.array([before(at) for at in WAVES], dtype=float)
    logs = np.log1p(grown)
    used = set()
    for row in goal[found.usable]:
        far = (((logs - np.log1p(row)) / logs.std(axis=0)) ** 2).sum(axis=1)
        used |= set(np.argsort(far, kind="stable")[: max(30, len(placebo) // 10)])
    used = sorted(used)
    after = np.array([counts[at + 1 : at + 31].sum() for at in placebo])
    peer = sm.OLS(after[used], sm.add_constant(grown[used])).fit()
    expected = peer.predict(sm.add_constant(goal, has_constant="add"))
    assert found.placebos == len(used)
    assert found.due == pytest.approx(np.maximum(expected, 0))
    assert found.made == pytest.approx([counts[at + 1 : at + 31].sum() for at in WAVES])
    excess = (found.made - found.due)[found.usable].sum()
    assert found.ratio == pytest.approx(excess / gone[found.usable].sum())


def test_waves_too_close_to_each_other_are_left_out_with_a_reason():
    counts, _ = creations(1.0)
    close = np.array([120, 140, 260, 280, 400, 420, 540, 560])
    found = wave_effects(counts, close, np.full(8, 40))
    assert found.status.startswith("not identified: 0 dated waves stand apart")
    assert np.isnan(found.ratio)


def test_a_wave_after_a_surge_has_no_placebo_like_it():
    counts, gone = creations(0.0)
    counts[WAVES[2] - 5 : WAVES[2] + 1] += 60
    found = wave_effects(counts, WAVES, gone)
    assert found.usable.tolist() == [True, True, False, True, True, True, True]


def test_removals_all_the_time_leave_no_placebo():
    counts, _ = creations(0.0)
    often = np.arange(20, 680, 45)
    found = wave_effects(counts, often, np.full(len(often), 10))
    assert "days are far from every removal" in found.status


def removed(after, before, number, first=0):
    return pd.DataFrame(
        {
            "account_id": [f"a{at}" for at in range(first, first + number)],
            "removed_after": pd.Timestamp(after, tz="UTC"),
            "removed_before": pd.Timestamp(before, tz="UTC"),
        }
    )


def posts_of(accounts, start, end, each=20):
    times = pd.date_range(start, end, periods=each, tz="UTC")
    return pd.concat(
        pd.DataFrame({"account_id": account, "posted_at": times}) for account in accounts
    )


def test_the_last_posts_date_a_wave_between_two_looks():
    gone = removed("2021-03-01", "2021-05-01", 5)
    told = posts_of(gone["account_id"], "2021-01-01", "2021-04-10 18:00", each=200)
    row = removal_waves(gone, told).iloc[0]
    assert row["status"] == "dated"
    assert row["day"] == pd.Timestamp("2021-04-10", tz="UTC")
    assert row["day_low"] <= row["day_high"] <= pd.Timestamp("2021-04-18", tz="UTC")
    # At the rate of the posts, -ln 0.05 of them would have come by then.
    rate = (told["posted_at"] > row["day_low"] - pd.Timedelta(days=30)).sum() / 30
    assert (row["day_high"] - row["day_low"]) / pd.Timedelta(days=1) == pytest.approx(3 / rate)


def test_looks_weeks_apart_without_posts_date_nothing():
    table = removal_waves(removed("2021-03-01", "2021-05-01", 5), SILENT)
    assert table["status"].to_list() == ["not dated: known to 61 days, and 7 are needed"]


def test_looks_that_are_close_date_a_wave_by_themselves():
    gone = pd.concat(
        [removed("2021-03-01", "2021-03-04", 5), removed("2021-04-01", "2021-04-02", 2, 9)]
    )
    table = removal_waves(gone, SILENT)
    assert table["status"].to_list() == ["dated", "not dated: 2 removed, and 3 are needed"]


@pytest.mark.parametrize(
    ("waves", "why"),
    [
        (0, "no removal of an account with a date of creation is known"),
        (4, "4 waves of removals are dated, and 5 are needed"),
    ],
)
def test_too_few_waves_are_refused_with_the_reason(waves, why):
    days = [START + pd.Timedelta(days=int(day)) for day in WAVES[:waves]]
    gone = [
        removed(day.date(), (day + pd.Timedelta(days=2)).date(), 4, 10 * at)
        for at, day in enumerate(days)
    ]
    empty = removed("2021-01-01", "2021-01-02", 0)
    table = removal_waves(pd.concat(gone) if gone else empty, SILENT)
    counts, _ = creations(1.0)
    made = pd.Series(START + pd.to_timedelta(np.repeat(np.arange(700), counts), unit="D"))
    found, _ = replacement_table(made, table, 5_000)
    assert found["status"].to_list() == [f"not identified: {why}"]
    assert found["value"].isna().all()


def test_the_table_says_what_was_made_and_what_was_due():
    days = [START + pd.Timedelta(days=int(day)) for day in WAVES]
    gone = [
        removed(day.date(), (day + pd.Timedelta(days=1)).date(), 40, 100 * at)
        for at, day in enumerate(days)
    ]
    counts, _ = creations(1.0)
    counts[0] = max(counts[0], 1)
    made = pd.Series(START + pd.to_timedelta(np.repeat(np.arange(700), counts), unit="D"))
    table, waves = replacement_table(made, removal_waves(pd.concat(gone), SILENT), 5_000)
    row = table.iloc[0]
    assert row["status"] == "estimated"
    assert row["low"] <= 1 <= row["high"]
    used = waves[waves["status"] == "dated"]
    assert row["value"] == pytest.approx(used["excess"].sum() / used["removed"].sum())
    assert (row["n_dated"], row["n"]) == (counts.sum(), 5_000)
