r"""A detector of one digit: 196 weights, one offset, and a loss that does not overflow.

A digit is averaged over blocks of 2×2 pixels to 14×14, ink in 0 ... 1, and read as a vector
:math:`x`. The detector's logit is :math:`z = w \cdot x + b`, its probability
:math:`p = 1/(1 + e^{-z})`; it says "yes" where :math:`z > 0`. It learns by minimizing

.. math:: \frac1n \sum_i \ell(z_i, y_i) + \frac\lambda2 |w|^2, \qquad
          \ell(z, 1) = \log(1 + e^{-z}), \quad \ell(z, 0) = \log(1 + e^{z}),

over n examples with labels :math:`y_i` in {0, 1}. Losses are in nats. The offset is not penalized.

Parameters are one flat vector, the weights first and the offset last.

Chapter: ``book/learning/digit_detector.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mlphys.derivatives.minimize import Result, minimize
from mlphys.timing import single_thread

__all__ = [
    "Detector",
    "Fit",
    "average_blocks",
    "detector_weights",
    "fit_detector",
    "log_loss",
    "make_naive_objective",
    "make_objective",
    "naive_log_loss",
    "probability",
    "shuffle_pixels",
]

Objective = Callable[[np.ndarray], tuple[float, np.ndarray]]


class Detector(NamedTuple):
    """A linear detector: ``weights``, shape (d,), and ``offset``.

    Examples
    --------
    >>> Detector(np.array([2.0, -1.0]), 0.5).logits(np.array([[1.0, 1.0], [0.0, 1.0]]))
    array([ 1.5, -0.5])
    """

    weights: np.ndarray
    offset: float

    def logits(self, x: np.ndarray) -> np.ndarray:
        """Return the evidence for "yes", in nats.

        Parameters
        ----------
        x : ndarray of float, shape (n, d)

        Returns
        -------
        ndarray, shape (n,)
        """
        if x.ndim != 2 or x.shape[1] != self.weights.size:
            raise ValueError(
                f"Detector: expected inputs of shape (n, {self.weights.size}); got {x.shape}. "
                "average_blocks makes them from images"
            )
        return x @ self.weights + self.offset


class Fit(NamedTuple):
    """A detector and the report of the minimizer that found it."""

    detector: Detector
    result: Result


def average_blocks(images: np.ndarray, *, block: int = 2) -> np.ndarray:
    """Return the ink of blocks of pixels, 0 ... 1, one row an image.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, height, width)
    block : int
        Side of a block; divides height and width.

    Returns
    -------
    ndarray of float64, shape (n, height · width / block²)

    Raises
    ------
    ValueError
        If these are no bytes, or the blocks do not tile the image.

    Examples
    --------
    >>> average_blocks(np.array([[[0, 255], [255, 51]]], np.uint8))
    array([[0.55]])
    """
    if images.ndim != 3 or images.dtype != np.uint8:
        raise ValueError(
            "average_blocks: expected uint8 images of shape (n, height, width); "
            f"got {images.dtype} of shape {images.shape}"
        )
    n, height, width = images.shape
    if block < 1 or height % block or width % block:
        raise ValueError(
            f"average_blocks: expected a block that divides {height} and {width}; got {block}"
        )
    tiles = images.reshape(n, height // block, block, width // block, block)
    return tiles.mean(axis=(2, 4)).reshape(n, -1) / 255


def probability(logits: np.ndarray) -> np.ndarray:
    """Return 1/(1 + exp(-z)) without overflow, in the dtype of the logits.

    Examples
    --------
    >>> probability(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    small = np.exp(-np.abs(logits))  # never above 1
    return np.where(logits >= 0, 1, small) / (1 + small)


def log_loss(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return -log p(label) of every example in nats, from logits, at full precision.

    Parameters
    ----------
    logits : ndarray of float, shape (n,)
    labels : ndarray, shape (n,)
        0 or 1 (or booleans).

    Returns
    -------
    ndarray of the dtype of ``logits``, shape (n,)

    Raises
    ------
    ValueError
        If the shapes differ or a label is neither 0 nor 1.

    Examples
    --------
    >>> log_loss(np.array([0.0, 1000.0, 50.0]), np.array([1, 0, 1]))
    array([6.93147181e-01, 1.00000000e+03, 1.92874985e-22])
    """
    labels = check_binary("log_loss", labels, len(logits))
    zero = np.zeros((), logits.dtype)
    return np.logaddexp(zero, np.where(labels, -logits, logits))


def naive_log_loss(logits: np.ndarray, labels: np.ndarray, *, guard: float = 1e-12) -> np.ndarray:
    """Return -log(guard + p(label)) by way of the probability: the form that fails.

    Kept to be compared. The probability has been rounded before the logarithm sees it. Without a
    guard a confident mistake costs ``inf``; with one it costs -log(guard), however confident.

    Parameters
    ----------
    logits : ndarray of float, shape (n,)
    labels : ndarray, shape (n,)
        0 or 1.
    guard : float
        What is added to the probability.

    Examples
    --------
    >>> with np.errstate(over="ignore"):
    ...     naive_log_loss(np.array([0.0, 1000.0, -1000.0]), np.array([1, 0, 1])).round(3)
    array([ 0.693, 27.631, 27.631])
    """
    labels = check_binary("naive_log_loss", labels, len(logits))
    p = 1 / (1 + np.exp(-logits))
    return -np.log(logits.dtype.type(guard) + np.where(labels, p, 1 - p))


def make_objective(x: np.ndarray, labels: np.ndarray, *, l2: float = 0.0) -> Objective:
    """Return a function that gives the mean loss, its penalty included, and its gradient.

    Parameters
    ----------
    x : ndarray of float, shape (n, d)
    labels : ndarray, shape (n,)
        0 or 1.
    l2 : float
        λ, 0 or more.

    Returns
    -------
    callable
        Takes a vector of shape (d + 1,), weights and offset; returns a float and a vector.

    Examples
    --------
    >>> loss = make_objective(np.array([[1.0], [2.0]]), np.array([0, 1]))
    >>> value, gradient = loss(np.zeros(2))
    >>> round(value, 6), gradient.tolist()
    (0.693147, [-0.25, 0.0])
    """
    yes = _check_examples("make_objective", x, labels)
    if not l2 >= 0:
        raise ValueError(f"make_objective: expected l2 of 0 or more; got {l2}")

    def objective(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        weights = parameters[:-1]
        z = x @ weights + parameters[-1]
        value = log_loss(z, yes).mean() + l2 / 2 * (weights @ weights)
        slope = (probability(z) - yes) / len(yes)
        return float(value), np.append(slope @ x + l2 * weights, slope.sum())

    return objective


def make_naive_objective(x: np.ndarray, labels: np.ndarray, *, guard: float = 1e-12) -> Objective:
    """Return the same for :func:`naive_log_loss`: a right gradient of a wrong loss.

    Parameters
    ----------
    x : ndarray of float, shape (n, d)
    labels : ndarray, shape (n,)
    guard : float

    Examples
    --------
    >>> far = make_naive_objective(np.array([[1.0]]), np.array([0]))
    >>> value, gradient = far(np.array([60.0, 0.0]))  # sure, and wrong
    >>> round(value, 2), gradient.tolist()  # costs 27.63 nats and pulls with no force
    (27.63, [0.0, 0.0])
    """
    yes = _check_examples("make_naive_objective", x, labels)

    def objective(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ parameters[:-1] + parameters[-1]
        p = 1 / (1 + np.exp(-z))
        value = naive_log_loss(z, yes, guard=guard).mean()
        slope = np.where(yes, -1 / (guard + p), 1 / (guard + 1 - p)) * p * (1 - p) / len(yes)
        return float(value), np.append(slope @ x, slope.sum())

    return objective


def fit_detector(
    x: np.ndarray,
    labels: np.ndarray,
    *,
    l2: float = 1e-3,
    method: str = "bfgs",
    start: np.ndarray | None = None,
    gradient_tolerance: float = 1e-7,
    iterations: int = 1000,
) -> Fit:
    """Return the detector of smallest loss, and how it was found.

    Parameters
    ----------
    x : ndarray of float, shape (n, d)
    labels : ndarray, shape (n,)
        0 or 1.
    l2 : float
        λ of the penalty; with 0 the minimum may lie at infinity.
    method : {"bfgs", "lbfgs", "descent"}
    start : ndarray, shape (d + 1,), optional
        Weights and offset; zeros by default, where every answer is "one half".
    gradient_tolerance : float
    iterations : int

    Returns
    -------
    Fit
        Look at ``result.status``: a search that gave up returns what it has.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x = rng.standard_normal((200, 3))
    >>> fit = fit_detector(x, x[:, 0] + x[:, 1] > 0.5, l2=1e-3)
    >>> fit.result.status, fit.detector.weights.round(0), round(fit.detector.offset)
    ('converged', array([ 6.,  6., -0.]), -3)
    """
    objective = make_objective(x, labels, l2=l2)
    start = np.zeros(x.shape[1] + 1) if start is None else start
    with single_thread():
        result = minimize(
            objective,
            start,
            method=method,
            gradient_tolerance=gradient_tolerance,
            iterations=iterations,
        )
    return Fit(Detector(result.x[:-1], float(result.x[-1])), result)


def shuffle_pixels(x: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
    """Return the images with the pixels of each moved to random places of their own.

    Every image keeps its ink values exactly and loses its shape.

    Parameters
    ----------
    x : ndarray, shape (n, d)
    rng : numpy.random.Generator

    Examples
    --------
    >>> mixed = shuffle_pixels(np.arange(6.0).reshape(2, 3), rng=np.random.default_rng(0))
    >>> np.sort(mixed, axis=1)
    array([[0., 1., 2.],
           [3., 4., 5.]])
    """
    return rng.permuted(x, axis=1)


def detector_weights(detector: Detector) -> dict[str, np.ndarray]:
    """Return what a page needs to run the detector: two float32 arrays.

    Parameters
    ----------
    detector : Detector
        Of square images.

    Returns
    -------
    dict
        ``"weights"``, shape (side, side), rows from top to bottom, for ink in 0 ... 1, and
        ``"offset"``, shape ().

    Raises
    ------
    ValueError
        If the weights form no square.

    Examples
    --------
    >>> arrays = detector_weights(Detector(np.zeros(196), -2.0))
    >>> arrays["weights"].shape, arrays["weights"].dtype, float(arrays["offset"])
    ((14, 14), dtype('float32'), -2.0)
    """
    side = round(detector.weights.size**0.5)
    if side * side != detector.weights.size:
        raise ValueError(
            f"detector_weights: expected the weights of a square; got {detector.weights.size}"
        )
    return {
        "weights": detector.weights.reshape(side, side).astype(np.float32),
        "offset": np.array(detector.offset, np.float32),
    }


def check_binary(where: str, labels: np.ndarray, examples: int) -> np.ndarray:
    """Return labels as booleans; raise unless they are ``examples`` zeros and ones.

    Examples
    --------
    >>> check_binary("here", np.array([0, 8]), 2)
    Traceback (most recent call last):
    ...
    ValueError: here: expected labels 0 or 1; got 8. Compare with a digit first: labels == 8
    """
    if labels.shape != (examples,):
        raise ValueError(f"{where}: expected {examples} labels; got shape {labels.shape}")
    bad = labels[(labels != 0) & (labels != 1)]
    if bad.size:
        raise ValueError(
            f"{where}: expected labels 0 or 1; got {bad[0]}. "
            "Compare with a digit first: labels == 8"
        )
    return labels.astype(bool)


def _check_examples(where: str, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    if x.ndim != 2 or len(x) == 0 or not np.all(np.isfinite(x)):
        raise ValueError(
            f"{where}: expected finite inputs of shape (n, d) with n > 0; got shape {x.shape}. "
            "average_blocks makes them from images"
        )
    return check_binary(where, labels, len(x))
