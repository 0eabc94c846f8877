"""Four counts judge a detector at one threshold, and what they are divided by is everything.

A detector says yes or no; the truth is yes or no. TP, FP, FN, TN count the four cases (true or
false, positive or negative: what was *said*). A *fraction* divides a count by all examples; a
*rate* divides it by those whose truth is the same: TP/(TP + FN), FP/(FP + TN). Precision divides
by those of whom the same was said. Chapter: *Judging a classifier*, ``book/learning/judging.md``.
Names after Fawcett (2006).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

__all__ = ["Confusion", "Rates", "confusion", "confusion_matrix", "judge"]


class Confusion(NamedTuple):
    """How often each pair of truth and answer occurred.

    Attributes
    ----------
    tp, fp, fn, tn : int
        Said yes and true; said yes and false; said no though true; said no rightly.
    """

    tp: int
    fp: int
    fn: int
    tn: int


class Rates(NamedTuple):
    """What the four counts say, each in 0 ... 1, or NaN where it would divide by zero.

    Attributes
    ----------
    accuracy : float
        (TP + TN)/all: how often the answer is right.
    recall : float
        TP/(TP + FN), the true-positive rate: how many of the true ones are found.
    false_alarm : float
        FP/(FP + TN), the false-positive rate: how many of the others are called.
    precision : float
        TP/(TP + FP): how many of those called are true.
    f1 : float
        2 TP/(2 TP + FP + FN), the harmonic mean of precision and recall.
    """

    accuracy: float
    recall: float
    false_alarm: float
    precision: float
    f1: float


def confusion(truth: np.ndarray, said: np.ndarray) -> Confusion:
    """Return the four counts of a detector.

    Parameters
    ----------
    truth, said : ndarray of bool, shape (n,)
        What is, and what was answered.

    Raises
    ------
    ValueError
        If the arrays are not boolean, empty, or differ in length.

    Examples
    --------
    >>> truth = np.array([True, True, False, False, False])
    >>> confusion(truth, np.array([True, False, True, False, False]))
    Confusion(tp=1, fp=1, fn=1, tn=2)
    """
    for name, values in (("truth", truth), ("said", said)):
        if values.dtype != bool or values.ndim != 1 or not values.size:
            raise ValueError(
                f"confusion: expected {name} as booleans of shape (n,), n at least 1, such as "
                f"scores > threshold; got {values.dtype} of shape {values.shape}"
            )
    if len(truth) != len(said):
        raise ValueError(
            f"confusion: expected as many answers as truths; got {len(said)} and {len(truth)}"
        )
    tp, called, true = (int(np.count_nonzero(x)) for x in (truth & said, said, truth))
    return Confusion(tp, called - tp, true - tp, len(truth) - called - true + tp)


def judge(counts: Confusion) -> Rates:
    """Return accuracy, recall, false-alarm rate, precision and F1 of the four counts.

    Raises
    ------
    ValueError
        If a count is negative or all are zero.

    Examples
    --------
    >>> judge(Confusion(tp=6, fp=3, fn=4, tn=87))._asdict()["precision"]
    0.6666666666666666
    >>> judge(Confusion(tp=0, fp=0, fn=10, tn=90))
    Rates(accuracy=0.9, recall=0.0, false_alarm=0.0, precision=nan, f1=0.0)
    """
    if min(counts) < 0 or not any(counts):
        raise ValueError(f"judge: expected counts of 0 or more, not all 0; got {counts}")
    tp, fp, fn, tn = counts
    return Rates(
        accuracy=(tp + tn) / sum(counts),
        recall=_ratio(tp, tp + fn),
        false_alarm=_ratio(fp, fp + tn),
        precision=_ratio(tp, tp + fp),
        f1=_ratio(2 * tp, 2 * tp + fp + fn),
    )


def confusion_matrix(truth: np.ndarray, said: np.ndarray, *, classes: int = 10) -> np.ndarray:
    """Return how often each class (row) was called each class (column), shape (classes, classes).

    Parameters
    ----------
    truth, said : ndarray of int, shape (n,)
        In 0 ... classes − 1.

    Raises
    ------
    ValueError
        If the lengths differ or a class is out of range.

    Examples
    --------
    >>> confusion_matrix(np.array([0, 1, 1]), np.array([0, 0, 1]), classes=2)
    array([[1, 0],
           [1, 1]])
    """
    if len(truth) != len(said):
        raise ValueError(
            f"confusion_matrix: expected as many answers as truths; got {len(said)} and "
            f"{len(truth)}"
        )
    both = np.concatenate([truth, said]).astype(np.int64)
    if both.size and not 0 <= both.min() <= both.max() < classes:
        raise ValueError(
            f"confusion_matrix: expected classes in 0 ... {classes - 1}; "
            f"got {both.min()} ... {both.max()}"
        )
    cells = classes * both[: len(truth)] + both[len(truth) :]
    return np.bincount(cells, minlength=classes**2).reshape(classes, classes)


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
