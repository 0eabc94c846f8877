r"""Convolution with one kernel, max-pooling, and learning a blur kernel from pictures.

A kernel k of shape (s, s) turns a picture into :math:`y_{ij} = \sum_{ab} k_{ab}\, x_{i+a,\,j+b}`
("valid": only where the kernel fits). What frameworks call convolution does not flip the kernel.

Learning k from pictures and their blurred versions is linear least squares. With the s² patches of
all places as rows of P and N places, half the mean squared error has the Hessian
:math:`A = P^{\mathsf T}P/N`, the correlations of pixels with their neighbors. Gradient descent with
rate :math:`\eta` multiplies the error along each eigenvector by :math:`1 - \eta\lambda` a step, so
that patterns which hardly occur in the pictures are hardly learned.

Chapter: ``book/frameworks/architecture.md``.
"""

from __future__ import annotations

import numpy as np

from mlphys.learning.convnet import patches

__all__ = ["binomial_kernel", "convolve", "descend", "max_pool", "normal_equations", "shifted"]


def binomial_kernel(side: int) -> np.ndarray:
    """Return a blur kernel: the outer product of binomial coefficients, with sum 1.

    Examples
    --------
    >>> binomial_kernel(3) * 16
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    """
    if side < 1:
        raise ValueError(f"binomial_kernel: expected a side of 1 or more; got {side}")
    line = np.ones(1)
    for _ in range(side - 1):
        line = np.convolve(line, [0.5, 0.5])
    return np.outer(line, line)


def convolve(images: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Return pictures seen through a kernel, where it fits.

    Parameters
    ----------
    images : ndarray, shape (n, height, width)
    kernel : ndarray, shape (side, side)

    Returns
    -------
    ndarray, shape (n, height - side + 1, width - side + 1)

    Examples
    --------
    >>> convolve(np.arange(9.0).reshape(1, 3, 3), np.full((2, 2), 0.25))
    array([[[2., 3.],
            [5., 6.]]])
    """
    if images.ndim != 3 or kernel.ndim != 2 or kernel.shape[0] != kernel.shape[1]:
        raise ValueError(
            "convolve: expected pictures (n, height, width) and a square kernel; got "
            f"{images.shape} and {kernel.shape}"
        )
    return patches(images[..., None], side=len(kernel), step=1) @ kernel.ravel()


def max_pool(maps: np.ndarray, side: int = 2) -> np.ndarray:
    """Return the largest value of each tile of side × side; rows left over are cut off.

    Parameters
    ----------
    maps : ndarray, shape (..., height, width)
    side : int

    Examples
    --------
    >>> max_pool(np.array([[1, 0, 2, 3], [4, 6, 6, 8], [3, 1, 1, 0], [1, 2, 2, 4]]))
    array([[6, 8],
           [3, 4]])
    """
    h, w = maps.shape[-2] // side, maps.shape[-1] // side
    if side < 1 or h < 1 or w < 1:
        raise ValueError(
            f"max_pool: expected tiles no larger than the maps; got side {side}, {maps.shape}"
        )
    cut = maps[..., : h * side, : w * side]
    return cut.reshape(*maps.shape[:-2], h, side, w, side).max(axis=(-3, -1))


def shifted(images: np.ndarray, right: int, down: int = 0) -> np.ndarray:
    """Return pictures moved by whole pixels; what moves in is 0, what moves out is lost.

    Examples
    --------
    >>> shifted(np.array([[[1, 2], [3, 4]]]), 1)
    array([[[0, 1],
            [0, 3]]])
    """
    height, width = images.shape[1:3]
    if abs(right) >= width or abs(down) >= height:
        raise ValueError(
            f"shifted: expected shifts smaller than {height} × {width}; got {down} and {right}"
        )
    moved = np.zeros_like(images)
    rows = slice(max(down, 0), height + min(down, 0)), slice(max(-down, 0), height - max(down, 0))
    columns = (
        slice(max(right, 0), width + min(right, 0)),
        slice(max(-right, 0), width - max(right, 0)),
    )
    moved[:, rows[0], columns[0]] = images[:, rows[1], columns[1]]
    return moved


def normal_equations(
    images: np.ndarray, targets: np.ndarray, side: int
) -> tuple[np.ndarray, np.ndarray]:
    r"""Return A and c of the least-squares problem :math:`A k = c` for a kernel.

    Parameters
    ----------
    images : ndarray, shape (n, height, width)
    targets : ndarray, shape (n, height - side + 1, width - side + 1)
    side : int

    Returns
    -------
    A : ndarray, shape (side², side²)
        Mean products of pixels in a patch.
    c : ndarray, shape (side²,)

    Examples
    --------
    >>> x = np.random.default_rng(0).normal(size=(2, 9, 9))
    >>> a, c = normal_equations(x, convolve(x, binomial_kernel(3)), 3)
    >>> np.allclose(np.linalg.solve(a, c).reshape(3, 3), binomial_kernel(3))
    True
    """
    rows = patches(images[..., None], side=side, step=1).reshape(-1, side * side)
    if rows.shape[0] != targets.size:
        raise ValueError(
            f"normal_equations: expected {rows.shape[0]} target pixels for these pictures and "
            f"side {side}; got shape {targets.shape}"
        )
    return rows.T @ rows / len(rows), rows.T @ targets.ravel() / len(rows)


def descend(a: np.ndarray, c: np.ndarray, *, steps: int, rate: float) -> np.ndarray:
    r"""Return the kernel after gradient descent on :math:`\frac12 k^{\mathsf T}Ak - c^{\mathsf T}k`.

    Starts at 0. The error along an eigenvector of A shrinks by ``1 - rate * eigenvalue`` a step.

    Examples
    --------
    >>> descend(np.eye(1), np.ones(1), steps=2, rate=0.5)
    array([0.75])
    """
    k = np.zeros_like(c)
    for _ in range(steps):
        k = k - rate * (a @ k - c)
    return k
