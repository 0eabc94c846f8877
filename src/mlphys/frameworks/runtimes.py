"""Reading an exported net without the framework that made it.

A *runtime* is a program that evaluates a net and can do nothing else. Both readers here, one for
each format of file, are called with a batch of inputs and return a batch of logits. This module
imports neither TensorFlow nor Keras; LiteRT and ONNX Runtime are imported when a file is opened.

Neither reader checks what the numbers mean: a net that learned from ink in 0 ... 1 needs the same.

Chapter: ``book/frameworks/keras_net.md``.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from mlphys.quiet import quiet_stderr

__all__ = ["LiteRTModel", "OnnxModel"]

Shape = tuple[int | None, ...]

LITERT_MARK = b"TFL3"  # bytes 4 to 7 of a FlatBuffer of this kind


class LiteRTModel:
    """A net in a LiteRT (``.tflite``) file, with one input and one output.

    One object holds one set of buffers, which a call fills, runs and empties. Two threads that use
    it at the same time get each other's answers: give each thread an object of its own, or a lock.

    Parameters
    ----------
    path : path-like
    threads : int
        That one call may use.

    Attributes
    ----------
    input_shape, output_shape : tuple of int or None
        None stands for the number of examples, which may differ from call to call.
    interpreter : ai_edge_litert.interpreter.Interpreter

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is of another format, or the net has several inputs or outputs.
    ImportError
        If LiteRT is not installed.
    """

    def __init__(self, path: str | os.PathLike, *, threads: int = 1):
        path = _existing(path)
        with path.open("rb") as file:
            mark = file.read(8)[4:]
        if mark != LITERT_MARK:
            raise ValueError(
                f"LiteRTModel: expected a LiteRT file, with {LITERT_MARK!r} at byte 4; got "
                f"{mark!r} in {path.name}. export_litert writes such files"
            )
        runtime = _import("ai_edge_litert.interpreter")
        with quiet_stderr():  # its C++ part names the delegate that it chose
            self.interpreter: Any = runtime.Interpreter(model_path=str(path), num_threads=threads)
            self.interpreter.allocate_tensors()
        inputs, outputs = (
            self.interpreter.get_input_details(),
            self.interpreter.get_output_details(),
        )
        _check_single(path, len(inputs), len(outputs))
        self._input, self._output = inputs[0]["index"], outputs[0]["index"]
        self.input_shape: Shape = _shape(inputs[0]["shape_signature"])
        self.output_shape: Shape = _shape(outputs[0]["shape_signature"])
        self._batch = int(inputs[0]["shape"][0])

    def __call__(self, batch: np.ndarray) -> np.ndarray:
        """Return the outputs for a batch.

        Parameters
        ----------
        batch : ndarray of float32, shape ``input_shape``

        Returns
        -------
        ndarray of float32, shape ``output_shape``
            A new array.

        Raises
        ------
        ValueError
            If shape or type do not fit.
        """
        self.fill(batch)
        self.interpreter.invoke()
        return self.fetch()

    def fill(self, batch: np.ndarray) -> None:
        """Copy a batch into the input buffer: the first third of a call."""
        _check_batch(batch, self.input_shape)
        if len(batch) != self._batch:
            self.interpreter.resize_tensor_input(self._input, batch.shape)
            self.interpreter.allocate_tensors()
            self._batch = len(batch)
        self.interpreter.set_tensor(self._input, batch)

    def fetch(self) -> np.ndarray:
        """Return a copy of what stands in the output buffer: the last third of a call."""
        return self.interpreter.get_tensor(self._output)


class OnnxModel:
    """A net in an ONNX file, with one input and one output, run by ONNX Runtime.

    A session keeps nothing between calls, so that threads may share one object.

    Parameters
    ----------
    path : path-like
    threads : int
        That one call may use.

    Attributes
    ----------
    input_shape, output_shape : tuple of int or None
        None stands for the number of examples, which may differ from call to call.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file holds no net that ONNX Runtime can run, or one with several inputs or outputs.
    ImportError
        If ONNX Runtime is not installed.
    """

    def __init__(self, path: str | os.PathLike, *, threads: int = 1):
        path = _existing(path)
        runtime = _import("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4  # faults arrive as exceptions
        try:
            self.session: Any = runtime.InferenceSession(
                str(path), sess_options=options, providers=["CPUExecutionProvider"]
            )
        except Exception as fault:  # its classes have no common name in public
            raise ValueError(
                f"OnnxModel: expected an ONNX file that this runtime reads; got {path.name}: "
                f"{fault}. export_onnx writes such files"
            ) from fault
        inputs, outputs = self.session.get_inputs(), self.session.get_outputs()
        _check_single(path, len(inputs), len(outputs))
        self._input, self._output = inputs[0].name, outputs[0].name
        self.input_shape: Shape = _shape(inputs[0].shape)
        self.output_shape: Shape = _shape(outputs[0].shape)

    def __call__(self, batch: np.ndarray) -> np.ndarray:
        """Return the outputs for a batch.

        Parameters
        ----------
        batch : ndarray of float32, shape ``input_shape``

        Returns
        -------
        ndarray of float32, shape ``output_shape``
            A new array.

        Raises
        ------
        ValueError
            If shape or type do not fit.
        """
        _check_batch(batch, self.input_shape)
        return self.session.run([self._output], {self._input: batch})[0]


def _existing(path: str | os.PathLike) -> Path:
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"expected a file with an exported net; there is none at {path}")
    return path


def _import(name: str) -> ModuleType:
    package = name.partition(".")[0]
    try:
        return import_module(name)
    except ModuleNotFoundError as fault:
        if (fault.name or "").partition(".")[0] != package:
            raise
        raise ImportError(
            f"this function needs {package}, which is not installed. "
            "Install it with: pip install 'mlphys[serving]'"
        ) from fault


def _shape(shape: Any) -> Shape:
    """Return a shape in which every length that a file leaves open is None."""
    return tuple(
        None if isinstance(length, str) or length is None or length < 0 else int(length)
        for length in shape
    )


def _check_single(path: Path, inputs: int, outputs: int) -> None:
    if (inputs, outputs) != (1, 1):
        raise ValueError(
            f"expected a net with one input and one output; got {inputs} and {outputs} in "
            f"{path.name}. Export the part that is to be served"
        )


def _check_batch(batch: np.ndarray, shape: Shape) -> None:
    fits = batch.ndim == len(shape) and all(
        expected in (None, found) for expected, found in zip(shape, batch.shape, strict=True)
    )
    if not fits or batch.dtype != np.float32 or not batch.size:
        words = ", ".join("n" if length is None else str(length) for length in shape)
        raise ValueError(
            f"expected a batch of shape ({words}) and float32, n at least 1; got shape "
            f"{batch.shape} of {batch.dtype}. Scale and reshape it as the training data were"
        )
