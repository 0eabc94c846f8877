"""The catalog against what everybody knows of a few stars, and the colors of moving ones."""

from itertools import pairwise

import numpy as np
import pytest

from mlphys.physics.blackbody import BRIGHTNESS, tristimulus
from mlphys.physics.stars import (
    CATALOG,
    Stars,
    bright_stars,
    scattered_stars,
    star_colors,
    temperature_of,
)


def star_at(right_ascension, declination):
    """Return the brightest star within a quarter of a degree."""
    stars = bright_stars()
    a, d = np.radians([15 * right_ascension, declination])
    toward = np.array([np.cos(d) * np.cos(a), np.cos(d) * np.sin(a), np.sin(d)])
    near = np.flatnonzero(stars.direction @ toward > np.cos(np.radians(0.25)))
    return near[np.argmax(stars.flux[near])]


@pytest.mark.parametrize(
    ("hours", "degrees", "magnitude", "coolest", "hottest"),
    [
        (6.7525, -16.716, -1.46, 9000, 11000),  # Sirius
        (18.6156, 38.784, 0.03, 9000, 11000),  # Vega
        (5.2423, -8.202, 0.13, 9500, 13000),  # Rigel
        (5.9195, 7.407, 0.5, 3200, 4000),  # Betelgeuse
        (2.5303, 89.264, 1.98, 5500, 6500),  # Polaris
    ],
)
def test_known_stars(hours, degrees, magnitude, coolest, hottest):
    # positions and magnitudes of the Yale Bright Star Catalogue, 5th edition
    stars, star = bright_stars(), star_at(hours, degrees)
    assert -2.5 * np.log10(stars.flux[star]) == pytest.approx(magnitude, abs=0.12)
    assert coolest < stars.temperature[star] < hottest


def test_catalog_is_whole_and_small():
    stars = bright_stars()
    assert CATALOG.stat().st_size < 100_000
    np.testing.assert_allclose(np.linalg.norm(stars.direction, axis=-1), 1, rtol=1e-14)
    # a filled space would have 4 times as many stars for each magnitude; dust and the thin disc
    # of the Galaxy leave about 3
    count = [(stars.flux > 10 ** (-0.4 * m)).sum() for m in (3, 4, 5, 6)]
    assert all(2.5 < more / few < 4.2 for few, more in pairwise(count))
    # the band of the Milky Way: more stars near the galactic plane than at its poles
    a, d = np.radians([192.86, 27.13])
    pole = np.array([np.cos(d) * np.cos(a), np.cos(d) * np.sin(a), np.sin(d)])
    height = abs(stars.direction @ pole)
    assert (height < 0.5).sum() > 1.2 * (height > 0.5).sum()


def test_color_index_of_vega_and_the_sun():
    assert temperature_of(0.653) == pytest.approx(5772, rel=5e-3)
    assert temperature_of(0.0) == pytest.approx(10_125, rel=1e-3)


def test_brightness_of_colors_is_the_flux():
    stars = Stars(np.eye(3), np.array([1.0, 2.0, 0.5]), np.array([3500.0, 6500.0, 20_000.0]))
    np.testing.assert_allclose(star_colors(stars) @ BRIGHTNESS, stars.flux, rtol=2e-4)
    shifted = star_colors(stars, ratio=1.1) @ BRIGHTNESS
    sent, seen = (tristimulus(g * stars.temperature)[:, 1] for g in (1.0, 1.1))
    np.testing.assert_allclose(shifted, stars.flux * seen / sent, rtol=2e-4)


def test_scattered_stars_fill_the_sky_evenly():
    stars = scattered_stars(50_000, rng=np.random.default_rng(3))
    assert np.mean(stars.direction[:, 2] > 0.5) == pytest.approx(0.25, abs=0.01)
