"""Geodesics from ds² on TensorFlow: the twin of :func:`mlphys.physics.geodesics.trace`.

The same method in ``tf.function(jit_compile=True)``: Euler–Lagrange or Hamiltonian equations by
tapes and forward accumulators, DOP853 or DP54 in rolled stages with a buffer of derivatives, a step
and an end for each ray. Final states agree with those of the JAX version to 1e-10 and better, as
far as the light itself is not chaotic.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, cast

import numpy as np
import tensorflow as tf

from mlphys.physics.cofactors import solve
from mlphys.physics.equations import depends_on_time
from mlphys.physics.events import Event, Status
from mlphys.physics.geodesics import Trace, trace_of
from mlphys.physics.line_elements import Components
from mlphys.physics.runge_kutta import SCHEMES, Scheme
from mlphys.physics.spacetime import LineElement
from mlphys.physics.starts import check_count, check_tolerance, choose, prepare
from mlphys.physics.symmetries import SPHERICAL, KillingVector
from mlphys.physics.tiles import Final, over_tiles

__all__ = ["trace"]

SAFETY, SHRINK, GROW, REACH, FLOOR = 0.9, 0.2, 6.0, 0.3, 1e-3


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
    >>> rays = trace(minkowski, [0.0, 3.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0], events=[escaped(5.0, locate=True)])
    >>> Status(int(rays.status)).name, rays.position.round(9)
    ('ESCAPED', array([4., 3., 4., 0.]))
    """
    choose("equations", equations, MOMENTUM_FORM)
    choose("scheme", scheme, SCHEMES)
    check_tolerance(tolerance)
    x, v, shape = prepare(ds2, position, velocity, events)
    timed = depends_on_time(ds2) if timed is None else timed
    job = _job(ds2, tuple(events), equations, scheme, timed, tuple(killing))
    steps = check_count("max_steps", max_steps)
    limits = tf.constant(float(tolerance), tf.float64), tf.constant(steps, tf.int32)

    def run(x: np.ndarray, v: np.ndarray) -> tuple[Final, dict]:
        parts = [job(tf.constant(a), tf.constant(b), *limits) for a, b in zip(x, v, strict=True)]
        finals, drifts = zip(*parts, strict=True)
        final = Final(*(np.stack(pieces) for pieces in zip(*finals, strict=True)))
        return final, {name: np.stack([drift[name] for drift in drifts]) for name in drifts[0]}

    return trace_of(*over_tiles(run, x, v, threads=threads), shape)


MOMENTUM_FORM = {"euler_lagrange": False, "hamiltonian": True}  # whether u is the momentum


