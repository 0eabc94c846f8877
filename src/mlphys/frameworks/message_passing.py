r"""A graph net: every node mixes its own features with the mean of its neighbors', in rounds.

One round is :math:`h_i' = \tanh(h_i W_s + \bar h_{N(i)} W_n)`. Renaming the nodes renames the
result, and nothing else. What such a net cannot see: graphs in which every node has the same
surroundings at every depth, such as one ring of six and two rings of three.

Chapter: ``book/frameworks/landscape.md``.

References
----------
Scarselli et al., IEEE Trans. Neural Networks 20 (2009) 61; Xu et al., ICLR (2019).
"""

from __future__ import annotations

import numpy as np

__all__ = ["message_round", "neighbor_means", "read_out", "ring", "two_groups"]


def neighbor_means(h: np.ndarray, adjacency: np.ndarray) -> np.ndarray:
    """Return the mean of the neighbors' features, shape (n, d); 0 for a node without any.

    Examples
    --------
    >>> path = np.array([[0.0, 1, 0], [1, 0, 1], [0, 1, 0]])
    >>> neighbor_means(np.array([[1.0], [2], [5]]), path).ravel().tolist()
    [2.0, 3.0, 2.0]
    """
    return adjacency @ h / np.maximum(adjacency.sum(axis=1, keepdims=True), 1)


def message_round(
    h: np.ndarray, adjacency: np.ndarray, own: np.ndarray, others: np.ndarray
) -> np.ndarray:
    """Return the features after one round, shape (n, e).

    Parameters
    ----------
    h : ndarray, shape (n, d)
    adjacency : ndarray, shape (n, n)
        1 where an edge is, symmetric.
    own, others : ndarray, shape (d, e)

    Raises
    ------
    ValueError
        If the adjacency is not symmetric or does not fit.

    Examples
    --------
    >>> message_round(np.ones((3, 1)), ring(3), np.eye(1), np.eye(1)).round(3).ravel().tolist()
    [0.964, 0.964, 0.964]
    """
    if adjacency.shape != (len(h), len(h)) or not np.array_equal(adjacency, adjacency.T):
        raise ValueError(
            f"message_round: expected a symmetric adjacency for {len(h)} nodes; got shape "
            f"{adjacency.shape}"
        )
    return np.tanh(h @ own + neighbor_means(h, adjacency) @ others)


def read_out(h: np.ndarray) -> np.ndarray:
    """Return one vector for the whole graph: the sum over nodes, shape (d,).

    Examples
    --------
    >>> read_out(np.array([[1.0, 2], [3, 4]])).tolist()
    [4.0, 6.0]
    """
    return h.sum(axis=0)


def ring(n: int) -> np.ndarray:
    """Return the adjacency of n nodes in a circle, n at least 3.

    Examples
    --------
    >>> ring(3).sum(axis=0).tolist()
    [2.0, 2.0, 2.0]
    """
    if n < 3:
        raise ValueError(f"ring: expected n >= 3; got {n}")
    step = np.roll(np.eye(n), 1, axis=1)
    return step + step.T


def two_groups(
    n: int, *, inside: float, across: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return a random graph of two equal groups: adjacency (n, n) and group ±1 of each node.

    Parameters
    ----------
    n : int
        Even.
    inside, across : float
        Chance of an edge between two nodes of one group, of two groups.
    rng : numpy.random.Generator

    Examples
    --------
    >>> graph, group = two_groups(6, inside=1.0, across=0.0, rng=np.random.default_rng(0))
    >>> graph.sum(axis=0).tolist(), group.tolist()
    ([2.0, 2.0, 2.0, 2.0, 2.0, 2.0], [1, 1, 1, -1, -1, -1])
    """
    if n % 2 or not (0 <= inside <= 1 and 0 <= across <= 1):
        raise ValueError(
            f"two_groups: expected an even n and two probabilities; got {n}, {inside}, {across}"
        )
    group = np.repeat([1, -1], n // 2)
    chance = np.where(np.equal.outer(group, group), inside, across)
    upper = np.triu(rng.random((n, n)) < chance, 1)
    return (upper | upper.T).astype(float), group
