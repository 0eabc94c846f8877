"""Energies against closed forms and the published table; gradients against two other ways."""

import numpy as np
import pytest

from mlphys.derivatives.gradient_check import check_gradient
from mlphys.derivatives.minimize import minimize
from mlphys.physics import thomson
from mlphys.physics.icosadeltahedral import icosahedron
from mlphys.physics.thomson_energies import published_energies

ROOT3 = 3**0.5
CUBE = np.array([[i, j, k] for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)]) / ROOT3
TETRAHEDRON = CUBE[[0, 3, 5, 6]]
OCTAHEDRON = np.concatenate([np.eye(3), -np.eye(3)])


@pytest.mark.parametrize(
    "points, exact",
    [
        (OCTAHEDRON[[0, 3]], 0.5),
        (TETRAHEDRON, 6 / (8 / 3) ** 0.5),
        (OCTAHEDRON, 12 / 2**0.5 + 3 / 2),
        (CUBE, 12 * ROOT3 / 2 + 12 * ROOT3 / 8**0.5 + 4 / 2),
        (icosahedron()[0], 49.165253058),
    ],
)
def test_energies_of_regular_bodies(points, exact):
    assert thomson.energy(points) == pytest.approx(exact, rel=1e-11)
    assert thomson.energy_and_gradient(points)[0] == pytest.approx(exact, rel=1e-11)
    objective = thomson.make_objective(len(points))
    value, gradient = objective(points.ravel())
    assert value == pytest.approx(exact, rel=1e-11) and abs(gradient).max() < 1e-13


def test_reference_digits():
    assert thomson.energy(TETRAHEDRON) == pytest.approx(3.674234614174767, rel=1e-15)
    assert thomson.energy(CUBE) == pytest.approx(19.740774073762880, rel=1e-15)
    found = thomson.relax(thomson.random_points(20, rng=np.random.default_rng(0)))
    assert found.energy == pytest.approx(150.881568333757, rel=1e-14)


def test_eight_electrons_sit_on_an_antiprism():
    found = thomson.relax(thomson.random_points(8, rng=np.random.default_rng(8)))
    assert found.energy == pytest.approx(19.675287861, abs=1e-9)
    distances = np.linalg.norm(found.points[:, None] - found.points, axis=-1)
    distances.sort(axis=1)
    expected = [0, 1.17125, 1.17125, 1.28769, 1.28769, 1.65639, 1.89689, 1.89689]
    assert np.allclose(distances, expected, atol=6e-6)


def test_energy_is_the_sum_in_exact_order_of_many_blocks(monkeypatch):
    points = thomson.random_points(57, rng=np.random.default_rng(3))
    whole = thomson.energy(points)
    monkeypatch.setattr(thomson, "PAIRS", 100)
    assert thomson.energy(points) == pytest.approx(whole, rel=1e-15)


@pytest.mark.parametrize("n", [2, 7, 40])
def test_gradient_is_the_derivative_of_the_energy(n):
    rng = np.random.default_rng(n)
    points = 1.3 * thomson.random_points(n, rng=rng)
    gradient = lambda x: thomson.energy_and_gradient(x)[1]
    assert check_gradient(thomson.energy, gradient, points, rng=rng).ok
    objective = thomson.make_objective(n)
    report = check_gradient(
        lambda x: objective(x)[0], lambda x: objective(x)[1], points.ravel(), rng=rng
    )
    assert report.ok
    # Euler: E is homogeneous of degree −1; and E(x/|x|) of degree 0 in every point
    value, slopes = thomson.energy_and_gradient(points)
    assert (slopes * points).sum() == pytest.approx(-value)
    radial = (objective(points.ravel())[1].reshape(n, 3) * points).sum(1)
    assert abs(radial).max() < 1e-12


def test_a_settled_configuration_loses_no_digits_in_the_matrix_product():
    found = thomson.relax(thomson.random_points(100, rng=np.random.default_rng(0)))
    value, _ = thomson.make_objective(100)(found.points.ravel())
    assert value == pytest.approx(found.energy, rel=1e-13)
    assert found.slope <= 1e-8
    assert found.energy >= published_energies()[100] - 1e-9


def test_coinciding_points_have_infinite_energy():
    twice = np.array([[0, 0, 1.0], [0, 0, 1], [1, 0, 0]])
    assert thomson.energy(twice) == np.inf
    assert thomson.make_objective(3)(twice.ravel())[0] == np.inf
    with pytest.raises(ValueError, match="coincide"):
        thomson.energy_and_gradient(twice)
    with pytest.raises(ValueError, match="finite value"):
        thomson.relax(twice)


def test_the_cube_is_stationary_and_a_ridge():
    objective = thomson.make_objective(8)
    assert minimize(objective, CUBE.ravel()).iterations == 0
    pushed = thomson.relax(CUBE + 1e-3 * np.random.default_rng(0).normal(size=(8, 3)))
    assert pushed.energy == pytest.approx(19.675287861, abs=1e-9)


@pytest.mark.parametrize("n", [8, 12, 20])
def test_a_perturbation_raises_the_energy_to_second_order(n):
    rng = np.random.default_rng(n)
    found = thomson.relax(thomson.random_points(n, rng=rng), gradient_tolerance=1e-11)
    push = rng.normal(size=(n, 3))
    push -= (push * found.points).sum(1, keepdims=True) * found.points
    push /= np.linalg.norm(push)
    rise = [
        thomson.energy(thomson.on_sphere(found.points + t * push)) - found.energy
        for t in (0.002, 0.004)
    ]
    assert rise[0] > 0 and rise[1] / rise[0] == pytest.approx(4, rel=0.03)


@pytest.mark.parametrize(
    "points, words",
    [
        (np.zeros((3, 2)), r"shape \(n, 3\)"),
        (np.ones((1, 3)), "at least 2"),
        (np.full((4, 3), np.nan), "finite points"),
    ],
)
@pytest.mark.parametrize("function", [thomson.energy, thomson.energy_and_gradient, thomson.relax])
def test_bad_points_are_refused(function, points, words):
    with pytest.raises(ValueError, match=words):
        function(points)


def test_the_center_is_no_direction_and_one_electron_no_problem():
    with pytest.raises(ValueError, match="center of the sphere"):
        thomson.relax(np.eye(4, 3))
    with pytest.raises(ValueError, match="at least 2 electrons"):
        thomson.random_points(1, rng=np.random.default_rng(0))
