"""Equations of motion from ds² alone, in three forms, on JAX.

All three describe the same geodesics. With L(x, v) = ½ ds²(x, v):

- *Euler–Lagrange* ``g a = ∂_x L − (v·∂_x) ∂_v L``: state (x, v). One gradient, one directional
  derivative of a gradient and a 4×4 solve: the cheapest, and the default.
- *Hamiltonian* ``ẋ = g⁻¹p, ṗ = ∂_x L(x, v)``: state (x, p). The momentum of a coordinate that ds²
  does not contain is constant to the last bit.
- *Christoffel* ``a^a = −Γ^a_{mn} v^m v^n``: the textbook's; slow, for teaching and tests.

Positions and velocities are tuples of four arrays of one shape, so that a tile of rays is computed
without gaps in memory.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from mlphys.physics.cofactors import Four, solve
from mlphys.physics.line_elements import Components
from mlphys.physics.spacetime import LineElement, christoffel

__all__ = [
    "EQUATIONS",
    "Equations",
    "christoffel_form",
    "depends_on_time",
    "euler_lagrange",
    "hamiltonian",
]


class Equations(NamedTuple):
    """First-order equations for a state (x, u), where u stands for the velocity.

    Attributes
    ----------
    start : callable
        ``start(x, v) -> u``.
    derivative : callable
        ``derivative(x, u) -> (dx/dλ, du/dλ)``.
    velocity : callable
        ``velocity(x, u) -> v``.
    second_order : bool
        Whether u is the velocity itself.
    """

    start: Callable[[Four, Four], Four]
    derivative: Callable[[Four, Four], tuple[Four, Four]]
    velocity: Callable[[Four, Four], Four]
    second_order: bool


def lagrangian(ds2: LineElement) -> Callable[[Four, Four], Any]:
    """Return ``½ Σ ds²(x, v)`` over all rays: its gradient is each ray's own."""
    call = on_components(ds2)
    return lambda x, v: jnp.sum(call(x, v)) / 2


def on_components(function: Callable[[Any, Any], Any]) -> Callable[[Four, Four], Any]:
    """Return ``function(x, v)`` as a function of components.

    It is called with :class:`~mlphys.physics.line_elements.Components`, or, where it was written for
    whole arrays and cannot take them apart, with stacked arrays: same numbers, less speed.
    """

    def call(x: Four, v: Four) -> Any:
        if _takes_components(function):
            return function(Components(x), Components(v))
        return function(jnp.stack(x, -1), jnp.stack(v, -1))

    return call


@lru_cache(maxsize=256)
def _takes_components(function: Callable[[Any, Any], Any]) -> bool:
    part = jax.ShapeDtypeStruct((3,), jnp.float64)

    def attempt(x: Four, v: Four) -> Any:
        return function(Components(x), Components(v))

    try:
        value = jax.eval_shape(attempt, (part,) * 4, (part,) * 4)
    except (AttributeError, IndexError, TypeError, ValueError):
        return False
    return getattr(value, "shape", None) == (3,)


@lru_cache(maxsize=256)
def depends_on_time(ds2: LineElement) -> bool:
    """Return whether the code of ``ds2`` uses the time coordinate of the event.

    A line element that takes whole arrays instead of components is taken to use it.

    Examples
    --------
    >>> from mlphys.physics.line_elements import schwarzschild
    >>> depends_on_time(schwarzschild)
    False
    """
    with jax.enable_x64(True):
        if not _takes_components(ds2):
            return True
        part = jax.ShapeDtypeStruct((3,), jnp.float64)
        code = jax.make_jaxpr(on_components(ds2))((part,) * 4, (part,) * 4).jaxpr
    time = code.invars[0]
    return any(variable is time for line in code.eqns for variable in line.invars)


def momentum(ds2: LineElement) -> Callable[[Four, Four], Four]:
    """Return the function ``p_m = g_{mn} v^n``, the gradient of the Lagrangian."""
    return jax.grad(lagrangian(ds2), argnums=1)


def columns(ds2: LineElement, x: Four) -> list[Four]:
    """Return the four columns of the metric, ``p`` of each unit velocity."""
    p, one = momentum(ds2), jnp.ones_like(x[0])

    def along(i: int) -> Callable[[Any], Four]:
        return lambda part: p(x, tuple(part if j == i else x[j] for j in range(4)))

    # p is linear in v: its derivative in one component is a column, whatever the others are
    return [jax.jvp(along(i), (one,), (one,))[1] for i in range(4)]


def euler_lagrange(ds2: LineElement) -> Equations:
    """Return the Euler–Lagrange equations of ``ds2``."""

    def derivative(x: Four, v: Four) -> tuple[Four, Four]:
        force = jax.grad(lagrangian(ds2))(x, v)
        _, turn = jax.jvp(lambda event: momentum(ds2)(event, v), (x,), (v,))
        return v, solve(columns(ds2, x), _held(tuple(force[i] - turn[i] for i in range(4))))

    return Equations(lambda x, v: v, derivative, lambda x, v: v, second_order=True)


def hamiltonian(ds2: LineElement) -> Equations:
    """Return Hamilton's equations of ``ds2``."""

    def velocity(x: Four, p: Four) -> Four:
        return solve(columns(ds2, x), p)

    def derivative(x: Four, p: Four) -> tuple[Four, Four]:
        v = _held(velocity(x, p))
        return v, jax.grad(lagrangian(ds2))(x, v)

    return Equations(momentum(ds2), derivative, velocity, second_order=False)


def christoffel_form(ds2: LineElement) -> Equations:
    """Return the textbook's geodesic equation of ``ds2``."""

    def derivative(x: Four, v: Four) -> tuple[Four, Four]:
        gamma = christoffel(ds2, jnp.stack(x, -1))
        speed = jnp.stack(v, -1)
        a = -jnp.einsum("...amn,...m,...n->...a", gamma, speed, speed)
        return v, (a[..., 0], a[..., 1], a[..., 2], a[..., 3])

    return Equations(lambda x, v: v, derivative, lambda x, v: v, second_order=True)


def _held(parts: Four) -> Four:
    """Return the parts as they are, but computed here, once.

    XLA would compute an intermediate result again in every kernel that uses it: for a metric as long
    as that of a rotating hole, 1.2 (Hamiltonian) to 6 times (Euler–Lagrange) slower in all. Pairs
    travel as complex numbers, for the reason that :mod:`mlphys.physics.adaptive` gives.
    """
    pairs = [lax.complex(parts[0], parts[1]), lax.complex(parts[2], parts[3])]
    a, b = lax.optimization_barrier(pairs)
    return a.real, a.imag, b.real, b.imag


EQUATIONS: dict[str, Callable[[LineElement], Equations]] = {
    "euler_lagrange": euler_lagrange,
    "hamiltonian": hamiltonian,
    "christoffel": christoffel_form,
}
