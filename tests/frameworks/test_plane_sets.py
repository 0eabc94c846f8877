"""Sets of points against their closed forms."""

import numpy as np
import pytest
from scipy.stats import norm

from mlphys.frameworks.plane_sets import best_accuracy, clouds, grid, spirals


def test_the_best_border_reaches_the_normal_distribution_and_wrong_labels_cost_their_share():
    n = 200_000
    x, y = clouds(n, rng=np.random.default_rng(0))
    right = np.mean((x[:, 0] > 0) == (y == 1))
    assert right == pytest.approx(norm.cdf(1.25), abs=4 * np.sqrt(0.1 * 0.9 / n))
    assert best_accuracy(1.25) == pytest.approx(norm.cdf(1.25))
    x, y = clouds(n, rng=np.random.default_rng(0), wrong=0.1)
    seen = np.mean((x[:, 0] > 0) == (y == 1))
    expected = 0.9 * norm.cdf(1.25) + 0.1 * (1 - norm.cdf(1.25))
    assert seen == pytest.approx(expected, abs=4 * np.sqrt(0.2 / n))


def test_spirals_have_their_radius_and_angle_and_two_equal_arms():
    x, y = spirals(2000, rng=np.random.default_rng(1), turns=2.0, noise=0.0)
    r = np.hypot(*x.T)
    turned = np.arctan2(x[:, 1], x[:, 0]) - 2 * np.pi * 2.0 * r - np.pi * y
    assert np.allclose(np.cos(turned), 1, atol=1e-5)
    assert y.sum() == 1000 and 0.1 <= r.min() and r.max() <= 0.95 + 1e-6


def test_grid_and_messages():
    assert (
        grid(3, 2.0).shape == (9, 2) and grid(3, 2.0)[:, 1].tolist() == [-2] * 3 + [0] * 3 + [2] * 3
    )
    with pytest.raises(ValueError, match=r"wrong share in \[0, 0.5\); got 10, 0.7"):
        clouds(10, rng=np.random.default_rng(0), wrong=0.7)
    with pytest.raises(ValueError, match="turns above 0"):
        spirals(10, rng=np.random.default_rng(0), turns=0.0)
