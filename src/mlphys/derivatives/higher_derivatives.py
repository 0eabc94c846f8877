"""Derivatives of several results, and derivatives of derivatives, by the tape.

One replay of a tape gives one row of a Jacobian. A gradient is itself a computation that a tape can
record; replaying that tape gives a Hessian times a vector, for a small multiple of what the function
costs, however many variables it has.

Chapter: ``book/derivatives/tape.md``.
"""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from mlphys.derivatives.tape import Tape, gradient
from mlphys.derivatives.variable import Variable, plain

__all__ = ["hessian", "hessian_vector_product", "jacobian", "nth_derivative"]


def hessian_vector_product(f: Callable) -> Callable:
    """Return a function ``(x, v) -> H v``, H the matrix of second derivatives of f at x.

    The gradient of f is taped, and the slope of (gradient · v) is H v.

    Examples
    --------
    >>> product = hessian_vector_product(lambda x: x[0] ** 2 * x[1])
    >>> product(np.array([3.0, 5.0]), np.array([1.0, 0.0]))
    array([10.,  6.])
    """
    slope = gradient(f)
    return functools.wraps(f)(lambda x, v: gradient(lambda z: np.sum(slope(z) * v))(x))


def hessian(f: Callable) -> Callable:
    """Return a function ``x -> H``, of shape ``x.shape + x.shape``, of real second derivatives.

    It is the Jacobian of the gradient: one recording, then one replay for each element of x.

    Examples
    --------
    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([3.0, 5.0]))
    array([[10.,  6.],
           [ 6.,  0.]])
    """
    return jacobian(gradient(f))


def jacobian(f: Callable) -> Callable:
    """Return a function that computes all derivatives of a real array by a real array.

    Parameters
    ----------
    f : callable
        ``f(x)`` returns a real number or array, computed with operators and NumPy's functions.

    Returns
    -------
    callable
        ``x -> J`` of shape ``f(x).shape + x.shape``, ``J[i, k]`` = ∂f_i/∂x_k.

    Raises
    ------
    TypeError
        When called: if x is not real and floating point.

    Examples
    --------
    >>> jacobian(lambda x: np.stack([x[0] * x[1], np.sin(x[0])]))(np.array([0.0, 3.0]))
    array([[3., 0.],
           [1., 0.]])
    """

    @functools.wraps(f)
    def evaluate(x: Any) -> np.ndarray:
        x = np.asarray(x)
        if x.dtype.kind != "f":
            raise TypeError(
                f"jacobian: expected real floating-point numbers, got {x.dtype}; convert them, or "
                "treat the real and imaginary parts as numbers of their own"
            )
        tape = Tape()
        try:
            start = tape.variable(x)
            y = f(start)
            if not (type(y) is Variable and y.tape is tape):
                return np.zeros(np.shape(plain(y)) + x.shape)
            rows = []
            for seed in np.eye(y.size).reshape((y.size, *y.shape)):
                s = tape.sensitivities(y, seed if y.shape else 1.0)[start.index]
                rows.append(np.zeros(x.shape) if s is None else s)
            return np.reshape(np.array(rows), y.shape + x.shape)
        finally:
            tape.close()

    return evaluate


def nth_derivative(f: Callable, n: int) -> Callable:
    """Return the n-th derivative of a function of one real number.

    Each derivative tapes the replay of the one before, so that the work grows by a factor with
    each order.

    Examples
    --------
    >>> nth_derivative(lambda x: x**5, 3)(2.0)
    240.0
    """
    for _ in range(n):
        f = gradient(f)
    return f
