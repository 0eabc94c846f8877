"""The table of derivatives, and how a function enters it.

A rule is plain NumPy: ``rule(g, y, *args)`` receives the sensitivity ``g`` of the result ``y`` and the
arguments of the call, and returns the sensitivity of one argument. :data:`RULES` holds one rule for
each argument, ``None`` where there is nothing to differentiate.

Conventions. The result of everything is one real number L. The sensitivity of a real q is dL/dq,
that of a complex q = u + iv is dL/du + i dL/dv; so an analytic y = f(x) has the rule g · conj(f′(x)).
Sums over broadcast axes, and the real part for real arguments, are taken by the engine
(:mod:`mlphys.derivatives.tape`), not by the rules.
"""

import functools
from collections.abc import Callable
from typing import Any

__all__ = ["RULES", "EachArgument", "primitive"]

RULES: dict[Callable, Any] = {}  # function -> one rule for each positional argument


class EachArgument:
    """One rule ``rule(k, g, y, *args)`` for every argument k of a function with any number."""

    def __init__(self, rule: Callable):
        self.rule = rule

    def __getitem__(self, k: int) -> Callable:
        return functools.partial(self.rule, k)


def primitive(*rules: Any) -> Callable[[Callable], Callable]:
    """Return a decorator that teaches the tape the derivative of a function.

    Parameters
    ----------
    rules : callable, None or EachArgument
        One for each positional argument: ``rule(g, y, *args)`` returns the sensitivity of that
        argument; ``None`` for an argument that has no derivative. A single
        :class:`EachArgument` stands for all.

    Returns
    -------
    callable
        The decorator. The decorated function takes numbers and arrays as before, positional
        arguments only, and tape variables too.

    Examples
    --------
    >>> import numpy as np
    >>> from mlphys.derivatives.tape import gradient
    >>> @primitive(lambda g, y, x: g * y * (1 - y))
    ... def logistic(x):
    ...     return 1 / (1 + np.exp(-x))
    >>> float(gradient(logistic)(0.0))
    0.25
    """

    def decorate(function: Callable) -> Callable:
        @functools.wraps(function)
        def dispatched(*args: Any) -> Any:
            for arg in args:
                if hasattr(arg, "tape"):
                    return arg.__array_function__(dispatched, (type(arg),), args, {})
            return function(*args)

        one = len(rules) == 1 and isinstance(rules[0], EachArgument)
        RULES[dispatched] = rules[0] if one else rules
        return dispatched

    return decorate
