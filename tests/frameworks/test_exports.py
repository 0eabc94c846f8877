"""Exported files against the model in memory, and the refusals of the exporters."""

import numpy as np
import pytest

from mlphys.frameworks.backend import quiet_keras
from mlphys.frameworks.exports import export_litert, export_onnx, place
from mlphys.frameworks.runtimes import LiteRTModel, OnnxModel

keras = quiet_keras()


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((6, 6)),
            keras.layers.Flatten(),
            keras.layers.Dense(12, "tanh"),
            keras.layers.Dense(4),
        ]
    )


@pytest.fixture(scope="module")
def inputs():
    return np.random.default_rng(0).random((300, 6, 6), dtype=np.float32)


def numpy_logits(model, x):
    """The same net from its weights, in float64."""
    w1, b1, w2, b2 = (array.astype(float) for array in model.get_weights())
    return np.tanh(x.reshape(len(x), -1) @ w1 + b1) @ w2 + b2


def test_both_formats_compute_what_the_weights_say(model, inputs, tmp_path, capfd):
    expected = numpy_logits(model, inputs)
    litert = LiteRTModel(export_litert(model, tmp_path / "net.tflite"))
    onnx = OnnxModel(export_onnx(model, tmp_path / "net.onnx"))
    for runtime in (litert, onnx):
        np.testing.assert_allclose(runtime(inputs), expected, atol=1e-5)
        assert runtime.input_shape == (None, 6, 6) and runtime.output_shape == (None, 4)
    assert capfd.readouterr() == ("", "")  # not a word on either stream


def test_int8_is_small_and_near_but_not_equal(model, inputs, tmp_path, capfd):
    exact = LiteRTModel(export_litert(model, tmp_path / "net.tflite"))(inputs)
    path = export_litert(model, tmp_path / "q.tflite", quantize="int8", samples=inputs[:100])
    rounded = LiteRTModel(path)(inputs)
    deviation = np.abs(rounded - exact).max()
    assert 1e-4 < deviation < 0.1 * np.ptp(exact)
    # one byte resolves 256 values, so a column of logits cannot have more
    assert len(np.unique(rounded)) <= 256
    assert capfd.readouterr() == ("", "")


def test_wrong_calls_are_refused(model, inputs, tmp_path):
    path = tmp_path / "net.tflite"
    with pytest.raises(ValueError, match=r"expected quantize among \(None, 'int8'\); got 'int4'"):
        export_litert(model, path, quantize="int4")
    with pytest.raises(ValueError, match="expected samples with quantize='int8'"):
        export_litert(model, path, quantize="int8")
    with pytest.raises(ValueError, match="and none without"):
        export_litert(model, path, samples=inputs)
    with pytest.raises(ValueError, match=r"expected samples of shape \(n, \*\(6, 6\)\)"):
        export_litert(model, path, quantize="int8", samples=inputs.reshape(300, 36))
    for export in (export_litert, export_onnx):
        with pytest.raises(ValueError, match="a built Keras model with one input"):
            export(keras.Sequential([keras.layers.Dense(2)]), path)
        with pytest.raises(ValueError, match="a built Keras model"):
            export(object(), path)
    assert not list(tmp_path.iterdir())


def test_an_older_file_survives_a_write_that_fails(tmp_path, monkeypatch):
    path = place(b"old", tmp_path / "file")
    monkeypatch.setattr("os.fdopen", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        place(b"new", path)
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]
