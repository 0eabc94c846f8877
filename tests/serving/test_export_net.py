"""The net of *A deep net from scratch* as files, read by runtimes that know nothing of it."""

import numpy as np
import pytest

from mlphys.learning.deep_net import DeepNet
from mlphys.serving.export_net import write_litert, write_onnx
from mlphys.serving.models import model_maker


@pytest.mark.parametrize(
    ("write", "name", "units"),
    [
        (write_onnx, "net.onnx", ("arctan", "relu", "tanh")),
        (write_litert, "net.tflite", ("arctan",)),  # the other two are built in there, too
    ],
)
def test_written_net_answers_as_the_net(tmp_path, write, name, units):
    for unit in units:
        net = DeepNet((6, 5, 4, 3), rng=np.random.default_rng(2), activation=unit, gain=2.0)
        write(net, tmp_path / name)
        model = model_maker(tmp_path / name)()
        assert (model.input_shape, model.output_shape) == ((6,), (3,))
        for count in (1, 4, 2):
            x = np.random.default_rng(count).normal(size=(count, 6)).astype(np.float32)
            z = np.exp(net.logits(x).astype(np.float64))
            np.testing.assert_allclose(model(x), z / z.sum(axis=1, keepdims=True), rtol=3e-6)


def test_other_nets_are_refused(tmp_path):
    rng = np.random.default_rng(0)
    for net in (
        DeepNet((4, 3, 2), rng=rng, activation="selu"),
        DeepNet((4, 2), rng=rng, dtype=float),
    ):
        with pytest.raises(ValueError, match="expected a float32 net of units arctan, relu, tanh"):
            write_onnx(net, tmp_path / "net.onnx")
