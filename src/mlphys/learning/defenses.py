r"""Two defenses against small changes of a picture: learning from attacks, and averaging over noise.

``train_with_attacks`` lets each batch be attacked by the net of that moment (one step along the
sign of the gradient) and learns from the changed batch as well as from the clean one.
``SmoothedNet`` answers with the mean probability over noisy copies of a picture. Its gradient is
that of the mean, so that an attacker who knows of the noise is simulated, not one who is fooled.

``DetectorOnPictures`` gives the detector of one digit the interface of a net on full pictures, so
that attacks can be carried over.

Chapter: ``book/learning/going_wrong.md``.

References
----------
Goodfellow, Shlens and Szegedy, arXiv:1412.6572, section 6; Cohen, Rosenfeld and Kolter,
arXiv:1902.02918 (noise); Athalye, Carlini and Wagner, arXiv:1802.00420, on attacks that know.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mlphys.learning.adversarial import gradient_sign, input_gradient, net_inputs
from mlphys.learning.deep_net import DeepNet
from mlphys.learning.digit_detector import Detector, probability
from mlphys.learning.inputs import PixelScale
from mlphys.learning.losses import softmax
from mlphys.learning.optimizers import adam, make_cosine
from mlphys.timing import single_thread

__all__ = ["DetectorOnPictures", "SmoothedNet", "train_with_attacks"]


def train_with_attacks(
    net: DeepNet,
    images: np.ndarray,
    labels: np.ndarray,
    *,
    size: float,
    epochs: int,
    learning_rate: float,
    rng: np.random.Generator,
    pixels: PixelScale,
    batch_size: int = 64,
) -> None:
    """Train in place; half of every step comes from pictures that the net itself has attacked.

    Parameters
    ----------
    net : DeepNet
    images : ndarray of uint8, shape (n, ...)
    labels : ndarray of int, shape (n,)
    size : float
        Largest change of a pixel in units of full ink. With 0 this is plain training in which
        every picture counts twice.
    epochs : int
    learning_rate : float
        Of Adam at the start; it falls to 0 like half a cosine.
    rng : numpy.random.Generator
    pixels : PixelScale
    batch_size : int

    Raises
    ------
    ValueError
        If the images are no bytes, or sizes do not fit.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> images = rng.integers(0, 256, (200, 2, 2)).astype(np.uint8)
    >>> labels = (images[:, 0, 0] > 127).astype(np.uint8)
    >>> net = DeepNet((4, 8, 2), rng=rng)
    >>> train_with_attacks(net, images, labels, size=0.1, epochs=30, learning_rate=0.02, rng=rng,
    ...                    pixels=PixelScale())
    >>> bool((net.predict(PixelScale().apply(images)) == labels).mean() > 0.9)
    True
    """
    if images.dtype != np.uint8 or len(images) != len(labels) or epochs < 1:
        raise ValueError(
            "train_with_attacks: expected uint8 images, as many labels, and at least one epoch; "
            f"got {images.dtype}, {len(images)} images, {len(labels)} labels, {epochs} epochs"
        )
    steps = epochs * -(-len(images) // batch_size)
    rule, schedule = adam(), make_cosine(learning_rate, steps=steps)
    state = rule.init(net.parameters)
    with single_thread():
        for _ in range(epochs):
            order = rng.permutation(len(images))
            for start in range(0, len(images), batch_size):
                chosen = order[start : start + batch_size]
                clean, truth = images[chosen], labels[chosen]
                moved = gradient_sign(net, clean, truth, size=size, pixels=pixels)
                both = np.concatenate(
                    [pixels.apply(clean), net_inputs(moved, pixels=pixels)]
                ).astype(net.parameters.dtype, copy=False)
                net.loss_and_gradient(both, np.concatenate([truth, truth]))
                rate = schedule(state.step)
                state = rule.update(net.parameters, net.gradient, state, rate)


class SmoothedNet:
    """A net whose answer is the mean of its probabilities over noisy copies of the input.

    The noise is drawn once and is the same for every picture, so that the answer is a function.

    Parameters
    ----------
    net : DeepNet
    noise : float
        Standard deviation, in units of the net's inputs.
    draws : int
    rng : numpy.random.Generator

    Examples
    --------
    >>> net = DeepNet((4, 3, 2), rng=np.random.default_rng(1))
    >>> quiet = SmoothedNet(net, noise=0.0, draws=3, rng=np.random.default_rng(0))
    >>> x = np.ones((2, 4), np.float32)
    >>> np.allclose(quiet.probabilities(x), softmax(net.logits(x)))
    True
    """

    def __init__(self, net: DeepNet, *, noise: float, draws: int, rng: np.random.Generator):
        if not noise >= 0 or draws < 1:
            raise ValueError(
                f"SmoothedNet: expected noise >= 0 and draws >= 1; got {noise} and {draws}"
            )
        self.net = net
        shape = (draws, net.sizes[0])
        self.noise = (noise * rng.standard_normal(shape)).astype(net.parameters.dtype)

    def probabilities(self, x: np.ndarray) -> np.ndarray:
        """Return the mean probabilities, shape (n, classes), for inputs (n, inputs)."""
        return np.mean([softmax(self.net.logits(x + e)) for e in self.noise], axis=0)

    def logits(self, x: np.ndarray) -> np.ndarray:
        """Return the logarithms of the mean probabilities, shape (n, classes)."""
        return np.log(np.maximum(self.probabilities(x), np.finfo(np.float32).tiny))

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return the most probable class of every example, shape (n,)."""
        return self.probabilities(x).argmax(axis=1)

    def input_gradient(self, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Return the gradient of -log(mean probability of the label) in each input.

        The slope of -log of a mean is the mean of the slopes, weighted by the probabilities.
        """
        rows = np.arange(len(x))
        total = np.zeros(x.shape, np.float64)
        weight = np.zeros(len(x))
        for e in self.noise:
            p = softmax(self.net.logits(x + e))[rows, labels].astype(np.float64)
            total += p[:, None] * input_gradient(self.net, x + e, labels)
            weight += p
        return total / np.maximum(weight, np.finfo(np.float64).tiny)[:, None]


class DetectorOnPictures(NamedTuple):
    """The detector of one digit, which reads block averages, as a two-class net on pictures.

    Inputs are ink in 0 ... 1, shape (n, side²), the detector's own being averages of blocks;
    classes are 0 (another digit) and 1 (the digit).

    Attributes
    ----------
    detector : Detector
    side : int
        Of a picture, 28.
    block : int
        Side of a block, 2.

    Examples
    --------
    >>> small = DetectorOnPictures(Detector(np.array([4.0]), -1.0), side=2, block=2)
    >>> small.predict(np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.5]]))
    array([1, 0])
    """

    detector: Detector
    side: int = 28
    block: int = 2

    def averages(self, x: np.ndarray) -> np.ndarray:
        """Return the block averages of pictures, shape (n, side²/block²)."""
        few = self.side // self.block
        tiles = x.reshape(len(x), few, self.block, few, self.block)
        return tiles.mean(axis=(2, 4)).reshape(len(x), -1)

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return 1 where the detector sees its digit, else 0, shape (n,)."""
        return (self.detector.logits(self.averages(x)) > 0).astype(int)

    def input_gradient(self, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Return the gradient of the loss in every pixel: each has its share of a block's."""
        z = self.detector.logits(self.averages(x))
        slope = probability(z) - labels
        few = self.side // self.block
        weights = self.detector.weights.reshape(few, few) / self.block**2
        full = np.kron(weights, np.ones((self.block, self.block))).ravel()
        return slope[:, None] * full
