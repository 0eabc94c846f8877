r"""Molecules that change between two forms, simulated event by event (Gillespie's method).

Form A has :math:`g_A` nuclear spin states and form B has :math:`g_B`, all of one energy. From each
state a molecule goes to each state of the other form at the same rate k, so that
:math:`A \to B` has the rate :math:`k g_B` and :math:`B \to A` the rate :math:`k g_A`. Then the
expected share of A obeys

.. math:: a(t) = \frac{g_A}{g_A + g_B} + \Bigl(a(0) - \frac{g_A}{g_A + g_B}\Bigr)
          e^{-k(g_A + g_B)t} .

Times are in units of 1/k. Chapter: ``book/learning/evidence.md``.

References
----------
Gillespie, J. Phys. Chem. 81, 2340 (1977).
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["expected_share", "sample_path", "simulate_isomers", "time_average"]


def expected_share(times: Any, *, states: tuple[int, int], start: float = 0.0) -> Any:
    """Return the expected share of form A.

    Parameters
    ----------
    times : array_like of float
    states : tuple of int
        Numbers of spin states of A and B.
    start : float, default 0
        Share of A at time 0.

    Returns
    -------
    float or ndarray
        Same shape as ``times``.

    Examples
    --------
    >>> expected_share([0.0, 100.0], states=(2, 1)).round(6)
    array([0.      , 0.666667])
    """
    g_a, g_b = states
    final = g_a / (g_a + g_b)
    return final + (start - final) * np.exp(-(g_a + g_b) * np.asarray(times, dtype=float))


def simulate_isomers(
    molecules: int, *, states: tuple[int, int], duration: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return the times of all changes and the number of molecules of form A after each.

    All molecules begin in form B.

    Parameters
    ----------
    molecules : int
    states : tuple of int
        Numbers of spin states of A and B, at least 1 each.
    duration : float
        In units of 1/k.
    rng : numpy.random.Generator

    Returns
    -------
    times : ndarray, shape (n,)
        Ascending; the first is 0 and all are below ``duration``.
    in_a : ndarray of int, shape (n,)
        Number of molecules of form A from each time on.

    Raises
    ------
    ValueError
        If there is no molecule, a form has no state, or the duration is not positive.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> times, in_a = simulate_isomers(300, states=(2, 1), duration=5.0, rng=rng)
    >>> int(in_a[0]), bool(150 < in_a[-1] < 250)
    (0, True)
    """
    g_a, g_b = states
    if molecules < 1 or min(states) < 1 or not duration > 0:
        raise ValueError(
            "simulate_isomers: expected at least one molecule, one state of each form and a "
            f"positive duration; got {molecules}, {states} and {duration}"
        )
    times, in_a = [0.0], [0]
    while True:
        leave_a, leave_b = in_a[-1] * g_b, (molecules - in_a[-1]) * g_a
        rate = leave_a + leave_b
        now = times[-1] + rng.exponential() / rate
        if now >= duration:
            return np.array(times), np.array(in_a)
        times.append(now)
        in_a.append(in_a[-1] + (1 if rng.random() * rate < leave_b else -1))


def sample_path(times: np.ndarray, values: np.ndarray, at: Any) -> np.ndarray:
    """Return the value of a path of steps at given times.

    Examples
    --------
    >>> sample_path(np.array([0.0, 1.0]), np.array([5, 6]), [0.5, 1.0, 9.0])
    array([5, 6, 6])
    """
    return values[np.searchsorted(times, at, side="right") - 1]


def time_average(times: np.ndarray, values: np.ndarray, *, begin: float, end: float) -> float:
    """Return the mean over time of a path of steps between two times.

    Examples
    --------
    >>> time_average(np.array([0.0, 1.0]), np.array([5, 6]), begin=0.5, end=2.5)
    5.75
    """
    inside = times[(times > begin) & (times < end)]
    edges = np.concatenate([[begin], inside, [end]])
    held = sample_path(times, values, edges[:-1])
    return float((held * np.diff(edges)).sum() / (end - begin))
