"""Truncated Newton: solve ``H p = −g`` by conjugate gradients, and stop early.

Far from the minimum an exact solution is wasted, so the relative residual need only fall to
``min(1/2, √|g|)``, relative to the first gradient; close to it the steps become Newton's and the
digits double. And far from the minimum the Hessian may bend downward in some directions. Conjugate
gradients notice the first one that they meet (``dᵀHd ≤ 0``), and return the sum of all directions
before it, which still descends. Chapter: *Soap films*.

References
----------
Dembo and Steihaug, Math. Programming 26, 190 (1983); Nocedal and Wright, *Numerical Optimization*
(2006), algorithm 7.1.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

__all__ = ["Direction", "direction"]


class Direction(NamedTuple):
    """A direction, the number of products with the Hessian, and whether it met a downward bend."""

    vector: np.ndarray
    products: int
    bends_down: bool


def direction(
    hessian: Any, gradient: np.ndarray, *, forcing: float, products: int | None = None
) -> Direction:
    """Return an approximate Newton direction.

    Parameters
    ----------
    hessian : sparse or dense matrix, shape (n, n)
        Symmetric; needs ``@`` and ``diagonal()``, which preconditions the search.
    gradient : ndarray, shape (n,)
    forcing : float
        Where to stop: the residual, measured in the preconditioner's norm, relative to the first.
    products : int, optional
        Largest number of products with the Hessian; by default 10 n.

    Returns
    -------
    Direction
        Its vector descends: ``gradient @ vector < 0`` unless the gradient is zero.

    Examples
    --------
    >>> direction(np.diag([1.0, 4.0]), np.array([1.0, 4.0]), forcing=1e-12).vector
    array([-1., -1.])
    >>> direction(np.diag([1.0, -4.0]), np.array([1.0, 4.0]), forcing=1e-12).bends_down
    True
    """
    scale = 1 / np.maximum(np.abs(hessian.diagonal()), np.finfo(float).tiny)
    x = np.zeros_like(gradient)
    residual = gradient.copy()
    z = scale * residual
    d, square = -z, float(residual @ z)
    goal = forcing**2 * square
    for count in range(1, (products or 10 * len(gradient)) + 1):
        hd = hessian @ d
        bend = float(d @ hd)
        if bend <= 0:
            return Direction(d if count == 1 else x, count, True)
        step = square / bend
        x += step * d
        residual += step * hd
        np.multiply(scale, residual, out=z)
        last, square = square, float(residual @ z)
        if square <= goal:
            return Direction(x, count, False)
        d *= square / last
        d -= z
    return Direction(x, products or 10 * len(gradient), False)
