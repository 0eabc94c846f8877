"""Rays of an observer at rest against the frame by NumPy."""

import jax
import jax.numpy as jnp
import numpy as np

from mlphys.physics.camera import pixel_directions
from mlphys.physics.frames import light, static_frame
from mlphys.physics.inverse import hole
from mlphys.physics.resting_observer import make_start


def test_rays_are_those_of_the_static_frame():
    n = pixel_directions(3, 2)
    start = make_start(hole, n, place=lambda p: (0.0, p[1], 3.0, -2.0))
    with jax.enable_x64(True):
        x, v = (np.asarray(part) for part in start(jnp.array([1.3, 12.0])))
    frame = static_frame(lambda x, dx: hole(x, dx, (1.3,)), x)
    np.testing.assert_allclose(v, light(frame, n), rtol=0, atol=1e-14)


def test_nobody_rests_inside():
    with jax.enable_x64(True):
        assert np.isnan(make_start(hole, [1.0, 0.0, 0.0])(jnp.array([1.0, 0.9]))[1]).any()
