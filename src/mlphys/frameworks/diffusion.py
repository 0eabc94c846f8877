r"""Diffusion models in one dimension, with the exact score in place of a net.

Forwards, a number is shrunk and noise is added, :math:`x_t = e^{-t} x_0 + \sqrt{1 - e^{-2t}}\,
\epsilon`, until nothing but a bell curve is left. Backwards, the flow
:math:`\dot x = -x - \partial_x \log p_t(x)`, run from late to early t, turns the bell curve into
the data's distribution again. For data from a mixture of normals, :math:`p_t` is one, too, and the
*score* :math:`\partial_x \log p_t` is a formula; a real diffusion model fits a net to it.

Chapter: ``book/frameworks/landscape.md``.

References
----------
Ho, Jain and Abbeel, NeurIPS (2020); Song et al., ICLR (2021), eq. 13.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

__all__ = ["Mixture", "cumulative", "generate", "score", "spread_out"]


class Mixture(NamedTuple):
    """A mixture of normals: ``shares`` that sum to 1, ``means`` and ``deviations``, shape (k,)."""

    shares: np.ndarray
    means: np.ndarray
    deviations: np.ndarray


def spread_out(data: Mixture, t: float) -> Mixture:
    """Return the distribution at time t.

    Examples
    --------
    >>> late = spread_out(Mixture(np.ones(1), np.array([3.0]), np.array([0.1])), 20.0)
    >>> late.means.round(6).tolist(), late.deviations.round(6).tolist()
    ([0.0], [1.0])
    """
    shrink = np.exp(-t)
    deviations = np.sqrt((data.deviations * shrink) ** 2 - np.expm1(-2 * t))
    return Mixture(data.shares, data.means * shrink, deviations)


def score(x: np.ndarray, mixture: Mixture) -> np.ndarray:
    """Return the derivative of log p at each x.

    Examples
    --------
    >>> score(np.array([2.0]), Mixture(np.ones(1), np.zeros(1), np.ones(1))).tolist()
    [-2.0]
    """
    z = (x[:, None] - mixture.means) / mixture.deviations
    logs = np.log(mixture.shares / mixture.deviations) - z**2 / 2
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    return -(weights * z / mixture.deviations).sum(axis=1) / weights.sum(axis=1)


def cumulative(x: np.ndarray, mixture: Mixture) -> np.ndarray:
    """Return the probability of less than x.

    Examples
    --------
    >>> cumulative(np.zeros(1), Mixture(np.ones(1), np.zeros(1), np.ones(1))).tolist()
    [0.5]
    """
    return ndtr((x[:, None] - mixture.means) / mixture.deviations) @ mixture.shares


def generate(
    noise: np.ndarray, data: Mixture, *, start: float = 6.0, end: float = 1e-5, steps: int = 400
) -> np.ndarray:
    """Return numbers that follow ``data``, made from standard normal noise, shape (n,).

    Parameters
    ----------
    noise : ndarray, shape (n,)
    data : Mixture
    start, end : float
        Times; the steps of Heun's method are even in the logarithm.
    steps : int

    Raises
    ------
    ValueError
        If not ``0 < end < start``.

    Examples
    --------
    >>> two = Mixture(np.array([0.5, 0.5]), np.array([-4.0, 4.0]), np.array([0.5, 0.5]))
    >>> generate(np.array([-1.0, 1.0]), two).round(0).tolist()
    [-4.0, 4.0]
    """
    if not 0 < end < start:
        raise ValueError(f"generate: expected 0 < end < start; got {end} and {start}")
    times, x = np.geomspace(start, end, steps + 1), np.array(noise, float)
    for t, later in pairwise(times):
        slope = -x - score(x, spread_out(data, t))
        trial = x + (later - t) * slope
        again = -trial - score(trial, spread_out(data, later))
        x = x + (later - t) * (slope + again) / 2
    return x
