"""XLA's own threads stay out, and derivatives of compiled functions still can be taken."""

import os
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mlphys.physics.compiling import PROCESSOR, compiled
from mlphys.physics.line_elements import schwarzschild
from mlphys.physics.spacetime import metric


def test_options_are_given_to_xla():
    assert PROCESSOR == {"xla_cpu_multi_thread_eigen": False}
    assert float(compiled(lambda x: x + 1)(1.0)) == 2.0
    with pytest.raises(Exception, match="No such compile option"):
        compiled(lambda x: x + 1, xla_of_no_such_name=True)(1.0)


def test_curvature_can_be_used_inside_other_compiled_functions():
    with jax.enable_x64(True):
        x = jnp.asarray([0.0, 3.0, 4.0, 0.0])
        inside = jax.jit(lambda event: metric(schwarzschild, event))(x)
        np.testing.assert_allclose(inside, metric(schwarzschild, np.asarray(x)), rtol=1e-14)
        slope = jax.jacfwd(lambda event: metric(schwarzschild, event)[0, 0])(x)
        # g_tt = 1/r − 1 at r = 5
        np.testing.assert_allclose(slope, -np.asarray([0, 3, 4, 0]) / 125, atol=1e-15)


@pytest.mark.slow
def test_a_large_batch_beside_tensorflow_returns_without_flags_in_the_environment():
    program = (
        "import numpy as np, tensorflow; from mlphys.physics.spacetime import ricci;"
        "from mlphys.physics.line_elements import schwarzschild;"
        "x = np.random.default_rng(0).normal(size=(4096, 4)) + [0, 9, 9, 9];"
        "print(abs(ricci(schwarzschild, x)).max() < 1e-9)"
    )
    environment = {k: v for k, v in os.environ.items() if k != "XLA_FLAGS"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=300,
        env=environment | {"TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert done.stdout.strip() == "True", done.stderr
