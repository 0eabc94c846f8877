import numpy as np
import pytest

from mlphys.physics.camera import pixel_directions, static_camera
from mlphys.physics.frames import ETA
from mlphys.physics.line_elements import schwarzschild_ingoing
from mlphys.physics.spacetime import metric


def test_slopes_run_evenly_from_edge_to_edge():
    directions = pixel_directions(8, 4, half_width=0.4)
    np.testing.assert_allclose(np.linalg.norm(directions, axis=-1), 1, rtol=1e-15)
    left = directions[..., 1] / directions[..., 0]
    up = directions[..., 2] / directions[..., 0]
    np.testing.assert_allclose(left[0], 0.4 - 0.05 - 0.1 * np.arange(8), atol=1e-15)
    np.testing.assert_allclose(up[:, 0], 0.15 - 0.1 * np.arange(4), atol=1e-15)


def test_a_camera_at_rest_carries_a_frame():
    camera = static_camera(schwarzschild_ingoing, (0.0, 4.0, 3.0, -2.0), up=(0.0, 1.0, 0.0))
    g = metric(schwarzschild_ingoing, camera.position)
    np.testing.assert_allclose(camera.frame @ g @ camera.frame.T, ETA, atol=1e-13)
    ahead = camera.frame[1, 1:] / np.linalg.norm(camera.frame[1, 1:])
    np.testing.assert_allclose(ahead, -np.array([4, 3, -2]) / np.sqrt(29), atol=1e-12)


@pytest.mark.parametrize("size", [(0, 4, 0.3), (4, 0, 0.3), (4, 4, 0.0)])
def test_empty_pictures_are_refused(size):
    with pytest.raises(ValueError, match="width, height >= 1 and half_width > 0"):
        pixel_directions(size[0], size[1], half_width=size[2])
