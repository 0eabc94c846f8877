"""Keeping intermediate results where TensorFlow compiles with XLA.

Left to itself, XLA computes an intermediate result again in every kernel that uses it. An optimization
barrier forbids that, but XLA for processors removes barriers before it fuses loops, unless told not to;
and TensorFlow, unlike JAX, takes the options of its compiler only from the environment variable
``XLA_FLAGS``, which it reads once, when it compiles for the first time. :func:`barriers_hold` therefore
sets the variable, has a small function compiled, restores the variable, and looks into what was
compiled. Where TensorFlow had compiled before, :func:`held` puts a branch instead of a barrier: whichever
way it takes, it returns its input. XLA does not fuse across branches. That runs nearly as fast and takes
about twice as long to compile.
"""

import os
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast

import tensorflow as tf
from tensorflow.compiler.tf2xla.python import xla

__all__ = ["FLAGS", "barriers_hold", "held"]

# As mlphys.physics.adaptive.COMPILER; they stay in force for all that TensorFlow compiles later.
FLAGS = "--xla_cpu_prefer_vector_width=512 --xla_disable_hlo_passes=cse_barrier_expander"


def held(parts: Sequence[Any]) -> tuple[Any, ...]:
    """Return tensors as they are, but computed here, once.

    For use inside ``tf.function(jit_compile=True)``; no derivative is taken through it.

    Parameters
    ----------
    parts : sequence of tensors
        Of any shapes; the first has at least one entry and is real or complex.

    Returns
    -------
    tuple of tensors

    Examples
    --------
    >>> @tf.function(jit_compile=True, autograph=False)
    ... def double(x):
    ...     (y,) = held([2 * x])
    ...     return y
    >>> double(tf.constant([1.5])).numpy()
    array([3.], dtype=float32)
    """
    if barriers_hold():
        return _barrier(*parts)
    sign = tf.math.real(tf.reshape(parts[0], [-1])[0]) > 0

    def same() -> tuple[Any, ...]:
        return tuple(tf.identity(part) for part in parts)

    return tf.cond(sign, same, same)


@lru_cache(maxsize=1)
def barriers_hold() -> bool:
    """Return whether TensorFlow's compiler keeps barriers, after asking it to.

    On machines with a GPU nothing is asked: the options are those of the compiler for processors.

    Examples
    --------
    >>> barriers_hold() in (True, False)
    True
    """
    if tf.config.list_physical_devices("GPU"):
        return False
    before = os.environ.get("XLA_FLAGS")
    os.environ["XLA_FLAGS"] = f"{before or ''} {FLAGS}".strip()
    try:
        with tf.init_scope():  # also where another function is being traced
            probe = tf.function(lambda x: _barrier(x + 1)[0] * 2, jit_compile=True, autograph=False)
            report = probe.experimental_get_compiler_ir(tf.zeros(2))
            return "opt-barrier" in report(stage="optimized_hlo")
    finally:
        if before is None:
            del os.environ["XLA_FLAGS"]
        else:
            os.environ["XLA_FLAGS"] = before


def _barrier(*parts: Any) -> tuple[Any, ...]:
    return tuple(cast("list", xla.optimization_barrier(*parts)))
