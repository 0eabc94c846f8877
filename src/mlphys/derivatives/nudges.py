"""Nudge one quantity right after its definition, and see by how much the result changes.

A function that hands each intermediate quantity to ``keep(name, value)`` and goes on with what it
gets back can be asked for the sensitivity of any of them, without a derivative. Compared with
accumulators computed by hand, this finds the wrong line.

Chapter: ``book/derivatives/reverse_mode.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from mlphys.derivatives.rate_of_change import rate_of_change

__all__ = ["Finding", "find_wrong_line", "kept_values", "nudged_sensitivities", "unchanged"]


class Finding(NamedTuple):
    """A quantity whose accumulator is wrong: its name, the claimed and the measured sensitivity."""

    name: str
    claimed: float
    measured: float


def unchanged(name: str, value: Any) -> Any:
    """Return the value: the ``keep`` of a function that is only to be computed.

    Examples
    --------
    >>> unchanged("ab", 10)
    10
    """
    del name  # the others need it
    return value


def kept_values(f: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
    """Return the quantities that f keeps, by name, in the order of their definition.

    Parameters
    ----------
    f : callable
        Takes the arguments and ``keep``.
    *arguments

    Raises
    ------
    ValueError
        If f uses a name twice; then a nudge would hit two quantities.

    Examples
    --------
    >>> def f(x, keep=unchanged):
    ...     square = keep("square", x * x)
    ...     return keep("result", square + x)
    >>> kept_values(f, 3.0)
    {'square': 9.0, 'result': 12.0}
    """
    values: dict[str, Any] = {}

    def keep(name: str, value: Any) -> Any:
        if name in values:
            raise ValueError(
                f"keep: expected a new name for each quantity, got {name!r} again; "
                "in a loop, number the names"
            )
        values[name] = value
        return value

    f(*arguments, keep=keep)
    return values


def nudged_sensitivities(f: Callable[..., Any], *arguments: Any) -> dict[str, float]:
    """Return the measured sensitivity of the result of f to each quantity that f keeps.

    Parameters
    ----------
    f : callable
        Takes the arguments and ``keep``; returns a number, and keeps numbers.
    *arguments

    Returns
    -------
    dict
        From names to rates of change, in the order of definition.

    Examples
    --------
    >>> def f(x, keep=unchanged):
    ...     square = keep("square", x * x)
    ...     return keep("result", square * x)
    >>> nudged_sensitivities(f, 2.0)
    {'square': 2.0, 'result': 1.0}
    """

    def result(name: str, size: float, t: Any) -> Any:
        nudge = lambda each, value: value + t * size if each == name else value
        return f(*arguments, keep=nudge)

    measured = {}
    for name, value in kept_values(f, *arguments).items():
        size = float(np.abs(value)) or 1.0
        measured[name] = rate_of_change(partial(result, name, size)).value / size
    return measured


def find_wrong_line(
    f: Callable[..., Any], claimed: Mapping[str, Any], *arguments: Any, rtol: float = 1e-6
) -> Finding | None:
    """Return the last-defined quantity whose claimed sensitivity is wrong, or None.

    The walk back computes an accumulator from those of later quantities. So the first wrong one that
    it meets was made wrong by the lines that add to it; all others may have inherited the fault.

    Parameters
    ----------
    f : callable
        As for :func:`nudged_sensitivities`.
    claimed : mapping
        From names to sensitivities; names that f does not keep are not looked at.
    *arguments
        Of f.
    rtol : float
        Allowed relative difference.

    Raises
    ------
    ValueError
        If no sensitivity is claimed for a quantity that f keeps.

    Examples
    --------
    >>> def f(x, keep=unchanged):
    ...     square = keep("square", x * x)
    ...     return keep("result", square * x)
    >>> find_wrong_line(f, {"result": 1.0, "square": 4.0}, 2.0)
    Finding(name='square', claimed=4.0, measured=2.0)
    """
    measured = nudged_sensitivities(f, *arguments)
    missing = [name for name in measured if name not in claimed]
    if missing:
        raise ValueError(
            f"find_wrong_line: expected a sensitivity for each quantity that f keeps, got none for "
            f"{', '.join(missing)}"
        )
    for name, rate in reversed(measured.items()):
        if not abs(claimed[name] - rate) <= rtol * abs(rate):
            return Finding(name, claimed[name], rate)
    return None
