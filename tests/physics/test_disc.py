"""The disc as rays find it: frequencies in closed form, the bright side, and the ends of rays."""

import numpy as np
import pytest

from mlphys.physics import kerr
from mlphys.physics.camera import pixel_directions
from mlphys.physics.disc import disc_camera, trace_disc
from mlphys.physics.disc_profile import disc_flux, inner_edge
from mlphys.physics.events import Status
from mlphys.physics.frames import light
from mlphys.physics.kerr_shadow import edge_directions
from mlphys.physics.redshift import disc_ratio
from mlphys.physics.rotating_holes import rotating_hole

TILT = np.radians(80)
SIZE = 32
PIXELS = pixel_directions(SIZE, SIZE, half_width=0.7)


@pytest.fixture(scope="module", params=[0.0, 0.9], ids=["round", "rotating"])
def scene(request):
    """A hole, its camera, and what 32 × 32 rays found, through a transparent disc."""
    spin = request.param
    camera = disc_camera(TILT, spin)
    view = trace_disc(camera, PIXELS, spin=spin, opaque=False, tolerance=1e-10)
    return spin, camera, view


def test_ratio_is_the_closed_form(scene):
    spin, camera, view = scene
    ds2 = rotating_hole(spin, outgoing=True)
    past = light(camera.frame, PIXELS, time=-1)
    energy, momentum = kerr.angular_momentum(
        ds2, np.broadcast_to(camera.position, past.shape), past
    )
    xi = momentum / energy  # both change sign for the light itself, which moves to the future
    expected = disc_ratio(view.radius, xi, spin, clock=camera.frame[0, 0])
    hit = np.isfinite(view.radius)
    assert hit.any(axis=(1, 2))[:2].all()  # first and second crossings
    np.testing.assert_allclose(view.ratio[hit], expected[hit], rtol=1e-8)


