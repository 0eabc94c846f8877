"""Each unit: its value, its slope by central differences, in place."""

import numpy as np
import pytest

from mlphys.learning.activations import ACTIVATIONS, find_activation


def elu(z, alpha=1.0):
    return np.where(z > 0, z, alpha * (np.exp(z) - 1))


REFERENCE = {
    "arctan": np.arctan,
    "elu": elu,
    "relu": lambda z: z * (z > 0),
    "selu": lambda z: 1.0507009873554805 * elu(z, 1.6732632423543772),
    "tanh": np.tanh,
}


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


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_value_may_overwrite_its_argument(name):
    z = np.linspace(-4.05, 4.05, 60)
    expected = REFERENCE[name](z)
    find_activation(name).value(z, z)
    assert np.allclose(z, expected, rtol=1e-14)


@pytest.mark.parametrize("name", ["elu", "relu", "selu"])
def test_gain_keeps_the_mean_square_of_a_normal_signal(name):
    unit = find_activation(name)
    density = np.exp(-(np.linspace(-9, 9, 200_001) ** 2) / 2) / np.sqrt(2 * np.pi) * (18 / 200_000)
    mean_square = np.sum(REFERENCE[name](np.linspace(-9, 9, 200_001)) ** 2 * density)
    assert unit.gain**2 * mean_square == pytest.approx(1, abs=1e-6)


def test_constants_of_selu_also_keep_the_mean_at_zero():
    z = np.linspace(-9, 9, 200_001)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) * (18 / 200_000)
    assert np.sum(REFERENCE["selu"](z) * density) == pytest.approx(0, abs=1e-6)
