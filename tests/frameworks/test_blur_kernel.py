"""Kernels against SciPy's correlation, descent against its eigenvalues."""

import numpy as np
import pytest
from scipy.signal import correlate2d

from mlphys.frameworks.blur_kernel import (
    binomial_kernel,
    convolve,
    descend,
    max_pool,
    normal_equations,
    shifted,
)


def test_convolution_is_scipys_correlation_and_does_not_flip():
    rng = np.random.default_rng(0)
    image, kernel = rng.normal(size=(9, 12)), rng.normal(size=(3, 3))
    assert np.allclose(convolve(image[None], kernel)[0], correlate2d(image, kernel, mode="valid"))


def test_convolution_commutes_with_shifts_and_pooling_with_shifts_by_a_tile():
    rng = np.random.default_rng(1)
    image = np.zeros((1, 20, 20))
    image[0, 5:13, 5:13] = rng.normal(size=(8, 8))
    kernel = rng.normal(size=(3, 3))
    for right, down in ((3, 0), (-2, 1), (0, -4)):
        assert np.allclose(
            convolve(shifted(image, right, down), kernel),
            shifted(convolve(image, kernel), right, down),
        )
    assert np.array_equal(max_pool(shifted(image, 2, -2)), shifted(max_pool(image), 1, -1))


def test_errors_of_descent_shrink_by_their_eigenvalues():
    images = np.random.default_rng(2).normal(size=(4, 12, 12)).cumsum(axis=2)
    truth = binomial_kernel(3)
    a, c = normal_equations(images, convolve(images, truth), 3)
    values, vectors = np.linalg.eigh(a)
    rate = 1 / values[-1]
    error = vectors.T @ (descend(a, c, steps=40, rate=rate) - truth.ravel())
    predicted = (1 - rate * values) ** 40 * (vectors.T @ -truth.ravel())
    assert np.allclose(error, predicted, rtol=1e-8, atol=1e-12)


def test_pooling_by_hand_and_binomials():
    maps = np.arange(30).reshape(1, 5, 6)
    assert max_pool(maps).tolist() == [[[7, 9, 11], [19, 21, 23]]]
    assert binomial_kernel(5)[2].tolist() == [x / 256 for x in (6, 24, 36, 24, 6)]


def test_messages():
    with pytest.raises(ValueError, match="square kernel"):
        convolve(np.ones((1, 5, 5)), np.ones((2, 3)))
    with pytest.raises(ValueError, match="no larger than the maps"):
        max_pool(np.ones((1, 1)))
    with pytest.raises(ValueError, match="smaller than 4 × 4"):
        shifted(np.ones((1, 4, 4)), 4)
    with pytest.raises(ValueError, match="target pixels"):
        normal_equations(np.ones((1, 5, 5)), np.ones((1, 5, 5)), 3)
