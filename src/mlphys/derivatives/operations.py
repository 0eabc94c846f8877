"""What the tape engine can differentiate: the table of all functions.

Three kinds. :data:`RULES` has a rule for each argument, filled by
:mod:`mlphys.derivatives.elementwise_rules` and :mod:`mlphys.derivatives.array_rules`;
:func:`primitive` adds one. :data:`REWRITES` has functions that are written with others and need no
rule. :data:`CONSTANT` has functions whose result does not change smoothly with anything, such as
comparisons.

Rules use nothing but functions of this table, so that they can be taped in their turn: that is all
it takes to have higher derivatives.
"""

import operator
from collections.abc import Callable
from string import ascii_letters
from typing import Any

import numpy as np

from mlphys.derivatives import elementwise_rules as _fills_the_table  # noqa: F401
from mlphys.derivatives.array_rules import (
    contracted,
    determinant,
    inverted,
    joined,
    kept,
    largest,
    permuted,
    reshaped,
    running_sum,
    smallest,
    solved,
    stretched,
    total,
)
from mlphys.derivatives.primitives import RULES, EachArgument, primitive

__all__ = ["CONSTANT", "REWRITES", "RULES", "UFUNCS", "EachArgument", "primitive"]

UFUNCS = {  # the universal functions that are operators under another name
    np.add: operator.add,
    np.subtract: operator.sub,
    np.multiply: operator.mul,
    np.divide: operator.truediv,
    np.power: operator.pow,
    np.negative: operator.neg,
    np.matmul: operator.matmul,
}


def _reduction(name: str, function: Callable) -> Callable:
    def reduced(x, axis=None, *, keepdims=False):  # NumPy's third argument is another: dtype, out
        axis = tuple(axis) if isinstance(axis, list) else axis
        y = function(x, axis)
        return kept(y, x, axis) if keepdims and x.ndim else y

    reduced.__qualname__ = f"np.{name}"  # for Python's message on wrong arguments
    return reduced


def _einsum(spec, *arrays, optimize=False):
    del optimize  # the order of contraction does not change the result
    return contracted(spec, *arrays)


# --- functions that are written with other functions ----------------------------------------------


def _axis_size(x, axis):
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return float(np.prod([x.shape[k] for k in axes]))


def _mean(x, axis=None, *, keepdims=False):
    return np.sum(x, axis=axis, keepdims=keepdims) / _axis_size(x, axis)


def _variance(x, axis=None, *, ddof=0, keepdims=False):
    size = abs(x - np.mean(x, axis=axis, keepdims=True))
    return np.sum(size * size, axis=axis, keepdims=keepdims) / (_axis_size(x, axis) - ddof)


def _norm(x, ord=None, axis=None, keepdims=False):
    fits = ord is None or (ord == 2 and (x.ndim == 1 or isinstance(axis, int))) or ord == "fro"
    if not fits:
        raise TypeError(
            f"norm: the tape knows the Euclidean (Frobenius) norm; got ord={ord!r}. "
            "Write the norm that you need with np.sum, np.max and abs."
        )
    square = np.sum(np.real(x * x.conjugate()), axis=axis, keepdims=keepdims)
    zero = square == 0  # the norm has a kink there; its sensitivity is set to 0
    return np.where(zero, 0.0, np.sqrt(np.where(zero, 1.0, square)))


def _expand_dims(x, axis):
    axes = axis if isinstance(axis, tuple) else (axis,)
    ndim = np.ndim(x) + len(axes)
    new = {k % ndim for k in axes}
    old = iter(np.shape(x))
    return np.reshape(x, tuple(1 if k in new else next(old) for k in range(ndim)))


def _squeeze(x, axis=None):
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    lost = {k % x.ndim for k in axes if axis is not None or x.shape[k] == 1}
    return np.reshape(x, tuple(n for k, n in enumerate(x.shape) if k not in lost))


def _swapaxes(x, axis1, axis2):
    axes = list(range(np.ndim(x)))
    axes[axis1], axes[axis2] = axes[axis2], axes[axis1]
    return permuted(x, tuple(axes))


def _moveaxis(x, source, destination):
    axes = [k for k in range(np.ndim(x)) if k != source % np.ndim(x)]
    axes.insert(destination % np.ndim(x), source % np.ndim(x))
    return permuted(x, tuple(axes))


def _flip(x, axis=None):
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    flipped = {k % x.ndim for k in axes}
    return x[tuple(slice(None, None, -1 if k in flipped else 1) for k in range(x.ndim))]


def _dot(a, b):
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return a * b
    if np.ndim(b) <= 2:
        return a @ b
    return np.tensordot(a, b, axes=((-1,), (-2,)))


