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
from mlphys.physics.geodesics import Trace, trace
from mlphys.physics.line_elements import schwarzschild_ingoing
from mlphys.physics.shadow import expected_edge
from mlphys.physics.symmetries import NONE

__all__ = ["DeflectionTable", "deflection_table", "to_json"]

CAPTURE_RADIUS = 0.95
EDGE = 1e-8  # relative distance from the shadow's edge of a ray that must fall in


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
        by default spaced evenly in its logarithm.
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
    radii: Any,
    *,
    angles: int = 256,
    share: Any = None,
    sky_radius: float = 50.0,
    tolerance: float = 1e-10,
) -> DeflectionTable:
    """Trace the table, all rays at once.

    Parameters
    ----------
    radii : array_like, shape (radii,)
        Observers' distances, above 1.5 (the photon sphere) and below ``sky_radius``.
    angles : int
        Angles of view for each.
    share : array_like, optional
        Angles of view as shares of what is not shadow, increasing from above 0 to 1, if not spaced
        evenly in their logarithm from a millionth.
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
        If a radius or a share is outside its range.
    RuntimeError
        If a ray did not reach the sky, or one a hundred-millionth inside the shadow did.

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
    share = np.geomspace(1e-6, 1.0, angles) if share is None else np.asarray(share, dtype=float)
    if share.ndim != 1 or not (share[0] > 0 and share[-1] == 1 and (np.diff(share) > 0).all()):
        raise ValueError(
            f"deflection_table: expected shares that increase from above 0 to 1; got {share}"
        )
    critical = np.array([_critical(float(r), sky_radius) for r in radii])[:, np.newaxis]
    inside = critical * (1 - EDGE)
    angle = np.concatenate([critical + share * (np.pi - critical), inside], axis=1)
    swept = _swept(radii, angle, sky_radius, tolerance)
    return DeflectionTable(radii, critical[:, 0], share, swept, sky_radius)


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


def _critical(radius: float, sky_radius: float) -> float:
    """Return the angular radius of the shadow; rays that :func:`_swept` traces confirm it."""
    slope = expected_edge(schwarzschild_ingoing, radius=radius, least=CAPTURE_RADIUS)
    if slope is None:
        slope = critical_slope(radius=radius, digits=9, sky_radius=sky_radius)
    return float(np.arctan(slope))


def _swept(radii: np.ndarray, angle: np.ndarray, sky_radius: float, tolerance: float) -> np.ndarray:
    """Return the swept angles of all but the last ray of each row, which must be captured."""
    cameras = [static_camera(schwarzschild_ingoing, (0.0, r, 0.0, 0.0)) for r in radii]
    toward = np.stack([np.cos(angle), -np.sin(angle), np.zeros_like(angle)], axis=-1)
    rays = trace(
        schwarzschild_ingoing,
        np.stack([camera.position for camera in cameras])[:, np.newaxis],
        np.stack([light(c.frame, n) for c, n in zip(cameras, toward, strict=True)]),
        events=(captured(CAPTURE_RADIUS), escaped(sky_radius, locate=True)),
        tolerance=tolerance,
        killing=NONE,
    )
    wrong = rays.status != Status.ESCAPED
    wrong[:, -1] = rays.status[:, -1] != Status.CAPTURED
    if wrong.any():
        raise RuntimeError(
            "deflection_table: expected every ray outside the shadow to reach the sky, and none "
            f"inside; got {int(wrong.sum())} others, the first at radius "
            f"{radii[int(np.argmax(wrong.any(axis=1)))]}. Use a smaller tolerance."
        )
    outside = rays._replace(position=rays.position[:, :-1], status=rays.status[:, :-1])
    return np.stack([_unwound(outside, row) for row in range(len(radii))])


def _unwound(rays: Trace, row: int) -> np.ndarray:
    swept = swept_angle(rays._replace(position=rays.position[row], status=rays.status[row]))
    swept[-1] = 0.0  # straight outward, where rounding may turn 0 into 2π
    return swept - 2 * np.pi * np.round(swept[-2] / (2 * np.pi))
