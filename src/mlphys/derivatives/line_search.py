"""How far to go along a direction: the weak Wolfe conditions, by a shrinking interval.

With ``φ(t) = f(x + t p)`` and ``φ'(0) < 0`` a step t is accepted when the function has fallen in
proportion and the slope has risen:

    φ(t) ≤ φ(0) + c₁ t φ'(0)        (enough descent)
    φ'(t) ≥ c₂ φ'(0)                (far enough).

Where the first fails, t is too long; where the second fails, too short. The interval between the
two is halved (or, as long as nothing was too short, cut by a parabola). A value that is not finite
counts as too long, so that a function may say "outside of my domain" by returning ``inf``; where a
function still falls steeply at such a wall, a step to its last tenth is accepted by the first
condition alone. Chapter: *Soap films*.

References
----------
Nocedal and Wright, *Numerical Optimization* (2006), section 3.1; Hager and Zhang, SIAM J. Optim.
16, 170 (2005), equation (4.1), for the form of the conditions close to a minimum.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

__all__ = ["LineSearchFails", "Step", "weak_wolfe"]

Objective = Callable[[np.ndarray], tuple[float, np.ndarray]]
ROUNDING = 1e-13
"""Relative changes of the function below this one are rounding."""


class LineSearchFails(ArithmeticError):
    """No step along the direction satisfies the conditions."""


class Step(NamedTuple):
    """A step that was accepted: its length, where it leads, and what it cost."""

    length: float
    x: np.ndarray
    value: float
    gradient: np.ndarray
    evaluations: int


def weak_wolfe(
    objective: Objective,
    x: np.ndarray,
    value: float,
    gradient: np.ndarray,
    direction: np.ndarray,
    *,
    length: float = 1.0,
    c1: float = 1e-4,
    c2: float = 0.9,
    trials: int = 40,
) -> Step:
    """Return a step along a direction that satisfies the weak Wolfe conditions.

    Parameters
    ----------
    objective : callable
        Returns the function and its gradient at a point of shape (n,).
    x : ndarray, shape (n,)
        Where to start.
    value : float
        Function at x.
    gradient, direction : ndarray, shape (n,)
        Gradient at x; direction with ``gradient @ direction < 0``.
    length : float
        First step to try, as a multiple of the direction.
    c1, c2 : float
        Constants of the conditions, ``0 < c1 < c2 < 1``. ``c2=np.inf`` asks for descent alone.
    trials : int
        Largest number of evaluations.

    Raises
    ------
    LineSearchFails
        If the direction does not descend, or no step is found in so many trials: the gradient is
        wrong, or the function cannot be made smaller within rounding.

    Examples
    --------
    >>> bowl = lambda x: (float(x @ x), 2 * x)
    >>> x = np.array([1.0])
    >>> step = weak_wolfe(bowl, x, *bowl(x), np.array([-1.0]))
    >>> step.length, step.value
    (1.0, 0.0)
    """
    slope = float(gradient @ direction)
    if not slope < 0:
        raise LineSearchFails(
            f"weak_wolfe: expected a direction that descends; got the slope {slope:.3g}. "
            "Check the gradient against differences"
        )
    slack = ROUNDING * abs(value)
    short, long, wall, t = 0.0, np.inf, np.nan, length
    inside: Step | None = None
    for trial in range(1, trials + 1):
        there = x + t * direction
        new, new_gradient = objective(there)
        new_slope = float(new_gradient @ direction) if np.isfinite(new) else np.nan
        descended = new <= value + c1 * t * slope
        # Within rounding of the start the slope is the better witness (Hager and Zhang).
        descended |= new <= value + slack and new_slope <= (2 * c1 - 1) * slope
        if not np.isfinite(new_slope):
            long = wall = t
        elif not descended:
            long = t
        elif new_slope < c2 * slope:
            short, inside = t, Step(t, there, float(new), new_gradient, trial)
        else:
            return Step(t, there, float(new), new_gradient, trial)
        if inside and long == wall and long - short <= 0.1 * long:
            return inside._replace(evaluations=trial)
        if short == 0 and long != wall:  # the parabola through both values has its minimum here
            parabola = -slope * t * t / 2 / (new - value - slope * t)
            t = min(max(parabola, t / 20), t / 2)
        else:
            t = 2 * short if np.isinf(long) else (short + long) / 2
    raise LineSearchFails(
        f"weak_wolfe: expected a step that descends within {trials} trials; the last was {t:.3g} "
        f"along a slope of {slope:.3g}. The gradient disagrees with the function, or rounding "
        "hides any descent: check it against differences, or ask for a larger gradient_tolerance"
    )
