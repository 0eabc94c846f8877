"""Final states of the TensorFlow tracer against those of the JAX tracer, to 1e-10."""

import os
import subprocess
import sys

import numpy as np
import pytest

from mlphys.physics import geodesics
from mlphys.physics.events import Status, captured, escaped
from mlphys.physics.frames import light, static_frame
from mlphys.physics.line_elements import schwarzschild_ingoing

compiling = pytest.importorskip("mlphys.physics.compiling_tensorflow")
tensorflow_twin = pytest.importorskip("mlphys.physics.geodesics_tensorflow")

START = [0.0, 20.0, 0.0, 0.0]
COUNT = """
import re
import numpy as np, tensorflow as tf
from mlphys.physics import geodesics_tensorflow as twin
from mlphys.physics.compiling_tensorflow import barriers_hold
from mlphys.physics.equations_tensorflow import euler_lagrange
from mlphys.physics.events import captured, escaped
from mlphys.physics.line_elements import schwarzschild_ingoing as ds2
from mlphys.physics.symmetries import NONE

def count(function, *arguments):
    text = function.experimental_get_compiler_ir(*arguments)(stage="optimized_hlo")
    return len(re.findall(r"= f64\\S* (?:add|subtract|multiply|divide)\\(", text))

assert barriers_hold()
events = (captured(0.95), escaped(50.0))
job, _ = twin._tile_job(ds2, events, "euler_lagrange", "DP54", False, NONE, True)
x = tf.ones((4, 4, 128), tf.float64)
derivative = euler_lagrange(ds2).derivative
slopes = tf.function(
    lambda x, u: derivative(tuple(tf.unstack(x)), tuple(tf.unstack(u)))[1][0],
    jit_compile=True, autograph=False,
)
print(count(slopes, x[0], x[0]), count(job, x, x, tf.constant(1e-8, tf.float64), tf.constant(9)))
"""
EVENTS = (captured(0.95, locate=True), escaped(50.0, locate=True))


@pytest.mark.parametrize(
    ("equations", "scheme"), [("euler_lagrange", "DOP853"), ("hamiltonian", "DP54")]
)
def test_both_backends_agree_on_final_states(equations, scheme):
    angle = np.arctan(np.linspace(0.0, 0.7, 128))
    toward = np.stack([np.cos(angle), -np.sin(angle), 0 * angle], axis=-1)
    velocity = light(static_frame(schwarzschild_ingoing, START), toward)
    one, two = (
        module.trace(
            schwarzschild_ingoing,
            START,
            velocity,
            events=EVENTS,
            equations=equations,
            scheme=scheme,
        )
        for module in (geodesics, tensorflow_twin)
    )
    np.testing.assert_array_equal(one.status, two.status)
    np.testing.assert_allclose(two.position, one.position, atol=1e-10)
    np.testing.assert_allclose(two.velocity, one.velocity, atol=1e-10)
    np.testing.assert_array_equal(one.steps, two.steps)
    for name, drift in one.drift.items():
        np.testing.assert_allclose(two.drift[name], drift, atol=1e-10)
    assert set(one.status) == {Status.CAPTURED, Status.ESCAPED}


@pytest.mark.parametrize("barriers", [True, False])
def test_many_rays_agree_however_results_are_held(monkeypatch, barriers):
    if not barriers:  # as where TensorFlow compiled before it was asked to keep barriers
        monkeypatch.setattr(compiling, "barriers_hold", lambda: False)
    tensorflow_twin._tile_job.cache_clear()
    angle = np.arctan(np.linspace(0.15, 0.7, 520))
    toward = np.stack([np.cos(angle), -np.sin(angle), 0 * angle], axis=-1)
    velocity = light(static_frame(schwarzschild_ingoing, START), toward)
    one, two = (
        module.trace(
            schwarzschild_ingoing, START, velocity, events=EVENTS[1:], scheme="DP54", threads=2
        )
        for module in (geodesics, tensorflow_twin)
    )
    tensorflow_twin._tile_job.cache_clear()
    np.testing.assert_array_equal(one.steps, two.steps)
    np.testing.assert_array_equal(one.status, two.status)
    np.testing.assert_allclose(two.position, one.position, atol=1e-10)
    np.testing.assert_allclose(two.parameter, one.parameter, atol=1e-10)


@pytest.mark.slow
def test_no_stage_is_computed_twice():
    """Count the arithmetic of the compiled program: that of each stage must stand in it once."""
    done = subprocess.run(
        [sys.executable, "-c", COUNT], capture_output=True, text=True, check=True, env=os.environ
    )
    slopes, program = map(int, done.stdout.split())
    stages = 7 + 1  # DP54, and the start
    assert (
        program < 3 * stages * slopes
    )  # pairs of components are computed side by side: 2, and the rest


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="equations among"):
        tensorflow_twin.trace(
            schwarzschild_ingoing, START, [1.0, 0, 0, 0], events=EVENTS, equations="christoffel"
        )
