"""Killing vectors: the symmetries of a spacetime, declared so that a tracer can watch what they save.

A Killing vector ξ makes ``g(ξ, v)`` constant along every geodesic: time translation saves the
energy ``E = −g(∂_t, v)``, a rotation saves an angular momentum. The tracer does not use them; it
reports how well it kept them.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

__all__ = ["AXIAL", "NONE", "SPHERICAL", "KillingVector"]


class KillingVector(NamedTuple):
    """A symmetry and the name of what it saves.

    Attributes
    ----------
    name : str
        Key in the tracer's report, for example ``"energy"``.
    field : callable
        The four components ``(t, x, y, z)`` to the four components of ξ; entries may be numbers.
    """

    name: str
    field: Callable[[tuple], tuple]


def _time(x: tuple) -> tuple:
    return (-1.0, 0.0, 0.0, 0.0)


def _rotation_x(x: tuple) -> tuple[Any, ...]:
    return (0.0, 0.0, -x[3], x[2])


def _rotation_y(x: tuple) -> tuple[Any, ...]:
    return (0.0, x[3], 0.0, -x[1])


def _rotation_z(x: tuple) -> tuple[Any, ...]:
    return (0.0, -x[2], x[1], 0.0)


NONE: tuple[KillingVector, ...] = ()
AXIAL = (KillingVector("energy", _time), KillingVector("angular_momentum_z", _rotation_z))
SPHERICAL = (
    KillingVector("energy", _time),
    KillingVector("angular_momentum_x", _rotation_x),
    KillingVector("angular_momentum_y", _rotation_y),
    KillingVector("angular_momentum_z", _rotation_z),
)
