"""Slopes of NumPy's elementwise functions, as a table.

A rule gets the arguments and the result y of a function and returns its slope. It is written so that
it loses no digits: (1 − x)(1 + x) for 1 − x², for instance. At a kink the slope is a convention: |x|
has 0 at 0, ``maximum`` and ``minimum`` share the slope equally where both arguments are equal.

Used by :mod:`mlphys.derivatives.dual`. Chapter: *From finite differences to dual numbers*.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["BINARY", "COMPARISONS", "REAL_ONLY", "UNARY"]

# ufunc -> slope, from the argument x and the result y.
UNARY: dict[np.ufunc, Callable[[Any, Any], Any]] = {
    np.absolute: lambda x, y: np.sign(x),
    np.arccos: lambda x, y: -1 / np.sqrt((1 - x) * (1 + x)),
    np.arccosh: lambda x, y: 1 / np.sqrt((x - 1) * (x + 1)),
    np.arcsin: lambda x, y: 1 / np.sqrt((1 - x) * (1 + x)),
    np.arcsinh: lambda x, y: 1 / np.sqrt(1 + x * x),
    np.arctan: lambda x, y: 1 / (1 + x * x),
    np.arctanh: lambda x, y: 1 / ((1 - x) * (1 + x)),
    np.cbrt: lambda x, y: 1 / (3 * y * y),
    np.cos: lambda x, y: -np.sin(x),
    np.cosh: lambda x, y: np.sinh(x),
    np.exp: lambda x, y: y,
    np.exp2: lambda x, y: y * np.log(2.0),
    np.expm1: lambda x, y: np.exp(x),
    np.log: lambda x, y: 1 / x,
    np.log10: lambda x, y: 1 / (x * np.log(10.0)),
    np.log1p: lambda x, y: 1 / (1 + x),
    np.log2: lambda x, y: 1 / (x * np.log(2.0)),
    np.negative: lambda x, y: -1,
    np.positive: lambda x, y: 1,
    np.reciprocal: lambda x, y: -y * y,
    np.sign: lambda x, y: 0,
    np.sin: lambda x, y: np.cos(x),
    np.sinh: lambda x, y: np.cosh(x),
    np.sqrt: lambda x, y: 1 / (2 * y),
    np.square: lambda x, y: 2 * x,
    np.tan: lambda x, y: 1 + y * y,
    np.tanh: lambda x, y: _square_of_sech(x),
}


def _square_of_sech(x: Any) -> Any:
    s = np.exp(-2 * abs(x))  # 1 − tanh² would cancel, 1/cosh² overflows
    return 4 * s / ((1 + s) * (1 + s))


def _power_by_base(a: Any, b: Any, y: Any) -> Any:
    return np.where(b == 0, 0.0, b * a ** np.where(b == 0, 1.0, b - 1))


# ufunc -> slopes in both arguments, from the arguments a, b and the result y.
BINARY: dict[np.ufunc, tuple[Callable[..., Any], Callable[..., Any]]] = {
    np.add: (lambda a, b, y: 1, lambda a, b, y: 1),
    np.subtract: (lambda a, b, y: 1, lambda a, b, y: -1),
    np.multiply: (lambda a, b, y: b, lambda a, b, y: a),
    np.true_divide: (lambda a, b, y: 1 / b, lambda a, b, y: -y / b),
    np.power: (_power_by_base, lambda a, b, y: y * np.log(a)),
    np.arctan2: (
        lambda a, b, y: b / (a * a + b * b),
        lambda a, b, y: -a / (a * a + b * b),
    ),
    np.hypot: (lambda a, b, y: a / y, lambda a, b, y: b / y),
    np.maximum: (
        lambda a, b, y: np.heaviside(a - b, 0.5),
        lambda a, b, y: np.heaviside(b - a, 0.5),
    ),
    np.minimum: (
        lambda a, b, y: np.heaviside(b - a, 0.5),
        lambda a, b, y: np.heaviside(a - b, 0.5),
    ),
}

# These look at values alone and return plain truth values.
COMPARISONS = {np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal}
COMPARISONS |= {np.isfinite, np.isnan, np.isinf}

# Functions that have no complex derivative, or none that these rules give.
REAL_ONLY = {np.absolute, np.sign, np.cbrt, np.hypot, np.arctan2, np.maximum, np.minimum}
