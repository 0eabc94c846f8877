"""The bending of light learned by a net: gradient, fit, and what it does not know."""

import numpy as np
import pytest

from mlphys.derivatives.tape import value_and_gradient
from mlphys.physics.recap import CRITICAL, bend, fit_bend, mean_square, random_bend
from mlphys.physics.schwarzschild import deflection

TRAIN = np.linspace(3.0, 10.0, 40)


@pytest.fixture(scope="module")
def fitted():
    return fit_bend(TRAIN, deflection(TRAIN), rng=np.random.default_rng(3))


def test_the_net_is_the_formula_written_out():
    parameters = random_bend(3, rng=np.random.default_rng(1))
    w, a, v, c = parameters[:3], parameters[3:6], parameters[6:9], parameters[9]
    for b in (2.7, 5.0):
        by_hand = c + sum(v[k] * np.arctan(w[k] * CRITICAL / b + a[k]) for k in range(3))
        assert np.isclose(bend(parameters, np.array([b]))[0], by_hand, rtol=1e-14)


def test_the_tapes_gradient_is_that_of_the_complex_step():
    rng = np.random.default_rng(3)
    parameters = random_bend(5, rng=rng)
    angle = deflection(TRAIN)
    _, gradient = value_and_gradient(lambda p: mean_square(p, TRAIN, angle))(parameters)
    for direction in rng.normal(size=(5, parameters.size)):
        nudged = parameters + 1e-200j * direction
        slope = mean_square(nudged, TRAIN, angle).imag / 1e-200
        assert np.isclose(gradient @ direction, slope, rtol=1e-12)


def test_the_fit_holds_between_its_points_and_not_outside(fitted):
    between = np.linspace(3.0, 10.0, 331)
    assert abs(bend(fitted, between) - deflection(between)).max() < 1e-3
    outside = np.array([2.6, 40.0])
    assert abs(bend(fitted, outside) - deflection(outside)).min() > 0.005


def test_the_fit_does_not_depend_on_who_differentiates(fitted):
    jax = pytest.importorskip("jax")
    with jax.enable_x64(True):
        b, angle = jax.numpy.asarray(TRAIN), jax.numpy.asarray(deflection(TRAIN))
        job = jax.value_and_grad(lambda p: mean_square(p, b, angle, jax.numpy))
        value, gradient = job(jax.numpy.asarray(fitted))
    ours, slope = value_and_gradient(lambda p: mean_square(p, TRAIN, deflection(TRAIN)))(fitted)
    assert np.isclose(float(value), ours, rtol=1e-9)
    assert np.allclose(np.asarray(gradient), slope, rtol=0, atol=1e-13)


def test_faulty_arguments_are_refused_with_what_to_do():
    with pytest.raises(ValueError, match=r"expected 3 m \+ 1 numbers for m units; got 6"):
        bend(np.zeros(6), TRAIN)
    with pytest.raises(ValueError, match=r"Leave out captured rays"):
        fit_bend(TRAIN, np.full(40, np.nan), rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"units: expected at least 1; got 0"):
        random_bend(0, rng=np.random.default_rng(0))
