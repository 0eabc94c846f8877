"""Adaptive Runge–Kutta for a tile of rays on JAX: each ray has its own step and its own end.

Two habits make this fast on a processor. The stages stand in a rolled loop and write into a buffer
of derivatives: unrolled, XLA computes each stage again for every stage that follows. And rays are
integrated in tiles of a few hundred neighbors, which need about the same number of steps and stay in
the nearest cache.

The state y of a ray has eight components: position x and u, which is the velocity or the momentum.
Arrays are ``(8, rays)`` inside this module.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from mlphys.physics.equations import Equations
from mlphys.physics.events import Event, Status
from mlphys.physics.runge_kutta import Scheme

__all__ = ["Progress", "begin", "integrate", "runge_kutta_step"]

SAFETY, SHRINK, GROW = 0.9, 0.2, 6.0
LOCATED = 1e-7  # a correction this small, squared, is below the rounding of float64


class Progress(NamedTuple):
    """State of the loop; the last axis of each array counts the rays of the tile.

    Attributes
    ----------
    y, slope : array, shape (8, rays)
        State and its derivative.
    step, parameter : array, shape (rays,)
        Next step and affine parameter reached.
    status, event, steps : array of int32, shape (rays,)
        Status code, index of the event (−1: none), steps tried.
    values : array, shape (events, rays)
        Event functions at y.
    locating : array of bool, shape (rays,)
        Rays that have crossed their event's surface and are being moved onto it.
    """

    y: Any
    slope: Any
    step: Any
    parameter: Any
    status: Any
    event: Any
    steps: Any
    values: Any
    locating: Any


def integrate(
    equations: Equations,
    scheme: Scheme,
    events: Sequence[Event],
    start: Progress,
    *,
    tolerance: Any,
    max_steps: Any,
    timed: bool,
    until: Any = jnp.inf,
) -> Progress:
    """Advance all rays until each has met an event, reached ``until`` or failed.

    Parameters
    ----------
    equations, scheme, events
        What to integrate, by which scheme, and where to stop.
    start : Progress
        From :func:`begin`.
    tolerance : scalar
        Bound on the estimated error of one step, relative to the length of x and to the length of u.
    max_steps : scalar
        A ray that has tried as many steps is FAILED.
    timed : bool
        Whether errors of the time components count, too.
    until : scalar
        Affine parameter at which to pause: RUNNING rays return there.
    """

    def unfinished(now: Progress) -> Any:
        return jnp.any(_active(now, until))

    def advance(now: Progress) -> Progress:
        return _advance(equations, scheme, events, now, tolerance, max_steps, timed, until)

    return lax.while_loop(unfinished, advance, start)


def begin(
    equations: Equations, events: Sequence[Event], x: Any, u: Any, *, tolerance: Any
) -> Progress:
    """Return the state of rays that start at ``x`` with ``u``, both (4, rays)."""
    y = jnp.concatenate([x, u])
    slope = _slope(equations, y)
    count = x.shape[1]
    size, speed = _length(x), _length(slope[:4])
    step = (tolerance**0.125) * (size + 1e-3) / jnp.maximum(speed, 1e-300)
    zero = jnp.zeros(count, jnp.int32)
    return Progress(
        y=y,
        slope=slope,
        step=step,
        parameter=jnp.zeros(count),
        status=zero + Status.RUNNING,
        event=zero - 1,
        steps=zero,
        values=_event_values(equations, events, y),
        locating=zero > 0,
    )


def runge_kutta_step(
    derivative: Callable[[Any], Any], scheme: Scheme, y: Any, slope: Any, step: Any
) -> tuple[Any, Any]:
    """Return the new state and all derivatives ``(stages, 8, rays)`` of one step."""
    stages = jnp.asarray(scheme.stages)
    buffer = jnp.zeros((len(stages), *y.shape)).at[0].set(slope)

    def stage(index: Any, carry: tuple) -> tuple:
        buffer, _ = carry
        point = y + step * jnp.tensordot(stages[index], buffer, 1)
        return buffer.at[index].set(derivative(point)), point

    buffer, end = lax.fori_loop(1, len(stages), stage, (buffer, y))
    return end, buffer


def _advance(
    equations: Equations,
    scheme: Scheme,
    events: Sequence[Event],
    now: Progress,
    tolerance: Any,
    max_steps: Any,
    timed: bool,
    until: Any,
) -> Progress:
    """Try one step for every active ray."""
    active = _active(now, until)
    step = jnp.where(now.locating, now.step, jnp.minimum(now.step, until - now.parameter))
    end, buffer = runge_kutta_step(lambda y: _slope(equations, y), scheme, now.y, now.slope, step)
    error = _error_norm(scheme, now.y, end, step, buffer, tolerance, timed)
    accepted = active & (now.locating | (error < 1))
    y = jnp.where(accepted, end, now.y)
    slope = jnp.where(accepted, buffer[-1], now.slope)
    factor = SAFETY * jnp.exp(jnp.log(error + 1e-30) / -scheme.order)
    factor = jnp.where(jnp.isfinite(error), jnp.clip(factor, SHRINK, GROW), SHRINK)
    clipped = accepted & (step < now.step)  # `until` cut this step: keep the longer one
    proposed = jnp.where(clipped, now.step, step * factor)
    new = now._replace(
        y=y,
        slope=slope,
        step=jnp.where(active, proposed, now.step),
        parameter=jnp.where(accepted, now.parameter + step, now.parameter),
        steps=now.steps + active,
    )
    new = _meet_events(equations, events, now, new, step, accepted)
    stuck = abs(new.step) <= 1e-14 * (abs(new.parameter) + 1e-3)
    failed = _active(new, until) & ~new.locating & (stuck | (new.steps >= max_steps))
    return new._replace(status=jnp.where(failed, Status.FAILED, new.status))


def _meet_events(
    equations: Equations,
    events: Sequence[Event],
    now: Progress,
    new: Progress,
    step: Any,
    accepted: Any,
) -> Progress:
    """Stop rays that crossed a surface, or set the correction that brings them onto it."""
    if not events:
        return new
    values = jnp.where(accepted, _event_values(equations, events, new.y), now.values)
    status, event, locating = new.status, new.event, new.locating
    for index, rule in enumerate(events):
        crossing = (now.values[index] > 0) & (values[index] <= 0)
        if rule.both_ways:
            crossing |= (now.values[index] < 0) & (values[index] >= 0)
        hit = accepted & crossing & (event < 0)
        event = jnp.where(hit, index, event)
        if rule.locate:
            locating = locating | hit
        else:
            status = jnp.where(hit, rule.status, status)
    new = new._replace(values=values, status=status, event=event, locating=locating)
    if not any(rule.locate for rule in events):
        return new
    return _locate(equations, events, now, new, step)


def _locate(
    equations: Equations, events: Sequence[Event], now: Progress, new: Progress, step: Any
) -> Progress:
    """Set Newton's correction as the next step of rays near their surface; stop those on it."""
    values, rates = jax.jvp(lambda y: _event_values(equations, events, y), (new.y,), (new.slope,))
    correction, status = jnp.zeros_like(new.step), new.status
    travelled = abs(step) * _length(new.slope[:4])
    arrived = now.locating & new.locating & (travelled < LOCATED * (_length(new.y[:4]) + 1e-3))
    for index, rule in enumerate(events):
        mine = new.locating & (new.event == index)
        newton = jnp.clip(-values[index] / rates[index], -abs(step), abs(step))
        correction = jnp.where(mine, newton, correction)
        status = jnp.where(mine & arrived, rule.status, status)
    lost = new.locating & ~jnp.isfinite(correction)
    return new._replace(
        step=jnp.where(new.locating, correction, new.step),
        status=jnp.where(lost, Status.FAILED, status),
    )


