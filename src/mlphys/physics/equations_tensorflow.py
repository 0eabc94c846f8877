"""Equations of motion from ds² alone, on TensorFlow: the twin of :mod:`mlphys.physics.equations`.

All derivatives are taken by tapes, and by no other mode: TensorFlow's forward accumulators multiply by
every zero of a tangent, tapes leave out what is not connected. The metric is a gradient of the momentum,
whose derivatives by the velocity hold its columns; ``(v·∂_x) p`` is the gradient by the velocity of
``w·∂_x L`` with w = v held fixed. So counted, XLA does as much arithmetic as in the JAX version.

Positions and velocities are sequences of four tensors of one shape.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

import tensorflow as tf

from mlphys.physics.cofactors import Four, solve
from mlphys.physics.compiling_tensorflow import held
from mlphys.physics.equations import Equations
from mlphys.physics.line_elements import Components
from mlphys.physics.spacetime import LineElement

__all__ = ["EQUATIONS", "euler_lagrange", "hamiltonian", "momentum"]


def momentum(ds2: LineElement, x: Sequence[Any], v: Sequence[Any]) -> Four:
    """Return ``p_m = g_{mn} v^n``, the gradient of ½ ds² by the velocity.

    Examples
    --------
    >>> from mlphys.physics.line_elements import minkowski
    >>> one = tf.ones(1, tf.float64)
    >>> [float(p[0]) for p in momentum(minkowski, [one] * 4, [one, 2 * one, 3 * one, one])]
    [-1.0, 2.0, 3.0, 1.0]
    """
    v = [tf.identity(part) for part in v]  # apart, though the same tensor may stand for several
    with tf.GradientTape() as tape:
        tape.watch(v)
        value = ds2(Components(x), Components(v)) / 2
    return _gradient(tape, value, v)


def euler_lagrange(ds2: LineElement) -> Equations:
    """Return the Euler–Lagrange equations of ``ds2``; see the JAX twin."""

    def derivative(x: Four, v: Four) -> tuple[Four, Four]:
        with tf.GradientTape() as tape:
            tape.watch(v)
            force = _force(ds2, x, v)
            power = sum(tf.stop_gradient(v[i]) * force[i] for i in range(4))
        turn = _gradient(tape, power, v)
        return v, solve(_columns(ds2, x, v), _held_pairs([force[i] - turn[i] for i in range(4)]))

    return Equations(lambda x, v: v, derivative, lambda x, v: v, second_order=True)


def hamiltonian(ds2: LineElement) -> Equations:
    """Return Hamilton's equations of ``ds2``; see the JAX twin."""

    def velocity(x: Four, p: Four) -> Four:
        return solve(
            _columns(ds2, x, p), p
        )  # p is linear in v: its derivatives are the same at any v

    def derivative(x: Four, p: Four) -> tuple[Four, Four]:
        v = _held_pairs(velocity(x, p))
        return v, _force(ds2, x, v)

    return Equations(lambda x, v: momentum(ds2, x, v), derivative, velocity, second_order=False)


EQUATIONS: dict[str, Callable[[LineElement], Equations]] = {
    "euler_lagrange": euler_lagrange,
    "hamiltonian": hamiltonian,
}


def _force(ds2: LineElement, x: Sequence[Any], v: Sequence[Any]) -> Four:
    """Return ``∂_x L``."""
    x = [tf.identity(part) for part in x]
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = ds2(Components(x), Components(v)) / 2
    return _gradient(tape, value, x)


def _columns(ds2: LineElement, x: Sequence[Any], v: Sequence[Any]) -> list[Four]:
    """Return the columns of the metric."""
    v = [tf.identity(part) for part in v]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(v)
        p = momentum(ds2, x, v)
    return [_gradient(tape, part, v) for part in p]


def _gradient(tape: tf.GradientTape, value: Any, sources: Sequence[Any]) -> Four:
    found = tape.gradient(value, sources)
    zero = tf.zeros_like(sources[0])
    return cast("Four", tuple(zero if part is None else part for part in found))


def _held_pairs(parts: Sequence[Any]) -> Four:
    """Return the parts, computed once, as in the JAX twin: in pairs, which travel as complex numbers."""
    a, b = held([tf.complex(parts[0], parts[1]), tf.complex(parts[2], parts[3])])
    return tf.math.real(a), tf.math.imag(a), tf.math.real(b), tf.math.imag(b)
