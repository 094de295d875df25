import functools

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.discrete.discrete_model import NegativeBinomial

from hydrascope.timing.dispersion import dispersion_table, fit_masked, masking_point

# Above every count: nothing is masked, and the fit must be the plain one.
NOTHING = 10**9
SHARE = 0.1


def draws(mean, size, days, seed, series=1):
    random = np.random.default_rng(seed)
    shape = (series, days) if series > 1 else days
    if size is None:
        return random.poisson(mean, shape)
    return random.negative_binomial(size, size / (size + mean), shape)


def log_likelihood(counts, mean, size, point=None):
    """The negative binomial's, written down a second time with scipy's distribution."""
    law = stats.nbinom(size, size / (size + mean))
    below = 0.0 if point is None else law.logcdf(point)
    kept = counts if point is None else counts[counts <= point]
    return law.logpmf(kept).sum() - len(kept) * below


def day_table(counts, platform="x"):
    days = pd.date_range("2020-01-01", periods=len(counts)).strftime("%Y-%m-%d")
    return pd.DataFrame({"platform": platform, "day": days, "accounts": counts, "rank": 1})


def table_of(*platforms):
    """Dispersion of named series, as many accounts without a date as given."""
    daily = pd.concat([day_table(counts, name) for name, counts, _ in platforms])
    n = pd.Series({name: int(sum(counts)) + undated for name, counts, undated in platforms})
    return dispersion_table(daily, n, share=SHARE)


def row_of(table, platform, estimate):
    return table[(table["platform"] == platform) & (table["estimate"] == estimate)].iloc[0]


@pytest.mark.parametrize(
    ("mean", "size", "days"), [(3, 2, 500), (0.4, 0.2, 1500), (20, 5, 200), (1, 0.05, 800)]
)
def test_without_masking_the_fit_is_that_of_statsmodels(mean, size, days):
    counts = draws(mean, size, days, seed=1)
    fit = fit_masked(counts, NOTHING)
    plain = NegativeBinomial(counts, np.ones(days)).fit(disp=0, maxiter=500, gtol=1e-9)
    assert fit.mean == pytest.approx(np.exp(plain.params[0]), rel=1e-3)
    assert fit.size == pytest.approx(1 / plain.params[1], rel=1e-3)
    # the mean of a plain fit is the arithmetic mean
    assert fit.mean == pytest.approx(counts.mean(), rel=1e-4)


@pytest.mark.parametrize(
    ("mean", "size", "days", "point"), [(3, 2, 400, 5), (2, 0.5, 400, 3), (8, 4, 150, 12)]
)
def test_with_masking_no_pair_of_a_fine_grid_is_likelier(mean, size, days, point):
    counts = draws(mean, size, days, seed=2)
    fit = fit_masked(counts, point)
    reached = log_likelihood(counts, fit.mean, fit.size, point)
    nearby = np.exp(np.linspace(-1.5, 1.5, 31))
    grid = [
        (log_likelihood(counts, fit.mean * a, fit.size * b, point), a, b)
        for a in nearby
        for b in nearby
    ]
    # the middle of the grid is the fit itself, and nothing beats it
    assert max(grid)[1:] == pytest.approx((1, 1))
    # and the fit is a maximum, not merely near one: small steps lower it
    for a, b in [(1.01, 1), (0.99, 1), (1, 1.01), (1, 0.99)]:
        assert log_likelihood(counts, fit.mean * a, fit.size * b, point) < reached


@pytest.mark.parametrize(("mean", "size", "point"), [(3, 2, 6), (3, 2, NOTHING), (1.5, 0.4, 4)])
def test_the_interval_ends_where_the_profile_has_dropped_by_half_the_chi_squared(mean, size, point):
    counts = draws(mean, size, 300, seed=3)
    cut = None if point == NOTHING else point
    fit = fit_masked(counts, point)

    def profiled(k):
        centre, width = fit.mean * 10, 200.0
        for _ in range(4):  # a grid, and finer grids about its best point
            means = centre * np.geomspace(1 / width, width, 41)
            heights = [log_likelihood(counts, mean, k, cut) for mean in means]
            centre, width = means[int(np.argmax(heights))], width ** (1 / 10)
        return max(heights)

    top = log_likelihood(counts, fit.mean, fit.size, cut)
    assert fit.low < fit.size < fit.high
    for end in (fit.low, fit.high):
        assert top - profiled(end) == pytest.approx(3.841459 / 2, abs=5e-3)


