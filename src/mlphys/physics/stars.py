"""The bright stars of the real sky: where they stand, how bright and how hot they are.

The catalog that ships holds the stars to magnitude 6, about all that an eye sees without help, from the
Hipparcos satellite as compiled by :cite:t:`AndersonFrancis2012`; origin and license stand beside the
file. Directions are equatorial (J2000): x toward the equinox of spring, z toward the celestial north pole.

A star is a point: it has a flux, not a surface. Flux is in units of that of magnitude 0. Color indices
become temperatures by the fit of :cite:t:`Ballesteros2012` to black bodies.

Chapter: A disc of hot gas.
"""

import gzip
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from mlphys.physics.blackbody import linear_srgb, tristimulus

__all__ = ["CATALOG", "Stars", "bright_stars", "scattered_stars", "star_colors", "temperature_of"]

CATALOG = Path(__file__).parent / "bright_stars" / "bright_stars.csv.gz"


class Stars(NamedTuple):
    """Point sources on the sky.

    Attributes
    ----------
    direction : ndarray, shape (stars, 3)
        Unit vectors.
    flux : ndarray, shape (stars,)
        Visible flux in units of that of magnitude 0.
    temperature : ndarray, shape (stars,)
        Kelvin.
    """

    direction: np.ndarray
    flux: np.ndarray
    temperature: np.ndarray


@lru_cache(maxsize=1)
def bright_stars() -> Stars:
    """Return the stars of the catalog.

    Examples
    --------
    >>> stars = bright_stars()
    >>> len(stars.flux), round(float(stars.flux.max()), 2)  # Sirius, magnitude −1.44
    (5042, 3.77)
    """
    with gzip.open(CATALOG, "rt") as lines:
        table = np.loadtxt(lines, delimiter=",", skiprows=1)
    longitude, latitude = np.radians(table[:, 1]), np.radians(table[:, 2])
    flat = np.cos(latitude)
    direction = [flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)]
    flux = 10 ** (-0.4 * table[:, 3])
    return Stars(np.stack(direction, axis=-1), flux, temperature_of(table[:, 4]))


def scattered_stars(count: int, *, rng: np.random.Generator) -> Stars:
    """Return made-up stars, spread evenly over the sky, all alike: for tests and for theorems.

    Parameters
    ----------
    count : int
        Number of stars.
    rng : numpy.random.Generator
        Where they are.

    Returns
    -------
    Stars
        Each with the flux 1 and a temperature of 6500 K.

    Examples
    --------
    >>> stars = scattered_stars(1000, rng=np.random.default_rng(5))
    >>> bool(abs(stars.direction.mean(axis=0)).max() < 0.05)
    True
    """
    direction = rng.normal(size=(count, 3))
    direction /= np.linalg.norm(direction, axis=-1, keepdims=True)
    return Stars(direction, np.ones(count), np.full(count, 6500.0))


def temperature_of(color_index: Any) -> Any:
    """Return the temperature of a star from its color index B − V.

    Parameters
    ----------
    color_index : array_like
        B − V in magnitudes.

    Returns
    -------
    array
        ``4600 (1/(0.92 c + 1.7) + 1/(0.92 c + 0.62))`` kelvin.

    References
    ----------
    :cite:t:`Ballesteros2012`, equation 14.

    Examples
    --------
    >>> float(temperature_of(0.653).round(0))  # the Sun, 5772 K
    5767.0
    """
    scaled = 0.92 * np.asarray(color_index, dtype=float)
    return 4600 * (1 / (scaled + 1.7) + 1 / (scaled + 0.62))


def star_colors(stars: Stars, *, ratio: float = 1.0) -> np.ndarray:
    """Return linear red, green and blue of stars whose light arrives with its frequency changed.

    Light of a black body stays that of a black body, of the temperature ratio · T: color and
    brightness follow.

    Parameters
    ----------
    stars : Stars
        Sources.
    ratio : float
        Frequency at the observer over that sent.

    Returns
    -------
    ndarray, shape (stars, 3)
        Their brightness is the flux, if the ratio is 1.

    Examples
    --------
    >>> one = Stars(np.array([[1.0, 0.0, 0.0]]), np.array([2.0]), np.array([6500.0]))
    >>> star_colors(one).round(2)
    array([[2.08, 1.97, 2.07]])
    """
    sent = tristimulus(stars.temperature)[:, 1]
    return linear_srgb(ratio * stars.temperature) * (stars.flux / sent)[:, None]
