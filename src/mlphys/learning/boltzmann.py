r"""The softmax as Boltzmann's distribution: from energies and from counting states.

In contact with surroundings of temperature T, a form k with energy :math:`E_k` and :math:`g_k`
states is met with probability proportional to :math:`g_k e^{-E_k/T} = e^{-F_k/T}`, where
:math:`F_k = E_k - T\ln g_k` is its free energy. The evidence is :math:`z_k = -F_k/T`. Energies and
temperatures have one unit (Boltzmann's constant is 1).

Chapter: ``book/learning/evidence.md``.

References
----------
Reif, Fundamentals of Statistical and Thermal Physics, McGraw-Hill 1965, sections 6.2 and 8.8;
Metropolis et al., J. Chem. Phys. 21, 1087 (1953).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb
from typing import Any

import numpy as np

from mlphys.learning.evidence import softmax

__all__ = [
    "boltzmann",
    "boltzmann_evidence",
    "chemical_potentials",
    "metropolis",
    "share_of_quanta",
]


def boltzmann_evidence(energies: Any, *, temperature: float, states: Any = 1) -> np.ndarray:
    r"""Return the evidence :math:`z_k = \ln g_k - E_k/T` of each form.

    Parameters
    ----------
    energies : array_like of float, shape (k,)
    temperature : float
        Positive, in the unit of the energies.
    states : array_like of number, shape (k,), default 1
        Number of states of each form, at least 1.

    Returns
    -------
    ndarray, shape (k,)

    Raises
    ------
    ValueError
        If the temperature is not positive or a number of states is below 1.

    Examples
    --------
    >>> boltzmann_evidence([0.0, 3.0], temperature=1.5, states=[1, 1])
    array([ 0., -2.])
    """
    if not temperature > 0:
        raise ValueError(
            f"boltzmann: expected a positive temperature; got {temperature}; "
            "at zero only the lowest energy is left"
        )
    counts = np.asarray(states, dtype=float)
    if not np.all(counts >= 1):
        raise ValueError(
            f"boltzmann: expected at least one state for each form; got {states!r}; "
            "leave out forms that do not exist"
        )
    return np.log(counts) - np.asarray(energies, dtype=float) / temperature


def boltzmann(energies: Any, *, temperature: float, states: Any = 1) -> np.ndarray:
    """Return the probability of each form: the softmax of its evidence.

    Parameters and errors are those of ``boltzmann_evidence``.

    Examples
    --------
    >>> boltzmann([0.0, 0.0], temperature=1.0, states=[2, 1]).round(6)
    array([0.666667, 0.333333])
    >>> boltzmann([0.0, np.log(2)], temperature=1.0).round(6)  # an energy in place of a state
    array([0.666667, 0.333333])
    """
    return softmax(boltzmann_evidence(energies, temperature=temperature, states=states))


def chemical_potentials(numbers: Any, evidence: Any, *, temperature: float) -> np.ndarray:
    r"""Return :math:`\mu_k = T(\ln n_k - z_k)` of an ideal mixture of forms.

    Forms that turn into each other are in equilibrium where all potentials are equal; solved for
    the shares of the numbers this is the softmax of the evidence.

    Parameters
    ----------
    numbers : array_like of float, shape (k,)
        Molecules of each form, positive.
    evidence : array_like of float, shape (k,)
    temperature : float

    Returns
    -------
    ndarray, shape (k,)

    Examples
    --------
    >>> chemical_potentials([200, 100], np.log([2, 1]), temperature=1.0).round(6)
    array([4.60517, 4.60517])
    """
    return temperature * (np.log(np.asarray(numbers, dtype=float)) - np.asarray(evidence))


def share_of_quanta(oscillators: int, quanta: int) -> list[Fraction]:
    """Return the exact probability that one oscillator holds 0, 1, ..., all quanta.

    All ways to deal indistinguishable quanta to distinguishable oscillators count alike.

    Parameters
    ----------
    oscillators : int
        At least 2.
    quanta : int
        At least 0.

    Returns
    -------
    list of fractions.Fraction, length ``quanta + 1``

    Raises
    ------
    ValueError
        If there are fewer than two oscillators or a negative number of quanta.

    Examples
    --------
    >>> [str(share) for share in share_of_quanta(3, 3)]
    ['2/5', '3/10', '1/5', '1/10']
    """
    if oscillators < 2 or quanta < 0:
        raise ValueError(
            f"share_of_quanta: expected at least 2 oscillators and 0 quanta; "
            f"got {oscillators} and {quanta}; one oscillator has no surroundings"
        )
    ways = comb(quanta + oscillators - 1, quanta)
    rest = oscillators - 1
    return [Fraction(comb(left + rest - 1, left), ways) for left in range(quanta, -1, -1)]


def metropolis(
    energies: Sequence[float] | np.ndarray,
    *,
    temperature: float,
    walkers: int,
    steps: int,
    rng: np.random.Generator,
) -> np.ndarray:
    r"""Return how many walkers are in each state after every step of Metropolis's rule.

    Each walker proposes one of all states at random and goes there with probability
    :math:`\min(1, e^{-(E' - E)/T})`. All begin in the last state.

    Parameters
    ----------
    energies : sequence of float, shape (k,)
        One entry for each single state, so a form with two states has two equal entries.
    temperature : float
    walkers, steps : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int, shape (steps + 1, k)

    Raises
    ------
    ValueError
        If the temperature is not positive.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> counts = metropolis([0, 0, 0], temperature=1.0, walkers=900, steps=3, rng=rng)
    >>> counts[0], int(counts[-1].sum())
    (array([  0,   0, 900]), 900)
    """
    scaled = -boltzmann_evidence(energies, temperature=temperature)
    state = np.full(walkers, len(scaled) - 1)
    counts = np.empty((steps + 1, len(scaled)), dtype=int)
    counts[0] = np.bincount(state, minlength=len(scaled))
    for step in range(1, steps + 1):
        proposed = rng.integers(len(scaled), size=walkers)
        climb = scaled[proposed] - scaled[state]
        state = np.where(rng.random(walkers) < np.exp(-np.maximum(climb, 0)), proposed, state)
        counts[step] = np.bincount(state, minlength=len(scaled))
    return counts
