"""The bending of light around a round hole as a table, for programs that draw it in real time.

For each radius of an observer at rest, and each angle between the direction of view and the hole,
the table holds the angle that light sweeps about the hole between observer and sky. A page that has
the table needs no differential equation: the ray of a pixel stays in one plane.
"""

import json
from typing import Any, NamedTuple

import numpy as np

from mlphys.physics.black_hole import critical_slope, swept_angle
from mlphys.physics.camera import static_camera
from mlphys.physics.events import Status, captured, escaped
from mlphys.physics.frames import light
from mlphys.physics.geodesics import trace
from mlphys.physics.line_elements import schwarzschild_ingoing
from mlphys.physics.symmetries import NONE

__all__ = ["DeflectionTable", "deflection_table", "to_json"]


class DeflectionTable(NamedTuple):
    """Swept angles over radius and angle of view.

    Attributes
    ----------
    radius : ndarray, shape (radii,)
        The observer's distance.
    critical : ndarray, shape (radii,)
        Angular radius of the shadow, in radians.
    share : ndarray, shape (angles,)
        Angle of view as a share of what is not shadow: ``α = critical + share · (π − critical)``,
        spaced evenly in its logarithm.
    swept : ndarray, shape (radii, angles)
        Angle swept about the hole, in radians; 0 for light from straight behind the observer.
    sky_radius : float
        Radius of the sky.
    """

    radius: np.ndarray
    critical: np.ndarray
    share: np.ndarray
    swept: np.ndarray
    sky_radius: float


def deflection_table(
    radii: Any, *, angles: int = 256, sky_radius: float = 50.0, tolerance: float = 1e-10
) -> DeflectionTable:
    """Trace the table.

    Parameters
    ----------
    radii : array_like, shape (radii,)
        Observers' distances, above 1.5 (the photon sphere) and below ``sky_radius``.
    angles : int
        Angles of view for each.
    sky_radius : float
        Radius of the sky.
    tolerance : float
        As in :func:`~mlphys.physics.geodesics.trace`.

    Returns
    -------
    DeflectionTable

    Raises
    ------
    ValueError
        If a radius is outside its range.
    RuntimeError
        If a ray did not reach the sky.

    Examples
    --------
    >>> table = deflection_table([5.0, 20.0], angles=16)
    >>> table.swept.shape, table.critical.round(6)
    ((2, 16), array([0.483361, 0.126955]))
    """
    radii = np.asarray(radii, dtype=float)
    if radii.ndim != 1 or not ((radii > 1.5) & (radii < sky_radius)).all():
        raise ValueError(
            f"deflection_table: expected a row of radii between 1.5 and {sky_radius}; got {radii}"
        )
    share = np.geomspace(1e-6, 1.0, angles)
    critical = np.array(
        [np.arctan(critical_slope(radius=float(r), digits=9, sky_radius=sky_radius)) for r in radii]
    )
    rows = [
        _row(r, c + share * (np.pi - c), sky_radius, tolerance)
        for r, c in zip(radii, critical, strict=True)
    ]
    return DeflectionTable(radii, critical, share, np.stack(rows), sky_radius)


def to_json(table: DeflectionTable, *, digits: int = 6) -> str:
    """Return the table as JSON with the given number of decimals.

    Examples
    --------
    >>> sorted(json.loads(to_json(deflection_table([20.0], angles=4))))
    ['critical', 'radius', 'share', 'sky_radius', 'swept']
    """
    parts = {
        name: np.round(value, 12 if name == "share" else digits).tolist()
        for name, value in table._asdict().items()
        if name != "sky_radius"
    }
    return json.dumps(parts | {"sky_radius": table.sky_radius}, separators=(",", ":"))


def _row(radius: float, angle: np.ndarray, sky_radius: float, tolerance: float) -> np.ndarray:
    camera = static_camera(schwarzschild_ingoing, (0.0, radius, 0.0, 0.0))
    toward = np.stack([np.cos(angle), -np.sin(angle), np.zeros_like(angle)], axis=-1)
    rays = trace(
        schwarzschild_ingoing,
        camera.position,
        light(camera.frame, toward),
        events=(captured(0.95), escaped(sky_radius, locate=True)),
        tolerance=tolerance,
        killing=NONE,
    )
    if not (rays.status == Status.ESCAPED).all():
        raise RuntimeError(
            "deflection_table: expected every ray outside the shadow to reach the sky; got "
            f"{int((rays.status != Status.ESCAPED).sum())} at radius {radius} that did not. "
            "Use a smaller tolerance."
        )
    swept = swept_angle(rays)
    swept[-1] = 0.0  # straight outward, where rounding may turn 0 into 2π
    return swept - 2 * np.pi * np.round(swept[-2] / (2 * np.pi))
