"""Options with which the physics modules compile JAX code for the processor, in one place."""

from collections.abc import Callable
from typing import Any

import jax

__all__ = ["PROCESSOR", "QUICK", "compiled"]

# A batch of curvature tensors hung with JAX 0.10.2 on two cores: both threads of XLA's pool stood in
# a batched triangular solve (lapack_dtrsm_ffi), each waiting for work that only they could do. What
# cures it is that nothing here calls LAPACK (mlphys.physics.cofactors). This option asks XLA to keep
# its loops off that pool; JAX 0.10.2 uses the pool all the same, so it is a precaution, no cure. To
# be removed with the first JAX in which two batched `jnp.linalg.solve` at a time return on two cores.
PROCESSOR: dict[str, Any] = {"xla_cpu_multi_thread_eigen": False}

# XLA's older way to make kernels compiles curvature in about half the time and runs as fast; only
# the tracer's long unrolled loops gain from the newer one.
QUICK: dict[str, Any] = {"xla_cpu_use_fusion_emitters": False}


def compiled(function: Callable, **options: Any) -> Callable:
    """Return ``jax.jit(function)`` with :data:`PROCESSOR` and the given options of the compiler.

    On other devices the options do not exist, and none are given.

    Parameters
    ----------
    function : callable
        Function of JAX arrays.
    **options
        Further compiler options of the processor backend.

    Returns
    -------
    callable
        Not to be called while JAX traces another function: inner functions take their options from
        the outermost.

    Examples
    --------
    >>> float(compiled(lambda x: 2 * x)(1.5))
    3.0
    """
    on_processor = jax.default_backend() == "cpu"
    return jax.jit(function, compiler_options=PROCESSOR | options if on_processor else None)
