"""Derivatives through the tracer: how the end of a ray moves with any parameter of a spacetime.

The line element is here a *family* ``ds2(x, dx, p)`` with parameters p: a mass, a spin, a charge. A
start ``start(p)`` says where rays begin and how; a distance or an angle are parameters of the start.
:func:`trace_variations` carries ∂x/∂p and ∂u/∂p along with the state (x, u), in forward mode.

Three rules make the derivative that of the ray and not that of the program:

- Steps are chosen by the state alone and held fixed while differentiating, as if they had been
  written down beforehand :cite:p:`bock1981`. What results is the Runge–Kutta scheme applied to the
  variational equations, of the same order.
- Rays with different p reach a surface at different affine parameters. The derivative at a fixed
  parameter λ is moved along the ray by ``∂λ/∂p = −∂_p f / (df/dλ)`` onto the surface f = 0.
- Where there is no surface to end on (captured rays that are not located, failed rays) there is no
  derivative, and NaN stands for it.

Conventions as in :mod:`mlphys.physics.geodesics`. Chapter: Reading a picture backwards.
Imports JAX.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from mlphys.physics.adaptive import COMPILER, Control, Progress, begin, integrate
from mlphys.physics.compiling import QUICK, compiled
from mlphys.physics.equations import Equations, on_components
from mlphys.physics.events import Event
from mlphys.physics.geodesics import Trace, trace_of
from mlphys.physics.runge_kutta import SCHEMES
from mlphys.physics.starts import check_tolerance, choose
from mlphys.physics.tiles import Final, over_tiles
from mlphys.physics.variational import FORMS, Family

__all__ = ["Family", "Start", "Variations", "trace_variations"]

Start = Callable[[Any], tuple[Any, Any]]


class Variations(NamedTuple):
    """Where rays ended, and how their ends move with the parameters.

    Attributes
    ----------
    trace : Trace
        As of :func:`~mlphys.physics.geodesics.trace`, the same ends; of the drifts, ``"norm"``.
    position, velocity : ndarray, shape (parameters, ..., 4)
        ∂/∂p of the last event on the ray and of dx/dλ there, along the surface of the event; NaN
        for rays that did not end on a located surface.
    """

    trace: Trace
    position: np.ndarray
    velocity: np.ndarray


def trace_variations(
    ds2: Family,
    start: Start,
    parameters: Any,
    *,
    events: Sequence[Event],
    tolerance: float = 1e-10,
    equations: str = "euler_lagrange",
    scheme: str = "DOP853",
    max_steps: int = 10_000,
    timed: bool = False,
    unrolled: bool = False,
    threads: int | None = None,
) -> Variations:
    """Follow geodesics to their events, with the derivatives of their ends by all parameters.

    Parameters
    ----------
    ds2 : callable
        Family of line elements ``ds2(x, dx, p)``, ``p`` of shape (parameters,).
    start : callable
        ``start(p)`` returns position and velocity of the rays, shapes (..., 4) that broadcast,
        written with ``jax.numpy``; compiled once for each function object.
    parameters : array_like, shape (parameters,)
        Where to differentiate. One that neither ``ds2`` nor ``start`` uses has derivatives 0.
    events : sequence of Event
        Where a ray stops; derivatives exist on those with ``locate=True``.
    equations : {"euler_lagrange", "hamiltonian"}
        Form of the equations of motion.
    unrolled : bool
        Whether stages stand one after another instead of in a loop: runs about twice as fast, and
        takes about twice as long to compile.
    tolerance, scheme, max_steps, timed, threads
        As in :func:`~mlphys.physics.geodesics.trace`; the error of a derivative is larger than that
        of the state, more so where rays separate fast.

    Returns
    -------
    Variations

    Raises
    ------
    ValueError
        If a shape or an option is wrong, a start is not finite, or a ray starts behind an event.

    Examples
    --------
    A straight ray that starts at height h passes the sphere of radius 5 at x = √(25 − h²):

    >>> from mlphys.physics.events import escaped
    >>> from mlphys.physics.line_elements import minkowski
    >>> def start(p):
    ...     return jnp.stack([0.0, 0.0, p[0], 0.0]), jnp.array([1.0, 1.0, 0.0, 0.0])
    >>> end = trace_variations(lambda x, dx, p: minkowski(x, dx), start, [3.0],
    ...                        events=[escaped(5.0, locate=True)])
    >>> end.trace.position.round(9) + 0, end.position.round(9) + 0
    (array([4., 4., 3., 0.]), array([[-0.75, -0.75,  1.  ,  0.  ]]))
    """
    choose("equations", equations, FORMS)
    choose("scheme", scheme, SCHEMES)
    check_tolerance(tolerance)
    p = _row(parameters)
    ray, slopes, shape = _starts(start, p, events)
    job, warm = _job(ds2, tuple(events), equations, scheme, timed, unrolled)

    def along(dp: np.ndarray, dx: np.ndarray, dv: np.ndarray) -> tuple[Final, dict]:
        def run(x: np.ndarray, v: np.ndarray) -> tuple[Final, dict]:
            with jax.enable_x64(True):
                return jax.tree.map(np.asarray, job(x, v, p, dp, float(tolerance), int(max_steps)))

        x, v = np.concatenate([ray[0], dx], 1), np.concatenate([ray[1], dv], 1)
        return over_tiles(run, x, v, threads=threads, warm=warm)

    runs = [along(*row) for row in zip(np.eye(len(p)), *slopes, strict=True)]
    final, extra = runs[0]
    moved = np.stack([more["variation"] for _, more in runs])
    moved = np.where(_located(events, final)[:, None], moved, np.nan)
    moved = moved.reshape(len(p), *shape, 8)
    report = trace_of(final, {"norm": extra["norm"]}, shape)
    return Variations(report, moved[..., :4], moved[..., 4:])


def _row(parameters: Any) -> np.ndarray:
    p = np.asarray(parameters, dtype=float)
    if p.ndim != 1 or len(p) == 0 or not np.isfinite(p).all():
        raise ValueError(
            "trace_variations: expected a row of finite parameters, at least one; "
            f"got {np.asarray(parameters).tolist()}. Pass a list even for a single one."
        )
    return p


def _starts(
    start: Start, p: np.ndarray, events: Sequence[Event]
) -> tuple[list[np.ndarray], list[np.ndarray], tuple[int, ...]]:
    """Return positions and velocities, (rays, 4), their derivatives, and the rays' leading axes."""
    with jax.enable_x64(True):
        values, slopes = jax.tree.map(np.asarray, _start_job(start)(p))
    if any(value.ndim == 0 or value.shape[-1] != 4 for value in values):
        raise ValueError(
            "trace_variations: expected start(p) to return position and velocity of shape (..., 4); "
            f"got {[value.shape for value in values]}. Put the components into the last axis."
        )
    shape = np.broadcast_shapes(*(value.shape[:-1] for value in values))
    ray = [np.broadcast_to(value, (*shape, 4)).reshape(-1, 4) for value in values]
    if not np.isfinite(np.stack(ray)).all():
        raise ValueError(
            f"trace_variations: expected finite starts at p = {p.tolist()}; got NaN or infinity. "
            "No observer rests inside a horizon or an ergosphere; move the start, or the parameters."
        )
    for index, event in enumerate(events):
        if not event.both_ways and (np.asarray(event.function(*ray)) <= 0).any():
            raise ValueError(
                f"trace_variations: expected every ray to start before event #{index} "
                f"({event.status.name.lower()}); got one that starts behind it at "
                f"p = {p.tolist()}. Move the start or the event's surface."
            )
    moved = [np.moveaxis(np.broadcast_to(a, (*shape, 4, len(p))), -1, 0) for a in slopes]
    return ray, [a.reshape(len(p), -1, 4) for a in moved], shape


