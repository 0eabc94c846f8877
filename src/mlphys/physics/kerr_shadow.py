"""The shadow of a rotating hole as an observer at a finite distance sees it: exact, and traced.

The edge of the shadow is light that left a sphere of circling light. Its constants ``xi`` and
``eta`` are known (:mod:`mlphys.physics.kerr`), hence its momentum at the observer's event, and the
components of that along the legs of the observer's frame are a direction: exact at any distance,
for any frame. The other function asks the tracer, which knows ds² only.

Coordinates are the outgoing ones, in which light can be followed into the past through a horizon.
A frame at rest is at rest in all charts; its leg *forward* points against the chart's own radius,
so that the center of the picture is a matter of the chart, and the shape of the shadow is not.

Chapter: A black hole that rotates. Reference: :cite:t:`Grenzebach2014`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from mlphys.physics.camera import Camera
from mlphys.physics.events import Event, Status, escaped
from mlphys.physics.frames import light
from mlphys.physics.geodesics import trace
from mlphys.physics.kerr import M, equatorial_parameters, shadow_curve, spherical_light
from mlphys.physics.rotating_holes import spheroidal_radius
from mlphys.physics.spacetime import LineElement
from mlphys.physics.symmetries import NONE

__all__ = ["bisect_between", "edge_directions", "edge_momentum", "traced_edge"]

WIDEST = 1.9  # share of the expected distance at which it must be bright


def edge_momentum(position: Any, angle: Any, spin: float, charge: float = 0.0) -> np.ndarray:
    """Return the momentum p_m of the light that makes the edge of the shadow, where it is seen.

    Parameters
    ----------
    position : array_like, shape (4,)
        The observer's event in outgoing Kerr–Schild coordinates, outside all spheres of light.
    angle : array_like, shape (...)
        Which light: direction in the plane (alpha, beta) of
        :func:`~mlphys.physics.kerr.shadow_curve` for the observer's own inclination.
    spin, charge : float
        a/M and Q/M.

    Returns
    -------
    ndarray, shape (..., 4)
        Components (t, x, y, z) of light of unit energy that moves to the future.

    Raises
    ------
    ValueError
        If the observer is not outside the spheres of light.

    Examples
    --------
    >>> p = edge_momentum([0.0, 20.0, 0.0, 0.0], [0.0], 0.0)
    >>> float((20 * p[0, 2]).round(9))  # L_z, −3√3/2: it comes from the right, from y > 0
    -2.598076211
    """
    position = np.asarray(position, dtype=float)
    r, theta, phi = _spheroidal(position, spin)
    farthest = max(spherical_light(u, spin, charge)[0] for u in equatorial_parameters(spin, charge))
    if not r > farthest:
        raise ValueError(
            f"edge_momentum: expected an observer at r > {farthest:.6g}, outside all light that "
            f"circles; got r = {r:.6g}. Move the observer outward."
        )
    sine, cosine, a, q2 = np.sin(theta), np.cos(theta), spin * M, (charge * M) ** 2
    alpha, beta = shadow_curve(angle, theta, spin, charge)
    xi = -alpha * sine
    delta, gain = r * r - 2 * M * r + a * a + q2, 2 * M * r - q2
    # K = eta + (xi − a)², from alpha² + beta² = xi² + eta + a² cos²θ
    k = alpha**2 + beta**2 - 2 * a * xi + (a * sine) ** 2
    root = np.sqrt((r * r + a * a - a * xi) ** 2 - delta * k)
    radial = (root - gain + a * xi) / delta  # in outgoing coordinates
    # derivatives of (x, y, z) by r, by θ, and by φ over sin θ, at φ = 0
    axes = np.array([[sine, 0, cosine], [r * cosine, -a * cosine, -r * sine], [a, r, 0]])
    spatial = np.linalg.solve(axes, np.stack([radial, beta, -alpha], axis=-1)[..., None])[..., 0]
    turn = np.array([[np.cos(phi), np.sin(phi), 0], [-np.sin(phi), np.cos(phi), 0], [0, 0, 1]])
    energy = -np.ones_like(alpha)
    return np.concatenate([energy[..., None], spatial @ turn], axis=-1)


def edge_directions(camera: Camera, angle: Any, spin: float, charge: float = 0.0) -> np.ndarray:
    """Return the directions in which a camera sees the edge of the shadow.

    Parameters
    ----------
    camera : Camera
        Position in outgoing Kerr–Schild coordinates; any frame, at rest or moving.
    angle, spin, charge
        As in :func:`edge_momentum`.

    Returns
    -------
    ndarray, shape (..., 3)
        Unit vectors along the camera's legs (forward, left, up), toward where the light comes from.

    Examples
    --------
    >>> from mlphys.physics.camera import static_camera
    >>> from mlphys.physics.rotating_holes import rotating_hole
    >>> camera = static_camera(rotating_hole(0.0, outgoing=True))
    >>> n = edge_directions(camera, [0.0, 1.0, 2.0], 0.0)
    >>> np.degrees(np.arccos(n[:, 0])).round(6)  # the known angle at r = 20
    array([7.274005, 7.274005, 7.274005])
    """
    local = edge_momentum(camera.position, angle, spin, charge) @ camera.frame.T
    return local[..., 1:] / local[..., :1]  # −(p·e_i)/ω with ω = −p·e_0


def traced_edge(
    ds2: LineElement,
    camera: Camera | list[Camera],
    direction: Any,
    *,
    capture: Event,
    sky_radius: float = 50.0,
    time: int = -1,
    digits: int = 9,
    **options: Any,
) -> np.ndarray:
    """Return where tracing finds the edge of the shadow, relative to where it is expected.

    The expected directions are points of the plane at distance 1 before the camera. From their
    mean a line runs through each of them, to 1.9 times the distance, and rays along it are bisected.

    Parameters
    ----------
    ds2 : callable
        Line element in coordinates that are regular for light followed into the past.
    camera : Camera or list of Camera
        Where the rays start; several cameras are traced together.
    direction : array_like, shape (n, 3) or (cameras, n, 3)
        Expected edge for each camera, around the middle of the shadow.
    capture : Event
        Where light is captured.
    sky_radius : float
        Where it has escaped.
    time : {-1, 1}
        Whether light is followed into the past, as a camera demands, or into the future.
    digits : int
        Relative width 10^(−digits) of the last bracket.
    **options
        Passed to :func:`~mlphys.physics.geodesics.trace`; unless given, ``tolerance`` is 1e-11 and
        ``equations`` are the Hamiltonian ones.

    Returns
    -------
    ndarray, shape of ``direction`` without its last axis
        1 where the edge is as expected, below 1 where the shadow is smaller.

    Raises
    ------
    RuntimeError
        If a ray failed.
    ValueError
        If the middle is not dark, or 1.9 times the distance not bright.
    """
    options = {"tolerance": 1e-11, "equations": "hamiltonian", "killing": NONE} | options
    events = (capture, escaped(sky_radius))
    cameras = [camera] if isinstance(camera, Camera) else camera
    direction = np.asarray(direction, dtype=float)
    plane = (direction / direction[..., :1]).reshape(len(cameras), -1, 3)
    middle = plane.mean(axis=1, keepdims=True)
    position = np.repeat([each.position for each in cameras], plane.shape[1], axis=0)

    def dark(share: np.ndarray) -> np.ndarray:
        toward = middle + share.reshape(*plane.shape[:2], 1) * (plane - middle)
        toward /= np.linalg.norm(toward, axis=-1, keepdims=True)
        pairs = zip(cameras, toward, strict=True)
        velocity = np.concatenate([light(each.frame, rays, time=time) for each, rays in pairs])
        status = trace(ds2, position, velocity, events=events, **options).status
        if (status == Status.FAILED).any():
            raise RuntimeError(
                f"traced_edge: expected every ray to be finished; got "
                f"{int((status == Status.FAILED).sum())} that failed. Raise max_steps or the "
                "tolerance, or check that the coordinates are regular for light of the past."
            )
        return status == Status.CAPTURED

    share = bisect_between(dark, len(position), digits=digits)
    return share.reshape(direction.shape[:-1])


def bisect_between(
    dark: Callable[[np.ndarray], np.ndarray], count: int, *, digits: int = 9
) -> np.ndarray:
    """Return, for each of ``count`` lines, the share in (0, 1.9) at which a verdict changes.

    The bracket does not begin with its middle at 1, where the edge is expected: a verdict there
    would leave the half width of the last bracket as the result, however exact the tracer is.

    Parameters
    ----------
    dark : callable
        Shares, shape (count,), to verdicts of bool; true below the share that is sought.
    count : int
        Number of lines.
    digits : int
        Width 10^(−digits) of the last bracket.

    Returns
    -------
    ndarray, shape (count,)

    Raises
    ------
    ValueError
        If the verdict is not true at 0, or not false at 1.9.

    Examples
    --------
    >>> bisect_between(lambda share: share < [0.5, 1.25], 2).round(9)
    array([0.5 , 1.25])
    """
    low, high = np.zeros(count), np.full(count, WIDEST)
    if not dark(low).all() or dark(high).any():
        raise ValueError(
            "bisect_between: expected a dark middle and light at 1.9 times the expected distance "
            "of the edge; got another verdict. Check the expected edge, and where light is captured."
        )
    while (high - low).max() > 10.0**-digits:
        middle = (low + high) / 2
        verdict = dark(middle)
        low, high = np.where(verdict, middle, low), np.where(verdict, high, middle)
    return (low + high) / 2


def _spheroidal(position: np.ndarray, spin: float) -> tuple[float, float, float]:
    """Return r, θ and φ of an event in outgoing coordinates, x + iy = (r − ia) sin θ exp(iφ)."""
    r, a = float(spheroidal_radius(position, spin)), spin * M
    _, x, y, z = position
    theta = float(np.arctan2(np.hypot(x, y) / np.hypot(r, a), z / r))
    return r, theta, float(np.arctan2(y, x) + np.arctan2(a, r))
