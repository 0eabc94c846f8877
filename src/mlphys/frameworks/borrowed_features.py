"""Features that a net learned on some digits, put to use on others with a few labels.

A small net learns five digits from many labels. Its hidden layer then describes pictures of the
other five, and a linear rule (ridge regression on one-hot targets) learns these from a handful.
The rivals are the same net before training, and the raw pixels.

Chapter: ``book/frameworks/landscape.md``.
"""

from __future__ import annotations

import numpy as np

from mlphys.learning.deep_net import DeepNet
from mlphys.learning.optimizers import adam

__all__ = ["borrowed_features", "hidden_layer", "ridge_guess"]

WIDTH, BATCH, RATE, RIDGE = 100, 50, 3e-3, 10.0


def borrowed_features(
    x: np.ndarray,
    y: np.ndarray,
    *,
    rng: np.random.Generator,
    shown: int = 3,
    epochs: int = 15,
) -> tuple[float, float, float]:
    """Return the shares right on five digits, ``shown`` labels each: trained, untrained, pixels.

    Which five of the ten the net was trained on is drawn.

    Parameters
    ----------
    x : ndarray, shape (n, d)
    y : ndarray of int, shape (n,)
        Digits 0 to 9.
    rng : numpy.random.Generator
    shown : int
        Labels of each new digit.
    epochs : int
    """
    x = ((x - x.mean()) / x.std()).astype(np.float32)
    order = rng.permutation(10)
    known, place = np.isin(y, order[:5]), np.argsort(order)
    net, fresh = (DeepNet((x.shape[1], WIDTH, 5), rng=rng) for _ in range(2))
    _train(net, x[known], place[y[known]], epochs, rng)
    rows = rng.permutation(np.flatnonzero(~known))
    labels = place[y[rows]] - 5
    first = np.concatenate([np.flatnonzero(labels == k)[:shown] for k in range(5)])
    rest = np.setdiff1d(np.arange(len(rows)), first)
    right = []
    for features in (hidden_layer(net, x[rows]), hidden_layer(fresh, x[rows]), x[rows]):
        guess = ridge_guess(features[first], labels[first], features[rest])
        right.append(float((guess == labels[rest]).mean()))
    return right[0], right[1], right[2]


def hidden_layer(net: DeepNet, x: np.ndarray) -> np.ndarray:
    """Return what the first layer of a net makes of each row, shape (n, width).

    Examples
    --------
    >>> net = DeepNet((4, 3, 2), rng=np.random.default_rng(0))
    >>> hidden_layer(net, np.zeros((5, 4), np.float32)).shape
    (5, 3)
    """
    z = x @ net.layers[0].weights + net.layers[0].offsets
    net.activation.value(z, z)
    return z


def ridge_guess(x: np.ndarray, labels: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Return classes for ``new`` rows, by ridge regression on the one-hot labels of ``x``.

    Features are centered by the mean and divided by the common deviation of ``x``.

    Examples
    --------
    >>> ridge_guess(np.array([[0.0], [1], [9], [10]]), np.array([0, 0, 1, 1]), np.array([[8.0]]))
    array([1])
    """
    mean, scale = x.mean(axis=0), x.std()
    a, b = ((np.asarray(z, float) - mean) / scale for z in (x, new))
    a, b = (np.column_stack([z, np.ones(len(z))]) for z in (a, b))
    targets = np.eye(labels.max() + 1)[labels]
    return (b @ np.linalg.solve(a.T @ a + RIDGE * np.eye(a.shape[1]), a.T @ targets)).argmax(axis=1)


def _train(net, x, labels, epochs, rng):
    rule = adam()
    state = rule.init(net.parameters)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), BATCH):
            part = order[start : start + BATCH]
            net.loss_and_gradient(x[part], labels[part])
            state = rule.update(net.parameters, net.gradient, state, RATE)
