r"""Cross-entropy from logits, in a form that neither overflows nor cancels.

For logits :math:`z` (natural-log odds up to a common constant) and the right class :math:`y`, the
loss of one example is :math:`-\log p_y` with :math:`p = \mathrm{softmax}(z)`. Everything here
starts from logits: a probability that has been rounded to 0 or 1 has lost what the loss needs.

Losses are in nats. Arrays of logits have shape ``(n, k)``, one row an example.

Chapter: ``book/learning/deep_net.md``.
"""

from __future__ import annotations

import numpy as np

__all__ = ["accuracy", "check_labels", "cross_entropy", "one_against_all_loss", "softmax"]


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return the probabilities of the classes, each row with sum 1.

    Parameters
    ----------
    logits : ndarray of float, shape (n, k)

    Returns
    -------
    ndarray, shape (n, k)
        Same dtype as ``logits``.

    Examples
    --------
    >>> softmax(np.array([[1000.0, 1001.0]])).round(6)
    array([[0.268941, 0.731059]])
    """
    _check_logits(logits)
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def cross_entropy(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    r"""Return :math:`-\log p_y` of every example, in nats.

    With :math:`m` the place of the largest logit, the loss is

    .. math:: (z_m - z_y) + \log\Bigl(1 + \sum_{j \ne m} e^{z_j - z_m}\Bigr) .

    Both terms are zero or positive, so nothing cancels, and no exponent is positive, so nothing
    overflows. A loss of 1e-30 comes out with as many right digits as one of 1.

    Parameters
    ----------
    logits : ndarray of float, shape (n, k)
    labels : ndarray of int, shape (n,), values in 0 ... k-1

    Returns
    -------
    ndarray of the dtype of ``logits``, shape (n,)

    Raises
    ------
    ValueError
        If the shapes do not belong together or a label is outside 0 ... k-1.

    Examples
    --------
    >>> cross_entropy(np.array([[0.0, 0.0], [50.0, 0.0], [0.0, 1e4]]), np.array([0, 0, 0]))
    array([6.93147181e-01, 1.92874985e-22, 1.00000000e+04])
    """
    _check_logits(logits)
    check_labels(labels, examples=len(logits), classes=logits.shape[1])
    rows = np.arange(len(logits))
    # Logits of single precision are worked on in double: ten columns cost nothing, digits do.
    z = logits.astype(np.float64, copy=False)
    top = z.argmax(axis=1)
    z_top = z[rows, top][:, None]
    below, lost = _difference(z, z_top)
    terms = np.exp(below) * (1 + lost)
    terms[rows, top] = 0.0
    gap = z_top[:, 0] - z[rows, labels]
    return (gap + np.log1p(terms.sum(axis=1))).astype(logits.dtype, copy=False)


def one_against_all_loss(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    r"""Return :math:`-\log p_y - \sum_{j \ne y} \log(1 - p_j)` of every example.

    This treats the ten softmax outputs as ten yes-or-no answers. It is not the length of a message
    that names the class, and its gradient differs from ``p - y``; it is here for comparison.

    Parameters
    ----------
    logits : ndarray of float, shape (n, k)
    labels : ndarray of int, shape (n,)

    Returns
    -------
    ndarray of float64, shape (n,)

    Notes
    -----
    :math:`1 - p_j = \sum_{i \ne j} p_i` is summed from its parts, because the difference rounds to
    zero where :math:`p_j` is close to 1.

    Examples
    --------
    >>> one_against_all_loss(np.log([[0.7, 0.2, 0.1]]), np.array([0])).round(6)
    array([0.685179])
    >>> round(float(-np.log(0.7) - np.log(0.8) - np.log(0.9)), 6)
    0.685179
    """
    right = cross_entropy(logits, labels).astype(np.float64)
    z = logits.astype(np.float64, copy=False)
    z = z - z.max(axis=1, keepdims=True)
    log_total = np.log(np.exp(z).sum(axis=1))
    wrong = np.zeros_like(right)
    for j in range(z.shape[1]):
        others = np.delete(z, j, axis=1)
        peak = others.max(axis=1)
        log_others = peak + np.log(np.exp(others - peak[:, None]).sum(axis=1))
        wrong -= np.where(labels == j, 0.0, log_others - log_total)
    return right + wrong


def accuracy(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the fraction of examples whose largest logit stands at the label.

    Examples
    --------
    >>> accuracy(np.array([[1.0, 2.0], [3.0, 0.0]]), np.array([1, 1]))
    0.5
    """
    _check_logits(logits)
    check_labels(labels, examples=len(logits), classes=logits.shape[1])
    return float(np.mean(logits.argmax(axis=1) == labels))


def check_labels(labels: np.ndarray, *, examples: int, classes: int) -> None:
    """Raise unless ``labels`` is a vector of class numbers that fits.

    Parameters
    ----------
    labels : ndarray of int, shape (examples,)
    examples, classes : int

    Raises
    ------
    ValueError
        If the shape, the dtype or a value is wrong; the message names the first bad position.

    Examples
    --------
    >>> check_labels(np.array([0, 10]), examples=2, classes=10)
    Traceback (most recent call last):
    ...
    ValueError: labels: expected class numbers 0 ... 9; got 10 at position 1 (counting from 0)
    """
    if labels.shape != (examples,) or labels.dtype.kind not in "iu":
        raise ValueError(
            f"labels: expected {examples} integers, shape ({examples},); "
            f"got shape {labels.shape} of {labels.dtype}. One class number for each example."
        )
    bad = np.flatnonzero((labels < 0) | (labels >= classes))
    if bad.size:
        raise ValueError(
            f"labels: expected class numbers 0 ... {classes - 1}; "
            f"got {labels[bad[0]]} at position {bad[0]} (counting from 0)"
        )


def _check_logits(logits: np.ndarray) -> None:
    if logits.ndim != 2 or logits.shape[1] < 2 or logits.dtype.kind != "f":
        raise ValueError(
            "logits: expected floats of shape (examples, classes) with at least 2 classes; "
            f"got shape {logits.shape} of {logits.dtype}"
        )


def _difference(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return fl(a - b) and what the rounding lost, exactly (Knuth's two-sum).

    An error of half a unit in a difference of -40 would be 20 units in its exponential.
    """
    difference = a - b
    virtual = difference - a
    lost = (a - (difference - virtual)) - (b + virtual)
    return difference, lost
