"""Triangulations: Euler's twelve, outward triangles, empty caps."""

import numpy as np
import pytest

from mlphys.physics import sphere_mesh as mesh
from mlphys.physics.thomson import random_points


@pytest.mark.parametrize("n", [4, 5, 17, 200])
def test_counts_of_euler(n):
    points = random_points(n, rng=np.random.default_rng(n))
    assert mesh.triangles(points).shape == (2 * n - 4, 3)
    assert mesh.neighbor_pairs(points).shape == (3 * n - 6, 2)
    assert (6 - mesh.degrees(points)).sum() == 12
    counted = mesh.count_degrees(points)
    assert sum(counted.values()) == n
    assert sum((6 - degree) * many for degree, many in counted.items()) == 12


def test_no_point_lies_inside_the_cap_of_a_triangle():
    points = random_points(60, rng=np.random.default_rng(1))
    centers = mesh.holes(points)
    cosines = centers @ points.T
    corners = np.take_along_axis(cosines, mesh.triangles(points), axis=1)
    assert np.ptp(corners, axis=1).max() < 1e-12
    assert (cosines <= corners.min(axis=1, keepdims=True) + 1e-12).all()


def test_radii_do_not_matter():
    points = random_points(30, rng=np.random.default_rng(2))
    stretched = points * np.linspace(0.1, 10, 30)[:, None]
    assert (mesh.degrees(points) == mesh.degrees(stretched)).all()


@pytest.mark.parametrize(
    "points, words",
    [
        (np.eye(3), "four points or more"),
        (np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0.0]]), "one plane"),
        (np.concatenate([np.eye(3), -np.eye(3), np.eye(3)[:1]]), "coincide"),
    ],
)
def test_bad_points_are_refused(points, words):
    with pytest.raises(ValueError, match=words):
        mesh.triangles(points)
