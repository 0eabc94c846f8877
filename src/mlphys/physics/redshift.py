"""The color of light at its two ends: what an observer measures over what an emitter sent.

A frequency is what a clock counts: light with the wave vector k has the frequency ``−g(k, u)`` for
whoever moves with the four-velocity u. The ratio of two such numbers, taken at the two ends of one
ray, holds the shift by gravity and the shift by motion together; nothing else enters. It works for
any line element, observer and emitter.

The emitters of a disc move on circles in the equator of a hole, in free fall: Kepler's orbits. Here
they turn counterclockwise seen from z > 0; a hole of negative spin turns against them. Lengths are in
units of the Schwarzschild radius (r_s = 1, M = 1/2), r is the radius of Boyer and Lindquist. NumPy;
conventions as in :mod:`mlphys.physics.spacetime`.

Chapter: A disc of hot gas. Reference: :cite:t:`Bardeen1972`, equations 2.12 to 2.16.
"""

from typing import Any

import numpy as np

from mlphys.physics.kerr import M
from mlphys.physics.spacetime import LineElement

__all__ = [
    "circling",
    "disc_ratio",
    "dot",
    "frequency",
    "kepler_clock",
    "kepler_constants",
    "kepler_frequency",
]


def dot(ds2: LineElement, x: Any, a: Any, b: Any) -> Any:
    """Return ``g(a, b)`` from the line element alone: ``(ds²(a + b) − ds²(a − b))/4``.

    Parameters
    ----------
    ds2 : callable
        Line element, called with NumPy arrays.
    x, a, b : array_like, shape (..., 4)
        Events, and vectors there.

    Returns
    -------
    ndarray, shape (...)

    Examples
    --------
    >>> from mlphys.physics.line_elements import minkowski
    >>> float(dot(minkowski, np.zeros(4), [1.0, 2.0, 0.0, 0.0], [3.0, 4.0, 0.0, 0.0]))
    5.0
    """
    x, a, b = np.broadcast_arrays(*(np.asarray(part, dtype=float) for part in (x, a, b)))
    return (ds2(x, a + b) - ds2(x, a - b)) / 4


def frequency(ds2: LineElement, x: Any, k: Any, u: Any) -> Any:
    """Return the frequency ``−g(k, u)`` that a clock of four-velocity ``u`` counts.

    Parameters
    ----------
    ds2 : callable
        Line element.
    x, k, u : array_like, shape (..., 4)
        Events, wave vectors, four-velocities.

    Returns
    -------
    ndarray, shape (...)
        Negative for a ray that is followed into the past; the ratio of two of them is not.

    Examples
    --------
    A source that recedes with 0.6 c is seen at half its frequency:

    >>> from mlphys.physics.line_elements import minkowski
    >>> k, here = [1.0, 1.0, 0.0, 0.0], np.zeros(4)
    >>> seen = frequency(minkowski, here, k, [1.0, 0.0, 0.0, 0.0])
    >>> sent = frequency(minkowski, here, k, [1.25, -0.75, 0.0, 0.0])
    >>> float(seen / sent)
    0.5
    """
    return -dot(ds2, x, k, u)


def circling(ds2: LineElement, x: Any, omega: Any) -> np.ndarray:
    """Return the four-velocity of matter that circles the z axis with dφ/dt = ``omega``.

    Parameters
    ----------
    ds2 : callable
        Line element.
    x : array_like, shape (..., 4)
        Events.
    omega : array_like, shape (...)
        Radians per unit of coordinate time.

    Returns
    -------
    ndarray, shape (..., 4)

    Raises
    ------
    ValueError
        If that would be as fast as light, or faster.

    Examples
    --------
    >>> from mlphys.physics.line_elements import schwarzschild
    >>> circling(schwarzschild, [0.0, 3.0, 0.0, 0.0], kepler_frequency(3.0)).round(4)
    array([ 1.4142, -0.    ,  0.5774,  0.    ])
    """
    x, omega = np.asarray(x, dtype=float), np.asarray(omega, dtype=float)
    zero = np.zeros(np.broadcast_shapes(x.shape[:-1], omega.shape))
    direction = np.stack([zero + 1, -omega * x[..., 2], omega * x[..., 1], zero], axis=-1)
    square = np.asarray(ds2(np.broadcast_to(x, direction.shape), direction))
    if not (square < 0).all():
        raise ValueError(
            "circling: expected dφ/dt to be slower than light; got ds² = "
            f"{np.nanmax(square):.6g} >= 0 for dt = 1. Choose a larger radius, or another omega."
        )
    return direction / np.sqrt(-square)[..., None]


