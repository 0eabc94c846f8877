"""Exact results for rotating holes, charged or not, as references for everything that is traced.

Closed forms in double precision. Lengths in units of the Schwarzschild radius (r_s = 1, so M = 1/2,
and a length in the tables of the literature, in units of M, is twice as large a number). Spin and
charge are a/M and Q/M, as in :mod:`mlphys.physics.rotating_holes`.

Light is told by two ratios of constants, ``xi`` = L_z/E and ``eta`` = Q/E², where L_z is the angular
momentum about the axis and Q Carter's constant. Light that neither falls in nor escapes stays on a
sphere r = const; these orbits make the edge of the shadow. They form a family of one parameter,
usually r, which leaves 0/0 for a hole that does not rotate. Here it is u = (r − r_0)/a, r_0 the radius
of the photon sphere at a = 0: nothing is divided by a.

Chapter: A black hole that rotates. References: shadow :cite:p:`Bardeen1973`, with charge after
:cite:t:`Grenzebach2014`; spherical orbits :cite:p:`Teo2003`; equatorial orbits
:cite:p:`Bardeen1972`; constants of motion :cite:p:`Carter1968`.
"""

from typing import Any

import numpy as np

from mlphys.physics.rotating_holes import check_hole, spheroidal_radius
from mlphys.physics.spacetime import LineElement, metric

__all__ = [
    "angular_momentum",
    "carter_constant",
    "critical_impact",
    "frame_dragging",
    "horizons",
    "isco",
    "photon_orbits",
    "shadow_curve",
    "spherical_light",
    "static_limit",
]

M = 0.5
HALVINGS = 60


def horizons(spin: float, charge: float = 0.0) -> tuple[float, float]:
    """Return the radii of the outer and the inner horizon, ``(1 ± √(1 − spin² − charge²))/2``.

    Raises
    ------
    ValueError
        If spin² + charge² exceeds 1.

    Examples
    --------
    >>> horizons(0.0), horizons(1.0)
    ((1.0, 0.0), (0.5, 0.5))
    """
    check_hole(spin, charge)
    root = float(np.sqrt(1 - spin * spin - charge * charge))
    return (1 + root) / 2, (1 - root) / 2


def static_limit(spin: float, theta: Any, charge: float = 0.0) -> Any:
    """Return the radius inside which nothing can rest, at the angle ``theta`` from the axis.

    Between it and the outer horizon lies the ergosphere, where g_tt > 0.

    Examples
    --------
    >>> float(static_limit(0.9, np.pi / 2))
    1.0
    """
    check_hole(spin, charge)
    return (1 + np.sqrt(1 - (spin * np.cos(theta)) ** 2 - charge * charge)) / 2


def isco(spin: float) -> tuple[float, float]:
    """Return the radii of the innermost stable circular orbits, with the rotation and against it.

    Parameters
    ----------
    spin : float
        a/M, from 0 to 1.

    Returns
    -------
    tuple of float

    References
    ----------
    :cite:t:`Bardeen1972`, equation 2.21.

    Examples
    --------
    >>> isco(0.0), tuple(round(r, 9) for r in isco(1.0))
    ((3.0, 3.0), (0.5, 4.5))
    """
    _check_spin(spin)
    z1 = 1 + np.cbrt(1 - spin * spin) * (np.cbrt(1 + spin) + np.cbrt(1 - spin))
    z2 = np.sqrt(3 * spin * spin + z1 * z1)
    shift = np.sqrt(max((3 - z1) * (3 + z1 + 2 * z2), 0.0))
    return float(3 + z2 - shift) / 2, float(3 + z2 + shift) / 2


def photon_orbits(spin: float) -> tuple[float, float]:
    """Return the radii of light's circles in the equator, with the rotation and against it.

    ``r = 1 + cos(⅔ arccos(∓spin))``, spin from 0 to 1.

    References
    ----------
    :cite:t:`Bardeen1972`, equation 2.18.

    Examples
    --------
    >>> tuple(round(r, 12) for r in photon_orbits(1.0))
    (0.5, 2.0)
    """
    _check_spin(spin)
    co, counter = (1 + np.cos(2 / 3 * np.arccos(sign * spin)) for sign in (-1, 1))
    return float(co), float(counter)


def critical_impact(spin: float) -> tuple[float, float]:
    """Return ``xi`` of light's circles in the equator: positive with the rotation, negative against.

    From r and the condition on the circle, ``xi = ±3√(Mr) − a``.

    Examples
    --------
    >>> tuple(round(xi, 12) for xi in critical_impact(1.0))
    (1.0, -3.5)
    """
    co, counter = photon_orbits(spin)
    a = spin * M
    return float(3 * np.sqrt(M * co) - a), float(-3 * np.sqrt(M * counter) - a)


