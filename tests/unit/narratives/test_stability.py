from math import comb

import numpy as np
import pytest

from hydrascope.narratives.stability import agreement, persistence, perturbed, stability


def labels(*values):
    return np.array(values, dtype=float)


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
    one, other = labels(0, 0, 0, 0, 1, 1), labels(0, 0, 1, 1, 2, 0)
    assert rand_index(one, other) == pytest.approx((2 - 28 / 15) / (11 / 2 - 28 / 15))
    assert agreement(one, other) == pytest.approx((2 / 54.5, 2 / 54.5), abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_agreement_is_the_adjusted_rand_index_with_and_without_outliers(seed):
    random = np.random.default_rng(seed)
    one, other = random.integers(-1, 3, (2, 40)).astype(float)
    everything, inner = agreement(one, other)
    both = (one >= 0) & (other >= 0)
    assert everything == pytest.approx(rand_index(one.tolist(), other.tolist()))
    assert inner == pytest.approx(rand_index(one[both].tolist(), other[both].tolist()))
    assert everything != pytest.approx(inner)


def test_the_names_of_the_topics_do_not_matter():
    assert agreement(labels(0, 0, 1, 1, -1), labels(5, 5, 2, 2, -1)) == (1.0, 1.0)


def test_a_row_that_only_one_grouping_leaves_out_is_left_out():
    everything, inner = agreement(labels(0, 0, 1, 1), labels(0, 0, 1, -1))
    assert inner == 1.0 and everything < 1


def test_without_a_row_in_both_there_is_no_inner_agreement():
    everything, inner = agreement(labels(-1, -1, 0), labels(0, 0, -1))
    assert np.isnan(inner) and everything == 1.0


def test_rows_that_a_resample_does_not_hold_are_left_out():
    nan = np.nan
    assert agreement(labels(0, 0, 1, 1, nan, 0), labels(1, 1, 0, 0, 0, nan)) == (1.0, 1.0)
    assert np.isnan(agreement(labels(nan, 0), labels(0, nan))).all()


ROWS = np.repeat(range(3), 40)
VECTORS = np.eye(8)[ROWS] + np.random.default_rng(0).normal(scale=0.02, size=(120, 8))
VECTORS = VECTORS.astype(np.float32)
SETTINGS = {"times": 4, "dimensions": 4, "least": 5, "border": 0.0, "seed": 3}


def test_well_separated_topics_do_not_move():
    table, persisting = stability(VECTORS, 3, ROWS, **SETTINGS)
    assert table.values.tolist() == [
        [kind, 4, 1.0, 1.0] for kind in ("seed", "row order", "resample")
    ]
    assert persisting.values.tolist() == [[topic, 1.0, 1.0] for topic in range(3)]


def test_rows_that_mean_nothing_do_not_agree():
    noise = np.random.default_rng(9).normal(size=(200, 30)).astype(np.float32)
    table, _ = stability(noise, 8, np.zeros(200, int), **SETTINGS)
    assert table.set_index("perturbation").loc["resample", "ari_all"] < 0.5


@pytest.mark.parametrize("kind", ["seed", "row order", "resample"])
def test_each_change_gives_topics_in_the_first_order_of_the_rows(kind):
    found = perturbed(VECTORS, 3, perturbation=kind, **SETTINGS)
    assert found.shape == (4, 120)
    for fit in found:
        held = ~np.isnan(fit)
        assert held.sum() == (96 if kind == "resample" else 120)
        assert agreement(fit, ROWS.astype(float)) == (1.0, 1.0)


def test_without_topics_there_is_nothing_to_compare():
    table, persisting = stability(VECTORS, 0, np.full(120, -1), **SETTINGS)
    assert table["fits"].to_list() == [0, 0, 0] and table["ari_all"].isna().all()
    assert persisting.empty


def test_a_topic_persists_as_far_as_the_closest_one_of_another_fit():
    groups = np.array([0, 0, 0, 0, 1, 1, -1])
    fits = np.array([[0, 0, 0, 1, 1, 1, -1], [2, 2, 2, 2, np.nan, 0, 0]])
    # 3 of 4 and then all; 2 of 3 and then 1 of 2
    assert persistence(groups, fits).values.tolist() == [
        [0, (0.75 + 1) / 2, 0.75],
        [1, pytest.approx((2 / 3 + 1 / 2) / 2), 0.5],
    ]
