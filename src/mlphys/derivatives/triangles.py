"""The area of a triangle in space, in three ways that differ by rounding alone.

Corners are arrays of shape ``(..., 3)``. On paper the three formulas are one; in floating point
the area of a needle, a triangle with one side much shorter than the others, can lose all of its
digits in Heron's formula and none of them in the cross product. Chapter: *Soap films*.

References
----------
Kahan, W. (2014), *Miscalculating Area and Angles of a Needle-like Triangle*.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["area_cross", "area_gradient", "area_heron", "area_kahan", "needle", "sides"]


def sides(a: Any, b: Any, c: Any) -> tuple[Any, Any, Any]:
    """Return the lengths of the sides ab, bc and ca.

    Examples
    --------
    >>> [float(side) for side in sides([0, 0, 0], [3, 0, 0], [3, 4, 0])]
    [3.0, 4.0, 5.0]
    """
    a, b, c = (np.asarray(corner, dtype=float) for corner in (a, b, c))
    norm = np.linalg.norm
    return norm(b - a, axis=-1), norm(c - b, axis=-1), norm(a - c, axis=-1)


def area_heron(a: Any, b: Any, c: Any) -> Any:
    """Return ``√(s(s−p)(s−q)(s−t))`` with the sides p, q, t and half their sum s.

    Where rounding makes the product negative, the result is NaN, as the formula says.

    Examples
    --------
    >>> float(area_heron([0, 0, 0], [3, 0, 0], [3, 4, 0]))
    6.0
    """
    p, q, t = sides(a, b, c)
    s = (p + q + t) / 2
    with np.errstate(invalid="ignore"):
        return np.sqrt(s * (s - p) * (s - q) * (s - t))


def area_kahan(a: Any, b: Any, c: Any) -> Any:
    """Return the area from the sides by Kahan's ordering of Heron's formula.

    It is exact to rounding *for the given sides*; that the sides were rounded remains.

    Examples
    --------
    >>> float(area_kahan([0, 0, 0], [3, 0, 0], [3, 4, 0]))
    6.0
    """
    z, y, x = np.sort(np.stack(sides(a, b, c)), axis=0)
    product = (x + (y + z)) * (z - (x - y)) * (z + (x - y)) * (x + (y - z))
    with np.errstate(invalid="ignore"):
        return np.sqrt(product) / 4


def area_cross(a: Any, b: Any, c: Any) -> Any:
    """Return half the length of ``(b − a) × (c − a)``.

    Examples
    --------
    >>> float(area_cross([0, 0, 0], [3, 0, 0], [3, 4, 0]))
    6.0
    """
    a, b, c = (np.asarray(corner, dtype=float) for corner in (a, b, c))
    return np.linalg.norm(np.cross(b - a, c - a), axis=-1) / 2


def area_gradient(a: Any, b: Any, c: Any) -> np.ndarray:
    """Return the derivatives of the area by its three corners.

    With the unit normal n they are ``n × (c − b)/2`` for a, and so on around the triangle: each
    corner is pulled along the plane, at right angles to the opposite side.

    Returns
    -------
    ndarray, shape (3, ..., 3)
        First axis: the corner. Last axis: x, y, z.

    Raises
    ------
    ValueError
        If a triangle has no area: there the area has a kink, and no gradient.

    Examples
    --------
    >>> area_gradient([0, 0, 0], [1, 0, 0], [0, 1, 0])
    array([[-0.5, -0.5,  0. ],
           [ 0.5,  0. ,  0. ],
           [ 0. ,  0.5,  0. ]])
    """
    a, b, c = (np.asarray(corner, dtype=float) for corner in (a, b, c))
    normal = np.cross(b - a, c - a)
    length = np.linalg.norm(normal, axis=-1, keepdims=True)
    if not np.all(length > 0):
        raise ValueError(
            "area_gradient: expected triangles with an area; got one whose corners lie on a "
            "line. The area has a kink there: move a corner"
        )
    n = normal / length
    gradient = np.stack([np.cross(n, side) / 2 for side in (c - b, a - c, b - a)])
    return gradient + 0.0  # no negative zeros


def needle(short: Any, *, place: float = 0.3, length: float = 1.0) -> np.ndarray:
    """Return needle triangles that lie askew in space, with a known area.

    The base runs from the origin in the direction (1, 2, 2)/3; the third corner stands at the
    height ``short`` above it.

    Parameters
    ----------
    short : array_like, shape (...)
        Heights; the area is ``length · short / 2`` up to the rounding of the corners.
    place : float
        Foot of the height, as a part of the base.
    length : float
        Length of the base.

    Returns
    -------
    ndarray, shape (3, ..., 3)
        The corners.

    Examples
    --------
    >>> a, b, c = needle(0.5)
    >>> float(area_cross(a, b, c).round(12))
    0.25
    """
    short = np.asarray(short, dtype=float)[..., None]
    along, across = np.array([1.0, 2.0, 2.0]) / 3, np.array([2.0, 1.0, -2.0]) / 3
    base = np.broadcast_to(length * along, (*short.shape[:-1], 3))
    return np.stack([0 * base, base, place * base + short * across])
