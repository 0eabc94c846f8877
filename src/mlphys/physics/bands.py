"""Tracing the pixels of a picture in bands of rows, so that memory does not grow with the picture.

A ray in work takes some hundred bytes: start, direction, end, each in the order of the tiles and in
that of the picture. Only one band is in work at a time; what the caller keeps of it is the picture.
Imports JAX.
"""

from collections.abc import Iterator
from typing import Any

import jax
import numpy as np

from mlphys.physics.camera import Camera, pixel_plane
from mlphys.physics.frames import light
from mlphys.physics.geodesics import Trace, trace
from mlphys.physics.spacetime import LineElement

__all__ = ["BAND", "block_order", "traced_bands"]

BLOCK = 8
BAND = 2**18  # rays in work at a time


def traced_bands(
    ds2: LineElement,
    camera: Camera,
    *,
    width: int,
    height: int,
    half_width: float,
    time: int = 1,
    **options: Any,
) -> Iterator[tuple[slice, Trace]]:
    """Trace a ray for each pixel and yield the rays of one band of rows after the other.

    Parameters
    ----------
    ds2 : callable
        Line element.
    camera : Camera
        Where the rays start.
    width, height, half_width
        As in :func:`~mlphys.physics.camera.pixel_directions`.
    time : {1, -1}
        As in :func:`~mlphys.physics.frames.light`.
    **options
        Passed to :func:`~mlphys.physics.geodesics.trace` (``events``, ``tolerance``, ...).

    Yields
    ------
    rows : slice
        Rows of the picture.
    rays : Trace
        Their rays; leading axes (rows, width).

    Examples
    --------
    >>> from mlphys.physics.camera import static_camera
    >>> from mlphys.physics.events import escaped
    >>> from mlphys.physics.line_elements import minkowski
    >>> camera, sky = static_camera(minkowski), escaped(50.0)
    >>> bands = traced_bands(minkowski, camera, width=4, height=2, half_width=0.3, events=[sky])
    >>> [(rows, rays.status.shape) for rows, rays in bands]
    [(slice(0, 2, None), (2, 4))]
    """
    left, up = pixel_plane(width, height, half_width=half_width)
    for rows in row_bands(width, height):
        count = rows.stop - rows.start
        order = block_order(width, count)
        row, column = np.divmod(order, width)
        plane = np.stack([np.ones(len(order)), left[column], up[rows][row]], axis=-1)
        plane /= np.linalg.norm(plane, axis=-1, keepdims=True)
        rays = trace(ds2, camera.position, light(camera.frame, plane, time=time), **options)
        yield rows, _in_place(rays, order, (count, width))


def row_bands(width: int, height: int) -> list[slice]:
    """Return bands of about equally many rows, whole blocks of pixels high.

    Examples
    --------
    >>> row_bands(800, 800)
    [slice(0, 272, None), slice(272, 544, None), slice(544, 800, None)]
    """
    bands = max(1, -(-width * height // BAND))
    rows = -(-height // (bands * BLOCK)) * BLOCK
    return [slice(first, min(first + rows, height)) for first in range(0, height, rows)]


def block_order(width: int, height: int) -> np.ndarray:
    """Return the order of pixels block by block, so that neighbors are integrated together.

    Examples
    --------
    >>> block_order(16, 1)
    array([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15])
    """
    rows, columns = -(-height // BLOCK), -(-width // BLOCK)
    grid = np.arange(rows * columns * BLOCK**2).reshape(rows, BLOCK, columns, BLOCK)
    row, column = np.divmod(grid.swapaxes(1, 2).ravel(), columns * BLOCK)
    return (row * width + column)[(row < height) & (column < width)]


def _in_place(rays: Trace, order: np.ndarray, shape: tuple[int, int]) -> Trace:
    """Return the rays, given in an order of pixels, in the shape of the picture."""

    def put(values: np.ndarray) -> np.ndarray:
        out = np.empty_like(values)
        out[order] = values
        return out.reshape(*shape, *values.shape[1:])

    return jax.tree.map(put, rays)