def _located(events: Sequence[Event], final: Final) -> np.ndarray:
    """Return which rays ended on a surface that they were brought onto."""
    found = np.zeros(len(final.event), dtype=bool)
    for index, rule in enumerate(events):
        found |= (final.event == index) & (final.status == rule.status) & rule.locate
    return found


@lru_cache(maxsize=64)
def _start_job(start: Start) -> Any:
    return jax.jit(lambda p: (start(p), jax.jacfwd(start)(p)))


@lru_cache(maxsize=64)
def _job(
    ds2: Family, events: tuple[Event, ...], equations: str, scheme: str, timed: bool, unrolled: bool
) -> tuple[Any, set[tuple[int, ...]]]:
    """Return the compiled function of a group of tiles and its shapes so far."""
    table = SCHEMES[scheme]

    def job(x: Any, v: Any, p: Any, dp: Any, tolerance: Any, max_steps: Any) -> tuple[Final, dict]:
        control = Control(tolerance, max_steps, timed=timed, unrolled=unrolled)
        motion = FORMS[equations](ds2, p, dp)
        square = on_components(lambda x, dx: ds2(x, dx, p))

        def one_tile(tile: tuple[Any, Any]) -> tuple[Final, dict]:
            x, v = tile
            begun = begin(motion, events, x, v, tolerance=tolerance)
            end = integrate(motion, table, events, begun, control)
            place, u = _onto_surface(motion, events, end)
            speed = jnp.stack(motion.velocity(tuple(place), tuple(u)))
            final = Final(place[:4].T, speed[:4].T, end.status, end.event, end.parameter, end.steps)
            norm = square(tuple(place[:4]), tuple(speed[:4])) - square(tuple(x[:4]), tuple(v[:4]))
            return final, {"norm": norm, "variation": jnp.concatenate([place[4:], speed[4:]]).T}

        return jax.lax.map(one_tile, (x, v))

    return compiled(job, **COMPILER, **QUICK), set()


def _onto_surface(motion: Equations, events: tuple[Event, ...], end: Progress) -> tuple[Any, Any]:
    """Return the states, their derivatives moved along the ray onto the surface of its event."""
    if not events:
        return end.x, end.u

    def surfaces(x: Any, u: Any) -> Any:
        speed = motion.velocity(tuple(x), tuple(u))[:4]
        return jnp.stack([on_components(event.function)(tuple(x[:4]), speed) for event in events])

    ahead = motion.derivative(tuple(end.x), tuple(end.u))
    dx, du = (jnp.stack(part[:4]) for part in ahead)
    still = jnp.zeros_like(dx)

    def change(dx: Any, du: Any) -> Any:
        rows = jnp.concatenate([dx, still]), jnp.concatenate([du, still])
        return jax.jvp(surfaces, (end.x, end.u), rows)[1]

    shifts = -change(end.x[4:], end.u[4:]) / change(dx, du)
    shift = jnp.take_along_axis(shifts, jnp.maximum(end.event, 0)[None], 0)
    return (
        jnp.concatenate([end.x[:4], end.x[4:] + shift * dx]),
        jnp.concatenate([end.u[:4], end.u[4:] + shift * du]),
    )
