"""The Keras nets: parameters counted by hand, layers against NumPy, the shipped weights."""

import numpy as np
import pytest

from mlphys.datasets import load_mnist
from mlphys.frameworks.blur_kernel import convolve, max_pool
from mlphys.frameworks.small_cnn import (
    as_input,
    dense_rival,
    feature_maps,
    load_trained,
    restart,
    right,
    small_cnn,
    teach,
)


def test_parameters_are_those_of_pencil_and_paper():
    convolutions = 32 * (9 + 1) + 64 * (9 * 32 + 1)
    assert small_cnn(0).count_params() == convolutions + 50 * (5 * 5 * 64 + 1) + 10 * 51 == 99_376
    assert dense_rival(0).count_params() == 125 * 785 + 10 * 126 == 99_385


def test_feature_maps_are_convolution_relu_and_pooling_in_numpy():
    model = small_cnn(1)
    image = as_input(load_mnist().test_images[:1])[0]
    maps = feature_maps(model, image)
    assert list(maps) == ["conv1", "pool1", "conv2", "pool2"]
    kernels, offsets = model.get_layer("conv1").get_weights()
    for k in (0, 31):
        ours = np.maximum(convolve(image[None, ..., 0], kernels[:, :, 0, k])[0] + offsets[k], 0)
        assert np.allclose(maps["conv1"][..., k], ours, atol=1e-5)
        assert np.allclose(maps["pool1"][..., k], max_pool(ours), atol=1e-5)
    kernels, offsets = model.get_layer("conv2").get_weights()
    seen = sum(convolve(maps["pool1"][None, ..., c], kernels[:, :, c, 5])[0] for c in range(32))
    assert np.allclose(maps["conv2"][..., 5], np.maximum(seen + offsets[5], 0), atol=1e-4)


def test_a_restarted_model_learns_like_a_new_one():
    digits = load_mnist()
    x, labels = as_input(digits.train_images[:64]), digits.train_labels[:64].astype(np.int32)

    def lesson(model):
        return teach(model, x, labels, rng=np.random.default_rng(5), epochs=1)

    fresh = small_cnn(3)
    used = small_cnn(0)
    lesson(used)
    restart(used, fresh)
    lesson(used)
    lesson(fresh)
    for a, b in zip(used.get_weights(), fresh.get_weights(), strict=True):
        assert np.array_equal(a, b)


def test_shipped_weights_read_what_their_record_says():
    model, record = load_trained()
    digits = load_mnist()
    seen = right(model, as_input(digits.test_images), digits.test_labels)
    expected, n = record["test_accuracy"], len(seen)
    assert record["parameters"] == model.count_params() == 99_376
    assert record["test_accuracy"] > 0.9906 and record["validation_accuracy"][-1] > 0.9906
    if n == record["test_digits"]:
        assert seen.mean() == pytest.approx(expected, abs=2e-4)
    else:
        assert seen.mean() == pytest.approx(expected, abs=4 * np.sqrt(expected * 0.01 / n))


def test_messages():
    with pytest.raises(ValueError, match="expected bytes of shape"):
        as_input(np.zeros((1, 28, 28)))
    with pytest.raises(ValueError, match="at least one epoch"):
        teach(dense_rival(0), np.zeros((1, 28, 28, 1)), np.zeros(1), rng=np.random.default_rng(0), epochs=0)  # fmt: skip
