"""Line elements of holes that rotate, and may carry charge, regular at their horizons.

Kerr–Schild coordinates write both spacetimes as flat space plus one square,
``ds² = η(dx, dx) + f (dt ± k·dx)²``. The plus sign gives *ingoing* coordinates, in which whatever
falls in crosses the horizon; the minus sign *outgoing* ones, regular for what comes out, and so for
light that is followed into the past, as a camera demands. The hole rotates about the z axis,
counterclockwise seen from z > 0.

Spin and charge are given in units of the mass, M = r_s/2: ``spin`` is a/M = J/M², ``charge`` is Q/M.
Other conventions are those of :mod:`mlphys.physics.line_elements`. A spheroid of constant r has the
half-axes √(r² + a²), √(r² + a²) and r; only without spin is r the distance from the origin.

Chapter: A black hole that rotates. References: :cite:t:`Kerr1963`, :cite:t:`Newman1965`.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from mlphys.physics.events import Event, Status
from mlphys.physics.line_elements import components, inverse_root, namespace, reciprocal

__all__ = ["CAPTURE", "kerr", "kerr_newman", "rotating_hole", "spheroidal_radius", "swallowed"]

CAPTURE = 0.95  # share of the way from the inner to the outer horizon where light is given up


def kerr(x: Any, dx: Any, *, spin: Any = 0.9, r_s: Any = 1.0, outgoing: bool = False) -> Any:
    """Return ds² of a rotating hole in Kerr–Schild coordinates.

    With a = spin·r_s/2 and r the spheroidal radius, ds² = η(dx, dx) + f (dt + k·dx)², where
    f = r_s r/Σ, Σ = r² + a²z²/r², and k = ((rx + ay)/(r² + a²), (ry − ax)/(r² + a²), z/r).

    Parameters
    ----------
    x, dx : array, shape (..., 4)
        Event and displacement.
    spin : float or scalar array
        a/M, from −1 to 1 for a hole; negative for rotation the other way round.
    r_s : float or scalar array
        Schwarzschild radius, twice the mass.
    outgoing : bool
        Whether the coordinates are regular for what comes out instead of what falls in. They are
        the ingoing ones of the spin −a with the time reversed.

    Returns
    -------
    array, shape (...)

    Examples
    --------
    >>> import numpy as np
    >>> from mlphys.physics.line_elements import schwarzschild_ingoing
    >>> x, dx = np.array([0.0, 3.0, -2.0, 1.0]), np.array([0.7, 0.2, 0.5, -0.3])
    >>> bool(abs(kerr(x, dx, spin=0.0) - schwarzschild_ingoing(x, dx)) < 1e-15)
    True
    """
    flat, r, inverse, along = _pieces(x, dx, spin, r_s, outgoing)
    pull = r_s / 2 * r * inverse
    return flat + pull * along * along


def kerr_newman(
    x: Any,
    dx: Any,
    *,
    spin: Any = 0.6,
    charge: Any = 0.6,
    r_s: Any = 1.0,
    outgoing: bool = False,
) -> Any:
    """Return ds² of a rotating, charged hole in Kerr–Schild coordinates.

    As :func:`kerr`, with f = (r_s r − q²)/Σ, q = charge·r_s/2. With no spin this is
    the hole of Reissner and Nordström.

    Parameters
    ----------
    charge : float or scalar array
        Q/M; spin² + charge² is at most 1 for a hole. Light feels charge² only.
    others
        As in :func:`kerr`.

    Returns
    -------
    array, shape (...)

    Examples
    --------
    >>> import numpy as np
    >>> x, rest = np.array([0.0, 2.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0, 0.0])
    >>> float(kerr_newman(x, rest, spin=0.0, charge=0.8))  # −(1 − 1/2 + 0.16/4)
    -0.54
    """
    flat, r, inverse, along = _pieces(x, dx, spin, r_s, outgoing)
    pull = (r_s * r - (charge * r_s / 2) ** 2) / 2 * inverse
    return flat + pull * along * along


def _pieces(x: Any, dx: Any, spin: Any, r_s: Any, outgoing: bool) -> tuple[Any, Any, Any, Any]:
    """Return the flat ds², r, 2/Σ and dt + k·dx of Kerr–Schild coordinates."""
    _, x, y, z = components(x)
    dt, dx, dy, dz = components(dx)
    a, dt = (-spin * r_s / 2, -dt) if outgoing else (spin * r_s / 2, dt)
    half = (x * x + y * y + z * z - a * a) / 2
    square = half * half + a * a * z * z
    inverse = inverse_root(square)  # 2/Σ
    r2 = half + square * inverse
    nearness = inverse_root(r2)
    r = r2 * nearness
    around = (r * (x * dx + y * dy) + a * (y * dx - x * dy)) * reciprocal(r2 + a * a)
    along = dt + around + nearness * z * dz
    return dx * dx + dy * dy + dz * dz - dt * dt, r, inverse, along


@lru_cache(maxsize=64)
def rotating_hole(
    spin: float, charge: float = 0.0, *, outgoing: bool = False
) -> Callable[[Any, Any], Any]:
    """Return the line element of one hole, the same object at each call: it is compiled once.

    Parameters
    ----------
    spin, charge : float
        a/M and Q/M.
    outgoing : bool
        As in :func:`kerr`.

    Returns
    -------
    callable
        ``ds2(x, dx)``, with r_s = 1.

    Raises
    ------
    ValueError
        If spin² + charge² exceeds 1: there is no horizon, hence no hole.

    Examples
    --------
    >>> rotating_hole(0.9) is rotating_hole(0.9)
    True
    """
    check_hole(spin, charge)
    if charge == 0:
        return partial(kerr, spin=spin, outgoing=outgoing)
    return partial(kerr_newman, spin=spin, charge=charge, outgoing=outgoing)


def check_hole(spin: float, charge: float) -> None:
    """Raise unless spin and charge leave a horizon."""
    if not spin * spin + charge * charge <= 1:
        raise ValueError(
            "expected spin² + charge² <= 1, in units of the mass; got spin "
            f"{spin} and charge {charge}. Beyond, there is no horizon: use kerr_newman for the "
            "line element, and an event of your own where rays end."
        )


def spheroidal_radius(x: Any, spin: Any, *, r_s: Any = 1.0) -> Any:
    """Return the radius r of Boyer and Lindquist at events given in Kerr–Schild coordinates.

    Parameters
    ----------
    x : array, shape (..., 4)
        Events.
    spin : float or scalar array
        a/M.
    r_s : float or scalar array
        Schwarzschild radius.

    Returns
    -------
    array, shape (...)
        The positive root of (x² + y²)/(r² + a²) + z²/r² = 1.

    Examples
    --------
    >>> import numpy as np
    >>> on_axis, on_equator = np.array([[0.0, 0.0, 0.0, 2.0], [0.0, 1.3, 0.0, 0.0]])
    >>> float(spheroidal_radius(on_axis, 1.0)), float(spheroidal_radius(on_equator, 1.0).round(9))
    (2.0, 1.2)
    """
    xp = namespace(x)
    _, x, y, z = components(x)
    a = spin * r_s / 2
    half = (x * x + y * y + z * z - a * a) / 2
    return xp.sqrt(half + xp.sqrt(half * half + a * a * z * z))


@lru_cache(maxsize=64)
def swallowed(spin: float, charge: float = 0.0, *, locate: bool = False) -> Event:
    """Return the event of falling through the outer horizon, a little behind it.

    Parameters
    ----------
    spin, charge : float
        a/M and Q/M of a hole with r_s = 1.
    locate : bool
        As in :class:`~mlphys.physics.events.Event`.

    Returns
    -------
    Event
        At r = 0.95 r₊ + 0.05 r₋, between the horizons.

    Examples
    --------
    >>> import numpy as np
    >>> at_origin_plane = np.array([0.0, 0.0, 0.0, 0.95])
    >>> float(swallowed(0.0).function(at_origin_plane, None))
    0.0
    """
    check_hole(spin, charge)
    root = (1 - spin * spin - charge * charge) ** 0.5
    limit = (1 + (2 * CAPTURE - 1) * root) / 2
    return Event(Status.CAPTURED, lambda x, v: spheroidal_radius(x, spin) - limit, locate=locate)
