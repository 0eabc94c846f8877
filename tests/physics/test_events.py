import numpy as np
import pytest

from mlphys.physics.events import Status, captured, crossed_plane, escaped
from mlphys.physics.frames import light, static_frame
from mlphys.physics.geodesics import trace
from mlphys.physics.line_elements import minkowski, schwarzschild_ingoing


def test_equal_events_are_the_same_object():
    # compiled tracers are cached by event: a new object each time would compile each time
    assert captured(0.95) is captured(0.95)
    assert escaped(50.0, locate=True) is not escaped(50.0)


@pytest.mark.parametrize(("event", "inside"), [(captured(2.0), -1.0), (escaped(2.0), 1.0)])
def test_spheres_change_sign_at_their_radius(event, inside):
    x = np.array([[9.0, 1.0, 0.0, 0.0], [9.0, 0.0, 2.0, 0.0], [9.0, 0.0, 0.0, 3.0]])
    np.testing.assert_allclose(event.function(x, None), inside * np.array([1.0, 0.0, -1.0]))


def test_a_straight_ray_meets_surfaces_where_geometry_says():
    start, toward = [0.0, 3.0, 0.0, 4.0], [1.0, 0.0, 0.8, -0.6]
    plane = trace(minkowski, start, toward, events=[crossed_plane(), escaped(50.0)])
    assert Status(int(plane.status)) is Status.CROSSED and int(plane.event) == 0
    np.testing.assert_allclose(plane.position, [20 / 3, 3.0, 16 / 3, 0.0], atol=1e-12)
    sphere = trace(minkowski, start, toward, events=[escaped(50.0, locate=True)])
    np.testing.assert_allclose(np.linalg.norm(sphere.position[1:]), 50.0, rtol=1e-14)


def test_located_rays_end_on_the_surface_and_on_the_orbit():
    frame = static_frame(schwarzschild_ingoing, [0.0, 20.0, 0.0, 0.0])
    ray = light(frame, [np.cos(0.2), -np.sin(0.2), 0.0])
    ends = [
        trace(
            schwarzschild_ingoing,
            [0.0, 20.0, 0.0, 0.0],
            ray,
            events=[escaped(50.0, locate=True)],
            tolerance=tolerance,
        )
        for tolerance in (1e-7, 1e-12)
    ]
    for end in ends:
        np.testing.assert_allclose(np.linalg.norm(end.position[1:]), 50.0, rtol=1e-12)
    np.testing.assert_allclose(ends[0].position, ends[1].position, atol=2e-5)
