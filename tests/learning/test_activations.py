"""Each unit: its value, its slope by central differences, in place."""

import numpy as np
import pytest

from mlphys.learning.activations import ACTIVATIONS, find_activation

REFERENCE = {"arctan": np.arctan, "tanh": np.tanh, "relu": lambda z: z * (z > 0)}


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_value_and_slope(name):
    unit, phi = find_activation(name), REFERENCE[name]
    z = np.linspace(-4.05, 4.05, 60)
    a, scratch, g = np.empty_like(z), np.empty_like(z), np.full_like(z, 3.0)
    unit.value(z, a)
    assert np.allclose(a, phi(z), rtol=1e-15)
    unit.pull_back(g, z, a, scratch)
    h = 1e-6
    assert np.allclose(g, 3 * (phi(z + h) - phi(z - h)) / (2 * h), atol=1e-9)


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_single_precision_stays_single(name):
    unit = find_activation(name)
    z = np.ones((2, 3), np.float32)
    a, scratch, g = np.empty_like(z), np.empty_like(z), np.ones_like(z)
    unit.value(z, a)
    unit.pull_back(g, z, a, scratch)
    assert a.dtype == g.dtype == np.float32


def test_slope_of_relu_at_zero_is_zero():
    z = np.zeros(1)
    g = np.ones(1)
    find_activation("relu").pull_back(g, z, z.copy(), np.empty(1))
    assert g[0] == 0
