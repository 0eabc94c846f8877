"""Bands against differences."""

import numpy as np

from mlphys.physics.smooth_sky import BANDS


def test_change_is_the_derivative_of_the_color():
    n, moved = np.array([0.6, 0.0, 0.8]), np.array([0.3, -0.7, 0.2])
    h = 1e-6
    slope = (BANDS.color(n + h * moved) - BANDS.color(n - h * moved)) / (2 * h)
    np.testing.assert_allclose(BANDS.change(n, moved), slope, atol=1e-8)


def test_no_band_is_dark():
    n = np.random.default_rng(1).normal(size=(1000, 3))
    colors = BANDS.color(n / np.linalg.norm(n, axis=-1, keepdims=True))
    assert colors.min() >= 0.1 and colors.max() <= 0.9
