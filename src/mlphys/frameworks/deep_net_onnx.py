"""The hand-made net of Part III and ONNX files: writing one node by node, and reading one back.

No framework is needed: the net is a list of matrix products, and the format has a word for each.
This module imports ``onnx`` when a function is called, and neither TensorFlow nor Keras.

Chapter: ``book/frameworks/keras_net.md``.

References
----------
ONNX operators: https://onnx.ai/onnx/operators/
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from mlphys.frameworks.exports import place
from mlphys.learning.activations import SELU_ALPHA, SELU_SCALE
from mlphys.learning.deep_net import DeepNet
from mlphys.learning.inputs import PixelScale

__all__ = ["OPERATORS", "export_deep_net", "read_deep_net"]

OPSET = 17
INK = PixelScale()  # bytes to 0 ... 1, which is what comes in: no change

# Word of the format for each of our units, and what it must be told.
OPERATORS: dict[str, tuple[str, dict[str, float]]] = {
    "arctan": ("Atan", {}),
    "elu": ("Elu", {"alpha": 1.0}),
    "relu": ("Relu", {}),
    "selu": ("Selu", {"alpha": SELU_ALPHA, "gamma": SELU_SCALE}),
    "tanh": ("Tanh", {}),
}
UNITS = {word: name for name, (word, _) in OPERATORS.items()}
SHAPE_WORDS = ("Cast", "Concat", "Identity", "Reshape", "Shape", "Slice", "Squeeze", "Unsqueeze")


def export_deep_net(net: DeepNet, path: str | os.PathLike, *, pixels: PixelScale = INK) -> Path:
    """Write a net to an ONNX file that turns ink in 0 ... 1 into logits; return its path.

    The file's input has shape (n, sizes[0]), its output (n, classes), both float32, whatever the
    scale of pixels that the net was trained with: that scale travels in the file.

    Parameters
    ----------
    net : DeepNet
    path : path-like
        An older file is replaced when the new one is complete.
    pixels : PixelScale
        The map from bytes to inputs that the net was trained with.

    Raises
    ------
    ImportError
        If the package ``onnx`` is not installed.

    Examples
    --------
    >>> import tempfile
    >>> net = DeepNet((784, 3, 10), rng=np.random.default_rng(0))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export_deep_net(net, f"{folder}/net.onnx").suffix
    '.onnx'
    """
    onnx = _import_onnx()
    helper, TensorProto = onnx.helper, onnx.TensorProto
    nodes, arrays = _graph(net, pixels, helper)
    graph = helper.make_graph(
        nodes,
        "deep_net",
        [helper.make_tensor_value_info("ink", TensorProto.FLOAT, ["n", net.sizes[0]])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", net.sizes[-1]])],
        [onnx.numpy_helper.from_array(array, name) for name, array in arrays.items()],
    )
    # version 8 of the format goes with operator set 17; a newer one would shut out older runtimes
    model = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", OPSET)])
    onnx.checker.check_model(model)
    return place(model.SerializeToString(), path)


def read_deep_net(path: str | os.PathLike) -> DeepNet:
    """Return the net that stands in an ONNX file, if it is a chain of dense layers.

    Reads the files of :func:`mlphys.frameworks.exports.export_onnx` for such a Keras model. A net
    that scales its inputs, as files of :func:`export_deep_net` do, is refused: the scale has no
    place in a ``DeepNet``.

    Parameters
    ----------
    path : path-like

    Raises
    ------
    ValueError
        If the file holds anything but products with a matrix, sums with a vector, changes of
        shape, and one kind of unit.
    """
    onnx = _import_onnx()
    graph = onnx.load(path).graph
    arrays = {array.name: onnx.numpy_helper.to_array(array) for array in graph.initializer}
    matrices: list[np.ndarray] = []
    offsets: list[np.ndarray] = []
    units = []
    for node in graph.node:
        constant = next((arrays[name] for name in node.input if name in arrays), None)
        if node.op_type == "MatMul" and constant is not None:
            matrices.append(constant)
            offsets.append(np.zeros(constant.shape[1]))  # the converter leaves out sums with zeros
        elif node.op_type == "Add" and constant is not None and offsets:
            offsets[-1] = constant.ravel()
        elif node.op_type in UNITS:
            units.append(UNITS[node.op_type])
        elif node.op_type not in SHAPE_WORDS:
            raise ValueError(
                f"read_deep_net: expected dense layers; got a node {node.op_type} in {path}"
            )
    hidden = len(matrices) - 1
    if hidden < 0 or len(units) != hidden or len(set(units)) > 1:
        raise ValueError(
            "read_deep_net: expected dense layers with one kind of unit between them; got "
            f"{len(matrices)} matrices and units {units} in {path}"
        )
    sizes = (len(matrices[0]), *(len(vector) for vector in offsets))
    net = DeepNet(sizes, rng=np.random.default_rng(0), activation=units[0] if units else "tanh")
    for layer, matrix, vector in zip(net.layers, matrices, offsets, strict=True):
        layer.weights[:], layer.offsets[:] = matrix, vector
    return net


def _import_onnx() -> Any:
    try:
        import onnx
        import onnx.numpy_helper
    except ModuleNotFoundError as fault:
        raise ImportError(
            "this function needs onnx, which is not installed. "
            "Install it with: pip install 'mlphys[export]'"
        ) from fault
    return onnx


def _graph(
    net: DeepNet, pixels: PixelScale, helper: Any
) -> tuple[list[Any], dict[str, np.ndarray]]:
    """Return the nodes in order, and the constants that they name."""
    operator, options = OPERATORS[net.activation.name]
    arrays = {
        "shift": np.float32(pixels.shift / 255).reshape(1),
        "factor": np.float32(255 * pixels.factor).reshape(1),
    }
    nodes = [
        helper.make_node("Sub", ["ink", "shift"], ["centered"]),
        helper.make_node("Mul", ["centered", "factor"], ["a0"]),
    ]
    last = len(net.layers)
    for k, layer in enumerate(net.layers, start=1):
        arrays[f"W{k}"] = layer.weights.astype(np.float32)
        arrays[f"b{k}"] = layer.offsets.astype(np.float32)
        z = "logits" if k == last else f"z{k}"
        nodes.append(helper.make_node("Gemm", [f"a{k - 1}", f"W{k}", f"b{k}"], [z]))
        if k < last:
            nodes.append(helper.make_node(operator, [z], [f"a{k}"], **options))
    return nodes, arrays
