r"""Dropout as an average over subnetworks, with every subnetwork counted.

Dropout on n hidden units trains :math:`2^n` subnetworks that share their weights; the answer is
given by the whole net with all activities at their mean. For one hidden layer below a softmax that
answer is an average exactly: the logits of a subnetwork with mask m are :math:`(m \circ h) W / q + b`
(q: the probability to keep a unit), their mean over the masks is :math:`h W + b`, and the softmax of
mean logits is the normalized *geometric* mean of the subnetworks' probabilities. The arithmetic mean
of the probabilities is another average, and a deeper net has neither exactly.

Chapter: ``book/frameworks/architecture.md``.

References
----------
Srivastava et al., J. Mach. Learn. Res. 15 (2014) 1929; Baldi and Sadowski, Adv. Neural Inf.
Process. Syst. 26 (2013) 2814.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mlphys.learning.losses import softmax
from mlphys.learning.representation import relu_net

__all__ = ["Census", "all_masks", "census", "geometric_mean", "mask_weights",
           "subnetwork_probabilities"]  # fmt: skip

MOST = 14  # units: 16,384 subnetworks


def all_masks(units: int) -> np.ndarray:
    """Return every way to keep or drop units, bool array of shape (2**units, units).

    Examples
    --------
    >>> all_masks(2).astype(int)
    array([[0, 0],
           [1, 0],
           [0, 1],
           [1, 1]])
    """
    if not 1 <= units <= MOST:
        raise ValueError(
            f"all_masks: expected 1 to {MOST} units; got {units}. Draw masks at random for more"
        )
    return (np.arange(2**units)[:, None] >> np.arange(units)) % 2 == 1


def mask_weights(masks: np.ndarray, *, keep: float) -> np.ndarray:
    """Return the probability of each mask if units are kept independently, shape (masks,).

    Examples
    --------
    >>> mask_weights(all_masks(2), keep=0.75)
    array([0.0625, 0.1875, 0.1875, 0.5625])
    """
    if not 0 < keep < 1:
        raise ValueError(f"mask_weights: expected keep between 0 and 1; got {keep}")
    kept = masks.sum(axis=1)
    return keep**kept * (1 - keep) ** (masks.shape[1] - kept)


def subnetwork_probabilities(
    layers: Sequence[tuple[np.ndarray, np.ndarray]], x: np.ndarray, *, keep: float
) -> np.ndarray:
    """Return the probabilities of every subnetwork of a ReLU net with one hidden layer.

    Parameters
    ----------
    layers : two pairs (weights, offsets)
    x : ndarray, shape (n, inputs)
    keep : float
        Kept activities are divided by it, as in training.

    Returns
    -------
    ndarray, shape (subnetworks, n, classes)

    Examples
    --------
    >>> net = [(np.eye(2), np.zeros(2)), (np.eye(2), np.zeros(2))]
    >>> subnetwork_probabilities(net, np.zeros((3, 2)), keep=0.5).shape
    (4, 3, 2)
    """
    if len(layers) != 2:
        raise ValueError(
            f"subnetwork_probabilities: expected one hidden layer, so two pairs; got {len(layers)}"
        )
    (w1, b1), (w2, b2) = layers
    hidden = np.maximum(x @ w1 + b1, 0)
    masks = all_masks(hidden.shape[1])
    return np.stack([softmax((hidden * mask / keep) @ w2 + b2) for mask in masks])


def geometric_mean(p: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weighted geometric mean over the first axis, normalized over the last one.

    Parameters
    ----------
    p : ndarray, shape (subnetworks, n, classes)
        Probabilities above 0.
    weights : ndarray, shape (subnetworks,)
        With sum 1.

    Examples
    --------
    >>> p = np.array([[[0.5, 0.5]], [[0.9, 0.1]]])
    >>> geometric_mean(p, np.array([0.5, 0.5])).round(3)
    array([[0.75, 0.25]])
    """
    return softmax(np.tensordot(weights, np.log(p), axes=1))


class Census(NamedTuple):
    """What all subnetworks of a net say together, against the whole net.

    Attributes
    ----------
    members : ndarray, shape (subnetworks,)
        Examples that each names rightly, in percent.
    weights : ndarray, shape (subnetworks,)
        Probability of each.
    whole : float
        Examples that the whole net names rightly, in percent.
    geometric_gap, arithmetic_gap : float
        Largest difference between a probability of the whole net and that mean over the members.
    """

    members: np.ndarray
    weights: np.ndarray
    whole: float
    geometric_gap: float
    arithmetic_gap: float


def census(
    layers: Sequence[tuple[np.ndarray, np.ndarray]],
    x: np.ndarray,
    labels: np.ndarray,
    *,
    keep: float,
) -> Census:
    """Ask every subnetwork of a ReLU net with one hidden layer, and the whole net.

    Parameters
    ----------
    layers : two pairs (weights, offsets)
    x : ndarray, shape (n, inputs)
    labels : ndarray of int, shape (n,)
    keep : float
        Probability to keep a unit.

    Examples
    --------
    >>> net = [(np.eye(2), np.zeros(2)), (np.eye(2), np.zeros(2))]
    >>> found = census(net, np.array([[1.0, 0.5]]), np.array([0]), keep=0.5)
    >>> found.members, found.whole
    (array([100., 100.,   0., 100.]), 100.0)
    """
    p = subnetwork_probabilities(layers, x, keep=keep)
    weights = mask_weights(all_masks(layers[0][0].shape[1]), keep=keep)
    whole = softmax(relu_net(layers, x))
    return Census(
        100 * (p.argmax(axis=2) == labels).mean(axis=1),
        weights,
        float(100 * (whole.argmax(axis=1) == labels).mean()),
        float(np.abs(geometric_mean(p, weights) - whole).max()),
        float(np.abs(np.tensordot(weights, p, axes=1) - whole).max()),
    )
