"""Gradients of the defended nets by central differences; learning from attacks on a known task."""

import numpy as np
import pytest

from mlphys.learning import DeepNet, PixelScale, adam, train
from mlphys.learning.adversarial import gradient_sign, net_inputs
from mlphys.learning.defenses import DetectorOnPictures, SmoothedNet, train_with_attacks
from mlphys.learning.digit_detector import Detector, average_blocks, log_loss


@pytest.fixture
def rng():
    return np.random.default_rng(2)


def by_differences(loss, x, h=1e-6):
    slopes = np.empty_like(x)
    for place in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[place] = h
        slopes[place] = (loss(x + step) - loss(x - step)) / (2 * h)
    return slopes


def test_gradient_of_a_smoothed_net(rng):
    net = DeepNet((5, 6, 3), rng=rng, dtype=np.float64)
    smooth = SmoothedNet(net, noise=0.7, draws=4, rng=rng)
    x, labels = rng.standard_normal((3, 5)), np.array([2, 0, 1])
    loss = lambda at: -np.log(smooth.probabilities(at)[np.arange(3), labels]).sum()
    assert np.allclose(smooth.input_gradient(x, labels), by_differences(loss, x), atol=1e-8)
    assert np.array_equal(smooth.logits(x).argmax(axis=1), smooth.predict(x))


def test_smoothed_linear_boundary_stays_where_it_is(rng):
    """Of a linear two-class net, noise moves no answer but those near the boundary."""
    net = DeepNet((2, 2), rng=rng)
    smooth = SmoothedNet(net, noise=0.5, draws=500, rng=rng)
    x = rng.standard_normal((300, 2)).astype(np.float32)
    gap = np.abs(np.diff(net.logits(x), axis=1)[:, 0])
    far = gap > 0.3 * gap.max()
    assert np.array_equal(smooth.predict(x)[far], net.predict(x)[far])


def test_detector_on_pictures_reads_block_averages(rng):
    images = rng.integers(0, 256, (6, 28, 28)).astype(np.uint8)
    model = DetectorOnPictures(Detector(rng.standard_normal(196), 0.3))
    x = images.reshape(6, 784) / 255
    assert np.allclose(model.averages(x), average_blocks(images))
    labels = np.array([0, 1, 1, 0, 1, 0])
    loss = lambda at: log_loss(model.detector.logits(model.averages(at)), labels).sum()
    slopes = by_differences(loss, x[:, :784])
    assert np.allclose(model.input_gradient(x, labels), slopes, atol=1e-8)


def test_learning_from_attacks_keeps_the_robust_feature(rng):
    """One pixel of large, thirty of small contrast: the thirty are right more often, and weak.

    Clean digits are read best with all pixels, attacked ones only with the strong one.
    """
    n = 4000
    labels = rng.integers(0, 2, n).astype(np.uint8)
    side = 2.0 * labels - 1
    strong = side * np.where(rng.random(n) < 0.9, 1, -1)
    weak = side[:, None] * 0.05 + 0.05 * rng.standard_normal((n, 30))
    ink = 0.5 + np.concatenate([0.4 * strong[:, None], weak], axis=1)
    images = np.clip(255 * ink, 0, 255).astype(np.uint8)
    pixels = PixelScale(127.5, 1 / 127.5)

    def attacked(net):
        moved = gradient_sign(net, images, labels, size=0.1, pixels=pixels)
        return np.mean(net.predict(net_inputs(moved, pixels=pixels)) == labels)

    plain, robust = (DeepNet((31, 2), rng=rng) for _ in range(2))
    train(plain, images, labels, optimizer=adam(), learning_rate=0.02, epochs=10, rng=rng,
          pixels=pixels, progress="none")  # fmt: skip
    train_with_attacks(
        robust, images, labels, size=0.1, epochs=10, learning_rate=0.02, rng=rng, pixels=pixels
    )
    assert np.mean(plain.predict(pixels.apply(images)) == labels) > 0.99
    assert attacked(plain) < 0.1
    assert attacked(robust) > 0.85


def test_messages(rng):
    net = DeepNet((4, 2), rng=rng)
    with pytest.raises(ValueError, match="expected uint8 images"):
        train_with_attacks(net, np.zeros((2, 4)), np.zeros(2, int), size=0.1, epochs=1,
                           learning_rate=0.1, rng=rng, pixels=PixelScale())  # fmt: skip
    with pytest.raises(ValueError, match="draws >= 1"):
        SmoothedNet(net, noise=0.1, draws=0, rng=rng)
