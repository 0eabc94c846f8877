"""Adaptive Runge–Kutta for a tile of rays on JAX: each ray has its own step and its own end.

Three habits make this fast on a processor.

- Rays are integrated in tiles of neighbors, which need about the same number of steps and stay in
  the nearest cache.
- Derivatives of the stages are kept. Left to itself, XLA fuses a stage into every later one and
  computes it again there, 6 to 9 times slower in all. In a *rolled* loop they are written into a
  buffer (quick to compile); *unrolled*, each stands behind an optimization barrier (quicker to
  run), which XLA respects on processors only if told to: see ``COMPILER``.
- Derivatives of two components are computed as one complex number. XLA's kernels have one output;
  one that stacks four would compute the common subexpressions, nearly all there is, four times.

The state of a ray is its position x and u, which is the velocity or the momentum, each an array
``(4, rays)`` inside this module. Equations may bring further rows, such as the derivatives of a ray
by its parameters (:mod:`mlphys.physics.variational`): these are integrated on the same steps, which
the first four rows alone choose, and meet no events of their own.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from mlphys.physics.equations import Equations, on_components
from mlphys.physics.events import Event, Status
from mlphys.physics.runge_kutta import Scheme

__all__ = ["COMPILER", "Control", "Progress", "begin", "integrate", "runge_kutta_step"]

SAFETY, SHRINK, GROW = 0.9, 0.2, 6.0
# No step is longer than this share of the way to the origin, so that none leaps over a hole.
REACH = 0.3
FLOOR = 1e-3  # lengths below this share of r_s are not resolved further

# Options of XLA for processors, given to jax.jit: vectors as long as the machine has, and no removal
# of optimization barriers before loops are fused (the pass's own name is not about that).
COMPILER = {
    "xla_cpu_prefer_vector_width": "512",
    "xla_disable_hlo_passes": "cse_barrier_expander",
}


class Control(NamedTuple):
    """How to step and when to give up.

    Attributes
    ----------
    tolerance : scalar
        Bound on the estimated error of a step, relative to the lengths of x and of u.
    max_steps : scalar
        A ray that has tried as many steps is FAILED.
    until : scalar
        Affine parameter at which to pause: rays that are RUNNING return there.
    timed : bool
        Whether errors of the time components count.
    unrolled : bool
        Whether the stages stand one after another instead of in a loop.
    """

    tolerance: Any
    max_steps: Any
    until: Any = np.inf
    timed: bool = False
    unrolled: bool = False


class Progress(NamedTuple):
    """State of the loop; the last axis of each array counts the rays of the tile.

    Attributes
    ----------
    x, u, dx, du : array, shape (4, rays)
        State and its derivative by the affine parameter.
    step, parameter : array, shape (rays,)
        Next step, and affine parameter reached.
    status, event, steps : array of int32, shape (rays,)
        Status code, index of the event (−1: none), steps tried.
    values : array, shape (events, rays)
        Event functions at the state.
    locating : array of bool, shape (rays,)
        Rays that have crossed their event's surface and are being moved onto it.
    """

    x: Any
    u: Any
    dx: Any
    du: Any
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
    control: Control,
) -> Progress:
    """Advance all rays until each has met an event, paused or failed."""

    def unfinished(now: Progress) -> Any:
        return jnp.any(_active(now, control))

    slopes = _slopes(equations)

    def advance(now: Progress) -> Progress:
        return _advance(equations, slopes, scheme, events, now, control)

    return lax.while_loop(unfinished, advance, start)


def begin(
    equations: Equations, events: Sequence[Event], x: Any, v: Any, *, tolerance: Any
) -> Progress:
    """Return the state of rays that start at ``x`` with velocity ``v``, both (4, rays)."""
    u = jnp.stack(equations.start(tuple(x), tuple(v)))
    dx, du = _slopes(equations)(x, u)
    # a body at rest has no speed in space, but its time goes on
    speed = jnp.maximum(_length(v), FLOOR * abs(v[0]))
    step = tolerance**0.125 * (_length(x) + FLOOR) / jnp.maximum(speed, jnp.finfo(x.dtype).tiny)
    zero = jnp.zeros(x.shape[1], jnp.int32)
    return Progress(
        x=x,
        u=u,
        dx=dx,
        du=du,
        step=step,
        parameter=jnp.zeros_like(step),
        status=zero + Status.RUNNING,
        event=zero - 1,
        steps=zero,
        values=_event_values(equations, events, x, u),
        locating=zero > 0,
    )


def runge_kutta_step(
    slopes: Callable[[Any, Any], tuple[Any, Any]],
    scheme: Scheme,
    now: tuple[Any, Any, Any, Any],
    step: Any,
    *,
    unrolled: bool,
) -> tuple[Any, Any, Any, Any, list, list]:
    """Make one step from ``now = (x, u, dx, du)``.

    Returns
    -------
    x, u, dx, du : array, shape (4, rays)
        The state at the end.
    x_errors, u_errors : list of array, shape (4, rays)
        One for each row of ``scheme.errors``.
    """
    return (_unrolled_step if unrolled else _rolled_step)(slopes, scheme, now, step)


def _rolled_step(slopes: Any, scheme: Scheme, now: tuple, step: Any) -> tuple:
    x, u, dx, du = now
    weights = jnp.asarray(scheme.stages, x.dtype)
    count = len(scheme.stages)
    empty = jnp.zeros((count, *x.shape), x.dtype)

    def stage(index: Any, carry: tuple) -> tuple:
        x_buffer, u_buffer, _, _ = carry
        x_now = x + step * jnp.tensordot(weights[index], x_buffer, 1)
        u_now = u + step * jnp.tensordot(weights[index], u_buffer, 1)
        x_slope, u_slope = slopes(x_now, u_now)
        return x_buffer.at[index].set(x_slope), u_buffer.at[index].set(u_slope), x_now, u_now

    start = (empty.at[0].set(dx), empty.at[0].set(du), x, u)
    x_buffer, u_buffer, x, u = lax.fori_loop(1, count, stage, start)
    errors = jnp.asarray(scheme.errors, x.dtype)
    x_errors = list(step * jnp.tensordot(errors, x_buffer, 1))
    u_errors = list(step * jnp.tensordot(errors, u_buffer, 1))
    return x, u, x_buffer[-1], u_buffer[-1], x_errors, u_errors


def _unrolled_step(slopes: Any, scheme: Scheme, now: tuple, step: Any) -> tuple:
    x, u, dx, du = now
    x_slopes, u_slopes = [dx], [du]
    x_now, u_now = x, u
    for weights in scheme.stages[1:]:
        x_now = x + step * _weighted(weights, x_slopes)
        u_now = u + step * _weighted(weights, u_slopes)
        x_now, u_now = lax.optimization_barrier((x_now, u_now))
        x_slope, u_slope = slopes(x_now, u_now)
        x_slopes.append(x_slope)
        u_slopes.append(u_slope)
    x_errors = [step * _weighted(row, x_slopes) for row in scheme.errors]
    u_errors = [step * _weighted(row, u_slopes) for row in scheme.errors]
    return x_now, u_now, x_slopes[-1], u_slopes[-1], x_errors, u_errors


def _weighted(weights: np.ndarray, slopes: list) -> Any:
    """Return the weighted sum of slopes, without those of weight zero."""
    terms = [float(w) * k for w, k in zip(weights, slopes, strict=False) if w != 0]
    return sum(terms[1:], terms[0])


def _advance(
    equations: Equations,
    slopes: Callable,
    scheme: Scheme,
    events: Sequence[Event],
    now: Progress,
    control: Control,
) -> Progress:
    """Try one step for every active ray."""
    active = _active(now, control)
    step = jnp.where(now.locating, now.step, jnp.minimum(now.step, control.until - now.parameter))
    start = (now.x, now.u, now.dx, now.du)
    *end, x_errors, u_errors = runge_kutta_step(
        slopes, scheme, start, step, unrolled=control.unrolled
    )
    error = _error_norm(now, end[0], end[1], x_errors, u_errors, control)
    accepted = active & (now.locating | (error < 1))
    x, u, dx, du = (jnp.where(accepted, b, a) for a, b in zip(start, end, strict=True))
    factor = SAFETY * jnp.exp(jnp.log(error + 1e-30) / -scheme.order)
    # errors grow inward as the tidal field does: steps go as the time of fall, r^(3/2)
    ratio = (_length(x) + FLOOR) / (_length(now.x) + FLOOR)
    factor *= ratio * jnp.sqrt(ratio)
    factor = jnp.where(jnp.isfinite(error), jnp.clip(factor, SHRINK, GROW), SHRINK)
    cut = accepted & (step < now.step)  # the pause cut this step: keep the longer one
    longest = REACH * (_length(x) + 1) / jnp.maximum(_length(dx), jnp.finfo(dx.dtype).tiny)
    proposed = jnp.where(cut, now.step, jnp.minimum(step * factor, longest))
    parameter = jnp.where(accepted, now.parameter + step, now.parameter)
    paused = accepted & (step == control.until - now.parameter)
    new = now._replace(
        x=x,
        u=u,
        dx=dx,
        du=du,
        step=jnp.where(active, proposed, now.step),
        parameter=jnp.where(paused, control.until, parameter),
        steps=now.steps + active,
    )
    new = _meet_events(equations, events, now, new, step, accepted, control)
    # the floor is a length, and a step is one only times the speed
    speed = jnp.maximum(_length(new.dx), FLOOR * abs(new.dx[0]))
    stuck = abs(new.step) * speed <= 1e-14 * (abs(new.parameter) * speed + FLOOR)
    spent = new.steps >= control.max_steps
    failed = _active(new, control) & (spent | (stuck & ~new.locating))
    return new._replace(status=jnp.where(failed, Status.FAILED, new.status))


def _meet_events(
    equations: Equations,
    events: Sequence[Event],
    now: Progress,
    new: Progress,
    step: Any,
    accepted: Any,
    control: Control,
) -> Progress:
    """Stop rays that crossed a surface, or set the correction that brings them onto it."""
    if not events:
        return new
    values = jnp.where(accepted, _event_values(equations, events, new.x, new.u), now.values)
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
    return _locate(equations, events, now, new, step, control)


def _locate(
    equations: Equations,
    events: Sequence[Event],
    now: Progress,
    new: Progress,
    step: Any,
    control: Control,
) -> Progress:
    """Set Newton's correction as the next step of rays past their surface; put the near ones on it."""
    values, rates = jax.jvp(
        lambda x, u: _event_values(equations, events, x, u), (new.x, new.u), (new.dx, new.du)
    )
    nearest, status = jnp.zeros_like(new.step), new.status
    for index in range(len(events)):
        mine = new.locating & (new.event == index)
        nearest = jnp.where(mine, -values[index] / rates[index], nearest)
    # so near, a straight line to the surface leaves an error far below the tolerance
    small = jnp.maximum(0.1 * jnp.sqrt(control.tolerance), 1e-7)
    near = abs(nearest) * _length(new.dx) < small * (_length(new.x) + FLOOR)
    for index, rule in enumerate(events):
        status = jnp.where(new.locating & near & (new.event == index), rule.status, status)
    last = jnp.where(new.locating & near, nearest, 0.0)
    lost = new.locating & ~jnp.isfinite(nearest)
    return new._replace(
        x=new.x + last * new.dx,
        u=new.u + last * new.du,
        parameter=new.parameter + last,
        step=jnp.where(new.locating, jnp.clip(nearest, -abs(step), abs(step)), new.step),
        status=jnp.where(lost, Status.FAILED, status),
    )


