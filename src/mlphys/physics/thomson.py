"""Electrons on a sphere: Thomson's energy, its gradient, and the way down to a minimum.

``n`` equal charges sit on the unit sphere and repel each other. In units of e²/(4πε₀R) their energy
is ``E = Σ_{i<j} 1/|x_i − x_j|``. Points are arrays of shape (n, 3), float64; positions are redundant
Cartesian coordinates, and the minimizers see ``E(x/|x|)``, which does not care about radii.
Chapter: *Electrons on a sphere*.

References
----------
Thomson, Phil. Mag. 7, 237 (1904).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from mlphys.derivatives.minimize import minimize

__all__ = [
    "Relaxed",
    "check_points",
    "energy",
    "energy_and_gradient",
    "make_objective",
    "on_sphere",
    "random_points",
    "relax",
]

PAIRS = 2**20
"""Pairs that :func:`energy` holds at a time."""


class Relaxed(NamedTuple):
    """Where a minimization ended.

    Attributes
    ----------
    points : ndarray, shape (n, 3)
        On the unit sphere.
    energy : float
    slope : float
        Largest component of the gradient.
    evaluations : int
        Of energy and gradient.
    """

    points: np.ndarray
    energy: float
    slope: float
    evaluations: int


def check_points(points: Any, who: str) -> np.ndarray:
    """Return points as a float64 array, or say what is wrong with them.

    Raises
    ------
    ValueError
        If the shape is not (n, 3) with n ≥ 2, or a number is not finite.

    Examples
    --------
    >>> check_points([[0, 0, 1], [0, 0, -1]], "example").dtype
    dtype('float64')
    """
    array = np.asarray(points, dtype=float)
    if array.ndim != 2 or array.shape[1] != 3 or len(array) < 2 or not np.isfinite(array).all():
        raise ValueError(
            f"{who}: expected finite points of shape (n, 3) with n of at least 2; got shape "
            f"{array.shape}. Start from random_points(n, rng=rng)"
        )
    return array


def on_sphere(points: np.ndarray) -> np.ndarray:
    """Return points, shape (..., 3), moved along their radius to the unit sphere.

    Examples
    --------
    >>> on_sphere(np.array([[0.0, 3.0, 4.0]]))
    array([[0. , 0.6, 0.8]])
    """
    return points / np.linalg.norm(points, axis=-1, keepdims=True)


def random_points(n: int, *, rng: np.random.Generator) -> np.ndarray:
    """Return n points drawn evenly over the unit sphere, shape (n, 3).

    Three independent normal numbers have no preferred direction; their length is divided away.

    Raises
    ------
    ValueError
        If n is below 2.

    Examples
    --------
    >>> random_points(5, rng=np.random.default_rng(0)).shape
    (5, 3)
    """
    if n < 2:
        raise ValueError(f"random_points: expected at least 2 electrons; got {n}")
    return on_sphere(rng.normal(size=(n, 3)))


def energy(points: Any) -> float:
    """Return ``Σ_{i<j} 1/|x_i − x_j|``, each pair from its differences, added without rounding.

    Parameters
    ----------
    points : array_like, shape (n, 3)
        Anywhere in space.

    Returns
    -------
    float
        Infinite where two points coincide.

    Raises
    ------
    ValueError
        If these are not points (:func:`check_points`).

    Examples
    --------
    >>> tetrahedron = on_sphere(np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1.0]]))
    >>> round(energy(tetrahedron), 12)  # 6 pairs at the distance √(8/3)
    3.674234614175
    """
    x = check_points(points, "energy")
    rows = max(1, PAIRS // len(x))
    terms = []
    for first in range(0, len(x) - 1, rows):
        left = x[first : first + rows]
        i, j = np.nonzero(np.arange(len(x)) > np.arange(first, first + len(left))[:, None])
        with np.errstate(divide="ignore"):
            terms.append(math.fsum(1 / np.linalg.norm(left[i] - x[j], axis=-1)))
    return math.fsum(terms)


def energy_and_gradient(points: Any) -> tuple[float, np.ndarray]:
    """Return the energy and its gradient, by broadcasting; the form to read and to test against.

    ``∂E/∂x_i = −Σ_j (x_i − x_j)/|x_i − x_j|³``, the force with the sign turned. It takes
    ``5 n²`` numbers of memory; :mod:`mlphys.physics.thomson_blocks` needs a bounded number.

    Parameters
    ----------
    points : array_like, shape (n, 3)
        Anywhere in space, no two at one place.

    Returns
    -------
    value : float
    gradient : ndarray, shape (n, 3)
        Not projected: it has a part along the radius.

    Raises
    ------
    ValueError
        If these are not points, or two of them coincide.

    Examples
    --------
    >>> value, gradient = energy_and_gradient([[0, 0, 1], [0, 0, -1]])
    >>> value, gradient[0]
    (0.5, array([-0.  , -0.  , -0.25]))
    """
    x = check_points(points, "energy_and_gradient")
    apart = x[:, None] - x
    squared = np.einsum("ijk,ijk->ij", apart, apart)
    np.fill_diagonal(squared, np.inf)
    if not squared.all():
        raise ValueError(
            "energy_and_gradient: expected points at different places; got two that coincide"
        )
    inverse = 1 / np.sqrt(squared)
    return float(inverse.sum() / 2), -np.einsum("ij,ijk->ik", inverse**3, apart)


def make_objective(n: int) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    """Return the function that minimizers call: energy and gradient of ``E(x/|x|)``.

    With ``G = U Uᵀ`` for the unit vectors U all distances are in ``r² = 2 − 2G``, one matrix product,
    and the gradient along the sphere is the tangent part of ``W U`` with ``W_ij = 1/r_ij³``: a
    second product. The function owns its buffers, ``2 n²`` numbers; do not call it from two
    threads. Where points coincide within rounding the energy is infinite.

    Close pairs cancel: the relative error of a term is about ``2·10⁻¹⁶/r²``, invisible for points
    that have settled. Report energies by :func:`energy`.

    Examples
    --------
    >>> objective = make_objective(2)
    >>> value, gradient = objective(np.array([0, 0, 5.0, 0, 3.0, 0]))
    >>> round(value, 12), gradient.round(4) + 0.0  # 1/√2; the first is pushed away from the second
    (0.707106781187, array([0.    , 0.0707, 0.    , 0.    , 0.    , 0.1179]))
    """
    left, right = np.empty((n, 4)), np.empty((4, n))
    left[:, 3] = right[3] = 1.0
    half, inverse, ones = np.empty((n, n)), np.empty((n, n)), np.ones(n * n)
    diagonal, flat = half.reshape(-1)[:: n + 1], inverse.reshape(-1)
    none = np.zeros(3 * n)

    def objective(x: np.ndarray) -> tuple[float, np.ndarray]:
        points = x.reshape(n, 3)
        radius = np.sqrt(np.einsum("ij,ij->i", points, points))[:, None]
        unit = points / radius
        left[:, :3] = unit
        np.negative(unit.T, out=right[:3])
        np.matmul(left, right, out=half)  # r²/2
        diagonal[:] = np.inf
        with np.errstate(divide="ignore", invalid="ignore"):
            np.sqrt(half, out=inverse)
            np.divide(1.0, inverse, out=inverse)
            value = float(flat @ ones) * math.sqrt(0.125)
            if not math.isfinite(value):
                return math.inf, none
            np.divide(inverse, half, out=half)
        pull = half @ unit
        pull -= np.einsum("ij,ij->i", pull, unit)[:, None] * unit
        pull *= math.sqrt(0.125) / radius
        return value, pull.reshape(-1)

    return objective


def relax(
    points: Any, *, gradient_tolerance: float = 1e-8, iterations: int = 5000, memory: int = 12
) -> Relaxed:
    """Return the minimum of the energy below some points, by L-BFGS.

    Parameters
    ----------
    points : array_like, shape (n, 3)
        Where to start; only directions matter.
    gradient_tolerance : float
        Done when no component of the gradient is larger.
    iterations, memory : int
        As for :func:`~mlphys.derivatives.minimize.minimize`.

    Returns
    -------
    Relaxed
        Read its ``slope``: it is above the tolerance where rounding or ``iterations`` ended the
        search first.

    Raises
    ------
    ValueError
        If these are not points, one of them is the center, or two coincide.

    Examples
    --------
    >>> found = relax(random_points(12, rng=np.random.default_rng(1)))
    >>> round(found.energy, 9)  # the icosahedron
    49.165253058
    """
    x = check_points(points, "relax")
    if not np.linalg.norm(x, axis=1).all():
        raise ValueError("relax: expected directions; got a point at the center of the sphere")
    found = minimize(
        make_objective(len(x)), on_sphere(x).ravel(), gradient_tolerance=gradient_tolerance,
        iterations=iterations, memory=memory,
    )  # fmt: skip
    settled = on_sphere(found.x.reshape(x.shape))
    slope = float(np.abs(found.gradient).max())
    return Relaxed(settled, energy(settled), slope, found.evaluations)
