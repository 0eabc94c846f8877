"""Hinges against NumPy's interpolation, and extrema against the function."""

import numpy as np
import pytest

from mlphys.learning.hinges import (
    extrema_of_sine_of_inverse,
    hinge_net,
    sine_of_inverse_knots,
)
from mlphys.learning.representation import relu_net


def test_hinge_net_interpolates():
    rng = np.random.default_rng(0)
    knots, values = np.sort(rng.uniform(0, 1, 12)), rng.normal(size=12)
    x = np.linspace(knots[0], knots[-1], 500)
    found = relu_net(hinge_net(knots, values), x[:, None])[:, 0]
    assert np.allclose(found, np.interp(x, knots, values), atol=1e-9)


def test_extrema_are_all_of_them():
    for least in (0.02, 0.1, 0.5):
        x = extrema_of_sine_of_inverse(least)
        assert np.allclose(abs(np.sin(1 / x)), 1, atol=1e-12)
        slope = -np.cos(1 / np.linspace(least, 1, 200_001))
        assert len(x) == np.count_nonzero(np.diff(np.sign(slope)))


def test_knots_give_second_order():
    x = 1 / np.linspace(1, 20, 100_001)[::-1]
    errors = []
    for n in (100, 200, 400):
        knots = sine_of_inverse_knots(0.05, n)
        assert knots[0] == pytest.approx(0.05)
        assert knots[-1] == pytest.approx(1)
        errors.append(abs(np.interp(x, knots, np.sin(1 / knots)) - np.sin(1 / x)).max())
    orders = -np.diff(np.log2(errors))
    assert abs(orders - 2).max() < 0.2


def test_messages():
    with pytest.raises(ValueError, match="ascending"):
        hinge_net(np.array([0.0, 0.0]), np.zeros(2))
    with pytest.raises(ValueError, match="a value each"):
        hinge_net(np.array([0.0]), np.zeros(1))
    with pytest.raises(ValueError, match="0 < least"):
        extrema_of_sine_of_inverse(0.0)
    with pytest.raises(ValueError, match="pieces"):
        sine_of_inverse_knots(0.1, 0)
