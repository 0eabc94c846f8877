"""A made-up sky of stars and a bright band, in integer arithmetic that a graphics card repeats.

One star lies in each cell of a grid of directions. A hash of the cell's number decides place,
brightness and color, so that the sky needs no list, and the shader of ``flight.glsl`` paints the
same sky bit for bit. No real star is where these are.

References
----------
Jarzynski and Olano, "Hash Functions for GPU Rendering", Journal of Computer Graphics Techniques 9
(2020) 20: the hash ``pcg``.
"""

import numpy as np

__all__ = ["starry_sky"]

ROWS = 36  # of cells, 5° high each
WIDTH = 0.0035  # of a star, radians
BAND = np.array([0.0, 0.5, np.sqrt(0.75)])  # axis of the band, which runs behind the hole
WARM, COOL = np.array([1.0, 0.78, 0.55]), np.array([0.7, 0.82, 1.0])
GLOW, GROUND = np.array([0.22, 0.20, 0.19]), np.array([0.004, 0.005, 0.010])


def starry_sky(direction: np.ndarray) -> np.ndarray:
    """Return the colors of a sky of stars, with a band of light behind the hole.

    Parameters
    ----------
    direction : ndarray, shape (..., 3)
        Unit vectors from the origin to the sky.

    Returns
    -------
    ndarray, shape (..., 3)
        Linear intensities in [0, 1]; NaN for a direction that is NaN.

    Examples
    --------
    >>> starry_sky(np.array([[-1.0, 0.0, 0.0], [0.0, 0.5, 0.75**0.5]])).round(2).tolist()
    [[0.22, 0.2, 0.2], [0.0, 0.01, 0.01]]
    """
    d = np.asarray(direction, dtype=float)
    above = (d @ BAND) / 0.12
    glow = np.exp(-above * above)[..., np.newaxis]
    star, bright, warm = _star(d)
    apart = np.sum((d - star) ** 2, axis=-1)
    light = (bright * np.exp(-apart / (2 * WIDTH * WIDTH)))[..., np.newaxis]
    color = COOL + warm[..., np.newaxis] * (WARM - COOL)
    return np.minimum(GROUND + GLOW * glow + light * color, 1.0)


def _star(d: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return direction, brightness and share of warmth of the star in each direction's cell."""
    step = np.pi / ROWS
    flat = np.hypot(d[..., 0], d[..., 1])
    with np.errstate(invalid="ignore"):  # a direction that is NaN has any cell, and NaN color
        row = np.floor(np.arctan2(d[..., 2], flat) / step + ROWS / 2)
        row = np.clip(np.nan_to_num(row), 0, ROWS - 1)
        count = np.floor(2 * ROWS * np.cos((row + 0.5 - ROWS / 2) * step) + 0.5)
        turn = np.nan_to_num(np.arctan2(d[..., 1], d[..., 0]) / (2 * np.pi) + 0.5)
    column = np.minimum(np.floor(turn * count), count - 1)
    number = _hash((row * 2 * ROWS + column).astype(np.uint32))
    parts = [((number >> np.uint32(8 * k)) & np.uint32(255)) / 255 for k in range(4)]
    latitude = (row + 0.12 + 0.76 * parts[0] - ROWS / 2) * step
    longitude = ((column + 0.12 + 0.76 * parts[1]) / count - 0.5) * 2 * np.pi
    level = np.cos(latitude)
    star = np.stack(
        [level * np.cos(longitude), level * np.sin(longitude), np.sin(latitude)], axis=-1
    )
    return star, 0.004 + parts[2] ** 5, parts[3]


def _hash(number: np.ndarray) -> np.ndarray:
    """Return 32 bits without order for each number (``pcg``); overflow is meant."""
    state = number * np.uint32(747796405) + np.uint32(2891336453)
    shift = (state >> np.uint32(28)) + np.uint32(4)
    word = ((state >> shift) ^ state) * np.uint32(277803737)
    return (word >> np.uint32(22)) ^ word
