"""The exponential against SciPy, the exact determinant against NumPy."""

import numpy as np
import pytest
from scipy.linalg import expm

from mlphys.derivatives.gradient_check import assert_gradient
from mlphys.derivatives.tape import gradient
from mlphys.learning.matrix_exponential import (
    apply_matrix_layer,
    determinant_layer,
    exponential,
)


@pytest.mark.parametrize(("norm", "bound"), [(1.0, 1e-12), (4.0, 1e-8)])
def test_exponential_equals_scipys(norm, bound):
    a = np.random.default_rng(0).normal(size=(6, 5, 5))
    a *= norm / np.linalg.norm(a, 2, axis=(1, 2))[:, None, None]
    exact = expm(a)
    assert np.abs(exponential(a) - exact).max() < bound * np.abs(exact).max()


def test_tape_differentiates_it():
    rng = np.random.default_rng(1)
    a, w = rng.normal(size=(3, 4, 4)), rng.normal(size=(3, 4, 4))
    f = lambda a: np.sum(w * exponential(a))
    assert_gradient(f, gradient(f), a, rng=rng)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_determinant_layer_is_exact(size):
    layer = determinant_layer(size)
    x = np.random.default_rng(size).uniform(-3, 3, (20, size, size))
    found = apply_matrix_layer(layer, x.reshape(20, -1), squarings=5)
    assert np.allclose(found, np.linalg.det(x), rtol=1e-9, atol=1e-9)
    assert layer.start.shape == (2**size, 2**size)


def test_messages():
    with pytest.raises(ValueError, match="square matrices"):
        exponential(np.ones((2, 3)))
    with pytest.raises(ValueError, match="squarings"):
        exponential(np.eye(2), squarings=-1)
    with pytest.raises(ValueError, match="from 1 to 6"):
        determinant_layer(7)
