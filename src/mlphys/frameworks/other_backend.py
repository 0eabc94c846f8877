"""The same saved Keras model, asked in a fresh process that computes with another library.

Keras chooses its backend when it is imported, once for a process. So whoever wants to see a second
backend needs a second process. This module imports no framework; the process that it starts imports
Keras.

Chapter: ``book/frameworks/custom_layer.md``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

__all__ = ["BACKENDS", "Answer", "predict_elsewhere"]

BACKENDS = ("jax", "tensorflow")
SCRIPT = """
import sys
import numpy as np
from mlphys.frameworks.custom_layer import keras   # registers our layer
model = keras.saving.load_model(sys.argv[1])
y = model.predict(np.load(sys.argv[2]), verbose=0)
np.savez(sys.argv[3], y=y, *model.get_weights())
print(keras.backend.backend(), "tensorflow" in sys.modules)
"""


class Answer(NamedTuple):
    """What the other process said.

    Attributes
    ----------
    backend : str
        The library that computed.
    outputs : ndarray
    weights : list of ndarray
        As that process read them from the file.
    loaded_tensorflow : bool
    """

    backend: str
    outputs: np.ndarray
    weights: list[np.ndarray]
    loaded_tensorflow: bool


def predict_elsewhere(model: Path, x: np.ndarray, *, backend: str = "jax") -> Answer:
    """Return what a saved model answers in a fresh process on the given backend.

    Parameters
    ----------
    model : pathlib.Path
        A ``.keras`` file; it may hold the layers of :mod:`mlphys.frameworks`.
    x : ndarray
        The inputs, examples along the first axis.
    backend : str
        ``"jax"`` or ``"tensorflow"``.

    Raises
    ------
    ValueError
        If the backend is unknown.
    FileNotFoundError
        If there is no such file.
    RuntimeError
        If the other process fails; the message ends with its last lines.
    """
    if backend not in BACKENDS:
        raise ValueError(f"backend: expected one of {', '.join(BACKENDS)}; got {backend!r}.")
    model = Path(model)
    if not model.is_file():
        raise FileNotFoundError(f"{model}: expected a saved model (.keras); there is no such file.")
    surroundings = os.environ | {
        "KERAS_BACKEND": backend,
        "JAX_PLATFORMS": os.environ.get("JAX_PLATFORMS", "cpu"),
        "XLA_FLAGS": os.environ.get("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false"),
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.save(folder / "x.npy", x)
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, model, folder / "x.npy", folder / "y.npz"],
            env=surroundings, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(
                f"predict_elsewhere: expected the process on {backend} to answer; it ended with "
                f"code {done.returncode}:\n{done.stderr[-1500:]}"
            )
        with np.load(folder / "y.npz") as stored:
            weights = [stored[f"arr_{i}"] for i in range(len(stored.files) - 1)]
            outputs = stored["y"]
    said, loaded = done.stdout.split()[-2:]
    return Answer(said, outputs, weights, loaded == "True")
