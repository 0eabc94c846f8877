"""A dense net and its permuted twin stay twins while they learn."""

import numpy as np
import pytest

from mlphys.learning.deep_net import DeepNet
from mlphys.learning.permutation import (
    neighbor_correlation,
    permute_first_layer,
    permute_pixels,
)


def test_shuffle_loses_nothing():
    rng = np.random.default_rng(0)
    images, order = rng.integers(0, 255, (3, 4, 5)), rng.permutation(20)
    there = permute_pixels(images, order)
    assert np.array_equal(permute_pixels(there, np.argsort(order)), images)


def test_training_commutes_with_the_shuffle():
    rng = np.random.default_rng(1)
    x, labels, order = rng.normal(size=(30, 12)), rng.integers(0, 3, 30), rng.permutation(12)
    one, two = (DeepNet((12, 8, 3), rng=np.random.default_rng(2), dtype=np.float64) for _ in "ab")
    permute_first_layer(two, order)
    for _ in range(50):
        for net, inputs in ((one, x), (two, x[:, order])):
            net.loss_and_gradient(inputs, labels)
            net.parameters -= 0.1 * net.gradient
    assert np.allclose(one.logits(x), two.logits(x[:, order]), atol=1e-12)
    assert np.allclose(one.layers[0].weights[order], two.layers[0].weights, atol=1e-12)


def test_neighbors_of_a_smooth_picture_agree_until_it_is_shuffled():
    rng = np.random.default_rng(3)
    phases = rng.uniform(0, 6.28, (200, 1, 1))
    waves = np.sin(np.arange(20)[None, :, None] / 5 + np.zeros((1, 1, 20)) + phases)
    assert neighbor_correlation(waves) > 0.95
    shuffled = permute_pixels(waves, rng.permutation(400))
    assert abs(neighbor_correlation(shuffled)) < 0.3


def test_messages():
    with pytest.raises(ValueError, match="a permutation of 4 pixels"):
        permute_pixels(np.ones((1, 2, 2)), np.array([0, 0, 1, 2]))
    with pytest.raises(ValueError, match="a permutation of 3 inputs"):
        net = DeepNet((3, 2), rng=np.random.default_rng(0))
        permute_first_layer(net, np.arange(4))
