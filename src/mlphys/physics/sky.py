"""Skies: colors for directions, so that bent light can be seen."""

import numpy as np

__all__ = ["checkerboard"]

EAST = np.array([0.98, 0.80, 0.45], dtype=np.float32)  # half of the sky that holds +y: warm
WEST = np.array([0.45, 0.68, 0.98], dtype=np.float32)  # the other half: cool
DARK = np.float32(0.45)
PALETTE = np.stack([WEST, DARK * WEST, EAST, DARK * EAST])


def checkerboard(direction: np.ndarray, *, cells: int = 24) -> np.ndarray:
    """Return the colors of a sky of squares in longitude and latitude about the z axis.

    Parameters
    ----------
    direction : ndarray, shape (..., 3)
        Vectors (x, y, z) from the origin to the sky; any length but zero.
    cells : int
        Even number of cells around the equator; each is as high as it is wide in degrees.

    Returns
    -------
    ndarray of float32, shape (..., 3)
        Red, green, blue in [0, 1], linear intensities; warm where y > 0, cool elsewhere. For a
        direction that is NaN, the color of some square.

    Examples
    --------
    >>> checkerboard(np.array([[-1.0, 0.1, 0.1], [-1.0, -0.1, 0.1]])).round(2)
    array([[0.44, 0.36, 0.2 ],
           [0.45, 0.68, 0.98]], dtype=float32)
    """
    if cells < 2 or cells % 2:
        raise ValueError(f"checkerboard: expected an even number of cells >= 2; got {cells}")
    x, y, z = (np.asarray(direction[..., i], dtype=np.float32) for i in range(3))
    size = np.float32(2 * np.pi / cells)
    with np.errstate(invalid="ignore"):  # a ray that never arrives has no direction: any color does
        squares = np.floor(np.arctan2(y, x) / size).astype(np.int32)
        squares += np.floor(np.arctan2(z, np.sqrt(x * x + y * y)) / size).astype(np.int32)
    squares &= 1
    squares += 2 * (y > 0)
    return PALETTE.take(squares, axis=0)