def frame_dragging(radius: Any, spin: float, theta: Any = np.pi / 2, charge: float = 0.0) -> Any:
    """Return dφ/dt of whatever has no angular momentum: ``−g_tφ/g_φφ``, in radians per r_s/c.

    Parameters
    ----------
    radius, theta : array_like
        Boyer's and Lindquist's r, not inside the outer horizon, and the angle from the axis.
    spin, charge : float
        a/M and Q/M.

    Returns
    -------
    array

    Examples
    --------
    >>> float(frame_dragging(horizons(0.6)[0], 0.6).round(12))  # a/(2 M r₊) = 0.3/0.9
    0.333333333333
    """
    check_hole(spin, charge)
    r, a, q = np.asarray(radius, dtype=float), spin * M, charge * M
    delta = r * r - 2 * M * r + a * a + q * q
    area = (r * r + a * a) ** 2 - a * a * delta * np.sin(theta) ** 2
    return a * (2 * M * r - q * q) / area


def spherical_light(u: Any, spin: float, charge: float = 0.0) -> tuple[Any, Any, Any]:
    """Return radius, ``xi`` and ``eta`` of light that stays on a sphere.

    Parameters
    ----------
    u : array_like
        (r − r_0)/a, between the two values of :func:`equatorial_parameters`.
    spin, charge : float
        a/M and Q/M.

    Returns
    -------
    radius, xi, eta : array

    Examples
    --------
    >>> radius, xi, eta = spherical_light(0.0, 0.9)
    >>> float(radius), float(xi), float(eta)  # at r = 3M: xi = −2a, eta = 27 M²
    (1.5, -0.9, 6.75)
    """
    u, a, q2 = np.asarray(u, dtype=float), spin * M, (charge * M) ** 2
    outer, inner = _photon_spheres(q2)
    r = outer + a * u
    arm = u * (r - inner)
    xi = -(r * arm + a * (r + M)) / (r - M)
    eta = r * r * (4 * (M * r - q2) - arm * arm) / (r - M) ** 2
    return r, xi, eta


def equatorial_parameters(spin: float, charge: float = 0.0) -> tuple[float, float]:
    """Return the least and the largest u, those of the two circles in the equator (``eta`` = 0).

    Examples
    --------
    >>> tuple(round(u, 9) for u in equatorial_parameters(1.0))
    (-2.0, 1.0)
    """
    check_hole(spin, charge)
    if charge == 0:  # 4/u³ − 3/u = spin, solved by cos 3θ = 4 cos³θ − 3 cos θ
        third = np.arccos(spin) / 3
        return float(1 / np.cos(third + 2 * np.pi / 3)), float(1 / np.cos(third))
    a, q2 = spin * M, (charge * M) ** 2
    outer, inner = _photon_spheres(q2)

    def eta(u: Any) -> Any:
        r = outer + a * u
        return 4 * (M * r - q2) - (u * (r - inner)) ** 2

    # a sphere of light does not lie inside the horizon
    ends = np.array([-4.0, 4.0])
    if a != 0:
        wall = (horizons(spin, charge)[0] - outer) / a
        ends = np.array([max(-4.0, wall), 4.0] if a > 0 else [-4.0, min(4.0, wall)])
    low, high = _bisect(eta, np.zeros(2), ends)
    return float(low), float(high)


def shadow_curve(
    angle: Any, inclination: float, spin: float, charge: float = 0.0
) -> tuple[Any, Any]:
    """Return the edge of the shadow for a distant observer: Bardeen's ``alpha`` and ``beta``.

    ``alpha`` points to the right and ``beta`` up, along the axis of rotation; both are impact
    parameters, an angle in the sky times the distance. With light on a sphere,
    ``alpha = −xi/sin i`` and ``beta² = eta + a² cos² i − xi² cot² i``, so that
    ``alpha² + beta² = xi² + eta + a² cos² i``. The curve is asked for by direction: for each, the
    sphere is found by bisection, which needs no division by sin i or by a.

    Parameters
    ----------
    angle : array_like
        Direction in the plane (alpha, beta) from its origin, in radians: 0 is right, π/2 is up.
    inclination : float
        Angle i between the axis and the line of sight, from 0 to π.
    spin, charge : float
        a/M, from −1 to 1, and Q/M.

    Returns
    -------
    alpha, beta : array, shape of ``angle``

    Examples
    --------
    >>> alpha, beta = shadow_curve([0.0, np.pi], np.pi / 2, 1.0)
    >>> alpha.round(9)  # with the rotation 1, against it 3.5
    array([ 3.5, -1. ])
    >>> alpha, beta = shadow_curve([0.0, 1.0], 0.3, 0.0)
    >>> np.hypot(alpha, beta).round(9)  # 3√3/2
    array([2.59807621, 2.59807621])
    """
    angle = np.asarray(angle, dtype=float)
    a, sine, cosine = spin * M, np.sin(inclination), np.cos(inclination)
    low, high = _outside_throat(equatorial_parameters(spin, charge), spin, charge)

    def distance(u: Any) -> tuple[Any, Any]:
        _, xi, eta = spherical_light(u, spin, charge)
        return xi, np.sqrt(np.maximum(xi * xi + eta + (a * cosine) ** 2, 0.0))

    def ahead(u: Any) -> Any:
        xi, rho = distance(u)
        return xi + sine * rho * np.cos(angle)

    u = _bisect(ahead, np.full(angle.shape, low), np.full(angle.shape, high))
    xi, rho = distance(u)
    # at the largest spin many spheres share the horizon's r and one xi: their edge is straight
    straight = abs(ahead(u)) > 1e-6
    slope = np.where(straight, sine * np.cos(angle), 1.0)
    rho = np.where(straight, -xi / slope, rho)
    return rho * np.cos(angle), rho * np.sin(angle)


