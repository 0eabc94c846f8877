"""JAX's gradients against the hand's, for every way to leave out the diagonal."""

import numpy as np
import pytest

from mlphys.derivatives.minimize import minimize
from mlphys.physics import thomson
from mlphys.physics.thomson_jax import jax_energy, jax_gradient, jax_objective

POINTS = 1.1 * thomson.random_points(9, rng=np.random.default_rng(5))


@pytest.mark.parametrize("diagonal", ["reshape", "double_where"])
def test_gradient_is_the_hands(diagonal):
    expected = thomson.energy_and_gradient(POINTS)[1]
    np.testing.assert_allclose(jax_gradient(POINTS, diagonal=diagonal), expected, rtol=1e-12)
    value, gradient = jax_objective(9, diagonal=diagonal)(POINTS.ravel())
    hand, slopes = thomson.make_objective(9)(POINTS.ravel())
    assert value == pytest.approx(hand, rel=1e-14)
    np.testing.assert_allclose(gradient, slopes, atol=1e-12)


def test_one_where_has_the_value_and_loses_the_gradient():
    value, _ = jax_objective(9, diagonal="where")(POINTS.ravel())
    assert value == pytest.approx(thomson.energy(thomson.on_sphere(POINTS)), rel=1e-14)
    assert np.isnan(jax_gradient(POINTS, diagonal="where")).all()


@pytest.mark.parametrize("method", ["bfgs", "lbfgs"])
def test_jax_drives_the_minimizer(method):
    start = thomson.random_points(20, rng=np.random.default_rng(2)).ravel()
    found = minimize(jax_objective(20), start, method=method)
    assert found.status == "converged" and found.value == pytest.approx(150.881568333757, rel=1e-13)


def test_another_energy():
    square = lambda unit: (unit[:, 2] ** 2).sum()
    value, gradient = jax_objective(2, energy=square)(np.array([0, 0, 2.0, 0, 3, 0]))
    assert value == 1.0 and not gradient.any()


def test_unknown_ways_are_refused():
    with pytest.raises(ValueError, match="expected one of"):
        jax_energy(POINTS, diagonal="mask")
