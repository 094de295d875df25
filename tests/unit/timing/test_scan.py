"""The scan statistic against a plain loop over windows."""

import numpy as np
import pytest
from scipy import stats

from hydrascope.timing.baseline import Baseline
from hydrascope.timing.scan import HANDICAP, LENGTHS, Scan, heights, high_windows, scan


def steady(days, mean=2.0, excess=0.5, slow=0.2, memory=0.8):
    one = np.array([excess]), np.array([excess])
    return Baseline(
        np.full((1, days), mean), *one, np.array([slow]), np.array([slow]), np.array([memory])
    )


def test_heights_are_ratios_of_negative_binomial_likelihoods():
    random = np.random.default_rng(1)
    counts, fit = random.poisson(2.0, 60), steady(60)
    found = heights(counts[None], fit)[:, 0]
    for row, days in enumerate(LENGTHS):
        together = sum(
            0.3 * (one == other) + 0.2 * 0.8 ** abs(one - other)
            for one in range(days)
            for other in range(days)
        )
        size = days**2 / together
        for first in range(60):
            if first + days > 60:
                assert found[row, first] == 0
                continue
            seen, due = counts[first : first + days].sum(), 2.0 * days
            expected = 0.0
            if seen > due:
                best, null = (
                    stats.nbinom.logpmf(seen, size, size / (size + level)) for level in (seen, due)
                )
                expected = max(best - null - (HANDICAP if days > 1 else 0), 0)
            assert found[row, first] == pytest.approx(expected, abs=1e-9)


def test_windows_do_not_overlap_and_the_highest_comes_first():
    found = np.zeros((len(LENGTHS), 50))
    found[0, 10], found[1, 9], found[3, 20], found[2, 22] = 30.0, 25.0, 20.0, 19.0
    assert high_windows(found, 18.0) == [slice(10, 11), slice(20, 24)]
    assert high_windows(found, 40.0) == []


def test_p_counts_the_observed_series_unless_drawing_was_settled():
    fit, nothing = steady(5), np.zeros((len(LENGTHS), 5))
    maxima = np.array([1.0, 2.0, 3.0, 4.0])
    assert Scan(fit, nothing, maxima, False).p(3.5) == pytest.approx(2 / 5)
    assert Scan(fit, nothing, maxima, True).p(3.5) == pytest.approx(1 / 4)
    assert Scan(fit, nothing, maxima, False).p(9.0) == pytest.approx(1 / 5)


def test_drawing_stops_when_the_answer_is_clear():
    counts = np.random.default_rng(2).poisson(3.0, 200)
    done = scan(counts, np.ones(200), draws=999, enough=10, random=np.random.default_rng(3))
    assert len(done.maxima) < 999
    counts[90] = 60
    done = scan(counts, np.ones(200), draws=199, enough=10, random=np.random.default_rng(3))
    assert len(done.maxima) == 199
    assert done.p(done.heights.max()) == pytest.approx(1 / 200)


def test_a_burst_does_not_enter_its_own_baseline():
    counts = np.random.default_rng(4).poisson(2.0, 300)
    counts[100:110] += 50
    done = scan(counts, np.ones(300), draws=20, enough=10, random=np.random.default_rng(5))
    assert done.fit.mean[0, 100:110].mean() == pytest.approx(2.0, rel=0.3)
    row, first = np.unravel_index(done.heights.argmax(), done.heights.shape)
    assert (first, LENGTHS[row]) == (100, 10)


def test_few_of_many_quiet_series_have_a_window_that_chance_does_not_bring():
    random = np.random.default_rng(6)
    alarms = 0
    for _ in range(60):
        counts = random.poisson(3.0 * random.standard_gamma(1.0, 200))
        done = scan(counts, np.ones(200), draws=99, enough=5, random=random)
        alarms += done.p(done.heights.max()) <= 0.05
    # More than 8 of 60 come once in 140 times at a true rate of 5 %.
    assert alarms <= 8
