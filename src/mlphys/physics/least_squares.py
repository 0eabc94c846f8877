"""Parameters from data by least squares: Levenberg and Marquardt's method, and error bars.

The data are ``model(p) + noise`` with independent Gaussian noise of known size. What a fit can know
stands in the Jacobian J = ∂model/∂p: the covariance of the parameters is ``noise² (JᵀJ)⁻¹``, the
inverse of Fisher's information. A direction that J does not see has no error bar, and
:func:`covariance` says so.

Chapter: Reading a picture backwards. References: :cite:t:`marquardt1963`; :cite:t:`nocedal2006`,
chapter 10.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

__all__ = ["Fit", "covariance", "fit"]

Model = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
ENOUGH = 1e-4  # predicted gain of χ² below which a fit has converged: a hundredth of an error bar
LEAST, MOST = 1e-9, 1e9  # damping
BLIND = 1e-5  # ratio of singular values below which a direction counts as not seen


class Fit(NamedTuple):
    """What least squares found.

    Attributes
    ----------
    parameters : ndarray, shape (parameters,)
    chi_square : float
        Sum of squared residuals over noise²; about the number of data for a good fit.
    jacobian : ndarray, shape (data, parameters)
        At the parameters found.
    status : {"converged", "limit", "stuck"}
        No more gain predicted; too many evaluations; no step lowers χ².
    history : ndarray, shape (steps + 1, parameters)
        Start and accepted steps.
    evaluations : int
        Calls of the model.
    """

    parameters: np.ndarray
    chi_square: float
    jacobian: np.ndarray
    status: str
    history: np.ndarray
    evaluations: int


def fit(
    model: Model,
    data: np.ndarray,
    start: Any,
    *,
    noise: float,
    low: Any = -np.inf,
    high: Any = np.inf,
    evaluations: int = 60,
) -> Fit:
    """Return the parameters of least χ² near a start.

    Parameters
    ----------
    model : callable
        ``model(p)`` returns values, shape (data,), and their Jacobian, shape (data, parameters).
    data : ndarray, shape (data,)
    start : array_like, shape (parameters,)
    noise : float
        Standard deviation of the data, above 0.
    low, high : array_like
        Bounds: a step that leaves them is shortened, not tried.
    evaluations : int
        Most calls of the model.

    Returns
    -------
    Fit

    Raises
    ------
    ValueError
        If shapes do not match, the noise is not positive, or the model is not finite at the start.

    Examples
    --------
    >>> t = np.linspace(0, 1, 5)
    >>> line = fit(lambda p: (p[0] * t**2, t[:, None]**2), 3 * t**2, [1.0], noise=0.1)
    >>> line.parameters.round(6), line.status
    (array([3.]), 'converged')
    """
    p = np.array(start, dtype=float)
    if not (noise > 0 and ((p >= low) & (p <= high)).all()):
        raise ValueError(
            f"fit: expected noise > 0 and a start within the bounds; got noise {noise} and {p}"
        )
    values, jacobian = model(p)
    _check_model(data, values, jacobian, p)
    history, count, damping = [p], 1, 1e-3
    rest = (data - values) / noise
    while True:
        scaled = jacobian / noise
        normal, pull = scaled.T @ scaled, scaled.T @ rest
        step = _damped_step(normal, pull, damping)
        if step @ pull < ENOUGH and (damping <= 1e-3 or step @ pull == 0):
            return Fit(p, float(rest @ rest), jacobian, "converged", np.array(history), count)
        if count >= evaluations or damping > MOST:
            status = "limit" if count >= evaluations else "stuck"
            return Fit(p, float(rest @ rest), jacobian, status, np.array(history), count)
        trial = p + step
        if ((trial < low) | (trial > high)).any():
            damping *= 10
            continue
        values, slopes = model(trial)
        count += 1
        change = (data - values) / noise
        if np.isfinite(slopes).all() and change @ change < rest @ rest:  # False for NaN
            p, jacobian, rest = trial, slopes, change
            history.append(p)
            damping = max(damping / 10, LEAST)
        else:
            damping *= 10


def covariance(jacobian: np.ndarray, *, noise: float) -> np.ndarray:
    """Return the covariance ``noise² (JᵀJ)⁻¹`` of fitted parameters.

    Parameters
    ----------
    jacobian : ndarray, shape (data, parameters)
    noise : float
        Standard deviation of the data.

    Returns
    -------
    ndarray, shape (parameters, parameters)

    Raises
    ------
    ValueError
        If the data do not see some direction: a singular value of J, columns scaled to unit length,
        is 1e5 times smaller than the largest.

    Examples
    --------
    >>> covariance(np.array([[3.0, 0.0], [0.0, 4.0]]), noise=12.0)
    array([[16.,  0.],
           [ 0.,  9.]])
    """
    length = np.sqrt((jacobian**2).sum(axis=0))
    _, values, directions = np.linalg.svd(
        jacobian / np.where(length > 0, length, 1.0), full_matrices=False
    )
    if not (length > 0).all() or not values[-1] > BLIND * values[0]:
        blind = directions[-1] / np.where(length > 0, length, 1.0)
        shown = ", ".join(f"{part:.3g}" for part in blind / abs(blind).max())
        raise ValueError(
            "covariance: expected data that see every direction of the parameters; got none along "
            f"({shown}), singular values {values[0]:.2g} to {values[-1]:.2g}. Fix a parameter, or "
            "add data that depend on it."
        )
    half = noise * directions / values[:, None] / length
    return half.T @ half


def _damped_step(normal: np.ndarray, pull: np.ndarray, damping: float) -> np.ndarray:
    """Solve (A + damping · diag A) step = pull, in parameters scaled so that diag A = 1."""
    scale = np.sqrt(np.diag(normal))
    scale = np.where(scale > 0, scale, 1.0)
    matrix = normal / np.outer(scale, scale) + damping * np.eye(len(pull))
    return np.linalg.solve(matrix, pull / scale) / scale


def _check_model(data: np.ndarray, values: np.ndarray, jacobian: np.ndarray, p: np.ndarray) -> None:
    if values.shape != data.shape or jacobian.shape != (*data.shape, len(p)):
        raise ValueError(
            f"fit: expected values of shape {data.shape} and a Jacobian of shape "
            f"{(*data.shape, len(p))}; got {values.shape} and {jacobian.shape}"
        )
    if not (np.isfinite(values).all() and np.isfinite(jacobian).all()):
        raise ValueError(
            f"fit: expected a finite model at the start {p}; got NaN. Start elsewhere."
        )
