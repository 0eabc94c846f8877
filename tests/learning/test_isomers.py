"""The simulated isomers against the binomial law and the rate equation."""

import numpy as np
import pytest

from mlphys.learning.isomers import expected_share, sample_path, simulate_isomers, time_average


def test_shares_end_at_two_thirds_over_five_seeds():
    shares = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        path = simulate_isomers(500, states=(2, 1), duration=12.0, rng=rng)
        shares.append(time_average(*path, begin=2.0, end=12.0) / 500)
    error = np.std(shares, ddof=1) / np.sqrt(5)
    # variance of a time average over T: (2/9)/N · 2/(3T), for the correlation time is 1/3
    assert error < 3 * np.sqrt(2 / 9 / 500 * 2 / 30 / 5)
    assert abs(np.mean(shares) - 2 / 3) < 4 * np.sqrt(2 / 9 / 500 * 2 / 30 / 5)


def test_relaxation_follows_the_rate_equation():
    at = np.array([0.1, 0.2, 0.4, 0.8])
    rng = np.random.default_rng(1)
    times, in_a = simulate_isomers(40_000, states=(2, 1), duration=1.0, rng=rng)
    shares = sample_path(times, in_a, at) / 40_000
    assert np.allclose(shares, expected_share(at, states=(2, 1)), atol=4 * 0.5 / 200)


def test_fluctuations_are_binomial():
    rng = np.random.default_rng(2)
    times, in_a = simulate_isomers(90, states=(2, 1), duration=400.0, rng=rng)
    seen = sample_path(times, in_a, np.arange(3.0, 400.0, 1.0))
    assert seen.var() == pytest.approx(90 * 2 / 9, rel=0.3)
    assert (np.abs(np.diff(in_a)) == 1).all() and in_a.min() >= 0 and in_a.max() <= 90


def test_numbers_of_states_set_the_rates():
    late = expected_share(50.0, states=(1, 3), start=1.0)
    assert late == pytest.approx(0.25)
    rng = np.random.default_rng(3)
    path = simulate_isomers(400, states=(1, 3), duration=20.0, rng=rng)
    assert time_average(*path, begin=2.0, end=20.0) / 400 == pytest.approx(0.25, abs=0.01)


def test_messages():
    rng = np.random.default_rng(0)
    for molecules, states, duration in ((0, (2, 1), 1.0), (5, (0, 1), 1.0), (5, (2, 1), 0.0)):
        with pytest.raises(ValueError, match="at least one molecule"):
            simulate_isomers(molecules, states=states, duration=duration, rng=rng)
