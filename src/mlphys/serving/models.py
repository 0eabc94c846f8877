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

from mlphys.frameworks.runtimes import LiteRTModel, OnnxModel

__all__ = ["Model", "NetModel", "RuntimeModel", "model_maker"]


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
    """A :class:`mlphys.learning.deep_net.DeepNet`; it answers with logits.

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
        """Return the logits, shape ``(n, classes)``."""
        return self._net.logits(batch)


class RuntimeModel:
    """A file that one of the two runtimes of :mod:`mlphys.frameworks.runtimes` reads.

    Parameters
    ----------
    kind : str
    runtime : LiteRTModel or OnnxModel

    Raises
    ------
    ValueError
        If lengths other than the number of examples are open, or that number is fixed above 1.
    """

    dtype = np.dtype("float32")

    def __init__(self, kind: str, runtime: LiteRTModel | OnnxModel) -> None:
        first, *rest = runtime.input_shape
        if first not in (None, 1) or None in (*rest, *runtime.output_shape[1:]):
            raise ValueError(
                "serving: expected a model of single examples of one shape; this one goes "
                f"from {runtime.input_shape} to {runtime.output_shape}"
            )
        self.kind = kind
        self.input_shape = tuple(length for length in rest if length is not None)
        self.output_shape = tuple(n for n in runtime.output_shape[1:] if n is not None)
        self._runtime = runtime
        self._one_by_one = first == 1

    def __call__(self, batch: np.ndarray) -> np.ndarray:
        """Return the outputs, shape ``(n, *output_shape)``."""
        if self._one_by_one:
            return np.concatenate([self._runtime(example[np.newaxis]) for example in batch])
        return self._runtime(batch)


READERS: dict[str, Callable[[str | os.PathLike], Model]] = {
    ".tflite": lambda path: RuntimeModel("litert", LiteRTModel(path)),
    ".onnx": lambda path: RuntimeModel("onnx", OnnxModel(path)),
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
