r"""Numbers in one byte: an affine map to whole numbers, and what it loses.

.. math:: x \approx s\,(q - q_0), \qquad q = \operatorname{round}(x/s) + q_0,
    \qquad -128 \le q \le 127

with step :math:`s` and zero point :math:`q_0`. Inside the range the error is at most :math:`s/2`,
and :math:`s/\sqrt{12}` in the mean square where values are spread evenly over a step.

Chapter: ``book/frameworks/keras_net.md``.

References
----------
Jacob et al., "Quantization and training of neural networks for efficient integer-arithmetic-only
inference", CVPR 2018, arXiv:1712.05877, eq. (1).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

__all__ = ["Steps", "fit_range", "fit_weights", "from_bytes", "to_bytes"]

LOW, HIGH = -128, 127


class Steps(NamedTuple):
    """Step and zero point; floats, or arrays that broadcast with what is rounded."""

    step: float | np.ndarray
    zero: int | np.ndarray


def fit_range(low: float, high: float) -> Steps:
    """Return the steps that cover a range, which is widened to hold 0, by all 256 values.

    Raises
    ------
    ValueError
        If ``low`` is not below ``high``.

    Examples
    --------
    >>> fit_range(0.0, 255.0)
    Steps(step=1.0, zero=-128)
    """
    if not low < high:
        raise ValueError(f"fit_range: expected low below high; got {low} and {high}")
    low, high = min(low, 0.0), max(high, 0.0)
    step = (high - low) / (HIGH - LOW)
    return Steps(step, round(LOW - low / step))


def fit_weights(weights: np.ndarray) -> Steps:
    """Return one step for each unit (column), symmetric about 0: largest weight over 127.

    Parameters
    ----------
    weights : ndarray of float, shape (fan_in, fan_out)

    Returns
    -------
    Steps
        ``step`` of shape (fan_out,), ``zero`` 0.

    Examples
    --------
    >>> fit_weights(np.array([[1.27, -2.54], [0.3, 0.0]])).step
    array([0.01, 0.02])
    """
    largest = np.abs(weights).max(axis=0)
    return Steps(np.where(largest > 0, largest, 1) / HIGH, 0)


def to_bytes(x: np.ndarray | float, steps: Steps) -> np.ndarray:
    """Return the nearest whole numbers, cut at -128 and 127.

    Examples
    --------
    >>> to_bytes(np.array([0.004, 0.006, 9.0]), Steps(0.01, -128))
    array([-128, -127,  127], dtype=int8)
    """
    return np.asarray(np.clip(np.rint(x / steps.step) + steps.zero, LOW, HIGH), np.int8)


def from_bytes(q: np.ndarray, steps: Steps) -> np.ndarray:
    """Return the numbers that the bytes stand for, as float64.

    Examples
    --------
    >>> from_bytes(np.array([-128, -28], np.int8), Steps(0.01, -128))
    array([0., 1.])
    """
    return np.asarray((np.asarray(q, float) - steps.zero) * steps.step)
