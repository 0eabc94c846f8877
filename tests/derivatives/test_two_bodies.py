import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import constants

from mlphys.derivatives.gradient_check import assert_gradient, check_gradient
from mlphys.derivatives.two_bodies import (
    energy,
    energy_and_sensitivities,
    pair_energy,
    pair_gradient,
)

MASSES = np.array([2e7, 3e7])
PLACES = np.array([[5.0, 10, 15], [5, 20, 30]])
NOTES_G = 6.672e-11


def test_values_of_the_notes_with_their_rounded_constant():
    s = energy_and_sensitivities(MASSES, PLACES, G=NOTES_G)
    assert s.energy == pytest.approx(-2220.5758255, rel=1e-10)
    assert s.masses == pytest.approx([-1.1102879e-4, -7.4019194e-5], rel=1e-7)
    away = np.array([0, 68.32541002, 102.48811502])
    assert s.positions == pytest.approx(np.array([-away, away]), rel=1e-9)


def test_constant_of_the_notes_is_not_codatas():
    """CODATA's G differs from 6.672e-11 by more than ten standard uncertainties."""
    value, unit, doubt = constants.physical_constants["Newtonian constant of gravitation"]
    assert unit == "m^3 kg^-1 s^-2"
    assert value == constants.G
    assert 10 < (value - NOTES_G) / doubt < 20
    ours = energy(MASSES, PLACES)
    assert ours == pytest.approx(-2220.5758255 * value / NOTES_G, rel=1e-10)
    assert abs(ours + 2220.5758255) > 0.7


def test_scalar_walk_agrees_with_the_arrays():
    value, s_m, s_r = pair_gradient(MASSES.tolist(), PLACES.tolist())
    s = energy_and_sensitivities(MASSES, PLACES)
    assert value == pytest.approx(pair_energy(MASSES.tolist(), PLACES.tolist()), rel=1e-15)
    assert value == pytest.approx(s.energy, rel=1e-14)
    assert s_m == pytest.approx(s.masses, rel=1e-14)
    assert np.array(s_r) == pytest.approx(s.positions, rel=1e-14)


@pytest.mark.parametrize("n", [2, 3, 7])
def test_many_bodies_obey_the_laws_of_mechanics(n):
    rng = np.random.default_rng(n)
    m, r = rng.uniform(1e10, 1e11, n), rng.normal(size=(n, 3))
    s = energy_and_sensitivities(m, r)
    total = np.abs(s.positions).sum()
    assert np.abs(s.positions.sum(axis=0)).max() < 1e-15 * total * n  # Newton's third law
    torque = np.cross(r, s.positions).sum(axis=0)
    assert np.abs(torque).max() < 1e-14 * total
    assert m @ s.masses == pytest.approx(2 * s.energy, rel=1e-13)  # of degree 2 in the masses
    assert np.sum(r * s.positions) == pytest.approx(-s.energy, rel=1e-12)  # of degree -1 in r


def test_sensitivities_equal_jax_and_pass_the_checker():
    rng = np.random.default_rng(1)
    m, r = rng.uniform(1, 2, 5), rng.normal(size=(5, 3))

    def in_jax(m, r):
        i, j = np.triu_indices(5, 1)
        return -jnp.sum(m[i] * m[j] / jnp.linalg.norm(r[i] - r[j], axis=-1))

    with jax.enable_x64(True):
        theirs = jax.grad(in_jax, argnums=(0, 1))(m, r)
    ours = energy_and_sensitivities(m, r, G=1.0)
    for one, other in zip(ours[1:], theirs, strict=True):
        assert np.allclose(one, other, rtol=1e-13, atol=1e-13)
    f = lambda m, r: energy(m, r, G=1.0)
    report = assert_gradient(f, ours[1:], (m, r), rng=rng)
    assert report.method == "complex_step"
    assert not check_gradient(f, (ours.masses, 1.001 * ours.positions), (m, r), rng=rng).ok


@pytest.mark.parametrize(
    ("m", "r", "match"),
    [
        ([1.0], [[0.0, 0, 0]], "n at least 2"),
        ([1.0, 2], [[0.0, 0, 0]], r"got \(2,\) and \(1, 3\)"),
        ([1.0, 2, 3], [[0.0, 0], [1, 1], [0, 0]], "got 0 and 2 at"),
    ],
)
def test_bad_input_is_refused(m, r, match):
    with pytest.raises(ValueError, match=match):
        energy(m, r)
