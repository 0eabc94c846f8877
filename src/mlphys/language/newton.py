"""Newton's method for n equations in n unknowns, with its failures reported.

Near a root where the matrix of slopes J is regular, each step squares the error (up to a constant).
Where it is not, or far away, the method can stall, cycle or leave: every such end is an exception.

References
----------
.. [1] J. Nocedal, S. J. Wright, "Numerical Optimization", 2nd edition (2006), chapter 11.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

__all__ = ["NewtonFailure", "NewtonRun", "newton"]


class NewtonFailure(ArithmeticError):
    """Newton's method ended without a root."""


class NewtonRun(NamedTuple):
    """A root and the way to it.

    ``root`` has the shape (n,); ``path`` holds all points from the start to the root, shape
    (steps + 1, n); ``residuals`` the norm of the equations at each of them.
    """

    root: np.ndarray
    path: np.ndarray
    residuals: np.ndarray


def newton(
    equations: Callable[[np.ndarray], Any],
    slopes: Callable[[np.ndarray], Any],
    start: Any,
    *,
    tolerance: float = 1e-12,
    max_steps: int = 50,
) -> NewtonRun:
    """Return a point where all equations vanish, by repeated solution of ``J δ = −F``.

    Parameters
    ----------
    equations : callable
        F: point of shape (n,) to n numbers.
    slopes : callable
        J: point to the matrix of ``∂F_i/∂x_j``, shape (n, n).
    start : array_like, shape (n,)
        First point, real or complex.
    tolerance : float
        Stop when the norm of F is at most this.
    max_steps : int
        Give up after this many steps.

    Returns
    -------
    NewtonRun

    Raises
    ------
    ValueError
        If shapes do not fit: F must have n entries and J n × n.
    NewtonFailure
        If J is singular to rounding, a number is not finite, or ``max_steps`` are not enough. The
        message says after how many steps, where, and how large F still is.

    Examples
    --------
    >>> run = newton(lambda x: x**2 - 2, lambda x: np.diag(2 * x), [1.0])
    >>> run.root, len(run.path) - 1
    (array([1.41421356]), 5)
    """
    x = np.atleast_1d(np.asarray(start))
    x = x.astype(complex if np.iscomplexobj(x) else float)
    path, residuals = [x], []
    for step in range(max_steps + 1):
        f = _checked(equations(x), x.shape, "F")
        residuals.append(float(np.linalg.norm(f)))
        if not np.isfinite(residuals[-1]):
            raise NewtonFailure(f"newton: F is not finite after {step} steps, at {x}; start closer")
        if residuals[-1] <= tolerance:
            return NewtonRun(x, np.array(path), np.array(residuals))
        if step < max_steps:
            x = x + _step(f, _checked(slopes(x), x.shape * 2, "J"), x, step)
            path.append(x)
    raise NewtonFailure(
        f"newton: no convergence in {max_steps} steps; at {x} the norm of F is {residuals[-1]:.3g}, "
        f"above the tolerance {tolerance:.3g}; start closer, or look at the path"
    )


def _step(f: np.ndarray, j: np.ndarray, x: np.ndarray, step: int) -> np.ndarray:
    """Return δ with J δ = −F, or refuse a J that is singular to rounding."""
    finite = np.isfinite(j).all()
    s = np.linalg.svd(j, compute_uv=False) if finite else np.zeros(1)
    if s[-1] <= len(x) * np.finfo(float).eps * s[0]:
        what = "singular" if finite else "not finite"
        raise NewtonFailure(
            f"newton: J is {what} after {step} steps, at {x}, where the norm of F is "
            f"{np.linalg.norm(f):.3g}; no step is defined there, start elsewhere"
        )
    return np.linalg.solve(j, -f)


def _checked(values: Any, shape: tuple[int, ...], name: str) -> np.ndarray:
    array = np.asarray(values)
    if array.shape != shape:
        raise ValueError(f"newton: expected {name} with shape {shape}, got {array.shape}")
    return array
