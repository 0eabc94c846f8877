"""The built-in functions of the tiny Lisp: arithmetic, comparison and lists.

Integers and ratios are exact, decimals are binary64. ``t`` is true, ``nil`` is false and is also
the empty list; everything except ``nil`` counts as true. The names and their meaning are those of
Common Lisp.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from typing import Any

from mlphys.language.lisp_trees import (
    Cons,
    LispError,
    Symbol,
    elements,
    make_list,
    show,
    simplify,
)

__all__ = ["PRIMITIVES", "TRUE", "Primitive"]

TRUE = Symbol("t")


@dataclass(frozen=True, slots=True, repr=False)
class Primitive:
    """A built-in function of the Lisp, with the numbers of arguments that it accepts.

    Examples
    --------
    >>> PRIMITIVES["+"]([1, 2, 3])
    6
    """

    name: str
    function: Callable[..., Any]
    least: int
    most: float

    def __call__(self, arguments: list[Any]) -> Any:
        if not self.least <= len(arguments) <= self.most:
            raise LispError(
                f"expected {self._count()} for {self.name}; got {len(arguments)}; correct the call"
            )
        return self.function(*arguments)

    def __repr__(self) -> str:
        return f"#<primitive {self.name}>"

    def _count(self) -> str:
        if self.least == self.most:
            return f"{self.least} argument{'s' if self.least != 1 else ''}"
        return f"at least {self.least} argument{'s' if self.least != 1 else ''}"


def truth(condition: bool) -> Symbol | None:
    """Return ``t`` or ``nil``.

    Examples
    --------
    >>> truth(True).name, truth(False)
    ('t', None)
    """
    return TRUE if condition else None


def _check_numbers(name: str, values: tuple[Any, ...]) -> None:
    for count, value in enumerate(values, 1):
        if not isinstance(value, int | float | Fraction):
            raise LispError(
                f"expected numbers for {name}; got {show(value)} as argument {count}; "
                "correct the call"
            )


def _arithmetic(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of numbers that checks what comes in and what goes out."""

    def calculate(*values: Any) -> Any:
        _check_numbers(name, values)
        try:
            result = function(*values)
        except ZeroDivisionError:
            shown = " ".join(show(value) for value in (name_symbol, *values))
            raise LispError(
                f"expected a divisor other than 0; got ({shown}); test for 0 before"
            ) from None
        except OverflowError:
            result = math.inf
        if isinstance(result, float) and not math.isfinite(result):
            raise LispError(
                f"expected a result of {name} below 1.8e308; got a larger one; use exact numbers"
            )
        return simplify(result)

    name_symbol = Symbol(name)
    return calculate


def _divide(first: Any, *others: Any) -> Any:
    """Divide exactly where both numbers are exact."""
    if not others:
        first, others = 1, (first,)
    for other in others:
        exact = isinstance(first, int | Fraction) and isinstance(other, int | Fraction)
        first = Fraction(first) / Fraction(other) if exact else first / other
    return first


def _subtract(first: Any, *others: Any) -> Any:
    return first - sum(others) if others else -first


def _comparison(name: str, holds: Callable[[Any, Any], bool]) -> Callable[..., Any]:
    """Return a test that every neighboring pair must pass."""

    def compare(*values: Any) -> Symbol | None:
        _check_numbers(name, values)
        return truth(all(holds(a, b) for a, b in pairwise(values)))

    return compare


def _part(name: str) -> Callable[[Any], Any]:
    """Return the function that takes ``car`` or ``cdr`` of a pair; of nil both are nil."""

    def take(pair: Any) -> Any:
        if pair is None:
            return None
        if not isinstance(pair, Cons):
            raise LispError(f"expected a list for {name}; got {show(pair)}; correct the call")
        return getattr(pair, name)

    return take


def _equal(a: Any, b: Any) -> Symbol | None:
    """Return whether two values print alike: 1 and 1.0 do not."""
    return truth(a is b or (type(a) is type(b) and a == b))


def _append(*lists: Any) -> Any:
    if not lists:
        return None
    *before, last = lists
    for items in reversed(before):
        last = make_list(elements(items), tail=last)
    return last


MANY = math.inf
PRIMITIVES: dict[str, Primitive] = {
    name: Primitive(name, function, least, most)
    for name, function, least, most in [
        ("+", _arithmetic("+", lambda *xs: sum(xs)), 0, MANY),
        ("*", _arithmetic("*", lambda *xs: reduce(operator.mul, xs, 1)), 0, MANY),
        ("-", _arithmetic("-", _subtract), 1, MANY),
        ("/", _arithmetic("/", _divide), 1, MANY),
        ("mod", _arithmetic("mod", operator.mod), 2, 2),
        ("=", _comparison("=", operator.eq), 1, MANY),
        ("<", _comparison("<", operator.lt), 1, MANY),
        (">", _comparison(">", operator.gt), 1, MANY),
        ("<=", _comparison("<=", operator.le), 1, MANY),
        (">=", _comparison(">=", operator.ge), 1, MANY),
        ("car", _part("car"), 1, 1),
        ("cdr", _part("cdr"), 1, 1),
        ("cons", Cons, 2, 2),
        ("list", lambda *items: make_list(list(items)), 0, MANY),
        ("append", _append, 0, MANY),
        ("reverse", lambda items: make_list(elements(items)[::-1]), 1, 1),
        ("length", lambda items: len(elements(items)), 1, 1),
        ("equal", _equal, 2, 2),
        ("null", lambda value: truth(value is None), 1, 1),
        ("not", lambda value: truth(value is None), 1, 1),
        ("atom", lambda value: truth(not isinstance(value, Cons)), 1, 1),
        ("consp", lambda value: truth(isinstance(value, Cons)), 1, 1),
    ]
}
