"""A sky whose colors change smoothly, so that pictures have derivatives.

A checkerboard is constant almost everywhere and jumps elsewhere: no small change of a ray shows, or
the whole color changes. Bands of sines change a little with every direction. Each color is a plane
wave in the unit vector of the direction, smooth on the whole sphere.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

__all__ = ["BANDS", "SmoothSky", "bands"]

MEAN, SWING = 0.5, 0.4


class SmoothSky(NamedTuple):
    """Colors of directions, and how they change when the direction does.

    Attributes
    ----------
    color : callable
        Unit vectors (..., 3) to intensities (..., colors).
    change : callable
        Unit vectors and their derivatives, both (..., 3) and broadcast, to the derivatives of the
        intensities.
    """

    color: Callable[[np.ndarray], np.ndarray]
    change: Callable[[np.ndarray, np.ndarray], np.ndarray]


def bands(waves: np.ndarray, phases: np.ndarray) -> SmoothSky:
    """Return a sky of sine waves, intensities from 0.1 to 0.9.

    Parameters
    ----------
    waves : ndarray, shape (colors, 3)
        Wave vectors; a band is 2π/\\|wave\\| radians wide where it runs across the line of sight.
    phases : ndarray, shape (colors,)
        Phases at the direction zero, in radians.

    Returns
    -------
    SmoothSky

    Examples
    --------
    >>> sky = bands(np.array([[0.0, 4.0, 0.0]]), np.zeros(1))
    >>> ahead, aside = np.array([-1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    >>> sky.color(ahead), sky.change(ahead, aside)
    (array([0.5]), array([1.6]))
    """

    def color(direction: np.ndarray) -> np.ndarray:
        return MEAN + SWING * np.sin(direction @ waves.T + phases)

    def change(direction: np.ndarray, moved: np.ndarray) -> np.ndarray:
        return SWING * np.cos(direction @ waves.T + phases) * (moved @ waves.T)

    return SmoothSky(color, change)


BANDS = bands(
    np.array([[1.0, 7.0, 2.0], [2.0, -3.0, 6.0], [-3.0, 4.0, 5.0]]), np.array([0.3, 1.7, 4.0])
)
