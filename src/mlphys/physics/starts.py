"""Checks of where rays start, shared by the tracers on JAX and on TensorFlow."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mlphys.physics.events import Event
from mlphys.physics.spacetime import LineElement, check_metric

__all__ = ["TOLERANCES", "check_count", "check_tolerance", "choose", "prepare"]

TOLERANCES = (1e-14, 1e-2)  # tighter, rounding stops the steps; looser, they mean nothing


def prepare(
    ds2: LineElement, position: Any, velocity: Any, events: Any
) -> tuple[np.ndarray, np.ndarray, tuple[int, ...]]:
    """Return starts as (rays, 4) arrays and their leading axes.

    Raises
    ------
    TypeError
        If ``ds2`` is no line element, or ``events`` no sequence of events.
    ValueError
        If a shape is wrong, the metric at a start is not a spacetime's, a velocity is not finite or
        zero, or a ray starts behind an event.

    Examples
    --------
    >>> from mlphys.physics.line_elements import minkowski
    >>> x, v, shape = prepare(minkowski, [0.0, 1.0, 0.0, 0.0], np.ones((2, 3, 4)), ())
    >>> x.shape, shape
    ((6, 4), (2, 3))
    """
    x, v = _real("position", position), _real("velocity", velocity)
    try:
        x_all, v_all = np.broadcast_arrays(x, v)
    except ValueError:
        raise ValueError(
            "trace: expected position and velocity whose leading axes broadcast; got shapes "
            f"{x.shape} and {v.shape}. Pass one start for each velocity, or one for all."
        ) from None
    shape = x_all.shape[:-1]
    if 0 in shape:
        raise ValueError("trace: expected at least one ray; got none. Check the leading axes.")
    if not np.isfinite(v).all():
        raise ValueError("trace: expected finite velocities; got NaN or infinity. Check the frame.")
    if not v.any(axis=-1).all():
        raise ValueError(
            "trace: expected velocities that point somewhere; got one of four zeros. Use "
            "frames.light or frames.matter; a body at rest moves in time."
        )
    check_metric(ds2, x)
    x, v = (np.ascontiguousarray(a.reshape(-1, 4)) for a in (x_all, v_all))
    _check_start(events, x, v)
    return x, v, shape


def _real(name: str, given: Any) -> np.ndarray:
    """Return (..., 4) numbers as float64."""
    array = np.asarray(given)
    if array.dtype.kind not in "fiub":
        raise TypeError(
            f"trace: expected {name} of real numbers; got {array.dtype}. Take the real part, or "
            "convert it."
        )
    if array.ndim == 0 or array.shape[-1] != 4:
        raise ValueError(
            f"trace: expected {name} of shape (..., 4), components (t, x, y, z) last; "
            f"got {array.shape}. Put the components into the last axis."
        )
    return array.astype(float)


def _check_start(events: Any, x: np.ndarray, v: np.ndarray) -> None:
    if not (isinstance(events, Sequence) and all(isinstance(event, Event) for event in events)):
        raise TypeError(
            "trace: expected events to be a list of Event, such as [captured(0.95), "
            f"escaped(50.0)]; got {events if isinstance(events, Event) else type(events).__name__}"
            ". Put them into a list; a surface of your own is an Event(status, function)."
        )
    for index, event in enumerate(events):
        value = np.asarray(event.function(x, v))
        if value.shape != x.shape[:1]:
            raise ValueError(
                f"trace: expected the function of event #{index} ({event.status.name.lower()}) to "
                f"return one number for each ray; got shape {value.shape} for {len(x)} rays. "
                "Index the last axis of x and v, as `components` does."
            )
        if np.isnan(value).any():
            raise ValueError(
                f"trace: expected the function of event #{index} ({event.status.name.lower()}) to "
                "be a number where rays start; got nan. No ray could ever meet it: correct it."
            )
        if not event.both_ways and (value <= 0).any():
            ray = int(np.argmax(value <= 0))
            raise ValueError(
                f"trace: expected every ray to start before event #{index} "
                f"({event.status.name.lower()}); got one that starts behind it, at "
                f"{tuple(x[ray].tolist())}. Move the start or the event's surface."
            )


def choose(what: str, name: str, known: dict[str, Any]) -> None:
    """Raise unless ``name`` is known."""
    if name not in known:
        raise ValueError(f"trace: expected {what} among {sorted(known)}; got {name!r}")


def check_tolerance(tolerance: float) -> None:
    """Raise unless steps can be controlled with this tolerance.

    Examples
    --------
    >>> check_tolerance(1e-8)
    """
    least, largest = TOLERANCES
    if not least <= tolerance <= largest:
        raise ValueError(
            f"trace: expected a tolerance from {least:g} to {largest:g}; got {tolerance:g}. "
            "Pictures are right from 1e-6 on; 1e-8 is the default of trace."
        )


def check_count(name: str, value: Any, *, least: int = 1) -> int:
    """Return ``value`` as an int if it is a whole number from ``least`` to 2³¹ − 1.

    Examples
    --------
    >>> check_count("max_steps", 10)
    10
    """
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not (whole and least <= value < 2**31):
        raise ValueError(
            f"trace: expected {name} to be a whole number from {least} to 2³¹ − 1; got {value!r}."
        )
    return int(value)