def _active(now: Progress, until: Any) -> Any:
    """Return which rays still have a step to make."""
    return (now.status == Status.RUNNING) & (now.locating | (now.parameter < until))


def _slope(equations: Equations, y: Any) -> Any:
    return jnp.stack([*_flatten(equations.derivative(tuple(y[:4]), tuple(y[4:])))])


def _flatten(parts: tuple) -> list:
    return [*parts[0], *parts[1]]


def _event_values(equations: Equations, events: Sequence[Event], y: Any) -> Any:
    if not events:
        return jnp.zeros((0, y.shape[1]))
    x, u = tuple(y[:4]), tuple(y[4:])
    position, velocity = jnp.stack(x, -1), jnp.stack(equations.velocity(x, u), -1)
    return jnp.stack([event.function(position, velocity) for event in events])


def _error_norm(
    scheme: Scheme, y: Any, end: Any, step: Any, buffer: Any, tolerance: Any, timed: bool
) -> Any:
    """Return the estimated error of a step over the tolerated one, ``(rays,)``.

    Position is measured against the distance from the origin and u against its own length, so that
    the control does not depend on the directions of the axes. Time components count only where
    ``timed``: without a metric that depends on time they do not act back.
    """
    first = 0 if timed else 1
    x_scale = tolerance * (jnp.maximum(_length(y[:4]), _length(end[:4])) + 1e-3)
    u_scale = tolerance * (jnp.maximum(_length(y[4:]), _length(end[4:])) + 1e-3)
    estimates = step * jnp.tensordot(jnp.asarray(scheme.errors), buffer, 1)
    squares = [
        jnp.sum((part[first:4] / x_scale) ** 2, 0) + jnp.sum((part[4 + first :] / u_scale) ** 2, 0)
        for part in estimates
    ]
    if len(squares) == 1:
        return jnp.sqrt(squares[0] / 2)
    # DOP853's combination of its estimates of orders 5 and 3; the floor keeps 0/0 at zero
    return squares[0] / jnp.sqrt(2 * (squares[0] + 0.01 * squares[1]) + 1e-300)


def _length(part: Any) -> Any:
    """Return the Euclidean length of the spatial components of (4, rays)."""
    return jnp.sqrt(part[1] ** 2 + part[2] ** 2 + part[3] ** 2)
