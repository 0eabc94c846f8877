r"""Two signals in one random net: do they become alike, or strangers?

Two inputs that arrive with the same length *q* and the correlation *c* = (mean of z₁z₂)/q leave the
next layer with

.. math:: c' = \frac{\sigma_w^2\, E[\varphi(u_1)\varphi(u_2)] + \sigma_b^2}{q}, \qquad
   u_1 = \sqrt q\,\xi_1, \quad u_2 = \sqrt q\,(c\,\xi_1 + \sqrt{1 - c^2}\,\xi_2),

where q is the fixed length. c = 1 is always a fixed point, with slope χ; where χ > 1 it repels, and
a fixed point c* below 1 attracts. The double sum uses the nodes of :mod:`mlphys.learning.depth`; a
kink (``relu``) costs accuracy, about 1e-3, while smooth units keep that of the single sums.

Chapter: ``book/learning/depth.md``.

References
----------
Poole et al., arXiv:1606.05340, eq. (5); Schoenholz et al., arXiv:1611.01232, eqs. (5), (9), (10).
Closed forms that test this: erf, Williams, Neural Computation 10 (1998) 1203; relu, Cho and Saul,
NIPS 22 (2009).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import brentq

from mlphys.learning.depth import (
    Curve,
    Values,
    depth_of_rate,
    find_unit,
    fixed_length,
    normal_nodes,
    susceptibility,
)

__all__ = ["correlation_depth", "fixed_correlation", "next_correlation", "pair_mean"]

PAIR_NODES = 600  # of which some 150 have weight
NEAR = 1e-7  # a fixed point this close to 1 is taken for 1


def pair_mean(curve: Curve, q: float, c: float | np.ndarray) -> np.ndarray:
    """Return E[f(u₁) f(u₂)] for normal u of variance q and correlation c.

    Parameters
    ----------
    curve : callable
        f, acting entry by entry.
    q : float
    c : float or ndarray
        In -1 ... 1.

    Returns
    -------
    ndarray, shape of c

    Raises
    ------
    ValueError
        If a correlation lies outside -1 ... 1.

    Examples
    --------
    >>> pair_mean(lambda u: u, 2.0, np.array([0.5, 1.0])).round(9)  # the covariance itself
    array([1., 2.])
    """
    c = np.asarray(c, float)
    if not np.all(np.abs(c) <= 1):
        raise ValueError(f"pair_mean: expected correlations in -1 ... 1; got {c}")
    x, w = normal_nodes(PAIR_NODES)
    first, root = curve(np.sqrt(q) * x) * w, np.sqrt(q)
    means = [
        first @ (curve(root * (one * x[:, None] + np.sqrt(1 - one * one) * x)) @ w)
        for one in c.ravel()
    ]
    return np.reshape(means, c.shape)


def next_correlation(
    unit: str, c: float | np.ndarray, *, sigma_w: float, sigma_b: float = 0.0
) -> Values:
    """Return the correlation of two signals one layer on, both at the fixed length.

    Parameters
    ----------
    unit : str
        Key of ``mlphys.learning.depth.UNITS``.
    c : float or ndarray
    sigma_w, sigma_b : float

    Raises
    ------
    ValueError
        Where the fixed length is 0 or infinite, so that there is no direction to compare.

    Examples
    --------
    >>> next_correlation("tanh", np.array([0.0, 1.0]), sigma_w=2.0).round(9)
    array([0., 1.])
    """
    q = _length(unit, sigma_w, sigma_b)
    mean = pair_mean(find_unit(unit).value, q, c)
    return (sigma_w**2 * mean + sigma_b**2) / q


def fixed_correlation(unit: str, *, sigma_w: float, sigma_b: float = 0.0) -> float:
    """Return the correlation c* to which two different inputs tend: 1 in the ordered phase.

    Examples
    --------
    >>> fixed_correlation("tanh", sigma_w=1.0, sigma_b=0.3)
    1.0
    >>> fixed_correlation("tanh", sigma_w=2.0)  # two strangers
    0.0
    """
    q = _length(unit, sigma_w, sigma_b)
    if susceptibility(unit, q, sigma_w=sigma_w) <= 1:
        return 1.0

    def excess(c: float) -> float:
        return float(next_correlation(unit, c, sigma_w=sigma_w, sigma_b=sigma_b)) - c

    if abs(excess(0.0)) < 1e-12:  # an odd unit without offsets
        return 0.0
    if excess(1 - NEAR) >= 0:
        return 1.0
    root: Any = brentq(excess, 0.0, 1 - NEAR, xtol=1e-12)
    return float(root)


def correlation_depth(unit: str, *, sigma_w: float, sigma_b: float = 0.0) -> float:
    """Return ξ_c, the number of layers in which a difference of two inputs changes by a factor e.

    ξ_c = -1/ln(σ_w² E[φ'(u₁) φ'(u₂)]) at c*; in the ordered phase that is -1/ln χ. It diverges
    where χ = 1: there a signal reaches any depth.

    Examples
    --------
    >>> round(correlation_depth("relu", sigma_w=1.0, sigma_b=1.0), 9)  # χ = 1/2
    1.442695041
    """
    q = _length(unit, sigma_w, sigma_b)
    c = fixed_correlation(unit, sigma_w=sigma_w, sigma_b=sigma_b)
    if c == 1.0:
        return depth_of_rate(float(susceptibility(unit, q, sigma_w=sigma_w)))
    return depth_of_rate(sigma_w**2 * float(pair_mean(find_unit(unit).slope, q, c)))


def _length(unit: str, sigma_w: float, sigma_b: float) -> float:
    q = fixed_length(unit, sigma_w=sigma_w, sigma_b=sigma_b)
    if not 0 < q < np.inf:
        raise ValueError(
            f"correlation: {unit} at sigma_w = {sigma_w}, sigma_b = {sigma_b} has the fixed "
            f"length {q}; expected one above 0 and finite. Take offsets (sigma_b > 0) or larger "
            "weights."
        )
    return q
