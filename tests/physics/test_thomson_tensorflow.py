"""TensorFlow's gradients against the hand's, for every way to leave out the diagonal."""

import numpy as np
import pytest

from mlphys.derivatives.minimize import minimize
from mlphys.physics import thomson
from mlphys.physics.thomson_tensorflow import (
    tensorflow_energy,
    tensorflow_gradient,
    tensorflow_objective,
)

POINTS = 1.1 * thomson.random_points(9, rng=np.random.default_rng(5))


@pytest.mark.parametrize("diagonal", ["reshape", "double_where"])
def test_gradient_is_the_hands(diagonal):
    expected = thomson.energy_and_gradient(POINTS)[1]
    np.testing.assert_allclose(tensorflow_gradient(POINTS, diagonal=diagonal), expected, rtol=1e-12)
    value, gradient = tensorflow_objective(9, diagonal=diagonal)(POINTS.ravel())
    hand, slopes = thomson.make_objective(9)(POINTS.ravel())
    assert value == pytest.approx(hand, rel=1e-14)
    np.testing.assert_allclose(gradient, slopes, atol=1e-12)


def test_one_where_has_the_value_and_loses_the_gradient():
    value, gradient = tensorflow_objective(9, diagonal="where")(POINTS.ravel())
    assert value == pytest.approx(thomson.energy(thomson.on_sphere(POINTS)), rel=1e-14)
    assert (
        np.isnan(gradient).all() and np.isnan(tensorflow_gradient(POINTS, diagonal="where")).all()
    )


@pytest.mark.parametrize("method", ["bfgs", "lbfgs"])
def test_tensorflow_drives_the_minimizer(method):
    start = thomson.random_points(20, rng=np.random.default_rng(2)).ravel()
    found = minimize(tensorflow_objective(20), start, method=method)
    assert found.status == "converged" and found.value == pytest.approx(150.881568333757, rel=1e-13)


def test_it_agrees_with_jax():
    jax_way = pytest.importorskip("mlphys.physics.thomson_jax")
    np.testing.assert_allclose(
        tensorflow_gradient(POINTS), jax_way.jax_gradient(POINTS), rtol=1e-12, atol=1e-13
    )


def test_unknown_ways_are_refused():
    with pytest.raises(ValueError, match="expected one of"):
        tensorflow_energy(POINTS, diagonal="mask")
