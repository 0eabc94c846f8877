r"""Calibration: among answers given with 80 % confidence, are 80 % right?

``reliability`` sorts answers into bins of confidence; ``expected_calibration_error`` is the mean
distance between confidence and accuracy, weighted by the number of answers; ``chance_error`` is how
large that error is, on average, for a classifier without fault, because bins are finite.
``fit_temperature`` finds the one number T by which logits must be divided to make held-out labels
as cheap to send as they can be.

Chapter: ``book/learning/coding.md``.

References
----------
Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks", ICML 2017,
arXiv:1706.04599, eqs. (3) and (9).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from mlphys.derivatives.minimize import minimize
from mlphys.learning.losses import check_labels, softmax

__all__ = [
    "Reliability",
    "chance_error",
    "expected_calibration_error",
    "fit_temperature",
    "reliability",
]


class Reliability(NamedTuple):
    """Bins of confidence that hold an answer.

    Attributes
    ----------
    low, high : ndarray, shape (m,)
        Edges; a bin holds low < confidence <= high.
    count : ndarray of int, shape (m,)
    confidence, accuracy : ndarray, shape (m,)
        Means over the answers of the bin.
    """

    low: np.ndarray
    high: np.ndarray
    count: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray


def reliability(confidence: Any, right: Any, *, bins: int = 15) -> Reliability:
    """Return confidence and accuracy of answers, bin by bin; empty bins are left out.

    Parameters
    ----------
    confidence : array_like of float, shape (n,)
        In 0 ... 1: the probability that the classifier gave its answer.
    right : array_like of bool, shape (n,)
    bins : int
        Of equal width.

    Raises
    ------
    ValueError
        If shapes differ, there is no answer, or a confidence is outside 0 ... 1.

    Examples
    --------
    >>> diagram = reliability([0.9, 0.9, 0.9, 0.6], [1, 1, 0, 1], bins=5)
    >>> diagram.accuracy.round(3), diagram.count
    (array([1.   , 0.667]), array([1, 3]))
    """
    confidence, right = np.asarray(confidence, np.float64), np.asarray(right, np.float64)
    if confidence.ndim != 1 or right.shape != confidence.shape or not len(confidence) or bins < 1:
        raise ValueError(
            "reliability: expected confidence and right of one shape (n,), n > 0, and bins > 0; "
            f"got {confidence.shape}, {right.shape} and {bins} bins"
        )
    if not (np.all(confidence >= 0) and np.all(confidence <= 1)):
        raise ValueError(
            f"reliability: expected confidence in 0 ... 1; got {confidence.min()} to "
            f"{confidence.max()}. Pass probabilities, not logits"
        )
    edges = np.linspace(0, 1, bins + 1)
    place = np.maximum(np.searchsorted(edges, confidence, side="left") - 1, 0)
    count = np.bincount(place, minlength=bins)
    full = count > 0
    means = [
        np.bincount(place, weights=values, minlength=bins)[full] / count[full]
        for values in (confidence, right)
    ]
    return Reliability(edges[:-1][full], edges[1:][full], count[full], *means)


def expected_calibration_error(confidence: Any, right: Any, *, bins: int = 15) -> float:
    """Return the mean distance between confidence and accuracy over the bins.

    Parameters
    ----------
    confidence, right, bins
        As for :func:`reliability`.

    Examples
    --------
    >>> round(expected_calibration_error([0.8] * 10, [1] * 6 + [0] * 4), 6)
    0.2
    """
    diagram = reliability(confidence, right, bins=bins)
    gap = np.abs(diagram.accuracy - diagram.confidence)
    return float(diagram.count @ gap / diagram.count.sum())


def chance_error(
    confidence: Any, *, rng: np.random.Generator, bins: int = 15, draws: int = 200
) -> np.ndarray:
    """Return the calibration errors of a faultless classifier with these confidences.

    Each draw makes an answer right with exactly the probability that was claimed; what error
    remains is chance.

    Parameters
    ----------
    confidence : array_like of float, shape (n,)
    rng : numpy.random.Generator
    bins, draws : int

    Returns
    -------
    ndarray, shape (draws,)

    Examples
    --------
    >>> errors = chance_error(np.full(1000, 0.5), rng=np.random.default_rng(0))
    >>> round(float(errors.mean()), 2)  # sqrt(2/π) · sqrt(0.25/1000) = 0.0126
    0.01
    """
    confidence = np.asarray(confidence, np.float64)
    return np.array(
        [
            expected_calibration_error(
                confidence, rng.random(len(confidence)) < confidence, bins=bins
            )
            for _ in range(draws)
        ]
    )


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    r"""Return the temperature T at which softmax(logits/T) makes the labels cheapest.

    The mean loss is convex in β = 1/T, with slope :math:`\langle z \rangle_p - z_y` averaged over
    the examples: at the minimum, the mean "energy" of the model equals that of the data.

    Parameters
    ----------
    logits : ndarray of float, shape (n, k)
        Of examples that were not trained on.
    labels : ndarray of int, shape (n,)

    Returns
    -------
    float
        Above 1 if the classifier is overconfident.

    Raises
    ------
    ValueError
        If all labels have the largest logit, so that T = 0 would be best, or if the logits speak
        against the labels, so that no T above 0 beats guessing.

    Examples
    --------
    >>> logits = np.array([[2.0, 0.0]] * 4)  # claims 88 %
    >>> labels = np.array([0, 0, 0, 1])  # 75 % right: logit ln 3
    >>> round(fit_temperature(logits, labels), 6), float(round(2 / np.log(3), 6))
    (1.820478, 1.820478)
    """
    z = np.asarray(logits, np.float64)
    if z.ndim != 2 or not len(z):
        raise ValueError(f"fit_temperature: expected logits of shape (n, k); got {z.shape}")
    check_labels(labels, examples=len(z), classes=z.shape[1])
    z = z - z.max(axis=1, keepdims=True)
    spread = max(float(z.std()), 1e-300)
    z /= spread
    z_y = z[np.arange(len(z)), labels]
    if np.all(z_y == 0):
        raise ValueError(
            "fit_temperature: expected at least one label that does not have the largest logit; "
            "got none, and T = 0 would be best. Take more held-out examples"
        )
    if z_y.mean() <= z.mean():
        raise ValueError(
            "fit_temperature: expected logits that favor the labels; these are no better than "
            "guessing at any temperature. Are labels and logits in the same order?"
        )

    def loss(beta: np.ndarray) -> tuple[float, np.ndarray]:
        p = softmax(beta[0] * z)
        value = np.log(np.exp(beta[0] * z).sum(axis=1)) - beta[0] * z_y
        return float(value.mean()), np.array([((p * z).sum(axis=1) - z_y).mean()])

    result = minimize(loss, np.ones(1), method="bfgs", gradient_tolerance=1e-10)
    if result.status != "converged" and np.abs(result.gradient).max() > 1e-7:
        raise ValueError(f"fit_temperature: no minimum found: {result.message}")
    return spread / float(result.x[0])
