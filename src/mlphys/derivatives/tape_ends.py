"""Both ends of a tape: what may go in, what must come out, and the gradient as the caller gets it.

Chapter: ``book/derivatives/tape.md``.
"""

from typing import Any

import numpy as np
from numpy import ndarray

from mlphys.derivatives.variable import Variable, plain

__all__ = ["checked_input", "checked_objective", "finished"]


def checked_input(x: Any, k: int) -> Any:
    """Return argument number k as a tape takes it; refuse what is not floating point."""
    if type(x) is ndarray and x.dtype.kind in "fc":  # most often
        return x
    if type(x) is Variable or type(x) is float or type(x) is complex:
        return x
    kind = x.dtype if isinstance(x, ndarray) else np.asarray(x).dtype
    if kind.kind not in "fc":
        raise TypeError(
            f"argument {k}: expected floating-point numbers, since a derivative asks what a small "
            f"change does; got {kind}. Write 2.0 for 2, or convert: np.asarray(x, dtype=float)."
        )
    return x if isinstance(x, (ndarray, np.generic)) else np.asarray(x)


def checked_objective(value: Any) -> Any:
    """Return the result of a function as it is; refuse what is not one real number."""
    number = plain(value)
    if isinstance(number, float):  # NumPy's float64 is one, too
        return value
    shape, kind = np.shape(number), np.asarray(number).dtype.kind
    if shape != ():
        raise ValueError(
            f"the objective must be one number; got an array of shape {shape}. Reduce it (np.sum, "
            "np.mean), pick one element, or use mlphys.derivatives.higher_derivatives.jacobian."
        )
    if kind not in "fiu":
        kinds = {"c": "a complex number: take .real, .imag or abs(...)**2"}
        raise ValueError(
            f"the objective must be a real number; got {kinds.get(kind, type(number).__name__)}."
        )
    return value


def finished(s: Any, x: Any, taken: set[int]) -> Any:
    """Return a sensitivity as a gradient: of the type of x, in memory that nothing else uses."""
    if type(s) is Variable:
        return s
    x = plain(x)
    if isinstance(x, ndarray):
        if s is None:
            return np.zeros_like(x)
        own = type(s) is ndarray and s.dtype is x.dtype and s.base is None and s.flags.writeable
        if not own or id(s) in taken:
            s = np.array(s, dtype=x.dtype)
        taken.add(id(s))
        return s
    return type(x)(0.0 if s is None else s)
