"""Rules for arithmetic and for functions of single numbers.

Imported for what it does: it fills :data:`mlphys.derivatives.primitives.RULES`.
"""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from mlphys.derivatives.primitives import RULES

__all__ = ["ANALYTIC"]


def _power_base(g, y, a, b):
    if getattr(b, "shape", ()) == () and b == 0:
        return 0 * g
    if getattr(b, "shape", ()) != ():  # where b is 0 the result is 1, whatever a is
        b, constant = np.where(b == 0, 1.0, b), b == 0
        return np.where(constant, 0.0, g * (b * a ** (b - 1)).conjugate())
    return g * (b * a ** (b - 1)).conjugate()


def _power_exponent(g, y, a, b):
    return g * (y * np.log(np.where(a == 0, 1.0, a))).conjugate()


RULES[operator.add] = (lambda g, y, a, b: g, lambda g, y, a, b: g)
RULES[operator.sub] = (lambda g, y, a, b: g, lambda g, y, a, b: -g)
RULES[operator.mul] = (
    lambda g, y, a, b: g * b.conjugate(),
    lambda g, y, a, b: g * a.conjugate(),
)
RULES[operator.truediv] = (
    lambda g, y, a, b: g / b.conjugate(),
    lambda g, y, a, b: -g * (y / b).conjugate(),
)
RULES[operator.pow] = (_power_base, _power_exponent)
RULES[operator.neg] = (lambda g, y, x: -g,)

_FACTORS: dict[Callable, Callable] = {  # function -> its derivative from y and x
    np.exp: lambda y, x: y,
    np.exp2: lambda y, x: y * np.log(2.0),
    np.expm1: lambda y, x: y + 1,
    np.square: lambda y, x: x + x,  # quicker than 2 * x: no number to convert
    np.reciprocal: lambda y, x: -y * y,
    np.sin: lambda y, x: np.cos(x),
    np.cos: lambda y, x: -np.sin(x),
    np.tan: lambda y, x: 1 + y * y,
    np.sinh: lambda y, x: np.cosh(x),
    np.cosh: lambda y, x: np.sinh(x),
    np.tanh: lambda y, x: -(y * y - 1),  # 1 - y * y would need a second array
}
_DIVISORS: dict[Callable, Callable] = {  # function -> one over its derivative
    np.log: lambda y, x: x,
    np.log2: lambda y, x: x * np.log(2.0),
    np.log10: lambda y, x: x * np.log(10.0),
    np.log1p: lambda y, x: 1 + x,
    np.sqrt: lambda y, x: 2 * y,
    np.cbrt: lambda y, x: 3 * y * y,
    np.arcsin: lambda y, x: np.sqrt(1 - x * x),
    np.arccos: lambda y, x: -np.sqrt(1 - x * x),
    np.arctan: lambda y, x: 1 + x * x,
    np.arcsinh: lambda y, x: np.sqrt(1 + x * x),
    np.arccosh: lambda y, x: np.sqrt(x * x - 1),
    np.arctanh: lambda y, x: 1 - x * x,
}
ANALYTIC = [*_FACTORS, *_DIVISORS]


def _multiplied(factor: Callable) -> Callable:
    return lambda g, y, x: g * factor(y, x).conjugate()


def _divided(divisor: Callable) -> Callable:
    return lambda g, y, x: g / divisor(y, x).conjugate()


RULES.update({f: (_multiplied(factor),) for f, factor in _FACTORS.items()})
RULES.update({f: (_divided(divisor),) for f, divisor in _DIVISORS.items()})


def _is_complex(x: Any) -> bool:
    return getattr(getattr(x, "dtype", None), "kind", "c" if type(x) is complex else "f") == "c"


def _larger(a, b):
    """Return 1 where a > b, 0 where a < b, and 1/2 each where they are equal."""
    return np.where(a == b, 0.5, np.where(a > b, 1.0, 0.0))


def _direction(x, size):
    """Return x / |x|, and 0 where x is 0."""
    return x / np.where(size == 0, 1.0, size) if _is_complex(x) else np.sign(x)


RULES[np.absolute] = (lambda g, y, x: g * _direction(x, y),)
RULES[np.conjugate] = (lambda g, y, x: g.conjugate(),)
RULES[np.real] = (lambda g, y, x: g,)
RULES[np.imag] = (lambda g, y, x: 1j * g,)
RULES[np.maximum] = (
    lambda g, y, a, b: g * _larger(a, b),
    lambda g, y, a, b: g * _larger(b, a),
)
RULES[np.minimum] = (
    lambda g, y, a, b: g * _larger(b, a),
    lambda g, y, a, b: g * _larger(a, b),
)
RULES[np.arctan2] = (
    lambda g, y, a, b: g * b / (a * a + b * b),
    lambda g, y, a, b: -g * a / (a * a + b * b),
)
RULES[np.hypot] = (lambda g, y, a, b: g * a / y, lambda g, y, a, b: g * b / y)
RULES[np.logaddexp] = (
    lambda g, y, a, b: g * np.exp(a - y),
    lambda g, y, a, b: g * np.exp(b - y),
)
RULES[np.where] = (
    None,
    lambda g, y, c, a, b: np.where(c, g, 0.0),
    lambda g, y, c, a, b: np.where(c, 0.0, g),
)
