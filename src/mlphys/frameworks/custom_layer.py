r"""A Keras layer of our own: ``A·asinh(B·x)`` or ``A·arctan(B·x)`` with learnable A and B.

Placed on the logits of a classifier it distrusts large evidence. With ``A·B = 1`` small logits pass
unchanged; of large ones asinh leaves the logarithm and arctan a constant, so that

.. math:: e^{A\,\mathrm{asinh}(Bx)} = \bigl(Bx + \sqrt{1 + B^2x^2}\bigr)^A

turns Boltzmann's factor into a power law: with :math:`A = 1/B = 1/\kappa` it is the
:math:`\kappa`-exponential of Kaniadakis (2013), eq. (1.2).

``squash`` is the function, ``Squash`` the layer that owns A and B. This module imports Keras, and
runs on each of its backends; it uses ``keras.ops`` alone.

Chapter: ``book/frameworks/custom_layer.md``.

References
----------
Kaniadakis, "Theoretical foundations and mathematical formalism of the power-law tailed statistical
distributions", Entropy 15 (2013) 3983, arXiv:1309.6536.
"""

from __future__ import annotations

from math import isfinite
from typing import Any, no_type_check

from mlphys.frameworks.backend import quiet_keras

keras = quiet_keras()

__all__ = ["CURVES", "Squash", "squash"]

CURVES = {"arctan": keras.ops.arctan, "asinh": keras.ops.arcsinh}


def squash(x: Any, a: Any, b: Any, kind: str = "asinh") -> Any:
    """Return ``a * asinh(b * x)`` or ``a * arctan(b * x)``, entry by entry.

    Parameters
    ----------
    x : array_like or tensor of float, any shape
    a, b : float, array_like or tensor, of a shape that broadcasts with ``x``
    kind : str
        ``"asinh"`` or ``"arctan"``.

    Returns
    -------
    tensor of the backend, with the shape and dtype of ``x``

    Raises
    ------
    ValueError
        If the kind is unknown; the message lists the known ones.

    Examples
    --------
    >>> import numpy as np
    >>> np.asarray(squash(np.float32([0, 0.01, 20]), 2.0, 0.5)).round(4).tolist()
    [0.0, 0.009999999776482582, 5.996399879455566]
    """
    return a * _curve(kind)(b * x)


@keras.saving.register_keras_serializable(package="mlphys")
class Squash(keras.layers.Layer):
    """The layer ``x -> a·f(b·x)`` with two learnable numbers, for inputs of any shape.

    Parameters
    ----------
    kind : str
        The curve f: ``"asinh"`` or ``"arctan"``.
    rate : float
        Where b starts, above 0; a starts at ``1/rate``, so that small inputs pass unchanged.
    **options
        What every Keras layer takes: ``name``, ``dtype``, ``trainable``.

    Attributes
    ----------
    a, b : keras.Variable, shape ()
        There once the layer is built. Changing the sign of both changes nothing.

    Raises
    ------
    ValueError
        If the kind is unknown, or the rate is not a positive number.

    Examples
    --------
    >>> layer = Squash("arctan", rate=0.5)
    >>> layer.build((None, 10))
    >>> float(layer.a), float(layer.b)
    (2.0, 0.5)
    >>> Squash.from_config(layer.get_config()).kind
    'arctan'
    """

    @no_type_check  # Keras reads the signature, which the wrapper of a type checker would hide
    def __init__(self, kind: str = "asinh", *, rate: float = 0.25, **options: Any) -> None:
        super().__init__(**options)
        _curve(kind)
        if not (isfinite(rate) and rate > 0):
            raise ValueError(f"Squash: expected a rate above 0; got {rate}. Take 0.25.")
        self.kind = kind
        self.rate = float(rate)

    def build(self, input_shape: Any) -> None:
        """Make the two numbers; Keras calls this once, before the first use."""
        del input_shape  # one a and one b serve any shape
        constant = keras.initializers.Constant
        self.a = self.add_weight(shape=(), initializer=constant(1 / self.rate), name="a")
        self.b = self.add_weight(shape=(), initializer=constant(self.rate), name="b")

    def call(self, inputs: Any) -> Any:
        """Return the squashed inputs."""
        return squash(inputs, self.a, self.b, self.kind)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the inputs."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return what the constructor needs to make this layer again, without its weights."""
        return {**super().get_config(), "kind": self.kind, "rate": self.rate}


def _curve(kind: str) -> Any:
    if kind not in CURVES:
        raise ValueError(
            f"squash: expected kind to be one of {', '.join(sorted(CURVES))}; got {kind!r}."
        )
    return CURVES[kind]
