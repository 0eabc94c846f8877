r"""Mean-field theory of random layers: how long a signal is, and how its gradient grows.

A layer turns :math:`z` into :math:`z'_j = \sum_i W_{ij}\varphi(z_i) + b_j` with independent normal
weights of variance :math:`\sigma_w^2/n` (n the fan-in) and offsets of variance
:math:`\sigma_b^2`. In wide layers the :math:`z_i` are normal, and one number describes them, their
mean square *q*, the **length** of the signal:

.. math:: q' = \sigma_w^2\, E[\varphi(\sqrt q\,\xi)^2] + \sigma_b^2, \qquad \xi \sim N(0, 1).

Going back through a layer multiplies the squared length of a gradient by

.. math:: \chi = \sigma_w^2\, E[\varphi'(\sqrt q\,\xi)^2].

Expectations are Gauss-Hermite sums. Their error falls as :math:`\exp(-2 d\sqrt{n/q})` for a unit
with a pole at imaginary distance d (1 for arctan, π/2 for tanh): below 1e-12 for q ≤ 4 and below
1e-6 for q ≤ 50 with the 2000 nodes used here, of which the 262 with a weight above 1e-20 remain.
A kink at 0 costs accuracy: χ of ``elu`` and ``selu`` is good to 1e-3; ``relu`` is exact, because
the nodes lie symmetrically about 0.

Chapter: ``book/learning/depth.md``. Correlations of two signals: ``correlation.py``.

References
----------
Poole et al., arXiv:1606.05340; Schoenholz et al., "Deep Information Propagation",
arXiv:1611.01232, eqs. (3)-(5) and (10).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import erf, roots_hermitenorm

from mlphys.learning.activations import SELU_ALPHA, SELU_SCALE

__all__ = [
    "UNITS",
    "Unit",
    "critical_weight",
    "depth_of_rate",
    "find_unit",
    "fixed_length",
    "gauss_mean",
    "gradient_scatter",
    "length_depth",
    "level_line",
    "next_length",
    "normal_nodes",
    "susceptibility",
]

Curve = Callable[[np.ndarray], np.ndarray]
Values = Any  # ndarray, or float64 where a number went in

NODES = 2000
SMALLEST, LARGEST = 1e-12, 1e6  # lengths between which fixed points are sought


class Unit(NamedTuple):
    """A curve φ and its slope φ', both acting entry by entry."""

    name: str
    value: Curve
    slope: Curve


def _elu(z: np.ndarray) -> np.ndarray:
    return np.maximum(z, 0) + np.expm1(np.minimum(z, 0))


def _elu_slope(z: np.ndarray) -> np.ndarray:
    return np.exp(np.minimum(z, 0))


def _selu(z: np.ndarray) -> np.ndarray:
    return SELU_SCALE * (np.maximum(z, 0) + SELU_ALPHA * np.expm1(np.minimum(z, 0)))


def _selu_slope(z: np.ndarray) -> np.ndarray:
    return SELU_SCALE * np.where(z > 0, 1.0, SELU_ALPHA * np.exp(np.minimum(z, 0)))


