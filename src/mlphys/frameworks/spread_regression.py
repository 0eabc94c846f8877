r"""Regression that states its own uncertainty, and how much of a spread a feature explains.

The model is :math:`y \sim N(a \cdot \phi(x),\, e^{2 b \cdot \psi(x)})`: a feature may move the
mean, the spread, or both. The fit minimizes the mean negative log-likelihood in nats,
:math:`\tfrac12 \log 2\pi + b \cdot \psi + \tfrac12 (y - a \cdot \phi)^2 e^{-2 b \cdot \psi}`.

The *explained share* :math:`R^2 = 1 - \mathrm{var}(y - \hat y)/\mathrm{var}(y)` sees the mean
alone. The gain in log-likelihood over a bell curve without features sees both.

Chapter: ``book/frameworks/landscape.md``.

References
----------
Nix and Weigend, ICNN (1994) 55.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mlphys.derivatives.minimize import minimize

__all__ = ["SpreadFit", "explained_share", "fit_spread", "mean_nats"]


class SpreadFit(NamedTuple):
    """Coefficients of the mean, of the logarithm of the spread."""

    of_mean: np.ndarray
    of_log_spread: np.ndarray


def mean_nats(
    parameters: np.ndarray, phi: np.ndarray, psi: np.ndarray, y: np.ndarray
) -> tuple[float, np.ndarray]:
    """Return the mean negative log-likelihood in nats, and its gradient by all parameters.

    Parameters
    ----------
    parameters : ndarray, shape (k + m,)
        First of the mean, then of the log spread.
    phi, psi : ndarray, shapes (n, k) and (n, m)
        Features; a column of ones is the offset.
    y : ndarray, shape (n,)

    Examples
    --------
    >>> one = np.ones((2, 1))
    >>> value, slope = mean_nats(np.zeros(2), one, one, np.array([1.0, -1.0]))
    >>> round(float(value - np.log(2 * np.pi) / 2), 12), slope.tolist()
    (0.5, [0.0, 0.0])
    """
    a, b = parameters[: phi.shape[1]], parameters[phi.shape[1] :]
    log_spread = psi @ b
    shrink = np.exp(-2 * log_spread)
    rest = y - phi @ a
    value = np.log(2 * np.pi) / 2 + np.mean(log_spread + rest**2 * shrink / 2)
    by_mean, by_log = -rest * shrink, 1 - rest**2 * shrink
    return float(value), np.concatenate([by_mean @ phi, by_log @ psi]) / len(y)


def fit_spread(phi: np.ndarray, psi: np.ndarray, y: np.ndarray) -> SpreadFit:
    """Return the most probable coefficients, by L-BFGS from the least-squares line.

    Raises
    ------
    ValueError
        If the numbers of rows disagree.
    RuntimeError
        If the search finds no minimum: the features may be linearly dependent.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x = rng.uniform(-1, 1, 4000)
    >>> phi = np.column_stack([np.ones(4000), x])
    >>> y = 2 * x + np.exp(0.5 * x) * rng.normal(size=4000)
    >>> fit_spread(phi, phi, y).of_log_spread.round(1).tolist()
    [0.0, 0.5]
    """
    if not len(phi) == len(psi) == len(y):
        raise ValueError(
            f"fit_spread: expected as many rows of features as values; got {len(phi)}, {len(psi)} "
            f"and {len(y)}"
        )
    start = np.linalg.lstsq(phi, y, rcond=None)[0]
    log_spread = np.log(np.std(y - phi @ start))
    flat = np.linalg.lstsq(psi, np.full(len(y), log_spread), rcond=None)[0]
    found = minimize(
        lambda p: mean_nats(p, phi, psi, y),
        np.concatenate([start, flat]),
        gradient_tolerance=1e-7,
    )
    if found.status != "converged":
        raise RuntimeError(f"fit_spread: {found.message}. Are the features independent?")
    return SpreadFit(found.x[: phi.shape[1]], found.x[phi.shape[1] :])


def explained_share(y: np.ndarray, guess: np.ndarray) -> float:
    """Return R²: the share of the variance of ``y`` that a guess removes; negative if it adds.

    Examples
    --------
    >>> explained_share(np.array([0.0, 1, 2]), np.array([0.0, 1, 2]))
    1.0
    """
    return float(1 - np.mean((y - guess) ** 2) / np.var(y))
