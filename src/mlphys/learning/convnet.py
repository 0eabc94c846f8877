r"""A small convolutional net in NumPy, with its gradient by hand.

A convolutional layer looks at every *patch* of k × k neighboring pixels with the same few weights.
Written out, the patches are the rows of a matrix, and the layer is one matrix product. Backwards,
the product gives the slope in every patch, and each pixel sums up what the patches it belongs to
say.

The net: two such layers with a step of 2 pixels and units max(z, 0), then one dense layer to the
logits of a softmax. Pictures have shape (n, height, width, channels). All parameters lie in one flat
vector. The loss is the mean cross-entropy in nats.

Chapter: ``book/learning/representation.md``.

References
----------
LeCun, Bottou, Bengio and Haffner, Proc. IEEE 86 (1998) 2278.
"""

from __future__ import annotations

import numpy as np

from mlphys.learning.inputs import PixelScale
from mlphys.learning.losses import check_labels, cross_entropy, softmax
from mlphys.learning.optimizers import adam, make_cosine
from mlphys.timing import single_thread

__all__ = ["ConvNet", "fold_patches", "patches", "train_convnet"]


def patches(x: np.ndarray, *, side: int, step: int) -> np.ndarray:
    """Return all patches of pictures as rows.

    Parameters
    ----------
    x : ndarray, shape (n, height, width, channels)
    side, step : int
        Of a patch, and from one patch to the next, in pixels.

    Returns
    -------
    ndarray, shape (n, rows, columns, side * side * channels)

    Examples
    --------
    >>> x = np.arange(9.0).reshape(1, 3, 3, 1)
    >>> patches(x, side=2, step=1)[0, 1, 0]
    array([3., 4., 6., 7.])
    """
    if x.ndim != 4 or min(x.shape[1:3]) < side:
        raise ValueError(
            f"patches: expected shape (n, height, width, channels), sides of {side} or more; "
            f"got {x.shape}"
        )
    views = np.lib.stride_tricks.sliding_window_view(x, (side, side), axis=(1, 2))
    views = views[:, ::step, ::step].transpose(0, 1, 2, 4, 5, 3)
    return views.reshape(*views.shape[:3], -1)


def fold_patches(
    g: np.ndarray, shape: tuple[int, int, int, int], *, side: int, step: int
) -> np.ndarray:
    """Return the sum of patches at their places: the transpose of :func:`patches`.

    Parameters
    ----------
    g : ndarray, shape (n, rows, columns, side * side * channels)
    shape : tuple of int
        Of the pictures, (n, height, width, channels).
    side, step : int

    Examples
    --------
    How many patches does each pixel belong to?

    >>> fold_patches(np.ones((1, 2, 2, 4)), (1, 3, 3, 1), side=2, step=1)[0, :, :, 0]
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    """
    x = np.zeros(shape, g.dtype)
    n, rows, columns, _ = g.shape
    g = g.reshape(n, rows, columns, side, side, shape[3])
    for i in range(side):
        for j in range(side):
            x[:, i : i + step * rows : step, j : j + step * columns : step] += g[:, :, :, i, j]
    return x


