"""The map to bytes against its bounds, and against the bytes that LiteRT writes into a file."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlphys.frameworks.eight_bits import fit_range, fit_weights, from_bytes, to_bytes


@given(st.floats(-50, 0), st.floats(0.01, 50), st.integers(0, 1000))
def test_error_inside_the_range_is_half_a_step_and_zero_is_exact(low, high, seed):
    steps = fit_range(low, high)
    x = np.random.default_rng(seed).uniform(low, high, 50)
    error = np.abs(from_bytes(to_bytes(x, steps), steps) - x)
    # the zero point is a whole number, which moves the ends by up to half a step more
    assert error.max() <= steps.step * (1 + 1e-9)
    inner = x[(x > low + steps.step) & (x < high - steps.step)]
    assert np.all(np.abs(from_bytes(to_bytes(inner, steps), steps) - inner) <= steps.step * 0.5001)
    assert from_bytes(to_bytes(0.0, steps), steps) == 0


def test_mean_square_error_is_a_twelfth_of_a_step_squared():
    steps = fit_range(-1.0, 1.0)
    x = np.random.default_rng(0).uniform(-0.99, 0.99, 100_000)
    error = from_bytes(to_bytes(x, steps), steps) - x
    assert np.mean(error**2) == pytest.approx(steps.step**2 / 12, rel=0.02)


def test_empty_range_is_refused():
    with pytest.raises(ValueError, match=r"expected low below high; got 1.0 and 1.0"):
        fit_range(1.0, 1.0)


def test_bytes_are_those_in_a_file_of_litert(tmp_path):
    from mlphys.frameworks.backend import quiet_keras
    from mlphys.frameworks.exports import export_litert
    from mlphys.frameworks.runtimes import LiteRTModel

    keras = quiet_keras()
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(7)])
    x = np.random.default_rng(0).uniform(0, 1, (50, 20)).astype(np.float32)
    x[0, 0], x[1, 0] = 0, 1
    path = export_litert(model, tmp_path / "q.tflite", quantize="int8", samples=x)
    interpreter = LiteRTModel(path).interpreter
    (stored,) = (d for d in interpreter.get_tensor_details() if d["shape"].tolist() == [7, 20])
    weights = model.get_weights()[0]
    steps = fit_weights(weights)
    scales = stored["quantization_parameters"]["scales"]
    np.testing.assert_allclose(scales, steps.step, rtol=1e-6)
    np.testing.assert_array_equal(
        interpreter.get_tensor(stored["index"]).T, to_bytes(weights, steps)
    )
    inputs = [d for d in interpreter.get_tensor_details() if "quantize" in d["name"]]
    found = inputs[0]["quantization_parameters"]
    assert found["scales"] == pytest.approx(fit_range(0, 1).step, rel=1e-6)
    assert found["zero_points"] == fit_range(0, 1).zero
