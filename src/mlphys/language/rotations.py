"""Rotations that map the grid of integers to itself: the group SO(d, ℤ).

Its elements are the signed permutations (one entry ±1 in every row and column) with determinant 1;
there are 2^(d−1) d! of them: 4 for the square, 24 for the cube.
"""

from itertools import permutations, product
from math import factorial

import numpy as np

__all__ = ["integer_rotations", "order", "random_integer_rotation"]


def order(d: int) -> int:
    """Return the number of elements of SO(d, ℤ), ``2^(d−1) d!``.

    Parameters
    ----------
    d : int
        Dimension, at least 1.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If d is less than 1.

    Examples
    --------
    >>> [order(d) for d in (1, 2, 3, 4)]
    [1, 4, 24, 192]
    """
    _check_dimension(d)
    return 2 ** (d - 1) * factorial(d)


def random_integer_rotation(d: int, *, rng: np.random.Generator) -> np.ndarray:
    """Return a fair random element of SO(d, ℤ): each one has the same probability.

    A fair permutation, fair signs for all rows but the first, and for that one the sign that makes
    the determinant 1. Each permutation then has 2^(d−1) equally likely completions.

    Parameters
    ----------
    d : int
        Dimension, at least 1.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int64, shape (d, d)

    Raises
    ------
    ValueError
        If d is less than 1.

    Examples
    --------
    >>> turn = random_integer_rotation(3, rng=np.random.default_rng(0))
    >>> bool(np.all(turn @ turn.T == np.eye(3))), round(float(np.linalg.det(turn)))
    (True, 1)
    """
    _check_dimension(d)
    columns = rng.permutation(d)
    signs = rng.choice([-1, 1], size=d)
    signs[0] = _parity(columns) * np.prod(signs[1:], dtype=int)
    matrix = np.zeros((d, d), dtype=np.int64)
    matrix[np.arange(d), columns] = signs
    return matrix


def integer_rotations(d: int) -> np.ndarray:
    """Return all elements of SO(d, ℤ), from all signed permutations by their determinant.

    Parameters
    ----------
    d : int
        Dimension, from 1 to 6 (23,040 matrices).

    Returns
    -------
    ndarray of int64, shape (2^(d−1) d!, d, d)

    Raises
    ------
    ValueError
        If d is out of range.

    Examples
    --------
    >>> integer_rotations(2)[0]
    array([[1, 0],
           [0, 1]])
    """
    _check_dimension(d)
    if d > 6:
        raise ValueError(
            f"integer_rotations: expected at most 6 dimensions, got {d}, which has {order(d)} "
            "elements; draw some with random_integer_rotation"
        )
    rows = np.eye(d, dtype=np.int64)
    candidates = (
        np.array(signs)[:, None] * rows[list(columns)]
        for columns in permutations(range(d))
        for signs in product((1, -1), repeat=d)
    )
    return np.array([m for m in candidates if np.linalg.det(m) > 0])


def _parity(columns: np.ndarray) -> int:
    """Return 1 for an even permutation and −1 for an odd one, by counting its cycles."""
    seen, sign = set(), 1
    for start in range(len(columns)):
        here, length = start, 0
        while here not in seen:
            seen.add(here)
            here, length = int(columns[here]), length + 1
        if length and length % 2 == 0:
            sign = -sign
    return sign


def _check_dimension(d: int) -> None:
    if d < 1:
        raise ValueError(f"expected a dimension of at least 1, got {d}")
