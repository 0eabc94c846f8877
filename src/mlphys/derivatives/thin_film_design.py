"""What to ask of a stack of thin layers, and the two laws that its answer is judged by.

A design has a thickness for every layer, in units of a quarter of a wavelength; all layers then
answer to a nudge with comparable strength, which minimizers need. An objective is a mean over a
band of frequencies, turned into something to be made small.

*Rays*: intensities that are reflected to and fro without interference add up to
1/T = 1 + Σ_j (1 − T_j)/T_j, T_j being the share that passes the interface j alone [1]_.

*Waves*: the mean of ln T over all frequencies is Σ_j ln T_j, whatever the thickness of the layers.
Each of the infinitely many echoes only adds a term e^{2iδ}, with δ of one sign, inside a logarithm
that has no branch point in the upper half-plane of frequencies; the mean over its phase is zero
(Jensen's formula [2]_). The same sum is the mean of ln T over random phases, which makes disordered
layers opaque: *localization* [1]_.

References
----------
.. [1] M. V. Berry and S. Klein, "Transparent mirrors: rays, waves and localization", European
   Journal of Physics 18, 222 (1997).
.. [2] L. V. Ahlfors, *Complex Analysis*, 3rd ed., McGraw-Hill (1979), section 5.3.1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.constants import speed_of_light

from mlphys.derivatives.thin_film import (
    Film,
    layer_matrices,
    log_transmittance_gradient,
    multiply_in_pairs,
)

__all__ = [
    "MEASURES",
    "analytic_log_transmittance",
    "band_objective",
    "interface_transmittance",
    "log_transmittance",
    "mean_log_transmittance",
    "ray_transmittance",
    "stopped_share",
    "vacuum_wavelength",
]

MEASURES = ("mean", "log")


def vacuum_wavelength(frequency: Any) -> Any:
    """Return the wavelength in nanometers that belongs to a frequency in terahertz, c / ν.

    Examples
    --------
    >>> print(f"{vacuum_wavelength(500.0):.3f}")
    599.585
    """
    return speed_of_light * 1e-3 / np.asarray(frequency, float)


def interface_transmittance(film: Film) -> np.ndarray:
    """Return the share of the power that each interface passes by itself, 4 n m / (n + m)².

    Parameters
    ----------
    film : Film
        Clear materials (real indices).

    Returns
    -------
    ndarray, shape (layers + 1,)
        From the one in front of the first layer to the one behind the last.

    Raises
    ------
    ValueError
        If a material absorbs: its rays have no fixed share to pass on.

    Examples
    --------
    >>> interface_transmittance(Film([1.5], 1.0, 1.0))
    array([0.96, 0.96])
    """
    n = np.array([film.front, *film.index, film.back])
    if np.iscomplexobj(n):
        raise ValueError("interface_transmittance: expected real indices; got complex ones")
    return 4 * n[:-1] * n[1:] / (n[:-1] + n[1:]) ** 2


def ray_transmittance(film: Film) -> float:
    """Return the share of the power that passes if intensities add instead of amplitudes.

    Examples
    --------
    >>> round(ray_transmittance(Film([1.5], 1.0, 1.0)), 6)  # 1/(1 + 2 · 0.04/0.96)
    0.923077
    """
    passed = interface_transmittance(film)
    return float(1 / (1 + np.sum((1 - passed) / passed)))


def mean_log_transmittance(film: Film) -> float:
    """Return the mean of ln T over all frequencies, Σ ln T_j: the same for every thickness.

    Examples
    --------
    >>> round(mean_log_transmittance(Film([1.5], 1.0, 1.0)), 6)  # 2 ln 0.96
    -0.081644
    """
    return float(np.sum(np.log(interface_transmittance(film))))


def stopped_share(film: Film, thickness: Any, wavelength: Any) -> float:
    """Return how many pairs of neighbors would stop the light if they were repeated for ever.

    In a periodic stack of a pair with the matrix M a wave runs without loss where |tr M| ≤ 2;
    elsewhere, in a *gap*, it dies out exponentially.

    Parameters
    ----------
    film : Film
        Clear materials, two layers at least.
    thickness, wavelength
        As for :func:`log_transmittance`, plain arrays.

    Returns
    -------
    float
        Share of all combinations of a pair and a wavelength that lie in a gap.

    Examples
    --------
    >>> film = Film([2.35, 1.45])
    >>> quarters = np.array([1.0, 1.0]) / film.index
    >>> [stopped_share(film, x * quarters, [4.0]) for x in (1.0, 0.5)]
    [1.0, 0.0]
    """
    matrices = layer_matrices(film, thickness, wavelength)
    first, second = matrices[..., :-1, :, :], matrices[..., 1:, :, :]
    half_trace = np.einsum("...ab,...ba->...", first, second).real / 2
    return float(np.mean(abs(half_trace) > 1))


def log_transmittance(film: Film, thickness: Any, wavelength: Any) -> Any:
    """Return ln T from operations that the tape knows, so that it can be differentiated.

    Parameters
    ----------
    film : Film
        Indices.
    thickness : array or tape variable, shape (layers,)
        In the unit of the wavelength.
    wavelength : array_like, shape (...)
        In the vacuum.

    Returns
    -------
    array or tape variable, shape (...)

    Examples
    --------
    >>> film = Film([1.5], front=1.0, back=1.0)
    >>> round(np.exp(log_transmittance(film, np.array([100.0]), [600.0])).item(), 6)
    0.852071
    """
    product = _product(film, thickness, wavelength, -1j)
    q = product @ np.array([1.0, film.back]) @ np.array([film.front, 1.0])
    return np.log(4 * film.front * np.real(film.back)) - 2 * np.log(abs(q))


def analytic_log_transmittance(film: Film, thickness: Any, wavelength: Any) -> Any:
    """Return ln T of clear layers without i, so that an imaginary step may use it.

    With iH in place of H the matrices of clear layers are real, [[cos δ, −sin δ / n],
    [n sin δ, cos δ]]; with P for their product, real and imaginary part of q are
    n_front P₀₀ + n_back P₁₁ and n_front n_back P₀₁ − P₁₀, and the sum of their squares is analytic.

    Parameters
    ----------
    film : Film
        Clear materials (real indices).
    thickness : ndarray, shape (layers,)
        Real or complex.
    wavelength : array_like, shape (...)
        In the vacuum, in the same unit.

    Returns
    -------
    ndarray, shape (...)
        Complex where the thickness is.

    Raises
    ------
    ValueError
        If a material absorbs.

    Examples
    --------
    >>> film, step = Film([1.5], front=1.0, back=1.0), 1e-200
    >>> slope = analytic_log_transmittance(film, np.array([50 + 1j * step]), [600.0]).imag / step
    >>> slope.round(6)
    array([-0.002509])
    """
    front, back = film.front, film.back
    if np.iscomplexobj(film.index) or np.iscomplexobj(back):
        raise ValueError("analytic_log_transmittance: expected real indices; got complex ones")
    p = _product(film, thickness, wavelength, -1.0)
    real = front * p[..., 0, 0] + back * p[..., 1, 1]
    imaginary = front * back * p[..., 0, 1] - p[..., 1, 0]
    return np.log(4 * front * back) - np.log(real * real + imaginary * imaginary)


def _product(film: Film, thickness: Any, wavelength: Any, root: complex) -> Any:
    """Return M_1 … M_N with M = [[cos δ, root · sin δ / n], [−n sin δ / root, cos δ]].

    ``root`` is −i for the fields (E, H), and −1 for (E, iH).
    """
    n = film.index
    delta = thickness * (2 * np.pi * n / np.asarray(wavelength, float)[..., None])
    swap = np.array([[0 * n, root / n], [-n / root, 0 * n]]).transpose(2, 0, 1)  # (layers, 2, 2)
    cosine, sine = np.cos(delta)[..., None, None], np.sin(delta)[..., None, None]
    return multiply_in_pairs(cosine * np.eye(2) + sine * swap)


def band_objective(
    film: Film, wavelength: np.ndarray, *, unit: Any = 1.0, measure: str = "log"
) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    """Return a function for minimizers: the objective of a design and its gradient, by hand.

    Parameters
    ----------
    film : Film
        Indices.
    wavelength : ndarray, shape (frequencies,)
        The band over which the mean is taken.
    unit : array_like, shape (layers,)
        What a thickness of 1 means for each layer; a quarter wave is a good choice.
    measure : {"mean", "log"}
        The objective is minus the mean of T, or minus the mean of ln T.

    Returns
    -------
    callable
        ``x -> (objective, gradient)`` with x and gradient of shape (layers,).

    Raises
    ------
    ValueError
        If the measure is unknown.

    Examples
    --------
    >>> film = Film([1.5], front=1.0, back=1.0)
    >>> value, gradient = band_objective(film, np.array([600.0]))(np.array([50.0]))
    >>> round(value, 6), gradient.round(6)
    (0.083243, array([0.002509]))
    """
    if measure not in MEASURES:
        raise ValueError(f"band_objective: expected a measure among {MEASURES}; got {measure!r}")

    def objective(x: np.ndarray) -> tuple[float, np.ndarray]:
        log_t, slopes = log_transmittance_gradient(film, x * unit, wavelength)
        if measure == "log":
            return -float(np.mean(log_t)), -np.mean(slopes, axis=0) * unit
        t = np.exp(log_t)
        return -float(np.mean(t)), -np.mean(t[:, None] * slopes, axis=0) * unit

    return objective
