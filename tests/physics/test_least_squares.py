"""Least squares against SciPy's, and error bars against repeated noise."""

import numpy as np
import pytest
from scipy.optimize import least_squares

from mlphys.physics.least_squares import covariance, fit

T = np.linspace(0, 3, 50)


def decay(p):
    rate = np.exp(-p[1] * T)
    return p[0] * rate, np.stack([rate, -p[0] * T * rate], -1)


def test_fit_is_scipys():
    data = decay([2.0, 0.7])[0] + np.random.default_rng(1).normal(size=50) * 0.1
    ours = fit(decay, data, [1.0, 1.5], noise=0.1)
    theirs = least_squares(lambda p: decay(p)[0] - data, [1.0, 1.5], xtol=1e-14)
    assert ours.status == "converged"
    np.testing.assert_allclose(ours.parameters, theirs.x, rtol=1e-4)


def test_error_bars_are_the_scatter():
    rng = np.random.default_rng(2)
    clean, jacobian = decay([2.0, 0.7])
    found = [
        fit(decay, clean + 0.1 * rng.normal(size=50), [2.0, 0.7], noise=0.1).parameters
        for _ in range(400)
    ]
    bars = np.sqrt(np.diag(covariance(jacobian, noise=0.1)))
    np.testing.assert_allclose(np.std(found, axis=0), bars, rtol=0.12)  # 3.4 / √800


def test_a_direction_that_the_data_do_not_see_is_named():
    jacobian = np.outer(T, [1.0, 2.0])
    with pytest.raises(ValueError, match=r"none along \((1, -0.5|-1, 0.5)\)"):
        covariance(jacobian, noise=0.1)


def test_bounds_are_kept():
    data = decay([2.0, 0.7])[0]
    found = fit(decay, data, [1.0, 1.5], noise=0.1, low=[0, 1.0], high=[5, 2])
    assert (found.history[:, 1] >= 1.0).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"noise": 0.0}, "noise > 0"),
        ({"start": [9.0, 1.0], "high": 5.0}, "within the bounds"),
        ({"start": [np.nan, 1.0]}, "within the bounds"),
        ({"data": T[:9]}, "shape"),
    ],
)
def test_wrong_input_is_refused(change, message):
    options = {"data": T, "start": [1.0, 1.0], "noise": 0.1} | change
    data, start = options.pop("data"), options.pop("start")
    with pytest.raises(ValueError, match=message):
        fit(decay, data, start, **options)
