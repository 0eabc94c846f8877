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

from mlphys.physics.line_elements import Components
from mlphys.physics.spacetime import LineElement, christoffel

__all__ = ["EQUATIONS", "Equations", "christoffel_form", "euler_lagrange", "hamiltonian"]

Four = tuple[Any, Any, Any, Any]


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
        return v, solve(columns(ds2, x), tuple(force[i] - turn[i] for i in range(4)))

    return Equations(lambda x, v: v, derivative, lambda x, v: v, second_order=True)


def hamiltonian(ds2: LineElement) -> Equations:
    """Return Hamilton's equations of ``ds2``."""

    def velocity(x: Four, p: Four) -> Four:
        return solve(columns(ds2, x), p)

    def derivative(x: Four, p: Four) -> tuple[Four, Four]:
        v = velocity(x, p)
        return v, jax.grad(lagrangian(ds2))(x, v)

    return Equations(momentum(ds2), derivative, velocity, second_order=False)


def christoffel_form(ds2: LineElement) -> Equations:
    """Return the textbook's geodesic equation of ``ds2``."""

    def derivative(x: Four, v: Four) -> tuple[Four, Four]:
        gamma = christoffel(ds2, jnp.stack(x, -1))
        speed = jnp.stack(v, -1)
        acceleration = -jnp.einsum("...amn,...m,...n->...a", gamma, speed, speed)
        return v, tuple(acceleration[..., i] for i in range(4))

    return Equations(lambda x, v: v, derivative, lambda x, v: v, second_order=True)


def solve(matrix: list[Four], b: Four) -> Four:
    """Solve a symmetric 4×4 system for each ray by cofactors, without pivots.

    Elimination would have to pivot: g_tt vanishes at the edge of an ergosphere.
    """
    (a00, a01, a02, a03), (_, a11, a12, a13), (_, _, a22, a23), (_, _, _, a33) = matrix
    # 2×2 minors of the upper two rows (s) and of the lower two (c)
    s0, s1, s2 = a00 * a11 - a01 * a01, a00 * a12 - a01 * a02, a00 * a13 - a01 * a03
    s3, s4, s5 = a01 * a12 - a11 * a02, a01 * a13 - a11 * a03, a02 * a13 - a12 * a03
    c0, c1, c2 = s5, a02 * a23 - a03 * a22, a02 * a33 - a03 * a23
    c3, c4, c5 = a12 * a23 - a13 * a22, a12 * a33 - a13 * a23, a22 * a33 - a23 * a23
    determinant = s0 * c5 - s1 * c4 + s2 * c3 + s3 * c2 - s4 * c1 + s5 * c0
    i00 = a11 * c5 - a12 * c4 + a13 * c3
    i01 = a02 * c4 - a01 * c5 - a03 * c3
    i02 = a13 * s5 - a23 * s4 + a33 * s3
    i03 = a22 * s4 - a12 * s5 - a23 * s3
    i11 = a00 * c5 - a02 * c2 + a03 * c1
    i12 = a23 * s2 - a03 * s5 - a33 * s1
    i13 = a02 * s5 - a22 * s2 + a23 * s1
    i22 = a03 * s4 - a13 * s2 + a33 * s0
    i23 = a12 * s2 - a02 * s4 - a23 * s0
    i33 = a02 * s3 - a12 * s1 + a22 * s0
    b0, b1, b2, b3 = b
    return (
        (i00 * b0 + i01 * b1 + i02 * b2 + i03 * b3) / determinant,
        (i01 * b0 + i11 * b1 + i12 * b2 + i13 * b3) / determinant,
        (i02 * b0 + i12 * b1 + i22 * b2 + i23 * b3) / determinant,
        (i03 * b0 + i13 * b1 + i23 * b2 + i33 * b3) / determinant,
    )


EQUATIONS: dict[str, Callable[[LineElement], Equations]] = {
    "euler_lagrange": euler_lagrange,
    "hamiltonian": hamiltonian,
    "christoffel": christoffel_form,
}
