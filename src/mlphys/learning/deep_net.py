r"""A fully connected net in NumPy: forward, loss, backward, with every array allocated once.

Layer :math:`l` turns activities :math:`a_{l-1}` of shape ``(batch, fan_in)`` into

.. math:: z_l = a_{l-1} W_l + b_l, \qquad a_l = \varphi(z_l),

with :math:`W_l` of shape ``(fan_in, fan_out)``; the last layer has no :math:`\varphi`, its
:math:`z` are the logits of a softmax. All weights and offsets lie in one flat vector (layer after
layer, weights in row-major order, then offsets), and so does the gradient; the layers are views.
That makes optimizers, gradient checks, checkpoints and export one-liners.

Loss: the mean over the batch of :math:`-\log p_y`, in nats. Training uses float32, checks float64.

Chapter: ``book/learning/deep_net.md``.

References
----------
Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", Nature 323
(1986) 533; initialization of ``relu`` nets: He et al., arXiv:1502.01852, eq. (10).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from mlphys.learning.activations import Activation, find_activation
from mlphys.learning.losses import check_labels

__all__ = ["DeepNet", "Layer", "initialize", "parameter_count", "split_layers"]


class Layer(NamedTuple):
    """Views into a flat vector: ``weights`` (fan_in, fan_out) and ``offsets`` (fan_out,)."""

    weights: np.ndarray
    offsets: np.ndarray


class _Workspace(NamedTuple):
    """Arrays for one batch size, written anew by every step."""

    z: list[np.ndarray]
    a: list[np.ndarray]
    a_one: list[np.ndarray]  # the activities (``a`` is a view) and a last column of ones
    g: list[np.ndarray]
    scratch: list[np.ndarray]
    logits: np.ndarray  # (classes, batch), so that sums over classes run along memory
    peak: np.ndarray
    total: np.ndarray
    target: np.ndarray
    columns: np.ndarray
    places: np.ndarray
    ones: np.ndarray
    first: np.ndarray  # gradient of the first weights, cut into slabs of rows


def parameter_count(sizes: Sequence[int]) -> int:
    """Return the number of weights and offsets of a net.

    Parameters
    ----------
    sizes : sequence of int
        Widths from input to output.

    Examples
    --------
    >>> parameter_count((784, 25, 25, 25, 10))
    21185
    """
    _check_sizes(sizes)
    return sum((m + 1) * n for m, n in pairwise(sizes))


def split_layers(vector: np.ndarray, sizes: Sequence[int]) -> list[Layer]:
    """Return the layers as views into a flat vector.

    Parameters
    ----------
    vector : ndarray, shape (parameter_count(sizes),)
    sizes : sequence of int

    Returns
    -------
    list of Layer
        Writing to a layer writes to ``vector``.

    Raises
    ------
    ValueError
        If the length does not fit.

    Examples
    --------
    >>> vector = np.arange(7.0)
    >>> first, second = split_layers(vector, (2, 1, 2))
    >>> second.offsets[:] = -1
    >>> vector
    array([ 0.,  1.,  2.,  3.,  4., -1., -1.])
    """
    count = parameter_count(sizes)
    if vector.shape != (count,):
        raise ValueError(
            f"split_layers: expected {count} parameters for sizes {tuple(sizes)}, "
            f"a vector of shape ({count},); got shape {vector.shape}"
        )
    layers, start = [], 0
    for m, n in pairwise(sizes):
        middle, end = start + m * n, start + (m + 1) * n
        layers.append(Layer(vector[start:middle].reshape(m, n), vector[middle:end]))
        start = end
    return layers


def initialize(
    sizes: Sequence[int],
    *,
    rng: np.random.Generator,
    activation: str = "arctan",
    gain: float = 1.0,
    dtype: type = np.float32,
) -> np.ndarray:
    r"""Return a random flat parameter vector in which signals neither die nor saturate.

    Weights are normal with standard deviation ``gain`` · c / √fan-in, where c is the gain
    of the unit: 1 for ``arctan``, √2 for ``relu`` (He et al.); offsets are 0. With inputs of unit variance, each
    :math:`z` of the first layer then has variance 1 whatever the number of inputs.

    Parameters
    ----------
    sizes : sequence of int
    rng : numpy.random.Generator
    activation : {"arctan", "elu", "relu", "selu", "tanh"}
    gain : float
        Extra factor on all weights, above 0.
    dtype : numpy float type

    Returns
    -------
    ndarray, shape (parameter_count(sizes),)

    Examples
    --------
    >>> vector = initialize((784, 25, 10), rng=np.random.default_rng(0))
    >>> round(float(vector[: 784 * 25].std() * 28), 2)
    1.0
    """
    if gain <= 0:
        raise ValueError(f"initialize: expected a gain above 0; got {gain}")
    unit = find_activation(activation)
    vector = np.zeros(parameter_count(sizes), dtype)
    for layer in split_layers(vector, sizes):
        fan_in = layer.weights.shape[0]
        draw = rng.standard_normal(layer.weights.shape)
        layer.weights[:] = draw * (gain * unit.gain / np.sqrt(fan_in))
    return vector


class DeepNet:
    """A classifier: hidden layers of one kind of unit, then a softmax.

    Parameters
    ----------
    sizes : sequence of int
        Widths from input to classes, for example ``(784, 25, 25, 25, 10)``.
    rng : numpy.random.Generator
        Draws the weights.
    activation : {"arctan", "elu", "relu", "selu", "tanh"}
    gain : float
        Factor on the usual size of the weights, see :func:`initialize`.
    dtype : numpy float type
        float32 to train, float64 to check.

    Attributes
    ----------
    parameters, gradient : ndarray, shape (parameter_count(sizes),)
        Flat; ``layers`` and ``gradient_layers`` are views of them.

    Raises
    ------
    ValueError
        For sizes that are no net, an unknown unit, or inputs that do not fit.

    Examples
    --------
    >>> net = DeepNet((4, 3, 2), rng=np.random.default_rng(1), dtype=np.float64)
    >>> x, labels = np.ones((5, 4)), np.array([0, 1, 0, 1, 1])
    >>> before = net.loss_and_gradient(x, labels)
    >>> net.parameters -= 0.1 * net.gradient
    >>> net.loss_and_gradient(x, labels) < before
    True
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        rng: np.random.Generator,
        activation: str = "arctan",
        gain: float = 1.0,
        dtype: type = np.float32,
    ):
        _check_sizes(sizes)
        self.sizes: tuple[int, ...] = tuple(int(n) for n in sizes)
        self.activation: Activation = find_activation(activation)
        self.parameters = initialize(
            self.sizes, rng=rng, activation=activation, gain=gain, dtype=dtype
        )
        self.gradient = np.zeros_like(self.parameters)
        self.layers = split_layers(self.parameters, self.sizes)
        self.gradient_layers = split_layers(self.gradient, self.sizes)
        self._blocks = _blocks(self.parameters, self.sizes)
        self._gradient_blocks = _blocks(self.gradient, self.sizes)
        self._workspaces: dict[int, _Workspace] = {}

    def __repr__(self) -> str:
        shape = "-".join(map(str, self.sizes))
        return (
            f"DeepNet({shape}, {self.activation.name}, {self.parameters.size:,} parameters, "
            f"{self.parameters.dtype})"
        )

    def logits(self, x: np.ndarray) -> np.ndarray:
        """Return the logits of a batch of any size.

        Parameters
        ----------
        x : ndarray of the net's dtype, shape (n, sizes[0])

        Returns
        -------
        ndarray, shape (n, classes)
            A new array.
        """
        self._check_inputs(x)
        a = x
        for layer in self.layers[:-1]:
            a = a @ layer.weights
            a += layer.offsets
            self.activation.value(a, a)
        last = self.layers[-1]
        return a @ last.weights + last.offsets

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return the most probable class of every example, shape (n,)."""
        return self.logits(x).argmax(axis=1)

    def loss_and_gradient(self, x: np.ndarray, labels: np.ndarray) -> float:
        """Return the mean loss of a batch in nats; write its gradient into ``self.gradient``.

        Parameters
        ----------
        x : ndarray of the net's dtype, shape (n, sizes[0])
        labels : ndarray of int, shape (n,)

        Returns
        -------
        float

        Raises
        ------
        ValueError
            If shapes, dtypes or labels do not fit.
        """
        self._check_inputs(x)
        check_labels(labels, examples=len(x), classes=self.sizes[-1])
        return float(self.step(x, labels.astype(np.intp, copy=False)).mean())

    def step(self, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Do the work of :meth:`loss_and_gradient` without checks, for training loops.

        Parameters
        ----------
        x : ndarray of the net's dtype, shape (n, sizes[0])
        labels : ndarray of intp, shape (n,)

        Returns
        -------
        ndarray, shape (n,)
            Loss of each example; overwritten by the next call with as many examples.
        """
        work = self._workspaces.get(len(x))
        if work is None:
            work = self._workspaces[len(x)] = self._allocate(len(x))
        self._forward(x, work)
        losses = self.output_slope(labels, work)
        self._backward(x, work)
        return losses

    def _forward(self, x: np.ndarray, work: _Workspace) -> None:
        value = self.activation.value
        first = self.layers[0]
        if not work.z:
            np.matmul(first.weights.T, x.T, out=work.logits)
            np.add(work.logits, first.offsets[:, None], out=work.logits)
            return
        np.matmul(x, first.weights, out=work.z[0])
        np.add(work.z[0], first.offsets, out=work.z[0])
        value(work.z[0], work.a[0])
        for a_one, block, z, a in zip(
            work.a_one, self._blocks[1:], work.z[1:], work.a[1:], strict=False
        ):
            np.matmul(a_one, block, out=z)
            value(z, a)
        np.matmul(self._blocks[-1].T, work.a_one[-1].T, out=work.logits)

    @staticmethod
    def output_slope(labels: np.ndarray, work: _Workspace) -> np.ndarray:
        """Turn ``work.logits`` in place into the slope of the mean loss in the logits.

        For cross-entropy that is (p - y) / batch. A subclass with another loss overrides this one
        method.

        Parameters
        ----------
        labels : ndarray of intp, shape (batch,)
        work : buffers of the net; ``work.logits`` has shape (classes, batch)

        Returns
        -------
        ndarray, shape (batch,)
            Loss of each example.
        """
        z, total, target = work.logits, work.total, work.target
        flat, batch = z.reshape(-1), z.shape[1]
        np.multiply(labels, batch, out=work.places)
        np.add(work.places, work.columns, out=work.places)
        np.maximum.reduce(z, axis=0, out=work.peak)
        np.subtract(z, work.peak, out=z)
        flat.take(work.places, out=target, mode="clip")
        np.exp(z, out=z)
        np.add.reduce(z, axis=0, out=total)
        np.log(total, out=work.peak)
        np.subtract(work.peak, target, out=target)
        total *= batch
        z /= total
        flat[work.places] -= 1 / batch
        return target

    def _backward(self, x: np.ndarray, work: _Workspace) -> None:
        """Walk the layers from the last to the first: two products and one slope each."""
        pull_back = self.activation.pull_back
        g = work.logits.T
        for i in range(len(self.layers) - 1, 0, -1):
            j = i - 1
            np.matmul(work.a_one[j].T, g, out=self._gradient_blocks[i])
            np.matmul(g, self.layers[i].weights.T, out=work.g[j])
            g = work.g[j]
            pull_back(g, work.z[j], work.a[j], work.scratch[j])
        slabs = x.reshape(len(x), len(work.first), -1).transpose(1, 2, 0)
        np.matmul(slabs, g, out=work.first)
        np.matmul(work.ones, g, out=self.gradient_layers[0].offsets)

    def _allocate(self, batch: int) -> _Workspace:
        dtype, classes = self.parameters.dtype, self.sizes[-1]
        hidden = self.sizes[1:-1]
        z, g, scratch = ([np.empty((batch, n), dtype) for n in hidden] for _ in range(3))
        a_one = [np.ones((batch, n + 1), dtype) for n in hidden]
        a = [array[:, :-1] for array in a_one]
        peak, total, target = (np.empty(batch, dtype) for _ in range(3))
        logits = np.empty((classes, batch), dtype)
        columns, places = np.arange(batch, dtype=np.intp), np.empty(batch, np.intp)
        ones = np.ones(batch, dtype)
        fan_in, fan_out = self.layers[0].weights.shape
        slabs = _slab_count(fan_in, fan_out, batch)
        first = self.gradient_layers[0].weights.reshape(slabs, -1, self.sizes[1])
        return _Workspace(
            z, a, a_one, g, scratch, logits, peak, total, target, columns, places, ones, first
        )

    def _check_inputs(self, x: np.ndarray) -> None:
        if x.ndim != 2 or x.shape[1] != self.sizes[0] or x.dtype != self.parameters.dtype:
            raise ValueError(
                f"net: expected inputs of shape (n, {self.sizes[0]}) and {self.parameters.dtype}; "
                f"got shape {x.shape} of {x.dtype}. PixelScale.apply makes them from images."
            )


