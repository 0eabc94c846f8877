"""Where a ray ends: events, and the words for how it ended.

An event is a function of position and velocity that changes sign where something happens: at a
sphere, at a plane, at any surface. It is batched like a line element: ``(..., 4)`` arrays in,
``(...)`` out, and runs on JAX and TensorFlow alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from numbers import Real
from typing import Any

from mlphys.physics.line_elements import components, namespace

__all__ = ["Event", "Status", "captured", "crossed_plane", "escaped"]


class Status(IntEnum):
    """How a ray ended. A ray that could not be finished is FAILED, never CAPTURED."""

    RUNNING = 0
    ESCAPED = 1
    CAPTURED = 2
    CROSSED = 3
    FAILED = 4


@dataclass(frozen=True)
class Event:
    """A surface at which a ray stops.

    Attributes
    ----------
    status : Status
        What a ray is called that stopped here.
    function : callable
        ``function(x, v)``, arrays of shape (..., 4) to shape (...); the ray stops after the step
        in which its sign changes.
    locate : bool
        Whether the ray is then brought onto the surface exactly, at a cost of about two steps.
    both_ways : bool
        Whether a change from negative to positive counts, too. A ray must not start where a
        one-way event is not positive.
    """

    status: Status
    function: Callable[[Any, Any], Any]
    locate: bool = False
    both_ways: bool = False

    def __post_init__(self) -> None:
        if self.status not in (Status.ESCAPED, Status.CAPTURED, Status.CROSSED):
            raise ValueError(
                "Event: expected Status.ESCAPED, CAPTURED or CROSSED, words for how a ray ended; "
                f"got {self.status!r}. A ray FAILED only if no event could be reached."
            )


@lru_cache(maxsize=64)
def captured(radius: Any, *, locate: bool = False) -> Event:
    """Return the event of falling to x² + y² + z² = ``radius²``.

    In ingoing coordinates choose a radius just inside the horizon (0.95 r_s); in a chart that ends
    at the horizon, one just outside.

    Examples
    --------
    >>> captured(0.95).status.name
    'CAPTURED'
    """
    _check_radius("captured", radius)
    return Event(Status.CAPTURED, lambda x, v: _distance(x) - radius, locate=locate)


@lru_cache(maxsize=64)
def escaped(radius: Any, *, locate: bool = False) -> Event:
    """Return the event of rising beyond x² + y² + z² = ``radius²``.

    Examples
    --------
    >>> import numpy as np
    >>> event = escaped(50.0)
    >>> float(event.function(np.array([0.0, 30.0, 40.0, 0.0]), None))
    0.0
    """
    _check_radius("escaped", radius)
    return Event(Status.ESCAPED, lambda x, v: radius - _distance(x), locate=locate)


@lru_cache(maxsize=64)
def crossed_plane(normal: tuple[float, float, float] = (0.0, 0.0, 1.0)) -> Event:
    """Return the event of crossing the plane through the origin with this normal, either way.

    Examples
    --------
    >>> import numpy as np
    >>> float(crossed_plane().function(np.array([0.0, 1.0, 2.0, 3.0]), None))
    3.0
    """
    a, b, c = normal
    if not 0 < a * a + b * b + c * c < float("inf"):
        raise ValueError(f"crossed_plane: expected a normal that points somewhere; got {normal}")

    def height(x: Any, v: Any) -> Any:
        del v
        _, x, y, z = components(x)
        return a * x + b * y + c * z

    return Event(Status.CROSSED, height, locate=True, both_ways=True)


def _check_radius(name: str, radius: Any) -> None:
    if not (isinstance(radius, Real) and 0 < float(radius) < float("inf")):
        raise ValueError(
            f"{name}: expected a radius above 0 and finite; got {radius!r}. No ray would ever "
            "meet such a sphere."
        )


def _distance(x: Any) -> Any:
    _, x, y, z = components(x)
    return namespace(x).sqrt(x * x + y * y + z * z)