class ConvNet:
    """Two convolutional layers and a dense one.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws the weights, normal with variance 2 / fan-in.
    picture : tuple of int
        Height and width.
    channels : tuple of int
        Kinds of patch that each of the two layers knows.
    sides : tuple of int
        Of their patches, in pixels.
    classes : int
    dtype : numpy float type

    Attributes
    ----------
    parameters, gradient : ndarray
        Flat.

    Examples
    --------
    >>> net = ConvNet(rng=np.random.default_rng(0))
    >>> net.parameters.size
    5386
    >>> net.logits(np.zeros((2, 784), np.float32)).shape
    (2, 10)
    """

    def __init__(
        self,
        *,
        rng: np.random.Generator,
        picture: tuple[int, int] = (28, 28),
        channels: tuple[int, int] = (8, 16),
        sides: tuple[int, int] = (5, 3),
        classes: int = 10,
        dtype: type = np.float32,
    ):
        first = tuple((length - sides[0]) // 2 + 1 for length in picture)
        second = tuple((length - sides[1]) // 2 + 1 for length in first)
        if min(second) < 1:
            raise ValueError(
                f"ConvNet: expected pictures larger than the patches {sides}; got {picture}"
            )
        self.picture, self.sides = picture, sides
        self._shapes = [
            (sides[0] ** 2, channels[0]), (channels[0],),
            (sides[1] ** 2 * channels[0], channels[1]), (channels[1],),
            (second[0] * second[1] * channels[1], classes), (classes,),
        ]  # fmt: skip
        count = sum(int(np.prod(shape)) for shape in self._shapes)
        self.parameters, self.gradient = np.zeros(count, dtype), np.zeros(count, dtype)
        self._p, self._g = self._views(self.parameters), self._views(self.gradient)
        for weights in self._p[::2]:
            weights[:] = rng.standard_normal(weights.shape) * np.sqrt(2 / weights.shape[0])

    def _views(self, vector: np.ndarray) -> list[np.ndarray]:
        views, start = [], 0
        for shape in self._shapes:
            end = start + int(np.prod(shape))
            views.append(vector[start:end].reshape(shape))
            start = end
        return views

    def _forward(self, x: np.ndarray) -> tuple:
        w1, b1, w2, b2, w3, b3 = self._p
        p1 = patches(x.reshape(-1, *self.picture, 1), side=self.sides[0], step=2)
        a1 = np.maximum(p1 @ w1 + b1, 0)
        p2 = patches(a1, side=self.sides[1], step=2)
        a2 = np.maximum(p2 @ w2 + b2, 0)
        return p1, a1, p2, a2, a2.reshape(len(x), -1) @ w3 + b3

    def logits(self, x: np.ndarray) -> np.ndarray:
        """Return the logits, shape (n, classes), of pictures given as rows of pixels."""
        self._check(x)
        return np.concatenate([self._forward(x[i : i + 500])[-1] for i in range(0, len(x), 500)])

    def loss_and_gradient(self, x: np.ndarray, labels: np.ndarray) -> float:
        """Return the mean loss in nats; write its gradient into ``self.gradient``.

        Parameters
        ----------
        x : ndarray of the net's dtype, shape (n, height * width)
        labels : ndarray of int, shape (n,)

        Raises
        ------
        ValueError
            If shapes or labels do not fit.
        """
        self._check(x)
        classes = self._shapes[-1][0]
        check_labels(labels, examples=len(x), classes=classes)
        p1, a1, p2, a2, logits = self._forward(x)
        w2, w3 = self._p[2], self._p[4]
        g = softmax(logits)
        g[np.arange(len(x)), labels] -= 1
        g /= len(x)
        self._g[4][:], self._g[5][:] = a2.reshape(len(x), -1).T @ g, g.sum(axis=0)
        g = (g @ w3.T).reshape(a2.shape) * (a2 > 0)
        self._write(2, p2, g)
        g = fold_patches(g @ w2.T, a1.shape, side=self.sides[1], step=2) * (a1 > 0)
        self._write(0, p1, g)
        return float(cross_entropy(logits, labels).mean())

    def _write(self, k: int, p: np.ndarray, g: np.ndarray) -> None:
        rows = g.reshape(-1, g.shape[-1])
        self._g[k][:] = p.reshape(len(rows), -1).T @ rows
        self._g[k + 1][:] = rows.sum(axis=0)

    def _check(self, x: np.ndarray) -> None:
        pixels = self.picture[0] * self.picture[1]
        if x.ndim != 2 or x.shape[1] != pixels or x.dtype != self.parameters.dtype:
            raise ValueError(
                f"ConvNet: expected inputs of shape (n, {pixels}) and {self.parameters.dtype}; "
                f"got shape {x.shape} of {x.dtype}"
            )


def train_convnet(
    net: ConvNet,
    images: np.ndarray,
    labels: np.ndarray,
    *,
    rng: np.random.Generator,
    epochs: int,
    learning_rate: float = 0.003,
    batch_size: int = 64,
    pixels: PixelScale | None = None,
) -> None:
    """Train a net in place with Adam and a rate that falls like half a cosine.

    Parameters
    ----------
    net : ConvNet
    images : ndarray of uint8, shape (n, height, width)
    labels : ndarray of int, shape (n,)
    rng : numpy.random.Generator
        Shuffles.
    epochs : int
    learning_rate : float
    batch_size : int
    pixels : PixelScale, optional
        From bytes to inputs; fitted to the images where missing.

    Raises
    ------
    ValueError
        If there is nothing to train on, or no epoch.
    """
    if epochs < 1 or len(images) < batch_size or len(images) != len(labels):
        raise ValueError(
            "train_convnet: expected at least one epoch and one batch, and as many labels as "
            f"images; got {epochs} epochs, {len(images)} images, {len(labels)} labels"
        )
    scale = pixels or PixelScale.fit(images)
    rule, per_epoch = adam(), len(images) // batch_size
    rate = make_cosine(learning_rate, steps=epochs * per_epoch)
    state = rule.init(net.parameters)
    with single_thread():
        for step in range(epochs * per_epoch):
            k = step % per_epoch
            if k == 0:
                order = rng.permutation(len(images))
            batch = order[k * batch_size : (k + 1) * batch_size]
            x = scale.apply(images[batch], dtype=net.parameters.dtype.type)
            net.loss_and_gradient(x, labels[batch])
            state = rule.update(net.parameters, net.gradient, state, rate(step))
