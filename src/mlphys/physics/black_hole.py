"""Rendering a black hole: from the pixels of a camera back to the sky.

:func:`render` traces every pixel in three dimensions, for any line element and any camera.
:func:`render_round` uses the symmetry of a round hole: it traces one fan of rays, interpolates, and
rotates. Both return arrays; no plotting here.

Chapter: Rendering a black hole. Conventions as in :mod:`mlphys.physics.spacetime`.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from mlphys.physics.bands import traced_bands
from mlphys.physics.camera import Camera, pixel_plane, static_camera
from mlphys.physics.events import Event, Status, captured, escaped
from mlphys.physics.frames import light, local_components, static_frame
from mlphys.physics.geodesics import Trace, trace
from mlphys.physics.line_elements import schwarzschild_ingoing
from mlphys.physics.rotation import View, directions_of, largest_slope, lookup, over_rows
from mlphys.physics.shadow import expected_edge
from mlphys.physics.sky import checkerboard
from mlphys.physics.spacetime import LineElement, check_metric, metric
from mlphys.physics.symmetries import NONE

__all__ = ["Fan", "Picture", "critical_slope", "fan", "render", "render_round", "trace_fan"]

Sky = Callable[[np.ndarray], np.ndarray]
CAPTURE_RADIUS, SKY_RADIUS = 0.95, 50.0
FAILED_COLOR = np.array([1.0, 0.0, 1.0], dtype=np.float32)  # no sky has it: a fault must show
EDGE = 1e-8  # relative distance of a fan's first ray from the edge of the shadow


class Picture(NamedTuple):
    """What a camera sees.

    Attributes
    ----------
    rgb : ndarray of float32, shape (height, width, 3)
        Linear intensities in [0, 1]; black where light was captured, magenta where a ray failed.
    status : ndarray of int8, shape (height, width)
        :class:`~mlphys.physics.events.Status` of each pixel's ray.
    direction : ndarray, shape (height, width, 3)
        Unit vector from the origin to the point of the sky that the pixel shows; NaN without one.
    """

    rgb: np.ndarray
    status: np.ndarray
    direction: np.ndarray


class Fan(NamedTuple):
    """A table of light rays in one plane through a round hole.

    Attributes
    ----------
    slope : ndarray, shape (rays,)
        tan of the angle to the hole in the frame of an observer at rest, increasing.
    angle : ndarray, shape (rays,)
        Angle swept about the hole from camera to sky, in radians; NaN for captured rays.
    status : ndarray of int8, shape (rays,)
    critical : float
        Slope that separates captured from escaping rays.
    """

    slope: np.ndarray
    angle: np.ndarray
    status: np.ndarray
    critical: float


def trace_fan(
    slope: Any,
    *,
    ds2: LineElement = schwarzschild_ingoing,
    radius: float = 20.0,
    capture_radius: float = CAPTURE_RADIUS,
    sky_radius: float = SKY_RADIUS,
    locate: bool = True,
    **options: Any,
) -> Trace:
    """Return rays in the plane z = 0, from an observer at rest at ``(radius, 0, 0)``.

    Parameters
    ----------
    slope : array_like, shape (rays,)
        tan of the angle between ray and the direction to the hole, in the observer's frame; the
        ray leaves to the side of +y.
    ds2 : callable
        Line element of a round hole.
    radius : float
        Coordinate distance of the observer.
    capture_radius, sky_radius : float
        Where a ray counts as captured, and where the sky is.
    locate : bool
        Whether escaping rays end exactly on the sky.
    **options
        Passed to :func:`~mlphys.physics.geodesics.trace`.

    Returns
    -------
    Trace

    Examples
    --------
    >>> rays = trace_fan([0.0, 0.2])
    >>> [Status(int(s)).name for s in rays.status]
    ['CAPTURED', 'ESCAPED']
    """
    camera = static_camera(ds2, (0.0, radius, 0.0, 0.0))
    angle = np.arctan(np.asarray(slope, dtype=float))
    # forward is −x and up is +z, so left is −y: a ray to the side of +y goes right
    direction = np.stack([np.cos(angle), -np.sin(angle), np.zeros_like(angle)], axis=-1)
    events = (captured(capture_radius), escaped(sky_radius, locate=locate))
    velocity = light(camera.frame, direction)
    return trace(ds2, camera.position, velocity, events=events, **options)


def critical_slope(
    *,
    radius: float = 20.0,
    digits: int = 12,
    count: int = 128,
    near: float | None = None,
    **options: Any,
) -> float:
    """Return the slope of the edge of the shadow, by bisection with ``count`` rays at a time.

    Parameters
    ----------
    radius : float
        Coordinate distance of the observer at rest.
    digits : int
        Relative width 10^(−digits) of the last bracket.
    count : int
        Rays in each bracket.
    near : float, optional
        Where the edge is expected: the first rays crowd there. A wrong guess costs time only.
    **options
        Passed to :func:`trace_fan`; ``tolerance`` is 1e-12 unless given.

    Returns
    -------
    float

    Raises
    ------
    RuntimeError
        If a ray failed.
    ValueError
        If no ray of slopes 0 to 4 separates captured from escaping light.

    Examples
    --------
    >>> round(critical_slope(), 9)
    0.127641835
    """
    options = {"tolerance": 1e-12, "killing": NONE} | options
    low, high = 0.0, 4.0
    if near is not None and 0 < near < high:
        slope = _around(near, high, count)
    else:
        slope = np.linspace(low, high, count)
    while True:
        status = trace_fan(slope, radius=radius, **options).status
        _check_finished(status)
        first = int(np.argmax(status == Status.ESCAPED))
        if first == 0:
            raise ValueError(
                f"critical_slope: expected captured light at slope {low:.6g} and escaping light "
                f"at {high:.6g}; got no change. Check radius and capture_radius."
            )
        width, (low, high) = high - low, slope[first - 1 : first + 1]
        if high - low <= 10.0**-digits * high or high - low >= width:
            return float(low + high) / 2
        slope = np.linspace(low, high, count)


def _around(near: float, high: float, count: int) -> np.ndarray:
    """Return slopes from 0 to ``high`` that crowd together at ``near`` from both sides."""
    half = count // 2
    below = near - np.geomspace(near, 1e-11 * near, half)
    return np.concatenate([below, near + np.geomspace(1e-11 * near, high - near, count - half)])


def fan(*, rays: int = 1023, largest: float = 0.7, radius: float = 20.0, **options: Any) -> Fan:
    """Return the table of a fan, dense where the swept angle grows without bound.

    Slopes above the critical one s_c are spaced evenly in ln(s − s_c), in which the swept angle is
    smooth.

    Parameters
    ----------
    rays : int
        Number of escaping rays; one more is traced, just below the edge of the shadow.
    largest : float
        Largest slope.
    radius : float
        Coordinate distance of the observer at rest.
    **options
        Passed to :func:`trace_fan`.

    Returns
    -------
    Fan

    Examples
    --------
    >>> table = fan(rays=64)
    >>> table.status.size, bool((np.diff(table.angle) < 0).all())
    (64, True)
    """
    options = {"killing": NONE, "radius": radius} | options
    least = options.get("capture_radius", CAPTURE_RADIUS)
    captured(least)  # raises unless it is a radius
    guess = expected_edge(options.get("ds2", schwarzschild_ingoing), radius=radius, least=least)
    if guess is not None and (table := _fan_at(guess, largest, rays, options)) is not None:
        return table
    edge = {"digits": 9, "count": 512, "tolerance": 1e-8} | options
    critical = critical_slope(**edge, near=guess)
    if (table := _fan_at(critical, largest, rays, options)) is None:
        raise RuntimeError(
            f"fan: expected every ray above the slope {critical:.9g} to escape; got captured ones. "
            "Lower the tolerance."
        )
    return table


def _fan_at(critical: float, largest: float, rays: int, options: dict[str, Any]) -> Fan | None:
    """Return the fan above the slope of the edge; None if the edge is not there."""
    if not largest > critical:
        raise ValueError(
            f"fan: expected a largest slope above the critical {critical:.6g}; got {largest}"
        )
    slope = critical + np.geomspace(EDGE * critical, largest - critical, rays)
    result = trace_fan(np.append(slope, (1 - EDGE) * critical), **options)
    _check_finished(result.status)
    escaped = result.status == Status.ESCAPED
    if escaped[-1] or not escaped[:-1].all():
        return None
    above = result._replace(position=result.position[:-1], status=result.status[:-1])
    return Fan(slope, swept_angle(above), above.status, critical)


def swept_angle(rays: Trace) -> np.ndarray:
    """Return the angle about the z axis that each ray of an ordered fan swept, without jumps.

    The rays must be ordered by slope and end with one that sweeps less than 2π.
    """
    turn = np.arctan2(rays.position[..., 2], rays.position[..., 1]) % (2 * np.pi)
    turn = np.where(rays.status == Status.ESCAPED, turn, np.nan)
    whole = np.round(np.diff(turn, append=turn[-1:]) / (2 * np.pi))
    return turn + 2 * np.pi * np.cumsum(np.nan_to_num(whole)[::-1])[::-1]


def render(
    ds2: LineElement = schwarzschild_ingoing,
    camera: Camera | Any = None,
    *,
    width: int = 800,
    height: int = 800,
    half_width: float = 0.35,
    sky: Sky | Any = checkerboard,
    capture_radius: float = CAPTURE_RADIUS,
    sky_radius: float = SKY_RADIUS,
    capture: Event | None = None,
    time: int = 1,
    **options: Any,
) -> Picture:
    """Return the picture of a camera, every pixel traced in three dimensions.

    Parameters
    ----------
    ds2 : callable
        Line element; by default a hole in ingoing coordinates.
    camera : Camera, optional
        At rest at x = 20 looking at the hole, if None.
    width, height : int
        Pixels.
    half_width : float
        tan of half the horizontal field of view.
    sky : callable
        Directions (..., 3) to colors (..., 3).
    capture_radius, sky_radius : float
        Coordinate radii at which a ray is captured and at which the sky is.
    capture : Event, optional
        Where a ray is captured, if not at a sphere: ``swallowed(spin)`` for a hole that rotates.
    time : {1, -1}
        Follow light into the future or into the past. In a static spacetime both show the same
        directions to a camera at rest; what a moving camera sees, 1 shows to one that moves the
        other way (:func:`mlphys.physics.flight.camera_of`). Ingoing coordinates are regular only
        for the future.
    **options
        Passed to :func:`~mlphys.physics.geodesics.trace` (``tolerance``, ``threads``, ...).

    Returns
    -------
    Picture

    Examples
    --------
    >>> picture = render(width=16, height=16)
    >>> int((picture.status == Status.CAPTURED).sum())
    32
    """
    camera = static_camera(ds2) if camera is None else camera
    _check_view(ds2, camera, sky)
    events = (capture or captured(capture_radius), escaped(sky_radius, locate=True))
    options = {"killing": NONE} | options  # a picture has no use for drifts
    status, point = np.empty((height, width), dtype=np.int8), np.empty((height, width, 3))
    for rows, rays in traced_bands(
        ds2,
        camera,
        width=width,
        height=height,
        half_width=half_width,
        time=time,
        events=events,
        **options,
    ):
        status[rows], end = rays.status, rays.position[..., 1:]
        end[rays.status == Status.FAILED] = 1.0  # a sky is asked for directions only
        end /= np.sqrt(np.einsum("...i,...i->...", end, end))[..., None]
        point[rows] = end
    return _paint(status, point, sky)


def render_round(
    camera: Camera | Any = None,
    *,
    ds2: LineElement = schwarzschild_ingoing,
    width: int = 800,
    height: int = 800,
    half_width: float = 0.35,
    sky: Sky | Any = checkerboard,
    table: Fan | None = None,
    **options: Any,
) -> Picture:
    """Return the picture of a round hole from one fan of rays, by rotation.

    Each pixel's ray stays in a plane through the hole: its angle to the hole, in the frame of an
    observer at rest where the camera is, gives the swept angle; its direction around the hole gives
    the plane.

    Parameters
    ----------
    camera : Camera, optional
        Any camera outside the hole; at rest at x = 20 looking at the hole, if None.
    ds2 : callable
        Line element of a round hole.
    table : Fan, optional
        A fan at the camera's radius; computed if None.
    **options
        Passed to :func:`fan`.
    others
        As in :func:`render`.

    Returns
    -------
    Picture

    Examples
    --------
    >>> picture = render_round(width=16, height=16, rays=256)
    >>> int((picture.status == Status.CAPTURED).sum())
    32
    """
    camera = static_camera(ds2) if camera is None else camera
    _check_view(ds2, camera, sky)
    place = camera.position[1:]
    distance = float(np.linalg.norm(place))
    rest = static_frame(ds2, camera.position, up=_any_up(place))
    sides = rest[2:, 1:] / np.linalg.norm(rest[2:, 1:], axis=-1, keepdims=True)
    view = View(
        *pixel_plane(width, height, half_width=half_width),
        legs=local_components(metric(ds2, camera.position), rest, camera.frame),
        axes=np.stack([place / distance, *sides]),
    )
    largest = largest_slope(view)
    end = largest if table is None else table.slope[-1]
    if not (np.isfinite(largest) and largest <= end):
        raise ValueError(
            f"render_round: expected slopes up to {end:.6g}, the end of the fan; got "
            f"{largest:.6g}. Make the fan wider, or turn the camera toward the hole."
        )
    if table is None:
        table = fan(largest=1.001 * largest, radius=distance, ds2=ds2, **options)
    seen, direction = directions_of(view, lookup(table.slope, table.angle, table.critical))
    status = np.where(seen, np.int8(Status.ESCAPED), np.int8(Status.CAPTURED))
    return _paint(status, direction, sky)


def _paint(status: np.ndarray, direction: np.ndarray, sky: Sky) -> Picture:
    """Return the picture; ``direction``, unit vectors, becomes part of it."""
    height, width = status.shape
    rgb = np.empty((height, width, 3), dtype=np.float32)

    def paint(rows: slice) -> None:
        rgb[rows] = sky(direction[rows])
        dark = np.flatnonzero(status[rows] != Status.ESCAPED)  # quicker than a mask
        direction[rows].reshape(-1, 3)[dark], rgb[rows].reshape(-1, 3)[dark] = np.nan, 0.0

    over_rows(height, width, paint)
    if (failed := status == Status.FAILED).any():
        np.copyto(rgb, FAILED_COLOR, where=failed[..., None])  # no list of indices
    return Picture(rgb, status, direction)


def _check_view(ds2: LineElement, camera: Camera | Any, sky: Sky | Any) -> None:
    """Raise, before any ray is traced, unless there is something to trace, from somewhere, onto a sky."""
    if not isinstance(camera, Camera):
        raise TypeError(
            f"render: expected a Camera; got {type(camera).__name__}. Make one with "
            "camera.static_camera(ds2, position), or Camera(position, frame)."
        )
    check_metric(ds2, camera.position)
    if not callable(sky):
        raise TypeError(
            "render: expected a sky, a function from directions (..., 3) to colors (..., 3); "
            f"got {type(sky).__name__}. Try sky.checkerboard."
        )
    shape = np.asarray(sky(np.eye(3))).shape
    if shape != (3, 3):
        raise ValueError(
            "render: expected a sky that returns three intensities for each direction; got shape "
            f"{shape} for 3 directions. Put red, green and blue into the last axis."
        )


def _any_up(place: np.ndarray) -> np.ndarray:
    """Return an axis that is not along ``place``."""
    return np.eye(3)[int(np.argmin(abs(place)))]


def _check_finished(status: np.ndarray) -> None:
    if (status == Status.FAILED).any():
        raise RuntimeError(
            f"fan: expected every ray to be finished; got {int((status == Status.FAILED).sum())} "
            "that failed. Raise max_steps or the tolerance."
        )