UNITS = {
    "arctan": Unit("arctan", np.arctan, lambda z: 1 / (1 + z * z)),
    "elu": Unit("elu", _elu, _elu_slope),
    "erf": Unit("erf", erf, lambda z: 2 / np.sqrt(np.pi) * np.exp(-z * z)),
    "relu": Unit("relu", lambda z: np.maximum(z, 0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "selu": Unit("selu", _selu, _selu_slope),
    "tanh": Unit("tanh", np.tanh, lambda z: 1 - np.tanh(z) ** 2),
}


def find_unit(name: str) -> Unit:
    """Return the unit of that name, with a message that lists the names if there is none.

    Examples
    --------
    >>> find_unit("erf").name
    'erf'
    """
    if name not in UNITS:
        raise ValueError(f"unit: expected one of {', '.join(UNITS)}; got {name!r}")
    return UNITS[name]


@cache
def normal_nodes(count: int = NODES) -> tuple[np.ndarray, np.ndarray]:
    """Return the nodes and weights of E[f(ξ)] ≈ Σ w f(x) for standard normal ξ.

    Nodes with a weight below 1e-20 are left out. ``count`` should be even, so that no node lies
    on the kink of a ``relu``.

    Examples
    --------
    >>> x, w = normal_nodes(3)
    >>> x.round(4) + 0.0, w.round(4)
    (array([-1.7321,  0.    ,  1.7321]), array([0.1667, 0.6667, 0.1667]))
    """
    x, w = roots_hermitenorm(count)
    w = w / w.sum()
    kept = w > 1e-20
    return x[kept], w[kept]


def gauss_mean(curve: Curve, q: float | np.ndarray, *, nodes: int = NODES) -> Values:
    """Return E[f(√q ξ)] for standard normal ξ.

    Parameters
    ----------
    curve : callable
        f, acting entry by entry.
    q : float or ndarray
        Variances, 0 or more.
    nodes : int

    Returns
    -------
    ndarray, shape of q, or float64

    Raises
    ------
    ValueError
        If a variance is negative or not a number.

    Examples
    --------
    >>> float(gauss_mean(np.square, 3.0).round(12))
    3.0
    """
    q = np.asarray(q, float)
    if not np.all(q >= 0):
        raise ValueError(f"gauss_mean: expected variances of 0 or more; got {q}")
    x, w = normal_nodes(nodes)
    return curve(np.sqrt(q)[..., None] * x) @ w


def next_length(
    unit: str, q: float | np.ndarray, *, sigma_w: float, sigma_b: float = 0.0
) -> Values:
    """Return the length of a signal one layer on, σ_w² E[φ(√q ξ)²] + σ_b².

    Parameters
    ----------
    unit : str
        Key of ``UNITS``.
    q : float or ndarray
        Mean square of what arrives at the units of this layer.
    sigma_w, sigma_b : float
        Standard deviations of a weight times √(fan-in), and of an offset.

    Examples
    --------
    >>> float(next_length("relu", 3.0, sigma_w=2.0).round(12))  # σ_w² q / 2
    6.0
    """
    _check_sigmas(sigma_w, sigma_b)
    value = find_unit(unit).value
    return sigma_w**2 * gauss_mean(lambda z: value(z) ** 2, q) + sigma_b**2


def susceptibility(unit: str, q: float | np.ndarray, *, sigma_w: float) -> Values:
    """Return χ = σ_w² E[φ'(√q ξ)²], the factor on the squared length of a gradient per layer.

    Parameters
    ----------
    unit : str
    q : float or ndarray
        Length of the signal at the units passed through.
    sigma_w : float

    Examples
    --------
    >>> float(susceptibility("relu", 5.0, sigma_w=2.0**0.5).round(12))  # He's rule
    1.0
    """
    _check_sigmas(sigma_w, 0.0)
    slope = find_unit(unit).slope
    return sigma_w**2 * gauss_mean(lambda z: slope(z) ** 2, q)


def fixed_length(unit: str, *, sigma_w: float, sigma_b: float = 0.0) -> float:
    """Return the length q* to which signals tend in deep nets.

    For all units here E[φ²]/q never rises with q, so there is at most one fixed point above 0, and
    it is where next_length(q)/q passes through 1.

    Parameters
    ----------
    unit : str
    sigma_w, sigma_b : float

    Returns
    -------
    float
        0 where every signal dies, infinity where every signal grows without bound.

    Raises
    ------
    ValueError
        If every length is a fixed point, as for ``relu`` at σ_w² = 2 without offsets.

    Examples
    --------
    >>> round(fixed_length("relu", sigma_w=1.0, sigma_b=1.0), 9)  # σ_b² / (1 - σ_w²/2)
    2.0
    >>> fixed_length("tanh", sigma_w=0.9)
    0.0
    """

    def excess(log_q: float) -> float:
        q = np.exp(log_q)
        return float(next_length(unit, q, sigma_w=sigma_w, sigma_b=sigma_b)) / q - 1

    low, high = np.log(SMALLEST), np.log(LARGEST)
    first, last = excess(low), excess(high)
    if abs(first) < 1e-9 and abs(last) < 1e-9:
        raise ValueError(
            f"fixed_length: {unit} at sigma_w = {sigma_w} without offsets keeps every length; "
            "pass the length of the input instead"
        )
    if first <= 1e-11:  # at σ_w φ'(0) = 1 rounding decides the sign
        return 0.0
    if last >= 0:
        return np.inf
    root: Any = brentq(excess, low, high, xtol=1e-13)
    return float(np.exp(root))


def level_line(
    unit: str, q: np.ndarray, *, chi: float = 1.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return points (σ_w, σ_b) of the phase diagram where χ has a given value.

    No search is needed: q is the parameter of the curve. χ fixes σ_w² = χ/E[φ'²], and the fixed
    point fixes σ_b² = q - σ_w² E[φ²]. Lengths that would need σ_b² < 0 are left out.

    Parameters
    ----------
    unit : str
    q : ndarray, shape (n,)
        Fixed lengths, above 0.
    chi : float

    Returns
    -------
    sigma_w, sigma_b, q : ndarray, shape (m,), m <= n

    Examples
    --------
    >>> sigma_w, sigma_b, q = level_line("relu", np.array([1.0, 4.0]), chi=0.5)
    >>> sigma_w.round(9), sigma_b.round(4)
    (array([1., 1.]), array([0.7071, 1.4142]))
    """
    q = np.asarray(q, float)
    value = find_unit(unit).value
    variance = chi / susceptibility(unit, q, sigma_w=1.0)
    offset = q - variance * gauss_mean(lambda z: value(z) ** 2, q)
    kept = offset >= 0
    return np.sqrt(variance[kept]), np.sqrt(offset[kept]), q[kept]


def critical_weight(unit: str, *, sigma_b: float) -> float:
    """Return the σ_w at which χ = 1 for a given σ_b: the edge between order and chaos.

    Parameters
    ----------
    unit : {"arctan", "erf", "tanh"}
        A bounded unit.
    sigma_b : float

    Raises
    ------
    ValueError
        For units without bound, whose χ = 1 is not a line that meets every σ_b.

    Examples
    --------
    >>> critical_weight("tanh", sigma_b=0.0)
    1.0
    >>> round(critical_weight("tanh", sigma_b=0.3), 4)
    1.3956
    """
    if unit not in ("arctan", "erf", "tanh"):
        raise ValueError(
            f"critical_weight: expected a bounded unit, arctan, erf or tanh; got {unit!r}. "
            "relu is critical at sigma_w = √2 without offsets."
        )
    _check_sigmas(1.0, sigma_b)
    unit_value = UNITS[unit].value

    def needed(log_q: float) -> float:
        q = np.exp(log_q)
        variance = 1 / susceptibility(unit, q, sigma_w=1.0)
        return float(q - variance * gauss_mean(lambda z: unit_value(z) ** 2, q)) - sigma_b**2

    if sigma_b == 0:
        return float(1 / UNITS[unit].slope(np.zeros(1))[0])
    log_q: Any = brentq(needed, np.log(1e-7), np.log(50.0), xtol=1e-14)
    return float(susceptibility(unit, np.exp(log_q), sigma_w=1.0) ** -0.5)


def length_depth(unit: str, *, sigma_w: float, sigma_b: float = 0.0) -> float:
    """Return ξ_q, the number of layers in which a wrong length approaches q* by a factor e.

    From ξ_q = -1/ln(dq'/dq) at the fixed point, with dq'/dq = σ_w² E[φ φ' ξ]/√q; 0 where the slope
    vanishes, infinity where it is 1.

    Examples
    --------
    >>> round(length_depth("relu", sigma_w=1.0, sigma_b=1.0), 9)  # 1/ln 2
    1.442695041
    """
    q = fixed_length(unit, sigma_w=sigma_w, sigma_b=sigma_b)
    value, slope = UNITS[unit].value, UNITS[unit].slope
    if not np.isfinite(q):
        return np.inf
    if q == 0:
        rate = float(susceptibility(unit, SMALLEST, sigma_w=sigma_w))
    else:
        pull = gauss_mean(lambda z: value(z) * slope(z) * z, q)  # z is √q ξ
        rate = sigma_w**2 * float(pull) / q
    return depth_of_rate(rate)


def gradient_scatter(unit: str, q: float, *, width: int) -> float:
    """Return the variance per layer of ln|gradient|² between random nets of a finite width.

    Going back, |g'|²/|g|² = (σ_w²/n) Σ φ'(z_i)² ξ_i² with independent normal ξ, a sum of n terms
    of mean χ/n. Its relative variance is (3κ - 1)/n with κ = E[φ'⁴]/E[φ'²]², the share of the
    gradient that a few responding units carry. Fluctuations of q itself are left out.

    Parameters
    ----------
    unit : str
    q : float
        Length of the signal.
    width : int
        Units in a layer; good where the result is well below 1.

    References
    ----------
    Hanin and Nica, arXiv:1812.05994, for ``relu``, where it is 5/n.

    Examples
    --------
    >>> round(gradient_scatter("relu", 1.0, width=100), 9)
    0.05
    """
    slope = find_unit(unit).slope
    fourth = gauss_mean(lambda z: slope(z) ** 4, q)
    second = gauss_mean(lambda z: slope(z) ** 2, q)
    return float(3 * fourth / second**2 - 1) / width


def depth_of_rate(rate: float) -> float:
    """Return -1/ln(rate) for a rate of at most 1 per layer, and infinity at 1."""
    if rate >= 1:
        return np.inf
    return 0.0 if rate <= 0 else float(-1 / np.log(rate))


def _check_sigmas(sigma_w: float, sigma_b: float) -> None:
    if not sigma_w > 0 or not sigma_b >= 0:
        raise ValueError(
            f"expected sigma_w above 0 and sigma_b of 0 or more; got {sigma_w} and {sigma_b}"
        )
