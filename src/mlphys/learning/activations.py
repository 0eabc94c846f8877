"""Units of a net: the curve that each neuron applies, and how a gradient passes back through it.

``z`` is what arrives at a unit (shape ``(batch, width)``), ``a`` what leaves it, ``g`` the
derivative of the loss, first by ``a``, then by ``z``. Both functions of a unit write into arrays
that the caller owns, because a training step of a small net spends a third of its time outside
matrix products, and an allocation costs as much as the arithmetic.

Chapter: ``book/learning/deep_net.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

__all__ = ["ACTIVATIONS", "Activation", "find_activation"]

Array = np.ndarray


class Activation(NamedTuple):
    """One kind of unit.

    Attributes
    ----------
    name : str
        ``"arctan"``, ``"tanh"`` or ``"relu"``.
    value : callable
        ``value(z, out)`` writes φ(z) into ``out``.
    pull_back : callable
        ``pull_back(g, z, a, scratch)`` multiplies ``g`` by φ'(z) in place; ``scratch`` is an array
        of the same shape whose content is lost.
    gain : float
        Standard deviation of a weight times √(fan-in) that keeps the size of a signal about the
        same from layer to layer: 1 for units with slope 1 at the origin, √2 for ``relu``, which
        drops half of its input.
    """

    name: str
    value: Callable[[Array, Array], object]
    pull_back: Callable[[Array, Array, Array, Array], object]
    gain: float


def _pull_back_arctan(g: Array, z: Array, a: Array, scratch: Array) -> None:
    """Divide by 1 + z²."""
    del a  # the slope of arctan is rational in z, and a tangent in a
    np.multiply(z, z, out=scratch)
    scratch += 1
    g /= scratch


def _pull_back_tanh(g: Array, z: Array, a: Array, scratch: Array) -> None:
    """Multiply by 1 - a²."""
    del z
    np.multiply(a, a, out=scratch)
    np.subtract(1, scratch, out=scratch)
    g *= scratch


def _relu(z: Array, out: Array) -> None:
    np.maximum(z, 0, out=out)


def _pull_back_relu(g: Array, z: Array, a: Array, scratch: Array) -> None:
    """Let the gradient through where the unit is on; the slope at exactly 0 is taken as 0."""
    del a
    np.greater(z, 0, out=scratch)
    g *= scratch


ACTIVATIONS = {
    "arctan": Activation("arctan", np.arctan, _pull_back_arctan, 1.0),
    "relu": Activation("relu", _relu, _pull_back_relu, 2.0**0.5),
    "tanh": Activation("tanh", np.tanh, _pull_back_tanh, 1.0),
}


def find_activation(name: str) -> Activation:
    """Return the unit of that name.

    Parameters
    ----------
    name : {"arctan", "relu", "tanh"}

    Raises
    ------
    ValueError
        If there is no such unit; the message lists those that exist.

    Examples
    --------
    >>> find_activation("tanh").gain
    1.0
    """
    if name not in ACTIVATIONS:
        raise ValueError(f"activation: expected one of {', '.join(ACTIVATIONS)}; got {name!r}")
    return ACTIVATIONS[name]
