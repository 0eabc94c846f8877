"""Options with which the physics modules compile JAX code for the processor, in one place."""

from collections.abc import Callable
from typing import Any

import jax

__all__ = ["PROCESSOR", "compiled"]

# XLA's own threads wait for each other without end on machines of few cores: a large batch of
# curvature tensors, computed beside TensorFlow, never returned (JAX 0.10.2 on two cores). Without
# them it does, and the tracer shares its tiles among threads of its own. Remove this option once
# tests/physics/test_compiling.py passes without it on two cores under a newer JAX.
PROCESSOR: dict[str, Any] = {"xla_cpu_multi_thread_eigen": False}


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
