"""A net of *A deep net from scratch* as a LiteRT file, by TensorFlow's converter.

This module imports TensorFlow when its function is called. The like for ONNX, which needs no
framework, is :mod:`mlphys.frameworks.deep_net_onnx`.

Chapter: ``book/physics/serving.md``.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from mlphys.frameworks.exports import place
from mlphys.learning.deep_net import DeepNet
from mlphys.quiet import quiet_stderr, quiet_tensorflow

__all__ = ["UNITS", "write_litert"]

UNITS = ("arctan", "relu", "tanh")


def write_litert(net: DeepNet, path: str | os.PathLike) -> Path:
    """Write a net as LiteRT; return the path.

    The file turns the net's inputs, shape ``(n, sizes[0])``, into logits, shape ``(n, classes)``.

    Parameters
    ----------
    net : DeepNet
        In float32, of units ``arctan``, ``relu`` or ``tanh``.
    path : path-like
        An older file is replaced when the new one is complete.

    Raises
    ------
    ValueError
        If the net is another.
    ImportError
        If TensorFlow is not installed.
    """
    if net.parameters.dtype != np.float32 or net.activation.name not in UNITS:
        raise ValueError(
            f"write_litert: expected a float32 net of units {', '.join(UNITS)}; got {net!r}"
        )
    tf = quiet_tensorflow()
    # the format has atan2 and no atan
    arctan = lambda z: tf.math.atan2(z, tf.ones_like(z))
    unit = dict(zip(UNITS, (arctan, tf.nn.relu, tf.tanh), strict=True))[net.activation.name]
    layers = [(tf.constant(weights), tf.constant(offsets)) for weights, offsets in net.layers]

    @tf.function(input_signature=[tf.TensorSpec((None, net.sizes[0]), tf.float32)])
    def logits(inputs):
        a = inputs
        for weights, offsets in layers[:-1]:
            a = unit(a @ weights + offsets)
        return a @ layers[-1][0] + layers[-1][1]

    with quiet_stderr():
        owner = tf.Module()  # the converter asks who keeps the function alive
        owner.logits = logits
        concrete = logits.get_concrete_function()
        converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete], owner)
        return place(converter.convert(), path)
