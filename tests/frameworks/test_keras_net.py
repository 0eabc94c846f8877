"""Pipeline, net and training against arrays, closed forms, and the hand-made net of Part III."""

from itertools import pairwise

import numpy as np
import pytest

from mlphys.datasets import load_mnist
from mlphys.frameworks.keras_net import (
    keras,
    load_parts,
    make_net,
    pipeline,
    tf,
    to_arrays,
    train_net,
    train_seeds,
)
from mlphys.learning.deep_net import DeepNet
from mlphys.learning.losses import cross_entropy

# of Keras's own reader of saved weights, under NumPy 2
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

SIZES = (784, 50, 50, 50, 50, 10)


@pytest.fixture(scope="module")
def parts():
    return load_parts(digits=6000)


@pytest.fixture(scope="module")
def trained(parts):
    """Five nets by the right loss, and by the loss that takes logits for probabilities."""
    wrong = keras.losses.SparseCategoricalCrossentropy(from_logits=False)
    options = {"seeds": range(5), "epochs": 3, "rate": 1e-3}
    return (
        train_seeds(parts, **options),
        train_seeds(parts, loss=wrong, **options),
        train_seeds(parts, loss=wrong, output="softmax", **options),
    )


def twin(model):
    net = DeepNet(SIZES, rng=np.random.default_rng(0), activation="tanh")
    net.parameters[:] = np.concatenate([array.ravel() for array in model.get_weights()])
    return net


def test_parts_are_the_training_set_cut_in_three(parts):
    digits = load_mnist()
    count = len(digits.train_labels)
    assert parts.counts[:3] == (4500, 1440, 60) and parts.name == digits.name
    joined = [to_arrays(part) for part in (parts.train, parts.validation, parts.extra)]
    images, labels = (np.concatenate(arrays) for arrays in zip(*joined, strict=True))
    np.testing.assert_array_equal(labels, digits.train_labels[:6000])
    np.testing.assert_array_equal(images, np.float32(digits.train_images[:6000]) / 255)
    assert parts.counts[3] == len(digits.test_labels) and count >= 6000


@pytest.mark.full_data
def test_parts_of_the_real_set_come_through_tfds():
    parts = load_parts()
    assert parts.counts == (45_000, 14_400, 600, 10_000) and parts.name == "mnist"
    assert "tensorflow_datasets" in parts.source
    digits = load_mnist()
    labels = np.concatenate([to_arrays(part)[1] for part in parts[:3]])
    np.testing.assert_array_equal(labels, digits.train_labels)


def test_number_of_digits_must_cut_into_percents():
    for digits in (0, 150, -100):
        with pytest.raises(ValueError, match="a positive multiple of 100"):
            load_parts(digits=digits)


def test_pipeline_shuffles_anew_and_repeats_with_its_seed(parts):
    def labels(data):
        return np.concatenate([y for _, y in data.as_numpy_iterator()])

    one, other = pipeline(parts.train, seed=1), pipeline(parts.train, seed=1)
    first, second = labels(one), labels(one)
    assert not np.array_equal(first, second)  # another order in the second epoch
    np.testing.assert_array_equal(np.sort(first), np.sort(second))
    np.testing.assert_array_equal(first, labels(other))
    np.testing.assert_array_equal(second, labels(other))
    assert not np.array_equal(first, labels(pipeline(parts.train, seed=2)))
    np.testing.assert_array_equal(labels(pipeline(parts.train)), to_arrays(parts.train)[1])


def test_net_has_47410_parameters_and_glorots_spread():
    model = make_net(0)
    by_hand = 784 * 50 + 50 + 3 * (50 * 50 + 50) + 50 * 10 + 10
    assert model.count_params() == by_hand == 47_410
    for (m, n), kernel in zip(pairwise(SIZES), model.get_weights()[::2], strict=True):
        limit = np.sqrt(6 / (m + n))
        assert np.abs(kernel).max() <= limit
        assert kernel.std() == pytest.approx(limit / np.sqrt(3), rel=0.1)


