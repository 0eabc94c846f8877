"""How fast a function of one number changes at zero, measured, with an estimate of the error.

By the complex step where the function computes with complex numbers, else by central differences
over falling steps, extrapolated to step zero and taken where they are most certain [1]_.

Chapter: ``book/derivatives/reverse_mode.md``.

References
----------
.. [1] C. J. F. Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", Advances in Engineering
   Software 4, 75 (1982).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from mlphys.derivatives.complex_step import complex_step
from mlphys.derivatives.differences import EPSILON, central_difference

__all__ = ["METHODS", "Rate", "rate_of_change", "real_number"]

METHODS = ("auto", "central", "complex_step")
# Steps of the central differences. With a ratio far from all simple fractions, values that are
# rounded to few digits do not give the same slope twice by accident.
LEVELS, SHRINK, FIRST = 12, 2.618034, 0.1


class Rate(NamedTuple):
    """A measured rate of change, an estimate of its error, and how it was measured."""

    value: float
    uncertainty: float
    method: str


def rate_of_change(
    f: Callable[[float], Any], *, method: str = "auto", complex_too: bool = True
) -> Rate:
    """Return f′(0) of a function of one number, measured.

    Parameters
    ----------
    f : callable
        Function of a float, and of a complex number for the complex step; its value is real for a
        real argument.
    method : {"auto", "central", "complex_step"}
        As for :func:`check_gradient`.
    complex_too : bool
        Whether ``"auto"`` may try the complex step.

    Returns
    -------
    Rate

    Raises
    ------
    ValueError
        If the method is unknown, or ``f`` is not one finite real number at any pair of steps.
    TypeError
        If the complex step was asked for, and ``f`` returns a real number for a complex one.

    Examples
    --------
    >>> rate_of_change(lambda t: np.exp(2 * t))  # doctest: +ELLIPSIS
    Rate(value=2.0, uncertainty=4.44...e-16, method='complex_step')
    >>> rate_of_change(lambda t: abs(1 + t)).method
    'central'
    """
    _check_method(method)
    if method == "complex_step":
        return _complex_step(f)
    central = _central(f)
    if method == "central" or not complex_too:
        return central
    try:
        exact = _complex_step(f)
    except (TypeError, ValueError, np.exceptions.ComplexWarning):
        return central
    # a function that drops the imaginary part on its way answers, and answers wrongly
    near = abs(exact.value - central.value) <= 10 * central.uncertainty + 1e-6 * abs(central.value)
    return exact if near else central


def real_number(value: Any) -> float:
    """Return a value as a float, or say that it is not one real number.

    Raises
    ------
    ValueError
        If it is an array with indices, or complex.

    Examples
    --------
    >>> real_number(np.float32(0.5))
    0.5
    """
    number = np.asarray(value)
    if number.shape != () or number.dtype.kind not in "fiub":
        raise ValueError(
            f"expected one real number as value of f, got {value!r}; "
            "for an array, check the gradient of a weighted sum of its entries"
        )
    return float(number)


def _complex_step(f: Callable[[Any], Any]) -> Rate:
    """Return the complex-step derivative, or raise where f does not compute with complex numbers."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", np.exceptions.ComplexWarning)
        value = float(complex_step(f, 0.0))
    return Rate(value, EPSILON * abs(value), "complex_step")


def _central(f: Callable[[float], Any]) -> Rate:
    """Return the central difference, extrapolated to step zero, where it is most certain."""
    best = Rate(np.nan, np.inf, "central")
    above: list[float] = []
    for level in range(LEVELS):
        h = FIRST / SHRINK**level
        with np.errstate(all="ignore"):  # a step may leave the domain; a smaller one will not
            values = {t: real_number(f(t)) for t in (h, -h)}
        row = [central_difference(values.__getitem__, 0.0, h)]
        if row[0] == 0 and above and above[0] != 0:
            break  # the step is below the resolution of f
        rounding = EPSILON * abs(values[h]) / h
        for order, older in enumerate(above):
            weight = SHRINK ** (2 * order + 2)
            row.append((weight * row[order] - older) / (weight - 1))
            doubt = max(abs(row[-1] - row[-2]), abs(row[-1] - older)) + rounding
            if doubt < best.uncertainty:
                best = Rate(float(row[-1]), float(doubt), "central")
        above = row
    if not np.isfinite(best.uncertainty):
        raise ValueError(
            "rate_of_change: expected finite values of f on both sides of 0, got none at steps "
            f"from {FIRST} down to {h:.0e}; choose a point inside the domain of f"
        )
    return best


def _check_method(method: str) -> None:
    if method not in METHODS:
        raise ValueError(f"method: expected one of {', '.join(METHODS)}; got {method!r}")
