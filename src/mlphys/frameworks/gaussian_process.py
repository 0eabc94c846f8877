r"""Gaussian processes: a bell curve over functions, conditioned on what was measured.

Before: :math:`f \sim N(0, K)` with :math:`k(x, x') = s^2 e^{-(x - x')^2 / 2\ell^2}`, and
measurements :math:`y = f(x) + \text{noise}` of standard deviation :math:`\sigma`. After, with
:math:`A = K + \sigma^2 1`: mean :math:`k_*^T A^{-1} y`, variance
:math:`k_{**} - k_*^T A^{-1} k_*`. The evidence is
:math:`\log p(y) = -\tfrac12 y^T A^{-1} y - \tfrac12 \log\det A - \tfrac n2 \log 2\pi`, in nats.

Hyperparameters are logarithms, in the order :math:`\log\ell, \log s, \log\sigma`. Inputs are
numbers on a line.

Chapter: ``book/frameworks/landscape.md``.

References
----------
Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), eqs. 2.23 to 2.24, 2.30, 5.9.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from mlphys.derivatives.minimize import minimize
from mlphys.derivatives.tape import value_and_gradient

__all__ = ["Posterior", "covariance", "evidence_gradient", "fit_hyperparameters", "posterior"]


class Posterior(NamedTuple):
    """``mean`` and ``deviation`` of f, each of shape (m,), without the noise of a measurement."""

    mean: np.ndarray
    deviation: np.ndarray


def covariance(a: np.ndarray, b: np.ndarray, log_length: Any, log_size: Any) -> Any:
    """Return s² exp(-(a - b)² / 2ℓ²) for all pairs, shape (n, m).

    Examples
    --------
    >>> covariance(np.array([0.0]), np.array([0.0, 1.0]), 0.0, 0.0).round(4).tolist()
    [[1.0, 0.6065]]
    """
    ratio = (a[:, None] - b) * np.exp(-log_length)
    return np.exp(2 * log_size - ratio**2 / 2)


def posterior(x: np.ndarray, y: np.ndarray, new: np.ndarray, theta: np.ndarray) -> Posterior:
    """Return what is believed about f at ``new`` after measuring ``y`` at ``x``.

    Raises
    ------
    ValueError
        If x and y are no two vectors of one length.

    Examples
    --------
    One measurement of 1 with noise of unit size: halfway to it, with half the variance left.

    >>> after = posterior(np.zeros(1), np.ones(1), np.zeros(1), np.zeros(3))
    >>> after.mean.tolist(), (after.deviation**2).round(12).tolist()
    ([0.5], [0.5])
    """
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"posterior: expected x and y of shape (n,); got {x.shape} and {y.shape}")
    a = covariance(x, x, *theta[:2]) + np.exp(2 * theta[2]) * np.eye(len(x))
    cross = covariance(x, new, *theta[:2])
    solved = np.linalg.solve(a, cross)
    variance = np.exp(2 * theta[1]) - (cross * solved).sum(axis=0)
    return Posterior(y @ solved, np.sqrt(np.maximum(variance, 0)))


def negative_evidence(theta: Any, x: np.ndarray, y: np.ndarray) -> Any:
    """Return -log p(y) in nats; plain NumPy, so that a tape can follow.

    Examples
    --------
    >>> value = negative_evidence(np.zeros(3), np.zeros(1), np.zeros(1))
    >>> bool(np.isclose(value, np.log(2 * np.pi * 2) / 2))
    True
    """
    a = covariance(x, x, theta[0], theta[1]) + np.exp(2 * theta[2]) * np.eye(len(x))
    misfit = np.sum(y * np.linalg.solve(a, y))
    return (misfit + np.log(np.linalg.det(a)) + len(x) * np.log(2 * np.pi)) / 2


def evidence_gradient(theta: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    r"""Return the gradient of -log p(y) in closed form, shape (3,).

    With :math:`w = A^{-1} y` it is :math:`\tfrac12 \mathrm{tr}\,(A^{-1} - w w^T)\,\partial A`.

    Examples
    --------
    >>> evidence_gradient(np.zeros(3), np.zeros(1), np.zeros(1)).tolist()
    [0.0, 0.5, 0.5]
    """
    kernel, noise = covariance(x, x, *theta[:2]), np.exp(2 * theta[2]) * np.eye(len(x))
    inverse = np.linalg.inv(kernel + noise)
    w = inverse @ y
    by_length = kernel * ((x[:, None] - x) * np.exp(-theta[0])) ** 2
    core = inverse - np.outer(w, w)
    return np.array([(core * part).sum() / 2 for part in (by_length, 2 * kernel, 2 * noise)])


def fit_hyperparameters(x: np.ndarray, y: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return the log ℓ, log s, log σ of largest evidence near ``start``: L-BFGS on our own tape.

    Raises
    ------
    RuntimeError
        If the search ends without a minimum; the determinant underflows beyond some 100 points.

    Examples
    --------
    >>> x = np.linspace(0, 6, 20)
    >>> y = np.sin(x) + 0.1 * np.random.default_rng(0).normal(size=20)
    >>> found = fit_hyperparameters(x, y, np.zeros(3))
    >>> bool(0.05 < np.exp(found[2]) < 0.2)
    True
    """
    tape = value_and_gradient(lambda theta: negative_evidence(theta, x, y))
    found = minimize(tape, start, gradient_tolerance=1e-5)
    if found.status != "converged":
        raise RuntimeError(f"fit_hyperparameters: {found.message}. Try another start")
    return found.x
