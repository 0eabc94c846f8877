"""Equations of motion by tapes against those by JAX, in numbers and in arithmetic."""

import re
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mlphys.physics.equations import EQUATIONS
from mlphys.physics.line_elements import minkowski, schwarzschild_ingoing
from mlphys.physics.rotating_holes import rotating_hole

tf = pytest.importorskip("tensorflow")
twins = pytest.importorskip("mlphys.physics.equations_tensorflow")


def growing(x, dx):
    """Return ds² of a space that grows with time: every event in it depends on t."""
    t = x[..., 0]
    dt, dx, dy, dz = (dx[..., i] for i in range(4))
    return -dt * dt + (1 + 0.1 * t * t) * (dx * dx + dy * dy + dz * dz)


def both(form, ds2, part):
    """Return the same function of (4, rays) arrays on JAX and on TensorFlow."""
    on_jax = getattr(EQUATIONS[form](ds2), part)
    on_tf = getattr(twins.EQUATIONS[form](ds2), part)

    def first(x, u):
        return jnp.stack(jax.tree.leaves(on_jax(tuple(x), tuple(u))))

    def second(x, u):
        return tf.stack(tf.nest.flatten(on_tf(tuple(tf.unstack(x)), tuple(tf.unstack(u)))))

    return jax.jit(first), tf.function(second, jit_compile=True, autograph=False)


@pytest.mark.parametrize(
    "ds2",
    [minkowski, schwarzschild_ingoing, rotating_hole(0.9, outgoing=True), growing],
    ids=["flat", "round", "rotating", "growing"],
)
@pytest.mark.parametrize("form", ["euler_lagrange", "hamiltonian"])
def test_the_twins_agree(ds2, form):
    rng = np.random.default_rng(1)
    x, u = 3 + rng.normal(size=(2, 4, 16)) / 2
    with jax.enable_x64(True):
        for part in ("start", "derivative", "velocity"):
            one, two = both(form, ds2, part)
            expected = np.asarray(one(x, u))
            found = two(tf.constant(x), tf.constant(u)).numpy()
            np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)


def arithmetic(program):
    """Return how many floating-point operations a program's text names."""
    return len(re.findall(r"= f64\S* (?:add|subtract|multiply|divide|sqrt|negate)\(", program))


@pytest.mark.parametrize("form", ["euler_lagrange", "hamiltonian"])
def test_tapes_ask_for_no_more_arithmetic_than_jax(form):
    x = np.ones((4, 16))
    with jax.enable_x64(True):
        one, two = both(form, rotating_hole(0.9), "derivative")
        on_jax = one.lower(x, x).as_text(dialect="hlo")
    report = two.experimental_get_compiler_ir(tf.constant(x), tf.constant(x))
    assert 0 < arithmetic(report(stage="hlo")) < 1.2 * arithmetic(on_jax)


def test_momentum_is_the_metric_times_the_velocity():
    x = [tf.constant([a], tf.float64) for a in (0.0, 5.0, 0.0, 0.0)]
    v = [tf.constant([a], tf.float64) for a in (1.0, 2.0, 3.0, 4.0)]
    p = np.ravel(twins.momentum(partial(schwarzschild_ingoing, r_s=1.0), x, v))
    np.testing.assert_allclose(p, [-0.8 + 0.4, 0.2 + 2.4, 3.0, 4.0])