def _tensordot(a, b, axes: Any = 2):
    n, m = np.ndim(a), np.ndim(b)
    if isinstance(axes, int):
        pairs = [(n - axes + k, k) for k in range(axes)]
    else:
        first, second = ((s,) if isinstance(s, int) else tuple(s) for s in axes)
        pairs = [(i % n, j % m) for i, j in zip(first, second, strict=True)]
    left, right = list(ascii_letters[:n]), list(ascii_letters[n : n + m])
    for i, j in pairs:
        right[j] = left[i]
    kept = [c for c in left if c not in right] + [c for c in right if c not in left]
    return contracted(f"{''.join(left)},{''.join(right)}->{''.join(kept)}", a, b)


def _cross(a, b):
    """Return the vector product of vectors along the last axis."""
    a0, a1, a2 = (a[..., k] for k in range(3))
    b0, b1, b2 = (b[..., k] for k in range(3))
    return np.stack([a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0], axis=-1)


def _diff(x, n=1, axis=-1):
    for _ in range(n):
        last = np.swapaxes(x, axis, -1)
        x = np.swapaxes(last[..., 1:] - last[..., :-1], axis, -1)
    return x


def _roll(x, shift, axis=None):
    if axis is None:
        return np.reshape(_roll(np.ravel(x), shift, 0), x.shape)
    return np.take(x, (np.arange(x.shape[axis]) - shift) % x.shape[axis], axis=axis)


def _take(x, indices, axis=None):
    if axis is None:
        return np.ravel(x)[indices]
    return x[(slice(None),) * (axis % x.ndim) + (indices,)]


def _stack(arrays, axis=0):
    return np.concatenate([np.expand_dims(a, axis) for a in arrays], axis=axis)


REWRITES: dict[Callable, Callable] = {  # function -> the same, written with other functions
    np.sum: _reduction("sum", total),
    np.max: _reduction("max", largest),
    np.min: _reduction("min", smallest),
    np.mean: _mean,
    np.var: _variance,
    np.std: lambda x, axis=None, *, ddof=0, keepdims=False: np.sqrt(
        np.var(x, axis=axis, ddof=ddof, keepdims=keepdims)
    ),
    np.cumsum: lambda x, axis=None: (
        running_sum(np.ravel(x), 0) if axis is None else running_sum(x, axis)
    ),
    np.diff: _diff,
    np.full_like: lambda x, fill_value: np.zeros(x.shape, x.dtype) + fill_value,
    np.reshape: lambda x, shape, order="C": (
        reshaped(x, shape) if order == "C" else reshaped(x.T, shape[::-1]).T
    ),
    np.broadcast_to: lambda x, shape: stretched(x, shape),
    np.clip: lambda x, a_min, a_max: np.minimum(np.maximum(x, a_min), a_max),
    np.angle: lambda x: np.arctan2(np.imag(x), np.real(x)),
    np.cross: _cross,
    np.roll: _roll,
    np.take: _take,
    np.transpose: lambda x, axes=None: permuted(x, axes),
    np.swapaxes: _swapaxes,
    np.moveaxis: _moveaxis,
    np.flip: _flip,
    np.ravel: lambda x: np.reshape(x, (-1,)),
    np.expand_dims: _expand_dims,
    np.squeeze: _squeeze,
    np.concatenate: lambda arrays, axis=0: joined(axis, *arrays),
    np.stack: _stack,
    np.einsum: _einsum,
    np.tensordot: _tensordot,
    np.dot: _dot,
    np.vdot: lambda a, b: np.sum(np.ravel(a).conjugate() * np.ravel(b)),
    np.inner: lambda a, b: np.tensordot(a, b, axes=((-1,), (-1,))),
    np.outer: lambda a, b: np.expand_dims(np.ravel(a), 1) * np.ravel(b),
    np.trace: lambda x: np.einsum("ii", x),
    np.diagonal: lambda x: np.einsum("ii->i", x),
    np.linalg.norm: _norm,
    np.linalg.solve: lambda a, b: solved(a, b),
    np.linalg.inv: lambda a: inverted(a),
    np.linalg.det: lambda a: determinant(a),
}

CONSTANT: set[Callable] = {  # results that do not depend smoothly on anything
    np.sign,
    np.floor,
    np.ceil,
    np.rint,
    np.trunc,
    np.greater,
    np.greater_equal,
    np.less,
    np.less_equal,
    np.equal,
    np.not_equal,
    np.isfinite,
    np.isnan,
    np.isinf,
    np.argmax,
    np.argmin,
    np.argsort,
    np.shape,
    np.ndim,
    np.size,
    np.iscomplexobj,
    np.isrealobj,
    np.result_type,
    np.zeros_like,
    np.empty_like,
    np.count_nonzero,
    np.ones_like,
    np.all,
    np.any,
    np.isclose,
    np.allclose,
}
