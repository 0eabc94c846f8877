"""Star images: each star once without bending, and the exact magnification with it."""

import numpy as np
import pytest

from mlphys.physics import schwarzschild as exact
from mlphys.physics.camera import pixel_directions
from mlphys.physics.star_images import find_images, solid_angle, splat
from mlphys.physics.stars import Stars, scattered_stars

HALF = 0.6


def solid(n):
    """Return the solid angle of each pixel of an n × n picture."""
    ahead = pixel_directions(n, n, half_width=HALF)[..., 0]
    return ahead**3 * (2 * HALF / n) ** 2


def round_sky(seen, radius=20.0):
    """Return what a hole at rest does to directions, by the elliptic integral."""
    slope = np.hypot(seen[..., 1], seen[..., 2]) / seen[..., 0]
    impact = exact.impact_parameter(slope, radius)
    dark = impact <= exact.CRITICAL_IMPACT * (1 + 1e-9)
    swept = exact.swept_angle(np.where(dark, 10.0, impact), radius, np.inf)
    around = np.arctan2(seen[..., 2], seen[..., 1])
    # forward is −x: swept = π is straight ahead
    sky = np.stack(
        [-np.cos(swept), np.sin(swept) * np.cos(around), np.sin(swept) * np.sin(around)], axis=-1
    )
    return np.where(dark[..., None], np.nan, sky)


def test_solid_angles():
    assert solid_angle([1, 0, 0], [0, 1, 0], [0, 0, 1]) == pytest.approx(np.pi / 2)
    assert solid_angle([0, 1, 0], [1, 0, 0], [0, 0, 1]) == pytest.approx(-np.pi / 2)
    small = 1e-4
    corners = np.array([[1, 0, 0], [1, small, 0], [1, 0, small]])
    corners = corners / np.linalg.norm(corners, axis=-1, keepdims=True)
    assert solid_angle(*corners) == pytest.approx(small**2 / 2, rel=1e-6)


def test_without_bending_each_star_is_seen_once_as_bright_as_it_is():
    seen = pixel_directions(50, 50, half_width=HALF)
    stars = scattered_stars(20_000, rng=np.random.default_rng(2))
    images = find_images(stars, seen, seen)
    slope = stars.direction[:, 1:] / stars.direction[:, :1]
    limit = HALF * 49 / 50  # the triangles end at the centers of the outer pixels
    inside = (stars.direction[:, 0] > 0) & (abs(slope) < limit).all(axis=-1)
    assert np.array_equal(np.sort(images.star), np.flatnonzero(inside))
    np.testing.assert_allclose(images.magnification, 1, rtol=1e-9)
    column = (HALF * 49 / 50 - slope[images.star, 0]) / (2 * HALF / 50)
    np.testing.assert_allclose(images.place[:, 1], column, atol=5e-3)


def test_magnification_of_a_round_hole():
    seen = pixel_directions(300, 300, half_width=HALF)
    stars = scattered_stars(3000, rng=np.random.default_rng(4))
    images = find_images(stars, seen, round_sky(seen))
    place = HALF * (1 - (2 * images.place + 1) / 300)
    alpha = np.arctan(np.hypot(*place.T))
    clear = (alpha > 0.2) & (abs(alpha - 0.352625) > 0.03)  # off the edge, off Einstein's ring
    alpha, found = alpha[clear], images.magnification[clear]

    def swept(angle):
        return exact.swept_angle(exact.impact_parameter(np.tan(angle), 20.0), 20.0, np.inf)

    slope = (swept(alpha + 1e-5) - swept(alpha - 1e-5)) / 2e-5
    expected = abs(np.sin(alpha) / (np.sin(swept(alpha)) * slope))
    assert len(alpha) > 200
    np.testing.assert_allclose(found, expected, rtol=0.12)  # it changes within a triangle
    assert np.median(abs(found / expected - 1)) < 0.02
    assert abs(np.mean(found / expected) - 1) < 3e-3


def test_an_even_sky_stays_even():
    # brightness per solid angle does not change: the lens may only shuffle the stars
    n, count = 240, 400_000
    seen = pixel_directions(n, n, half_width=HALF)
    sky = round_sky(seen)
    stars = scattered_stars(count, rng=np.random.default_rng(6))
    images = find_images(stars, seen, sky)
    flux = splat(images.place, images.magnification[:, None], (n, n))[..., 0]
    bright = np.isfinite(sky[..., 0])
    angle = np.arctan(np.hypot(seen[..., 1], seen[..., 2]) / seen[..., 0])
    # Einstein's ring at 0.35 shows a few stars, hugely magnified: too noisy to count
    for low, high in ((0.14, 0.2), (0.2, 0.3), (0.4, 0.6)):
        ring = (angle > low) & (angle < high) & bright
        density = flux[ring].sum() / solid(n)[ring].sum() * 4 * np.pi / count
        assert density == pytest.approx(1, abs=0.05)


def test_splat_keeps_the_sum_and_the_place():
    rng = np.random.default_rng(8)
    place = rng.uniform(0, 19, size=(500, 2))
    light = rng.exponential(size=(500, 3))
    picture = splat(place, light, (20, 20))
    np.testing.assert_allclose(picture.sum(axis=(0, 1)), light.sum(axis=0), rtol=1e-13)
    row = np.arange(20)
    center = np.einsum("rcl,r->l", picture, row) / picture.sum(axis=(0, 1))
    expected = (light * place[:, :1]).sum(axis=0) / light.sum(axis=0)
    np.testing.assert_allclose(center, expected, rtol=1e-12)


def test_a_moving_star_does_not_flicker():
    seen = pixel_directions(40, 40, half_width=0.3)
    total = []
    for shift in np.linspace(0, 0.03, 23):
        direction = np.array([[1.0, 0.0131 + shift, 0.0217]])
        star = Stars(direction / np.linalg.norm(direction), np.ones(1), np.ones(1))
        images = find_images(star, seen, seen)
        total.append(splat(images.place, images.magnification[:, None], (40, 40)).sum())
    np.testing.assert_allclose(total, 1, rtol=1e-9)


def test_rays_that_show_no_sky_make_no_images():
    seen = pixel_directions(8, 8, half_width=0.3)
    stars = scattered_stars(1000, rng=np.random.default_rng(9))
    assert len(find_images(stars, seen, np.full_like(seen, np.nan)).star) == 0