def _active(now: Progress, control: Control) -> Any:
    """Return which rays still have a step to make."""
    return (now.status == Status.RUNNING) & (now.locating | (now.parameter < control.until))


def _slopes(equations: Equations) -> Callable[[Any, Any], tuple[Any, Any]]:
    def slopes(x: Any, u: Any) -> tuple[Any, Any]:
        dx, du = equations.derivative(tuple(x), tuple(u))
        if equations.second_order:
            return u, _unpack(lax.optimization_barrier(_pack(du)))
        packed = lax.optimization_barrier(_pack((*dx, *du)))
        half = len(dx) // 2
        return _unpack(packed[:half]), _unpack(packed[half:])

    return jax.jit(slopes)  # traced and differentiated once, not once a stage


def _pack(parts: tuple) -> Any:
    """Return pairs of components as complex numbers, (components / 2, rays)."""
    return jnp.stack([lax.complex(parts[i], parts[i + 1]) for i in range(0, len(parts), 2)])


def _unpack(pairs: Any) -> Any:
    return jnp.stack([part(pair) for pair in pairs for part in (jnp.real, jnp.imag)])


def _event_values(equations: Equations, events: Sequence[Event], x: Any, u: Any) -> Any:
    if not events:
        return jnp.zeros((0, x.shape[1]), x.dtype)
    place, speed = tuple(x[:4]), equations.velocity(tuple(x), tuple(u))[:4]
    return jnp.stack([on_components(event.function)(place, speed) for event in events])