def _blocks(vector: np.ndarray, sizes: tuple[int, ...]) -> list[np.ndarray]:
    """Return each layer as one matrix (fan_in + 1, fan_out): offsets are weights of a constant 1.

    One product then does what a product and a sum did, and in small layers the sum is half the
    cost.
    """
    layers, start = [], 0
    for m, n in pairwise(sizes):
        end = start + (m + 1) * n
        layers.append(vector[start:end].reshape(m + 1, n))
        start = end
    return layers


def _slab_count(fan_in: int, fan_out: int, batch: int) -> int:
    """Return into how many products the one for the first weights is cut.

    OpenBLAS multiplies small matrices in place and copies larger ones into packed panels first.
    For narrow layers the copy costs a third of the product (784 x 64 x 25: 34 µs in one piece,
    25 µs in seven); for wide ones it pays.
    """
    if fan_out > 32:
        return 1
    divisors = (k for k in range(1, fan_in + 1) if fan_in % k == 0)
    return next(k for k in divisors if fan_in // k * fan_out * batch <= 200_000 or k == fan_in)


def _check_sizes(sizes: Sequence[int]) -> None:
    if len(sizes) < 2 or any(n < 1 for n in sizes) or sizes[-1] < 2:
        raise ValueError(
            "sizes: expected at least an input width and a number of classes (2 or more), "
            f"all positive, such as (784, 25, 10); got {tuple(sizes)}"
        )
