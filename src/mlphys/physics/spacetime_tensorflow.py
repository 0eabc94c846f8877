"""Curved spacetime from ds², on TensorFlow: the twin of :mod:`mlphys.physics.spacetime`.

The same functions of the same line elements by ``tf.GradientTape.batch_jacobian``, one tape for each
derivative. It agrees with the JAX version to 1e-10 and better; tests compare the two. Arrays or
tensors in, NumPy arrays out, float64.

Chapter: Curved spacetime from ds².
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

import numpy as np
import tensorflow as tf

from mlphys.physics.line_element_contract import check_line_element
from mlphys.physics.spacetime import LineElement, check_events

__all__ = ["christoffel", "inverse_metric", "kretschmann", "metric", "ricci", "riemann"]


def metric(ds2: LineElement, x: Any) -> np.ndarray:
    """Return ``g_{mn} = ½ ∂²ds²/∂dx^m ∂dx^n``, shape (..., 4, 4); see the JAX twin.

    Examples
    --------
    >>> from mlphys.physics.line_elements import schwarzschild
    >>> np.diagonal(metric(schwarzschild, [0.0, 5.0, 0.0, 0.0])).round(12)
    array([-0.8 ,  1.25,  1.  ,  1.  ])
    """
    return _at_events(_metric, ds2, x)


def inverse_metric(ds2: LineElement, x: Any) -> np.ndarray:
    """Return ``g^{mn}``, shape (..., 4, 4); see the JAX twin."""
    return _at_events(_inverse_metric, ds2, x)


def christoffel(ds2: LineElement, x: Any) -> np.ndarray:
    """Return ``Γ[..., a, m, n] = Γ^a_{mn}``; see the JAX twin.

    Examples
    --------
    >>> from mlphys.physics.line_elements import schwarzschild
    >>> gamma = christoffel(schwarzschild, [0.0, 5.0, 0.0, 0.0])
    >>> [round(float(gamma[i]), 12) for i in ((0, 0, 1), (1, 0, 0), (1, 1, 1), (1, 2, 2))]
    [0.025, 0.016, -0.025, 0.04]
    """
    return _at_events(_christoffel, ds2, x)


def riemann(ds2: LineElement, x: Any) -> np.ndarray:
    """Return ``R[..., a, b, m, n] = R^a_{bmn}``; see the JAX twin."""
    return _at_events(_riemann, ds2, x)


def ricci(ds2: LineElement, x: Any) -> np.ndarray:
    """Return ``R_{bn} = R^a_{ban}``, shape (..., 4, 4); see the JAX twin."""
    return np.einsum("...aban->...bn", riemann(ds2, x))


def kretschmann(ds2: LineElement, x: Any) -> np.ndarray:
    """Return ``R_{abmn} R^{abmn}``, shape (...); see the JAX twin."""
    mixed, g, inverse = riemann(ds2, x), metric(ds2, x), inverse_metric(ds2, x)
    lowered = np.einsum("...ap,...pbmn->...abmn", g, mixed)
    raised = np.einsum("...pbmn,...bq,...mr,...ns->...pqrs", mixed, inverse, inverse, inverse)
    return np.sum(lowered * raised, axis=(-4, -3, -2, -1))


def _metric(ds2: LineElement, x: tf.Tensor) -> tf.Tensor:
    dx = tf.zeros_like(x)
    with tf.GradientTape() as outer:
        outer.watch(dx)
        with tf.GradientTape() as inner:
            inner.watch(dx)
            value = ds2(x, dx)
        slope = cast("tf.Tensor", inner.gradient(value, dx))  # dense: nothing is gathered by index
    return _jacobian(outer, slope, dx) / 2


def _inverse_metric(ds2: LineElement, x: tf.Tensor) -> tf.Tensor:
    g = _metric(ds2, x)
    return tf.linalg.solve(g, tf.eye(4, batch_shape=tf.shape(x)[:1], dtype=g.dtype))


def _christoffel(ds2: LineElement, x: tf.Tensor) -> tf.Tensor:
    with tf.GradientTape() as tape:
        tape.watch(x)
        g = _metric(ds2, x)
    slope = _jacobian(tape, g, x)  # slope[:, m, n, k] = ∂_k g_{mn}
    lowered = (
        tf.transpose(slope, [0, 1, 3, 2]) + slope - tf.transpose(slope, [0, 3, 1, 2])
    ) / 2  # Γ_{bmn}
    solution = tf.linalg.solve(g, tf.reshape(lowered, [-1, 4, 16]))
    return tf.reshape(solution, [-1, 4, 4, 4])


def _riemann(ds2: LineElement, x: tf.Tensor) -> tf.Tensor:
    with tf.GradientTape() as tape:
        tape.watch(x)
        gamma = _christoffel(ds2, x)
    slope = _jacobian(tape, gamma, x)  # slope[:, a, n, b, m] = ∂_m Γ^a_{nb}
    half = tf.transpose(slope, [0, 1, 3, 4, 2]) + tf.einsum("eamc,ecnb->eabmn", gamma, gamma)
    return half - tf.transpose(half, [0, 1, 2, 4, 3])


def _jacobian(tape: tf.GradientTape, target: tf.Tensor, source: tf.Tensor) -> tf.Tensor:
    """Return each event's Jacobian; zero where the line element does not contain the source."""
    return tape.batch_jacobian(target, source, unconnected_gradients=tf.UnconnectedGradients.ZERO)


def _at_events(function: Callable, ds2: LineElement, x: Any) -> np.ndarray:
    check_line_element(ds2)
    x = np.asarray(x, dtype=np.float64)
    check_events(x)
    flat = _graph(function, ds2)(tf.constant(x.reshape(-1, 4))).numpy()
    return flat.reshape(*x.shape[:-1], *flat.shape[1:])


@lru_cache(maxsize=256)
def _graph(function: Callable, ds2: LineElement) -> Callable:
    """Return the traced function of events (n, 4), made once a line element."""
    shape = tf.TensorSpec([None, 4], tf.float64)
    return tf.function(lambda x: function(ds2, x), input_signature=[shape], autograph=False)
