"""The color of a hot body: from its temperature to the red, green and blue of a screen.

Planck's law is weighted with the three color matching functions of the CIE (1931, 2°), which say how
an average eye sums a spectrum up into three numbers X, Y, Z; Y is the brightness. The functions are
the sums of Gaussians that :cite:t:`Wyman2013` fitted to the CIE's tables, off by less than 0.02 of the
peak. A linear map turns X, Y, Z into the linear intensities of sRGB (IEC 61966-2-1).

Intensities are in units of the brightness Y of a black body at 6500 K, so that they can be compared
between temperatures. The transfer curve of a screen comes last; it is
:func:`mlphys.physics.black_hole_figures.display`.

Chapter: A disc of hot gas.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from scipy import constants as si
from scipy.interpolate import CubicSpline

__all__ = ["chromaticity", "color_matching", "into_gamut", "linear_srgb", "planck", "tristimulus"]

COOLEST, HOTTEST = (
    400.0,
    1e9,
)  # kelvin; below, nothing is visible, above, the color no longer changes
WHITE = 6500.0
# height, center, and inverse widths below and above the center, in nanometers
LOBES = (
    (
        (1.056, 599.8, 0.0264, 0.0323),
        (0.362, 442.0, 0.0624, 0.0374),
        (-0.065, 501.1, 0.0490, 0.0382),
    ),
    ((0.821, 568.8, 0.0213, 0.0247), (0.286, 530.9, 0.0613, 0.0322)),
    ((1.217, 437.0, 0.0845, 0.0278), (0.681, 459.0, 0.0385, 0.0725)),
)
TO_SRGB = np.array(
    [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]
)
BRIGHTNESS = np.linalg.inv(TO_SRGB)[1]  # Y of red, green and blue
BRIGHTNESS /= BRIGHTNESS.sum()  # that of white is 1, up to rounding in the matrix


def planck(wavelength: Any, temperature: Any) -> Any:
    """Return the radiance of a black body per wavelength.

    Parameters
    ----------
    wavelength : array_like
        Meters.
    temperature : array_like
        Kelvin.

    Returns
    -------
    array
        ``2hc²/λ⁵/(exp(hc/λkT) − 1)`` in W m⁻³ sr⁻¹.

    Examples
    --------
    >>> float(planck(500e-9, 5772.0).round(-9)) / 1e13  # the Sun in the green
    2.6239
    """
    wavelength = np.asarray(wavelength, dtype=float)
    with np.errstate(over="ignore"):  # infinity is right: the radiance is 0
        modes = np.expm1(si.h * si.c / (si.k * wavelength * np.asarray(temperature, dtype=float)))
    return 2 * si.h * si.c**2 / wavelength**5 / modes


def color_matching(wavelength: Any) -> np.ndarray:
    """Return the color matching functions x̄, ȳ, z̄ of the CIE, as fitted by Wyman and others.

    Parameters
    ----------
    wavelength : array_like, shape (...)
        Meters.

    Returns
    -------
    ndarray, shape (..., 3)

    References
    ----------
    :cite:t:`Wyman2013`, equation 4 and table 1.

    Examples
    --------
    >>> color_matching(555e-9).round(2)  # the eye is most sensitive here
    array([0.52, 1.  , 0.01])
    """
    nanometers = np.asarray(wavelength, dtype=float) * 1e9

    def lobe(height: float, center: float, below: float, above: float) -> Any:
        offset = nanometers - center
        return height * np.exp(-((offset * np.where(offset < 0, below, above)) ** 2) / 2)

    return np.stack([sum(lobe(*one) for one in lobes) for lobes in LOBES], axis=-1)


def tristimulus(temperature: Any) -> np.ndarray:
    """Return X, Y, Z of a black body, in units of Y at 6500 K.

    Parameters
    ----------
    temperature : array_like, shape (...)
        Kelvin; NaN counts as no light.

    Returns
    -------
    ndarray, shape (..., 3)
        Zero below 400 K, where Y is less than 10⁻²¹.

    Examples
    --------
    >>> tristimulus([0.0, 3000.0, 6500.0])[:, 1].round(4)
    array([0.    , 0.0098, 1.    ])
    """
    temperature = np.asarray(temperature, dtype=float)
    warm = temperature >= COOLEST  # not where it is NaN
    logarithm = _table()(np.log(np.where(warm, np.minimum(temperature, HOTTEST), WHITE)))
    # beyond the table the visible light is in proportion to the temperature
    beyond = np.where(warm, np.maximum(temperature / HOTTEST, 1.0), 0.0)
    return np.exp(logarithm) * beyond[..., None]


def chromaticity(temperature: Any) -> np.ndarray:
    """Return the coordinates x = X/(X + Y + Z) and y = Y/(X + Y + Z) of a black body's color.

    Parameters
    ----------
    temperature : array_like, shape (...)
        Kelvin, at least 400.

    Returns
    -------
    ndarray, shape (..., 2)

    Examples
    --------
    >>> chromaticity(2855.5).round(2)  # the standard illuminant A: 0.4476, 0.4074
    array([0.45, 0.41])
    """
    xyz = tristimulus(temperature)
    return xyz[..., :2] / xyz.sum(axis=-1, keepdims=True)


def linear_srgb(temperature: Any) -> np.ndarray:
    """Return linear red, green and blue of a black body, in units of the brightness at 6500 K.

    Colors below about 1900 K lie outside what a screen can show; they are moved toward gray of the
    same brightness until no component is negative.

    Parameters
    ----------
    temperature : array_like, shape (...)
        Kelvin; NaN counts as no light.

    Returns
    -------
    ndarray, shape (..., 3)

    Examples
    --------
    >>> linear_srgb([6500.0, 10000.0]).round(2)
    array([[1.04, 0.98, 1.03],
           [3.76, 4.29, 6.17]])
    """
    return into_gamut(tristimulus(temperature) @ TO_SRGB.T)


def into_gamut(rgb: np.ndarray) -> np.ndarray:
    """Return colors without negative components, of the same brightness and hue.

    Parameters
    ----------
    rgb : ndarray, shape (..., 3)
        Linear intensities.

    Returns
    -------
    ndarray, shape (..., 3)

    Examples
    --------
    >>> color = into_gamut(np.array([1.0, 0.5, -0.1]))
    >>> color.round(3), bool(abs(BRIGHTNESS @ (color - [1.0, 0.5, -0.1])) < 1e-15)
    (array([0.934, 0.509, 0.   ]), True)
    """
    gray = (rgb @ BRIGHTNESS)[..., None]
    least = rgb.min(axis=-1, keepdims=True)
    outside = least < 0
    share = np.where(outside, gray / np.where(outside, gray - least, 1.0), 1.0)
    return np.maximum(gray + share * (rgb - gray), 0.0)


@lru_cache(maxsize=1)
def _table() -> CubicSpline:
    """Return ln(X, Y, Z) as a function of ln T, good to 1e-8."""
    wavelength = np.arange(360, 831, 5) * 1e-9
    matching = color_matching(wavelength)
    temperature = np.geomspace(COOLEST, HOTTEST, 1500)
    xyz = planck(wavelength, temperature[:, None]) @ matching
    white = planck(wavelength, WHITE) @ matching[:, 1]
    return CubicSpline(np.log(temperature), np.log(xyz / white))
