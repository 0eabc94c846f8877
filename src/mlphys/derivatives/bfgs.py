"""BFGS: learn the inverse of the Hessian from how the gradient changes.

After a step s the gradient has changed by y. The next estimate H of the inverse Hessian must map
y to s (the *secant condition* ``H y = s``), stay symmetric, and differ from the last one as little
as that allows. The answer is a change of rank two,

    H ← H + s wᵀ + w sᵀ,   w = [(1 + yᵀHy/sᵀy) s/2 − H y] / sᵀy ,

which costs O(n²): one product H y and one symmetric update, both of half a matrix. Chapter: *Soap
films*.

References
----------
Nocedal and Wright, *Numerical Optimization* (2006), equations (6.17) and (6.20).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.linalg import get_blas_funcs

__all__ = ["State", "direction", "init", "update"]

dsymv, dsyr2 = get_blas_funcs(("symv", "syr2"), dtype=np.float64)


class State(NamedTuple):
    """What BFGS remembers.

    Attributes
    ----------
    inverse : ndarray, shape (n, n)
        Estimate of the inverse Hessian; its lower triangle, in Fortran's order, for BLAS.
    updates : int
        Number of steps that it has learned from.
    """

    inverse: np.ndarray
    updates: int


def init(size: int) -> State:
    """Return the state of someone who knows nothing: the unit matrix.

    Raises
    ------
    MemoryError
        If an n×n matrix does not fit; use L-BFGS then.

    Examples
    --------
    >>> init(2).inverse
    array([[1., 0.],
           [0., 1.]])
    """
    inverse = np.zeros((size, size), order="F")
    np.fill_diagonal(inverse, 1.0)
    return State(inverse, 0)


def direction(state: State, gradient: np.ndarray) -> np.ndarray:
    """Return ``−H g``, where the quadratic model has its minimum.

    Examples
    --------
    >>> direction(init(2), np.array([1.0, -2.0]))
    array([-1.,  2.])
    """
    return dsymv(-1.0, state.inverse, gradient, lower=1)


def update(state: State, s: np.ndarray, y: np.ndarray) -> State:
    """Return the state that has learned from a step.

    Parameters
    ----------
    state : State
        Do not use it again: its matrix is overwritten, for a copy would cost as much as the rest.
    s, y : ndarray, shape (n,)
        The step, and the change of the gradient.

    Returns
    -------
    State
        Unchanged where ``sᵀy`` is not positive (within rounding): no positive definite matrix maps
        such a y to s.

    Examples
    --------
    >>> s, y = np.array([1.0, 1.0]), np.array([2.0, 4.0])
    >>> state = update(init(2), s, y)
    >>> -direction(state, y)  # the secant condition: H y = s
    array([1., 1.])
    """
    curvature = float(s @ y)
    if curvature <= np.finfo(float).eps * np.linalg.norm(s) * np.linalg.norm(y):
        return state
    inverse = state.inverse
    if state.updates == 0:  # now the scale of the function is known
        np.fill_diagonal(inverse, curvature / float(y @ y))
    hy = dsymv(1.0, inverse, y, lower=1)
    w = ((1 + float(y @ hy) / curvature) / 2 * s - hy) / curvature
    inverse = dsyr2(1.0, s, w, a=inverse, lower=1, overwrite_a=1)
    return State(inverse, state.updates + 1)
