"""A gradient is claimed, a change of the function is measured: do they agree?

Along a direction v the function changes at the rate ``Σ gradient · v``. The left side is measured,
by the complex step where the function allows and by central differences elsewhere; the right side
uses the gradient under test. A few random directions find a fault anywhere, for none of them is at
right angles to it. Where one is found, the components are searched for the worst.

For complex arguments a gradient is the descent direction ∂L/∂x + i ∂L/∂y, so that the rate along v
is ``Re Σ conj(gradient) · v``.

Chapter: ``book/derivatives/reverse_mode.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mlphys.derivatives.complex_step import complex_step
from mlphys.derivatives.differences import central_difference
from mlphys.derivatives.rate_of_change import METHODS, Rate, rate_of_change, real_number

__all__ = ["GradientReport", "assert_gradient", "check_gradient"]

TOLERANCE = {"central": 1e-7, "complex_step": 1e-12}
SCANNED = 1000  # components looked at one by one; in longer gradients the worst is bisected for
SCAN_STEP = 1e-5
TRIALS = 3  # random directions to compare two halves by


@dataclass(frozen=True)
class GradientReport:
    """What a check found.

    Attributes
    ----------
    ok : bool
        Whether the worst direction is within ``rtol``.
    method : str
        ``"complex_step"`` or ``"central"``.
    error : float
        The largest discrepancy of the directions, relative to the root sum of squares of their
        terms.
    uncertainty : float
        The largest error estimate of the measurements, on the same scale.
    rtol : float
        What was allowed.
    directions : int
        How many were tried.
    part : int or None
        Which argument the worst component belongs to; None where there is only one, or no fault.
    index : tuple of int or None
        Place of the worst component, or None where there is no fault.
    claimed, measured : complex, float or None
        That component of the gradient, as claimed and as measured.
    """

    ok: bool
    method: str
    error: float
    uncertainty: float
    rtol: float
    directions: int
    part: int | None = None
    index: tuple[int, ...] | None = None
    claimed: complex | float | None = None
    measured: complex | float | None = None

    def __str__(self) -> str:
        means = {"central": "central differences", "complex_step": "the complex step"}[self.method]
        how = f"{self.directions} directions by {means}"
        size = f"relative error {self.error:.1e} (allowed {self.rtol:.0e})"
        if self.ok:
            return f"gradient right: {how}, {size}"
        text = f"gradient WRONG: {how}, {size}"
        if self.uncertainty > self.rtol:
            text += f"; the measurement itself is uncertain to {self.uncertainty:.1e}"
        if self.index is None:
            return text
        place = f"{list(self.index)}" if self.index else "(the only one)"
        if self.part is not None:
            place += f" of argument {self.part}"
        return (
            f"{text}\n  worst component {place}: "
            f"claimed {self.claimed:.9g}, measured {self.measured:.9g}"
        )


def check_gradient(
    f: Callable[..., Any],
    gradient: Any,
    x: Any,
    *,
    rng: np.random.Generator,
    directions: int = 5,
    method: str = "auto",
    rtol: float | None = None,
) -> GradientReport:
    """Return whether a claimed gradient of ``f`` at ``x`` agrees with measured changes of ``f``.

    Parameters
    ----------
    f : callable
        Function with a real number as value.
    gradient : callable or array_like
        What is claimed: a function of the arguments of ``f``, or its value at ``x``.
    x : array_like or tuple of array_like
        The argument of ``f``, or all of them if it has several (``f(*x)``); the gradient then is a
        tuple, too. Real or complex.
    rng : numpy.random.Generator
        Draws the directions. Along each, every argument changes in proportion to its own size.
    directions : int
        How many.
    method : {"auto", "central", "complex_step"}
        ``"auto"`` takes the complex step if ``f`` computes with complex numbers, returns the same
        value, and agrees with central differences; else central differences.
    rtol : float, optional
        Allowed error relative to the root sum of squares of the terms ``gradient · direction``; by
        default 1e-12 for the complex step and 1e-7 for central differences.

    Returns
    -------
    GradientReport
        ``print`` it; or see :func:`assert_gradient`.

    Raises
    ------
    ValueError
        If the method is unknown or does not suit complex arguments, ``f`` is not a finite real
        number at ``x``, or the gradient's shape is not that of ``x``.

    Examples
    --------
    >>> f = lambda x: np.sum(x**3)
    >>> x, rng = np.array([1.0, 2.0, 3.0]), np.random.default_rng(0)
    >>> check_gradient(f, lambda x: 3 * x**2, x, rng=rng).ok
    True
    >>> report = check_gradient(f, lambda x: [3.0, 12.012, 27.0], x, rng=rng)
    >>> print(report)  # doctest: +ELLIPSIS
    gradient WRONG: ... worst component [1]: claimed 12.012, measured 12
    """
    problem = _Problem(f, gradient, x, method)
    if directions < 1:
        raise ValueError(f"check_gradient: expected at least one direction, got {directions}")
    errors, doubts = [], []
    for _ in range(directions):
        v = problem.draw(rng, problem.slots)
        rate = problem.measure(v)
        off, scale = problem.compare(v, rate.value)
        errors.append(abs(off) / scale)
        doubts.append(rate.uncertainty / scale)
    error = float(np.max(errors))  # NaN if one is
    allowed = TOLERANCE[problem.method] if rtol is None else rtol
    ok = error <= allowed
    report = GradientReport(ok, problem.method, error, float(np.max(doubts)), allowed, directions)
    return report if ok else problem.blame(report, rng)


def assert_gradient(
    f: Callable[..., Any], gradient: Any, x: Any, *, rng: np.random.Generator, **options: Any
) -> GradientReport:
    """Return the report of :func:`check_gradient`, which takes the same arguments, if all is well.

    Raises
    ------
    AssertionError
        If the gradient is wrong; the message is the report.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> assert_gradient(np.sum, np.ones(3), np.zeros(3), rng=rng).method
    'complex_step'
    """
    report = check_gradient(f, gradient, x, rng=rng, **options)
    if not report.ok:
        raise AssertionError(str(report))
    return report


class _Problem:
    """One function with the claimed gradient at one point.

    Directions are flat: the numbers of all arguments one after the other. ``slots`` names the
    directions that change one number only: its place, and 1 or i.
    """

    def __init__(self, f: Callable[..., Any], gradient: Any, x: Any, method: str) -> None:
        if method not in METHODS:
            raise ValueError(f"method: expected one of {', '.join(METHODS)}; got {method!r}")
        self.f, self.method, self.several = f, method, isinstance(x, tuple)
        self.x = [_inexact(part) for part in (x if isinstance(x, tuple) else (x,))]
        self.real = not any(np.iscomplexobj(part) for part in self.x)
        if method == "complex_step" and not self.real:
            raise ValueError(
                'check_gradient: expected real arguments for method="complex_step", got complex '
                'ones; use method="central"'
            )
        value = real_number(f(*self.x))
        if not np.isfinite(value):
            raise ValueError(f"check_gradient: expected a finite value of f at x, got {value}")
        given: Any = gradient(*self.x) if callable(gradient) else gradient
        claimed = [_inexact(part) for part in (given if self.several else (given,))]
        if [part.shape for part in claimed] != [part.shape for part in self.x]:
            raise ValueError(
                f"check_gradient: expected a gradient of shape {_shapes(self.x)}, as x has, "
                f"got {_shapes(claimed)}"
            )
        self.claimed = np.concatenate([part.ravel() for part in claimed])
        self.size = np.concatenate([np.full(part.size, _typical(part)) for part in self.x])
        self.part = np.repeat(np.arange(len(self.x)), [part.size for part in self.x])
        complex_part = np.array([np.iscomplexobj(part) for part in self.x], bool)
        ones = [(k, 1.0) for k in range(len(self.part))]
        self.slots = ones + [(k, 1j) for k, _ in ones if complex_part[self.part[k]]]

    def draw(self, rng: np.random.Generator, slots: list[tuple[int, complex]]) -> np.ndarray:
        """Return a random direction within some slots, in proportion to the arguments' sizes."""
        v = np.zeros(len(self.size), float if self.real else complex)
        places = np.array([k for k, _ in slots], int)
        factors = np.array([one for _, one in slots], v.dtype)
        np.add.at(v, places, factors * rng.normal(size=len(slots)))
        return self.size * v

    def value(self, t: Any, v: np.ndarray) -> Any:
        """Return f at x + t v."""
        arguments, start = [], 0
        for part in self.x:
            change = v[start : start + part.size].reshape(part.shape)
            arguments.append(part + t * (change if np.iscomplexobj(part) else np.real(change)))
            start += part.size
        return self.f(*arguments)

    def measure(self, v: np.ndarray) -> Rate:
        """Return the measured rate along v; the first call settles the method."""
        along = lambda t: self.value(t, v)
        rate = rate_of_change(along, method=self.method, complex_too=self.real)
        self.method = rate.method
        return rate

    def quick(self, v: np.ndarray) -> float:
        """Return the rate along v from two values at most, for a search among many."""
        along = lambda t: self.value(t, v)
        if self.method == "complex_step":
            return complex_step(along, 0.0)
        return central_difference(lambda t: real_number(along(t)), 0.0, SCAN_STEP)

    def compare(self, v: np.ndarray, rate: float) -> tuple[float, float]:
        """Return claimed minus measured rate, and the size that an error is relative to."""
        terms = np.real(self.claimed.conj() * v)
        scale = max(float(np.linalg.norm(terms)), abs(rate))
        return float(terms.sum() - rate), scale or 1.0

    def blame(self, report: GradientReport, rng: np.random.Generator) -> GradientReport:
        """Return the report with the worst component added."""
        k = self.scan() if len(self.slots) <= SCANNED else self.bisect(rng)
        measured: complex | float = 0.0
        for slot in (slot for slot in self.slots if slot[0] == k):
            v = self.unit(*slot)
            measured += slot[1] * self.measure(v).value / float(self.size[k])
        p = int(self.part[k])
        place = k - int(np.searchsorted(self.part, p))
        index = tuple(int(i) for i in np.unravel_index(place, self.x[p].shape))
        claimed = self.claimed[k].item()
        if not np.iscomplexobj(self.x[p]):
            claimed = claimed.real
        part = p if self.several else None
        return replace(report, part=part, index=index, claimed=claimed, measured=measured)

    def scan(self) -> int:
        """Return the component with the largest error, relative to the typical one of its part."""
        found = np.zeros_like(self.claimed)
        for k, one in self.slots:
            found[k] += one * self.quick(self.unit(k, one)) / self.size[k]
        errors = np.abs(self.claimed - found)
        for p in range(len(self.x)):
            errors[self.part == p] /= _typical(found[self.part == p])
        return int(np.argmax(np.nan_to_num(errors, nan=np.inf)))

    def bisect(self, rng: np.random.Generator) -> int:
        """Return a wrong component by halving: the half with the larger error has it."""
        slots = self.slots
        while len(slots) > 1:
            middle = len(slots) // 2
            first, second = slots[:middle], slots[middle:]
            more = self.disagreement(first, rng) >= self.disagreement(second, rng)
            slots = first if more else second
        return slots[0][0]

    def disagreement(self, slots: list[tuple[int, complex]], rng: np.random.Generator) -> float:
        """Return the mean squared error along random directions within some slots."""
        directions = [self.draw(rng, slots) for _ in range(TRIALS)]
        errors = [self.compare(v, self.quick(v))[0] for v in directions]
        return float(np.nan_to_num(np.mean(np.square(errors)), nan=np.inf))

    def unit(self, k: int, one: complex) -> np.ndarray:
        """Return the direction that changes one number only, by its typical size."""
        v = np.zeros(len(self.size), float if self.real else complex)
        v[k] = one * self.size[k]
        return v


def _typical(part: np.ndarray) -> float:
    """Return the root mean square, or 1 where all is zero or there is nothing."""
    return float(np.sqrt(np.mean(np.abs(part) ** 2))) or 1.0 if part.size else 1.0


def _inexact(value: Any) -> np.ndarray:
    """Return an array of float64 or complex128."""
    array = np.asarray(value)
    return array.astype(complex if np.iscomplexobj(array) else float)


def _shapes(parts: list[np.ndarray]) -> str:
    return ", ".join(str(part.shape) for part in parts)
