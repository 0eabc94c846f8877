"""Keras arrives without a line, on the backend that was asked for."""

import os
import subprocess
import sys

import pytest

CODE = "from mlphys.frameworks.backend import quiet_keras; print(quiet_keras().backend.backend())"


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_keras_comes_quietly(backend):
    pytest.importorskip(backend)
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        env={**os.environ, "KERAS_BACKEND": backend}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == (f"{backend}\n", "")