def _outside_throat(ends: tuple[float, float], spin: float, charge: float) -> tuple[float, float]:
    """Return the range of u without r = M, where :func:`spherical_light` divides by zero.

    Only at the largest spin do spheres of light reach it; ``xi`` changes there with (r − M)².
    """
    if spin == 0:
        return ends
    wall = (M * (1 + 1e-6) - _photon_spheres((charge * M) ** 2)[0]) / (spin * M)
    return (max(ends[0], wall), ends[1]) if spin > 0 else (ends[0], min(ends[1], wall))


def angular_momentum(ds2: LineElement, x: Any, v: Any) -> tuple[Any, Any]:
    """Return energy ``−g(∂_t, v)`` and angular momentum ``g(∂_φ, v)`` about the axis.

    Parameters
    ----------
    ds2 : callable
        Line element that neither time nor rotation about z changes.
    x, v : array_like, shape (..., 4)
        Events and velocities.

    Returns
    -------
    energy, momentum : array, shape (...)

    Examples
    --------
    >>> from mlphys.physics.line_elements import minkowski
    >>> tuple(map(float, angular_momentum(minkowski, [0.0, 3, 0, 0], [1.0, 0, 1, 0])))
    (1.0, 3.0)
    """
    x, p = _with_momentum(ds2, x, v)
    return -p[..., 0], x[..., 1] * p[..., 2] - x[..., 2] * p[..., 1]


def carter_constant(ds2: LineElement, x: Any, v: Any, *, spin: float) -> Any:
    """Return Carter's constant ``p_θ² + cos²θ [a²(−g(v, v) − E²) + L_z²/sin²θ]``.

    It is written here in Kerr–Schild components, where nothing is divided by sin θ: a ray may run
    through the axis. For Kerr–Newman it is the same expression.

    Parameters
    ----------
    ds2 : callable
        :func:`~mlphys.physics.rotating_holes.kerr` or its charged kin, with r_s = 1.
    x, v : array_like, shape (..., 4)
        Events and velocities.
    spin : float
        a/M.

    Returns
    -------
    ndarray, shape (...)

    References
    ----------
    :cite:t:`Carter1968`, equation 54.

    Examples
    --------
    Without spin it is L² − L_z²:

    >>> from mlphys.physics.rotating_holes import rotating_hole
    >>> x, v = [0.0, 3.0, 0.0, 0.0], [1.0, 0.0, 0.3, 0.4]
    >>> float(carter_constant(rotating_hole(0.0), x, v, spin=0.0).round(12))  # (3·0.4)²
    1.44
    """
    v = np.asarray(v, dtype=float)
    x, p = _with_momentum(ds2, x, v)
    a2, r = (spin * M) ** 2, spheroidal_radius(x, spin)
    z, (pt, px, py, pz) = x[..., 3], np.moveaxis(p, -1, 0)
    mass = -np.sum(p * v, axis=-1)
    cos2 = (z / r) ** 2
    across = (r * r + a2) * (px * px + py * py)
    radial = x[..., 1] * px + x[..., 2] * py
    return cos2 * (across + a2 * (mass - pt * pt)) - 2 * z * pz * radial + (r * r - z * z) * pz * pz


def _with_momentum(ds2: LineElement, x: Any, v: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return events as an array, and p_m = g_mn v^n."""
    x, v = np.asarray(x, dtype=float), np.asarray(v, dtype=float)
    return x, np.einsum("...mn,...n->...m", metric(ds2, x), v)


def _photon_spheres(q2: float) -> tuple[float, float]:
    """Return the radii of circling light without spin: the roots of r² − 3Mr + 2q²."""
    outer = (3 * M + np.sqrt(9 * M * M - 8 * q2)) / 2
    return float(outer), float(2 * q2 / outer)


def _bisect(function: Any, low: Any, high: Any) -> Any:
    """Return zeros of a function, element by element, which is positive at ``low`` only."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        positive = function(middle) > 0
        low, high = np.where(positive, middle, low), np.where(positive, high, middle)
    return (low + high) / 2


def _check_spin(spin: float) -> None:
    if not 0 <= spin <= 1:
        raise ValueError(
            f"expected a spin a/M from 0 to 1; got {spin}. For the other sense of rotation swap "
            "the two results."
        )
