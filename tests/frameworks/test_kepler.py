"""Kepler's equation against SciPy's root finder, its derivatives against forward mode."""

import numpy as np
import pytest
from scipy.optimize import root_scalar

pytest.importorskip("jax")

import jax

from mlphys.frameworks import kepler

MEAN, E = np.meshgrid(np.linspace(-3.1, 3.1, 15), [0.0, 0.3, 0.9, 0.99])


def test_solutions_against_a_bracket():
    with jax.enable_x64(True):
        found, steps = jax.vmap(kepler.newton_steps)(MEAN.ravel(), E.ravel())
    expected = [
        root_scalar(lambda x, m=m, e=e: x - e * np.sin(x) - m, bracket=(-5, 5), xtol=1e-15).root
        for m, e in zip(MEAN.ravel(), E.ravel(), strict=True)
    ]
    np.testing.assert_allclose(np.asarray(found), expected, rtol=0, atol=1e-13)
    assert np.asarray(steps).max() < 20


def test_reverse_mode_against_forward_mode_through_the_loop():
    with jax.enable_x64(True):
        backward = jax.vmap(jax.grad(kepler.eccentric_anomaly, argnums=(0, 1)))
        forward = jax.vmap(jax.jacfwd(lambda m, e: kepler.newton_steps(m, e)[0], argnums=(0, 1)))
        for ours, theirs in zip(
            backward(MEAN.ravel(), E.ravel()), forward(MEAN.ravel(), E.ravel()), strict=True
        ):
            np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_reverse_mode_cannot_enter_the_loop():
    with pytest.raises(ValueError, match="Reverse-mode differentiation does not work"):
        jax.grad(lambda m: kepler.newton_steps(m, 0.5)[0])(1.0)


def test_single_precision_settles_too():
    anomaly, steps = kepler.newton_steps(np.float32(2.0), np.float32(0.9))
    assert anomaly.dtype == np.float32 and int(steps) < 50
    assert abs(float(anomaly) - 0.9 * np.sin(float(anomaly)) - 2.0) < 1e-6
