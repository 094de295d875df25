"""Shifts and breaks of a day, and the division against trying every one."""

from itertools import combinations

import numpy as np
import pytest

from hydrascope.timing.shifts import BINS, _divided, shift_table


def day_of(spans, seed=1, batches=80, each=30, rest=0.05):
    random = np.random.default_rng(seed)
    many = batches * each
    span = np.array(spans)[random.integers(len(spans), size=many)]
    hours = span[:, 0] + (span[:, 1] - span[:, 0]) * random.random(many)
    hours = np.where(random.random(many) < rest, 24 * random.random(many), hours)
    return (hours * 3600).astype(int) % 86_400, np.repeat(np.arange(batches), each)


def table_of(seconds, batches):
    number = int(batches.max()) + 1
    draws = np.random.default_rng(2).multinomial(number, np.full(number, 1 / number), size=100)
    return shift_table("x", seconds, np.ones(len(seconds)), batches, draws)


def test_two_shifts_with_a_meal_between_them():
    table = table_of(*day_of([(1, 4), (6, 9.5)]))
    assert table["part"].to_list() == ["shift", "break", "shift"]
    assert table["start"].to_list() == pytest.approx([1, 4, 6], abs=0.5)
    assert table["end"].to_list() == pytest.approx([4, 6, 9.5], abs=0.5)
    assert (table["start_low"] <= table["start"]).all()
    assert (table["end_high"] >= table["end"]).all()
    assert table.loc[table["part"] == "shift", "share"].sum() > 0.9


def test_a_night_shift_goes_over_midnight():
    table = table_of(*day_of([(22, 25), (27, 30)]))
    assert table["part"].to_list() == ["shift", "break", "shift"]
    assert table["start"].iloc[0] == pytest.approx(22, abs=0.5)
    assert table["end"].iloc[0] == pytest.approx(1, abs=0.5)
    assert table["end"].iloc[2] == pytest.approx(6, abs=0.5)


def test_an_even_day_is_one_long_stretch():
    table = table_of(*day_of([(0, 24)]))
    assert len(table) == 1
    assert table["rate"].iloc[0] == pytest.approx(1)


def test_shifts_half_a_day_apart_have_no_break_between_them():
    table = table_of(*day_of([(1, 4), (13, 16)]))
    assert table["part"].to_list() == ["shift", "shift"]


def test_the_division_is_the_likeliest_of_all():
    counts = np.random.default_rng(3).poisson(np.repeat([1, 9, 2, 6], BINS // 4)).astype(float)

    def height(edges):
        total = 0.0
        for first, behind in zip(edges[:-1], edges[1:], strict=True):
            made = counts[first:behind].sum()
            total += made * np.log(made / (behind - first)) if made else 0.0
        return total

    every = [(0, *inner, BINS) for inner in combinations(range(1, BINS), 3)]
    assert height(_divided(counts, 4)) == pytest.approx(max(map(height, every)))
