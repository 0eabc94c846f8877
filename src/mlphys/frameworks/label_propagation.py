r"""A few labels spread over many examples: the harmonic function on a graph of neighbors.

Rows are joined to their nearest neighbors with weights :math:`W_{ij}`. An unlabeled row takes the
weighted mean of its neighbors, :math:`f_i = \sum_j W_{ij} f_j / \sum_j W_{ij}`; labeled rows are
held fixed. That is Laplace's equation with boundary values, a resistor network whose nodes take
the voltages, or the chance that a random walk from i first meets a label of that class. In
matrices, with u for unlabeled and l for labeled, :math:`(D_{uu} - W_{uu}) f_u = W_{ul} f_l`.

With few labels the solution is nearly level far from them, with a spike at each, and the largest
share then says little: a class whose labeled row sits in a crowd wins nearly everywhere. To divide
each class's shares by their sum over the unlabeled rows (*class mass normalization*) cures that.

Chapter: ``book/frameworks/landscape.md``.

References
----------
Zhu, Ghahramani and Lafferty, ICML (2003) 912; Nadler, Srebro and Zhou, NeurIPS (2009) 1330.
"""

from __future__ import annotations

import numpy as np

from mlphys.frameworks.clusters import squared_distances

__all__ = ["equal_masses", "neighbor_graph", "propagate"]


def neighbor_graph(x: np.ndarray, *, k: int = 8) -> np.ndarray:
    """Return symmetric weights W, shape (n, n), between rows and their k nearest neighbors.

    The weight is a Gaussian of the distance, in units of the mean distance to the k-th neighbor.
    Two rows are joined if either counts the other among its neighbors.

    Raises
    ------
    ValueError
        If k is not from 1 to n - 1.

    Examples
    --------
    >>> w = neighbor_graph(np.array([[0.0], [1], [3]]), k=1)
    >>> (w > 0).tolist()
    [[False, True, False], [True, False, True], [False, True, False]]
    """
    if not 1 <= k < len(x):
        raise ValueError(f"neighbor_graph: expected 1 <= k < n = {len(x)}; got k = {k}")
    d = squared_distances(x, x)
    np.fill_diagonal(d, np.inf)
    near = np.argsort(d, axis=1, kind="stable")[:, :k]
    kth = np.sqrt(np.take_along_axis(d, near[:, -1:], axis=1)).mean()
    joined = np.zeros(d.shape, bool)
    np.put_along_axis(joined, near, True, axis=1)
    return np.where(joined | joined.T, np.exp(-d / (2 * kth**2)), 0.0)


def propagate(weights: np.ndarray, labels: np.ndarray, *, classes: int) -> np.ndarray:
    """Return the share of each class at each node, shape (n, classes).

    Parameters
    ----------
    weights : ndarray, shape (n, n)
        Symmetric, not negative.
    labels : ndarray of int, shape (n,)
        The class, or -1 where it is not known.
    classes : int

    Returns
    -------
    ndarray
        Rows sum to 1, save those of nodes that no path joins to a label: these are 0.

    Raises
    ------
    ValueError
        If no node has a label, a label is no class, or shapes disagree.

    Examples
    --------
    A chain of four, its ends labeled: the potential falls evenly.

    >>> chain = np.eye(4, k=1) + np.eye(4, k=-1)
    >>> propagate(chain, np.array([0, -1, -1, 1]), classes=2)[:, 1].round(6).tolist()
    [0.0, 0.333333, 0.666667, 1.0]
    """
    if weights.shape != (len(labels), len(labels)):
        raise ValueError(
            f"propagate: expected weights for {len(labels)} nodes; got {weights.shape}"
        )
    known = labels >= 0
    if not known.any() or labels.max() >= classes:
        raise ValueError(
            f"propagate: expected labels from 0 to {classes - 1}, or -1 for unknown, at least one "
            f"known; got values {np.unique(labels).tolist()}"
        )
    shares = np.zeros((len(labels), classes))
    shares[known, labels[known]] = 1
    reached = _reached(weights, known)
    free = reached & ~known
    laplacian = np.diag(weights.sum(axis=1)) - weights
    sources = weights[np.ix_(free, known)] @ shares[known]
    shares[free] = np.linalg.solve(laplacian[np.ix_(free, free)], sources)
    return shares


def equal_masses(shares: np.ndarray) -> np.ndarray:
    """Return shares whose columns sum to one value each: no class wins by a level offset.

    To be taken of the unlabeled rows. A column of zeros stays.

    Examples
    --------
    >>> equal_masses(np.array([[0.6, 0.4], [0.9, 0.1]])).argmax(axis=1).tolist()
    [1, 0]
    """
    mass = shares.sum(axis=0)
    return shares / np.where(mass > 0, mass, 1)


def _reached(weights: np.ndarray, known: np.ndarray) -> np.ndarray:
    reached = known.copy()
    while True:
        wider = reached | (weights[:, reached] > 0).any(axis=1)
        if np.array_equal(wider, reached):
            return reached
        reached = wider
