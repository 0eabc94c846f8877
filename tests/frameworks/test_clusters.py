"""k-means: never uphill, a fixed point at the end, and sklearn from the same start."""

from typing import Any

import numpy as np
import pytest
from sklearn.cluster import KMeans

from mlphys.frameworks.clusters import k_means, purity, squared_distances


@pytest.fixture(scope="module")
def points():
    return np.random.default_rng(0).normal(size=(200, 3))


@pytest.mark.parametrize("seed", range(5))
def test_inertia_never_rises_and_the_end_is_a_fixed_point(points, seed):
    found = k_means(points, 5, rng=np.random.default_rng(seed))
    assert np.all(np.diff(found.inertia) <= 1e-9)
    nearest = squared_distances(points, found.centers).argmin(1)
    assert np.array_equal(nearest, found.labels)
    for j in range(5):
        assert found.centers[j] == pytest.approx(points[found.labels == j].mean(0))


def test_same_end_as_sklearn_from_the_same_start(points):
    chosen = np.random.default_rng(4).choice(len(points), 5, replace=False)
    ours = k_means(points, 5, rng=np.random.default_rng(4), spread_start=False)
    options: dict = {"n_init": 1, "algorithm": "lloyd", "tol": 0}
    theirs: Any = KMeans(5, init=points[chosen], **options).fit(points)
    assert ours.inertia[-1] == pytest.approx(theirs.inertia_, rel=1e-9)
    assert np.array_equal(ours.labels, theirs.labels_)


def test_distances_against_a_loop(points):
    slow = [[np.sum((a - b) ** 2) for b in points[:5]] for a in points[:7]]
    assert squared_distances(points[:7], points[:5]) == pytest.approx(np.array(slow))


def test_purity_and_bad_k(points):
    assert purity(np.array([0, 0, 1, 1]), np.array([1, 1, 2, 1])) == 0.75
    with pytest.raises(ValueError, match="1 <= k <= n"):
        k_means(points, 0, rng=np.random.default_rng(0))


def test_equal_points_leave_an_empty_heap_alone():
    found = k_means(np.ones((4, 2)), 2, rng=np.random.default_rng(0))
    assert found.inertia[-1] == 0
