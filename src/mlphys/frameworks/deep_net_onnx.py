"""Writing the hand-made net of Part III to an ONNX file, node by node.

No framework is needed: the net is a list of matrix products, and the format has a word for each.
This module imports ``onnx`` when its function is called, and neither TensorFlow nor Keras.

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

__all__ = ["OPERATORS", "export_deep_net"]

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
    try:
        import onnx
        from onnx import TensorProto, helper
    except ModuleNotFoundError as fault:
        raise ImportError(
            "this function needs onnx, which is not installed. "
            "Install it with: pip install 'mlphys[export]'"
        ) from fault
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
