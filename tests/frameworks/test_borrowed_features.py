"""Borrowed features: the layer is the net's, the linear rule is sklearn's, the sign holds."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from mlphys.datasets import load_mnist
from mlphys.frameworks.borrowed_features import (
    RIDGE,
    borrowed_features,
    hidden_layer,
    ridge_guess,
)
from mlphys.frameworks.effects import paired_effect
from mlphys.frameworks.landscape import over_seeds, pooled
from mlphys.learning.deep_net import DeepNet


def test_layer_is_what_the_net_computes():
    net = DeepNet((6, 4, 3), rng=np.random.default_rng(0), dtype=np.float64)
    x = np.random.default_rng(1).normal(size=(5, 6))
    last = net.layers[-1]
    assert hidden_layer(net, x) @ last.weights + last.offsets == pytest.approx(net.logits(x))


def test_guess_is_that_of_sklearn():
    rng = np.random.default_rng(2)
    x, labels, new = rng.normal(size=(30, 4)), rng.integers(0, 3, 30), rng.normal(size=(50, 4))
    x[:, 0] += labels
    ones = [np.column_stack([(z - x.mean(0)) / x.std(), np.ones(len(z))]) for z in (x, new)]
    peer = Ridge(alpha=RIDGE, fit_intercept=False).fit(ones[0], np.eye(3)[labels])
    assert np.array_equal(ridge_guess(x, labels, new), peer.predict(ones[1]).argmax(1))


def test_learned_features_beat_random_ones():
    digits = load_mnist(source="sample")
    x, y = pooled(digits.train_images), digits.train_labels.astype(int)
    learned, fresh, _ = over_seeds(borrowed_features, 10, x, y).T
    assert paired_effect(learned, fresh).sign == 1
