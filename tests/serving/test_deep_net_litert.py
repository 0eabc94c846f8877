"""The net of *A deep net from scratch* in a LiteRT file, read by a runtime that knows no net."""

import numpy as np
import pytest

from mlphys.learning.deep_net import DeepNet
from mlphys.serving.deep_net_litert import write_litert
from mlphys.serving.models import model_maker


def test_written_net_answers_as_the_net(tmp_path):
    net = DeepNet((6, 5, 4, 3), rng=np.random.default_rng(2), activation="arctan", gain=2.0)
    model = model_maker(write_litert(net, tmp_path / "net.tflite"))()
    assert (model.kind, model.input_shape, model.output_shape) == ("litert", (6,), (3,))
    for count in (1, 4, 2):
        x = np.random.default_rng(count).normal(size=(count, 6)).astype(np.float32)
        np.testing.assert_allclose(model(x), net.logits(x), rtol=3e-6, atol=1e-6)


def test_other_nets_are_refused(tmp_path):
    rng = np.random.default_rng(0)
    selu = DeepNet((4, 3, 2), rng=rng, activation="selu")
    for net in (selu, DeepNet((4, 2), rng=rng, dtype=np.float64)):
        with pytest.raises(ValueError, match="expected a float32 net of units arctan, relu, tanh"):
            write_litert(net, tmp_path / "net.tflite")
