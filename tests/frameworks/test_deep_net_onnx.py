"""The hand-made net in a file, run by ONNX Runtime, against the net in NumPy."""

import numpy as np
import pytest

from mlphys.frameworks.deep_net_onnx import OPERATORS, export_deep_net, read_deep_net
from mlphys.frameworks.runtimes import OnnxModel
from mlphys.learning.activations import ACTIVATIONS
from mlphys.learning.deep_net import DeepNet
from mlphys.learning.inputs import PixelScale

IMAGES = np.random.default_rng(0).integers(0, 256, (50, 784), dtype=np.uint8)


def test_every_unit_has_a_word():
    assert OPERATORS.keys() == ACTIVATIONS.keys()


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
@pytest.mark.parametrize("pixels", [PixelScale(), PixelScale(33.3, 1 / 78.6)])
def test_file_computes_what_the_net_computes(tmp_path, activation, pixels):
    net = DeepNet((784, 25, 25, 10), rng=np.random.default_rng(1), activation=activation)
    model = OnnxModel(export_deep_net(net, tmp_path / "net.onnx", pixels=pixels))
    assert (model.input_shape, model.output_shape) == ((None, 784), (None, 10))
    ink = IMAGES.astype(np.float32) / 255
    expected = net.logits(pixels.apply(IMAGES))
    np.testing.assert_allclose(model(ink), expected, atol=2e-5 * np.abs(expected).max())


def test_softmax_regression_without_hidden_layers(tmp_path):
    net = DeepNet((5, 3), rng=np.random.default_rng(1))
    model = OnnxModel(export_deep_net(net, tmp_path / "net.onnx"))
    x = np.eye(5, dtype=np.float32)
    np.testing.assert_allclose(model(x), net.layers[0].weights, rtol=1e-6)


@pytest.mark.parametrize("trained", [False, True])
def test_keras_net_comes_back_as_the_hand_made_net(tmp_path, trained):
    from mlphys.frameworks.exports import export_onnx
    from mlphys.frameworks.keras_net import make_net

    model, rng = make_net(2), np.random.default_rng(0)
    if trained:  # offsets of a new net are zeros, and the converter leaves those out
        model.set_weights([a + rng.random(a.shape, np.float32) for a in model.get_weights()])
    net = read_deep_net(export_onnx(model, tmp_path / "net.onnx"))
    assert net.sizes == (784, 50, 50, 50, 50, 10) and net.activation.name == "tanh"
    expected = np.concatenate([array.ravel() for array in model.get_weights()])
    np.testing.assert_array_equal(net.parameters, expected)


def test_file_that_is_no_chain_of_dense_layers_is_refused(tmp_path):
    net = DeepNet((5, 4, 3), rng=np.random.default_rng(1))
    path = export_deep_net(net, tmp_path / "net.onnx")
    with pytest.raises(ValueError, match="expected dense layers; got a node Sub"):
        read_deep_net(path)
