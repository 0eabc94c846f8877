"""Bandits: exact regret of blind play, the bound of Lai and Robbins, growth by logarithm."""

import numpy as np
import pytest

from mlphys.frameworks.bandits import lower_bound_slope, make_epsilon_greedy, play, thompson, ucb1

ODDS = np.array([0.3, 0.5, 0.6])


def test_blind_play_loses_the_mean_gap():
    blind = make_epsilon_greedy(1.0)
    regret = play(blind, ODDS, pulls=100, players=400, rng=np.random.default_rng(0))[:, -1]
    gaps = 0.6 - ODDS
    error = np.sqrt(100 * gaps.var() / 400)
    assert regret.mean() == pytest.approx(100 * gaps.mean(), abs=4 * error)


def test_regret_of_a_million_pulls_grows_as_the_logarithm():
    # UCB1's regret stays below the bound of Auer et al., theorem 1, at every time.
    regret = play(ucb1, ODDS, pulls=3000, players=40, rng=np.random.default_rng(1)).mean(0)
    gaps = (0.6 - ODDS)[:2]
    t = np.arange(1, 3001)
    bound = (8 / gaps).sum() * np.log(t) + (1 + np.pi**2 / 3) * gaps.sum()
    assert np.all(regret <= bound)


def test_thompson_comes_near_the_lower_bound_in_slope():
    regret = play(thompson, ODDS, pulls=4000, players=300, rng=np.random.default_rng(2))
    slope = (regret[:, -1] - regret[:, 399]) / np.log(10)
    error = slope.std(ddof=1) / np.sqrt(300)
    assert slope.mean() == pytest.approx(lower_bound_slope(ODDS), abs=3 * error + 1)


def test_lower_bound_by_hand():
    kl = 0.4 * np.log(0.4 / 0.6) + 0.6 * np.log(0.6 / 0.4)
    assert lower_bound_slope(np.array([0.4, 0.6])) == pytest.approx(0.2 / kl)


def test_greedy_never_leaves_an_arm_that_paid():
    greedy = make_epsilon_greedy(0.0)
    regret = play(greedy, np.array([1.0, 0.9]), pulls=50, players=20, rng=np.random.default_rng(3))
    assert np.all(np.diff(regret, axis=1)[:, 3:] <= 0.1)
    assert not play(ucb1, np.ones(2), pulls=9, players=2, rng=np.random.default_rng(0)).any()


def test_bad_input():
    with pytest.raises(ValueError, match="expected 0 <= epsilon <= 1; got 2"):
        make_epsilon_greedy(2.0)
    with pytest.raises(ValueError, match="expected odds between 0 and 1"):
        play(ucb1, np.array([0.5, 1.5]), pulls=3, players=1, rng=np.random.default_rng(0))
