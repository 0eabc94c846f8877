"""Truncated Newton: solve ``H p = −g`` by conjugate gradients, and stop early.

Far from the minimum an exact solution is wasted: the residual need only fall as far as the last
step made the gradient fall (:func:`forcing`). Close to it the solutions become exact and the steps
Newton's. And far from the minimum the Hessian may bend downward in some directions. Conjugate
gradients notice the first one that they meet (``dᵀHd ≤ 0``), and return the sum of all directions
before it, which still descends. Chapter: *Soap films*.

References
----------
Dembo and Steihaug, Math. Programming 26, 190 (1983); Eisenstat and Walker, SIAM J. Sci. Comput. 17,
16 (1996), choice 2; Nocedal and Wright, *Numerical Optimization* (2006), algorithm 7.1.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

__all__ = ["Direction", "direction", "forcing"]


class Direction(NamedTuple):
    """A direction, the number of products with the Hessian, and whether it met a downward bend."""

    vector: np.ndarray
    products: int
    bends_down: bool


def forcing(size: float, last_size: float, last_forcing: float) -> float:
    """Return how far the next residual must fall, from the norms of this gradient and the last.

    It is ``0.9 (size/last_size)²``, at most 1/2, and not suddenly small: a lucky step does not make
    the next solution expensive.

    Examples
    --------
    >>> forcing(1.0, 2.0, 0.3), forcing(1.0, 10.0, 0.5)
    (0.225, 0.225)
    """
    wanted = 0.9 * (size / last_size) ** 2
    cautious = 0.9 * last_forcing**2
    return min(0.5, max(wanted, cautious) if cautious > 0.1 else wanted)


def direction(
    hessian: Any, gradient: np.ndarray, *, forcing: float, products: int | None = None
) -> Direction:
    """Return an approximate Newton direction.

    Parameters
    ----------
    hessian : sparse or dense matrix, shape (n, n)
        Symmetric; needs ``@`` and ``diagonal()``. The size of the diagonal, raised to its mean
        where it is smaller, preconditions the search.
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
    bends = np.abs(hessian.diagonal())
    # Small entries of an indefinite matrix say nothing about its size: without the mean below them
    # their inverses would rule the direction.
    scale = 1 / np.maximum(np.maximum(bends, bends.mean()), np.finfo(float).tiny)
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
