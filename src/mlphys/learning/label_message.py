r"""Labels as a message: what a classifier is worth in bytes.

Sender and receiver hold the same pictures and the same classifier; only the sender has the labels.
Label i costs :math:`-\log_2 p_i(y_i)` bits, where p_i is the classifier's answer to picture i, so
that the message is as long as the cross-entropy loss says, in bits and not nats.

``interval_steps`` does the same with exact fractions for a handful of yes-no labels, as one does it
with a pencil.

Chapter: ``book/learning/coding.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from mlphys.learning.coding import CodeError, decode, encode
from mlphys.learning.coding_models import TableModel

__all__ = [
    "Interval",
    "interval_steps",
    "label_bits",
    "receive_labels",
    "send_labels",
    "shortest_point",
    "shortest_range",
]


class Interval(NamedTuple):
    """Numbers from ``low`` on, below ``high``; exact fractions."""

    low: Fraction
    high: Fraction

    @property
    def width(self) -> Fraction:
        """The probability of the message so far."""
        return self.high - self.low


def label_bits(labels: Any, probabilities: Any) -> np.ndarray:
    """Return what each label costs, in bits.

    Parameters
    ----------
    labels : array_like of int, shape (n,)
        Values in 0 ... k-1.
    probabilities : array_like of float, shape (n, k)

    Returns
    -------
    ndarray, shape (n,)
        Infinite where the classifier calls the label impossible.

    Raises
    ------
    ValueError
        If the shapes do not belong together or a label is out of range.

    Examples
    --------
    >>> label_bits([0, 1], [[0.5, 0.5], [0.75, 0.25]])
    array([1., 2.])
    """
    labels, p = _check(labels, probabilities)
    with np.errstate(divide="ignore"):
        return -np.log2(p[np.arange(len(labels)), labels])


def send_labels(labels: Any, probabilities: Any) -> bytes:
    """Return the labels as a frame of the arithmetic coder.

    Parameters
    ----------
    labels : array_like of int, shape (n,)
    probabilities : array_like of float, shape (n, k)
        The classifier's answers, each row with sum 1.

    Examples
    --------
    >>> p = np.tile([0.99, 0.01], (800, 1))
    >>> labels = np.arange(800) % 100 == 99
    >>> len(send_labels(labels.astype(int), p)), round(label_bits(labels.astype(int), p).sum() / 8)
    (15, 8)
    """
    labels, p = _check(labels, probabilities)
    return encode(labels.tolist(), TableModel(p))


def receive_labels(frame: bytes, probabilities: Any) -> np.ndarray:
    """Return the labels of a frame.

    Parameters
    ----------
    frame : bytes
        From :func:`send_labels`.
    probabilities : array_like of float, shape (n, k)
        To the last bit those of the sender.

    Returns
    -------
    ndarray of int, shape (n,)

    Raises
    ------
    CodeError
        If the frame is damaged, or the probabilities are not the sender's.

    Examples
    --------
    >>> p = np.array([[0.5, 0.5], [0.75, 0.25]])
    >>> receive_labels(send_labels([0, 1], p), p)
    array([0, 1])
    """
    labels = np.array(decode(frame, TableModel(probabilities)), dtype=int)
    if len(labels) != len(probabilities):
        raise CodeError(
            f"receive_labels: expected {len(probabilities)} labels, one for each row of "
            f"probabilities; the frame holds {len(labels)}"
        )
    return labels


def interval_steps(labels: Sequence[bool], p_yes: Sequence[Any]) -> list[Interval]:
    """Return the intervals of a message of yes and no, from the whole unit interval on.

    "Yes" owns the lower part of each interval, "no" the upper one.

    Parameters
    ----------
    labels : sequence of bool, n of them
    p_yes : sequence of number or str, n of them
        Probabilities of "yes"; a string such as "0.1" is taken exactly.

    Returns
    -------
    list of Interval, length n + 1

    Raises
    ------
    ValueError
        If the lengths differ or a probability is outside 0 ... 1.

    Examples
    --------
    >>> interval_steps([True, False], ["0.5", "0.25"])[-1]
    Interval(low=Fraction(1, 8), high=Fraction(1, 2))
    """
    if len(labels) != len(p_yes):
        raise ValueError(
            f"interval_steps: expected one probability a label; got {len(labels)} labels and "
            f"{len(p_yes)} probabilities"
        )
    steps = [Interval(Fraction(0), Fraction(1))]
    for label, p in zip(labels, map(Fraction, p_yes), strict=True):
        if not 0 <= p <= 1:
            raise ValueError(f"interval_steps: expected probabilities in 0 ... 1; got {p}")
        low, high = steps[-1]
        middle = low + (high - low) * p
        steps.append(Interval(low, middle) if label else Interval(middle, high))
    return steps


def shortest_point(low: Fraction, high: Fraction) -> str:
    """Return the fewest binary digits of a number from ``low`` on, below ``high``.

    Enough where the receiver knows that zeros follow.

    Examples
    --------
    >>> shortest_point(Fraction(2, 5), Fraction(3, 5))
    '1'
    """
    return _shortest(low, high, own=0)


def shortest_range(low: Fraction, high: Fraction) -> str:
    """Return the fewest binary digits that stay inside whatever digits follow.

    Examples
    --------
    >>> shortest_range(Fraction(2, 5), Fraction(3, 5))
    '0111'
    """
    return _shortest(low, high, own=1)


def _shortest(low: Fraction, high: Fraction, *, own: int) -> str:
    if not 0 <= low < high <= 1:
        raise ValueError(f"expected 0 <= low < high <= 1; got low {low}, high {high}")
    digits = 0
    while True:
        number = -(-low * 2**digits // 1)
        end = Fraction(number + own, 2**digits)
        if end <= high if own else end < high:
            return f"{number:0{digits}b}" if digits else ""
        digits += 1


def _check(labels: Any, probabilities: Any) -> tuple[np.ndarray, np.ndarray]:
    labels, p = np.asarray(labels), np.asarray(probabilities, np.float64)
    if labels.ndim != 1 or p.ndim != 2 or len(p) != len(labels):
        raise ValueError(
            f"labels: expected labels of shape (n,) and probabilities of shape (n, k); got "
            f"{labels.shape} and {p.shape}"
        )
    if len(labels) and not (labels.min() >= 0 and labels.max() < p.shape[1]):
        raise ValueError(
            f"labels: expected values in 0 ... {p.shape[1] - 1}; got {labels.min()} to "
            f"{labels.max()}"
        )
    return labels.astype(int), p
