"""Tests of hours: the textbook's formulas, and batches as the unit."""

import numpy as np
import pytest
from scipy import stats

from hydrascope.timing.circle import (
    HARMONICS,
    coefficients,
    exchanged,
    turned,
    watson,
    watson_two,
)

DAY = 86_400


def sums_of(seconds, batches=None):
    seconds = np.asarray(seconds)
    batches = np.arange(len(seconds)) if batches is None else batches
    return coefficients(seconds, np.ones(len(seconds)), batches)


def sorted_watson(seconds):
    """Watson's U² as textbooks compute it, from the sorted times."""
    share = np.sort(np.asarray(seconds) / DAY % 1)
    number = len(share)
    steps = (2 * np.arange(1, number + 1) - 1) / (2 * number)
    return ((share - steps) ** 2).sum() - number * (share.mean() - 0.5) ** 2 + 1 / (12 * number)


def rayleigh(seconds):
    """p of Rayleigh's test, large samples."""
    length = np.abs(np.exp(2j * np.pi * np.asarray(seconds) / DAY).mean())
    return np.exp(-len(seconds) * length**2)


@pytest.mark.parametrize("seed", range(4))
def test_the_statistic_is_that_of_the_sorted_times(seed):
    random = np.random.default_rng(seed)
    seconds = (random.normal(9, 3, 300) * 3600) % DAY
    found = watson(sums_of(seconds).sum(axis=0))
    # What the harmonics left out hold of a random sample: 1/m² beyond the last one.
    missing = 1 / (2 * np.pi**2 * HARMONICS)
    assert found == pytest.approx(sorted_watson(seconds), abs=3 * missing)


def test_two_samples_lie_as_far_apart_as_their_distributions():
    random = np.random.default_rng(5)
    one, other = random.normal(8, 2, 4_000) * 3600 % DAY, random.normal(15, 2, 4_000) * 3600 % DAY
    grid = np.arange(0, DAY, 60)
    apart = (
        np.searchsorted(np.sort(one), grid) / 4_000 - np.searchsorted(np.sort(other), grid) / 4_000
    )
    expected = ((apart - apart.mean()) ** 2).mean()
    found = watson_two(sums_of(one).sum(axis=0), sums_of(other).sum(axis=0))
    assert found == pytest.approx(expected, rel=0.01)


def test_where_midnight_lies_changes_nothing():
    seconds = np.random.default_rng(6).normal(9, 3, 200) * 3600 % DAY
    one, other = (watson(sums_of(at % DAY).sum(axis=0)) for at in (seconds, seconds + 31_000))
    assert one == pytest.approx(other)


def test_two_shifts_twelve_hours_apart_are_seen_where_rayleigh_is_blind():
    random = np.random.default_rng(7)
    seconds = (random.choice([9, 21], 600) + random.normal(0, 1, 600)) * 3600 % DAY
    assert rayleigh(seconds) > 0.05
    assert turned(sums_of(seconds), draws=4_999, random=random).p < 0.001


def test_bulk_registration_at_random_times_fools_rayleigh_and_not_us():
    batches = np.repeat(np.arange(30), 20)
    ours, theirs = [], []
    for seed in range(120):
        random = np.random.default_rng(seed)
        seconds = (random.random(30) * DAY)[batches] + random.random(600) * 600
        ours.append(turned(sums_of(seconds, batches), draws=199, random=random).p <= 0.05)
        theirs.append(rayleigh(seconds) <= 0.05)
    assert np.mean(theirs) > 0.7
    # 13 of 120 and more come once in 160 times at a true rate of 5 %.
    assert np.sum(ours) <= 12


def test_single_times_turned_are_uniform_times():
    ps = []
    for seed in range(200):
        random = np.random.default_rng(seed)
        ps.append(turned(sums_of(random.random(40) * DAY), draws=199, random=random).p)
    assert stats.kstest(ps, "uniform").pvalue > 0.001


def test_labels_of_whole_batches_are_exchanged():
    random = np.random.default_rng(8)
    office = sums_of(random.normal(11, 2, 60) * 3600 % DAY)
    night = sums_of(random.normal(23, 2, 90) * 3600 % DAY)
    assert exchanged(office, night, draws=999, random=random).p == pytest.approx(
        1 - 0.05 ** (1 / 999)
    )
    ps = []
    for _ in range(100):
        half = random.permutation(60)
        ps.append(exchanged(office[half[:25]], office[half[25:]], draws=99, random=random).p)
    assert stats.kstest(ps, "uniform").pvalue > 0.001


def test_exchanging_few_batches_matches_all_arrangements():
    from itertools import combinations

    random = np.random.default_rng(9)
    sums = sums_of(random.random(8) * DAY)
    observed = watson_two(sums[:3].sum(axis=0), sums[3:].sum(axis=0))
    whole = sums.sum(axis=0)
    every = [sums[list(chosen)].sum(axis=0) for chosen in combinations(range(8), 3)]
    exact = np.mean([watson_two(part, whole - part) >= observed - 1e-12 for part in every])
    found = exchanged(sums[:3], sums[3:], draws=9_999, random=random)
    assert found.statistic == pytest.approx(observed)
    # The limit is above the share by what ten thousand draws leave open.
    assert exact <= found.p + 0.005
    assert found.p == pytest.approx(exact, abs=0.02)
