"""Rules for what NumPy does with whole arrays: moving elements, reductions, products, solving.

Each function here is a *primitive*: NumPy's own function with its options made positional, and the
rule for its sensitivities. :mod:`mlphys.derivatives.operations` sends NumPy's functions here.
"""

import operator
from typing import Any

import numpy as np

from mlphys.derivatives.einsum_backward import backward_rule, read_subscripts
from mlphys.derivatives.primitives import RULES, EachArgument, primitive

__all__ = [
    "contracted",
    "determinant",
    "inverted",
    "joined",
    "kept",
    "largest",
    "permuted",
    "reshaped",
    "running_sum",
    "scatter",
    "smallest",
    "solved",
    "stretched",
    "total",
]


def _is_basic(key: Any) -> bool:
    parts = key if isinstance(key, tuple) else (key,)
    return all(k is None or k is Ellipsis or isinstance(k, int | slice) for k in parts)


@primitive(lambda g, y, x, key, shape: g[key], None, None)
def scatter(x, key, shape):
    """Return zeros of a shape, with ``x`` added at ``key``: the transpose of indexing."""
    y = np.zeros(shape, np.result_type(x))
    if _is_basic(key):
        y[key] = x
    else:
        np.add.at(y, key, x)
    return y


def _inverse(axes):
    return None if axes is None else tuple(int(k) for k in np.argsort(axes))


def _part(k, g, y, axis, *arrays):
    sizes = [a.shape[axis] for a in arrays]
    start = sum(sizes[: k - 1])
    key = [slice(None)] * y.ndim
    key[axis] = slice(start, start + sizes[k - 1])
    return g[tuple(key)]


@primitive(EachArgument(_part))
def joined(axis, *arrays):
    """Return the arrays joined along an axis."""
    return np.concatenate(arrays, axis=axis)


@primitive(lambda g, y, x, axes: np.transpose(g, _inverse(axes)), None)
def permuted(x, axes):
    """Return ``x`` with its axes permuted (``None``: reversed)."""
    return np.transpose(x, axes)


@primitive(lambda g, y, x, axis: reversed_sum(g, axis), None)
def running_sum(x, axis):
    """Return the cumulative sum along an axis."""
    return np.cumsum(x, axis=axis)


def reversed_sum(g, axis):
    """Return cumulative sums from the end: the transpose of :func:`running_sum`."""
    return np.flip(np.cumsum(np.flip(g, axis), axis=axis), axis)


RULES[operator.getitem] = (lambda g, y, x, key: scatter(g, key, x.shape), None)


@primitive(lambda g, y, x, shape: np.reshape(g, x.shape), None)
def reshaped(x, shape):
    """Return the elements of ``x`` in another shape."""
    return np.reshape(x, shape)


@primitive(lambda g, y, x, shape: g, None)  # the engine sums over the new axes
def stretched(x, shape):
    """Return ``x`` broadcast to a shape."""
    if type(x) is float:  # what np.broadcast_to does, in a fifth of its time
        return np.ndarray(shape, buffer=np.float64(x), strides=(0,) * len(shape))
    return np.broadcast_to(x, shape)


# --- reductions -----------------------------------------------------------------------------------


def kept(y, x, axis):
    """Return y, the result of a reduction, with the axes that it lost kept as axes of length 1."""
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    lost = {k % x.ndim for k in axes}
    return np.reshape(y, tuple(1 if k in lost else n for k, n in enumerate(x.shape)))


def _total_rule(g, y, x, axis):
    return stretched(g if axis is None else kept(g, x, axis), x.shape)


@primitive(_total_rule, None)
def total(x, axis):
    """Return the sum of ``x`` over an axis, several axes, or all (``None``)."""
    return np.add.reduce(x, axis)  # what np.sum calls in the end


def _extreme_rule(g, y, x, axis):
    hit = x == kept(y, x, axis)
    return hit * kept(g, x, axis) / np.sum(hit, axis=axis, keepdims=True)


@primitive(_extreme_rule, None)
def largest(x, axis):
    """Return the maximum of ``x`` over an axis; elements that tie share the sensitivity."""
    return np.max(x, axis=axis)


@primitive(_extreme_rule, None)
def smallest(x, axis):
    """Return the minimum of ``x`` over an axis; elements that tie share the sensitivity."""
    return np.min(x, axis=axis)


# --- products of arrays ---------------------------------------------------------------------------


def _adjoint(a):
    return (a.T if a.ndim == 2 else np.swapaxes(a, -1, -2)).conjugate()


def _matmul_left(g, y, a, b):
    if a.ndim == b.ndim == 2:  # most often
        return g @ b.T.conjugate()
    if b.ndim == 1:
        return (g if a.ndim == 1 else np.expand_dims(g, -1)) * b.conjugate()
    if a.ndim == 1:
        return (b.conjugate() @ np.expand_dims(g, -1))[..., 0]
    return g @ _adjoint(b)


def _matmul_right(g, y, a, b):
    if a.ndim == b.ndim == 2:
        return a.T.conjugate() @ g
    if a.ndim == 1:
        inner = g if b.ndim == 1 else np.expand_dims(g, -2)
        return (a if b.ndim == 1 else np.expand_dims(a, -1)).conjugate() * inner
    if b.ndim == 1:
        return (_adjoint(a) @ np.expand_dims(g, -1))[..., 0]
    return _adjoint(a) @ g


def _solve_matrix(g, y, a, b):
    u = solved(_adjoint(a), g)
    outer = np.einsum("...i,...j->...ij" if b.ndim == 1 else "...ik,...jk->...ij", u, y.conjugate())
    return -outer


def _solve_right(g, y, a, b):
    return solved(_adjoint(a), g)


@primitive(_solve_matrix, _solve_right)
def solved(a, b):
    """Return the solution y of a y = b."""
    return np.linalg.solve(a, b)


@primitive(lambda g, y, a: -_adjoint(y) @ g @ _adjoint(y))
def inverted(a):
    """Return the inverse of a matrix, or of each matrix of a stack."""
    return np.linalg.inv(a)


@primitive(
    lambda g, y, a: np.reshape(g * y.conjugate(), (*a.shape[:-2], 1, 1)) * _adjoint(inverted(a))
)
def determinant(a):
    """Return the determinant of a matrix, or of each matrix of a stack."""
    return np.linalg.det(a)


RULES[operator.matmul] = (_matmul_left, _matmul_right)


# --- einsum ---------------------------------------------------------------------------------------


def _einsum_rule(k, g, y, spec, *arrays):
    named = read_subscripts(spec, [np.shape(a) for a in arrays])
    others = [a.conjugate() for j, a in enumerate(arrays) if j != k - 1]
    return backward_rule(named, k - 1).apply(g, others, np.einsum)


@primitive(EachArgument(_einsum_rule))
def contracted(spec, *arrays):
    """Return ``np.einsum(spec, *arrays)``."""
    return np.einsum(spec, *arrays, optimize=len(arrays) > 2)
