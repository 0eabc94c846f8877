r"""Shuffle the pixels of all pictures in one and the same way: who notices?

A permutation :math:`\pi` sends pixel :math:`\pi_i` to place i. A dense net with its first weights
permuted the same way computes the same function of the shuffled picture, and gradient descent keeps
the two in step. A convolutional net has no such freedom: its weights know which pixels are
neighbors.

Chapter: ``book/learning/representation.md``.
"""

from __future__ import annotations

import numpy as np

from mlphys.learning.deep_net import DeepNet

__all__ = ["neighbor_correlation", "permute_first_layer", "permute_pixels"]


def permute_pixels(images: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Return pictures whose pixel i is pixel ``order[i]`` of the given ones.

    Parameters
    ----------
    images : ndarray, shape (n, height, width)
    order : ndarray of int, shape (height * width,)
        A permutation.

    Raises
    ------
    ValueError
        If ``order`` is no permutation of the pixels.

    Examples
    --------
    >>> permute_pixels(np.array([[[1, 2], [3, 4]]]), np.array([3, 0, 1, 2]))
    array([[[4, 1],
            [2, 3]]])
    """
    flat = images.reshape(len(images), -1)
    if not np.array_equal(np.sort(order), np.arange(flat.shape[1])):
        raise ValueError(
            f"permute_pixels: expected a permutation of {flat.shape[1]} pixels, such as "
            "rng.permutation makes"
        )
    return flat[:, order].reshape(images.shape)


def permute_first_layer(net: DeepNet, order: np.ndarray) -> None:
    """Move the first weights of a net in place, so that it reads shuffled pictures as before.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> net, x, order = DeepNet((6, 3, 2), rng=rng, dtype=np.float64), rng.normal(size=(4, 6)), rng.permutation(6)
    >>> before = net.logits(x)
    >>> permute_first_layer(net, order)
    >>> np.allclose(net.logits(x[:, order]), before, rtol=0, atol=1e-14)
    True
    """
    weights = net.layers[0].weights
    if order.shape != (weights.shape[0],):
        raise ValueError(
            f"permute_first_layer: expected a permutation of {weights.shape[0]} inputs; "
            f"got shape {order.shape}"
        )
    weights[:] = weights[order]


def neighbor_correlation(images: np.ndarray) -> float:
    """Return the correlation of horizontal and vertical neighbors, over all pixels and pictures.

    Of each pixel the mean over the pictures is taken off first.

    Parameters
    ----------
    images : ndarray, shape (n, height, width)

    Examples
    --------
    >>> noise = np.random.default_rng(0).normal(size=(500, 20, 20))
    >>> abs(neighbor_correlation(noise)) < 0.01
    True
    """
    off = images - images.mean(axis=0)
    left, right = off[:, :, :-1], off[:, :, 1:]
    upper, lower = off[:, :-1], off[:, 1:]
    products = (left * right).sum() + (upper * lower).sum()
    first = (left**2).sum() + (upper**2).sum()
    second = (right**2).sum() + (lower**2).sum()
    return float(products / np.sqrt(first * second))
