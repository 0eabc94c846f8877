"""What TensorFlow's compiler is asked to keep, it keeps: by barriers, or else by branches."""

import os

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow")
compiling = pytest.importorskip("mlphys.physics.compiling_tensorflow")


def test_asking_leaves_the_environment_as_it_was(monkeypatch):
    monkeypatch.setenv("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    compiling.barriers_hold.cache_clear()
    compiling.barriers_hold()
    assert os.environ["XLA_FLAGS"] == "--xla_cpu_multi_thread_eigen=false"
    monkeypatch.delenv("XLA_FLAGS")
    compiling.barriers_hold.cache_clear()
    compiling.barriers_hold()
    assert "XLA_FLAGS" not in os.environ


@pytest.mark.parametrize("barriers", [True, False])
def test_held_tensors_are_the_same_tensors(monkeypatch, barriers):
    monkeypatch.setattr(compiling, "barriers_hold", lambda: barriers)

    @tf.function(jit_compile=True, autograph=False)
    def through(x, z):
        return compiling.held([x, z])

    for sign in (1.0, -1.0):
        x, z = tf.constant([sign, np.nan]), tf.constant([[sign * 2j]], tf.complex128)
        a, b = through(x, z)
        np.testing.assert_array_equal(a, x)
        np.testing.assert_array_equal(b, z)


def test_branches_keep_xla_from_computing_twice(monkeypatch):
    monkeypatch.setattr(compiling, "barriers_hold", lambda: False)

    def chain(hold):
        @tf.function(jit_compile=True, autograph=False)
        def function(x):
            y = hold([tf.exp(x)])[0]
            return y + y[::-1]  # two places of y for each entry of the sum

        return function.experimental_get_compiler_ir(tf.zeros(64, tf.float64))

    kept = chain(compiling.held)(stage="optimized_hlo")
    assert kept.count("conditional(") == 1
    assert kept.count(" exponential(") == 1
    assert "conditional(" not in chain(list)(stage="optimized_hlo")