def kepler_frequency(radius: Any, spin: float = 0.0) -> Any:
    """Return dφ/dt of free fall on a circle, ``√M/(r^{3/2} + a√M)``.

    Parameters
    ----------
    radius : array_like
        r, above that of the circle of light.
    spin : float
        a/M; negative for a hole that turns against the orbit.

    Returns
    -------
    array
        Radians per r_s/c.

    Examples
    --------
    >>> round(float(kepler_frequency(3.0)), 9)  # the innermost stable orbit
    0.136082763
    """
    r = np.asarray(radius, dtype=float)
    return np.sqrt(M) / (r * np.sqrt(r) + spin * M * np.sqrt(M))


def kepler_clock(radius: Any, spin: float = 0.0) -> Any:
    """Return dt/dτ on such a circle: the coordinate time that passes while its own clock counts 1.

    ``(r^{3/2} + a√M)/√(r³ − 3Mr² + 2a√M r^{3/2})``; ``1/√(1 − 3M/r)`` without spin. NaN at and
    inside the circle of light.

    Examples
    --------
    >>> round(float(kepler_clock(3.0)), 9)  # √2
    1.414213562
    """
    r = np.asarray(radius, dtype=float)
    drag = spin * M * np.sqrt(M)
    square = r**3 - 3 * M * r * r + 2 * drag * r * np.sqrt(r)
    return (r * np.sqrt(r) + drag) / np.sqrt(np.where(square > 0, square, np.nan))


def kepler_constants(radius: Any, spin: float = 0.0) -> tuple[Any, Any]:
    """Return energy and angular momentum, per mass, of free fall on a circle in the equator.

    Examples
    --------
    >>> energy, momentum = kepler_constants(3.0)
    >>> round(float(energy), 9), round(float(momentum), 9)  # √(8/9) and √3
    (0.942809042, 1.732050808)
    """
    r, a, root = np.asarray(radius, dtype=float), spin * M, np.sqrt(M)
    below = r**0.75 * np.sqrt(r**1.5 - 3 * M * np.sqrt(r) + 2 * a * root)
    energy = (r**1.5 - 2 * M * np.sqrt(r) + a * root) / below
    return energy, root * (r * r - 2 * a * root * np.sqrt(r) + a * a) / below


def disc_ratio(radius: Any, xi: Any, spin: float = 0.0, *, clock: float = 1.0) -> Any:
    """Return ν_observed/ν_emitted in closed form, ``clock/(ṫ (1 − Ω xi))``, for matter of a disc.

    Both ends share the energy E and the angular momentum of the ray; ``k·u = −E ṫ (1 − Ω xi)`` at
    the disc and ``−E·clock`` at an observer at rest.

    Parameters
    ----------
    radius : array_like
        Where on the disc the light was emitted.
    xi : array_like
        Its angular momentum about the axis over its energy, positive with the orbit.
    spin : float
        a/M.
    clock : float
        dt/dτ of the observer at rest, ``1/√(1 − r_s/r_0)`` without spin; 1 far away.

    Returns
    -------
    array

    Examples
    --------
    From the innermost orbit, face-on, to an observer at rest at r = 20:

    >>> round(float(disc_ratio(3.0, 0.0, clock=0.95**-0.5)), 12)
    0.72547625011
    """
    omega = kepler_frequency(radius, spin)
    return clock / kepler_clock(radius, spin) / (1 - omega * np.asarray(xi, dtype=float))
