"""Two walks over the tree of a term: one computes its value, one writes it as text again.

Both are tree transformations: the leaves are replaced first, then every node by what its rule
makes of its children. They use lark's transformer without recursion, so that a sum of 100,000
terms has a value.

Chapter: ``book/language/grammars.md``. Grammar: :mod:`mlphys.language.grammars`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from numbers import Rational
from typing import Any

from lark import Token, Tree, v_args
from lark.exceptions import VisitError
from lark.visitors import Transformer_NonRecursive

from mlphys.language.grammars import TermError, parse

__all__ = ["CONSTANTS", "FUNCTIONS", "MAX_BITS", "evaluate", "python_number", "to_text"]

MAX_BITS = 100_000  # an exact power longer than this is refused: 9**9**9 has 10⁹ bits

CONSTANTS: dict[str, Any] = {"e": math.e, "pi": math.pi}
FUNCTIONS: dict[str, Callable] = {
    "abs": abs,
    "cos": math.cos,
    "exp": math.exp,
    "log": math.log,
    "sin": math.sin,
    "sqrt": math.sqrt,
    "tan": math.tan,
}


def python_number(text: str) -> int | float:
    """Return the number that Python makes of a literal: int without a point or exponent.

    Examples
    --------
    >>> python_number("7"), python_number("7."), python_number("1e3")
    (7, 7.0, 1000.0)
    """
    return int(text) if text.isdigit() else float(text)


def evaluate(
    text: str,
    *,
    names: Mapping[str, Any] | None = None,
    functions: Mapping[str, Callable] | None = None,
    number: Callable[[str], Any] = python_number,
) -> Any:
    """Return the value of a term.

    Parameters
    ----------
    text : str
        A term of the grammar :data:`mlphys.language.grammars.TERMS`.
    names : mapping, optional
        Values of names; without it, ``pi`` and ``e``.
    functions : mapping, optional
        Callables for calls; without it, :data:`FUNCTIONS`.
    number : callable, default :func:`python_number`
        Makes a value of the text of a number. ``fractions.Fraction`` makes sums, products,
        quotients and whole powers exact.

    Returns
    -------
    object
        What Python's operators return for these values.

    Raises
    ------
    TermError
        If the text is no term, a name or function is unknown, or an operation fails (division by
        zero, a function outside its domain, an exact power of more than ``MAX_BITS`` bits), with
        the place in the text.

    Examples
    --------
    >>> evaluate("sin(pi/2)**2")
    1.0
    >>> from fractions import Fraction
    >>> evaluate("1/3 + 0.1", number=Fraction)
    Fraction(13, 30)
    >>> evaluate("2*x", names={"y": 1})
    Traceback (most recent call last):
    mlphys.language.grammars.TermError: line 1, column 3: expected one of the names y, got 'x'
        2*x
          ^
    """
    values = CONSTANTS if names is None else names
    calls = FUNCTIONS if functions is None else functions
    try:
        return _Evaluator(text, values, calls, number).transform(parse(text))
    except VisitError as error:  # lark wraps what a rule raises
        raise error.orig_exc from error.orig_exc.__cause__


def to_text(tree: Tree) -> str:
    """Return a term whose tree is the given one, with no more parentheses than needed.

    Parameters
    ----------
    tree : lark.Tree
        As returned by :func:`mlphys.language.grammars.parse`.

    Examples
    --------
    >>> to_text(parse("((2*3)) - (4-(-x))**2"))
    '2 * 3 - (4 - -x)**2'
    """
    return _Printer().transform(tree)[0]


class _Evaluator(Transformer_NonRecursive):
    """Replaces each node by its value; keeps the text, to show it in errors."""

    def __init__(self, text, names, functions, number):
        super().__init__()
        self.text, self.names, self.functions, self.make = text, names, functions, number

    def _fail(self, meta, message: str) -> TermError:
        return TermError(message, text=self.text, line=meta.line, column=meta.column)

    def _apply(self, meta, what: str, function: Callable, values: list) -> Any:
        try:
            return function(*values)
        except (ArithmeticError, TypeError, ValueError) as error:
            raise self._fail(meta, f"{what} failed: {error}") from error

    def _look_up(self, token: Token, table: Mapping[str, Any], kind: str) -> Any:
        if token not in table:
            known = f"one of the {kind}s {', '.join(sorted(table))}" if table else f"no {kind}"
            raise self._fail(token, f"expected {known}, got {str(token)!r}")
        return table[str(token)]

    @v_args(meta=True)
    def number(self, meta, children):
        return self._apply(meta, "reading this number", self.make, [str(children[0])])

    def name(self, children):
        return self._look_up(children[0], self.names, "name")

    @v_args(meta=True)
    def call(self, meta, children):
        name, *values = children
        function = self._look_up(name, self.functions, "function")
        return self._apply(meta, f"{name}(...)", function, values)

    @v_args(meta=True)
    def add(self, meta, children):
        return self._apply(meta, "this sum", operator.add, children)

    @v_args(meta=True)
    def subtract(self, meta, children):
        return self._apply(meta, "this difference", operator.sub, children)

    @v_args(meta=True)
    def multiply(self, meta, children):
        return self._apply(meta, "this product", operator.mul, children)

    @v_args(meta=True)
    def divide(self, meta, children):
        return self._apply(meta, "this quotient", operator.truediv, children)

    @v_args(meta=True)
    def negate(self, meta, children):
        return self._apply(meta, "this sign", operator.neg, children)

    @v_args(meta=True)
    def power(self, meta, children):
        base, exponent = children
        bits = _power_bits(base, exponent)
        if bits > MAX_BITS:
            message = (
                f"expected a power of at most {MAX_BITS} bits, got more than 10**{_digits(bits)}; "
            )
            raise self._fail(meta, message + "write a decimal point to compute in floats")
        return self._apply(meta, "this power", operator.pow, children)


def _power_bits(base: Any, exponent: Any) -> int:
    """Return about how long an exact power would be; 0 if the power is not exact."""
    if not (isinstance(base, Rational) and isinstance(exponent, Rational)):
        return 0
    longest = max(abs(int(base.numerator)).bit_length(), int(base.denominator).bit_length())
    return (longest - 1) * abs(int(exponent.numerator)) if exponent.denominator == 1 else 0


def _digits(number: int) -> int:
    """Return the power of ten below a positive integer of any length, within one."""
    return int((number.bit_length() - 1) * math.log10(2))


_BINARY = {  # rule: sign, its level, the least level that needs no parentheses left and right
    "add": (" + ", 0, 0, 1),
    "subtract": (" - ", 0, 0, 1),
    "multiply": (" * ", 1, 1, 2),
    "divide": (" / ", 1, 1, 2),
    "power": ("**", 3, 4, 2),
}


class _Printer(Transformer_NonRecursive):
    """Replaces each node by its text and level: 0 sum, 1 product, 2 sign, 3 power, 4 atom."""

    def __default__(self, data, children, meta):
        del meta  # lark passes the place, which a printer does not need
        sign, level, left, right = _BINARY[data]
        return _inside(children[0], left) + sign + _inside(children[1], right), level

    def negate(self, children):
        return "-" + _inside(children[0], 2), 2

    def number(self, children):
        return str(children[0]), 4

    name = number

    def call(self, children):
        name, *values = children
        return f"{name}({', '.join(text for text, _ in values)})", 4


def _inside(item: tuple[str, int], least: int) -> str:
    """Return a text, in parentheses if it binds more loosely than its place allows."""
    text, level = item
    return text if level >= least else f"({text})"
