"""A camera in curved spacetime: a place, a frame, and a direction for every pixel."""

from typing import Any, NamedTuple

import numpy as np

from mlphys.physics.frames import static_frame
from mlphys.physics.spacetime import LineElement

__all__ = ["Camera", "pixel_directions", "pixel_plane", "static_camera"]


class Camera(NamedTuple):
    """Where an observer is and how the observer moves and looks.

    Attributes
    ----------
    position : ndarray, shape (4,)
        Event of the exposure.
    frame : ndarray, shape (4, 4)
        Legs u (four-velocity), forward, left, up; any frame will do: at rest, orbiting, falling.
    """

    position: np.ndarray
    frame: np.ndarray


def static_camera(
    ds2: LineElement,
    position: Any = (0.0, 20.0, 0.0, 0.0),
    *,
    forward: Any = None,
    up: Any = (0.0, 0.0, 1.0),
) -> Camera:
    """Return a camera at rest in the coordinates, looking at the origin unless told otherwise.

    Parameters
    ----------
    ds2 : callable
        Line element.
    position : array_like, shape (4,)
        Event; 20 Schwarzschild radii from the hole on the x axis if not given.
    forward, up : array_like, shape (3,)
        As in :func:`~mlphys.physics.frames.static_frame`.

    Returns
    -------
    Camera

    Examples
    --------
    >>> from mlphys.physics.line_elements import schwarzschild_ingoing
    >>> static_camera(schwarzschild_ingoing).frame[0].round(6)
    array([1.025978, 0.      , 0.      , 0.      ])
    """
    x = np.asarray(position, dtype=float)
    return Camera(x, static_frame(ds2, x, forward=forward, up=up))


def pixel_directions(width: int, height: int, *, half_width: float = 0.35) -> np.ndarray:
    """Return the unit vector (forward, left, up) to the center of every pixel.

    The picture is a plane at distance 1: the slope of a pixel against the forward axis runs
    linearly from ``-half_width`` to ``half_width`` across the width, and pixels are square.

    Parameters
    ----------
    width, height : int
        Pixels.
    half_width : float
        Largest horizontal slope: tan of half the field of view, in the observer's frame.

    Returns
    -------
    ndarray, shape (height, width, 3)
        Row 0 is the top of the picture.

    Examples
    --------
    >>> pixel_directions(2, 1, half_width=1.0)[0].round(6)
    array([[ 0.894427,  0.447214,  0.      ],
           [ 0.894427, -0.447214,  0.      ]])
    """
    left, up = pixel_plane(width, height, half_width=half_width)
    plane = np.stack(np.broadcast_arrays(1.0, left[None, :], up[:, None]), axis=-1)
    return plane / np.linalg.norm(plane, axis=-1, keepdims=True)


def pixel_plane(
    width: int, height: int, *, half_width: float = 0.35
) -> tuple[np.ndarray, np.ndarray]:
    """Return the slopes of the pixels against the forward leg, on a plane at distance 1.

    Parameters
    ----------
    width, height, half_width
        As in :func:`pixel_directions`.

    Returns
    -------
    left : ndarray, shape (width,)
        Decreasing: column 0 is the leftmost.
    up : ndarray, shape (height,)
        Decreasing: row 0 is the top.

    Raises
    ------
    ValueError
        If there is no pixel, or no width.

    Examples
    --------
    >>> pixel_plane(2, 1, half_width=1.0)
    (array([ 0.5, -0.5]), array([0.]))
    """
    if width < 1 or height < 1 or not half_width > 0:
        raise ValueError(
            "pixel_directions: expected width, height >= 1 and half_width > 0; "
            f"got {width}, {height}, {half_width}"
        )
    size = 2 * half_width / width
    return size * ((width - 1) / 2 - np.arange(width)), size * (
        (height - 1) / 2 - np.arange(height)
    )
