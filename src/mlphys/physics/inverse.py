"""Reading a picture backwards: pictures with derivatives, and parameters from pictures.

A picture here is a function of parameters p, with ∂(every pixel)/∂p: how the sky's colors change
along the sphere times how the end of the pixel's ray moves. ``p[0]`` to ``p[-1]`` mean what the
family of line elements and the place of the observer make of them; by default ``p[1]`` is the
observer's distance on the x axis, and the line element uses the others.

Derivatives are those at fixed pixels. At the edge of the shadow a pixel jumps from dark to bright,
which no derivative at a point can see; :func:`bright` finds pixels that keep away from it.

Lengths in any one unit. Chapter: Reading a picture backwards.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy.ndimage import binary_dilation

from mlphys.physics.bands import block_order
from mlphys.physics.camera import pixel_directions
from mlphys.physics.events import Status, captured, escaped
from mlphys.physics.line_elements import schwarzschild_ingoing
from mlphys.physics.resting_observer import make_start
from mlphys.physics.smooth_sky import BANDS, SmoothSky
from mlphys.physics.variational import Family
from mlphys.physics.variations import trace_variations

__all__ = ["Sample", "bright", "hole", "make_model", "make_picture", "make_round_picture"]


class Sample(NamedTuple):
    """A picture and its derivatives.

    Attributes
    ----------
    values : ndarray, shape (height, width, colors)
        Intensities; 0 where light was captured, NaN where a ray failed.
    slopes : ndarray, shape (height, width, colors, parameters)
        Derivatives of the intensities at fixed pixels; 0 and NaN likewise.
    status : ndarray of int8, shape (height, width)
    """

    values: np.ndarray
    slopes: np.ndarray
    status: np.ndarray


Picture = Callable[[Any], Sample]


def hole(x: Any, dx: Any, p: Any) -> Any:
    """Return ds² of a hole whose Schwarzschild radius is ``p[0]``, in ingoing coordinates.

    Examples
    --------
    >>> float(hole(np.array([0.0, 2.0, 0, 0]), np.array([1.0, 0, 0, 0]), [1.0, 20.0]))
    -0.5
    """
    return schwarzschild_ingoing(x, dx, r_s=p[0])


def make_picture(
    ds2: Family = hole,
    *,
    pixels: int = 128,
    half_width: float = 0.35,
    sky: SmoothSky = BANDS,
    sky_radius: float = 50.0,
    capture_radius: float = 0.6,
    **options: Any,
) -> Picture:
    """Return the function from parameters to pictures, every pixel traced in three dimensions.

    Parameters
    ----------
    ds2 : callable
        Family of line elements ``ds2(x, dx, p)``.
    pixels : int
        Pixels a side.
    half_width : float
        Slope at the picture's edge, tan of half the field of view.
    sky : SmoothSky
        Colors of the sphere of radius ``sky_radius`` around the origin.
    sky_radius, capture_radius : float
        Radii of the events. ``capture_radius`` must lie inside every orbit of light for all p.
    **options
        ``place``, ``up`` for :func:`~mlphys.physics.resting_observer.make_start`; others for
        :func:`~mlphys.physics.variations.trace_variations`.

    Returns
    -------
    callable
        ``picture(p)`` returns a :class:`Sample`.

    Examples
    --------
    >>> sample = make_picture(pixels=8)([1.0, 20.0])
    >>> sample.values.shape, sample.slopes.shape
    ((8, 8, 3), (8, 8, 3, 2))
    """
    directions = pixel_directions(pixels, pixels, half_width=half_width).reshape(-1, 3)
    order = block_order(pixels, pixels)
    ends = _make_ends(ds2, directions[order], sky_radius, capture_radius, options)

    def picture(p: Any) -> Sample:
        parts = ends(p)
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        n, moved, status = parts[0][back], parts[1][:, back], parts[2][back]
        return _paint(n, moved, status, sky, (pixels, pixels))

    return picture


def make_round_picture(
    ds2: Family = hole,
    *,
    pixels: int = 128,
    half_width: float = 0.35,
    sky: SmoothSky = BANDS,
    sky_radius: float = 50.0,
    capture_radius: float = 0.6,
    **options: Any,
) -> Picture:
    """Return :func:`make_picture` of a round hole from rays in one plane, by rotation.

    Pixels at the same angle from the hole share a ray, so one ray is traced for each angle that
    occurs: no interpolation. The observer is on the x axis and looks at the hole.

    Parameters and result are those of :func:`make_picture`, without ``place`` and ``up``.

    Examples
    --------
    >>> sample = make_round_picture(pixels=8)([1.0, 20.0])
    >>> bool(abs(sample.values - make_picture(pixels=8)([1.0, 20.0]).values).max() < 1e-7)
    True
    """
    ahead, left, up = pixel_directions(pixels, pixels, half_width=half_width).reshape(-1, 3).T
    aside = np.hypot(left, up)
    slope, which = np.unique((aside / ahead).round(12), return_inverse=True)
    angle = np.arctan(slope)
    fan = np.stack([np.cos(angle), -np.sin(angle), 0 * angle], -1)
    ends = _make_ends(ds2, fan, sky_radius, capture_radius, options)
    turn = np.stack([-left, up], -1) / np.maximum(aside, 1e-300)[:, None]

    def picture(p: Any) -> Sample:
        n, moved, status = ends(p)

        def rotated(vector: np.ndarray) -> np.ndarray:
            along, across = vector[..., which, 0], vector[..., which, 1]
            return np.stack([along, across * turn[:, 0], across * turn[:, 1]], -1)

        return _paint(rotated(n), rotated(moved), status[which], sky, (pixels, pixels))

    return picture


def bright(values: np.ndarray, *, margin: int = 4, threshold: float = 0.05) -> np.ndarray:
    """Return which pixels of a picture keep a distance from all dark ones.

    The picture itself decides, not a model, so that the choice does not move during a fit.

    Parameters
    ----------
    values : ndarray, shape (height, width, colors)
        Intensities, noise included.
    margin : int
        Pixels to keep away from dark ones.
    threshold : float
        Mean over the colors below which a pixel counts as dark.

    Returns
    -------
    ndarray of bool, shape (height, width)

    Examples
    --------
    >>> values = np.ones((1, 7, 3))
    >>> values[0, 0] = 0
    >>> bright(values, margin=2).astype(int)
    array([[0, 0, 0, 1, 1, 1, 1]])
    """
    dark = values.mean(axis=-1) < threshold
    return np.logical_not(binary_dilation(dark, iterations=margin) if margin else dark)


def make_model(picture: Picture, chosen: np.ndarray) -> Callable[[np.ndarray], tuple]:
    """Return the function from parameters to the chosen pixels as one row, and their Jacobian.

    Parameters
    ----------
    picture : callable
        Of :func:`make_picture` or :func:`make_round_picture`.
    chosen : ndarray of bool, shape (height, width)

    Returns
    -------
    callable
        A model for :func:`mlphys.physics.least_squares.fit`.

    Examples
    --------
    >>> model = make_model(make_round_picture(pixels=8), np.ones((8, 8), dtype=bool))
    >>> [part.shape for part in model(np.array([1.0, 20.0]))]
    [(192,), (192, 2)]
    """

    def model(p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        sample = picture(p)
        slopes = sample.slopes[chosen]
        return sample.values[chosen].ravel(), slopes.reshape(-1, slopes.shape[-1])

    return model


def _make_ends(
    ds2: Family,
    directions: np.ndarray,
    sky_radius: float,
    capture_radius: float,
    options: dict[str, Any],
) -> Callable:
    """Return the function from p to the directions of rays' ends, their derivatives and statuses."""
    options = {"tolerance": 1e-9} | options
    at_rest = {name: options.pop(name) for name in ("place", "up") if name in options}
    start = make_start(ds2, directions, **at_rest)
    events = (captured(capture_radius), escaped(sky_radius, locate=True))

    def ends(p: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        found = trace_variations(ds2, start, p, events=events, **options)
        place, moved = found.trace.position[:, 1:], found.position[..., 1:]
        length = np.linalg.norm(place, axis=-1, keepdims=True)
        n = place / length
        across = (moved - n * (n * moved).sum(-1, keepdims=True)) / length
        return n, across, found.trace.status

    return ends


def _paint(
    n: np.ndarray, moved: np.ndarray, status: np.ndarray, sky: SmoothSky, shape: tuple[int, int]
) -> Sample:
    values = sky.color(n)
    slopes = np.moveaxis(sky.change(n, moved), 0, -1)
    for fate, value in ((Status.CAPTURED, 0.0), (Status.FAILED, np.nan)):
        values[status == fate], slopes[status == fate] = value, value
    return Sample(
        values.reshape(*shape, -1),
        slopes.reshape(*shape, *slopes.shape[1:]),
        status.reshape(shape),
    )