def _error_norm(
    now: Progress, x: Any, u: Any, x_errors: list, u_errors: list, control: Control
) -> Any:
    """Return the estimated error of a step over the tolerated one, ``(rays,)``.

    Position is measured against the distance from the origin and u against its own length, so that
    the control does not depend on the directions of the axes. Time components count only where
    ``timed``: without a metric that depends on time they do not act back.
    """
    first = 0 if control.timed else 1
    x_scale = control.tolerance * (jnp.maximum(_length(now.x), _length(x)) + FLOOR)
    u_scale = control.tolerance * (jnp.maximum(_length(now.u), _length(u)) + FLOOR)
    squares = [
        (_square(a[first:4]) / (x_scale * x_scale) + _square(b[first:4]) / (u_scale * u_scale)) / 2
        for a, b in zip(x_errors, u_errors, strict=True)
    ]
    if len(squares) == 1:
        return jnp.sqrt(squares[0])
    # DOP853's combination of its estimates of orders 5 and 3; the floor keeps 0/0 at zero
    return squares[0] / jnp.sqrt(squares[0] + 0.01 * squares[1] + jnp.finfo(x.dtype).tiny)


def _length(part: Any) -> Any:
    """Return the Euclidean length of the spatial components of a position or a velocity."""
    return jnp.sqrt(_square(part[1:4]))


def _square(parts: Any) -> Any:
    return sum(parts[i] * parts[i] for i in range(len(parts)))
