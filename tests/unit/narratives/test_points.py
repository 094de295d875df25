import numpy as np
import pytest
from sklearn.decomposition import PCA

from hydrascope.narratives.points import neighbourhoods, points_of, unit

VECTORS = np.random.default_rng(1).normal(size=(60, 12)).astype(np.float32)


def test_points_are_principal_components_of_unit_length():
    points = points_of(VECTORS, dimensions=4)
    scores = PCA(4, svd_solver="full").fit_transform(VECTORS.astype(float))
    expected = scores / np.linalg.norm(scores, axis=1, keepdims=True)
    turned = expected * np.sign((expected * points).sum(axis=0))
    assert points == pytest.approx(turned, abs=1e-4)


def test_neither_the_order_of_the_rows_nor_their_sign_convention_moves_points():
    order = np.random.default_rng(2).permutation(60)
    assert points_of(VECTORS[order], dimensions=4) == pytest.approx(
        points_of(VECTORS, dimensions=4)[order], abs=1e-4
    )


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_few_rows_are_no_error(rows):
    points = points_of(VECTORS[:rows], dimensions=20)
    assert points.shape == (rows, 12) and np.isfinite(points).all()


def test_a_row_of_zeros_stays():
    assert unit(np.array([[0.0, 0], [3, 4]])).tolist() == [[0, 0], [0.6, 0.8]]


def test_a_neighbourhood_is_the_nearest_rows_itself_first():
    points = points_of(VECTORS, dimensions=4)
    found = neighbourhoods(points, points[:7], neighbours=5)
    distances = np.linalg.norm(points[:7, None] - points[None], axis=2)
    assert np.array_equal(found, np.argsort(distances, axis=1)[:, :5])
    assert neighbourhoods(points[:3], points[:3], neighbours=5).shape == (3, 3)
