"""Thomson's energy in JAX: three ways to leave out the diagonal, and objectives for minimizers.

An electron does not repel itself, so the n×n array of distances has a diagonal of zeros that must
not reach ``1/r``. The twin for TensorFlow is :mod:`mlphys.physics.thomson_tensorflow`.

- ``"reshape"``: drop the diagonal before anything is divided. Read in one row, it stands at every
  ``(n+1)``-th place; without the first number, the array of shape (n−1, n+1) has it in its last
  column.
- ``"double_where"``: replace the zeros by ones, divide, replace the results by zeros.
- ``"where"``: divide, then replace what is infinite by zero. Right as a value, wrong as a gradient:
  the derivative of the branch that was not taken is infinite, and ``0 · ∞`` is not a number.

Chapter: *Electrons on a sphere*.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from mlphys.physics.compiling import compiled

__all__ = ["DIAGONALS", "jax_energy", "jax_gradient", "jax_objective"]


def without_diagonal(square: Any) -> Any:
    """Return a square array without its diagonal, shape (n, n) to (n − 1, n)."""
    n = len(square)
    return square.reshape(-1)[1:].reshape(n - 1, n + 1)[:, :-1]


def _reshape(squared: Any) -> Any:
    return 1 / jnp.sqrt(without_diagonal(squared))


def _double_where(squared: Any) -> Any:
    alone = jnp.eye(len(squared), dtype=bool)
    return jnp.where(alone, 0.0, 1 / jnp.sqrt(jnp.where(alone, 1.0, squared)))


def _where(squared: Any) -> Any:
    return jnp.where(jnp.eye(len(squared), dtype=bool), 0.0, 1 / jnp.sqrt(squared))


DIAGONALS: dict[str, Callable[[Any], Any]] = {
    "reshape": _reshape,
    "double_where": _double_where,
    "where": _where,
}


def jax_energy(points: Any, *, diagonal: str = "reshape") -> Any:
    """Return Thomson's energy as a JAX number; to be differentiated, compiled, or both.

    Parameters
    ----------
    points : array, shape (n, 3)
        Anywhere in space.
    diagonal : {"reshape", "double_where", "where"}
        How to leave out the pairs of an electron with itself.

    Raises
    ------
    ValueError
        If the way is unknown.

    Examples
    --------
    >>> float(jax_energy(jnp.array([[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]])))
    0.5
    """
    if diagonal not in DIAGONALS:
        raise ValueError(f"jax_energy: expected one of {sorted(DIAGONALS)}; got {diagonal!r}")
    apart = points[:, None] - points
    return DIAGONALS[diagonal]((apart * apart).sum(-1)).sum() / 2


def jax_gradient(points: Any, *, diagonal: str = "reshape") -> np.ndarray:
    """Return the gradient of :func:`jax_energy` in float64, shape (n, 3).

    Examples
    --------
    >>> jax_gradient([[0, 0, 1], [0, 0, -1]])[0] + 0.0
    array([ 0.  ,  0.  , -0.25])
    >>> bool(np.isnan(jax_gradient([[0, 0, 1], [0, 0, -1]], diagonal="where")).all())
    True
    """
    with jax.enable_x64(True):
        at = jnp.asarray(np.asarray(points, dtype=float))
        return np.asarray(jax.grad(lambda x: jax_energy(x, diagonal=diagonal))(at))


def jax_objective(
    n: int, *, diagonal: str = "reshape", energy: Callable[[Any], Any] | None = None
) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    """Return energy and gradient of ``E(x/|x|)`` for minimizers, compiled.

    Parameters
    ----------
    n : int
        Number of electrons.
    diagonal : {"reshape", "double_where", "where"}
        As for :func:`jax_energy`.
    energy : callable, optional
        Another energy of points on the sphere, shape (n, 3).

    Examples
    --------
    >>> from mlphys.derivatives.minimize import minimize
    >>> start = np.array([1.0, 0, 0, 0, 1, 0, 0, 0, 1, -1, -1, 0])
    >>> minimize(jax_objective(4), start, method="bfgs").value.__round__(9)
    3.674234614
    """
    chosen = energy or (lambda unit: jax_energy(unit, diagonal=diagonal))

    def on_the_sphere(x: Any) -> Any:
        points = x.reshape(n, 3)
        return chosen(points / jnp.sqrt((points * points).sum(-1, keepdims=True)))

    with jax.enable_x64(True):
        both = compiled(jax.value_and_grad(on_the_sphere))

    def objective(x: np.ndarray) -> tuple[float, np.ndarray]:
        with jax.enable_x64(True):
            value, gradient = both(x)
            return float(value), np.asarray(gradient)

    return objective
