"""The robust baseline against other people's fits, and against what bursts do to it."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from hydrascope.timing.baseline import (
    EXCESSES,
    fit_baseline,
    simulated,
    tables_for,
    trend_basis,
)


def fitted(counts, shape=None):
    series = np.atleast_2d(counts)
    shape = np.ones(series.shape[1]) if shape is None else shape
    keep = np.ones(series.shape, dtype=bool)
    return fit_baseline(
        series, keep, trend_basis(series.shape[1]), shape, tables_for(series[0], shape)
    )


def uneven(mean, size, days, seed):
    random = np.random.default_rng(seed)
    return random.poisson(mean * random.standard_gamma(size, days) / size)


@pytest.mark.parametrize("days", [30, 199, 600, 3650])
def test_the_trend_is_put_together_from_parts_that_sum_to_one(days):
    basis = trend_basis(days)
    assert basis.shape[0] == days
    assert (basis >= 0).all()
    assert np.allclose(basis.sum(axis=1), 1)


def test_tables_hold_the_probabilities_of_scipy():
    tables = tables_for(np.array([0, 3, 9, 1, 0, 2]), np.ones(6))
    for row in (0, 4, 11):
        for column in (3, 20, 35):
            mean = np.exp(tables.log_means[column])
            counts = np.arange(tables.log_pmf.shape[2])
            if row:
                size = 1 / EXCESSES[row]
                law = stats.nbinom(size, size / (size + mean))
            else:
                law = stats.poisson(mean)
            sure = law.pmf(counts) > 1e-12
            assert np.allclose(tables.log_pmf[row, column][sure], law.logpmf(counts)[sure])
            cap = tables.cap[row, column]
            assert law.sf(cap - 1) <= 0.0200001 or cap == counts[-1]
            many = np.arange(5_000)
            cut = (np.minimum(many, cap) * law.pmf(many)).sum()
            assert tables.kept[row, column] == pytest.approx(cut / mean, rel=1e-6)


@pytest.mark.parametrize(("mean", "size"), [(2.0, 2.0), (8.0, 5.0), (0.6, 1.0)])
def test_without_bursts_it_agrees_with_the_fit_of_statsmodels(mean, size):
    counts = uneven(mean, size, 1_500, seed=4)
    days = np.arange(len(counts))
    design = np.column_stack([trend_basis(len(counts)), np.eye(7)[days % 7][:, 1:]])
    peer = sm.NegativeBinomial(counts, design).fit(disp=False, maxiter=200)
    fit = fitted(counts)
    # The peer's trend is straight in the logarithm, ours in the mean: they meet in the sum.
    assert fit.mean.sum() == pytest.approx(peer.predict().sum(), rel=0.03)
    assert np.corrcoef(fit.mean[0], peer.predict())[0, 1] > 0.9
    assert fit.excess[0] == pytest.approx(peer.params[-1], rel=0.25)
    assert fit.excess_high[0] >= fit.excess[0]


def test_a_burst_moves_it_no_more_at_a_thousand_accounts_than_at_forty():
    counts = uneven(2.0, 2.0, 900, seed=5)
    few, many = counts.copy(), counts.copy()
    few[400:403] += 40
    many[400:403] += 1_000
    quiet, small, large = fitted(counts), fitted(few), fitted(many)
    assert np.allclose(small.mean, large.mean, rtol=0.1)
    assert large.mean.sum() == pytest.approx(quiet.mean.sum(), rel=0.03)
    assert large.excess[0] == pytest.approx(quiet.excess[0], rel=0.2)
    # What a plain fit would take for the level.
    assert many.mean() > 2 * large.mean.mean()


def test_days_that_are_left_out_teach_nothing():
    counts = uneven(3.0, 5.0, 400, seed=6)
    other = counts.copy()
    other[100:120] = 0
    shape, keep = np.ones(400), np.ones((1, 400), dtype=bool)
    keep[:, 100:120] = False
    tables, basis = tables_for(counts, shape), trend_basis(400)
    one = fit_baseline(counts[None], keep, basis, shape, tables)
    two = fit_baseline(other[None], keep, basis, shape, tables)
    assert np.array_equal(one.mean, two.mean)
    assert np.array_equal(one.excess, two.excess)


def test_a_known_shape_and_the_week_are_followed():
    days = np.arange(1_400)
    shape = 1 + 0.8 * np.sin(days / 60)
    week = np.array([1.4, 1.2, 1.2, 1.1, 1.1, 0.6, 0.4])
    rate = 6 * shape * week[days % 7]
    fit = fitted(np.random.default_rng(7).poisson(rate), shape)
    assert np.corrcoef(fit.mean[0], rate)[0, 1] > 0.98


def test_a_wandering_mean_is_told_from_days_that_are_uneven_by_themselves():
    random = np.random.default_rng(8)
    shocks = random.standard_normal(1_800) * 0.5 * 0.6
    wander = np.zeros(1_800)
    for day in range(1, 1_800):
        wander[day] = 0.8 * wander[day - 1] + shocks[day]
    slow = fitted(random.poisson(20 * np.exp(wander - 0.125)))
    quick = fitted(uneven(20.0, 3.5, 1_800, seed=9))
    # The variance of exp(N(0, 0.5²)) by its squared mean.
    assert slow.slow[0] == pytest.approx(np.exp(0.25) - 1, rel=0.4)
    assert slow.memory[0] == pytest.approx(0.8, abs=0.16)
    assert quick.slow[0] < 0.05
    assert quick.excess[0] == pytest.approx(1 / 3.5, rel=0.2)


def test_simulated_series_are_as_uneven_as_the_fit():
    fit = fitted(uneven(5.0, 2.0, 1_000, seed=10))
    draws = simulated(fit, 200, np.random.default_rng(11))
    assert draws.shape == (200, 1_000)
    assert draws.mean() == pytest.approx(fit.mean.mean(), rel=0.03)
    level = fit.mean.mean()
    excess = (draws.var() - level) / level**2
    assert excess == pytest.approx(fit.excess_high[0], rel=0.15)


def test_the_same_series_and_seed_give_the_same_bytes():
    fit = fitted(uneven(5.0, 2.0, 300, seed=12))
    one, two = (simulated(fit, 20, np.random.default_rng(3)) for _ in range(2))
    assert one.tobytes() == two.tobytes()