def test_keras_and_the_hand_made_net_agree(parts):
    model, (x, y) = make_net(4), to_arrays(parts.train)
    x, y, net = x[:256], y[:256], twin(model)
    with tf.GradientTape() as record:
        logits = model(x)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, logits)
    slopes = record.gradient(loss, model.trainable_variables)
    flat = np.concatenate([slope.numpy().ravel() for slope in slopes])
    inputs = x.reshape(256, 784)
    np.testing.assert_allclose(net.logits(inputs), logits, atol=2e-6)
    assert net.loss_and_gradient(inputs, y) == pytest.approx(float(loss), rel=1e-6)
    np.testing.assert_allclose(net.gradient, flat, atol=1e-7 + 1e-5 * np.abs(flat).max())


def test_training_repeats_and_one_graph_serves_all_seeds(parts):
    few = parts._replace(train=parts.train.take(320), validation=parts.validation.take(100))
    nets, curves = train_seeds(few, seeds=(3, 5), epochs=2, rate=1e-3)
    alone = make_net(5)
    again = train_net(alone, few, seed=5, epochs=2, rate=1e-3)
    for a, b in zip(nets[1].get_weights(), alone.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
    np.testing.assert_allclose(curves[1].loss, again.loss, rtol=1e-5)


def test_forgotten_from_logits_costs_accuracy_in_every_seed(trained):
    right, wrong, softmax = (
        np.array([curve.validation_accuracy[-1] for curve in curves]) for _, curves in trained
    )
    cost = right - wrong
    # seeds differ widely (12 to 77 points), so that the sign is asked of each of them
    assert np.all(cost > 0.03)
    assert cost.mean() > 0.15 and cost.mean() > 2 * cost.std(ddof=1) / np.sqrt(5)
    # with a softmax in the net the same words are right
    assert np.abs(softmax - right).max() < 0.02


def test_three_runtimes_agree_on_a_thousand_digits_and_int8_costs_little(parts, trained, tmp_path):
    from mlphys.frameworks.exports import export_litert, export_onnx
    from mlphys.frameworks.runtimes import LiteRTModel, OnnxModel

    x, y = to_arrays(parts.validation)
    samples = to_arrays(parts.train)[0][:200]
    costs = []
    for net in trained[0][0][:5]:
        lite = LiteRTModel(export_litert(net, tmp_path / "net.tflite"))
        onnx = OnnxModel(export_onnx(net, tmp_path / "net.onnx"))
        expected = net(x[:1000]).numpy()
        assert np.abs(lite(x[:1000]) - expected).max() <= 1e-5
        assert np.abs(onnx(x[:1000]) - expected).max() <= 1e-5
        path = export_litert(net, tmp_path / "q.tflite", quantize="int8", samples=samples)
        small = LiteRTModel(path)(x).argmax(axis=1)
        full = onnx(x).argmax(axis=1)
        assert np.mean(small != full) < 0.02
        costs.append(np.mean(full == y) - np.mean(small == y))
    assert abs(np.mean(costs)) < 0.005
    assert (tmp_path / "q.tflite").stat().st_size < 0.31 * (tmp_path / "net.tflite").stat().st_size


def test_reload_is_equal_to_the_bit(trained, parts, tmp_path):
    net = trained[0][0][0]
    net.save(tmp_path / "net.keras")
    again = keras.models.load_model(tmp_path / "net.keras")
    x = to_arrays(parts.extra)[0]
    assert net(x).numpy().tobytes() == again(x).numpy().tobytes()
    for a, b in zip(net.get_weights(), again.get_weights(), strict=True):
        assert a.tobytes() == b.tobytes()


def test_cross_entropy_of_logits_is_ours():
    logits = np.random.default_rng(0).normal(0, 20, (50, 10))
    labels = np.random.default_rng(1).integers(0, 10, 50)
    theirs = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction=None)
    np.testing.assert_allclose(
        theirs(labels, logits.astype(np.float32)),
        cross_entropy(logits, labels),
        rtol=1e-5,
        atol=1e-5,
    )


@pytest.mark.full_data
@pytest.mark.slow
def test_ten_epochs_on_all_digits_reach_the_lectures_figure():
    parts = load_parts()
    _, (curve,) = train_seeds(parts, seeds=(0,), epochs=10, rate=1e-4)
    assert curve.validation_accuracy[-1] == pytest.approx(0.953, abs=0.006)


def test_h5_is_called_legacy(tmp_path, caplog):
    import logging

    with caplog.at_level(logging.WARNING, logger="absl"):
        make_net(0).save(tmp_path / "net.h5")
    assert "legacy" in caplog.text and "native Keras format" in caplog.text
