"""Gravitational energy of point masses, with the sensitivities of masses and positions.

    E = − G Σ_{i<j} m_i m_j / |r_i − r_j|

Masses in kg, positions in m, energy in J. The sensitivity of a position is minus the force on the
body, in N; that of a mass is the potential at its place, in J/kg.

Chapter: ``book/derivatives/reverse_mode.md``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy import constants

from mlphys.derivatives.einsum_backward import einsum_backward

__all__ = ["Sensitivities", "energy", "energy_and_sensitivities", "pair_energy", "pair_gradient"]


class Sensitivities(NamedTuple):
    """Energy in J, and its sensitivities to the masses (J/kg) and to the positions (N)."""

    energy: float
    masses: np.ndarray
    positions: np.ndarray


def pair_energy(m: Any, r: Any, G: float = constants.G) -> Any:
    """Return − G m₀ m₁ / |r₀ − r₁| of two bodies, by single operations.

    Parameters
    ----------
    m : sequence of two numbers
        Masses in kg.
    r : sequence of two sequences of numbers
        Positions in m, in any number of dimensions.
    G : float
        Gravitational constant in m³ kg⁻¹ s⁻²; by default the CODATA value of SciPy.

    Examples
    --------
    >>> f"{pair_energy([1.0, 2.0], [[0.0, 0.0], [3.0, 4.0]], G=10.0):.12g}"
    '-4'
    """
    step = [p - q for p, q in zip(r[0], r[1], strict=True)]
    square = sum(x * x for x in step)
    return -G * (m[0] * m[1]) / np.sqrt(square)


def pair_gradient(m: Any, r: Any, G: float = constants.G) -> tuple[Any, list[Any], list[list[Any]]]:
    """Return :func:`pair_energy` and its sensitivities to m and r, walked back by hand.

    Examples
    --------
    >>> value, s_m, s_r = pair_gradient([1.0, 2.0], [[0.0, 0.0], [3.0, 4.0]], G=10.0)
    >>> np.round(s_m, 12).tolist(), np.round(s_r, 12).tolist()
    ([-4.0, -2.0], [[-0.48, -0.64], [0.48, 0.64]])
    """
    step = [p - q for p, q in zip(r[0], r[1], strict=True)]
    square = sum(x * x for x in step)
    product, distance = m[0] * m[1], np.sqrt(square)
    value = -G * product / distance
    s_product = value / product
    s_square = -0.5 * value / square  # through distance = √square
    s_step = [2 * x * s_square for x in step]
    return value, [s_product * m[1], s_product * m[0]], [s_step, [-s for s in s_step]]


def energy(masses: Any, positions: Any, *, G: float = constants.G) -> Any:
    """Return the gravitational energy of any number of bodies.

    Parameters
    ----------
    masses : array_like, shape (n,)
        In kg.
    positions : array_like, shape (n, k)
        In m.
    G : float
        Gravitational constant in m³ kg⁻¹ s⁻².

    Returns
    -------
    float
        In J; complex for complex arguments (for the complex step).

    Raises
    ------
    ValueError
        If the shapes do not fit, or two bodies are at the same place.

    Examples
    --------
    >>> f"{energy([1.0, 2.0], [[0.0, 0.0], [3.0, 4.0]], G=10.0):.12g}"
    '-4'
    """
    return _pairs(masses, positions, G)[0]


def energy_and_sensitivities(
    masses: Any, positions: Any, *, G: float = constants.G
) -> Sensitivities:
    """Return the energy and, from one walk back, all its sensitivities.

    Parameters, errors and units as for :func:`energy`.

    Examples
    --------
    >>> s = energy_and_sensitivities([1.0, 2.0], [[0.0, 0.0], [3.0, 4.0]], G=10.0)
    >>> s.positions.round(12).tolist()
    [[-0.48, -0.64], [0.48, 0.64]]
    """
    value, m, i, j, step, square, nearness = _pairs(masses, positions, G)
    # value = -G * einsum("p,p,p->", m[i], m[j], nearness)
    s_i, s_j, s_nearness = einsum_backward("p,p,p->", [m[i], m[j], nearness], -G)
    # nearness = square ** -0.5
    s_square = -0.5 * nearness / square * s_nearness
    # square = einsum("pk,pk->p", step, step)
    s_step = sum(einsum_backward("pk,pk->p", [step, step], s_square))
    # step = r[i] - r[j]; a body is used in many pairs, and each use adds
    s_masses = np.zeros_like(m)
    s_positions = np.zeros((len(m), step.shape[1]), step.dtype)
    for where, s_m, s_r in ((i, s_i, s_step), (j, s_j, -s_step)):
        np.add.at(s_masses, where, s_m)
        np.add.at(s_positions, where, s_r)
    return Sensitivities(value, s_masses, s_positions)


def _pairs(masses: Any, positions: Any, G: float) -> tuple[Any, ...]:
    """Return the energy, and what was kept on the way to it."""
    m, r = np.asarray(masses), np.asarray(positions)
    if m.ndim != 1 or r.ndim != 2 or len(m) != len(r) or len(m) < 2:
        raise ValueError(
            "energy: expected masses of shape (n,) and positions of shape (n, k) with n at least 2, "
            f"got {m.shape} and {r.shape}"
        )
    m, r = (array * 1.0 for array in (m, r))
    i, j = np.triu_indices(len(m), 1)
    step = r[i] - r[j]
    square = np.einsum("pk,pk->p", step, step)
    if not np.all(square):
        first = int(np.argmin(np.abs(square)))
        raise ValueError(
            f"energy: expected bodies at different places, got {i[first]} and {j[first]} at "
            f"{r[i[first]]}"
        )
    nearness = square**-0.5
    return -G * np.einsum("p,p,p->", m[i], m[j], nearness), m, i, j, step, square, nearness
