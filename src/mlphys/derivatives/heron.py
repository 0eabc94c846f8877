"""Heron's square root: a loop that stops when it is content, differentiated.

The side of a square of area x is sought as the mean of the two sides of a rectangle of that area,
again and again. How often depends on x, so the computation has to be recorded before it can be
walked back. The result is the derivative of *the run that took place*; the derivative of √x is had
sooner from the equation that √x solves.

Chapter: ``book/derivatives/reverse_mode.md``.

References
----------
.. [1] Heron of Alexandria, *Metrica* I.8; T. L. Heath, "A history of Greek mathematics", vol. 2
   (1921), p. 324.
"""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["Run", "heron", "implicit_derivative", "jump_between", "replay"]

MOST = 2_000  # iterations; a float takes fewer than 600 from 1 to √1.8e308


class Run(NamedTuple):
    """A recorded run: the area x, the side before each iteration, and the side at last."""

    x: Any
    sides: list[Any]
    root: Any

    @property
    def iterations(self) -> int:
        """How often the mean was taken."""
        return len(self.sides)


def heron(x: Any, *, tolerance: float = 1e-9, start: float = 1.0) -> Run:
    """Return the record of Heron's method for √x.

    Each iteration replaces the side y by (y + x/y) / 2. The last one is that before which the two
    sides of the rectangle, y and x/y, differed by less than the tolerance.

    Parameters
    ----------
    x : number
        Positive.
    tolerance : float
        Allowed difference of the sides, positive, in the unit of the side.
    start : float
        First side, positive.

    Returns
    -------
    Run

    Raises
    ------
    ValueError
        If x, the tolerance, or the start is not positive.
    RuntimeError
        If the tolerance is below the rounding of y.

    Examples
    --------
    >>> run = heron(100.0, tolerance=10.0)
    >>> run.iterations, run.root
    (4, 10.840434673026925)
    """
    for name, value in (("x", x), ("tolerance", tolerance), ("start", start)):
        if not getattr(value, "real", value) > 0:
            raise ValueError(f"heron: expected a positive {name}, got {value}")
    side, sides = start, []
    while len(sides) < MOST:
        other = x / side
        gap = abs(side - other)
        sides.append(side)
        side = (side + other) / 2
        if gap < tolerance:
            return Run(x, sides, side)
    raise RuntimeError(
        f"heron: expected sides closer than {tolerance} within {MOST} iterations, got {gap}; "
        "take a tolerance above the rounding of the root"
    )


def replay(run: Run) -> Any:
    """Return the derivative of the run's root with respect to x, by walking back its record.

    Parameters
    ----------
    run : Run
        From :func:`heron`.

    Examples
    --------
    >>> replay(heron(100.0)), round(replay(heron(100.0, tolerance=10.0)), 11)
    (0.05, 0.06835572803)
    """
    s_x, s_side = 0.0, 1.0
    for side in reversed(run.sides):  # next side = (side + other) / 2, other = x / side
        s_other = s_side / 2
        s_x = s_x + s_other / side
        s_side = s_other - s_other * run.x / (side * side)
    return s_x


def implicit_derivative(run: Run) -> Any:
    """Return the derivative of the root from y² = x alone: 1 / 2y, without the record.

    From F(x, y) = y² − x = 0 follows dy/dx = − (∂F/∂x) / (∂F/∂y) = 1 / (2y).

    Examples
    --------
    >>> implicit_derivative(heron(100.0))
    0.05
    """
    return 1 / (2 * run.root)


def jump_between(low: float, high: float, *, tolerance: float) -> tuple[float, float]:
    """Return two neighboring floats between which the number of iterations changes.

    Parameters
    ----------
    low, high : float
        Two x with different numbers of iterations, found by halving.
    tolerance : float
        As for :func:`heron`.

    Raises
    ------
    ValueError
        If the numbers of iterations are equal.

    Examples
    --------
    >>> left, right = jump_between(100.0, 200.0, tolerance=10.0)
    >>> heron(left, tolerance=10.0).iterations, heron(right, tolerance=10.0).iterations
    (4, 5)
    """
    count = lambda x: heron(x, tolerance=tolerance).iterations
    at_low, at_high = count(low), count(high)
    if at_low == at_high:
        raise ValueError(
            f"jump_between: expected different numbers of iterations at {low} and {high}, got "
            f"{at_low} at both; take x further apart"
        )
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if count(middle) == at_low else (low, middle)
    return low, high
