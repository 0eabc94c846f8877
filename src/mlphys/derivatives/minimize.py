"""One loop for four minimizers, with counters.

A method says where to go (from its memory and the gradient), :mod:`line_search
<mlphys.derivatives.line_search>` says how far, and the method learns from the step. Simplest first:
``"descent"`` goes against the gradient, ``"bfgs"`` and ``"lbfgs"`` learn curvature from gradients,
``"newton_cg"`` is given it. Chapter: *Soap films*.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from mlphys.derivatives import bfgs, lbfgs, newton_cg
from mlphys.derivatives.line_search import LineSearchFails, Objective, Step, weak_wolfe

__all__ = ["METHODS", "Result", "minimize"]

METHODS = ("descent", "bfgs", "lbfgs", "newton_cg")


class Result(NamedTuple):
    """Where a minimizer ended, why, and what it cost.

    Attributes
    ----------
    x : ndarray, shape (n,)
    value : float
    gradient : ndarray, shape (n,)
    status : {"converged", "stopped", "limit", "stuck"}
        The gradient is small enough; ``stop`` asked for it; too many iterations; the line search
        found no way down.
    message : str
        The same as a sentence, with what to do.
    iterations, evaluations, products : int
        Steps taken; calls of the objective; products with the Hessian.
    history : ndarray, shape (iterations + 1, 2)
        Evaluations so far and value, at the start and after each step.
    """

    x: np.ndarray
    value: float
    gradient: np.ndarray
    status: str
    message: str
    iterations: int
    evaluations: int
    products: int
    history: np.ndarray


def minimize(
    objective: Objective,
    x0: Any,
    *,
    method: str = "lbfgs",
    hessian: Callable[[np.ndarray], Any] | None = None,
    gradient_tolerance: float = 1e-8,
    iterations: int = 2000,
    memory: int = 20,
    stop: Callable[[np.ndarray, float, np.ndarray], str | None] | None = None,
) -> Result:
    """Return a local minimum of a function with a gradient.

    Parameters
    ----------
    objective : callable
        Returns the function and its gradient, shape (n,), at a point of shape (n,). It may return
        ``inf`` (with any gradient) to say that a point is outside of its domain.
    x0 : array_like, shape (n,)
        Where to start; inside of the domain.
    method : {"descent", "bfgs", "lbfgs", "newton_cg"}
    hessian : callable, optional
        Returns the Hessian at a point, sparse or dense; needed by ``"newton_cg"`` alone.
    gradient_tolerance : float
        Done when no component of the gradient is larger.
    iterations : int
        Largest number of steps.
    memory : int
        Pairs that ``"lbfgs"`` keeps.
    stop : callable, optional
        Called with point, value and gradient after each step; a string that it returns ends the
        search and becomes the message.

    Returns
    -------
    Result
        Read its ``status``: a minimizer that gives up returns what it has.

    Raises
    ------
    ValueError
        If the method is unknown, its Hessian is missing, or the start is not a finite vector with
        a finite value and a gradient of its own length.

    Examples
    --------
    >>> def valley(x):  # Rosenbrock's
    ...     a, b = 1 - x[0], x[1] - x[0] ** 2
    ...     return a * a + 100 * b * b, np.array([-2 * a - 400 * x[0] * b, 200 * b])
    >>> result = minimize(valley, [-1.2, 1.0], method="bfgs")
    >>> result.status, result.x.round(9)
    ('converged', array([1., 1.]))
    """
    if method not in METHODS:
        raise ValueError(f"minimize: expected a method among {METHODS}; got {method!r}")
    if method == "newton_cg" and hessian is None:
        raise ValueError(
            "minimize: expected a function that returns the Hessian for 'newton_cg'; got none. "
            "Pass hessian=, or take 'lbfgs', which needs gradients alone"
        )
    x = np.array(x0, dtype=float)
    value, gradient = objective(x) if x.ndim == 1 else (np.nan, x)
    _check_start(x, value, gradient)
    guide = _Guide(method, len(x), memory, hessian)
    history = [(1, value)]
    evaluations = 1
    while True:
        status, message = _reason(x, value, gradient, gradient_tolerance, stop)
        if not status and len(history) > iterations:
            status, message = "limit", f"no minimum after {iterations} steps: raise iterations"
        if not status:
            p = guide.direction(x, gradient)
            try:
                length = guide.first_length(p)
                step = weak_wolfe(objective, x, value, gradient, p, length=length, c2=guide.c2)
            except LineSearchFails as error:
                status, message = "stuck", str(error)
        if status:
            counts = len(history) - 1, evaluations, guide.products
            return Result(x, value, gradient, status, message, *counts, np.array(history))
        guide.learn(step, x, gradient)
        x, value, gradient = step.x, step.value, step.gradient
        evaluations += step.evaluations
        history.append((evaluations, value))


def _check_start(x: np.ndarray, value: float, gradient: np.ndarray) -> None:
    if x.ndim != 1 or not np.all(np.isfinite(x)):
        raise ValueError(
            f"minimize: expected a finite vector to start at; got shape {x.shape}. Flatten it"
        )
    if np.shape(gradient) != x.shape:
        raise ValueError(
            f"minimize: expected a gradient of shape {x.shape}; got {np.shape(gradient)}"
        )
    if not (np.isfinite(value) and np.all(np.isfinite(gradient))):
        raise ValueError(
            f"minimize: expected a finite value and gradient at the start; got the value {value}. "
            "Start inside of the function's domain"
        )


def _reason(
    x: np.ndarray, value: float, gradient: np.ndarray, tolerance: float, stop: Any
) -> tuple[str, str]:
    """Return a status and its sentence if the search is over, else two empty strings."""
    asked = stop(x, value, gradient) if stop else None
    if asked:
        return "stopped", asked
    largest = float(np.max(np.abs(gradient), initial=0.0))
    if largest <= tolerance:
        return "converged", f"the largest component of the gradient is {largest:.1e}"
    return "", ""


class _Guide:
    """The memory of one method, and its verbs in one place."""

    def __init__(self, method: str, size: int, memory: int, hessian: Any) -> None:
        self.method, self.hessian, self.products = method, hessian, 0
        self.c2 = 0.9
        self.state: Any = None
        self.learned, self.last_length = False, 1.0
        self.forcing, self.last_size = 0.5, np.inf
        if method == "bfgs":
            self.state = bfgs.init(size)
        elif method == "lbfgs":
            self.state = lbfgs.init(memory=memory)

    def direction(self, x: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        if self.method == "descent":
            return -gradient
        if self.method == "bfgs":
            return bfgs.direction(self.state, gradient)
        if self.method == "lbfgs":
            return lbfgs.direction(self.state, gradient)
        size = float(np.linalg.norm(gradient))
        if self.learned:
            self.forcing = newton_cg.forcing(size, self.last_size, self.forcing)
        self.last_size = size
        found = newton_cg.direction(self.hessian(x), gradient, forcing=self.forcing)
        self.products += found.products
        # A full Newton step has the right length; where the function bends down none has.
        self.c2 = 0.9 if found.bends_down else np.inf
        return found.vector

    def first_length(self, p: np.ndarray) -> float:
        """Return 1, or less where a direction knows no scale yet: then a step of length 1."""
        if self.method == "newton_cg" or (self.learned and self.method != "descent"):
            return 1.0
        return min(1.0, 1 / float(np.linalg.norm(p))) if not self.learned else self.last_length

    def learn(self, step: Step, x: np.ndarray, gradient: np.ndarray) -> None:
        self.learned, self.last_length = True, step.length
        if self.method == "bfgs":
            self.state = bfgs.update(self.state, step.x - x, step.gradient - gradient)
        elif self.method == "lbfgs":
            self.state = lbfgs.update(self.state, step.x - x, step.gradient - gradient)
