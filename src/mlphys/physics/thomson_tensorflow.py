"""Thomson's energy in TensorFlow: the twin of :mod:`mlphys.physics.thomson_jax`.

The same three ways to leave out the diagonal, under the same names; the gradients of the two
libraries agree to rounding, the wrong one included. Chapter: *Electrons on a sphere*.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

__all__ = ["DIAGONALS", "tensorflow_energy", "tensorflow_gradient", "tensorflow_objective"]


def without_diagonal(square: Any) -> Any:
    """Return a square tensor without its diagonal, shape (n, n) to (n − 1, n)."""
    n = tf.shape(square)[0]
    return tf.reshape(tf.reshape(square, [-1])[1:], [n - 1, n + 1])[:, :-1]


def _alone(square: Any) -> Any:
    return tf.eye(tf.shape(square)[0], dtype=tf.float64) > 0


def _reshape(squared: Any) -> Any:
    return 1 / tf.sqrt(without_diagonal(squared))


def _double_where(squared: Any) -> Any:
    alone = _alone(squared)
    safe = tf.where(alone, tf.ones_like(squared), squared)
    return tf.where(alone, tf.zeros_like(squared), 1 / tf.sqrt(safe))


def _where(squared: Any) -> Any:
    return tf.where(_alone(squared), tf.zeros_like(squared), 1 / tf.sqrt(squared))


DIAGONALS: dict[str, Callable[[Any], Any]] = {
    "reshape": _reshape,
    "double_where": _double_where,
    "where": _where,
}


def tensorflow_energy(points: Any, *, diagonal: str = "reshape") -> Any:
    """Return Thomson's energy as a TensorFlow number.

    Parameters
    ----------
    points : tensor, shape (n, 3)
        Anywhere in space, float64.
    diagonal : {"reshape", "double_where", "where"}
        How to leave out the pairs of an electron with itself.

    Raises
    ------
    ValueError
        If the way is unknown.

    Examples
    --------
    >>> float(tensorflow_energy(tf.constant([[0.0, 0, 1], [0, 0, -1]], tf.float64)))
    0.5
    """
    if diagonal not in DIAGONALS:
        raise ValueError(
            f"tensorflow_energy: expected one of {sorted(DIAGONALS)}; got {diagonal!r}"
        )
    apart = points[:, None] - points
    return tf.reduce_sum(DIAGONALS[diagonal](tf.reduce_sum(apart * apart, -1))) / 2


def tensorflow_gradient(points: Any, *, diagonal: str = "reshape") -> np.ndarray:
    """Return the gradient of :func:`tensorflow_energy` in float64, shape (n, 3).

    Examples
    --------
    >>> tensorflow_gradient([[0, 0, 1], [0, 0, -1]])[0] + 0.0
    array([ 0.  ,  0.  , -0.25])
    """
    at = tf.constant(np.asarray(points, dtype=float))
    with tf.GradientTape() as tape:
        tape.watch(at)
        value = tensorflow_energy(at, diagonal=diagonal)
    return np.asarray(tape.gradient(value, at))


def tensorflow_objective(
    n: int, *, diagonal: str = "reshape"
) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    """Return energy and gradient of ``E(x/|x|)`` for minimizers, traced into one graph.

    Examples
    --------
    >>> from mlphys.derivatives.minimize import minimize
    >>> start = np.array([1.0, 0, 0, 0, 1, 0, 0, 0, 1, -1, -1, 0])
    >>> minimize(tensorflow_objective(4), start, method="bfgs").value.__round__(9)
    3.674234614
    """

    @tf.function(input_signature=[tf.TensorSpec([3 * n], tf.float64)])
    def both(x: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(x)
            points = tf.reshape(x, [n, 3])
            unit = points / tf.norm(points, axis=-1, keepdims=True)
            value = tensorflow_energy(unit, diagonal=diagonal)
        return value, tape.gradient(value, x)

    def objective(x: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = both(tf.constant(x))
        return float(value), gradient.numpy()

    return objective
