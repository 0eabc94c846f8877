"""Line elements beyond the empty round hole: charge, a wormhole, an expanding space, a wave.

They show what "any spacetime" means for the tools of the course: a few lines of ``ds²`` and nothing
else. Conventions are those of :mod:`mlphys.physics.line_elements`; holes that rotate stand in
:mod:`mlphys.physics.rotating_holes`. Two of these depend on time; the tracers see that by
themselves.

Chapter: Curved spacetime from ds².
"""

from typing import Any

from mlphys.physics.line_elements import components, minkowski, namespace

__all__ = ["de_sitter", "ellis_wormhole", "plane_wave", "reissner_nordstrom"]


def reissner_nordstrom(x: Any, dx: Any, *, charge: Any = 0.8, r_s: Any = 1.0) -> Any:
    """Return ds² outside a charged hole, in Cartesian coordinates made from Schwarzschild's.

    As :func:`~mlphys.physics.line_elements.schwarzschild`, with s = 1 − r_s/r + q²/r² and
    q = charge · r_s/2. The chart covers s > 0 outside the outer horizon; elsewhere the value is NaN.

    Parameters
    ----------
    x, dx : array, shape (..., 4)
        Event and displacement.
    charge : float or scalar array
        Q/M, from −1 to 1 for a hole.
    r_s : float or scalar array
        Schwarzschild radius, twice the mass.

    Returns
    -------
    array, shape (...)

    References
    ----------
    :cite:t:`MTW1973`, exercise 31.8.

    Examples
    --------
    >>> import numpy as np
    >>> event, rest = np.array([0.0, 2.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0, 0.0])
    >>> float(reissner_nordstrom(event, rest))  # −(1 − 1/2 + 0.16/4)
    -0.54
    """
    xp = namespace(x)
    _, x, y, z = components(x)
    dt, dx, dy, dz = components(dx)
    nearness, q = 1 / xp.sqrt(x * x + y * y + z * z), charge * r_s / 2
    rate = 1 - r_s * nearness + q * q * nearness * nearness
    rate = xp.where((rate > 0) & (r_s * nearness < 2), rate, float("nan"))
    radial = (x * dx + y * dy + z * dz) * nearness
    return dx * dx + dy * dy + dz * dz - rate * dt * dt + (1 / rate - 1) * radial * radial


def ellis_wormhole(x: Any, dx: Any, *, throat: Any = 1.0) -> Any:
    """Return ds² of two flat spaces joined at a throat, in isotropic coordinates.

    With ρ² = x² + y² + z², ds² = −dt² + (1 + b²/(4ρ²))² |dx|². A sphere of coordinate radius ρ has
    the area 4πR², R = ρ + b²/(4ρ), which is least, b, at ρ = b/2: the throat. Inside it lies the
    other space; ρ → 0 is infinitely far away there.

    Parameters
    ----------
    x, dx : array, shape (..., 4)
        Event and displacement.
    throat : float or scalar array
        Radius b of the throat.

    Returns
    -------
    array, shape (...)

    References
    ----------
    :cite:t:`ellis1973`.

    Examples
    --------
    >>> import numpy as np
    >>> at_throat, around = np.array([0.0, 0.5, 0.0, 0.0]), np.array([0.0, 0.0, 0.5, 0.0])
    >>> float(ellis_wormhole(at_throat, around))  # R² dφ², R = dφ = 1
    1.0
    """
    _, x, y, z = components(x)
    dt, dx, dy, dz = components(dx)
    stretch = 1 + throat * throat / (4 * (x * x + y * y + z * z))
    return stretch * stretch * (dx * dx + dy * dy + dz * dz) - dt * dt


def de_sitter(x: Any, dx: Any, *, hubble: Any = 0.1) -> Any:
    """Return ds² of a space that expands by the factor e in every time 1/H.

    ds² = −dt² + e^{2Ht} |dx|²: the universe that contains nothing but a cosmological constant, in
    coordinates that move with its galaxies. R_mn = 3H² g_mn.

    Parameters
    ----------
    x, dx : array, shape (..., 4)
        Event and displacement.
    hubble : float or scalar array
        Rate of expansion H.

    Returns
    -------
    array, shape (...)

    References
    ----------
    :cite:t:`MTW1973`, section 27.11.

    Examples
    --------
    >>> import numpy as np
    >>> later, step = np.array([np.log(3), 0.0, 0.0, 0.0]), np.array([0.0, 2.0, 0.0, 0.0])
    >>> round(float(de_sitter(later, step, hubble=1.0)), 12)  # (3 · 2)²
    36.0
    """
    xp = namespace(x)
    dt, dx, dy, dz = components(dx)
    scale = xp.exp(hubble * x[..., 0])
    return scale * scale * (dx * dx + dy * dy + dz * dz) - dt * dt


def plane_wave(x: Any, dx: Any, *, amplitude: Any = 0.02, frequency: Any = 1.0) -> Any:
    """Return ds² of a gravitational wave that runs along z, exactly and at any strength.

    With u = t − z, ds² = η(dx, dx) + A cos(ωu) (x² − y²) (dt − dz)². It is empty: R_mn = 0. A body
    at rest near the z axis feels the tidal force A cos(ωu)·(x, −y).

    Parameters
    ----------
    x, dx : array, shape (..., 4)
        Event and displacement.
    amplitude : float or scalar array
        A, the strength of the tidal force, in units of 1/r_s².
    frequency : float or scalar array
        ω.

    Returns
    -------
    array, shape (...)

    References
    ----------
    :cite:t:`MTW1973`, section 35.9.

    Examples
    --------
    >>> import numpy as np
    >>> event, rest = np.array([0.0, 2.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0, 0.0])
    >>> float(plane_wave(event, rest))  # −1 + 0.02 · 4
    -0.92
    """
    t, east, north, up = components(x)
    dt, _, _, dz = components(dx)
    tide = amplitude * namespace(x).cos(frequency * (t - up)) * (east * east - north * north)
    return minkowski(x, dx) + tide * (dt - dz) * (dt - dz)
