"""Folded lattices: counts, symmetry, and the published energies of the eleven they win."""

import numpy as np
import pytest

from mlphys.physics.icosadeltahedral import icosadeltahedral_points, icosahedron, pairs_of
from mlphys.physics.sphere_mesh import count_degrees
from mlphys.physics.thomson import relax
from mlphys.physics.thomson_energies import published_energies

WINS = (12, 32, 72, 122, 132, 192, 212, 272, 282, 372, 392)
LOSES = {42: 732.256241029, 92: 3745.618739084, 312: 45629.362723799}


def test_icosahedron():
    vertices, faces = icosahedron()
    cosines = np.unique((vertices @ vertices.T).round(12))
    assert np.allclose(cosines, [-1, -(0.2**0.5), 0.2**0.5, 1])
    assert (np.linalg.det(vertices[faces]) > 0).all()
    assert (np.bincount(faces.ravel()) == 5).all()


@pytest.mark.parametrize("h, k", [(1, 0), (1, 1), (2, 0), (2, 1), (1, 2), (3, 2), (5, 3), (0, 4)])
def test_ten_t_plus_two_points_with_twelve_of_degree_five(h, k):
    points = icosadeltahedral_points(h, k)
    t = h * h + h * k + k * k
    assert points.shape == (10 * t + 2, 3)
    assert np.allclose(np.linalg.norm(points, axis=1), 1, atol=1e-15)
    settled = relax(points).points
    expected = {5: 12, 6: 10 * t - 10} if t > 1 else {5: 12}
    assert count_degrees(settled) == expected


@pytest.mark.parametrize("h, k", [(2, 1), (3, 1), (2, 2)])
def test_turning_by_a_fifth_about_a_vertex_changes_nothing(h, k):
    points, axis = icosadeltahedral_points(h, k), icosahedron()[0][0]
    angle = 2 * np.pi / 5
    along = (points @ axis)[:, None] * axis
    turned = along + np.cos(angle) * (points - along) + np.sin(angle) * np.cross(axis, points)
    nearest = np.linalg.norm(turned[:, None] - points, axis=-1).min(axis=1)
    assert nearest.max() < 1e-12
    mirrored = points * [1, 1, -1]  # the mirror image is another one only where h ≠ k
    distance = np.linalg.norm(mirrored[:, None] - points, axis=-1).min(axis=1).max()
    assert (distance > 0.01) == (h != k)


@pytest.mark.parametrize("n", WINS)
def test_folded_lattices_reach_the_published_energy(n):
    (pair,) = pairs_of(n)
    found = relax(icosadeltahedral_points(*pair))
    assert found.energy == pytest.approx(published_energies()[n], abs=1e-9)
    assert found.evaluations <= 60


@pytest.mark.parametrize("n", LOSES)
def test_folded_lattices_that_lose(n):
    (pair,) = pairs_of(n)
    found = relax(icosadeltahedral_points(*pair))
    assert found.energy == pytest.approx(LOSES[n], abs=2e-9)
    assert found.energy > published_energies()[n] + 0.01


def test_pairs_by_number_of_points():
    assert pairs_of(122) == [(2, 2)] and pairs_of(2) == pairs_of(22) == pairs_of(33) == []
    for h, k in pairs_of(492):
        assert 10 * (h * h + h * k + k * k) + 2 == 492


@pytest.mark.parametrize("h, k", [(0, 0), (-1, 2)])
def test_bad_steps_are_refused(h, k):
    with pytest.raises(ValueError, match="not both zero"):
        icosadeltahedral_points(h, k)
