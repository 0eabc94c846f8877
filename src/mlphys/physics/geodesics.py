"""Geodesics from ds² alone: light rays and free fall, many at a time, each to its own end.

:func:`trace` follows rays with adaptive steps until each meets an event (captured, escaped, any
surface), and reports for each how it ended and how well it kept what it should keep. :func:`path`
returns points along the way for drawing. :func:`rk4_path` is the textbook's method with a fixed
step, kept to show what it does near a hole.

All arithmetic is float64 on JAX, unless :func:`trace` is told otherwise; :mod:`mlphys.physics.geodesics_tensorflow` does the same on
TensorFlow. Conventions as in :mod:`mlphys.physics.spacetime`.

Chapter: Curved spacetime from ds².
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from mlphys.physics.adaptive import COMPILER, Control, Progress, begin, integrate
from mlphys.physics.compiling import QUICK, compiled
from mlphys.physics.equations import EQUATIONS, Equations, depends_on_time, momentum
from mlphys.physics.events import Event, Status
from mlphys.physics.runge_kutta import SCHEMES
from mlphys.physics.spacetime import LineElement
from mlphys.physics.starts import check_count, check_tolerance, choose, prepare
from mlphys.physics.symmetries import SPHERICAL, KillingVector
from mlphys.physics.tiles import MANY, Final, over_tiles

__all__ = ["Path", "Trace", "path", "rk4_path", "trace"]


# Type of the numbers, and the smallest tolerance that their rounding allows
PRECISIONS: dict[str, tuple[Any, float]] = {
    "double": (np.float64, 0.0),
    "single": (np.float32, 1e-6),
}


class Trace(NamedTuple):
    """Where rays ended, and how well they were followed; leading axes as given.

    Attributes
    ----------
    position, velocity : ndarray, shape (..., 4)
        Last event on the ray and ``dx/dλ`` there.
    status : ndarray of int8, shape (...)
        :class:`~mlphys.physics.events.Status` of each ray.
    event : ndarray of int8, shape (...)
        Index of the event it met, −1 for none.
    parameter : ndarray, shape (...)
        Affine parameter λ of the last event.
    steps : ndarray of int32, shape (...)
        Steps tried.
    drift : dict of str to ndarray, shape (...)
        Change from first to last event of what is constant along a geodesic: ``"norm"`` is
        g(v, v); the others are named by the Killing vectors.
    """

    position: np.ndarray
    velocity: np.ndarray
    status: np.ndarray
    event: np.ndarray
    parameter: np.ndarray
    steps: np.ndarray
    drift: dict[str, np.ndarray]


def trace_of(final: Final, drift: dict[str, np.ndarray], shape: tuple[int, ...]) -> Trace:
    """Return the ends of rays in the shape in which they were given."""
    return Trace(
        position=final.x.reshape(*shape, 4),
        velocity=final.velocity.reshape(*shape, 4),
        status=final.status.astype(np.int8).reshape(shape),
        event=final.event.astype(np.int8).reshape(shape),
        parameter=final.parameter.reshape(shape),
        steps=final.steps.reshape(shape),
        drift={name: value.reshape(shape) for name, value in drift.items()},
    )


class Path(NamedTuple):
    """Points along rays.

    Attributes
    ----------
    parameter : ndarray, shape (points,)
        Affine parameters.
    position, velocity : ndarray, shape (points, ..., 4)
        Events on the rays and ``dx/dλ``; NaN after a ray has ended.
    status : ndarray of int8, shape (...)
        Status of each ray at the last point; RUNNING where it met no event.
    """

    parameter: np.ndarray
    position: np.ndarray
    velocity: np.ndarray
    status: np.ndarray


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
    precision: str = "double",
) -> Trace:
    """Follow geodesics until each meets an event.

    Parameters
    ----------
    ds2 : callable
        Line element.
    position, velocity : array_like, shape (..., 4)
        First event of each ray and ``dx/dλ`` there; light has ``g(v, v) = 0``, matter −1. Leading
        axes broadcast. Neighbors should stand side by side: they are integrated together.
    events : sequence of Event
        Where a ray stops.
    tolerance : float
        Bound on the estimated error of one step, relative to the length of x and the length of v,
        from 1e-14 to 1e-2. The error of a result is larger, without bound for light that circles a
        hole.
    equations : {"euler_lagrange", "hamiltonian", "christoffel"}
        Form of the equations of motion; see :mod:`mlphys.physics.equations`.
    scheme : {"DOP853", "DP54"}
        Runge–Kutta scheme.
    max_steps : int
        A ray that has tried as many steps is FAILED.
    timed : bool, optional
        Whether errors in the time coordinate count; if None, where ds² depends on time.
    killing : sequence of KillingVector
        Symmetries whose constants are watched; those of a static round hole unless said otherwise.
    threads : int, optional
        Threads that share the tiles; as many as there are processor cores if None.
    precision : {"double", "single"}
        Numbers of 8 or 4 bytes. Single precision, for pictures, takes about two thirds of the time
        of a thousand rays: the steps alone take half, the checks around them as long as before.
        The tolerance is then at least 1e-6.

    Returns
    -------
    Trace

    Raises
    ------
    TypeError
        If ``ds2`` is no line element, or ``events`` no sequence of events.
    ValueError
        If a shape or an option is wrong, the metric at a start is not a spacetime's, a velocity is
        not finite or zero, or a ray starts behind an event.

    Examples
    --------
    >>> from mlphys.physics.events import Status, captured, escaped
    >>> from mlphys.physics.line_elements import minkowski
    >>> rays = trace(minkowski, [0.0, 3.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0],
    ...              events=[escaped(5.0, locate=True)])
    >>> Status(int(rays.status)).name, rays.position.round(9)
    ('ESCAPED', array([4., 3., 4., 0.]))
    """
    x, v, shape = prepare(ds2, position, velocity, events)
    choose("equations", equations, EQUATIONS)
    choose("scheme", scheme, SCHEMES)
    choose("precision", precision, PRECISIONS)
    check_tolerance(tolerance)
    kind, least = PRECISIONS[precision]
    if tolerance < least:
        raise ValueError(
            f"trace: expected a tolerance of at least {least:g} in {precision} precision; got "
            f"{tolerance:g}. Use precision='double' for smaller errors."
        )
    max_steps = check_count("max_steps", max_steps)
    timed = depends_on_time(ds2) if timed is None else timed
    job, warm = _tile_job(
        ds2, tuple(events), equations, scheme, timed, tuple(killing), len(x) >= MANY, precision
    )

    def run(x: np.ndarray, v: np.ndarray) -> tuple[Final, dict]:
        with jax.enable_x64(True):
            end = job(x.astype(kind), v.astype(kind), kind(tolerance), max_steps)
            return jax.tree.map(np.asarray, end)

    return trace_of(*over_tiles(run, x, v, threads=threads, warm=warm), shape)


def path(
    ds2: LineElement,
    position: Any,
    velocity: Any,
    parameter: Any,
    *,
    events: Sequence[Event] | Any = (),
    tolerance: float = 1e-10,
    equations: str = "euler_lagrange",
    scheme: str = "DOP853",
    max_steps: Any = 100_000,
    timed: bool | None = None,
) -> Path:
    """Return points of geodesics at the given affine parameters.

    The integrator stops at each of them, so that every point has the accuracy of the steps.

    Parameters
    ----------
    parameter : array_like, shape (points,)
        Increasing affine parameters, none negative.
    others
        As in :func:`trace`.

    Returns
    -------
    Path

    Raises
    ------
    ValueError
        As :func:`trace`, or if ``parameter`` does not increase.

    Examples
    --------
    >>> from mlphys.physics.line_elements import minkowski
    >>> way = path(minkowski, [0.0, 3.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 4.0])
    >>> way.position[:, 2].round(9)
    array([0., 1., 4.])
    """
    x, v, shape = prepare(ds2, position, velocity, events)
    choose("equations", equations, EQUATIONS)
    choose("scheme", scheme, SCHEMES)
    check_tolerance(tolerance)
    points = np.asarray(parameter, dtype=float)
    rising = points.ndim == 1 and len(points) > 0 and points[0] >= 0 and (np.diff(points) > 0).all()
    if not (rising and np.isfinite(points[-1])):
        raise ValueError(
            "path: expected parameter to be a row of finite, increasing numbers >= 0; "
            f"got shape {points.shape}. Sort it, and start at 0 or later."
        )
    max_steps = check_count("max_steps", max_steps)
    timed = depends_on_time(ds2) if timed is None else timed
    job = _path_job(ds2, tuple(events), equations, scheme, timed)
    with jax.enable_x64(True):
        y, status = jax.tree.map(np.asarray, job(x.T, v.T, points, tolerance, max_steps))
    y = y.transpose(0, 2, 1).reshape(len(points), *shape, 8)
    return Path(points, y[..., :4], y[..., 4:], status.astype(np.int8).reshape(shape))


def rk4_path(
    ds2: LineElement,
    position: Any,
    velocity: Any,
    *,
    step: float,
    steps: Any,
    equations: str = "christoffel",
) -> Path:
    """Return a geodesic by the classical Runge–Kutta method with a fixed step.

    No error is controlled and nothing stops at the hole: a step that jumps over the horizon goes
    unnoticed. For demonstration; use :func:`trace` or :func:`path` for results.

    Parameters
    ----------
    ds2, position, velocity, equations
        As in :func:`trace`.
    step : float
        Increment of the affine parameter.
    steps : int
        Number of increments.

    Returns
    -------
    Path
        ``steps + 1`` points, the start included; NaN from the step on at which ds² gave none.

    Examples
    --------
    >>> from mlphys.physics.line_elements import minkowski
    >>> way = rk4_path(minkowski, [0.0, 3.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0], step=0.5, steps=4)
    >>> way.position[-1]
    array([2., 3., 2., 0.])
    """
    x, v, shape = prepare(ds2, position, velocity, ())
    choose("equations", equations, EQUATIONS)
    steps = check_count("steps", steps)
    if not (np.isfinite(step) and step != 0):
        raise ValueError(f"rk4_path: expected a finite step other than 0; got {step}")
    with jax.enable_x64(True):
        y = np.asarray(_rk4_job(ds2, equations, steps)(x.T, v.T, float(step)))
    y = y.transpose(0, 2, 1).reshape(steps + 1, *shape, 8)
    return Path(step * np.arange(steps + 1), y[..., :4], y[..., 4:], np.zeros(shape, dtype=np.int8))


# Compiled jobs, made once for each line element and set of options


@lru_cache(maxsize=64)
def _tile_job(
    ds2: LineElement,
    events: tuple[Event, ...],
    equations: str,
    scheme: str,
    timed: bool,
    killing: tuple[KillingVector, ...],
    unrolled: bool,
    precision: str,
) -> tuple[Any, set[tuple[int, ...]]]:
    """Return the compiled function of a group of tiles, (tiles, 4, rays), and its shapes so far."""
    del precision  # a compiled function and a set of shapes for each
    motion, table = EQUATIONS[equations](ds2), SCHEMES[scheme]

    def job(x: Any, v: Any, tolerance: Any, max_steps: Any) -> tuple[Final, dict]:
        control = Control(tolerance, max_steps, timed=timed, unrolled=unrolled)

        def one_tile(tile: tuple[Any, Any]) -> tuple[Final, dict]:
            x, v = tile
            start = begin(motion, events, x, v, tolerance=tolerance)
            end = integrate(motion, table, events, start, control)
            speed = jnp.stack(motion.velocity(tuple(end.x), tuple(end.u)))
            before, after = (_constants(ds2, killing, *s) for s in ((x, v), (end.x, speed)))
            final = Final(end.x.T, speed.T, end.status, end.event, end.parameter, end.steps)
            return final, {name: after[name] - before[name] for name in before}

        return lax.map(one_tile, (x, v))

    return compiled(job, **COMPILER, **({} if unrolled else QUICK)), set()


@lru_cache(maxsize=64)
def _path_job(
    ds2: LineElement, events: tuple[Event, ...], equations: str, scheme: str, timed: bool
) -> Any:
    motion, table = EQUATIONS[equations](ds2), SCHEMES[scheme]

    def job(x: Any, v: Any, points: Any, tolerance: Any, max_steps: Any) -> Any:
        start = begin(motion, events, x, v, tolerance=tolerance)

        def go(now: Progress, until: Any) -> tuple[Progress, Any]:
            control = Control(tolerance, max_steps, until=until, timed=timed)
            new = integrate(motion, table, events, now, control)
            point = jnp.concatenate([new.x, jnp.stack(motion.velocity(tuple(new.x), tuple(new.u)))])
            return new, jnp.where(new.status == Status.RUNNING, point, jnp.nan)

        final, points = lax.scan(go, start, points)
        return points, final.status

    return compiled(job, **COMPILER, **QUICK)


@lru_cache(maxsize=64)
def _rk4_job(ds2: LineElement, equations: str, steps: int) -> Any:
    motion = EQUATIONS[equations](ds2)

    def job(x: Any, v: Any, step: Any) -> Any:
        def slope(y: Any) -> Any:
            first, second = motion.derivative(tuple(y[:4]), tuple(y[4:]))
            return jnp.stack([*first, *second])

        def go(y: Any, _: None) -> tuple[Any, Any]:
            k1 = slope(y)
            k2 = slope(y + step / 2 * k1)
            k3 = slope(y + step / 2 * k2)
            k4 = slope(y + step * k3)
            y = y + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
            return y, _with_velocity(motion, y)

        start = jnp.concatenate([x, jnp.stack(motion.start(tuple(x), tuple(v)))])
        _, y = lax.scan(go, start, None, length=steps)
        return jnp.concatenate([jnp.concatenate([x, v])[None], y])

    return compiled(job, **QUICK)


def _with_velocity(motion: Equations, y: Any) -> Any:
    """Return (x, v) for the state (x, u)."""
    x, u = tuple(y[:4]), tuple(y[4:])
    return jnp.stack([*x, *motion.velocity(x, u)])


def _constants(
    ds2: LineElement, killing: tuple[KillingVector, ...], x: Any, v: Any
) -> dict[str, Any]:
    """Return g(v, v) and g(ξ, v) for each Killing vector."""
    p = momentum(ds2)(tuple(x), tuple(v))
    constants = {"norm": sum(p[i] * v[i] for i in range(4))}
    for symmetry in killing:
        field = symmetry.field(tuple(x))
        constants[symmetry.name] = sum(p[i] * field[i] for i in range(4))
    return constants
