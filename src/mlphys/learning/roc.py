"""All thresholds at once: the receiver operating characteristic and the area below it.

A detector gives scores; "score ≥ threshold" says yes. The curve runs from (0, 0), nothing called,
to (1, 1), everything called, with x the false-positive *rate* and y the true-positive *rate*. The
area below it is the probability that a random positive outscores a random negative, where a tie
counts one half (Mann and Whitney's U over the number of pairs). Chapter: *Judging a classifier*,
``book/learning/judging.md``. References: Fawcett (2006); Hanley and McNeil (1982).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

__all__ = ["Roc", "area", "rank_area", "roc_curve", "two_sides"]


class Roc(NamedTuple):
    """The corners of the curve, from (0, 0) to (1, 1).

    Attributes
    ----------
    false_alarm, recall : ndarray of float, shape (corners,)
        False-positive and true-positive rate with "score ≥ threshold".
    thresholds : ndarray of float, shape (corners,)
        Falling; infinite first, then each value that a score takes.
    """

    false_alarm: np.ndarray
    recall: np.ndarray
    thresholds: np.ndarray


def two_sides(truth: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the scores of the positives and of the negatives, or say what is wrong with them.

    Raises
    ------
    ValueError
        If the truth is not boolean, shapes differ, a score is NaN, or a side is empty.

    Examples
    --------
    >>> two_sides(np.array([True, False]), np.array([3.0, 1.0]))
    (array([3.]), array([1.]))
    """
    if truth.dtype != bool or truth.ndim != 1 or truth.shape != scores.shape:
        raise ValueError(
            "expected truth as booleans of shape (n,) and a score for each; "
            f"got {truth.dtype} of shape {truth.shape} and scores of shape {scores.shape}"
        )
    if np.isnan(scores).any():
        raise ValueError(
            f"expected scores that can be ordered; got {np.isnan(scores).sum()} times NaN"
        )
    positives, negatives = scores[truth], scores[~truth]
    if not (positives.size and negatives.size):
        raise ValueError(
            "expected at least one positive and one negative example; "
            f"got {positives.size} and {negatives.size}"
        )
    return positives, negatives


def roc_curve(truth: np.ndarray, scores: np.ndarray) -> Roc:
    """Return the curve of a detector; examples of equal score step together, on a slope.

    Parameters
    ----------
    truth : ndarray of bool, shape (n,)
    scores : ndarray, shape (n,)
        Larger means more likely positive.

    Raises
    ------
    ValueError
        See :func:`two_sides`.

    Examples
    --------
    >>> truth = np.array([True, False, True, False])
    >>> curve = roc_curve(truth, np.array([3, 2, 2, 1]))
    >>> curve.false_alarm, curve.recall
    (array([0. , 0. , 0.5, 1. ]), array([0. , 0.5, 1. , 1. ]))
    """
    positives, negatives = two_sides(truth, scores)
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    last = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
    hits = np.cumsum(truth[order])[last]
    alarms = last + 1 - hits
    zero = np.zeros(1)
    return Roc(
        np.concatenate([zero, alarms / negatives.size]),
        np.concatenate([zero, hits / positives.size]),
        np.concatenate([[np.inf], ordered[last]]),
    )


def area(curve: Roc) -> float:
    """Return the area below the curve by the trapezoid rule, exact for its straight pieces.

    Examples
    --------
    >>> area(roc_curve(np.array([True, False, True, False]), np.array([3, 2, 2, 1])))
    0.875
    """
    return float(np.trapezoid(curve.recall, curve.false_alarm))


def rank_area(truth: np.ndarray, scores: np.ndarray) -> float:
    """Return the share of pairs in the right order, ties one half, from the ranks of the scores.

    The positives' ranks among all, less what they would have among themselves, over the number
    of pairs: (Σ ranks − m(m + 1)/2)/(m n), in n log n instead of m n steps.

    Examples
    --------
    >>> rank_area(np.array([True, False, True, False]), np.array([3, 2, 2, 1]))
    0.875
    """
    positives, negatives = two_sides(truth, scores)
    m, n = positives.size, negatives.size
    ranks = rankdata(np.concatenate([positives, negatives]))[:m]
    return float((ranks.sum() - m * (m + 1) / 2) / (m * n))
