"""Drawing a flight around a black hole: a widget to move and look in, and its check in NumPy.

The HTML fragment needs nothing else, neither a file nor another host: the table of
:mod:`~mlphys.physics.flight_table`, the shader ``flight.glsl`` and the script ``flight.js``, which
lie beside this module, travel in it. Each pixel costs one read of a texture, in which the table for
the observer's radius stands as cubics. Without WebGL 2, without scripts, on paper and in formats
other than HTML a still picture stands in its place.

:func:`look` does in NumPy what the shader does, so that tests can compare the two, and both with
:func:`~mlphys.physics.black_hole.render`, which knows neither table nor symmetry.

Chapter: *Flying around a black hole*. Conventions as in :mod:`mlphys.physics.spacetime`; skies and
directions as in :mod:`mlphys.physics.camera`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from mlphys.physics.camera import Camera, pixel_directions
from mlphys.physics.flight_table import STRETCH, FlightTable, row_at, swept_at, to_text
from mlphys.physics.frames import boost, static_frame
from mlphys.physics.line_elements import schwarzschild_ingoing
from mlphys.widget import Widget, buttons, still_of, to_json

__all__ = ["Disk", "Flight", "Observer", "camera_of", "look", "orbit_speed", "shadow_in_orbit"]

HALF_WIDTH = 1.2  # tan of half the field of view, which is 100° wide
SKIES = {"checkerboard": "Checkerboard", "stars": "Stars"}
MOTIONS = {"rest": "At rest", "orbit": "In orbit"}


class Observer(NamedTuple):
    """Where someone is, how this one moves, and where the eyes point.

    Attributes
    ----------
    radius : float
        Distance r from the hole, in Schwarzschild radii.
    around : float
        Longitude, radians: at ``(r cos, r sin, 0)``.
    yaw, pitch : float
        Direction of view in the observer's own frame, radians: to the left of where the hole is
        for an observer at rest, and up.
    orbit : bool
        Whether the observer moves on a circular orbit, toward growing longitude, which is to the
        right; at rest otherwise.
    """

    radius: float = 8.0
    around: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    orbit: bool = False


START = Observer()


def orbit_speed(radius: Any) -> Any:
    """Return the speed of a free circular orbit, as observers at rest measure it.

    ``β = 1/√(2(r − 1))``: it reaches that of light at r = 3/2. Inside r = 3 such an orbit exists
    but is not stable.

    Raises
    ------
    ValueError
        If there is no such orbit.

    Examples
    --------
    >>> orbit_speed(np.array([3.0, 9.0]))
    array([0.5 , 0.25])
    """
    radius = np.asarray(radius, dtype=float)
    if not (radius > 1.5).all():
        raise ValueError(
            f"orbit_speed: expected radii above 1.5, where light circles; got {radius.min()}"
        )
    return 1 / np.sqrt(2 * (radius - 1))


class Disk(NamedTuple):
    """A disk on the sky.

    Attributes
    ----------
    radius : float or ndarray
        Angular radius, radians.
    shift : float or ndarray
        Angle between its center and the hole as an observer at rest sees it, toward the motion.
    """

    radius: Any
    shift: Any


def shadow_in_orbit(critical: Any, speed: Any) -> Disk:
    """Return the shadow for an observer who moves across the line of sight.

    Aberration turns circles on the sky into circles. With ρ for the angular radius at rest and
    ``γ = 1/√(1 − β²)``, the new one has ``tan ρ' = tan(ρ)/γ``, and its center moves by Δ toward the
    motion, ``tan Δ = γβ cos ρ``.

    Parameters
    ----------
    critical : array_like
        ρ for an observer at rest at the same place, radians.
    speed : array_like
        β, in [0, 1).

    Examples
    --------
    >>> disk = shadow_in_orbit(np.pi / 4, 0.5)
    >>> round(float(np.degrees(disk.radius)), 4), round(float(np.degrees(disk.shift)), 4)
    (40.8934, 22.2077)
    """
    speed = np.asarray(speed, dtype=float)
    gamma = 1 / np.sqrt(1 - speed * speed)
    radius = np.arctan2(np.sin(critical), gamma * np.cos(critical))
    return Disk(radius, np.arctan(gamma * speed * np.cos(critical)))


def camera_of(observer: Observer, ds2: Any = schwarzschild_ingoing) -> Camera:
    """Return the camera for :func:`~mlphys.physics.black_hole.render`.

    That function follows light that *leaves* the camera. It shows what arrives if time is turned
    around, and then the observer moves the other way: the frame has the velocity −β.

    Examples
    --------
    >>> camera_of(Observer(radius=4.0)).frame[2].round(4)  # left
    array([ 0.,  0., -1.,  0.])
    """
    place = observer.radius * np.array([np.cos(observer.around), np.sin(observer.around), 0.0])
    position = np.array([0.0, *place])
    legs = boost(static_frame(ds2, position), -_velocity(observer))
    return Camera(position, np.vstack([legs[:1], _gaze(observer) @ legs[1:]]))


def look(
    table: FlightTable,
    observer: Observer,
    *,
    width: int,
    height: int,
    sky: Callable[[np.ndarray], np.ndarray],
    half_width: float = HALF_WIDTH,
) -> tuple[np.ndarray, np.ndarray]:
    """Return what the widget shows, one ray for each pixel.

    Parameters
    ----------
    table : FlightTable
    observer : Observer
    width, height : int
        Pixels.
    sky : callable
        Directions (..., 3) to linear colors (..., 3).
    half_width : float
        tan of half the horizontal field of view.

    Returns
    -------
    rgb : ndarray, shape (height, width, 3)
        Linear intensities, 0 in the shadow.
    captured : ndarray of bool, shape (height, width)

    Examples
    --------
    >>> from mlphys.physics.flight_table import flight_table
    >>> from mlphys.physics.sky import checkerboard
    >>> rgb, captured = look(flight_table(), Observer(), width=32, height=20, sky=checkerboard)
    >>> int(captured.sum())
    52
    """
    seen = pixel_directions(width, height, half_width=half_width) @ _gaze(observer)
    rest = _at_rest(seen, _velocity(observer))
    row = row_at(table, observer.radius)
    aside = np.hypot(rest[..., 1], rest[..., 2])
    swept = swept_at(row, np.arctan2(aside, rest[..., 0]))
    across = np.sin(swept) / np.maximum(aside, 1e-300)
    x, y, z = np.cos(swept), -across * rest[..., 1], across * rest[..., 2]
    cosine, sine = np.cos(observer.around), np.sin(observer.around)
    point = np.stack([cosine * x - sine * y, sine * x + cosine * y, z], axis=-1)
    captured = np.isnan(swept)
    return np.where(captured[..., np.newaxis], 0.0, sky(point)), captured


def _velocity(observer: Observer) -> np.ndarray:
    """Return the velocity along forward, left and up of the frame at rest."""
    speed = float(orbit_speed(observer.radius)) if observer.orbit else 0.0
    return np.array([0.0, -speed, 0.0])


def _gaze(observer: Observer) -> np.ndarray:
    """Return the legs of the view, one a row, along those of an observer who faces the hole."""
    (cy, sy), (cp, sp) = (
        (np.cos(angle), np.sin(angle)) for angle in (observer.yaw, observer.pitch)
    )
    return np.array([[cp * cy, cp * sy, sp], [-sy, cy, 0.0], [-sp * cy, -sp * sy, cp]])


def _at_rest(seen: np.ndarray, velocity: np.ndarray) -> np.ndarray:
    """Return from where light comes for an observer at rest, of any length (aberration)."""
    gamma = 1 / np.sqrt(1 - velocity @ velocity)
    along = (seen @ velocity)[..., np.newaxis]
    return seen + gamma * (gamma / (gamma + 1) * along - 1) * velocity


class Flight(Widget):
    """A flight around the hole, with a still picture for where there can be none.

    Parameters
    ----------
    table : FlightTable
    start : Observer
        At first.
    still : matplotlib.figure.Figure
        The picture that stands in for the widget.
    alt : str
        What the picture shows, in words.

    Raises
    ------
    ValueError
        If the table does not hold the start's radius, or the words are missing.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from mlphys.physics.flight_table import flight_table
    >>> flight = Flight(flight_table(), still=plt.figure(figsize=(2, 1)), alt="Nothing to see.")
    >>> 'aria-label="Distance from the hole"' in flight._repr_html_()
    True
    >>> plt.close()
    """

    package, style, script = "mlphys.physics", "flight.css", "flight.js"
    words = "A flight around a black hole, for a web page"

    def __init__(
        self, table: FlightTable, *, start: Observer = START, still: Any, alt: str
    ) -> None:
        row_at(table, start.radius)  # raises where the table ends
        self.table, self.start = table, start
        self.still = still_of(still, alt)

    def live(self) -> str:
        """Return the canvas, the controls and the line that says where the observer is."""
        body = files(self.package).joinpath("flight.html").read_text("utf-8")
        chosen = "orbit" if self.start.orbit else "rest"
        choices = buttons("Which sky", SKIES, "sky", chosen="checkerboard")
        motions = buttons("How the observer moves", MOTIONS, "motion", chosen=chosen)
        return body.replace("[[choices]]", choices + motions)

    def data(self) -> str:
        """Return table, shader and start as JSON."""
        rows, nodes = self.table.smooth.shape
        return to_json(
            {
                "nearest": self.table.nearest,
                "farthest": self.table.farthest,
                "rows": rows,
                "nodes": nodes,
                "stretch": STRETCH,
                "table": to_text(self.table),
                "halfWidth": HALF_WIDTH,
                "start": self.start._asdict(),
                "shader": files(self.package).joinpath("flight.glsl").read_text("utf-8"),
            }
        )
