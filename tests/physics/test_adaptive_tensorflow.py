"""One step and a few events on TensorFlow, against the JAX twin and closed forms."""

from functools import partial

import numpy as np
import pytest

from mlphys.physics import geodesics
from mlphys.physics.adaptive import Control
from mlphys.physics.events import Status, crossed_plane, escaped
from mlphys.physics.line_elements import minkowski, schwarzschild_ingoing
from mlphys.physics.runge_kutta import SCHEMES

tf = pytest.importorskip("tensorflow")
adaptive = pytest.importorskip("mlphys.physics.adaptive_tensorflow")
equations = pytest.importorskip("mlphys.physics.equations_tensorflow")


@pytest.mark.parametrize("unrolled", [False, True])
def test_straight_lines_end_where_geometry_says(unrolled):
    events = (crossed_plane(), escaped(100.0))
    motion = adaptive.motion_of(equations.euler_lagrange(minkowski), SCHEMES["DP54"], events)

    @tf.function(jit_compile=True, autograph=False)
    def job(x, v):
        start = adaptive.begin(motion, x, v, v, tolerance=tf.constant(1e-8, tf.float64))
        control = Control(tf.constant(1e-8, tf.float64), tf.constant(500), unrolled=unrolled)
        return adaptive.integrate(motion, start, control)

    x = np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [6.0, 6.0, 6.0]])
    v = np.array([[1.0, 1.0, 1.0], [0.6, 0.0, 0.6], [0.0, 0.0, 0.0], [-0.8, -1.0, 0.8]])
    end = job(tf.constant(x), tf.constant(v))
    np.testing.assert_array_equal(end.status, [Status.CROSSED, Status.CROSSED, Status.ESCAPED])
    np.testing.assert_array_equal(end.event, [0, 0, 1])
    np.testing.assert_allclose(end.parameter[:2], [7.5, 6.0], atol=1e-8)
    np.testing.assert_allclose(end.x[:, 0], [7.5, 5.5, 0.0, 0.0], atol=1e-8)


@pytest.mark.parametrize("timed", [False, True])
def test_both_twins_heed_time_alike(timed):
    twin = pytest.importorskip("mlphys.physics.geodesics_tensorflow")
    x, v = [0.0, 4.0, 0.0, 0.0], [[1.3, 0.5, 0.1, 0.0]]
    options = {"events": [escaped(4.5)], "tolerance": 1e-10, "timed": timed, "max_steps": 40}
    one, two = (
        partial(module.trace, schwarzschild_ingoing, x, v, **options)()
        for module in (geodesics, twin)
    )
    np.testing.assert_array_equal(two.steps, one.steps)
    np.testing.assert_array_equal(two.status, one.status)
    np.testing.assert_allclose(two.position, one.position, atol=1e-10)
