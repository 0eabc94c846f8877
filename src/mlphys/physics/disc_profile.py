"""How much a thin disc of gas shines at each radius: the model of Page and Thorne.

Gas in a thin disc falls inward slowly, on circles in free fall, down to the innermost stable one; from
there it plunges in, and pulls on the disc no more. Friction turns the energy that it loses into
radiation where it is lost, and carries the angular momentum outward. Energy and angular momentum
together fix the flux, whatever the friction is. The flux is that from one face, as seen by somebody
who moves with the gas.

The disc turns counterclockwise seen from z > 0; a hole of negative spin turns against it. Lengths are
in units of the Schwarzschild radius (r_s = 1, M = 1/2). NumPy.

Chapter: A disc of hot gas. References: :cite:t:`PageThorne1974`, equations 11 to 15;
:cite:t:`NovikovThorne1973`.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from mlphys.physics.kerr import M, isco
from mlphys.physics.redshift import kepler_constants

__all__ = ["disc_flux", "disc_temperature", "efficiency", "hottest", "inner_edge"]


def inner_edge(spin: float) -> float:
    """Return the radius of the innermost stable orbit that turns counterclockwise.

    Parameters
    ----------
    spin : float
        a/M, from −1 to 1.

    Examples
    --------
    >>> inner_edge(0.0), round(inner_edge(0.9), 6), round(inner_edge(-0.9), 6)
    (3.0, 1.160442, 4.358676)
    """
    with_it, against = isco(abs(spin))
    return with_it if spin >= 0 else against


def efficiency(spin: float) -> float:
    """Return the share of its rest energy that gas radiates on its way in, 1 − E at the inner edge.

    Examples
    --------
    >>> round(efficiency(0.0), 6), round(efficiency(0.9), 4)
    (0.057191, 0.1558)
    """
    energy, _ = kepler_constants(inner_edge(spin), spin)
    return float(1 - energy)


def disc_flux(radius: Any, spin: float = 0.0) -> Any:
    """Return the energy that leaves one face of the disc, per area and time, for an inflow of 1.

    With x = √(r/M) and x_0 that of the inner edge, the flux is

    ``3/(8π M² x⁴ (x³ − 3x + 2a)) · [x − x_0 − ³⁄₂ a ln(x/x_0) − Σ_i c_i ln((x − x_i)/(x_0 − x_i))]``

    with a in units of M, x_i the roots of x³ − 3x + 2a, and
    ``c_i = 3(x_i − a)²/(x_i (x_i − x_j)(x_i − x_k))``.

    Parameters
    ----------
    radius : array_like
        r.
    spin : float
        a/M, from −1 to 1, ends excluded.

    Returns
    -------
    array
        In units of the rest energy that flows in per time r_s/c, over r_s²; 0 inside the inner edge.

    Raises
    ------
    ValueError
        If the spin is not between −1 and 1.

    References
    ----------
    :cite:t:`PageThorne1974`, equation 15n.

    Examples
    --------
    >>> radius = np.array([2.0, 3.0, 4.774, 30.0])
    >>> (1e5 * disc_flux(radius)).round(3)
    array([0.   , 0.   , 5.471, 0.125])
    """
    if not -1 < spin < 1:
        raise ValueError(f"disc_flux: expected a spin a/M between −1 and 1; got {spin}")
    r, edge = np.asarray(radius, dtype=float), inner_edge(spin)
    x, x0 = np.sqrt(np.maximum(r, edge) / M), np.sqrt(edge / M)
    third = np.arccos(spin) / 3
    roots = 2 * np.cos(third + np.array([-1.0, 1.0, 3.0]) * np.pi / 3)
    total = x - x0 - 1.5 * spin * np.log(x / x0)
    for i, root in enumerate(roots):
        others = np.prod(root - np.delete(roots, i))
        # without spin the middle root is 0, and so is its term
        weight = 3 * (root - spin) ** 2 / (root * others) if abs(root) > 1e-12 else 0.0
        total = total - weight * np.log((x - root) / (x0 - root))
    flux = 3 / (8 * np.pi * M * M) * total / (x**4 * (x**3 - 3 * x + 2 * spin))
    return np.where(r > edge, flux, 0.0)


@lru_cache(maxsize=64)
def hottest(spin: float) -> tuple[float, float]:
    """Return the radius at which the disc is brightest, and the flux there.

    Examples
    --------
    >>> tuple(round(value, 6) for value in hottest(0.0))
    (4.775464, 5.5e-05)
    """
    edge = inner_edge(spin)
    found = minimize_scalar(
        lambda r: -float(disc_flux(r, spin)),
        bounds=(edge, 3 * edge),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return float(found.x), float(-found.fun)


def disc_temperature(radius: Any, spin: float = 0.0, *, peak: float) -> Any:
    """Return the temperature of a disc that radiates as a black body, (flux)^{1/4}.

    Parameters
    ----------
    radius : array_like
        r.
    spin : float
        a/M.
    peak : float
        Temperature of the hottest ring, in kelvin; it stands for the inflow and the mass.

    Returns
    -------
    array
        Kelvin; 0 inside the inner edge.

    Examples
    --------
    >>> disc_temperature(np.array([3.0, hottest(0.0)[0], 12.0]), peak=6000.0).round(0)
    array([   0., 6000., 4156.])
    """
    return peak * (disc_flux(radius, spin) / hottest(spin)[1]) ** 0.25
