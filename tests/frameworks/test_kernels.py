"""Kernels against the features that they stand for."""

import numpy as np
import pytest

from mlphys.frameworks.kernels import linear, make_gaussian, make_polynomial, quadratic_features


@pytest.fixture(scope="module")
def points():
    return np.random.default_rng(0).normal(size=(12, 2))


def test_square_stands_for_six_features(points):
    features = quadratic_features(points)
    assert make_polynomial(2)(points, points) == pytest.approx(features @ features.T)


def test_gaussian_is_a_sum_of_all_powers(points):
    a, b, total, factor = points[:1], points[1:2], 0.0, 1.0
    for k in range(40):
        total += factor * linear(a, b)[0, 0] ** k
        factor /= k + 1
    total *= np.exp(-((a**2).sum() + (b**2).sum()) / 2)
    assert make_gaussian(1.0)(a, b)[0, 0] == pytest.approx(total)


@pytest.mark.parametrize("kernel", [linear, make_polynomial(3), make_gaussian(0.7)])
def test_no_negative_eigenvalue(points, kernel):
    assert np.linalg.eigvalsh(kernel(points, points)).min() > -1e-9


def test_length_must_be_positive():
    with pytest.raises(ValueError, match="positive length; got 0"):
        make_gaussian(0.0)
