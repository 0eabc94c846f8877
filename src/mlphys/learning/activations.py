"""Units of a net: the curve that each neuron applies, and how a gradient passes back through it.

``z`` is what arrives at a unit (shape ``(batch, width)``), ``a`` what leaves it, ``g`` the
derivative of the loss, first by ``a``, then by ``z``. Both functions of a unit write into arrays
that the caller owns, because a training step of a small net spends a third of its time outside
matrix products, and an allocation costs as much as the arithmetic.

Chapters: ``book/learning/deep_net.md``; ``elu`` and ``selu`` in ``book/learning/depth.md``.

References
----------
ELU: Clevert, Unterthiner and Hochreiter, arXiv:1511.07289. SELU: Klambauer et al.,
arXiv:1706.02515, whose two constants make length 1 and mean 0 a fixed point of random layers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

__all__ = ["ACTIVATIONS", "SELU_ALPHA", "SELU_SCALE", "Activation", "find_activation"]

Array = np.ndarray

SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


class Activation(NamedTuple):
    """One kind of unit.

    Attributes
    ----------
    name : str
        ``"arctan"``, ``"elu"``, ``"relu"``, ``"selu"`` or ``"tanh"``.
    value : callable
        ``value(z, out)`` writes φ(z) into ``out``.
    pull_back : callable
        ``pull_back(g, z, a, scratch)`` multiplies ``g`` by φ'(z) in place; ``scratch`` is an array
        of the same shape whose content is lost.
    gain : float
        Standard deviation of a weight times √(fan-in) that keeps the size of a signal about the
        same from layer to layer: 1 for ``arctan``, ``tanh`` and ``selu``, √2 for ``relu``, which
        drops half of its input, 1.2452 for ``elu``, which dampens that half.
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


def _elu(z: Array, out: Array) -> None:
    """Write z where it is positive, exp(z) - 1 elsewhere; ``out`` may be ``z``."""
    negative = np.minimum(z, 0)
    np.expm1(negative, out=negative)
    np.maximum(z, 0, out=out)
    out += negative


def _pull_back_elu(g: Array, z: Array, a: Array, scratch: Array) -> None:
    """Multiply by 1 where the unit is on, by exp(z) = a + 1 elsewhere."""
    del z
    np.minimum(a, 0, out=scratch)
    scratch += 1
    g *= scratch


def _selu(z: Array, out: Array) -> None:
    """Write λz where z is positive, λα(exp(z) - 1) elsewhere; ``out`` may be ``z``."""
    negative = np.minimum(z, 0)
    np.expm1(negative, out=negative)
    negative *= SELU_ALPHA
    np.maximum(z, 0, out=out)
    out += negative
    out *= SELU_SCALE


def _pull_back_selu(g: Array, z: Array, a: Array, scratch: Array) -> None:
    """Multiply by λ where the unit is on, by λα exp(z) = a + λα elsewhere."""
    np.minimum(a, 0, out=scratch)
    scratch += SELU_SCALE * SELU_ALPHA
    np.copyto(scratch, SELU_SCALE, where=z > 0)
    g *= scratch


def _elu_gain() -> float:
    """Return 1/√E[elu(z)²] for standard normal z, in closed form."""
    below = [math.erfc(k / math.sqrt(2)) / 2 for k in (1, 2)]  # P(z < -1), P(z < -2)
    return 1 / math.sqrt(1 + math.e**2 * below[1] - 2 * math.sqrt(math.e) * below[0])


ACTIVATIONS = {
    "arctan": Activation("arctan", np.arctan, _pull_back_arctan, 1.0),
    "elu": Activation("elu", _elu, _pull_back_elu, _elu_gain()),
    "relu": Activation("relu", _relu, _pull_back_relu, 2.0**0.5),
    "selu": Activation("selu", _selu, _pull_back_selu, 1.0),
    "tanh": Activation("tanh", np.tanh, _pull_back_tanh, 1.0),
}


def find_activation(name: str) -> Activation:
    """Return the unit of that name.

    Parameters
    ----------
    name : {"arctan", "elu", "relu", "selu", "tanh"}

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
