r"""Evidence: probabilities on the scale on which independent opinions add.

The evidence of a probability :math:`p` is its logit :math:`z = \ln\frac{p}{1-p}`, in nats; the way
back is the logistic function :math:`p = 1/(1 + e^{-z})`. With :math:`\beta = 2p - 1` the rule that
combines opinions is Einstein's rule for velocities, and :math:`z = 2\operatorname{artanh}\beta` is
twice the rapidity. For more than two answers the softmax takes the place of the logistic function.

All functions accept numbers or arrays and keep single precision, but work in double precision;
their relative error is at most 4 eps for logits up to 10,000 wherever the result is a normal
number. Two opinions as exact fractions: ``mlphys.language.values.combine_probabilities``. The
softmax of a training loop, for batches of one dtype, is ``mlphys.learning.losses.softmax``.

Chapter: ``book/learning/evidence.md``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = [
    "add_velocities",
    "log_sum_exp",
    "logistic",
    "logit",
    "pool_opinions",
    "rapidity",
    "softmax",
]


def logistic(evidence: Any) -> Any:
    r"""Return the probability :math:`1/(1 + e^{-z})` that belongs to the evidence z.

    Parameters
    ----------
    evidence : float or ndarray of float
        Natural logarithm of the odds, any shape; infinities are allowed.

    Returns
    -------
    float or ndarray
        Same shape, in [0, 1]; float32 for float32, else float64.

    Raises
    ------
    ValueError
        If an entry is NaN or no real number.

    Notes
    -----
    No exponential has a positive argument: with :math:`e = e^{-|z|}` the result is
    :math:`1/(1 + e)` for :math:`z \ge 0` and :math:`e/(1 + e)` otherwise.

    Examples
    --------
    >>> logistic(np.array([-1e4, 0.0, np.log(3), 1e4]))
    array([0.  , 0.5 , 0.75, 1.  ])
    """
    z, dtype = _floats(evidence, "logistic")
    e = np.exp(-np.abs(z))
    return _back(np.where(z >= 0, 1.0, e) / (1 + e), dtype)


def logit(probability: Any) -> Any:
    r"""Return the evidence :math:`\ln\frac{p}{1-p} = 2\operatorname{artanh}(2p-1)`.

    Parameters
    ----------
    probability : float or ndarray of float
        In [0, 1], any shape.

    Returns
    -------
    float or ndarray
        Same shape; -inf at 0 and inf at 1.

    Raises
    ------
    ValueError
        If an entry is outside [0, 1] or NaN.

    Notes
    -----
    Between 1/4 and 3/4 the second form is used: there :math:`2p - 1` is exact in floating point,
    while the difference of two almost equal logarithms would cancel.

    Examples
    --------
    >>> logit(np.array([0.0, 0.25, 0.5, 0.9])).round(6)
    array([     -inf, -1.098612,  0.      ,  2.197225])
    """
    p, dtype = _probabilities(probability, "logit")
    middle = np.abs(p - 0.5) <= 0.25
    with np.errstate(divide="ignore"):
        outer = np.log(p) - np.log1p(-p)
    inner = 2 * np.arctanh(np.where(middle, 2 * p - 1, 0.0))
    return _back(np.where(middle, inner, outer), dtype)


def rapidity(probability: Any) -> Any:
    r"""Return :math:`w = \operatorname{artanh}(2p - 1)`, half of the evidence.

    Examples
    --------
    >>> round(float(np.tanh(rapidity(0.75))), 12)
    0.5
    """
    return logit(probability) / 2


def add_velocities(first: Any, second: Any) -> Any:
    r"""Return the velocity :math:`\frac{\beta_1 + \beta_2}{1 + \beta_1\beta_2}` in units of c.

    Parameters
    ----------
    first, second : float or ndarray of float
        Parallel velocities in units of c, in [-1, 1].

    Returns
    -------
    float or ndarray

    Raises
    ------
    ValueError
        If a velocity is faster than light, or if they are 1 and -1, which leave no result.

    Examples
    --------
    >>> add_velocities(0.5, 0.5)
    0.8
    """
    b1, b2 = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if not (np.all(np.abs(b1) <= 1) and np.all(np.abs(b2) <= 1)):
        raise ValueError(
            f"add_velocities: expected velocities from -1 to 1; got {first!r} and {second!r}; "
            "divide by the speed of light"
        )
    if np.any(b1 * b2 == -1):
        raise ValueError(
            "add_velocities: expected velocities with a sum; got light that goes both ways, "
            "1 and -1; leave out one of them"
        )
    return _back((b1 + b2) / (1 + b1 * b2), np.dtype(float))


def pool_opinions(probabilities: Any, *, axis: int = -1) -> Any:
    r"""Return what independent opinions say together, :math:`\sigma(\sum_i \mathrm{logit}\,p_i)`.

    Parameters
    ----------
    probabilities : array_like of float
        Opinions in [0, 1]; those along ``axis`` belong together.
    axis : int, default -1

    Returns
    -------
    float or ndarray
        Probability with ``axis`` removed; 1/2 for no opinions at all.

    Raises
    ------
    ValueError
        If an opinion is outside [0, 1], or if one is certain for and another certain against.

    Examples
    --------
    >>> round(pool_opinions([0.75, 0.75]), 12)
    0.9
    >>> round(pool_opinions([0.75] * 2000 + [0.25] * 2000), 12)
    0.5
    """
    z = logit(np.atleast_1d(np.asarray(probabilities)))
    if np.any((z == np.inf).any(axis=axis) & (z == -np.inf).any(axis=axis)):
        raise ValueError(
            "pool_opinions: expected opinions that can all be right; got 0 and 1 together; "
            "certainty for and against leaves no probability"
        )
    return logistic(z.sum(axis=axis))


def log_sum_exp(logits: Any, *, axis: int = -1) -> Any:
    r"""Return :math:`\ln\sum_j e^{z_j}`, the logarithm of a partition function.

    Parameters
    ----------
    logits : array_like of float
        At least one along ``axis``; -inf stands for a weight of zero.
    axis : int, default -1

    Returns
    -------
    float or ndarray
        With ``axis`` removed.

    Raises
    ------
    ValueError
        If an entry is NaN or +inf, or ``axis`` is empty.

    Notes
    -----
    With :math:`m` the place of the largest logit this is
    :math:`z_m + \mathrm{log1p}\sum_{j\ne m} e^{z_j - z_m}`. The error is a few eps of the larger
    of :math:`|z_m|` and the logarithm; only where the two terms cancel is it not relative.

    Examples
    --------
    >>> round(log_sum_exp([1000.0, 1000.0]), 6)
    1000.693147
    >>> log_sum_exp([0.0, -40.0])
    4.248354255291589e-18
    """
    z, dtype = _logits(logits, axis, "log_sum_exp")
    top = np.expand_dims(z.argmax(axis=axis), axis)
    largest = np.take_along_axis(z, top, axis)
    terms = _weights(z, largest)
    np.put_along_axis(terms, top, 0.0, axis)
    total = np.squeeze(largest, axis) + np.log1p(terms.sum(axis=axis))
    return _back(total, dtype)


def softmax(logits: Any, *, axis: int = -1) -> Any:
    r"""Return the probabilities :math:`e^{z_k} / \sum_j e^{z_j}` along one axis.

    Parameters
    ----------
    logits : array_like of float
        Evidence of each class up to a common constant, in nats; -inf excludes a class.
    axis : int, default -1

    Returns
    -------
    ndarray
        Same shape; sums along ``axis`` are 1 up to rounding.

    Raises
    ------
    ValueError
        If an entry is NaN or +inf, if all along ``axis`` are -inf, or ``axis`` is empty.

    Notes
    -----
    The difference to the largest logit is rounded, which costs its exponential up to 350 eps when
    it is 700. What the rounding loses is computed exactly (Knuth's two-sum) and put back.

    Examples
    --------
    >>> softmax([1000.0, 1001.0]).round(6)
    array([0.268941, 0.731059])
    >>> softmax(np.log([2.0, 1.0])).round(6)
    array([0.666667, 0.333333])
    """
    z, dtype = _logits(logits, axis, "softmax")
    largest = z.max(axis=axis, keepdims=True)
    if np.any(largest == -np.inf):
        raise ValueError(
            "softmax: expected at least one finite logit in each group; got only -inf; "
            "a group in which every class is excluded has no probabilities"
        )
    weights = _weights(z, largest)
    return _back(weights / weights.sum(axis=axis, keepdims=True), dtype)


def _weights(z: np.ndarray, largest: np.ndarray) -> np.ndarray:
    """Return exp(z - largest), with what the subtraction rounds away put back."""
    finite = np.isfinite(z) & np.isfinite(largest)
    a, b = np.where(finite, z, 0.0), np.where(finite, largest, 0.0)
    below = a - b
    virtual = below - a
    lost = (a - (below - virtual)) - (b + virtual)
    return np.where(finite, np.exp(below) * (1 + lost), 0.0)


def _floats(values: Any, name: str) -> tuple[np.ndarray, np.dtype]:
    array = np.asarray(values)
    if array.dtype.kind not in "fiu" or np.isnan(array).any():
        raise ValueError(
            f"{name}: expected real numbers without NaN; got {_sample(array)}; "
            "look for the undefined number where it was computed"
        )
    dtype = np.dtype(np.float32 if array.dtype == np.float32 else np.float64)
    return array.astype(np.float64), dtype


def _sample(array: np.ndarray) -> str:
    """Return the dtype and the beginning of an array, for a message."""
    return f"{array.dtype} {np.array2string(array.ravel()[:4])}"


def _probabilities(values: Any, name: str) -> tuple[np.ndarray, np.dtype]:
    p, dtype = _floats(values, name)
    if np.any((p < 0) | (p > 1)):
        bad = p[(p < 0) | (p > 1)].flat[0]
        raise ValueError(
            f"{name}: expected probabilities, 0 <= p <= 1; got {bad}; percentages need a "
            "division by 100, and evidence is already what logit returns"
        )
    return p, dtype


def _logits(values: Any, axis: int, name: str) -> tuple[np.ndarray, np.dtype]:
    z, dtype = _floats(values, name)
    if z.ndim == 0 or z.shape[axis] == 0 or np.any(z == np.inf):
        raise ValueError(
            f"{name}: expected one or more logits below infinity along axis {axis}; "
            f"got shape {z.shape}; a certain class needs no softmax"
        )
    return z, dtype


def _back(values: Any, dtype: np.dtype) -> Any:
    """Return an array of ``dtype``, or a number (float for float64) in place of an array of one."""
    array = np.asarray(values).astype(dtype)
    if array.ndim:
        return array
    return array.item() if dtype == np.float64 else array[()]
