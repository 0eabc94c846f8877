r"""Kernels: scalar products of features that are never written down.

:math:`k(x, x') = \phi(x) \cdot \phi(x')`. The polynomial kernel :math:`(x \cdot x' + c)^2` in the
plane stands for six features; the Gaussian :math:`e^{-|x - x'|^2 / 2\ell^2}` for infinitely many.

Chapter: ``book/frameworks/landscape.md``.

References
----------
Cortes and Vapnik, Machine Learning 20 (1995) 273.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mlphys.frameworks.clusters import squared_distances

__all__ = ["Kernel", "linear", "make_gaussian", "make_polynomial", "quadratic_features"]

Kernel = Callable[[np.ndarray, np.ndarray], np.ndarray]


def linear(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return all scalar products of the rows, shape (n, m).

    Examples
    --------
    >>> linear(np.array([[1.0, 2]]), np.array([[3.0, 4]])).tolist()
    [[11.0]]
    """
    return a @ b.T


def make_polynomial(degree: int, *, offset: float = 1.0) -> Kernel:
    """Return the kernel (x · x' + offset) to the power ``degree``.

    Examples
    --------
    >>> make_polynomial(2)(np.array([[1.0, 2]]), np.array([[3.0, 4]])).tolist()
    [[144.0]]
    """
    return lambda a, b: (a @ b.T + offset) ** degree


def make_gaussian(length: float) -> Kernel:
    """Return the kernel exp(-|x - x'|² / 2 length²).

    Raises
    ------
    ValueError
        If the length is not positive.

    Examples
    --------
    >>> make_gaussian(1.0)(np.zeros((1, 2)), np.array([[0.0, 0], [1, 1]])).round(4).tolist()
    [[1.0, 0.3679]]
    """
    if length <= 0:
        raise ValueError(f"make_gaussian: expected a positive length; got {length}")
    return lambda a, b: np.exp(-squared_distances(a, b) / (2 * length**2))


def quadratic_features(x: np.ndarray) -> np.ndarray:
    """Return the six features in the plane whose scalar product is (x · x' + 1)², shape (n, 6).

    Examples
    --------
    >>> a, b = np.array([[1.0, 2]]), np.array([[3.0, 4]])
    >>> (quadratic_features(a) @ quadratic_features(b).T).round(9).tolist()
    [[144.0]]
    """
    u, v, root = x[:, 0], x[:, 1], np.sqrt(2)
    return np.column_stack([np.ones(len(x)), root * u, root * v, u * u, root * u * v, v * v])
