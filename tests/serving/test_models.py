"""Files opened as models: their shapes, and their answers against the net that was written."""

import numpy as np
import pytest

from mlphys.frameworks.runtimes import OnnxModel
from mlphys.serving.models import Model, NetModel, RuntimeModel, model_maker


@pytest.mark.parametrize("name", ["net.checkpoint", "net.onnx"])
def test_a_file_answers_as_its_net(files, net, name):
    model = model_maker(files / name)()
    assert isinstance(model, Model)
    assert model.kind == {"net.onnx": "onnx", "net.checkpoint": "net"}[name]
    assert (model.input_shape, model.output_shape, model.dtype) == ((12,), (4,), np.float32)
    for count in (1, 3, 2):
        x = np.random.default_rng(count).normal(size=(count, 12)).astype(np.float32)
        np.testing.assert_allclose(model(x), net.logits(x), rtol=2e-6, atol=1e-6)


def test_each_call_of_the_maker_gives_a_copy(files):
    make = model_maker(files / "net.checkpoint")
    first, second = make(), make()
    assert isinstance(first, NetModel) and first is not second


def test_other_files_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"\.tflite, \.onnx or \.checkpoint"):
        model_maker(tmp_path / "net.keras")
    with pytest.raises(FileNotFoundError, match="no such model file"):
        model_maker(tmp_path / "net.onnx")


class Runtime(OnnxModel):
    """A runtime that doubles, for examples of fixed or open number."""

    def __init__(self, first, rest):
        self.input_shape = self.output_shape = (first, *rest)
        self.calls = 0

    def __call__(self, batch):
        assert self.input_shape[0] in (None, len(batch))
        self.calls += 1
        return 2 * batch


@pytest.mark.parametrize(("first", "calls"), [(None, 1), (1, 3)])
def test_a_file_for_single_examples_is_asked_one_by_one(first, calls):
    runtime = Runtime(first, (2, 2))
    model = RuntimeModel("onnx", runtime)
    x = np.arange(12, dtype=np.float32).reshape(3, 2, 2)
    assert np.array_equal(model(x), 2 * x)
    assert runtime.calls == calls


@pytest.mark.parametrize(("first", "rest"), [(7, (2,)), (None, (None, 2))])
def test_other_shapes_are_refused(first, rest):
    with pytest.raises(ValueError, match="expected a model of single examples of one shape"):
        RuntimeModel("onnx", Runtime(first, rest))


@pytest.mark.parametrize("kind", ["litert", "int8", "onnx"])
def test_files_of_the_keras_chapter_are_served(kind, tmp_path):
    """Each answer equals the runtime's own; those in float32 also Keras's, to 1e-5."""
    from mlphys.frameworks.exports import export_litert, export_onnx
    from mlphys.frameworks.keras_net import make_net
    from mlphys.frameworks.runtimes import LiteRTModel, OnnxModel
    from mlphys.serving.client import Client
    from mlphys.serving.server import running

    digits = np.random.default_rng(0).uniform(size=(64, 28, 28)).astype(np.float32)
    net = make_net(0)
    if kind == "onnx":
        path = export_onnx(net, tmp_path / "net.onnx")
        own = OnnxModel(path)
    else:
        options = {"quantize": "int8", "samples": digits} if kind == "int8" else {}
        path = export_litert(net, tmp_path / "net.tflite", **options)
        own = LiteRTModel(path)
    with running({"digits": path}) as address, Client(address.url, token=address.token) as client:
        answers = client.ask("digits", digits)
    assert np.array_equal(answers, np.asarray(own(digits), dtype=answers.dtype))
    if kind != "int8":
        np.testing.assert_allclose(answers, net(digits).numpy(), atol=1e-5)
