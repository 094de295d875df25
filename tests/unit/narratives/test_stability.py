from math import comb

import numpy as np
import pytest

from hydrascope.narratives import stability as module
from hydrascope.narratives.layout import nearest, reduce
from hydrascope.narratives.stability import agreement, stability


def rand_index(one, other):
    """Hubert and Arabie's adjusted Rand index, from the pairs themselves."""
    both = len(one)
    pairs = [(i, j) for i in range(both) for j in range(i)]
    together = sum(one[i] == one[j] and other[i] == other[j] for i, j in pairs)
    in_one = sum(one[i] == one[j] for i, j in pairs)
    in_other = sum(other[i] == other[j] for i, j in pairs)
    expected = in_one * in_other / comb(both, 2)
    return (together - expected) / ((in_one + in_other) / 2 - expected)


def test_a_small_table_worked_out_by_hand():
    # pairs together: 2 in both, 7 in one, 4 in the other, of 15; expected 7·4/15
    one, other = [0, 0, 0, 0, 1, 1], [0, 0, 1, 1, 2, 0]
    assert rand_index(one, other) == pytest.approx((2 - 28 / 15) / (11 / 2 - 28 / 15))
    assert agreement(one, other) == pytest.approx((2 / 54.5, 2 / 54.5), abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_agreement_is_the_adjusted_rand_index_with_and_without_outliers(seed):
    random = np.random.default_rng(seed)
    one, other = random.integers(-1, 3, (2, 40))
    everything, inner = agreement(one, other)
    both = (one >= 0) & (other >= 0)
    assert everything == pytest.approx(rand_index(one.tolist(), other.tolist()))
    assert inner == pytest.approx(rand_index(one[both].tolist(), other[both].tolist()))
    assert everything != pytest.approx(inner)


def test_the_names_of_the_topics_do_not_matter():
    assert agreement([0, 0, 1, 1, -1], [5, 5, 2, 2, -1]) == (1.0, 1.0)


def test_a_row_that_only_one_grouping_leaves_out_is_left_out():
    everything, inner = agreement([0, 0, 1, 1], [0, 0, 1, -1])
    assert inner == 1.0 and everything < 1


def test_without_a_row_in_both_there_is_no_inner_agreement():
    everything, inner = agreement([-1, -1, 0], [0, 0, -1])
    assert np.isnan(inner) and everything == 1.0


ROWS = np.repeat(range(3), 30)
VECTORS = np.eye(8)[ROWS] + np.random.default_rng(0).normal(scale=0.02, size=(90, 8))
VECTORS = VECTORS.astype(np.float32)
SETTINGS = {"dimensions": 2, "min_topic_families": 10, "seed": 3}


@pytest.fixture(scope="module")
def fitted():
    near = nearest(VECTORS, 8)
    return VECTORS, reduce(VECTORS, *near, dimensions=2, seed=3), *near


def test_well_separated_topics_do_not_move(fitted):
    table = stability(*fitted, **SETTINGS)
    assert list(table.columns) == ["perturbation", "ari_all", "ari_without_outliers"]
    assert table.values.tolist() == [["seed", 1.0, 1.0], ["row order", 1.0, 1.0]]


def test_each_perturbation_changes_what_it_names_and_nothing_else(fitted, monkeypatch):
    calls = []

    def watched(vectors, indices, distances, *, dimensions, seed):
        calls.append((vectors, indices, distances, dimensions, seed))
        return vectors[:, :2]

    monkeypatch.setattr(module, "reduce", watched)
    stability(*fitted, **SETTINGS)
    by_seed, by_order = calls
    assert np.array_equal(by_seed[0], VECTORS) and by_seed[4] != 3
    assert by_order[4] == 3
    order = [int(np.flatnonzero((row == VECTORS).all(axis=1))[0]) for row in by_order[0]]
    assert sorted(order) == list(range(90)) and order != list(range(90))
    # the neighbours of a moved row are the same rows under their new numbers
    _, _, indices, distances = fitted
    assert np.array_equal(np.array(order)[by_order[1]], indices[order])
    assert np.array_equal(by_order[2], distances[order])


def test_groups_are_compared_row_by_row_in_their_first_order(fitted, monkeypatch):
    # Were the shuffled rows not put back, agreement would be that of strangers.
    monkeypatch.setattr(module, "reduce", lambda vectors, *_, **__: vectors[:, :3])
    table = stability(VECTORS, VECTORS[:, :3], *fitted[2:], **SETTINGS)
    assert table["ari_all"].tolist() == [1.0, 1.0]


def test_a_layout_that_means_nothing_does_not_agree(fitted):
    vectors, layout, *near = fitted
    shuffled = layout[np.random.default_rng(9).permutation(90)]
    table = stability(vectors, shuffled, *near, **SETTINGS)
    assert table["ari_all"].abs().max() < 0.15
