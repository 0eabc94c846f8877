"""Files opened as models: their shapes, and their answers against the net that was written."""

import numpy as np
import pytest

from mlphys.serving.models import Model, NetModel, model_maker


def probabilities(net, x):
    z = net.logits(x).astype(np.float64)
    p = np.exp(z)
    return p / p.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("name", ["net.checkpoint", "net.onnx"])
def test_a_file_answers_as_its_net(files, net, name):
    model = model_maker(files / name)()
    assert isinstance(model, Model)
    assert model.kind == {"net.onnx": "onnx", "net.checkpoint": "net"}[name]
    assert (model.input_shape, model.output_shape, model.dtype) == ((12,), (4,), np.float32)
    for count in (1, 3, 2):
        x = np.random.default_rng(count).normal(size=(count, 12)).astype(np.float32)
        np.testing.assert_allclose(model(x), probabilities(net, x), rtol=2e-6)


def test_each_call_of_the_maker_gives_a_copy(files):
    make = model_maker(files / "net.checkpoint")
    first, second = make(), make()
    assert isinstance(first, NetModel) and first is not second


def test_other_files_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"\.tflite, \.onnx or \.checkpoint"):
        model_maker(tmp_path / "net.keras")
    with pytest.raises(FileNotFoundError, match="no such model file"):
        model_maker(tmp_path / "net.onnx")
