"""The layers against SciPy, the gradient by differences, and that it learns."""

import numpy as np
import pytest
from scipy.signal import correlate

from mlphys.derivatives.gradient_check import assert_gradient
from mlphys.learning.convnet import ConvNet, fold_patches, patches, train_convnet
from mlphys.learning.inputs import PixelScale


def test_patches_times_weights_is_a_correlation():
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 9, 8, 3)), rng.normal(size=(3, 3, 3))
    ours = patches(x, side=3, step=2) @ w.ravel()
    for picture, found in zip(x, ours, strict=True):
        assert np.allclose(correlate(picture, w, mode="valid")[::2, ::2, 0], found, atol=1e-12)


def test_fold_is_the_transpose_of_patches():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2, 9, 8, 3))
    p = patches(x, side=3, step=2)
    g = rng.normal(size=p.shape)
    assert np.sum(g * p) == pytest.approx(np.sum(x * fold_patches(g, x.shape, side=3, step=2)))


def test_gradient():
    rng = np.random.default_rng(2)
    net = ConvNet(rng=rng, picture=(11, 11), channels=(3, 4), classes=5, dtype=np.float64)
    x, labels = rng.normal(size=(6, 121)), np.array([0, 1, 2, 3, 4, 0])

    def loss(p):
        net.parameters[:] = p
        return net.loss_and_gradient(x, labels)

    start = net.parameters.copy()
    loss(start)
    assert_gradient(loss, net.gradient.copy(), start, rng=rng, method="central")


def test_it_learns_bars():
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 2, 512)
    images = np.zeros((512, 28, 28), np.uint8)
    for image, label, place in zip(images, labels, rng.integers(2, 26, 512), strict=True):
        image[(slice(None), place) if label else (place,)] = 255
    net = ConvNet(rng=rng, classes=2)
    train_convnet(net, images, labels, rng=rng, epochs=10)
    x = PixelScale.fit(images).apply(images)  # the map that training used
    assert np.mean(net.logits(x).argmax(axis=1) == labels) > 0.95


def test_messages():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="larger than the patches"):
        ConvNet(rng=rng, picture=(4, 4))
    with pytest.raises(ValueError, match="inputs of shape"):
        ConvNet(rng=rng).logits(np.ones((2, 3), np.float32))
    with pytest.raises(ValueError, match="patches: expected"):
        patches(np.ones((2, 2)), side=3, step=1)
    with pytest.raises(ValueError, match="at least one epoch"):
        images = np.zeros((64, 28, 28), np.uint8)
        train_convnet(ConvNet(rng=rng), images, np.zeros(64, int), rng=rng, epochs=0)
