"""Pictures against the exact edge of the shadow, and the two ways to draw one against each other."""

import numpy as np
import pytest

from mlphys.physics import black_hole
from mlphys.physics import schwarzschild as exact
from mlphys.physics.black_hole import (
    critical_slope,
    fan,
    render,
    render_round,
    trace_fan,
)
from mlphys.physics.camera import Camera, pixel_directions, static_camera
from mlphys.physics.events import Status
from mlphys.physics.frames import boost
from mlphys.physics.line_elements import minkowski, schwarzschild_ingoing
from mlphys.physics.rotation import lookup


def slope_of_pixels(width, height, half_width=0.35):
    directions = pixel_directions(width, height, half_width=half_width)
    return np.hypot(directions[..., 1], directions[..., 2]) / directions[..., 0]


def test_edge_of_the_shadow_by_bisection():
    assert critical_slope() == pytest.approx(0.12764183541878970106, rel=1e-9)
    assert critical_slope(radius=6.0) == pytest.approx(float(exact.critical_slope(6.0)), rel=1e-9)


def test_fan_sweeps_the_exact_angles():
    table = fan(rays=256, tolerance=1e-11)
    impact = exact.impact_parameter(table.slope, 20.0)
    far = table.slope > 1.001 * table.critical
    np.testing.assert_allclose(
        table.angle[far], exact.swept_angle(impact, 20.0, 50.0)[far], atol=1e-8
    )
    assert table.angle[0] > 2 * np.pi  # light that circles the hole
    known = lookup(table.slope, table.angle, table.critical)
    between = known.critical + np.exp(known.start + known.step * np.arange(known.turn.size))
    far = between > 1.001 * table.critical
    between, turn = between[far], known.turn[far]
    expected = exact.swept_angle(exact.impact_parameter(between, 20.0), 20.0, 50.0)
    np.testing.assert_allclose(turn, np.exp(1j * expected), atol=2e-6)


def test_fan_finds_the_edge_where_its_guess_is_wrong(monkeypatch):
    monkeypatch.setattr(black_hole, "expected_edge", lambda *_, **__: 0.13)
    table = fan(rays=64)
    assert table.critical == pytest.approx(0.12764183541878970106, rel=1e-8)
    assert (table.status == Status.ESCAPED).all()


@pytest.mark.slow
def test_every_pixel_has_the_right_verdict_and_no_ring():
    # 160×160 pixels with the nearest one 1e-4 from the edge; benchmarks do 800×800
    picture = render(width=160, height=160, tolerance=1e-6, scheme="DP54")
    shadow = slope_of_pixels(160, 160) < exact.critical_slope(20.0)
    np.testing.assert_array_equal(picture.status == Status.CAPTURED, shadow)
    assert not (picture.status == Status.FAILED).any()
    assert (picture.rgb[shadow] == 0).all() and (picture.rgb[~shadow].max(axis=-1) > 0).all()


def test_both_ways_to_draw_agree():
    whole = render(width=64, height=48, tolerance=1e-9)
    fast = render_round(width=64, height=48, tolerance=1e-9)
    np.testing.assert_array_equal(whole.status, fast.status)
    differs = (whole.rgb != fast.rgb).any(axis=-1)
    assert differs.mean() < 0.005  # pixels whose center lies on an edge of the sky's squares
    calm = slope_of_pixels(64, 48) > 0.14
    np.testing.assert_allclose(whole.direction[calm], fast.direction[calm], atol=1e-4)


def test_both_ways_agree_for_a_moving_camera_off_the_axes():
    rest = static_camera(schwarzschild_ingoing, (0.0, 9.0, -7.0, 5.0))
    camera = Camera(rest.position, boost(rest.frame, [-0.1, 0.3, 0.2]))
    options = {"width": 32, "height": 32, "half_width": 0.5, "tolerance": 1e-9}
    whole, fast = render(camera=camera, **options), render_round(camera, **options)
    np.testing.assert_array_equal(whole.status, fast.status)
    seen = (whole.status == Status.ESCAPED) & ~np.isnan(fast.direction[..., 0])
    apart = np.linalg.norm(whole.direction - fast.direction, axis=-1)[seen]
    assert np.median(apart) < 1e-4


def test_without_a_hole_the_camera_sees_where_it_looks():
    picture = render(minkowski, static_camera(minkowski), width=16, height=16, capture_radius=0.01)
    directions = pixel_directions(16, 16)
    toward = directions * [-1, -1, 1]  # forward is −x, left is −y
    start = np.array([20.0, 0.0, 0.0])
    along = toward @ start
    length = -along + np.sqrt(along**2 - start @ start + 50.0**2)
    expected = (start + length[..., None] * toward) / 50.0
    np.testing.assert_allclose(picture.direction, expected, atol=1e-9)


def test_failed_rays_show():
    picture = render(width=8, height=8, max_steps=3)
    assert (picture.status == Status.FAILED).all()
    np.testing.assert_array_equal(picture.rgb[0, 0], [1, 0, 1])


def test_bad_fans_are_refused():
    with pytest.raises(ValueError, match="largest slope above the critical"):
        fan(largest=0.1, rays=256)
    with pytest.raises(RuntimeError, match="every ray to be finished"):
        critical_slope(max_steps=3)
    with pytest.raises(ValueError, match="Make the fan wider"):
        render_round(width=4, height=4, half_width=2.0, table=fan(rays=256, largest=0.5))
    assert trace_fan([0.3]).status[0] == Status.ESCAPED
