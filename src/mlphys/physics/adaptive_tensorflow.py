"""Adaptive Runge–Kutta for a tile of rays on TensorFlow: the twin of :mod:`mlphys.physics.adaptive`.

The same steps by the same rules, with the same two ways to keep what a stage has computed: a buffer in
a loop over the stages, quick to compile, or a barrier behind each of them, quick to run. Arrays are
``(4, rays)`` for positions, velocities and momenta, ``(rays,)`` for the rest.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import tensorflow as tf

from mlphys.physics.adaptive import FLOOR, GROW, REACH, SAFETY, SHRINK, Control, Progress
from mlphys.physics.compiling_tensorflow import held
from mlphys.physics.equations import Equations
from mlphys.physics.events import Event, Status
from mlphys.physics.line_elements import Components
from mlphys.physics.runge_kutta import Scheme

__all__ = ["begin", "integrate"]

RUNNING, FAILED = int(Status.RUNNING), int(Status.FAILED)


class Motion(NamedTuple):
    """Equations and events as functions of (4, rays) tensors."""

    slopes: Callable[[Any, Any], tuple[Any, Any]]
    values: Callable[[Any, Any], Any]
    events: tuple[Event, ...]
    scheme: Scheme


class Velocity(Components):
    """Components that are computed when an event first asks for them; most never do."""

    def __init__(self, make: Callable[[], tuple]) -> None:
        self.make = make

    @cached_property
    def parts(self) -> tuple:
        return self.make()


def motion_of(equations: Equations, scheme: Scheme, events: Sequence[Event]) -> Motion:
    """Return functions of stacked tensors, the slopes as one traced function."""

    def slopes(x: Any, u: Any) -> tuple[Any, Any]:
        dx, du = equations.derivative(tuple(tf.unstack(x)), tuple(tf.unstack(u)))
        if equations.second_order:
            return u, _unpack(*held([_pack(du)]))
        (packed,) = held([_pack((*dx, *du))])
        return _unpack(packed[:2]), _unpack(packed[2:])

    def values(x: Any, u: Any) -> Any:
        if not events:
            return tf.zeros((0, x.shape[1]), x.dtype)
        x, u = tuple(tf.unstack(x)), tuple(tf.unstack(u))
        place, speed = Components(x), Velocity(lambda: equations.velocity(x, u))
        return tf.stack([event.function(place, speed) for event in events])

    # traced and differentiated once, not once a stage
    return Motion(tf.function(slopes, autograph=False), values, tuple(events), scheme)


def begin(motion: Motion, x: Any, u: Any, v: Any, *, tolerance: Any) -> Progress:
    """Return the state of rays that start at ``x`` with velocity ``v``."""
    dx, du = motion.slopes(x, u)
    step = tolerance**0.125 * (_length(x) + FLOOR) / tf.maximum(_speed(v), 1e-300)
    zero = tf.zeros(x.shape[1], tf.int32)
    return Progress(
        x=x,
        u=u,
        dx=dx,
        du=du,
        step=step,
        parameter=tf.zeros_like(step),
        status=zero + RUNNING,
        event=zero - 1,
        steps=zero,
        values=motion.values(x, u),
        locating=zero > 0,
    )


def integrate(motion: Motion, start: Progress, control: Control) -> Progress:
    """Advance all rays until each has met an event or failed; ``control.until`` is not heeded."""
    end = tf.while_loop(
        lambda *now: tf.reduce_any(Progress(*now).status == RUNNING),
        lambda *now: tuple(_advance(motion, Progress(*now), control)),
        tuple(start),
    )
    return Progress(*end)


def _advance(motion: Motion, now: Progress, control: Control) -> Progress:
    """Try one step for every running ray."""
    active = now.status == RUNNING
    make = _unrolled_step if control.unrolled else _rolled_step
    x, u, dx, du, x_errors, u_errors = make(motion, now)
    error = _error_norm(now, x, u, x_errors, u_errors, control)
    accepted = active & (now.locating | (error < 1))
    x, u = tf.where(accepted, x, now.x), tf.where(accepted, u, now.u)
    dx, du = tf.where(accepted, dx, now.dx), tf.where(accepted, du, now.du)
    factor = SAFETY * tf.exp(tf.math.log(error + 1e-30) / -motion.scheme.order)
    ratio = (_length(x) + FLOOR) / (_length(now.x) + FLOOR)
    factor *= ratio * tf.sqrt(ratio)
    bounded = tf.clip_by_value(factor, SHRINK, GROW)
    factor = tf.where(tf.math.is_finite(error), bounded, tf.ones_like(error) * SHRINK)
    longest = REACH * (_length(x) + 1) / tf.maximum(_length(dx), 1e-300)
    new = now._replace(
        x=x,
        u=u,
        dx=dx,
        du=du,
        step=tf.where(active, tf.minimum(now.step * factor, longest), now.step),
        parameter=tf.where(accepted, now.parameter + now.step, now.parameter),
        steps=now.steps + tf.cast(active, tf.int32),
    )
    new = _meet_events(motion, now, new, accepted, control)
    speed = _speed(new.dx)
    stuck = tf.abs(new.step) * speed <= 1e-14 * (tf.abs(new.parameter) * speed + FLOOR)
    spent = new.steps >= control.max_steps
    failed = (new.status == RUNNING) & (spent | (stuck & ~new.locating))
    return new._replace(status=tf.where(failed, FAILED, new.status))


def _unrolled_step(motion: Motion, now: Progress) -> tuple:
    x_slopes, u_slopes = [now.dx], [now.du]
    x, u = now.x, now.u
    for weights in motion.scheme.stages[1:]:
        x, u = held(
            [
                now.x + now.step * _weighted(weights, x_slopes),
                now.u + now.step * _weighted(weights, u_slopes),
            ]
        )
        x_slope, u_slope = motion.slopes(x, u)
        x_slopes.append(x_slope)
        u_slopes.append(u_slope)
    rows = motion.scheme.errors
    x_errors = [now.step * _weighted(row, x_slopes) for row in rows]
    u_errors = [now.step * _weighted(row, u_slopes) for row in rows]
    return x, u, x_slopes[-1], u_slopes[-1], x_errors, u_errors


def _weighted(weights: Any, slopes: list) -> Any:
    """Return the weighted sum of slopes, without those of weight zero."""
    terms = [float(w) * k for w, k in zip(weights, slopes, strict=False) if w != 0]
    return sum(terms[1:], terms[0])


def _rolled_step(motion: Motion, now: Progress) -> tuple:
    weights, count = tf.constant(motion.scheme.stages), len(motion.scheme.stages)
    empty = tf.zeros((count, *now.x.shape), now.x.dtype)

    def put(buffer: Any, index: Any, slope: Any) -> Any:
        return tf.tensor_scatter_nd_update(buffer, [[index]], slope[None])

    def stage(index: Any, xs: Any, us: Any, *_: Any) -> tuple:
        x = now.x + now.step * tf.tensordot(weights[index], xs, 1)
        u = now.u + now.step * tf.tensordot(weights[index], us, 1)
        x_slope, u_slope = motion.slopes(x, u)
        return index + 1, put(xs, index, x_slope), put(us, index, u_slope), x, u

    start = (tf.constant(1), put(empty, 0, now.dx), put(empty, 0, now.du), now.x, now.u)
    _, xs, us, x, u = tf.while_loop(
        lambda index, *_: index < count, stage, start, maximum_iterations=count
    )
    errors = tf.constant(motion.scheme.errors)
    x_errors = tf.unstack(now.step * tf.tensordot(errors, xs, 1))
    u_errors = tf.unstack(now.step * tf.tensordot(errors, us, 1))
    return x, u, xs[-1], us[-1], x_errors, u_errors


def _meet_events(
    motion: Motion, now: Progress, new: Progress, accepted: Any, control: Control
) -> Progress:
    """Stop rays that crossed a surface, or set the correction that brings them onto it."""
    if not motion.events:
        return new
    values = tf.where(accepted, motion.values(new.x, new.u), now.values)
    status, event, locating = new.status, new.event, new.locating
    for index, rule in enumerate(motion.events):
        crossing = (now.values[index] > 0) & (values[index] <= 0)
        if rule.both_ways:
            crossing |= (now.values[index] < 0) & (values[index] >= 0)
        hit = accepted & crossing & (event < 0)
        event = tf.where(hit, index, event)
        if rule.locate:
            locating |= hit
        else:
            status = tf.where(hit, int(rule.status), status)
    new = new._replace(values=values, status=status, event=event, locating=locating)
    if not any(rule.locate for rule in motion.events):
        return new
    return _locate(motion, now, new, control)


def _locate(motion: Motion, now: Progress, new: Progress, control: Control) -> Progress:
    """Set Newton's correction as the next step of rays past their surface; put the near ones on it."""
    with tf.autodiff.ForwardAccumulator([new.x, new.u], [new.dx, new.du]) as forward:
        heights = motion.values(new.x, new.u)
    rates, reach = forward.jvp(heights), tf.abs(now.step)
    nearest, status = tf.zeros_like(new.step), new.status
    for index in range(len(motion.events)):
        newton = -heights[index] / rates[index]
        nearest = tf.where(new.locating & (new.event == index), newton, nearest)
    small = tf.maximum(0.1 * tf.sqrt(control.tolerance), 1e-7)
    near = new.locating & (tf.abs(nearest) * _length(new.dx) < small * (_length(new.x) + FLOOR))
    for index, rule in enumerate(motion.events):
        status = tf.where(near & (new.event == index), int(rule.status), status)
    lost = new.locating & ~tf.math.is_finite(nearest)
    last = tf.where(near, nearest, tf.zeros_like(nearest))
    clipped = tf.clip_by_value(nearest, -reach, reach)
    return new._replace(
        x=new.x + last * new.dx,
        u=new.u + last * new.du,
        parameter=new.parameter + last,
        step=tf.where(new.locating, clipped, new.step),
        status=tf.where(lost, FAILED, status),
    )


