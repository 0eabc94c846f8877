"""Uncertain regression: gradient, closed forms, recovery of planted coefficients."""

import numpy as np
import pytest
from scipy.stats import norm

from mlphys.derivatives.gradient_check import assert_gradient
from mlphys.frameworks.spread_regression import explained_share, fit_spread, mean_nats


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, 3000)
    line = np.column_stack([np.ones(3000), x])
    return line, 1 + 2 * x + np.exp(-0.5 + 0.8 * x) * rng.normal(size=3000)


def test_likelihood_is_that_of_scipy(data):
    line, y = data
    p = np.array([0.3, 1.0, -0.2, 0.4])
    there = -norm.logpdf(y, line @ p[:2], np.exp(line @ p[2:])).mean()
    assert mean_nats(p, line, line, y)[0] == pytest.approx(there, rel=1e-12)


def test_gradient(data):
    line, y = data[0][:50], data[1][:50]
    point = np.array([0.3, 1.0, -0.2, 0.4])
    assert_gradient(
        lambda p: mean_nats(p, line, line, y)[0], mean_nats(point, line, line, y)[1], point,
        rng=np.random.default_rng(1), method="central",
    )  # fmt: skip


def test_planted_coefficients_come_back(data):
    fit = fit_spread(data[0], data[0], data[1])
    assert np.concatenate(fit) == pytest.approx([1, 2, -0.5, 0.8], abs=4 / np.sqrt(3000))


def test_constant_spread_is_least_squares(data):
    line, y = data
    fit = fit_spread(line, np.ones((len(y), 1)), y)
    slope, rest, *_ = np.linalg.lstsq(line, y, rcond=None)
    assert fit.of_mean == pytest.approx(slope, abs=1e-6)
    assert np.exp(2 * fit.of_log_spread[0]) == pytest.approx(rest[0] / len(y), rel=1e-6)


def test_explained_share_is_the_squared_correlation(data):
    line, y = data
    guess = line @ np.linalg.lstsq(line, y, rcond=None)[0]
    assert explained_share(y, guess) == pytest.approx(np.corrcoef(line[:, 1], y)[0, 1] ** 2)


def test_bad_input(data):
    with pytest.raises(ValueError, match="as many rows"):
        fit_spread(data[0], data[0][:5], data[1])
