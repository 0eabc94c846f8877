r"""k-means: heaps and their centers, found in turns.

A point belongs to the nearest center, a center is the mean of its points; repeat. Neither half can
raise the sum of squared distances (the *inertia*), and there are finitely many ways to share out
the points, so that the turns end. Where they end depends on the start.

Chapter: ``book/frameworks/landscape.md``.

References
----------
Lloyd, IEEE Trans. Inf. Theory 28 (1982) 129; Arthur and Vassilvitskii, SODA (2007) 1027.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

__all__ = ["Clusters", "k_means", "purity", "squared_distances"]


class Clusters(NamedTuple):
    """``centers`` (k, d), ``labels`` (n,) from 0 to k - 1, the inertia after each turn."""

    centers: np.ndarray
    labels: np.ndarray
    inertia: np.ndarray


def squared_distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the squared distance of each row of ``a`` to each row of ``b``, shape (n, m).

    Examples
    --------
    >>> squared_distances(np.array([[0.0, 0]]), np.array([[3.0, 4], [0, 1]])).tolist()
    [[25.0, 1.0]]
    """
    square = (a * a).sum(1)[:, None] + (b * b).sum(1) - 2 * a @ b.T
    return np.maximum(square, 0)  # rounding may leave -1e-16


def k_means(
    x: np.ndarray, k: int, *, rng: np.random.Generator, spread_start: bool = True, turns: int = 300
) -> Clusters:
    """Return k heaps of the rows of ``x``.

    Parameters
    ----------
    x : ndarray, shape (n, d)
    k : int
    rng : numpy.random.Generator
        Draws the start.
    spread_start : bool
        Draw each further center with a probability in proportion to the squared distance from
        those that are there (k-means++); False draws k rows alike.
    turns : int
        Largest number of turns.

    Raises
    ------
    ValueError
        If k is not from 1 to n.

    Examples
    --------
    >>> x = np.array([[0.0], [1], [10], [11]])
    >>> found = k_means(x, 2, rng=np.random.default_rng(0))
    >>> sorted(found.centers.ravel().tolist()), float(found.inertia[-1])
    ([0.5, 10.5], 1.0)
    """
    if x.ndim != 2 or not 1 <= k <= len(x):
        raise ValueError(
            f"k_means: expected x of shape (n, d) and 1 <= k <= n; got {x.shape}, k = {k}"
        )
    centers, history, labels = _start(x, k, rng, spread_start), [], None
    for _ in range(turns):
        distances = squared_distances(x, centers)
        nearest = distances.argmin(axis=1)
        history.append(distances.min(axis=1).sum())
        if labels is not None and np.array_equal(nearest, labels):
            break
        labels = nearest
        for j in range(k):
            if np.any(labels == j):  # a center that nobody chose stays where it is
                centers[j] = x[labels == j].mean(axis=0)
    return Clusters(centers, nearest, np.array(history))


def purity(clusters: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of points that carry the commonest label of their heap.

    Examples
    --------
    >>> purity(np.array([0, 0, 0, 1]), np.array([7, 7, 8, 8]))
    0.75
    """
    return float(
        sum(np.bincount(labels[clusters == j]).max() for j in np.unique(clusters)) / len(labels)
    )


def _start(x: np.ndarray, k: int, rng: np.random.Generator, spread: bool) -> np.ndarray:
    if not spread:
        return x[rng.choice(len(x), k, replace=False)].astype(float)
    chosen = [int(rng.integers(len(x)))]
    for _ in range(k - 1):
        d = squared_distances(x, x[chosen]).min(axis=1)
        chosen.append(int(rng.choice(len(x), p=d / d.sum())) if d.sum() else chosen[0])
    return x[chosen].astype(float)