def test_the_approaching_side_is_bluer_and_brighter(scene):
    spin, _, view = scene
    left, right = view.ratio[0, :, : SIZE // 2], view.ratio[0, :, SIZE // 2 :][:, ::-1]
    both = np.isfinite(left) & np.isfinite(right)
    level = both & (abs(PIXELS[:, : SIZE // 2, 1]) > 0.1)
    assert (left[level] > right[level]).all()
    bright = view.ratio[0] ** 4 * disc_flux(np.nan_to_num(view.radius[0]), spin)
    total = [np.nansum(side) for side in (bright[:, : SIZE // 2], bright[:, SIZE // 2 :])]
    assert total[0] > 1.5 * total[1]


def test_brightness_ratio_against_the_closed_form():
    # edge-on, at the points of the innermost orbit that move straight toward and from the camera:
    # light that leaves along the orbit has xi = ±3/√(2/3), and g⁴ differs by 3⁴
    camera = disc_camera(np.pi / 2)
    xi = 3 / np.sqrt(2 / 3)
    sine = xi * np.sqrt(0.95) / 20
    up = 1e-7  # the plane itself is met edge-on, and never crossed
    direction = np.array([[np.sqrt(1 - sine**2), side * sine, up] for side in (1, -1)])
    radius = np.full(2, 3.0)
    g = disc_ratio(radius, np.array([xi, -xi]), clock=camera.frame[0, 0])
    assert (g[0] / g[1]) ** 4 == pytest.approx(81, rel=1e-12)
    past = light(camera.frame, direction, time=-1)
    ds2 = rotating_hole(0.0, outgoing=True)
    energy, momentum = kerr.angular_momentum(
        ds2, np.broadcast_to(camera.position, past.shape), past
    )
    np.testing.assert_allclose(momentum / energy, [xi, -xi], rtol=1e-6)  # left approaches


def test_against_the_rotation_the_sides_keep_their_order():
    # the gas decides which side is bright, not the hole
    camera = disc_camera(TILT, -0.9)
    view = trace_disc(camera, PIXELS, spin=-0.9)
    middle = slice(SIZE // 2 - 4, SIZE // 2 + 4)
    left, right = (
        np.nanmean(view.ratio[0, middle, part]) for part in (slice(0, 8), slice(-8, None))
    )
    assert left > 1 > right


def test_face_on_all_of_a_ring_has_one_color():
    camera = disc_camera(0.0)
    angle = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    slope = 0.25
    direction = np.stack([0 * angle + 1, slope * np.cos(angle), slope * np.sin(angle)], axis=-1)
    direction /= np.linalg.norm(direction, axis=-1, keepdims=True)
    view = trace_disc(camera, direction, tolerance=1e-11)
    assert (view.status == Status.CROSSED).all()
    assert np.ptp(view.radius[0]) < 1e-8
    expected = np.sqrt(1 - 1.5 / view.radius[0]) / np.sqrt(0.95)
    np.testing.assert_allclose(view.ratio[0], expected, rtol=1e-9)


def test_an_opaque_disc_ends_rays_where_they_first_meet_it(scene):
    spin, camera, through = scene
    view = trace_disc(camera, PIXELS, spin=spin, tolerance=1e-10)
    hit = np.isfinite(view.radius)
    assert hit.sum(axis=0).max() == 1
    assert np.array_equal(hit.any(axis=0), view.status == Status.CROSSED)
    first = np.argmax(np.isfinite(through.radius), axis=0)
    seen = np.isfinite(through.radius).any(axis=0)
    assert np.array_equal(seen, view.status == Status.CROSSED)
    expected = np.take_along_axis(through.radius, first[None], axis=0)[0]
    np.testing.assert_allclose(np.nansum(view.radius, axis=0)[seen], expected[seen], rtol=1e-9)


def test_no_ray_fails_and_the_shadow_is_the_exact_one(scene):
    spin, camera, view = scene
    assert not (view.status == Status.FAILED).any()
    assert np.array_equal(view.status == Status.ESCAPED, np.isfinite(view.direction[..., 0]))
    edge = edge_directions(camera, np.linspace(0, 2 * np.pi, 400), spin)
    points = edge[:, 1:] / edge[:, :1]
    middle = points.mean(axis=0)
    plane = PIXELS[..., 1:] / PIXELS[..., :1] - middle
    turn = np.arctan2(*np.moveaxis(plane[..., ::-1], -1, 0))
    outline = points - middle
    around = np.arctan2(outline[:, 1], outline[:, 0])
    order = np.argsort(around)
    limit = np.interp(turn, around[order], np.hypot(*outline.T)[order], period=2 * np.pi)
    dark = np.hypot(plane[..., 0], plane[..., 1]) < limit
    assert np.array_equal(dark, view.status == Status.CAPTURED)


def test_directions_of_starlight_reach_einsteins_ring():
    # relativity.md: a source at infinity right behind the hole, seen from r = 20
    camera = disc_camera(np.pi / 2)
    slope = 0.36800611296268320
    direction = np.array([1.0, 0.0, slope]) / np.hypot(1, slope)
    view = trace_disc(camera, direction[None], outer=3.1, tolerance=1e-10, sky_radius=1e4)
    np.testing.assert_allclose(view.direction[0], [-1, 0, 0], atol=1e-6)
    near = trace_disc(camera, direction[None], outer=3.1, tolerance=1e-10)
    np.testing.assert_allclose(near.direction[0], [-1, 0, 0], atol=2e-4)


def test_edges_are_checked():
    camera = disc_camera(TILT)
    with pytest.raises(ValueError, match="circle of light"):
        trace_disc(camera, PIXELS[0], inner=1.2)
    with pytest.raises(ValueError, match="inner < outer"):
        trace_disc(camera, PIXELS[0], inner=6.0, outer=5.0)
    assert inner_edge(-0.9) > inner_edge(0.0) > inner_edge(0.9)
