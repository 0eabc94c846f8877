"""A net of *A deep net from scratch* as a file that other programs read: ONNX or LiteRT.

Both files compute the probabilities of the classes from inputs of shape ``(n, sizes[0])``. The ONNX
file is put together node by node and needs the package ``onnx``. The LiteRT file is written by
TensorFlow's converter, so that :func:`write_litert` imports TensorFlow.

Chapter: ``book/physics/serving.md``.

References
----------
ONNX operators, version 17 (Gemm, Atan, Relu, Tanh, Softmax); LiteRT's built-in operators, which have
``atan2`` and no ``atan``.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from mlphys.learning.deep_net import DeepNet
from mlphys.quiet import quiet_stderr, quiet_tensorflow

__all__ = ["write_litert", "write_onnx"]

ONNX_UNITS = {"arctan": "Atan", "relu": "Relu", "tanh": "Tanh"}


def write_onnx(net: DeepNet, path: str | os.PathLike) -> None:
    """Write a net as ONNX.

    Parameters
    ----------
    net : DeepNet
        In float32, of units ``arctan``, ``relu`` or ``tanh``.
    path : path-like

    Raises
    ------
    ValueError
        If the net is another.
    ImportError
        If ``onnx`` is not installed.
    """
    _check(net)
    try:
        import onnx
    except ModuleNotFoundError as fault:
        raise ImportError(
            "write_onnx needs the package onnx. Install it with: pip install 'mlphys[export]'"
        ) from fault
    make, numbers = onnx.helper, onnx.numpy_helper.from_array
    nodes, arrays, last = [], [], "inputs"
    for i, (weights, offsets) in enumerate(net.layers):
        arrays += [numbers(np.array(weights), f"w{i}"), numbers(np.array(offsets), f"b{i}")]
        nodes.append(make.make_node("Gemm", [last, f"w{i}", f"b{i}"], [f"z{i}"]))
        if i + 1 < len(net.layers):
            nodes.append(make.make_node(ONNX_UNITS[net.activation.name], [f"z{i}"], [f"a{i}"]))
            last = f"a{i}"
    nodes.append(make.make_node("Softmax", [f"z{len(net.layers) - 1}"], ["outputs"], axis=1))
    ends = [
        make.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["n", width])
        for name, width in (("inputs", net.sizes[0]), ("outputs", net.sizes[-1]))
    ]
    graph = make.make_graph(nodes, "deep_net", ends[:1], ends[1:], arrays)
    version = [make.make_opsetid("", 17)]
    model = make.make_model(graph, opset_imports=version, ir_version=8)
    onnx.checker.check_model(model)
    Path(path).write_bytes(model.SerializeToString())


def write_litert(net: DeepNet, path: str | os.PathLike) -> None:
    """Write a net as LiteRT.

    Parameters
    ----------
    net : DeepNet
        In float32, of units ``arctan``, ``relu`` or ``tanh``.
    path : path-like

    Raises
    ------
    ValueError
        If the net is another.
    ImportError
        If TensorFlow is not installed.
    """
    _check(net)
    tf = quiet_tensorflow()
    units = {
        "arctan": lambda z: tf.math.atan2(z, tf.ones_like(z)),
        "relu": tf.nn.relu,
        "tanh": tf.tanh,
    }
    layers = [(tf.constant(weights), tf.constant(offsets)) for weights, offsets in net.layers]

    @tf.function(input_signature=[tf.TensorSpec((None, net.sizes[0]), tf.float32)])
    def probabilities(inputs):
        a = inputs
        for weights, offsets in layers[:-1]:
            a = units[net.activation.name](a @ weights + offsets)
        return tf.nn.softmax(a @ layers[-1][0] + layers[-1][1])

    concrete = probabilities.get_concrete_function()
    with quiet_stderr():
        converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete])
        content = converter.convert()
    Path(path).write_bytes(content)


def _check(net: DeepNet) -> None:
    if net.parameters.dtype != np.float32 or net.activation.name not in ONNX_UNITS:
        raise ValueError(
            f"export: expected a float32 net of units {', '.join(ONNX_UNITS)}; got {net!r}"
        )
