"""Writing a trained Keras model to files that need neither Keras nor TensorFlow to run.

This module imports TensorFlow when one of its functions is called. The readers are in
``mlphys.frameworks.runtimes``, which does not.

Chapter: ``book/frameworks/keras_net.md``.

References
----------
Quantization to eight bits: Jacob et al., "Quantization and training of neural networks for
efficient integer-arithmetic-only inference", CVPR 2018, arXiv:1712.05877.
"""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from mlphys.quiet import quiet_stderr, quiet_tensorflow

__all__ = ["QUANTIZE", "export_litert", "export_onnx", "place"]

QUANTIZE = (None, "int8")


def export_litert(
    model: Any,
    path: str | os.PathLike,
    *,
    quantize: str | None = None,
    samples: np.ndarray | None = None,
) -> Path:
    r"""Write a model to a LiteRT (``.tflite``) file; return its path.

    With ``quantize="int8"`` weights and activities become whole numbers :math:`q` of one byte,
    :math:`x \approx s\,(q - q_0)`. The steps :math:`s` of the activities are chosen such that the
    range that ``samples`` span is covered. Input and output of the file stay float32.

    Parameters
    ----------
    model : keras.Model
        Built, with one input and one output, on the TensorFlow backend.
    path : path-like
        An older file is replaced when the new one is complete.
    quantize : {None, "int8"}
    samples : ndarray of float32, shape (n, ...)
        Typical inputs, of the training part; needed for int8 and for nothing else.

    Raises
    ------
    ValueError
        If the word is another, samples are missing, needless, or do not fit, or the model is not
        of this kind.
    """
    if quantize not in QUANTIZE:
        raise ValueError(f"export_litert: expected quantize among {QUANTIZE}; got {quantize!r}")
    _check_model(model, "export_litert")
    if (quantize is None) != (samples is None):
        raise ValueError(
            "export_litert: expected samples with quantize='int8', and none without; got "
            f"quantize={quantize!r} and {'no' if samples is None else len(samples)} samples"
        )
    if samples is not None and samples.shape[1:] != model.input_shape[1:]:
        raise ValueError(
            f"export_litert: expected samples of shape (n, *{model.input_shape[1:]}); "
            f"got {samples.shape}. Take them from the training inputs"
        )
    tf = quiet_tensorflow()
    with _silence():
        converter = tf.lite.TFLiteConverter.from_keras_model(model)
        if samples is not None:
            typical = samples.astype(np.float32)
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.representative_dataset = lambda: ([x[np.newaxis]] for x in typical)
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        content = converter.convert()
    return place(content, path)


def export_onnx(model: Any, path: str | os.PathLike) -> Path:
    """Write a model to an ONNX file; return its path.

    Parameters
    ----------
    model : keras.Model
        Built, with one input and one output, on the TensorFlow backend.
    path : path-like
        An older file is replaced when the new one is complete.

    Raises
    ------
    ValueError
        If the model is not of this kind.
    """
    _check_model(model, "export_onnx")
    with tempfile.TemporaryDirectory() as folder, _silence():
        written = Path(folder) / "net.onnx"
        model(np.zeros((1, *model.input_shape[1:]), np.float32))  # Keras asks for one call before
        model.export(str(written), format="onnx", verbose=False)
        content = written.read_bytes()
    return place(content, path)


def place(content: bytes, path: str | os.PathLike) -> Path:
    """Write bytes under a name that holds all of them or is not touched; return the path.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     place(b"abc", f"{folder}/file").read_bytes()
    b'abc'
    """
    path = Path(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Hold back what the converters print: folders that are gone, advice to their own authors."""
    with quiet_stderr(), contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _check_model(model: Any, caller: str) -> None:
    import keras

    if keras.backend.backend() != "tensorflow":
        raise ValueError(
            f"{caller}: expected Keras on TensorFlow; got {keras.backend.backend()}. "
            "Set KERAS_BACKEND=tensorflow and load the saved model again"
        )
    built = isinstance(model, keras.Model) and model.built
    if not built or len(model.inputs) != 1 or len(model.outputs) != 1:
        raise ValueError(
            f"{caller}: expected a built Keras model with one input and one output; got {model!r}. "
            "Begin a Sequential with keras.Input"
        )
