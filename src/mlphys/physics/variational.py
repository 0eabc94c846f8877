"""Variational equations: how a ray and its derivative by a parameter move on together.

For a family of line elements ``ds2(x, dx, p)`` and L(x, v, p) = ½ ds²(x, v, p), the state holds the
ray (x, u) and its derivatives (δx, δu) as p moves along a direction δp: 8 rows each. δ is the
derivative along (δx, δv, δp), and acts on functions of (x, v, p). Then

- *Euler–Lagrange* ``g a = f`` gives ``g δa = δ(f − g a)`` with a held fixed on the right;
- *Hamiltonian* ``g v = m, ṁ = ∂_x L`` gives ``g δv = δm − δ(g) v`` and ``δṁ = δ(∂_x L)``.

No derivative of an inverse matrix is needed: the inverse for the ray serves both.
Conventions as in :mod:`mlphys.physics.equations`.
Imports JAX.
"""

from collections.abc import Callable
from typing import Any, cast

import jax
import jax.numpy as jnp
from jax import lax

from mlphys.physics.cofactors import Four, solve
from mlphys.physics.equations import Equations, columns, lagrangian, momentum

__all__ = ["FORMS", "Family", "euler_lagrange", "hamiltonian"]

Family = Callable[[Any, Any, Any], Any]
Rows = tuple[Any, ...]


def euler_lagrange(ds2: Family, p: Any, dp: Any) -> Equations:
    """Return the Euler–Lagrange equations of a ray and of its derivative along ``dp``.

    Parameters
    ----------
    ds2 : callable
        Family of line elements.
    p, dp : array, shape (parameters,)
        Parameters, and the direction in which to differentiate.

    Returns
    -------
    Equations
        For states of eight rows: the ray, then its derivative.
    """

    def force(x: Four, v: Four, a: Four, p: Any) -> Four:
        """Return ``∂_x L − d/dλ ∂_v L`` along (v, a), which vanishes for the ray's own a."""
        pull = jax.grad(_lagrangian(ds2, p))(x, v)
        _, turn = jax.jvp(momentum(_member(ds2, p)), (x, v), (v, a))
        return _minus(pull, turn)

    def derivative(x: Rows, v: Rows) -> tuple[Rows, Rows]:
        (x, dx), (v, dv) = _halves(x), _halves(v)
        inverse = _inverse(_member(ds2, p), x)
        a = _keep(_apply(inverse, force(x, v, _zeros(x), p)))
        change = jax.jvp(lambda x, v, p: force(x, v, a, p), (x, v, p), (dx, dv, dp))[1]
        return v + dv, a + _apply(inverse, change)

    return Equations(lambda x, v: v, derivative, lambda x, v: v, second_order=True)


def hamiltonian(ds2: Family, p: Any, dp: Any) -> Equations:
    """Return Hamilton's equations of a ray and of its derivative along ``dp``.

    Parameters and result are those of :func:`euler_lagrange`; u holds momenta.
    """

    def momenta(x: Four, v: Four, p: Any) -> Four:
        return momentum(_member(ds2, p))(x, v)

    def start(x: Rows, v: Rows) -> Rows:
        (x, dx), (v, dv) = _halves(x), _halves(v)
        m, dm = jax.jvp(momenta, (x, v, p), (dx, dv, dp))
        return m + dm

    def velocity(x: Rows, m: Rows) -> Rows:
        (x, dx), (m, dm) = _halves(x), _halves(m)
        inverse = _inverse(_member(ds2, p), x)
        v = _keep(_apply(inverse, m))
        change = jax.jvp(lambda x, p: momenta(x, v, p), (x, p), (dx, dp))[1]
        return v + _keep(_apply(inverse, _minus(dm, change)))

    def derivative(x: Rows, m: Rows) -> tuple[Rows, Rows]:
        speed = velocity(x, m)
        (x, dx), (v, dv) = _halves(x), _halves(speed)
        pull, change = jax.jvp(
            lambda x, v, p: jax.grad(_lagrangian(ds2, p))(x, v), (x, v, p), (dx, dv, dp)
        )
        return speed, pull + change

    return Equations(start, derivative, velocity, second_order=False)


FORMS: dict[str, Callable[[Family, Any, Any], Equations]] = {
    "euler_lagrange": euler_lagrange,
    "hamiltonian": hamiltonian,
}


def _member(ds2: Family, p: Any) -> Callable[[Any, Any], Any]:
    return lambda x, dx: ds2(x, dx, p)


def _lagrangian(ds2: Family, p: Any) -> Callable[[Four, Four], Any]:
    return lagrangian(_member(ds2, p))


def _halves(rows: Rows) -> tuple[Four, Four]:
    return cast("Four", rows[:4]), cast("Four", rows[4:])


def _zeros(x: Four) -> Four:
    return cast("Four", tuple(jnp.zeros_like(part) for part in x))


def _minus(a: Rows, b: Rows) -> Four:
    return cast("Four", tuple(one - two for one, two in zip(a, b, strict=True)))


def _inverse(member: Callable, x: Four) -> list[Rows]:
    """Return the inverse metric, each pair of components computed once."""
    one, g = jnp.ones_like(x[0]), columns(member, x)
    rows = []
    for i in range(4):
        rows.append(solve(g, cast("Four", tuple(one if i == j else 0 * one for j in range(4)))))
    upper = [(i, j) for i in range(4) for j in range(i, 4)]
    kept = dict(zip(upper, _keep(tuple(rows[i][j] for i, j in upper)), strict=True))
    return [tuple(kept[min(i, j), max(i, j)] for j in range(4)) for i in range(4)]


def _apply(inverse: list[Rows], b: Rows) -> Four:
    return cast("Four", tuple(sum(row[j] * b[j] for j in range(4)) for row in inverse))


def _keep(parts: Rows) -> Any:
    """Return the same arrays, two by two behind a barrier: see :mod:`mlphys.physics.adaptive`."""
    pairs = [lax.complex(parts[i], parts[i + 1]) for i in range(0, len(parts), 2)]
    pairs = lax.optimization_barrier(pairs)
    return tuple(part(pair) for pair in pairs for part in (jnp.real, jnp.imag))
