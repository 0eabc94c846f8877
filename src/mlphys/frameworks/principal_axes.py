r"""The directions along which data spread most: principal components, and the net that finds them.

Rows of ``x`` are examples, shape (n, d). With the mean taken off, the covariance is
:math:`C = X^T X / n`; its eigenvectors are the principal directions, its eigenvalues the variances
along them. A net without curvature, :math:`\hat x = \bar x + (x - \bar x) E D` with ``E`` of shape
(d, k) and ``D`` of shape (k, d), that learns to return its input ends in the same subspace.

Chapter: ``book/frameworks/landscape.md``.

References
----------
Pearson, Philosophical Magazine 2 (1901) 559; Baldi and Hornik, Neural Networks 2 (1989) 53.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

__all__ = ["Axes", "LinearAutoencoder", "principal_axes", "subspace_angle", "train_autoencoder"]


class Axes(NamedTuple):
    """Where data lie: ``mean`` (d,), ``directions`` (k, d) in rows, ``variances`` (k,), falling."""

    mean: np.ndarray
    directions: np.ndarray
    variances: np.ndarray

    def encode(self, x: np.ndarray) -> np.ndarray:
        """Return the k coordinates of each row, shape (n, k)."""
        return (x - self.mean) @ self.directions.T

    def decode(self, z: np.ndarray) -> np.ndarray:
        """Return the points that have these coordinates, shape (n, d)."""
        return self.mean + z @ self.directions


class LinearAutoencoder(NamedTuple):
    """A trained net: ``mean`` (d,), ``encoder`` (d, k), ``decoder`` (k, d), losses by step."""

    mean: np.ndarray
    encoder: np.ndarray
    decoder: np.ndarray
    losses: np.ndarray

    def decode(self, z: np.ndarray) -> np.ndarray:
        """Return the points that have the codes ``z``, shape (n, d)."""
        return self.mean + z @ self.decoder

    def encode(self, x: np.ndarray) -> np.ndarray:
        """Return the codes of each row, shape (n, k)."""
        return (x - self.mean) @ self.encoder


def principal_axes(x: np.ndarray, k: int) -> Axes:
    """Return the k directions of largest variance, by the eigenvectors of the covariance.

    Raises
    ------
    ValueError
        If ``x`` is no table of at least two rows, or k is not from 1 to d.

    Examples
    --------
    >>> axes = principal_axes(np.array([[0.0, 0], [3, 4], [6, 8]]), 1)
    >>> axes.variances.round(9).tolist(), np.abs(axes.directions).round(9).tolist()
    ([16.666666667], [[0.6, 0.8]])
    """
    _check(x, k)
    mean = x.mean(axis=0)
    centered = x - mean
    variances, vectors = np.linalg.eigh(centered.T @ centered / len(x))
    return Axes(mean, vectors[:, ::-1][:, :k].T, variances[::-1][:k])


def train_autoencoder(
    x: np.ndarray,
    k: int,
    *,
    rng: np.random.Generator,
    steps: int = 2000,
    learning_rate: float = 0.5,
) -> LinearAutoencoder:
    """Return encoder and decoder after gradient descent on the mean squared error of a row.

    Parameters
    ----------
    x : ndarray, shape (n, d)
    k : int
        Width of the waist.
    rng : numpy.random.Generator
        Draws the start.
    steps : int
    learning_rate : float
        In units of one over the largest variance; descent leaves the valley above about 1.

    Raises
    ------
    ValueError
        As :func:`principal_axes`.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=(200, 3)) * [3.0, 2.0, 0.1]
    >>> net = train_autoencoder(x, 2, rng=rng)
    >>> subspace_angle(net.decoder, principal_axes(x, 2).directions) < 1e-3
    True
    """
    _check(x, k)
    mean = x.mean(axis=0)
    covariance = (x - mean).T @ (x - mean) / len(x)
    step = learning_rate / np.linalg.eigvalsh(covariance)[-1]
    e, d = (
        0.5 * rng.normal(size=shape) / np.sqrt(x.shape[1])
        for shape in ((x.shape[1], k), (k, x.shape[1]))
    )
    losses = np.empty(steps)
    for i in range(steps):
        rest = np.eye(len(covariance)) - e @ d  # what the waist loses
        losses[i] = np.einsum("ij,ik,kj->", rest, covariance, rest, optimize=True)
        slope = covariance @ rest  # half of the gradient by e @ d, with the sign turned
        e, d = e + step * slope @ d.T, d + step * e.T @ slope
    return LinearAutoencoder(mean, e, d, losses)


def subspace_angle(a: np.ndarray, b: np.ndarray) -> float:
    """Return the largest angle in radians between the spans of the rows of ``a`` and ``b``.

    Examples
    --------
    >>> float(round(subspace_angle(np.array([[1.0, 0]]), np.array([[1.0, 1.0]])), 12))
    0.785398163397
    """
    qa, qb = (np.linalg.qr(rows.T)[0] for rows in (a, b))
    return float(np.arcsin(min(1.0, np.linalg.norm(qb - qa @ (qa.T @ qb), 2))))


def _check(x: np.ndarray, k: int) -> None:
    if x.ndim != 2 or len(x) < 2:
        raise ValueError(f"principal_axes: expected x of shape (n >= 2, d); got {x.shape}")
    if not 1 <= k <= x.shape[1]:
        raise ValueError(f"principal_axes: expected 1 <= k <= {x.shape[1]}; got k = {k}")
