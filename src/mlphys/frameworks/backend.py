"""Importing Keras without the log lines of the library that computes for it.

This module imports Keras, with TensorFlow or JAX behind it, when its function is called.

Chapter: ``book/frameworks/custom_layer.md``.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from types import ModuleType

from mlphys.quiet import quiet_stderr, quiet_tensorflow

__all__ = ["quiet_keras"]


def quiet_keras() -> ModuleType:
    """Return ``keras``, on the backend that the environment variable ``KERAS_BACKEND`` names.

    Where that is not set, Keras takes TensorFlow, or what its own configuration file says. To be
    called before anything else imports Keras.

    Returns
    -------
    module
        ``keras``.

    Raises
    ------
    ImportError
        If Keras is not installed; the message names the extra that brings it.

    Examples
    --------
    >>> quiet_keras().backend.backend() in ("tensorflow", "jax")
    True
    """
    if find_spec("keras") is None:
        raise ImportError(
            "this function needs Keras, which is not installed. "
            "Install it with: pip install 'mlphys[tensorflow]'"
        )
    if os.environ.get("KERAS_BACKEND", "tensorflow") == "tensorflow":
        quiet_tensorflow()
    with quiet_stderr():
        import keras
    return keras
