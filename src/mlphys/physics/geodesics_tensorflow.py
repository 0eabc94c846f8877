"""Geodesics from ds² on TensorFlow: the twin of :func:`mlphys.physics.geodesics.trace`.

The same method in ``tf.function(jit_compile=True)``: Euler–Lagrange or Hamiltonian equations by tapes,
DOP853 or DP54, a step and an end for each ray, groups of tiles in one call. Final states agree with those
of the JAX version to 1e-10 and better, as far as the light itself is not chaotic, and are reached about
as fast (``benchmarks/geodesics.py --tensorflow``).

The first trace of many rays sets options of TensorFlow's compiler, which stay in force for all that it
compiles later; see :mod:`mlphys.physics.compiling_tensorflow`.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.compiler.tf2xla.python import xla

from mlphys.physics.adaptive import Control
from mlphys.physics.adaptive_tensorflow import begin, integrate, motion_of
from mlphys.physics.equations import depends_on_time
from mlphys.physics.equations_tensorflow import EQUATIONS, momentum
from mlphys.physics.events import Event, Status
from mlphys.physics.geodesics import Trace, trace_of
from mlphys.physics.runge_kutta import SCHEMES
from mlphys.physics.spacetime import LineElement
from mlphys.physics.starts import check_count, check_tolerance, choose, prepare
from mlphys.physics.symmetries import SPHERICAL, KillingVector
from mlphys.physics.tiles import MANY, Final, over_tiles

__all__ = ["Status", "trace"]


def trace(
    ds2: LineElement,
    position: Any,
    velocity: Any,
    *,
    events: Sequence[Event] | Any,
    tolerance: float = 1e-8,
    equations: str = "euler_lagrange",
    scheme: str = "DOP853",
    max_steps: Any = 10_000,
    timed: bool | None = None,
    killing: Sequence[KillingVector] = SPHERICAL,
    threads: int | None = None,
) -> Trace:
    """Follow geodesics until each meets an event; arguments as in the JAX version.

    Raises
    ------
    TypeError, ValueError
        As the JAX version; a line element must run on both.

    Examples
    --------
    >>> from mlphys.physics.events import escaped
    >>> from mlphys.physics.line_elements import minkowski
    >>> rays = trace(minkowski, [0.0, 3.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0],
    ...              events=[escaped(5.0, locate=True)])
    >>> Status(int(rays.status)).name, rays.position.round(9)
    ('ESCAPED', array([4., 3., 4., 0.]))
    """
    choose("equations", equations, EQUATIONS)
    choose("scheme", scheme, SCHEMES)
    check_tolerance(tolerance)
    x, v, shape = prepare(ds2, position, velocity, events)
    max_steps = check_count("max_steps", max_steps)
    timed = depends_on_time(ds2) if timed is None else timed
    job, warm = _tile_job(
        ds2, tuple(events), equations, scheme, timed, tuple(killing), len(x) >= MANY
    )
    limits = tf.constant(float(tolerance), tf.float64), tf.constant(max_steps, tf.int32)

    def run(x: np.ndarray, v: np.ndarray) -> tuple[Final, dict]:
        final, drift = job(tf.constant(x), tf.constant(v), *limits)
        return Final(*(part.numpy() for part in final)), {k: d.numpy() for k, d in drift.items()}

    return trace_of(*over_tiles(run, x, v, threads=threads, warm=warm), shape)


@lru_cache(maxsize=32)
def _tile_job(
    ds2: LineElement,
    events: tuple[Event, ...],
    equations: str,
    scheme: str,
    timed: bool,
    killing: tuple[KillingVector, ...],
    unrolled: bool,
) -> tuple[Callable, set[tuple[int, ...]]]:
    """Return the compiled function of a group of tiles, (tiles, 4, rays), and its shapes so far."""
    form = EQUATIONS[equations](ds2)
    motion = motion_of(form, SCHEMES[scheme], events)

    def job(
        x: tf.Tensor, v: tf.Tensor, tolerance: tf.Tensor, max_steps: tf.Tensor
    ) -> tuple[Final, dict]:
        control = Control(tolerance, max_steps, timed=timed, unrolled=unrolled)

        def one_tile(tile: tuple[tf.Tensor, tf.Tensor]) -> tuple[Final, dict]:
            x, v = tile
            u = tf.stack(form.start(tuple(tf.unstack(x)), tuple(tf.unstack(v))))
            end = integrate(motion, begin(motion, x, u, v, tolerance=tolerance), control)
            speed = tf.stack(form.velocity(tuple(tf.unstack(end.x)), tuple(tf.unstack(end.u))))
            before, after = (_constants(ds2, killing, *s) for s in ((x, v), (end.x, speed)))
            final = Final(
                tf.transpose(end.x),
                tf.transpose(speed),
                end.status,
                end.event,
                end.parameter,
                end.steps,
            )
            return final, {name: after[name] - before[name] for name in before}

        x_columns, number = tf.zeros_like(tf.transpose(x, [0, 2, 1])), tf.zeros_like(x[:, 0])
        whole = tf.zeros(number.shape, tf.int32)
        names = ["norm", *(symmetry.name for symmetry in killing)]
        empty = Final(x_columns, x_columns, whole, whole, number, whole)
        return _map(one_tile, (x, v), (empty, dict.fromkeys(names, number)))

    return tf.function(job, jit_compile=True, autograph=False), set()


def _map(function: Callable, tiles: tuple[tf.Tensor, tf.Tensor], empty: Any) -> Any:
    """Return the results for all tiles, put into ``empty``; ``tf.map_fn`` compiles a third slower."""

    def one(index: tf.Tensor, *filled: tf.Tensor) -> tuple:
        found = tf.nest.flatten(function(tuple(part[index] for part in tiles)))
        put = (
            xla.dynamic_update_slice(old, new[None], [index, *(0 for _ in new.shape)])
            for old, new in zip(filled, found, strict=True)
        )
        return index + 1, *put

    count = tiles[0].shape[0]
    start = (tf.constant(0), *tf.nest.flatten(empty))
    _, *filled = tf.while_loop(lambda index, *_: index < count, one, start)
    return tf.nest.pack_sequence_as(empty, filled)


def _constants(
    ds2: LineElement, killing: tuple[KillingVector, ...], x: tf.Tensor, v: tf.Tensor
) -> dict[str, tf.Tensor]:
    """Return g(v, v) and g(ξ, v) for each Killing vector."""
    place, speed = tuple(tf.unstack(x)), tuple(tf.unstack(v))
    p = momentum(ds2, place, speed)
    constants: dict[str, Any] = {"norm": sum(p[i] * speed[i] for i in range(4))}
    for symmetry in killing:
        field = symmetry.field(place)
        constants[symmetry.name] = sum(p[i] * field[i] for i in range(4))
    return constants