def _error_norm(
    now: Progress, x: Any, u: Any, x_errors: list, u_errors: list, control: Control
) -> Any:
    """Return the estimated error of a step over the tolerated one, as in the JAX twin."""
    first = 0 if control.timed else 1
    x_scale = control.tolerance * (tf.maximum(_length(now.x), _length(x)) + FLOOR)
    u_scale = control.tolerance * (tf.maximum(_length(now.u), _length(u)) + FLOOR)
    squares = [
        (_square(a, first) / (x_scale * x_scale) + _square(b, first) / (u_scale * u_scale)) / 2
        for a, b in zip(x_errors, u_errors, strict=True)
    ]
    if len(squares) == 1:
        return tf.sqrt(squares[0])
    return squares[0] / tf.sqrt(squares[0] + 0.01 * squares[1] + 1e-300)


def _length(part: Any) -> Any:
    """Return the Euclidean length of the spatial components of a position or a velocity."""
    return tf.sqrt(_square(part, 1))


def _speed(v: Any) -> Any:
    """Return the speed in space, or a share of that in time where there is none."""
    return tf.maximum(_length(v), FLOOR * tf.abs(v[0]))


def _square(parts: Any, first: int) -> Any:
    return sum(parts[i] * parts[i] for i in range(first, 4))


def _pack(parts: Sequence[Any]) -> Any:
    """Return pairs of components as complex numbers, (components / 2, rays)."""
    return tf.stack([tf.complex(parts[i], parts[i + 1]) for i in range(0, len(parts), 2)])


def _unpack(pairs: Any) -> Any:
    parts = (tf.math.real, tf.math.imag)
    return tf.stack([part(pairs[i]) for i in range(pairs.shape[0]) for part in parts])