@lru_cache(maxsize=32)
def _job(
    ds2: LineElement,
    events: tuple[Event, ...],
    equations: str,
    scheme: str,
    timed: bool,
    killing: tuple[KillingVector, ...],
) -> Callable:
    """Return the compiled function of one tile: positions and velocities (4, rays)."""
    momentum_form, table = MOMENTUM_FORM[equations], SCHEMES[scheme]

    def velocity(x: tf.Tensor, u: tf.Tensor) -> tf.Tensor:
        return _solve(_columns(ds2, x), u) if momentum_form else u

    def slopes(x: tf.Tensor, u: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        v = velocity(x, u)
        force = _force(ds2, x, v)
        if momentum_form:
            return v, force
        return v, _solve(_columns(ds2, x), force - _turn(ds2, x, v))

    def values(x: tf.Tensor, u: tf.Tensor) -> tf.Tensor:
        place, speed = Components(tf.unstack(x)), Components(tf.unstack(velocity(x, u)))
        return tf.stack([event.function(place, speed) for event in events])

    def job(x: tf.Tensor, v: tf.Tensor, tolerance: tf.Tensor, max_steps: tf.Tensor) -> tuple:
        u = _momentum(ds2, x, v) if momentum_form else v
        state = _begin(slopes, values, x, u, v, tolerance)

        def unfinished(*now: tf.Tensor) -> tf.Tensor:
            return tf.reduce_any(now[6] == int(Status.RUNNING))

        def advance(*now: tf.Tensor) -> tuple:
            rules = events, table, timed
            return _advance(slopes, values, rules, now, tolerance, max_steps)

        end_x, u, _, _, _, parameter, status, event, steps, *_ = tf.while_loop(
            unfinished, advance, state
        )
        end_v = velocity(end_x, u)
        before = _constants(ds2, killing, x, v)
        after = _constants(ds2, killing, end_x, end_v)
        final = Final(tf.transpose(end_x), tf.transpose(end_v), status, event, parameter, steps)
        return final, {name: after[name] - before[name] for name in before}

    return tf.function(job, jit_compile=True, autograph=False)


def _begin(
    slopes: Callable, values: Callable, x: tf.Tensor, u: tf.Tensor, v: tf.Tensor, tolerance: Any
) -> tuple:
    dx, du = slopes(x, u)
    rays = x.shape[1]
    assert rays is not None  # tiles come as constants, so that their size is known
    zero = tf.zeros(rays, tf.int32)
    step = tolerance**0.125 * (_length(x) + FLOOR) / tf.maximum(_speed(v), 1e-300)
    return x, u, dx, du, step, tf.zeros_like(step), zero, zero - 1, zero, values(x, u), zero > 0


def _advance(
    slopes: Callable,
    values: Callable,
    rules: tuple[tuple[Event, ...], Scheme, bool],
    now: tuple,
    tolerance: tf.Tensor,
    max_steps: tf.Tensor,
) -> tuple:
    """Try one step for every running ray, as :mod:`mlphys.physics.adaptive` does."""
    events, scheme, timed = rules
    x, u, dx, du, step, parameter, status, event, steps, old_values, old_locating = now
    active = status == int(Status.RUNNING)
    new_x, new_u, new_dx, new_du, x_errors, u_errors = _step(slopes, scheme, x, u, dx, du, step)
    scales = _scale(x, new_x, tolerance), _scale(u, new_u, tolerance)
    error = _error_norm(scales, x_errors, u_errors, first=0 if timed else 1)
    accepted = active & (old_locating | (error < 1))
    made, before = step, _length(x)
    parameter = tf.where(accepted, parameter + step, parameter)
    x, u = tf.where(accepted, new_x, x), tf.where(accepted, new_u, u)
    dx, du = tf.where(accepted, new_dx, dx), tf.where(accepted, new_du, du)
    factor = SAFETY * tf.exp(tf.math.log(error + 1e-30) / -scheme.order)
    ratio = (_length(x) + FLOOR) / (before + FLOOR)
    factor *= ratio * tf.sqrt(ratio)
    factor = tf.where(
        tf.math.is_finite(error),
        tf.clip_by_value(factor, SHRINK, GROW),
        tf.ones_like(step) * SHRINK,
    )
    longest = REACH * (_length(x) + 1) / tf.maximum(_length(dx), 1e-300)
    step = tf.where(active, tf.minimum(step * factor, longest), step)
    steps = steps + tf.cast(active, tf.int32)
    new_values = tf.where(accepted, values(x, u), old_values)
    locating = old_locating
    for index, rule in enumerate(events):
        crossing = (old_values[index] > 0) & (new_values[index] <= 0)
        if rule.both_ways:
            crossing |= (old_values[index] < 0) & (new_values[index] >= 0)
        hit = accepted & crossing & (event < 0)
        event = tf.where(hit, index, event)
        if rule.locate:
            locating |= hit
        else:
            status = tf.where(hit, int(rule.status), status)
    if any(rule.locate for rule in events):
        state = (x, u, dx, du)
        step, status, last = _locate(
            values, events, state, (made, step), (status, event), locating, tolerance
        )
        x, u, parameter = x + last * dx, u + last * du, parameter + last
    speed = _speed(dx)
    stuck = tf.abs(step) * speed <= 1e-14 * (tf.abs(parameter) * speed + FLOOR)
    failed = (status == int(Status.RUNNING)) & ((steps >= max_steps) | (stuck & ~locating))
    status = tf.where(failed, int(Status.FAILED), status)
    return x, u, dx, du, step, parameter, status, event, steps, new_values, locating


def _locate(
    values: Callable,
    events: tuple[Event, ...],
    state: tuple,
    lengths: tuple,
    codes: tuple,
    locating: tf.Tensor,
    tolerance: tf.Tensor,
) -> tuple:
    """Return next steps, status, and last steps, which are short enough to be straight."""
    (x, u, dx, du), (made, step), (status, event) = state, lengths, codes
    with tf.autodiff.ForwardAccumulator([x, u], [dx, du]) as forward:
        heights = values(x, u)
    rates, reach = forward.jvp(heights), tf.abs(made)
    nearest = step
    for index in range(len(events)):
        newton = -heights[index] / rates[index]
        nearest = tf.where(locating & (event == index), newton, nearest)
    small = tf.maximum(0.1 * tf.sqrt(tolerance), 1e-7)
    near = locating & (tf.abs(nearest) * _length(dx) < small * (_length(x) + FLOOR))
    for index, rule in enumerate(events):
        status = tf.where(near & (event == index), int(rule.status), status)
    lost = locating & ~tf.math.is_finite(nearest)
    status = tf.where(lost, int(Status.FAILED), status)
    last = tf.where(near, nearest, tf.zeros_like(step))
    clipped = tf.clip_by_value(nearest, -reach, reach)
    return tf.where(locating, clipped, step), status, last


def _step(
    slopes: Callable,
    scheme: Scheme,
    x: tf.Tensor,
    u: tf.Tensor,
    dx: tf.Tensor,
    du: tf.Tensor,
    step: tf.Tensor,
) -> tuple:
    weights, count = tf.constant(scheme.stages), len(scheme.stages)
    empty = tf.zeros((count, *x.shape), tf.float64)

    def put(buffer: tf.Tensor, index: Any, slope: tf.Tensor) -> tf.Tensor:
        return tf.tensor_scatter_nd_update(buffer, [[index]], slope[None])

    def stage(index: tf.Tensor, xs: tf.Tensor, us: tf.Tensor, *_: tf.Tensor) -> tuple:
        x_now = x + step * tf.tensordot(weights[index], xs, 1)
        u_now = u + step * tf.tensordot(weights[index], us, 1)
        x_slope, u_slope = slopes(x_now, u_now)
        return index + 1, put(xs, index, x_slope), put(us, index, u_slope), x_now, u_now

    start = (tf.constant(1), put(empty, 0, dx), put(empty, 0, du), x, u)
    _, xs, us, x, u = tf.while_loop(
        lambda index, *_: index < count, stage, start, maximum_iterations=count
    )
    errors = tf.constant(scheme.errors)
    x_errors, u_errors = step * tf.tensordot(errors, xs, 1), step * tf.tensordot(errors, us, 1)
    return x, u, xs[-1], us[-1], tf.unstack(x_errors), tf.unstack(u_errors)


def _scale(old: tf.Tensor, new: tf.Tensor, tolerance: tf.Tensor) -> tf.Tensor:
    return tolerance * (tf.maximum(_length(old), _length(new)) + FLOOR)


def _error_norm(scales: tuple, x_errors: list, u_errors: list, *, first: int) -> tf.Tensor:
    """Return the estimated error over the tolerated one; time components count from ``first`` = 0."""

    def square(part: tf.Tensor, scale: tf.Tensor) -> tf.Tensor:
        return tf.reduce_sum((part[first:] / scale) ** 2, axis=0)

    x_scale, u_scale = scales
    squares = [
        (square(a, x_scale) + square(b, u_scale)) / 2
        for a, b in zip(x_errors, u_errors, strict=True)
    ]
    if len(squares) == 1:
        return tf.sqrt(squares[0])
    return squares[0] / tf.sqrt(squares[0] + 0.01 * squares[1] + 1e-300)


def _speed(v: tf.Tensor) -> tf.Tensor:
    """Return the speed in space, or a share of that in time where there is none."""
    return tf.maximum(_length(v), FLOOR * tf.abs(v[0]))


# The Lagrangian ½ ds² and its derivatives; positions and velocities are (4, rays)


def _value(ds2: LineElement, x: tf.Tensor, v: tf.Tensor) -> tf.Tensor:
    return ds2(Components(tf.unstack(x)), Components(tf.unstack(v))) / 2


def _force(ds2: LineElement, x: tf.Tensor, v: tf.Tensor) -> tf.Tensor:
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = _value(ds2, x, v)
    slope = tape.gradient(value, x, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    return cast("tf.Tensor", slope)  # dense: nothing is gathered by index


def _momentum(ds2: LineElement, x: tf.Tensor, v: tf.Tensor) -> tf.Tensor:
    with tf.GradientTape() as tape:
        tape.watch(v)
        value = _value(ds2, x, v)
    return cast("tf.Tensor", tape.gradient(value, v))  # dense, as above


def _turn(ds2: LineElement, x: tf.Tensor, v: tf.Tensor) -> tf.Tensor:
    """Return (v·∂_x) p."""
    with tf.autodiff.ForwardAccumulator(x, v) as forward:
        p = _momentum(ds2, x, tf.identity(v))
    return forward.jvp(p, unconnected_gradients=tf.UnconnectedGradients.ZERO)


def _columns(ds2: LineElement, x: tf.Tensor) -> list:
    one, zero = tf.ones_like(x[0]), tf.zeros_like(x[0])
    units = [tf.stack([one if i == j else zero for j in range(4)]) for i in range(4)]
    return [tuple(tf.unstack(_momentum(ds2, x, unit))) for unit in units]


def _solve(columns: list, b: tf.Tensor) -> tf.Tensor:
    return tf.stack(solve(columns, tuple(tf.unstack(b))))


def _constants(
    ds2: LineElement, killing: tuple[KillingVector, ...], x: tf.Tensor, v: tf.Tensor
) -> dict[str, tf.Tensor]:
    p = tf.unstack(_momentum(ds2, x, v))
    speed, place = tf.unstack(v), tuple(tf.unstack(x))
    constants: dict[str, Any] = {"norm": sum(p[i] * speed[i] for i in range(4))}
    for symmetry in killing:
        field = symmetry.field(place)
        constants[symmetry.name] = sum(p[i] * field[i] for i in range(4))
    return constants


def _length(part: tf.Tensor) -> tf.Tensor:
    return tf.sqrt(part[1] ** 2 + part[2] ** 2 + part[3] ** 2)