def test_the_test_statistic_is_twice_the_gain_over_poisson_and_its_null_is_halved():
    counts = draws(2, 8, 120, seed=4)
    fit = fit_masked(counts, NOTHING)
    poisson = stats.poisson(counts.mean()).logpmf(counts).sum()
    gain = 2 * (log_likelihood(counts, fit.mean, fit.size) - poisson)
    assert 0.0001 < fit.p < 0.5
    assert fit.p == pytest.approx(stats.chi2.sf(gain, 1) / 2, rel=2e-2)


def test_counts_more_even_than_poisson_have_an_open_interval_and_no_evidence():
    fit = fit_masked(np.array([3, 4] * 50), NOTHING)
    assert fit.p == pytest.approx(0.5, abs=0.01)
    assert fit.size > 1e4 and fit.high == pytest.approx(np.exp(12))


@functools.cache
def poisson_p_values():
    return [
        fit_masked(counts, masking_point(counts, SHARE)).p
        for counts in draws(3, None, 200, seed=5, series=300)
    ]


@pytest.mark.nightly
@pytest.mark.parametrize("level", [0.01, 0.05, 0.10])
def test_the_poisson_test_keeps_its_size_on_poisson_series(level):
    rejected = sum(p < level for p in poisson_p_values())
    # a test of this level would reject more often once in a thousand seeds
    assert rejected <= stats.binom(300, level).ppf(0.999)


def test_the_poisson_test_is_not_blind():
    p_values = [
        fit_masked(counts, masking_point(counts, SHARE)).p
        for counts in draws(3, 2, 200, seed=6, series=30)
    ]
    assert sum(p < 0.05 for p in p_values) >= 27


@pytest.mark.nightly
def test_intervals_cover_a_size_of_two_as_often_as_they_say():
    series = draws(5, 2, 300, seed=7, series=200)
    fits = [fit_masked(counts, masking_point(counts, SHARE)) for counts in series]
    covered = sum(fit.low <= 2 <= fit.high for fit in fits)
    low, high = stats.binom(200, 0.95).ppf([0.001, 0.999])
    assert low <= covered <= high
    assert np.median([fit.size for fit in fits]) == pytest.approx(2, rel=0.1)
    assert np.median([fit.mean for fit in fits]) == pytest.approx(5, rel=0.1)


def test_five_bursts_move_the_robust_size_little_while_the_plain_one_collapses():
    quiet = draws(3, 5, 600, seed=8)
    burst = quiet.copy()
    burst[[50, 51, 200, 201, 400]] += 100
    before, after = (fit_masked(of, masking_point(of, SHARE)) for of in (quiet, burst))
    assert after.size == pytest.approx(before.size, rel=0.25)
    assert after.mean == pytest.approx(before.mean, rel=0.1)
    assert before.low < after.size < before.high
    plain = [fit_masked(of, NOTHING).size for of in (quiet, burst)]
    assert plain[1] < plain[0] / 2


@pytest.mark.parametrize(
    ("counts", "share", "point"),
    [
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.1, 9),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.5, 5),
        ([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 0.2, 8),
        # empty days do not count, or a sparse series would be masked whole
        ([0] * 90 + [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.1, 9),
        # equal days are masked together or not at all
        ([1, 1, 1, 1, 1, 1, 5, 5, 5, 5], 0.1, 5),
        ([4], 0.1, 4),
    ],
)
def test_the_masking_point_leaves_at_most_the_share_of_active_days_above(counts, share, point):
    counts = np.array(counts)
    assert masking_point(counts, share) == point
    active = counts[counts > 0]
    assert (active > point).mean() <= share
    # and it is the smallest count that does
    assert (active >= point).mean() > share


