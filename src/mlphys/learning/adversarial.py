r"""The smallest change of a picture that changes the answer.

**Linear models.** The logit :math:`z = w \cdot x + b` falls fastest along :math:`w`, and by Hölder's
inequality a change :math:`\delta` alters it by at most :math:`|w|_2 |\delta|_2` and by at most
:math:`|w|_1 |\delta|_\infty`. Both bounds are reached, so that the smallest changes to :math:`z = 0`
have the sizes :math:`|z|/|w|_2` and :math:`|z|/|w|_1`. If pixels must stay within 0 ... 1, each can
give only what room it has; the smallest size is then the root of a piecewise linear function.

**Nets.** The gradient of the loss in the picture takes the place of :math:`w`, as far as it reaches:
one step of the size ε along its sign (Goodfellow et al.), or many small ones (Kurakin et al.).

Pictures have ink in 0 ... 1. Chapter: ``book/learning/digit_detector.md``.

References
----------
Goodfellow, Shlens and Szegedy, arXiv:1412.6572, section 4; Kurakin, Goodfellow and Bengio,
arXiv:1607.02533, section 2.2.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mlphys.learning.deep_net import DeepNet
from mlphys.learning.digit_detector import Detector
from mlphys.learning.inputs import PixelScale
from mlphys.learning.losses import check_labels, softmax

__all__ = [
    "flip",
    "gradient_sign",
    "input_gradient",
    "iterated_gradient_sign",
    "net_inputs",
    "smallest_change",
]

NORMS = ("l2", "linf")


def smallest_change(
    detector: Detector, x: np.ndarray, *, norm: str, clip: bool = False
) -> np.ndarray:
    """Return the size of the smallest change of each picture that brings its logit to 0.

    Parameters
    ----------
    detector : Detector
    x : ndarray of float, shape (n, d)
        Ink in 0 ... 1.
    norm : {"l2", "linf"}
        How a change is measured: root of the sum of squares, or the largest change of a pixel.
    clip : bool
        Whether the changed picture must stay within 0 ... 1.

    Returns
    -------
    ndarray, shape (n,)
        ``inf`` where no picture within 0 ... 1 gets there.

    Raises
    ------
    ValueError
        For another norm, or pictures outside of 0 ... 1 with ``clip``.

    Examples
    --------
    >>> detector, x = Detector(np.array([3.0, -4.0]), 0.0), np.array([[0.5, 0.0]])  # z = 1.5
    >>> smallest_change(detector, x, norm="l2").round(6), smallest_change(detector, x, norm="linf")
    (array([0.3]), array([0.21428571]))
    """
    z, weights = np.abs(detector.logits(x)), np.abs(detector.weights)
    if norm not in NORMS:
        raise ValueError(f"smallest_change: expected a norm among {NORMS}; got {norm!r}")
    if not clip:
        return z / (np.linalg.norm(weights) if norm == "l2" else weights.sum())
    level = _level(detector, x, norm)
    if norm == "linf":
        return level
    moved = flip(detector, x, norm=norm, clip=True) - x
    return np.where(np.isinf(level), np.inf, np.linalg.norm(moved, axis=1))


def flip(
    detector: Detector, x: np.ndarray, *, norm: str, clip: bool = False, beyond: float = 0.0
) -> np.ndarray:
    """Return the nearest pictures with logit 0, or a little beyond it.

    Parameters
    ----------
    detector : Detector
    x : ndarray of float, shape (n, d)
    norm : {"l2", "linf"}
    clip : bool
        Whether to stay within 0 ... 1. Where that is impossible the result is the picture whose
        logit comes closest.
    beyond : float
        How far the logit is to end on the other side, 0 or more.

    Returns
    -------
    ndarray, shape (n, d)

    Examples
    --------
    >>> detector, x = Detector(np.array([3.0, -4.0]), 0.0), np.array([[0.5, 0.0]])
    >>> flip(detector, x, norm="linf").round(4)
    array([[0.2857, 0.2143]])
    >>> moved = flip(detector, x, norm="l2", clip=True, beyond=0.5)
    >>> detector.logits(moved).round(9), moved.round(2)
    (array([-0.5]), array([[0.26, 0.32]]))
    """
    if norm not in NORMS:
        raise ValueError(f"flip: expected a norm among {NORMS}; got {norm!r}")
    if not beyond >= 0:
        raise ValueError(f"flip: expected beyond of 0 or more; got {beyond}")
    z, weights = detector.logits(x), detector.weights
    speed = weights if norm == "l2" else np.sign(weights)
    side = np.where(z >= 0, 1.0, -1.0)[:, None]
    if clip:
        level = _level(detector, x, norm, beyond)
        return np.clip(x - side * np.where(speed, level[:, None], 0) * speed, 0, 1)
    return x - side * ((np.abs(z) + beyond) / (weights @ speed))[:, None] * speed


def input_gradient(net: Any, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the gradient of each example's loss in its own inputs.

    Parameters
    ----------
    net : DeepNet, or any object with a method ``input_gradient(x, labels)``
    x : ndarray of the net's dtype, shape (n, inputs)
    labels : ndarray of int, shape (n,)

    Returns
    -------
    ndarray, shape (n, inputs)

    Raises
    ------
    TypeError
        If the object is neither.

    Examples
    --------
    >>> net = DeepNet((2, 2), rng=np.random.default_rng(0), dtype=np.float64)
    >>> net.layers[0].weights[:] = [[1, 0], [0, 0]]
    >>> input_gradient(net, np.zeros((1, 2)), np.array([0]))
    array([[-0.5,  0. ]])
    """
    own = getattr(net, "input_gradient", None)
    if own is not None:
        return own(x, labels)
    if not isinstance(net, DeepNet):
        raise TypeError(
            "input_gradient: expected a DeepNet or an object with a method input_gradient(x, "
            f"labels); got {type(net).__name__}"
        )
    check_labels(labels, examples=len(x), classes=net.sizes[-1])
    units, a = [], x
    for layer in net.layers[:-1]:
        z = a @ layer.weights + layer.offsets
        a = np.empty_like(z)
        net.activation.value(z, a)
        units.append((z, a))
    g = softmax(net.logits(x))
    g[np.arange(len(x)), labels] -= 1
    for layer, (z, a) in zip(net.layers[:0:-1], reversed(units), strict=True):
        g = g @ layer.weights.T
        net.activation.pull_back(g, z, a, np.empty_like(z))
    return g @ net.layers[0].weights.T


