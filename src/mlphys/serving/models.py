"""Opening a file as a model: LiteRT, ONNX, or a net of *A deep net from scratch*.

A model is a function of arrays with a known shape, and nothing of it here depends on TensorFlow.

Chapter: ``book/physics/serving.md``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np

from mlphys.quiet import quiet_stderr

__all__ = ["Model", "NetModel", "model_maker"]


@runtime_checkable
class Model(Protocol):
    """One copy of a model; its calls must not overlap.

    Attributes
    ----------
    kind : str
        ``"litert"``, ``"onnx"`` or ``"net"``.
    input_shape, output_shape : tuple of int
        Of one example.
    dtype : numpy.dtype
        Of the inputs.
    """

    kind: str
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    dtype: np.dtype

    def __call__(self, batch: np.ndarray) -> np.ndarray:
        """Return the outputs, shape ``(n, *output_shape)``, for a batch ``(n, *input_shape)``."""
        ...


class NetModel:
    """A :class:`mlphys.learning.deep_net.DeepNet` that answers with probabilities.

    Parameters
    ----------
    path : path-like
        A checkpoint that :func:`mlphys.learning.checkpoint.save_checkpoint` wrote.
    """

    kind = "net"

    def __init__(self, path: str | os.PathLike) -> None:
        from mlphys.learning.checkpoint import load_net

        self._net = load_net(path)
        self.input_shape = self._net.sizes[:1]
        self.output_shape = self._net.sizes[-1:]
        self.dtype = self._net.parameters.dtype

    def __call__(self, batch: np.ndarray) -> np.ndarray:
        """Return the probabilities of the classes, shape ``(n, classes)``."""
        logits = self._net.logits(batch)
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        return p / p.sum(axis=1, keepdims=True)


class _LiteRT:
    """A file of LiteRT, formerly TensorFlow Lite, with one input and one output."""

    kind = "litert"

    def __init__(self, path: str | os.PathLike) -> None:
        from ai_edge_litert.interpreter import Interpreter

        with quiet_stderr():  # a line of the C++ part on its choice of kernels
            self._interpreter = Interpreter(model_path=str(path), num_threads=1)
            self._interpreter.allocate_tensors()
        inputs, outputs = (
            self._interpreter.get_input_details(),
            self._interpreter.get_output_details(),
        )
        _check_ends(path, len(inputs), len(outputs))
        self._input, self._output = inputs[0]["index"], outputs[0]["index"]
        self.input_shape = tuple(int(n) for n in inputs[0]["shape"][1:])
        self.output_shape = tuple(int(n) for n in outputs[0]["shape"][1:])
        self.dtype = np.dtype(inputs[0]["dtype"])
        self._examples = 0

    def __call__(self, batch: np.ndarray) -> np.ndarray:
        if len(batch) != self._examples:
            self._interpreter.resize_tensor_input(self._input, batch.shape)
            self._interpreter.allocate_tensors()
            self._examples = len(batch)
        self._interpreter.set_tensor(self._input, batch)
        self._interpreter.invoke()
        return self._interpreter.get_tensor(self._output)


class _Onnx:
    """A file of ONNX with one input and one output."""

    kind = "onnx"

    def __init__(self, path: str | os.PathLike) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        _check_ends(path, len(inputs), len(outputs))
        self._name = inputs[0].name
        self.input_shape = tuple(int(n) for n in inputs[0].shape[1:])
        self.output_shape = tuple(int(n) for n in outputs[0].shape[1:])
        self.dtype = np.dtype(ONNX_TYPES[inputs[0].type])

    def __call__(self, batch: np.ndarray) -> np.ndarray:
        return np.asarray(self._session.run(None, {self._name: batch})[0])


ONNX_TYPES = {
    "tensor(float)": "float32",
    "tensor(double)": "float64",
    "tensor(uint8)": "uint8",
    "tensor(int8)": "int8",
}
READERS: dict[str, Callable[[str | os.PathLike], Model]] = {
    ".tflite": _LiteRT,
    ".onnx": _Onnx,
    ".checkpoint": NetModel,
}


def model_maker(path: str | os.PathLike) -> Callable[[], Model]:
    """Return a function that opens the file anew each time.

    Parameters
    ----------
    path : path-like
        Ends with ``.tflite``, ``.onnx`` or ``.checkpoint``.

    Raises
    ------
    ValueError
        If it ends otherwise.
    FileNotFoundError
        If there is no such file.

    Examples
    --------
    >>> model_maker("net.pkl")
    Traceback (most recent call last):
    ...
    ValueError: net.pkl: expected a model file that ends with .tflite, .onnx or .checkpoint
    """
    path = Path(path)
    if path.suffix not in READERS:
        *first, last = READERS
        raise ValueError(
            f"{path.name}: expected a model file that ends with {', '.join(first)} or {last}"
        )
    if not path.is_file():
        raise FileNotFoundError(f"{path.name}: there is no such model file")
    reader = READERS[path.suffix]
    return lambda: reader(path)


def _check_ends(path: str | os.PathLike, inputs: int, outputs: int) -> None:
    if (inputs, outputs) != (1, 1):
        raise ValueError(
            f"{Path(path).name}: expected a model with one input and one output; "
            f"it has {inputs} and {outputs}"
        )
