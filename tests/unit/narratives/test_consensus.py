import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from hydrascope.narratives.consensus import assigned, consensus_centres, grouped
from hydrascope.narratives.points import unit

SIZES = [120, 90, 60, 40]
TRUE = np.repeat(range(4), SIZES)


@pytest.fixture(scope="module")
def points():
    random = np.random.default_rng(1)
    return unit(np.eye(6)[TRUE] + random.normal(scale=0.15, size=(len(TRUE), 6))).astype(np.float32)


def test_groups_that_lie_apart_are_found_and_numbered_by_size(points):
    groups, nearest = grouped(points, consensus_centres(points, 4, seed=1), least=5, border=0)
    assert groups.tolist() == TRUE.tolist() == nearest.tolist()


def test_neither_seed_nor_row_order_nor_a_fifth_of_the_rows_moves_them(points):
    random = np.random.default_rng(3)
    for seed in range(5):
        rows = random.permutation(len(points))[: int(0.8 * len(points))]
        centres = consensus_centres(points[rows], 4, seed=seed)
        found, _ = grouped(points[rows], centres, least=5, border=0)
        assert adjusted_rand_score(found, TRUE[rows]) == 1


def test_the_same_seed_gives_the_same_bytes(points):
    once, again = (consensus_centres(points, 7, seed=5) for _ in range(2))
    assert once.tobytes() == again.tobytes()


def test_many_runs_agree_better_than_few_and_the_best_of_several_better_still():
    random = np.random.default_rng(0)
    centres = random.normal(size=(16, 16))
    noise = random.normal(scale=0.8, size=(1200, 16))
    points = unit(centres[random.integers(0, 16, 1200)] + noise).astype(np.float32)

    def mean_agreement(**runs):
        found = [
            assigned(points, consensus_centres(points, 16, seed=seed, **runs))[0]
            for seed in range(8)
        ]
        return np.mean(
            [
                adjusted_rand_score(one, other)
                for one in found
                for other in found
                if one is not other
            ]
        )

    single, joined = mean_agreement(fits=1, tries=1), mean_agreement(fits=8, tries=1)
    assert single + 0.02 < joined < mean_agreement(fits=8, tries=8)


def test_the_closest_of_several_is_kept(points):
    def squares(tries):
        centres = consensus_centres(points, 9, seed=3, fits=1, tries=tries)
        return ((points - centres[assigned(points, centres)[0]]) ** 2).sum()

    # The first of the six is the one that is sought alone.
    assert squares(6) < squares(1)


def test_what_is_left_out_lies_closest_to_the_border():
    points = np.array([[0.0, 0], [1, 0], [4, 0], [5.2, 0], [9, 0], [10, 0]])
    centres = np.array([[0.5, 0], [9.5, 0]])
    groups, nearest = grouped(points, centres, least=1, border=0.34)
    assert nearest.tolist() == [0, 0, 0, 1, 1, 1]
    assert groups.tolist() == [0, 0, -1, -1, 1, 1]


def test_clearness_is_one_on_a_centre_and_nothing_between_two():
    centres = np.array([[0.0, 0], [2, 0]])
    group, clear = assigned(np.array([[0.0, 0], [1, 0], [2, 0]]), centres)
    assert group.tolist() == [0, 0, 1] and clear == pytest.approx([1, 0, 1])
    assert assigned(centres, centres[:1])[1].tolist() == [1, 1]


def test_a_group_that_is_too_small_goes_to_the_next_and_none_is_no_error():
    points = np.array([[0.0, 0], [0.1, 0], [0.2, 0], [3, 0]])
    centres = np.array([[0.1, 0], [3, 0]])
    assert grouped(points, centres, least=2, border=0)[0].tolist() == [0, 0, 0, 0]
    assert grouped(points, centres, least=9, border=0)[0].tolist() == [-1] * 4


def test_copies_of_one_point_are_no_error():
    groups, _ = grouped(
        np.ones((40, 3), np.float32),
        consensus_centres(np.ones((40, 3), np.float32), 3, seed=1),
        least=2,
        border=0,
    )
    assert set(groups) == {0}