def net_inputs(images: np.ndarray, *, pixels: PixelScale, dtype: type = np.float32) -> np.ndarray:
    """Return the inputs of a net for pictures with ink in 0 ... 1, shape (n, pixels).

    Parameters
    ----------
    images : ndarray of float in 0 ... 1, or of uint8, shape (n, ...)
    pixels : PixelScale
        Of the net, for bytes.
    dtype : numpy float type

    Examples
    --------
    >>> net_inputs(np.array([[1.0, 0.2]]), pixels=PixelScale(51, 1 / 51))
    array([[4., 0.]], dtype=float32)
    """
    ink = _ink("net_inputs", images)
    flat = ink.reshape(len(ink), -1)
    return ((255 * flat - pixels.shift) * pixels.factor).astype(dtype)


def gradient_sign(
    net: Any,
    images: np.ndarray,
    labels: np.ndarray,
    *,
    size: float,
    pixels: PixelScale = PixelScale(),  # noqa: B008 (immutable)
) -> np.ndarray:
    """Return pictures changed by ``size`` in every pixel, in the direction that raises the loss.

    One step along the sign of the gradient, cut to 0 ... 1.

    Parameters
    ----------
    net : DeepNet, or any object with a method ``input_gradient(x, labels)``
    images : ndarray, shape (n, ...)
        Ink in 0 ... 1, or bytes.
    labels : ndarray of int, shape (n,)
        The right classes.
    size : float
        Largest change of a pixel, in units of full ink, 0 or more.
    pixels : PixelScale
        How bytes become inputs of this net.

    Returns
    -------
    ndarray of float64, shape of ``images``
        In 0 ... 1.

    Raises
    ------
    ValueError
        If ink is outside of 0 ... 1 or the size negative.

    Examples
    --------
    >>> net = DeepNet((2, 2), rng=np.random.default_rng(0))
    >>> net.layers[0].weights[:] = [[1, 0], [0, 1]]
    >>> gradient_sign(net, np.array([[0.5, 0.95]]), np.array([0]), size=0.1)
    array([[0.4, 1. ]])
    """
    return iterated_gradient_sign(net, images, labels, size=size, steps=1, pixels=pixels)


