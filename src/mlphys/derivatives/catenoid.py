"""The catenoid: the exact soap film between two equal coaxial rings.

Rings of radius R stand at the heights ±d/2. A film of revolution with the profile
``r(z) = a cosh(z/a)`` has zero mean curvature; its waist a must solve ``a cosh(d/2a) = R``. With
``u = d/2a`` this reads ``cosh(u)/u = 2R/d``, which has two roots below a critical ratio d/R, and
none above: the smaller u belongs to the stable film, the larger one to an unstable film. Lengths
carry any one unit, areas its square; "area" is that of one side. Chapter: *Soap films*.

References
----------
Isenberg, *The Science of Soap Films and Soap Bubbles* (1992), chapter 5.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import brentq

__all__ = [
    "area",
    "critical_ratio",
    "disc_area",
    "goldschmidt_ratio",
    "profile",
    "ring_pull",
    "waist",
]

BRANCHES = ("stable", "unstable")


def critical_ratio() -> float:
    """Return the largest d/R at which a catenoid spans both rings.

    There ``u tanh u = 1``, and ``d/R = 2u/cosh u``.

    Examples
    --------
    >>> f"{critical_ratio():.12f}"
    '1.325486838698'
    """
    u = _critical_u()
    return float(2 * u / np.cosh(u))


def goldschmidt_ratio() -> float:
    """Return the d/R above which two flat discs have less area than the stable catenoid.

    Examples
    --------
    >>> f"{goldschmidt_ratio():.12f}"
    '1.055394793925'
    """
    # area of the catenoid, over that of two discs: (u + sinh u cosh u)/cosh² u = 1
    u = _root(lambda u: u + np.sinh(u) * np.cosh(u) - np.cosh(u) ** 2, 0.1, _critical_u())
    return float(2 * u / np.cosh(u))


def waist(radius: float, distance: float, *, branch: str = "stable") -> float:
    """Return the radius a of the neck of a catenoid.

    Parameters
    ----------
    radius, distance : float
        Radius R of both rings and distance d between their planes, positive, in one unit.
    branch : {"stable", "unstable"}
        Which of the two solutions.

    Raises
    ------
    ValueError
        If no catenoid spans the rings, or an argument is out of its range.

    Examples
    --------
    >>> f"{waist(14, 18):.12f}", f"{waist(14, 18, branch='unstable'):.12f}"
    ('9.286765909368', '6.146943470259')
    """
    if branch not in BRANCHES:
        raise ValueError(f"waist: expected a branch among {BRANCHES}; got {branch!r}")
    if not (radius > 0 and distance > 0):
        raise ValueError(
            f"waist: expected positive radius and distance; got {radius} and {distance}"
        )
    ratio, largest = distance / radius, critical_ratio()
    if ratio > largest:
        raise ValueError(
            f"waist: expected a distance of at most {largest:.6f} radii; got {ratio:.6f}. "
            "No catenoid spans rings that far apart: bring them closer"
        )
    middle = _critical_u()
    bracket = (1e-12, middle) if branch == "stable" else (middle, 700.0)
    u = _root(lambda u: np.log(2 * u / ratio) - _log_cosh(u), *bracket)
    return float(distance / (2 * u))


def area(radius: float, distance: float, *, branch: str = "stable") -> float:
    """Return the area ``πa (d + a sinh(d/a))`` of a catenoid (one side).

    Parameters and errors are those of :func:`waist`.

    Examples
    --------
    >>> f"{area(14, 18):.9f}", f"{area(14, 18, branch='unstable'):.9f}"
    ('1446.710806259', '1454.051608508')
    """
    a = waist(radius, distance, branch=branch)
    return float(np.pi * a * (distance + a * np.sinh(distance / a)))


def disc_area(radius: float) -> float:
    """Return the area of two flat discs, one in each ring.

    Examples
    --------
    >>> f"{disc_area(14):.9f}"
    '1231.504320207'
    """
    return float(2 * np.pi * radius**2)


def profile(z: Any, *, neck: float) -> Any:
    """Return the radius ``a cosh(z/a)`` at heights z above the neck of radius a.

    Examples
    --------
    >>> profile([0.0, 9.0], neck=9.286765909367762).round(9)
    array([ 9.28676591, 14.        ])
    """
    return neck * np.cosh(np.asarray(z) / neck)


def ring_pull(radius: float, distance: float) -> tuple[float, float]:
    """Return the derivatives of the stable film's area by d and by the radius of one ring.

    A film of surface tension γ has two sides, hence the energy 2γ·area. The first value times 2γ
    is the force that pulls the rings together, the second one the force that would shrink a ring
    (the sum over the ring of the force that acts along its radius).

    Returns
    -------
    tuple of float
        ``2πa``, and ``2π √(R² − a²)``, in the unit of length.

    Examples
    --------
    >>> axial, radial = ring_pull(14, 18)
    >>> f"{axial:.9f} {radial:.9f}"
    '58.350471113 65.825469017'
    """
    a = waist(radius, distance)
    return float(2 * np.pi * a), float(2 * np.pi * np.sqrt(radius**2 - a**2))


def _log_cosh(u: float) -> float:
    return u + np.log1p(np.exp(-2 * u)) - np.log(2)


def _critical_u() -> float:
    return _root(lambda u: u * np.tanh(u) - 1, 1.0, 2.0)


def _root(function: Any, low: float, high: float) -> float:
    """Return the root in a bracket, to the last digits of a float."""
    root: Any = brentq(function, low, high, xtol=1e-15, rtol=4 * np.finfo(float).eps)
    return float(root)
