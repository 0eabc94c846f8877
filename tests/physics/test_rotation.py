"""Pictures by rotation against the angles and directions they are made of, pixel by pixel."""

import numpy as np
import pytest

from mlphys.physics.camera import pixel_directions, pixel_plane
from mlphys.physics.frames import boost
from mlphys.physics.rotation import View, directions_of, largest_slope, lookup


def view_of(width, height, legs):
    axes = np.array([[0.0, 0.6, 0.8], [1.0, 0.0, 0.0], [0.0, 0.8, -0.6]])
    return View(*pixel_plane(width, height, half_width=0.5), legs=legs, axes=axes)


@pytest.mark.parametrize("velocity", [[0.0, 0.0, 0.0], [-0.2, 0.3, 0.1]])
def test_every_pixel_is_where_trigonometry_puts_it(velocity):
    view = view_of(300, 200, boost(np.eye(4), velocity))
    rays = pixel_directions(300, 200, half_width=0.5) @ view.legs[1:] + view.legs[0]
    slope = np.hypot(rays[..., 2], rays[..., 3]) / rays[..., 1]
    assert largest_slope(view) == pytest.approx(slope.max(), rel=1e-12)
    critical = 0.1
    fan = critical + np.geomspace(1e-6, 2.0, 500)
    table = lookup(fan, 3.0 - np.log(fan - critical), critical)  # linear: no error of its own
    seen, direction = directions_of(view, table)
    np.testing.assert_array_equal(seen, slope > critical)
    slope = slope[seen]
    angle = 3.0 - np.log(slope - critical)
    side = rays[seen][:, 2:] / np.hypot(rays[seen][:, 2], rays[seen][:, 3])[:, None]
    expected = np.cos(angle)[:, None] * view.axes[0]
    expected = expected + np.sin(angle)[:, None] * (side @ view.axes[1:])
    np.testing.assert_allclose(direction[seen], expected, atol=1e-7)
    np.testing.assert_allclose(np.linalg.norm(direction, axis=-1), 1.0, rtol=1e-12)


def test_at_right_angles_the_slope_is_infinite():
    assert largest_slope(view_of(4, 4, np.eye(4)[[0, 2, 1, 3]])) == np.inf


def test_uneven_fans_are_looked_up_too():
    fan = 0.1 + np.array([1e-3, 1e-2, 0.5, 1.0])
    table = lookup(fan, np.array([4.0, 3.0, 2.0, 1.0]), 0.1)
    ends = np.angle(table.turn[[0, -1]]) % (2 * np.pi)
    np.testing.assert_allclose(ends, [4.0, 1.0], rtol=1e-12)
