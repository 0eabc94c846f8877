"""A thin disc of gas in the equator of a hole, as light finds it.

Rays are followed from the camera into the past. Each stops where it crosses the plane z = 0. If it
met the gas there, between the inner and the outer edge, the light that came along this ray started
there, and its frequency is compared with that at the camera. Otherwise the ray goes on: through the gap
between the hole and the disc, or past the outer edge. It may then reach the disc at a later crossing, from
the other side of the plane or from behind the hole. Through a transparent disc all rays go on.

The gas moves on Kepler's orbits, counterclockwise seen from z > 0; the spin of a hole that turns
against it is negative. Lengths are in units of the Schwarzschild radius; coordinates are the outgoing
ones of :mod:`mlphys.physics.rotating_holes`.

Chapter: A disc of hot gas.
"""

from typing import Any, NamedTuple

import numpy as np

from mlphys.physics.bands import block_order
from mlphys.physics.camera import Camera, static_camera
from mlphys.physics.disc_profile import inner_edge
from mlphys.physics.events import Event, Status, crossed_plane, escaped
from mlphys.physics.frames import light
from mlphys.physics.geodesics import Trace, trace
from mlphys.physics.kerr import M
from mlphys.physics.redshift import circling, dot, kepler_frequency
from mlphys.physics.rotating_holes import rotating_hole, spheroidal_radius, swallowed
from mlphys.physics.spacetime import LineElement
from mlphys.physics.symmetries import NONE

__all__ = ["DiscView", "disc_camera", "trace_disc"]

CHUNK = 2**15  # rays in work at a time: memory does not grow with the picture
SHAPE = 512  # rays are filled up to a multiple, so that one shape is compiled
NUDGE = 1e-9  # share of the distance by which a ray is put past the plane that it crossed


class DiscView(NamedTuple):
    """What rays of a camera met.

    Attributes
    ----------
    radius : ndarray, shape (crossings, ...)
        r at which the n-th crossing of the plane met the disc; NaN where it did not.
    ratio : ndarray, shape (crossings, ...)
        Frequency at the camera over that at the disc.
    status : ndarray of int8, shape (...)
        :class:`~mlphys.physics.events.Status` of each ray: CROSSED where it ended on the disc.
    direction : ndarray, shape (..., 3)
        Unit vector along which an escaping ray left, toward the stars that it shows; else NaN.
    """

    radius: np.ndarray
    ratio: np.ndarray
    status: np.ndarray
    direction: np.ndarray


def disc_camera(inclination: float, spin: float = 0.0, *, distance: float = 20.0) -> Camera:
    """Return a camera at rest that looks at the hole, its view tilted against the axis.

    Parameters
    ----------
    inclination : float
        Angle between the axis and the line of sight in radians: 0 is face-on, π/2 in the plane.
    spin : float
        a/M.
    distance : float
        √(x² + y² + z²) in outgoing Kerr–Schild coordinates.

    Returns
    -------
    Camera
        With the axis of rotation upward in the picture. The gas approaches on the left.

    Examples
    --------
    >>> disc_camera(np.pi / 2).position.round(9)
    array([ 0., 20.,  0.,  0.])
    """
    sine, cosine = np.sin(inclination), np.cos(inclination)
    place = [0.0, distance * sine, 0.0, distance * cosine]
    up = (0.0, 0.0, 1.0) if abs(sine) > 1e-9 else (-1.0, 0.0, 0.0)
    return static_camera(rotating_hole(spin, outgoing=True), place, up=up)


