"""Derivatives by differences of values, and how wrong they are.

A difference has two errors. *Truncation*: the function bends over the step h; this error shrinks
with h. *Rounding*: each value of f is known to a share eps of itself, and the difference is divided
by h; this error grows as h shrinks. With eps = 2.2e-16,

    forward   (f(x + h) − f(x)) / h         error ≲ h |f″| / 2 + 2 eps |f| / h
    central   (f(x + h) − f(x − h)) / 2h    error ≲ h² |f‴| / 6 + eps |f| / h

From simple to general: differences of functions of one variable, their error model, extrapolation,
and :func:`tensor_gradient` for functions of arrays, real or complex.

Chapter: *From finite differences to dual numbers*.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from mlphys.derivatives.complex_step import NotAnalyticError

__all__ = [
    "EPSILON",
    "best_central_step",
    "best_forward_step",
    "central_difference",
    "central_error",
    "forward_difference",
    "forward_error",
    "log_slope",
    "measured_best_step",
    "richardson",
    "tensor_gradient",
]

EPSILON = float(np.finfo(float).eps)  # distance from 1 to the next number


def forward_difference(f: Callable[[Any], Any], x: Any, step: Any) -> Any:
    """Return (f(x + h) − f(x)) / h.

    Parameters
    ----------
    f : callable
        Function of one variable; acts on each component of an array where x or step is one.
    x : number or ndarray
        Where to differentiate.
    step : float or ndarray
        Length h of the step.

    Returns
    -------
    number or ndarray

    Raises
    ------
    ValueError
        If a step is zero or not finite.

    Examples
    --------
    >>> print(f"{forward_difference(lambda x: x**3, 1.0, 0.01):.4f}")
    3.0301
    """
    _check_steps(step)
    return (f(x + step) - f(x)) / step


def central_difference(f: Callable[[Any], Any], x: Any, step: Any) -> Any:
    """Return (f(x + h) − f(x − h)) / 2h.

    Parameters, errors and result as for :func:`forward_difference`.

    Examples
    --------
    >>> print(f"{central_difference(lambda x: x**3, 1.0, 0.01):.4f}")
    3.0001
    """
    _check_steps(step)
    return (f(x + step) - f(x - step)) / (2 * step)


def forward_error(step: Any, *, value: float, second: float) -> Any:
    """Return the model h |f″| / 2 + 2 eps |f| / h for the error of a forward difference.

    Parameters
    ----------
    step : float or ndarray
        Steps h > 0.
    value, second : float
        f(x) and f″(x).

    Examples
    --------
    >>> print(f"{forward_error(1e-8, value=8.0, second=12.0):.1e}")
    4.2e-07
    """
    return step * abs(second) / 2 + 2 * EPSILON * abs(value) / step


def central_error(step: Any, *, value: float, third: float) -> Any:
    """Return the model h² |f‴| / 6 + eps |f| / h for the error of a central difference.

    Parameters
    ----------
    step : float or ndarray
        Steps h > 0.
    value, third : float
        f(x) and f‴(x).

    Examples
    --------
    >>> print(f"{central_error(1e-5, value=8.0, third=6.0):.1e}")
    2.8e-10
    """
    return step**2 * abs(third) / 6 + EPSILON * abs(value) / step


def best_forward_step(*, value: float, second: float) -> float:
    """Return the step 2 √(eps |f / f″|) at which :func:`forward_error` is least.

    Raises
    ------
    ValueError
        If ``value`` or ``second`` is zero or not finite: then the model has no least error, and
        the step is yours to choose.

    Examples
    --------
    >>> print(f"{best_forward_step(value=1.0, second=6.0):.1e}")  # x³ at 1
    1.2e-08
    """
    return 2 * np.sqrt(EPSILON * _ratio(value, second)).item()


def best_central_step(*, value: float, third: float) -> float:
    """Return the step (3 eps |f / f‴|)^(1/3) at which :func:`central_error` is least.

    Raises
    ------
    ValueError
        As :func:`best_forward_step`.

    Examples
    --------
    >>> print(f"{best_central_step(value=1.0, third=6.0):.1e}")  # x³ at 1
    4.8e-06
    """
    return np.cbrt(3 * EPSILON * _ratio(value, third)).item()


def log_slope(steps: Any, errors: Any, *, per_decade: int = 4) -> float:
    """Return the slope of log(error) against log(step), robust against lucky zeros.

    Rounding errors scatter, and now and then one vanishes. So errors are first averaged, as root
    of the mean square, in bins of 1/per_decade of a decade; a line is fitted to the bins.

    Parameters
    ----------
    steps, errors : array_like, shape (n,)
        Positive steps, at least two bins wide, and the sizes of the errors found with them.
    per_decade : int
        Number of bins in a decade.

    Raises
    ------
    ValueError
        If fewer than two bins hold an error above zero.

    Examples
    --------
    >>> h = np.geomspace(1e-6, 1e-2, 50)
    >>> round(log_slope(h, 3 * h**2), 1)
    2.0
    """
    log_h = np.log10(np.asarray(steps, dtype=float))
    squares = np.asarray(errors, dtype=float) ** 2
    bins = np.floor(log_h * per_decade).astype(int)
    rows = [
        (log_h[bins == b].mean(), 0.5 * np.log10(squares[bins == b].mean()))
        for b in np.unique(bins)
        if squares[bins == b].any()
    ]
    if len(rows) < 2:
        raise ValueError(
            f"log_slope: expected errors above zero in two bins of 1/{per_decade} decade or more; "
            f"got {len(rows)}. Take steps over more decades."
        )
    centers, logarithms = np.array(rows).T
    return float(np.polyfit(centers, logarithms, 1)[0])


def measured_best_step(
    rule: Callable[..., Any],
    f: Callable[[Any], Any],
    slope: Callable[[Any], Any],
    x: float,
    *,
    near: float,
    rng: np.random.Generator,
) -> tuple[float, float]:
    """Return the step at which a difference is best around x, and its relative error there.

    A single point may be lucky: the central difference of x³ at 1 with h = 2⁻²⁶ is exact. So each
    step is judged by the root of the mean square error at 400 places within 0.1 % of x.

    Parameters
    ----------
    rule : callable
        :func:`forward_difference` or :func:`central_difference`.
    f, slope : callable
        The function and its derivative, for arrays.
    x : float
        Where, not zero.
    near : float
        Middle of the 41 steps that are tried, over two decades to each side.
    rng : numpy.random.Generator
        Draws the places.

    Returns
    -------
    step : float
    error : float
        Relative to the slope at x.

    Examples
    --------
    >>> square, twice = lambda x: x**2, lambda x: 2 * x
    >>> rng = np.random.default_rng(0)
    >>> step, error = measured_best_step(
    ...     forward_difference, square, twice, 1.0, near=1e-8, rng=rng
    ... )
    >>> 1e-9 < step < 1e-7, error < 1e-7
    (True, True)
    """
    places = x * (1 + 1e-3 * rng.uniform(-1, 1, 400))
    steps = near * np.geomspace(1e-2, 1e2, 41)
    misses = [rule(f, places, step) - slope(places) for step in steps]
    errors = np.sqrt(np.mean(np.square(misses), axis=1)) / abs(slope(x))
    best = int(np.argmin(errors))
    return float(steps[best]), float(errors[best])


def richardson(f: Callable[[Any], Any], x: float, *, step: float = 0.1, levels: int = 6) -> float:
    """Return f′(x) extrapolated from central differences with steps h, h/2, h/4, ….

    The error of a central difference is a series in h², so that (4 D(h/2) − D(h)) / 3 has none of
    its first term; repeating this removes one term with each level.

    Parameters
    ----------
    f : callable
        Smooth function of one variable.
    x : float
        Where to differentiate.
    step : float
        First and largest step; f must be smooth within it.
    levels : int
        Number of steps, at least 1.

    Raises
    ------
    ValueError
        If ``levels`` is below 1, or the step is zero or not finite.

    Examples
    --------
    >>> print(f"{richardson(np.sin, 1.0):.12f} {np.cos(1.0):.12f}")
    0.540302305868 0.540302305868
    """
    if levels < 1:
        raise ValueError(f"richardson: expected levels >= 1; got {levels}")
    row = [central_difference(f, x, step / 2**k) for k in range(levels)]
    for order in range(1, levels):
        gain = 4.0**order
        row = [(gain * fine - coarse) / (gain - 1) for coarse, fine in pairwise(row)]
    return float(row[0])


def tensor_gradient(f: Callable[[Any], Any], x: Any, *, step: float | None = None) -> np.ndarray:
    """Return all partial derivatives of an array-valued function of an array, by differences.

    Parameters
    ----------
    f : callable
        Takes an array of x's shape, returns an array of any shape; real or complex.
    x : array_like, real or complex
        Where to differentiate. For complex x, f must be holomorphic: a derivative with respect to
        a complex number exists only if a nudge along i changes f by i times as much as one along 1.
    step : float, optional
        Length h of the step in every component; by default eps^(1/3) times the larger of 1 and the
        component's modulus.

    Returns
    -------
    ndarray, shape ``f.shape + x.shape``
        Entry ``[m..., n...]`` is ∂f[m...] / ∂x[n...]; complex where x or f is.

    Raises
    ------
    NotAnalyticError
        If x is complex and f is not holomorphic there: differentiate it as a function of the real
        and imaginary parts.
    ValueError
        If the step is zero or not finite.

    Examples
    --------
    >>> slopes = tensor_gradient(lambda a: a @ a, np.eye(2))
    >>> slopes.shape, slopes[0, 1, 0, 1].round(9).item()
    ((2, 2, 2, 2), 2.0)
    >>> tensor_gradient(lambda z: z * z, 1j * np.ones(1)).round(9)
    array([[0.+2.j]])
    """
    x = np.asarray(x)
    x = x.astype(complex if x.dtype.kind == "c" else float)
    if step is not None:
        _check_steps(step)
    columns = []
    for k in range(x.size):
        h = step if step is not None else np.cbrt(EPSILON) * max(1.0, abs(x.reshape(-1)[k]))
        slope = _partial(f, x, k, h)
        if x.dtype.kind == "c":
            _check_holomorphic(slope, _partial(f, x, k, 1j * h), k)
        columns.append(np.asarray(slope))
    if not columns:
        return np.zeros(np.shape(f(x)) + x.shape, dtype=x.dtype)
    return np.stack(columns, axis=-1).reshape(columns[0].shape + x.shape)


def _partial(f: Callable[[Any], Any], x: np.ndarray, k: int, nudge: complex) -> Any:
    """Return the central difference of f for component k of the flattened x."""
    right, left = x.copy(), x.copy()  # two, for f may return a view of its argument
    right.reshape(-1)[k] += nudge
    left.reshape(-1)[k] -= nudge
    return (np.asarray(f(right)) - np.asarray(f(left))) / (2 * nudge)


def _check_holomorphic(along_one: Any, along_i: Any, k: int) -> None:
    difference = np.max(np.abs(along_one - along_i), initial=0.0)
    size = max(1.0, np.max(np.abs(along_one), initial=0.0))
    if difference > 1e-3 * size:
        raise NotAnalyticError(
            f"tensor_gradient: expected a holomorphic function of complex x; got derivatives that "
            f"differ by {difference:.2g} along 1 and along i in component #{k}. "
            "Differentiate with respect to real and imaginary part instead."
        )


def _check_steps(step: Any) -> None:
    steps = np.asarray(step)
    if not (np.isfinite(steps).all() and (steps != 0).all()):
        raise ValueError(f"expected finite steps other than zero; got {step}")


def _ratio(value: float, derivative: float) -> float:
    if not (np.isfinite([value, derivative]).all() and value != 0 and derivative != 0):
        raise ValueError(
            "best step: expected a value and a derivative of f that are finite and not zero; "
            f"got {value} and {derivative}. The error model has no minimum there: choose a step."
        )
    return abs(value / derivative)
