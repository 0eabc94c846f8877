r"""Slot machines with unknown odds: how much does it cost to find the best one?

Arm a pays 1 with probability :math:`\mu_a`, else 0. The *regret* after T pulls is
:math:`\sum_t (\mu_{\max} - \mu_{a_t})`: what was lost against someone who knew. Many independent
players are simulated at once; the first axis of every array is the player.

No strategy that is good for all odds stays below
:math:`\log T \sum_a (\mu_{\max} - \mu_a) / \mathrm{KL}(\mu_a, \mu_{\max})` in the long run.

Chapter: ``book/frameworks/landscape.md``.

References
----------
Thompson, Biometrika 25 (1933) 285; Lai and Robbins, Adv. Appl. Math. 6 (1985) 4; Auer,
Cesa-Bianchi and Fischer, Machine Learning 47 (2002) 235.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = ["lower_bound_slope", "make_epsilon_greedy", "play", "thompson", "ucb1"]

Strategy = Callable[[np.ndarray, np.ndarray, np.random.Generator], np.ndarray]


def make_epsilon_greedy(epsilon: float) -> Strategy:
    """Return the strategy that pulls a random arm with probability ``epsilon``, else the best yet.

    Raises
    ------
    ValueError
        If ``epsilon`` is no probability.

    Examples
    --------
    >>> greedy = make_epsilon_greedy(0.0)
    >>> greedy(np.array([[4.0, 4.0]]), np.array([[1.0, 3.0]]), np.random.default_rng(0)).tolist()
    [1]
    """
    if not 0 <= epsilon <= 1:
        raise ValueError(f"make_epsilon_greedy: expected 0 <= epsilon <= 1; got {epsilon}")

    def epsilon_greedy(pulls: np.ndarray, wins: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        best = _first_or_best(wins / np.maximum(pulls, 1), pulls)
        explore = rng.random(len(pulls)) < epsilon
        return np.where(explore, rng.integers(pulls.shape[1], size=len(pulls)), best)

    return epsilon_greedy


def ucb1(pulls: np.ndarray, wins: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the arm whose mean could be highest: mean + √(2 log t / pulls).

    Examples
    --------
    >>> ucb1(np.array([[100.0, 2.0]]), np.array([[60.0, 1.0]]), np.random.default_rng(0)).tolist()
    [1]
    """
    del rng  # this strategy draws nothing
    t = np.maximum(pulls.sum(axis=1, keepdims=True), 1)
    bonus = np.sqrt(2 * np.log(t) / np.maximum(pulls, 1))
    return _first_or_best(wins / np.maximum(pulls, 1) + bonus, pulls)


def thompson(pulls: np.ndarray, wins: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the arm that is best in one draw from what is believed: Beta(wins + 1, losses + 1).

    Examples
    --------
    >>> pulls, wins = np.array([[1000.0, 1000.0]]), np.array([[100.0, 900.0]])
    >>> thompson(pulls, wins, np.random.default_rng(0)).tolist()
    [1]
    """
    return rng.beta(wins + 1, pulls - wins + 1).argmax(axis=1)


def play(
    strategy: Strategy, odds: np.ndarray, *, pulls: int, players: int, rng: np.random.Generator
) -> np.ndarray:
    """Return the regret of each player after each pull, shape (players, pulls).

    Parameters
    ----------
    strategy : callable
        ``(pulls, wins, rng) -> arms``, the first two of shape (players, arms).
    odds : ndarray, shape (arms,)
        Chance of a prize, in 0 to 1.
    pulls, players : int
    rng : numpy.random.Generator

    Raises
    ------
    ValueError
        If the odds are no probabilities.

    Examples
    --------
    >>> odds = np.array([0.2, 0.8])
    >>> regret = play(thompson, odds, pulls=200, players=50, rng=np.random.default_rng(0))
    >>> regret.shape, bool(regret[:, -1].mean() < 0.1 * 200 * 0.3)
    ((50, 200), True)
    """
    odds = np.asarray(odds, float)
    if odds.ndim != 1 or not np.all((odds >= 0) & (odds <= 1)):
        raise ValueError(f"play: expected odds between 0 and 1, shape (arms,); got {odds}")
    tried, wins = np.zeros((2, players, len(odds)))
    lost, everyone = np.empty((players, pulls)), np.arange(players)
    for t in range(pulls):
        arms = strategy(tried, wins, rng)
        tried[everyone, arms] += 1
        wins[everyone, arms] += rng.random(players) < odds[arms]
        lost[:, t] = odds.max() - odds[arms]
    return lost.cumsum(axis=1)


def lower_bound_slope(odds: np.ndarray) -> float:
    """Return the slope by log T that no all-round strategy beats in the long run.

    Examples
    --------
    >>> round(lower_bound_slope(np.array([0.4, 0.6])), 3)
    2.466
    """
    best = odds.max()
    rest = odds[odds < best]
    relative = rest * np.log(rest / best) + (1 - rest) * np.log((1 - rest) / (1 - best))
    return float(((best - rest) / relative).sum())


def _first_or_best(score: np.ndarray, pulls: np.ndarray) -> np.ndarray:
    return np.where(pulls == 0, np.inf, score).argmax(axis=1)
