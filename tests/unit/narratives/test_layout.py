import numpy as np
import pytest

from hydrascope.narratives import layout
from hydrascope.narratives.layout import group, nearest, reduce


def clusters(*sizes, dimensions=16, seed=0):
    """Rows about orthogonal directions, so many a direction, and each row's direction."""
    truth = np.repeat(range(len(sizes)), sizes)
    noise = np.random.default_rng(seed).normal(scale=0.02, size=(len(truth), dimensions))
    return (np.eye(dimensions)[truth] + noise).astype(np.float32), truth


def cosine_distances(vectors):
    unit = vectors.astype(float) / np.linalg.norm(vectors.astype(float), axis=1, keepdims=True)
    return 1 - unit @ unit.T


VECTORS, TRUTH = clusters(40, 30, 30)


@pytest.fixture(scope="module")
def placed():
    return reduce(VECTORS, *nearest(VECTORS, 10), dimensions=3, seed=7)


def test_nearest_rows_are_those_of_a_plain_cosine_computation():
    vectors = np.random.default_rng(1).normal(size=(60, 8)).astype(np.float32)
    indices, distances = nearest(vectors, 5)
    plain = cosine_distances(vectors)
    assert np.array_equal(indices, np.argsort(plain, axis=1)[:, :5])
    np.testing.assert_allclose(distances, np.sort(plain, axis=1)[:, :5], atol=1e-6)


def test_the_length_of_a_vector_does_not_matter_to_cosine():
    vectors = np.array([[1, 0.1], [50, 0], [0, 1], [0.2, 30]])
    indices, _ = nearest(vectors, 2)
    assert indices.tolist() == [[0, 1], [1, 0], [2, 3], [3, 2]]


def test_each_row_is_its_own_nearest():
    indices, distances = nearest(VECTORS, 4)
    assert np.array_equal(indices[:, 0], np.arange(100))
    assert np.all(np.diff(distances, axis=1) >= 0)


def test_fewer_rows_than_neighbours_give_all_rows():
    indices, distances = nearest(np.eye(3), 15)
    assert indices.shape == distances.shape == (3, 3)
    assert [sorted(row) for row in indices.tolist()] == [[0, 1, 2]] * 3


def test_searching_in_pieces_finds_the_same(monkeypatch):
    vectors = np.random.default_rng(2).normal(size=(2000, 8))
    whole = nearest(vectors, 5)
    # sklearn cuts the distances, 32 MB of them, into pieces that fit this
    monkeypatch.setattr(layout, "SEARCH_MIB", 1)
    pieces = nearest(vectors, 5)
    assert np.array_equal(whole[0], pieces[0])
    np.testing.assert_allclose(whole[1], pieces[1], atol=1e-12)


def test_a_reduction_has_the_stated_shape_and_finite_values(placed):
    assert placed.shape == (100, 3) and placed.dtype == np.float32
    assert np.isfinite(placed).all()


def test_the_same_seed_gives_the_same_bytes(placed):
    again = reduce(VECTORS, *nearest(VECTORS, 10), dimensions=3, seed=7)
    assert again.tobytes() == placed.tobytes()


def test_another_seed_gives_another_layout(placed):
    other = reduce(VECTORS, *nearest(VECTORS, 10), dimensions=3, seed=8)
    assert not np.array_equal(other, placed)


def test_the_inputs_of_a_reduction_are_left_as_they_were(placed):
    vectors = VECTORS.copy()
    indices, distances = nearest(vectors, 10)
    before = [array.tobytes() for array in (vectors, indices, distances)]
    reduce(vectors, indices, distances, dimensions=3, seed=7)
    assert [array.tobytes() for array in (vectors, indices, distances)] == before


def test_planted_clusters_stay_apart_and_come_back_whole(placed):
    found = group(placed, 10)
    assert len(set(zip(TRUTH.tolist(), found.tolist(), strict=True))) == 3
    assert set(found) == {0, 1, 2}


@pytest.mark.parametrize(
    ("rows", "grouped"), [(0, False), (1, False), (19, False), (20, True), (21, True)]
)
def test_fewer_rows_than_two_groups_need_are_in_none(rows, grouped):
    half = rows // 2
    points = np.vstack([np.zeros((rows - half, 2)), np.full((half, 2), 9.0)])
    points += np.random.default_rng(3).normal(scale=0.01, size=points.shape)
    found = group(points, 10)
    assert len(found) == rows
    assert set(found) == ({0, 1} if grouped else {-1} if rows else set())


def test_no_group_is_smaller_than_the_fewest_rows():
    points = np.concatenate(
        [np.random.default_rng(4).normal(c, 0.1, (s, 2)) for c, s in [(0, 30), (5, 12), (10, 9)]]
    )
    found = group(points, 10)
    sizes = [int((found == label).sum()) for label in set(found) - {-1}]
    assert sorted(sizes) == [12, 30]
    assert set(found[42:]) == {-1}
