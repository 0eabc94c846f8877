"""What the other process is refused, and how its failure arrives; answers: test_custom_layer.py."""

import numpy as np
import pytest

from mlphys.frameworks.other_backend import predict_elsewhere


def test_unknown_backend_lists_the_known(tmp_path):
    with pytest.raises(ValueError, match="one of jax, tensorflow; got 'theano'"):
        predict_elsewhere(tmp_path / "m.keras", np.zeros(1), backend="theano")


def test_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"m\.keras: expected a saved model"):
        predict_elsewhere(tmp_path / "m.keras", np.zeros(1))


def test_failure_of_the_other_process_is_an_error_here(tmp_path):
    (tmp_path / "m.keras").write_bytes(b"no model")
    with pytest.raises(RuntimeError, match=r"process on jax to answer; it ended with code 1"):
        predict_elsewhere(tmp_path / "m.keras", np.zeros(1))