def test_the_table_describes_each_platform_in_three_rows():
    counts = draws(3, 1, 200, seed=9)
    table = table_of(("x", counts, 7))
    point = masking_point(counts, SHARE)
    fit = fit_masked(counts, point)
    assert list(table["estimate"]) == ["index of dispersion", "mean a day", "size k"]
    assert set(table["n"]) == {counts.sum() + 7}
    assert set(table["n_dated"]) == {counts.sum()}
    assert set(table["days"]) == {200}
    assert set(table["masked_days"]) == {sum(count > point for count in counts)}
    index = row_of(table, "x", "index of dispersion")["value"]
    mean = sum(counts) / 200
    assert index == pytest.approx(sum((counts - mean) ** 2) / 199 / mean)
    assert row_of(table, "x", "mean a day")["value"] == fit.mean
    size = row_of(table, "x", "size k")
    assert (size["value"], size["low"], size["high"]) == (fit.size, fit.low, fit.high)
    assert f"days above {point} masked" in size["method"]
    assert "independent days" in size["null"]


def test_only_the_size_carries_an_interval_and_a_p():
    table = table_of(("x", draws(3, 1, 60, seed=10), 0))
    for column in ("low", "high", "p", "null"):
        assert table[column].notna().tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("counts", "days"),
    [([2] * 29, 29), ([5], 1), ([], 0)],
    ids=["one day too few", "one date", "no dates"],
)
def test_fewer_than_thirty_days_identify_nothing(counts, days):
    table = table_of(("x", counts, 3))
    assert len(table) == 1
    row = table.iloc[0]
    assert row["method"].startswith(f"not identified: {days} days")
    assert (row["n"], row["n_dated"], row["days"]) == (sum(counts) + 3, sum(counts), days)
    assert row[["value", "low", "high", "p"]].isna().all()


def test_thirty_days_are_enough():
    assert len(table_of(("x", draws(3, 1, 30, seed=11), 0))) == 3


def test_p_values_are_corrected_over_platforms_by_holm():
    series = {
        "facebook": draws(3, 20, 100, 14),
        "x": draws(3, 8, 100, 15),
        "youtube": draws(3, 1000, 100, 16),
    }
    table = table_of(*((name, np.array(counts), 0) for name, counts in series.items()))
    alone = {
        name: table_of((name, np.array(counts), 0)).query("estimate == 'size k'")["p"].item()
        for name, counts in series.items()
    }
    running, expected = 0.0, {}
    for rank, name in enumerate(sorted(alone, key=alone.get)):
        running = max(running, min(1.0, (3 - rank) * alone[name]))
        expected[name] = running
    corrected = table.dropna(subset="p").set_index("platform")["p"].to_dict()
    assert corrected == pytest.approx(expected)
    assert corrected != pytest.approx(alone)


def test_a_platform_that_is_not_identified_is_not_counted_by_the_correction():
    counts = draws(3, 10, 100, seed=12)
    alone = row_of(table_of(("x", counts, 0)), "x", "size k")["p"]
    beside = table_of(("facebook", [1], 4), ("x", counts, 0))
    assert row_of(beside, "x", "size k")["p"] == alone
    assert len(beside[beside["platform"] == "facebook"]) == 1


def test_a_p_below_six_digits_is_written_as_the_smallest_that_six_digits_hold():
    p = row_of(table_of(("x", draws(5, 0.2, 400, seed=13), 0)), "x", "size k")["p"]
    assert p == 1e-6


def test_where_only_ones_are_left_the_size_is_not_identified():
    # Days of none and one fit any size above their ratio equally well, so a
    # number here would be whatever the optimiser stopped at.
    table = table_of(("x", [0, 1] * 30, 0))
    assert table["method"].str.startswith("not identified").any()
    assert row_of(table, "x", "size k")[["value", "p"]].isna().all()
