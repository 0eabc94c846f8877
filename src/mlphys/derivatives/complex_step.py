"""Derivatives by an imaginary step: f′(x) = Im f(x + ih) / h + O(h²), without a subtraction.

For a function that is analytic and real on the real axis, f(x + ih) = f(x) + ih f′(x) − h² f″(x)/2
− …, so the imaginary part holds the derivative alone. Nothing is subtracted, nothing cancels, and h
may be so small that the error O(h²) is below any rounding: 1e-200 by default. Not much smaller:
products of h and a small slope must stay above 2.2e-308, where numbers lose digits.

The function must compute with complex numbers what it computes with real ones. ``abs``, ``vdot``,
``conj``, ``norm`` and ``.real`` do not. Where the result comes back real, :func:`complex_step`
refuses; where it comes back complex and wrong, only :func:`check_complex_step` can tell.

Chapter: *From finite differences to dual numbers*.

References
----------
W. Squire and G. Trapp, "Using complex variables to estimate derivatives of real functions", SIAM
Review 40 (1998) 110–112.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

__all__ = ["NotAnalyticError", "check_complex_step", "complex_step"]


class NotAnalyticError(ValueError):
    """A function answers an imaginary nudge otherwise than a real one."""


def complex_step(
    f: Callable[[Any], Any], x: Any, direction: Any = None, *, step: float = 1e-200
) -> Any:
    """Return the derivative of f at x by one imaginary step in each direction.

    Parameters
    ----------
    f : callable
        Takes a complex number or array of x's shape; returns a number or an array of any shape.
        Analytic near x and real for real arguments.
    x : array_like of real numbers
        Where to differentiate. A single number reaches f as a Python ``complex``, so that
        comparisons raise.
    direction : array_like, shape of x, optional
        Direction d of the derivative ∂f(x + t d)/∂t at t = 0. Without it all partial derivatives
        are computed, one call of f for each component of x. For f that acts on each component
        alone, ``np.ones_like(x)`` gives all derivatives in one call.
    step : float
        Length h of the step.

    Returns
    -------
    float or ndarray
        With a direction, or where x is a number: the shape of f's result. Else the partial
        derivatives, shape ``f.shape + x.shape``.

    Raises
    ------
    TypeError
        If x or the direction is complex, or f returns a real result.
    ValueError
        If the step is not positive and finite, or the direction has another shape than x.

    Examples
    --------
    >>> complex_step(lambda x: x**3, 2.0)
    12.0
    >>> complex_step(lambda x: x[0] * x[1] ** 2, [5.0, 3.0])
    array([ 9., 30.])
    >>> complex_step(np.sqrt, [1.0, 4.0], direction=[1.0, 1.0])
    array([0.5 , 0.25])
    """
    x = _real(x, "x")
    if not 0 < step < np.inf:
        raise ValueError(f"complex_step: expected a positive, finite step; got {step}")
    if direction is not None:
        return _along(f, x, _direction(direction, x), step)
    if x.ndim == 0:
        return _along(f, x, np.ones(()), step)
    columns = [np.asarray(_along(f, x, unit, step)) for unit in _units(x)]
    return np.stack(columns, axis=-1).reshape(columns[0].shape + x.shape)


def check_complex_step(
    f: Callable[[Any], Any],
    x: Any,
    direction: Any = None,
    *,
    step: float = 1e-5,
    rtol: float = 1e-6,
) -> float:
    """Raise unless f answers an imaginary nudge as it answers a real one.

    For an analytic function the central differences (f(x + hd) − f(x − hd)) / 2h along the real
    axis and (f(x + ihd) − f(x − ihd)) / 2ih along the imaginary one are both f′ + O(h²). Where f
    conjugates, takes a modulus or throws an imaginary part away they differ in the first digit.

    Parameters
    ----------
    f, x, direction
        As for :func:`complex_step`; without a direction every component of x is tried.
    step : float
        Length h relative to the largest component of x (at least 1).
    rtol : float
        Bound for the difference, relative to the larger of both derivatives.

    Returns
    -------
    float
        The largest relative difference that was found.

    Raises
    ------
    NotAnalyticError
        If the two differ by more than ``rtol``, allowing for rounding.
    TypeError, ValueError
        As :func:`complex_step`.

    Examples
    --------
    >>> check_complex_step(np.sin, 1.0) < 1e-9
    True
    >>> check_complex_step(lambda x: np.vdot(x, x), [1.0, 2.0])
    Traceback (most recent call last):
      ...
    mlphys.derivatives.complex_step.NotAnalyticError: check_complex_step: along direction #0 a real ...
    """
    x = _real(x, "x")
    if not 0 < step < np.inf:
        raise ValueError(f"check_complex_step: expected a positive, finite step; got {step}")
    directions = [_direction(direction, x)] if direction is not None else _units(x)
    h = step * max(1.0, float(np.max(np.abs(x), initial=0.0)))
    worst = 0.0
    for number, d in enumerate(directions):
        nudge = h * d
        right, left = (np.asarray(f(_number(x + s * nudge))) for s in (1, -1))
        up, down = (np.asarray(f(_number(x + s * 1j * nudge))) for s in (1, -1))
        real, imaginary = (right - left) / (2 * h), (up - down) / (2j * h)
        size = max(_largest(real), _largest(imaginary))
        difference = _largest(real - imaginary)
        if not difference <= rtol * size + 1e-9 * _largest(right):
            raise NotAnalyticError(
                f"check_complex_step: along direction #{number} a real nudge gives the derivative "
                f"{_first_wrong(real, imaginary)}. The function is not analytic as it is written: "
                "look for abs, conj, vdot, norm, .real or a comparison, or use central differences."
            )
        worst = max(worst, difference / size if size > 0 else 0.0)
    return worst


def _along(f: Callable[[Any], Any], x: np.ndarray, direction: np.ndarray, step: float) -> Any:
    """Return Im f(x + ih d) / h."""
    result = np.asarray(f(_number(x + 1j * step * direction)))
    if result.dtype.kind != "c":
        raise TypeError(
            f"complex_step: expected a complex result for a complex argument; got {result.dtype}. "
            "f drops the imaginary part, and the derivative with it: look for abs, norm, .real or "
            "a float() in it, or use central differences."
        )
    slope = np.imag(result) / step
    return float(slope) if result.ndim == 0 else slope


def _real(x: Any, name: str) -> np.ndarray:
    array = np.asarray(x)
    if array.dtype.kind not in "fiu":
        raise TypeError(
            f"complex_step: expected real numbers for {name}; got {array.dtype}. "
            "The imaginary part must be free for the step."
        )
    return array.astype(float)


def _direction(direction: Any, x: np.ndarray) -> np.ndarray:
    array = _real(direction, "direction")
    if array.shape != x.shape:
        raise ValueError(
            f"complex_step: expected a direction of x's shape {x.shape}; got {array.shape}"
        )
    return array


def _units(x: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the unit vectors of x's space, in the order of its flattened components."""
    for k in range(x.size):
        unit = np.zeros(x.size)
        unit[k] = 1.0
        yield unit.reshape(x.shape)


def _number(x: Any) -> Any:
    """Return a single value as a Python number, which refuses comparisons when complex."""
    return x.item() if np.ndim(x) == 0 else x


def _largest(values: Any) -> float:
    return float(np.max(np.abs(values), initial=0.0))


def _first_wrong(real: Any, imaginary: Any) -> str:
    """Return both derivatives of the component that differs most, as words."""
    worst = int(np.argmax(np.abs(real - imaginary)))
    values = np.broadcast_arrays(real, imaginary)
    one, other = (complex(v.reshape(-1)[worst]) for v in values)
    return f"{one.real:.6g}, an imaginary one {other.real:.6g}{other.imag:+.6g}i"
