r"""t-SNE, exact: a map in the plane on which near neighbors stay near.

For rows :math:`x_i` the share of attention that i pays to j is
:math:`p_{j|i} \propto e^{-|x_i - x_j|^2 / 2\sigma_i^2}`, with :math:`\sigma_i` chosen so that the
entropy of :math:`p_{\cdot|i}` is the log of the *perplexity*; :math:`p_{ij}` is the symmetric mean,
divided by n. On the map :math:`q_{ij} \propto 1/(1 + |y_i - y_j|^2)`. The map minimizes
:math:`\mathrm{KL} = \sum p_{ij} \log(p_{ij}/q_{ij})`, in nats, by descent along

.. math:: \partial\mathrm{KL}/\partial y_i = 4 \sum_j (p_{ij} - q_{ij})(y_i - y_j)/(1 + |y_i - y_j|^2).

All n² pairs are visited: meant for n up to a thousand.

Chapter: ``book/frameworks/landscape.md``.

References
----------
van der Maaten and Hinton, Journal of Machine Learning Research 9 (2008) 2579.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mlphys.frameworks.clusters import squared_distances
from mlphys.frameworks.principal_axes import principal_axes

__all__ = ["NeighborMap", "affinities", "divergence", "neighbor_map", "same_neighbors"]

SMALL = 1e-12
EXAGGERATION, EXAGGERATED = 12.0, 150  # attraction is that much stronger in the first steps


class NeighborMap(NamedTuple):
    """Points ``y`` of the map, shape (n, 2), and the divergence (nats) at the end."""

    y: np.ndarray
    divergence: float


def affinities(x: np.ndarray, *, perplexity: float = 30.0) -> np.ndarray:
    """Return the symmetric p of all pairs, shape (n, n), of sum 1.

    Raises
    ------
    ValueError
        If the perplexity is not between 1 and n - 1.

    Examples
    --------
    >>> p = affinities(np.arange(5.0)[:, None], perplexity=2.0)
    >>> bool(np.isclose(p.sum(), 1)), bool(p[0, 1] > p[0, 2])
    (True, True)
    """
    n = len(x)
    if not 1 < perplexity < n - 1:
        raise ValueError(
            f"affinities: expected 1 < perplexity < n - 1 = {n - 2}; got {perplexity}. "
            "It is the number of neighbors that count"
        )
    d = squared_distances(x, x)
    np.fill_diagonal(d, np.inf)
    d = d - d.min(axis=1, keepdims=True)
    np.fill_diagonal(d, np.inf)
    scale = np.where(np.isfinite(d), d, 0).mean(axis=1) + SMALL
    low, high = np.full(n, -30.0), np.full(n, 30.0)  # log of the precision, by bisection
    for _ in range(50):
        middle = (low + high) / 2
        p = np.exp(-d * (np.exp(middle) / scale)[:, None])
        p /= p.sum(axis=1, keepdims=True)
        entropy = -(p * np.log(p + (p == 0))).sum(axis=1)
        flat = entropy > np.log(perplexity)  # attends to too many: sharpen
        low, high = np.where(flat, middle, low), np.where(flat, high, middle)
    return (p + p.T) / (2 * n)


def divergence(y: np.ndarray, p: np.ndarray) -> tuple[float, np.ndarray]:
    """Return KL(p, q) in nats of the map ``y``, and its gradient, of the shape of ``y``.

    Examples
    --------
    >>> y = np.array([[0.0, 0], [1, 0], [0, 1]])
    >>> p = (1 - np.eye(3)) / 6
    >>> value, slope = divergence(y, p)
    >>> value > 0, slope.sum(axis=0).round(12).tolist()
    (True, [0.0, 0.0])
    """
    weight = 1 / (1 + squared_distances(y, y))
    np.fill_diagonal(weight, 0)
    q = np.maximum(weight / weight.sum(), SMALL)
    pull = (p - q) * weight
    value = (p * np.log(np.maximum(p, SMALL) / q)).sum()
    return float(value), 4 * (pull.sum(axis=1)[:, None] * y - pull @ y)


def neighbor_map(x: np.ndarray, *, perplexity: float = 30.0, steps: int = 600) -> NeighborMap:
    """Return the map of the rows of ``x``, started from their first two principal components.

    Parameters
    ----------
    x : ndarray, shape (n, d)
    perplexity : float
        The number of neighbors that count.
    steps : int
        Of gradient descent with momentum and a gain for every coordinate, as in the paper.

    Raises
    ------
    ValueError
        As :func:`affinities`.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x = np.vstack([rng.normal(size=(20, 5)), 9 + rng.normal(size=(20, 5))])
    >>> y = neighbor_map(x, perplexity=8, steps=300).y
    >>> float(same_neighbors(y, np.arange(40) // 20, k=5))
    1.0
    """
    p = affinities(x, perplexity=perplexity)
    y = principal_axes(x, 2).encode(x)
    y = 1e-4 * y / y[:, 0].std()
    velocity, gain = np.zeros_like(y), np.ones_like(y)
    rate = max(len(x) / EXAGGERATION / 4, 50.0)
    for i in range(steps):
        early = i < EXAGGERATED
        _, slope = divergence(y, p * EXAGGERATION if early else p)
        gain = np.where(slope * velocity < 0, gain + 0.2, np.maximum(0.8 * gain, 0.01))
        velocity = (0.5 if early else 0.8) * velocity - rate * gain * slope
        y = y + velocity
    return NeighborMap(y - y.mean(axis=0), divergence(y, p)[0])


def same_neighbors(y: np.ndarray, labels: np.ndarray, *, k: int = 10) -> float:
    """Return how often one of the k nearest points carries one's own label, in 0 to 1.

    Examples
    --------
    >>> same_neighbors(np.array([[0.0], [1], [5], [6]]), np.array([0, 0, 1, 1]), k=1)
    1.0
    """
    d = squared_distances(y, y)
    np.fill_diagonal(d, np.inf)
    near = np.argsort(d, axis=1, kind="stable")[:, :k]
    return float((labels[near] == labels[:, None]).mean())