def trace_disc(
    camera: Camera,
    direction: Any,
    *,
    spin: float = 0.0,
    inner: float | None = None,
    outer: float = 12.0,
    opaque: bool = True,
    crossings: int = 6,
    sky_radius: float = 200.0,
    **options: Any,
) -> DiscView:
    """Follow rays of a camera back to the disc, the sky or the hole.

    Parameters
    ----------
    camera : Camera
        In outgoing coordinates, for example from :func:`disc_camera`.
    direction : array_like, shape (..., 3)
        Unit vectors along the camera's legs forward, left and up.
    spin : float
        a/M, between −1 and 1.
    inner, outer : float
        Edges of the disc, radii r; the inner one is the innermost stable orbit if None.
    opaque : bool
        Whether rays end on the disc.
    crossings : int
        Crossings of the plane that are followed; a ray that is not done by then is FAILED.
    sky_radius : float
        Where a ray has escaped. The stars are infinitely far: they are looked for along its
        velocity, which at 200 is within 1e-4 of its last direction.
    **options
        Passed to :func:`~mlphys.physics.geodesics.trace`; the tolerance is 1e-6 unless given.

    Returns
    -------
    DiscView

    Raises
    ------
    ValueError
        If the edges do not enclose a ring outside the circle of light.

    Examples
    --------
    Straight at a disc, from 60° to its axis: above the hole the ray meets its far side.

    >>> camera = disc_camera(np.radians(60))
    >>> view = trace_disc(camera, [[1.0, 0.0, 0.0], [0.96, 0.0, 0.28]])
    >>> [Status(int(one)).name for one in view.status], view.radius[0].round(2)
    (['CAPTURED', 'CROSSED'], array([ nan, 8.71]))
    """
    inner = inner_edge(spin) if inner is None else inner
    _check_edges(inner, outer, spin)
    direction = np.asarray(direction, dtype=float)
    shape = direction.shape[:-1]
    order = block_order(shape[1], shape[0]) if len(shape) == 2 else np.arange(int(np.prod(shape)))
    ds2 = rotating_hole(spin, outgoing=True)
    job = _Job(
        ds2=ds2,
        spin=spin,
        edges=(inner, outer),
        events=(swallowed(spin), escaped(sky_radius), crossed_plane()),
        opaque=opaque,
        options={"tolerance": 1e-6, "killing": NONE} | options,
    )
    rays = direction.reshape(-1, 3)
    view = _empty(len(rays), crossings)
    for first in range(0, len(rays), CHUNK):
        mine = order[first : first + CHUNK]
        _follow(job, view, mine, camera.position, light(camera.frame, rays[mine], time=-1))
    return DiscView(
        view.radius.reshape(crossings, *shape),
        view.ratio.reshape(crossings, *shape),
        view.status.reshape(shape),
        view.direction.reshape(*shape, 3),
    )


class _Job(NamedTuple):
    """What is the same for all rays."""

    ds2: LineElement
    spin: float
    edges: tuple[float, float]
    events: tuple[Event, ...]
    opaque: bool
    options: dict[str, Any]


def _empty(count: int, crossings: int) -> DiscView:
    blank = np.full((crossings, count), np.nan)
    status = np.full(count, Status.FAILED, dtype=np.int8)
    return DiscView(blank, blank.copy(), status, np.full((count, 3), np.nan))


def _follow(job: _Job, view: DiscView, mine: np.ndarray, x: Any, v: np.ndarray) -> None:
    """Fill in the view for the rays ``mine``, from one crossing of the plane to the next."""
    x = np.broadcast_to(x, v.shape)
    for radius, ratio in zip(view.radius, view.ratio, strict=True):
        ends = _segment(job, x, v)
        done = ends.status != Status.CROSSED
        view.status[mine[done]] = ends.status[done]
        away = ends.status == Status.ESCAPED
        view.direction[mine[away]] = _unit(ends.velocity[away, 1:])
        r = spheroidal_radius(ends.position, job.spin)
        glows = ~done & (r >= job.edges[0]) & (r <= job.edges[1])
        radius[mine[glows]] = r[glows]
        ratio[mine[glows]] = _ratio(job, ends.position[glows], ends.velocity[glows], r[glows])
        if job.opaque:
            view.status[mine[glows]] = Status.CROSSED
            done |= glows
        if done.all():
            return
        mine = mine[~done]
        x, v = _past_the_plane(ends.position[~done], ends.velocity[~done])


def _segment(job: _Job, x: np.ndarray, v: np.ndarray) -> Trace:
    """Trace rays to their next event, filled up with copies of the last to a known shape."""
    fill = np.minimum(np.arange(len(x) + -len(x) % SHAPE), len(x) - 1)
    ends = trace(job.ds2, x[fill], v[fill], events=job.events, **job.options)
    arrays = (getattr(ends, name)[: len(x)] for name in ends._fields[:-1])
    return Trace(*arrays, drift={})


def _ratio(job: _Job, x: np.ndarray, k: np.ndarray, r: np.ndarray) -> np.ndarray:
    """Return ν_camera/ν_disc; at the camera ``light`` made g(k, u) = 1 for a ray to the past."""
    u = circling(job.ds2, x, kepler_frequency(r, job.spin))
    return 1 / dot(job.ds2, x, k, u)


def _past_the_plane(x: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where rays go on, so little behind the plane that no bend is missed."""
    share = NUDGE * np.linalg.norm(x[:, 1:], axis=-1) / np.linalg.norm(v[:, 1:], axis=-1)
    onward = x + share[:, None] * v
    onward[:, 3] = share * v[:, 3]  # the located z is zero only within the tolerance
    return onward, v


def _unit(v: np.ndarray) -> np.ndarray:
    return v / np.linalg.norm(v, axis=-1, keepdims=True)


def _check_edges(inner: float, outer: float, spin: float) -> None:
    light_circle = 1 + np.cos(2 / 3 * np.arccos(-spin))
    if not light_circle < inner < outer:
        raise ValueError(
            f"trace_disc: expected edges with {light_circle:.6g} < inner < outer, outside the "
            f"circle of light (M = {M}); got {inner} and {outer}. Nothing orbits farther in."
        )
