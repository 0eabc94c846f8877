"""The average over all subnetworks against the scaled net, and against masks drawn at random."""

from itertools import pairwise

import numpy as np
import pytest

from mlphys.frameworks.dropout_average import (
    all_masks,
    census,
    geometric_mean,
    mask_weights,
    subnetwork_probabilities,
)
from mlphys.learning.losses import softmax
from mlphys.learning.representation import relu_net


def random_net(units):
    rng = np.random.default_rng(units)
    sizes = (4, units, 3)
    return [(rng.normal(size=(m, n)), rng.normal(size=n)) for m, n in pairwise(sizes)]


@pytest.mark.parametrize("keep", [0.5, 0.8])
def test_whole_net_is_the_geometric_mean_of_all_subnetworks(keep):
    net, x = random_net(8), np.random.default_rng(0).normal(size=(20, 4))
    p, weights = subnetwork_probabilities(net, x, keep=keep), mask_weights(all_masks(8), keep=keep)
    whole = softmax(relu_net(net, x))
    assert np.allclose(geometric_mean(p, weights), whole, rtol=0, atol=1e-12)
    arithmetic = np.tensordot(weights, p, axes=1)
    assert np.abs(arithmetic - whole).max() > 1e-3  # another average


def test_census_counts_what_each_subnetwork_alone_would_read():
    net, rng = random_net(3), np.random.default_rng(2)
    x, labels = rng.normal(size=(40, 4)), rng.integers(0, 3, 40)
    found = census(net, x, labels, keep=0.5)
    (w1, b1), (w2, b2) = net
    for mask, percent in zip(all_masks(3), found.members, strict=True):
        alone = relu_net([(w1, b1), (2 * w2 * mask[:, None], b2)], x).argmax(axis=1)
        assert percent == pytest.approx(100 * (alone == labels).mean())
    assert found.geometric_gap < 1e-12 < 1e-3 < found.arithmetic_gap


def test_masks_and_weights_are_those_of_independent_coins():
    masks, keep = all_masks(5), 0.7
    assert len(np.unique(masks, axis=0)) == 32
    weights = mask_weights(masks, keep=keep)
    assert weights.sum() == pytest.approx(1) and weights @ masks == pytest.approx(np.full(5, keep))
    drawn = np.random.default_rng(0).random((100_000, 5)) < keep
    numbers = np.bincount(drawn @ (1 << np.arange(5)), minlength=32) / len(drawn)
    assert np.abs(numbers - weights).max() < 5e-3


def test_messages():
    with pytest.raises(ValueError, match="1 to 14 units; got 20"):
        all_masks(20)
    with pytest.raises(ValueError, match="keep between 0 and 1"):
        mask_weights(all_masks(2), keep=1.0)
    with pytest.raises(ValueError, match="one hidden layer"):
        subnetwork_probabilities(random_net(2)[:1], np.ones((1, 4)), keep=0.5)
