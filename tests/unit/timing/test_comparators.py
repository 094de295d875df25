"""Other people's rules, each against trying everything on a short series."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

from hydrascope.timing.comparators import (
    bayesian_blocks,
    comparator_table,
    kleinberg,
    pelt,
)

COUNTS = np.array([1, 0, 2, 1, 7, 9, 8, 1, 0, 1])


def divisions(days):
    for cuts in product([False, True], repeat=days - 1):
        yield [0, *(at + 1 for at, cut in enumerate(cuts) if cut), days]


def parts(edges):
    return list(zip(edges[:-1], edges[1:], strict=True))


def above(edges):
    mean = COUNTS.mean()
    return np.concatenate([[COUNTS[a:b].mean() > mean] * (b - a) for a, b in parts(edges)])


def test_kleinberg_is_the_cheapest_sequence_of_states():
    mean = COUNTS.mean()

    def cost(states):
        emitted = -sum(
            stats.poisson.logpmf(count, mean * (2 if state else 1))
            for count, state in zip(COUNTS, states, strict=True)
        )
        ups = sum(new > old for old, new in zip([0, *states[:-1]], states, strict=True))
        return emitted + ups * np.log(len(COUNTS))

    best = min(product([0, 1], repeat=len(COUNTS)), key=cost)
    assert kleinberg(COUNTS).astype(int).tolist() == list(best)


def test_bayesian_blocks_are_the_fittest_division():
    prior = 4 - np.log(73.53 * 0.05 * COUNTS.sum() ** -0.478)

    def fitness(edges):
        return sum(
            special.xlogy(COUNTS[a:b].sum(), max(COUNTS[a:b].sum(), 1) / (b - a)) - prior
            for a, b in parts(edges)
        )

    best = max(divisions(len(COUNTS)), key=fitness)
    assert bayesian_blocks(COUNTS).tolist() == above(best).tolist()


def test_pelt_has_the_least_penalised_squares():
    penalty = COUNTS.var() * np.log(len(COUNTS))

    def loss(edges):
        if any(b - a < 2 for a, b in parts(edges)):
            return np.inf
        squares = sum(((COUNTS[a:b] - COUNTS[a:b].mean()) ** 2).sum() for a, b in parts(edges))
        return squares + penalty * (len(edges) - 2)

    best = min(divisions(len(COUNTS)), key=loss)
    assert pelt(COUNTS).tolist() == above(best).tolist()


def test_runs_of_days_become_rows():
    daily = pd.DataFrame(
        {
            "platform": "x",
            "day": pd.date_range("2021-01-01", periods=10).strftime("%Y-%m-%d"),
            "accounts": COUNTS,
        }
    )
    table = comparator_table(daily)
    assert set(table["rule"]) <= {"Kleinberg", "Bayesian blocks", "PELT"}
    first = table[table["rule"] == "Kleinberg"].iloc[0]
    assert (first["start"], first["end"], first["accounts"]) == ("2021-01-05", "2021-01-07", 24)


@pytest.mark.parametrize("rule", [kleinberg, bayesian_blocks, pelt])
@pytest.mark.parametrize("counts", [[3], [1, 2], [0, 0, 0, 0, 0, 1]])
def test_short_series_are_no_error(rule, counts):
    assert len(rule(np.array(counts))) == len(counts)
