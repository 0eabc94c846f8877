"""Diffusion in one dimension: in one dimension the flow keeps quantiles, which is exact."""

import numpy as np
import pytest
from scipy.stats import norm

from mlphys.frameworks.diffusion import Mixture, cumulative, generate, score, spread_out

TWO = Mixture(np.array([0.3, 0.7]), np.array([-2.0, 1.5]), np.array([0.5, 0.8]))


def test_score_is_the_slope_of_the_log_density():
    def log_density(x):
        return np.log(TWO.shares @ norm.pdf(x, TWO.means, TWO.deviations))

    for x in (-3.0, -0.4, 2.2):
        measured = (log_density(x + 1e-5) - log_density(x - 1e-5)) / 2e-5
        assert score(np.array([x]), TWO)[0] == pytest.approx(measured, rel=1e-6)


def test_forward_law_against_draws():
    rng, t = np.random.default_rng(0), 0.7
    which = rng.choice(2, 100_000, p=TWO.shares)
    x = TWO.means[which] + TWO.deviations[which] * rng.normal(size=100_000)
    x = x * np.exp(-t) + np.sqrt(1 - np.exp(-2 * t)) * rng.normal(size=100_000)
    for at in (-1.0, 0.0, 1.0):
        there = cumulative(np.array([at]), spread_out(TWO, t))[0]
        assert (x < at).mean() == pytest.approx(there, abs=4 * np.sqrt(0.25 / 100_000))


def test_flow_keeps_the_quantile_of_every_number():
    noise = np.linspace(-2, 2, 21)
    made = generate(noise, TWO, start=8.0, steps=800)
    assert cumulative(made, TWO) == pytest.approx(norm.cdf(noise), abs=2e-3)


def test_error_falls_as_the_square_of_the_step():
    noise = np.linspace(-1.5, 1.5, 9)
    fine = generate(noise, TWO, steps=3200)
    errors = [np.abs(generate(noise, TWO, steps=n) - fine).max() for n in (200, 400)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2, abs=0.35)


def test_bad_times():
    with pytest.raises(ValueError, match="0 < end < start"):
        generate(np.zeros(1), TWO, start=1.0, end=2.0)