def iterated_gradient_sign(
    net: Any,
    images: np.ndarray,
    labels: np.ndarray,
    *,
    size: float,
    steps: int = 10,
    step: float | None = None,
    pixels: PixelScale = PixelScale(),  # noqa: B008 (immutable)
) -> np.ndarray:
    """Return pictures changed by at most ``size`` in any pixel by several steps of the same kind.

    After each step the picture is cut to 0 ... 1 and to within ``size`` of the first one.

    Parameters
    ----------
    net, images, labels, size, pixels
        As for :func:`gradient_sign`.
    steps : int
    step : float, optional
        Length of one step; by default ``2.5 size / steps``, so that the edge of what is allowed
        can be reached and followed, or ``size`` for a single step.

    Examples
    --------
    >>> net = DeepNet((2, 2), rng=np.random.default_rng(0))
    >>> moved = iterated_gradient_sign(net, np.full((1, 2), 0.5), np.array([0]), size=0.1)
    >>> np.abs(moved - 0.5).round(9)
    array([[0.1, 0.1]])
    """
    start = _ink("gradient_sign", images)
    if not size >= 0 or steps < 1:
        raise ValueError(
            f"gradient_sign: expected a size of 0 or more and at least one step; got {size} "
            f"and {steps}"
        )
    if step is None:
        step = size if steps == 1 else 2.5 * size / steps
    dtype = net.parameters.dtype.type if isinstance(net, DeepNet) else np.float32
    low, high = np.clip(start - size, 0, 1), np.clip(start + size, 0, 1)
    moved = start
    for _ in range(steps):
        x = net_inputs(moved, pixels=pixels, dtype=dtype)
        uphill = np.sign(input_gradient(net, x, labels)).reshape(start.shape)
        moved = np.clip(moved + step * uphill, low, high)
    return moved


def _ink(where: str, images: np.ndarray) -> np.ndarray:
    """Return float64 ink in 0 ... 1."""
    if images.dtype == np.uint8:
        return images / 255
    if images.dtype.kind != "f" or not np.all((images >= 0) & (images <= 1)):
        raise ValueError(
            f"{where}: expected bytes, or floats with ink in 0 ... 1; got {images.dtype} from "
            f"{images.min()} to {images.max()}"
        )
    return images.astype(np.float64)


def _level(detector: Detector, x: np.ndarray, norm: str, beyond: float = 0.0) -> np.ndarray:
    """Return t at which Σ |w| min(t v, room) has grown to |z| + beyond; ``inf`` if it never does.

    Pixel i moves with the speed v (|w| for "l2", by the conditions of Karush, Kuhn and Tucker, and
    1 for "linf") until it hits 0 or 1. The sum is piecewise linear in t, with a bend where a pixel
    stops; sorted bends and running sums find the piece that holds the root.
    """
    x = _ink("smallest_change", x)
    z, weights = detector.logits(x), detector.weights
    used = weights != 0
    w = np.abs(weights[used])
    down = np.where(z >= 0, 1.0, -1.0)[:, None] * weights[used] > 0  # these pixels lose ink
    room = np.where(down, x[:, used], 1 - x[:, used])
    speed = w if norm == "l2" else np.ones_like(w)
    order = np.argsort(room / speed, axis=1)
    stops = np.take_along_axis(room / speed, order, axis=1)
    slope = (w * speed).sum() - np.cumsum((w * speed)[order], axis=1)  # behind each stop
    given = np.cumsum(np.take_along_axis(w * room, order, axis=1), axis=1)
    at_stop = given + slope * stops
    need = np.abs(z) + beyond
    piece = (at_stop < need[:, None]).sum(axis=1)  # stops passed before the root
    rows = np.arange(len(x))
    passed = np.maximum(piece - 1, 0)
    before = np.where(piece > 0, given[rows, passed], 0.0)
    rate = np.where(piece > 0, slope[rows, passed], (w * speed).sum())
    reachable = piece < w.size
    return np.where(reachable, (need - before) / np.where(reachable, rate, 1.0), np.inf)
