"""Intervals: numbers known between two bounds, with one invariant that every operation keeps.

The invariant is ``low <= high``. The law is containment: if x lies in a and y in b, then x + y
lies in a + b and x y in a b. It holds exactly for integers and fractions; for floats use
``outward``, which moves each bound to the next float, because an operation rounds by at most half
of that step.

Chapter: ``book/language/craft.md``. Reference: Moore (1966), Interval Analysis, Prentice-Hall.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import inf, nextafter

__all__ = ["Interval"]

Number = int | float | Fraction


@dataclass(frozen=True)
class Interval:
    """All numbers from ``low`` to ``high``, both included.

    Parameters
    ----------
    low, high : int, float or Fraction
        Bounds with ``low <= high``.

    Raises
    ------
    ValueError
        If ``low`` is above ``high``, or one of them is not a number (NaN).

    Examples
    --------
    >>> Interval(-1, 2) * Interval(3, 4)
    Interval(low=-4, high=8)
    >>> 5 in Interval(1, 2) + Interval(3, 4)
    True
    """

    low: Number
    high: Number

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(
                f"Interval: expected low <= high; got {self.low!r} and {self.high!r}:"
                " give the smaller bound first"
            )

    def __contains__(self, number: Number) -> bool:
        return self.low <= number <= self.high

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __mul__(self, other: Interval) -> Interval:
        corners = [x * y for x in (self.low, self.high) for y in (other.low, other.high)]
        return Interval(min(corners), max(corners))

    def outward(self) -> Interval:
        """Return the interval with each bound moved to the next float outside.

        Examples
        --------
        >>> Interval(1.0, 1.0).outward()
        Interval(low=0.9999999999999999, high=1.0000000000000002)
        """
        return Interval(nextafter(self.low, -inf), nextafter(self.high, inf))
