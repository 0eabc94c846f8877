"""Rays of an observer at rest, as a function of parameters that JAX can differentiate.

The frame is that of :func:`mlphys.physics.frames.static_frame`, by the same elimination in the same
order, but in JAX: when the mass or the distance changes, so do the observer's clock and rulers, and
with them the rays of given pixels.
"""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from mlphys.physics.variational import Family
from mlphys.physics.variations import Start

__all__ = ["make_start"]


def make_start(
    ds2: Family,
    directions: Any,
    *,
    place: Callable[[Any], Sequence[Any]] = lambda p: (0.0, p[1], 0.0, 0.0),
    up: Sequence[float] = (0.0, 0.0, 1.0),
) -> Start:
    """Return ``start(p)``: light rays that leave an observer who looks at the origin.

    Parameters
    ----------
    ds2 : callable
        Family of line elements ``ds2(x, dx, p)``.
    directions : array_like, shape (..., 3)
        Unit vectors along the observer's legs forward, left and up.
    place : callable
        The observer's event ``(t, x, y, z)`` as a function of p; by default on the x axis, at the
        distance p[1].
    up : sequence of float
        Coordinate direction that is roughly up.

    Returns
    -------
    callable
        ``start(p)`` for :func:`mlphys.physics.variations.trace_variations`: NaN where no observer
        can rest.

    Examples
    --------
    >>> from mlphys.physics.line_elements import schwarzschild
    >>> start = make_start(lambda x, dx, p: schwarzschild(x, dx, r_s=p[0]), [1.0, 0.0, 0.0])
    >>> with jax.enable_x64(True):
    ...     print(np.asarray(start(jnp.array([1.0, 4.0]))[1]).round(4))
    [ 1.1547 -0.866   0.      0.    ]
    """
    directions, above = np.asarray(directions, dtype=float), np.asarray(up, dtype=float)

    def start(p: Any) -> tuple[Any, Any]:
        x = jnp.stack([jnp.asarray(part, dtype=float) for part in place(p)])
        g = jax.hessian(lambda dx: ds2(x, dx, p))(jnp.zeros(4)) / 2
        ahead = -x[1:]
        rows = jnp.stack([ahead, jnp.cross(jnp.asarray(above), ahead), jnp.asarray(above)])
        basis = jnp.zeros((4, 4)).at[0, 0].set(1.0).at[1:, 1:].set(rows)
        frame = _gram_schmidt(g, basis)
        return x, jnp.asarray(directions) @ frame[1:] + frame[0]

    return start


def _gram_schmidt(g: Any, vectors: Any) -> Any:
    legs: list[Any] = []
    for index, sign in enumerate((-1.0, 1.0, 1.0, 1.0)):
        leg = vectors[index]
        for other_sign, other in zip((-1.0, 1.0, 1.0), legs, strict=False):
            leg = leg - other_sign * (leg @ g @ other) * other
        legs.append(leg / jnp.sqrt(sign * (leg @ g @ leg)))
    return jnp.stack(legs)
