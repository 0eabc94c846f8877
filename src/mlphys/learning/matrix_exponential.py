r"""A layer that exponentiates a matrix: all products of its inputs, from one nonlinearity.

The *M-layer* maps a vector x to :math:`y = c + \sum_{ij} S_{ij} [\exp(T_0 + \sum_k x_k T_k)]_{ij}`
with matrices :math:`S, T_0, T_k` of one size m. If the :math:`T_k` are nilpotent, the series ends
and y is a polynomial, exactly.

The exponential is taken by scaling and squaring: a Taylor polynomial of degree 6 of
:math:`M/2^s`, in three products, then s squarings. All of it is plain NumPy on stacks of matrices
of shape (n, m, m), so that :mod:`mlphys.derivatives.tape` can differentiate it.

Chapter: ``book/learning/representation.md``.

References
----------
Fischbacher, Comsa, Potempa, Firsching, Versari and Alakuijala, "Intelligent matrix
exponentiation", arXiv:2008.03936.
"""

from __future__ import annotations

from itertools import combinations
from math import factorial
from typing import Any, NamedTuple

import numpy as np

__all__ = ["MatrixLayer", "apply_matrix_layer", "determinant_layer", "exponential"]


class MatrixLayer(NamedTuple):
    """The parameters of an M-layer with d inputs, one output, and matrices of size m.

    Attributes
    ----------
    generators : ndarray, shape (d, m, m)
    start : ndarray, shape (m, m)
    readout : ndarray, shape (m, m)
    offset : float
    """

    generators: Any
    start: Any
    readout: Any
    offset: Any


def exponential(matrices: Any, *, squarings: int = 5) -> Any:
    r"""Return the exponential of each matrix in a stack.

    Parameters
    ----------
    matrices : ndarray or tape variable, shape (..., m, m)
    squarings : int
        The relative error is about :math:`\|M\|^7 / (5040 \cdot 2^{6s})`: with 5 squarings and a
        norm of 1 below 1e-12, with a norm of 4 about 3e-9.

    Returns
    -------
    ndarray or tape variable of the same shape

    Raises
    ------
    ValueError
        If the matrices are not square, or ``squarings`` is negative.

    Examples
    --------
    >>> turn = exponential(np.array([[0.0, -np.pi / 2], [np.pi / 2, 0.0]]))
    >>> (turn.round(9) + 0.0).tolist()
    [[0.0, -1.0], [1.0, 0.0]]
    """
    if matrices.shape[-1] != matrices.shape[-2]:
        raise ValueError(f"exponential: expected square matrices; got shape {matrices.shape}")
    if squarings < 0:
        raise ValueError(f"exponential: expected 0 or more squarings; got {squarings}")
    one = np.eye(matrices.shape[-1])
    a = matrices * 0.5**squarings
    a2 = a @ a
    a3 = a2 @ a
    result = one + a + a2 / 2 + a3 @ (one / 6 + a / 24 + a2 / 120 + a3 / 720)
    for _ in range(squarings):
        result = result @ result
    return result


def apply_matrix_layer(layer: MatrixLayer, x: Any, *, squarings: int = 5) -> Any:
    """Return the outputs, shape (n,), at inputs of shape (n, d).

    Examples
    --------
    >>> shift = MatrixLayer(np.array([[[0.0, 1.0], [0.0, 0.0]]]), np.zeros((2, 2)),
    ...                     np.array([[0.0, 3.0], [0.0, 0.0]]), 1.0)
    >>> apply_matrix_layer(shift, np.array([[2.0]]))  # 1 + 3 x, since the generator squares to 0
    array([7.])
    """
    d, m, _ = layer.generators.shape
    exponent = layer.start + (x @ layer.generators.reshape(d, m * m)).reshape(len(x), m, m)
    flat = exponential(exponent, squarings=squarings).reshape(len(x), m * m)
    return flat @ layer.readout.reshape(m * m) + layer.offset


def determinant_layer(size: int) -> MatrixLayer:
    r"""Return an M-layer whose output is the determinant of a matrix, exactly.

    Expand the determinant column by column. A state of the calculation is the set of rows that are
    used up: :math:`2^n` states. Column c takes a state with c rows to one with another row r in it,
    with the factor :math:`\pm x_{rc}`; the sign counts the used rows below r. The matrix of these
    steps is nilpotent, its n-th power holds the determinant between the empty and the full set, and
    the exponential divides by n!, which the readout undoes.

    Parameters
    ----------
    size : int
        n, from 1 to 6. Inputs are the n² entries, row by row.

    Raises
    ------
    ValueError
        If the size is outside 1 ... 6.

    Examples
    --------
    >>> x = np.array([[1.0, 2.0, 3.0, 4.0]])
    >>> apply_matrix_layer(determinant_layer(2), x).round(12)
    array([-2.])
    """
    if not 1 <= size <= 6:
        raise ValueError(f"determinant_layer: expected a size from 1 to 6; got {size}")
    sets = [frozenset(s) for k in range(size + 1) for s in combinations(range(size), k)]
    place = {s: i for i, s in enumerate(sets)}
    generators = np.zeros((size * size, len(sets), len(sets)))
    for used in sets[:-1]:
        column = len(used)
        for row in set(range(size)) - used:
            sign = (-1) ** sum(r > row for r in used)
            generators[row * size + column, place[used], place[used | {row}]] = sign
    readout = np.zeros((len(sets), len(sets)))
    readout[0, -1] = factorial(size)
    return MatrixLayer(generators, np.zeros_like(readout), readout, 0.0)
