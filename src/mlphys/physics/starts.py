"""Checks of where rays start, shared by the tracers on JAX and on TensorFlow."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mlphys.physics.events import Event
from mlphys.physics.spacetime import LineElement, check_metric

__all__ = ["TOLERANCES", "check_tolerance", "choose", "prepare"]

TOLERANCES = (1e-14, 1e-2)  # tighter, rounding stops the steps; looser, they mean nothing


def prepare(
    ds2: LineElement, position: Any, velocity: Any, events: Sequence[Event]
) -> tuple[np.ndarray, np.ndarray, tuple[int, ...]]:
    """Return starts as (rays, 4) arrays and their leading axes.

    Raises
    ------
    ValueError
        If a shape is wrong, the metric at a start is not a spacetime's, a velocity is not finite,
        or a ray starts behind an event.

    Examples
    --------
    >>> from mlphys.physics.line_elements import minkowski
    >>> x, v, shape = prepare(minkowski, [0.0, 1.0, 0.0, 0.0], np.ones((2, 3, 4)), ())
    >>> x.shape, shape
    ((6, 4), (2, 3))
    """
    x, v = np.asarray(position, dtype=float), np.asarray(velocity, dtype=float)
    for name, array in (("position", x), ("velocity", v)):
        if array.ndim == 0 or array.shape[-1] != 4:
            raise ValueError(
                f"trace: expected {name} of shape (..., 4), components (t, x, y, z) last; "
                f"got {array.shape}. Put the components into the last axis."
            )
    x, v = np.broadcast_arrays(x, v)
    shape = x.shape[:-1]
    x, v = np.ascontiguousarray(x.reshape(-1, 4)), np.ascontiguousarray(v.reshape(-1, 4))
    if len(x) == 0:
        raise ValueError("trace: expected at least one ray; got none. Check the leading axes.")
    if not np.isfinite(v).all():
        raise ValueError("trace: expected finite velocities; got NaN or infinity. Check the frame.")
    check_metric(ds2, x[:: max(1, len(x) // 8)])
    _check_start(events, x, v)
    return x, v, shape


def _check_start(events: Sequence[Event], x: np.ndarray, v: np.ndarray) -> None:
    for index, event in enumerate(events):
        value = np.asarray(event.function(x, v))
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
