"""Gradients of random nets, layer by layer, as they are measured.

Two measurements. :func:`batch_profiles` takes a classifier and real batches and returns the length
of the gradient of every layer, as one sees it in training. :func:`random_signals` sends
single signals forward and a random slope back through fresh random layers of one width; it is what
:mod:`mlphys.learning.depth` predicts, and :func:`measure_growth` condenses it to one number, χ, with
its standard error.

Chapter: ``book/learning/depth.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mlphys.learning.deep_net import DeepNet
from mlphys.learning.depth import find_unit, fixed_length
from mlphys.timing import single_thread

__all__ = [
    "Growth",
    "Profiles",
    "Signals",
    "batch_profiles",
    "make_random_net",
    "measure_growth",
    "random_correlations",
    "random_signals",
]


class Profiles(NamedTuple):
    """Lengths of the gradient of a batch's mean loss, shape (batches, layers), first layer first.

    Attributes
    ----------
    weights : ndarray
        √(sum of squares) over the weight matrix of a layer.
    offsets : ndarray
        The same over its offsets, which is the slope of the loss by what arrives at the units.
    """

    weights: np.ndarray
    offsets: np.ndarray


class Signals(NamedTuple):
    """Mean squares per unit, shape (layers, signals), first layer first.

    Attributes
    ----------
    lengths : ndarray
        Of what arrives at the units, z.
    gradients : ndarray
        Of the slope of a loss by z, in units of that at the last layer.
    """

    lengths: np.ndarray
    gradients: np.ndarray


class Growth(NamedTuple):
    """Factor on the squared gradient per layer: estimate and its standard error over nets."""

    chi: float
    error: float


def make_random_net(
    sizes: Sequence[int],
    *,
    rng: np.random.Generator,
    activation: str = "arctan",
    deviation: float | None = None,
    sigma_w: float | None = None,
    sigma_b: float = 0.0,
    dtype: type = np.float64,
) -> DeepNet:
    """Return a classifier with normal weights of a stated size.

    Parameters
    ----------
    sizes : sequence of int
        From input to classes.
    rng : numpy.random.Generator
    activation : str
    deviation : float, optional
        Standard deviation of every weight in every layer.
    sigma_w : float, optional
        Standard deviation times √(fan-in); give this or ``deviation``.
    sigma_b : float
        Standard deviation of the offsets.
    dtype : numpy float type

    Raises
    ------
    ValueError
        Unless exactly one size of weights is given.

    Examples
    --------
    >>> net = make_random_net((100, 100, 2), rng=np.random.default_rng(0), deviation=0.2)
    >>> round(float(net.layers[0].weights.std()), 2)
    0.2
    """
    if (deviation is None) == (sigma_w is None):
        raise ValueError(
            f"make_random_net: expected either deviation or sigma_w; got {deviation} and {sigma_w}"
        )
    net = DeepNet(sizes, rng=rng, activation=activation, dtype=dtype)
    for layer in net.layers:
        fan_in = layer.weights.shape[0]
        size = sigma_w / np.sqrt(fan_in) if sigma_w is not None else deviation or 0.0
        layer.weights[:] = size * rng.standard_normal(layer.weights.shape)
        layer.offsets[:] = sigma_b * rng.standard_normal(layer.offsets.shape)
    return net


def batch_profiles(
    net: DeepNet, x: np.ndarray, labels: np.ndarray, *, batch_size: int = 64
) -> Profiles:
    """Return the length of each layer's gradient for each batch.

    Parameters
    ----------
    net : DeepNet
    x : ndarray of the net's dtype, shape (n, inputs)
    labels : ndarray of int, shape (n,)
    batch_size : int
        A rest that fills no batch is left out.

    Returns
    -------
    Profiles
        Two arrays of shape (n // batch_size, layers).

    Raises
    ------
    ValueError
        If there is no full batch.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> net = make_random_net((4, 3, 2), rng=rng, sigma_w=1.0)
    >>> batch_profiles(net, rng.standard_normal((8, 4)), np.arange(8) % 2, batch_size=4).weights.shape
    (2, 2)
    """
    if not 1 <= batch_size <= len(x):
        raise ValueError(
            f"batch_profiles: expected a batch size of 1 ... {len(x)}; got {batch_size}"
        )
    weights, offsets = [], []
    with single_thread():
        for start in range(0, len(x) - batch_size + 1, batch_size):
            part = slice(start, start + batch_size)
            net.loss_and_gradient(x[part], labels[part])
            weights.append([np.linalg.norm(layer.weights) for layer in net.gradient_layers])
            offsets.append([np.linalg.norm(layer.offsets) for layer in net.gradient_layers])
    return Profiles(np.array(weights), np.array(offsets))


def random_signals(
    unit: str,
    *,
    width: int,
    depth: int,
    sigma_w: float,
    rng: np.random.Generator,
    sigma_b: float = 0.0,
    start: float | None = None,
    signals: int = 8,
) -> Signals:
    """Send signals through one random net and a random slope back.

    Parameters
    ----------
    unit : str
        Key of ``mlphys.learning.depth.UNITS``.
    width, depth : int
        Units in a layer, and number of layers, at least 2.
    sigma_w, sigma_b : float
    rng : numpy.random.Generator
    start : float, optional
        Length of the signals at the first layer; the default is the fixed length, or 1e-6 where
        that is 0.
    signals : int
        Independent signals through the same net.

    Returns
    -------
    Signals

    Examples
    --------
    >>> out = random_signals("tanh", width=50, depth=6, sigma_w=1.5, rng=np.random.default_rng(0))
    >>> out.gradients.shape, float(out.gradients[-1].max())
    ((6, 8), 1.0)
    """
    if width < 1 or depth < 2 or signals < 1:
        raise ValueError(
            "random_signals: expected a width and a number of signals of at least 1 and a depth "
            f"of at least 2; got {width}, {signals} and {depth}"
        )
    value, slope = find_unit(unit).value, find_unit(unit).slope
    if start is None:
        start = fixed_length(unit, sigma_w=sigma_w, sigma_b=sigma_b) or 1e-6
    z = [np.sqrt(start) * rng.standard_normal((signals, width))]
    weights = []
    with single_thread():
        for _ in range(depth - 1):
            w = sigma_w / np.sqrt(width) * rng.standard_normal((width, width))
            weights.append(w)
            z.append(value(z[-1]) @ w + sigma_b * rng.standard_normal(width))
        g = rng.standard_normal((signals, width))
        squares = [np.mean(g * g, axis=1)]
        for w, below in zip(reversed(weights), reversed(z[:-1]), strict=True):
            g = (g @ w.T) * slope(below)
            squares.append(np.mean(g * g, axis=1))
    gradients = np.array(squares[::-1]) / squares[0]
    return Signals(np.array([np.mean(a * a, axis=1) for a in z]), gradients)


def random_correlations(
    unit: str,
    *,
    width: int,
    depth: int,
    sigma_w: float,
    rng: np.random.Generator,
    c: float,
    start: float,
    sigma_b: float = 0.0,
) -> np.ndarray:
    """Return the correlation of two signals at each layer of one random net.

    Parameters
    ----------
    unit, width, depth, sigma_w, sigma_b, start
        As in :func:`random_signals`.
    rng : numpy.random.Generator
    c : float
        Correlation at the first layer, in -1 ... 1.

    Returns
    -------
    ndarray, shape (depth,)
        (z₁·z₂)/(|z₁||z₂|); the first value scatters about ``c`` by 1/√width.

    Raises
    ------
    ValueError
        If ``c`` is no correlation.

    Examples
    --------
    >>> random_correlations("tanh", width=20, depth=3, sigma_w=2.0, c=1.0, start=1.0,
    ...                     rng=np.random.default_rng(0)).round(12)
    array([1., 1., 1.])
    """
    if not abs(c) <= 1:
        raise ValueError(f"random_correlations: expected c in -1 ... 1; got {c}")
    value = find_unit(unit).value
    z = rng.standard_normal((2, width))
    z[1] = c * z[0] + np.sqrt(1 - c * c) * z[1]
    z *= np.sqrt(start)
    found = []
    for layer in range(depth):
        if layer:
            w = sigma_w / np.sqrt(width) * rng.standard_normal((width, width))
            z = value(z) @ w + sigma_b * rng.standard_normal(width)
        found.append(z[0] @ z[1] / np.sqrt((z[0] @ z[0]) * (z[1] @ z[1])))
    return np.array(found)


def measure_growth(
    unit: str,
    *,
    width: int,
    depth: int,
    sigma_w: float,
    rng: np.random.Generator,
    sigma_b: float = 0.0,
    start: float | None = None,
    nets: int = 10,
    signals: int = 8,
) -> Growth:
    """Measure χ: the mean growth of ln|gradient|² per layer, over several nets.

    The mean of logarithms is what a typical net shows. It lies below the logarithm of the mean by
    half the variance per layer, a few percent of χ at width 100, less as 1/width.

    Parameters
    ----------
    unit, width, depth, sigma_w, sigma_b, start, signals
        As in :func:`random_signals`.
    rng : numpy.random.Generator
    nets : int
        At least 2, for an error.

    Examples
    --------
    >>> found = measure_growth("relu", width=100, depth=10, sigma_w=2**0.5, start=1.0,
    ...                        rng=np.random.default_rng(0))
    >>> abs(found.chi - 1) < 0.1
    True
    """
    if nets < 2:
        raise ValueError(f"measure_growth: expected at least 2 nets; got {nets}")
    rates = []
    for _ in range(nets):
        found = random_signals(
            unit, width=width, depth=depth, sigma_w=sigma_w, rng=rng, sigma_b=sigma_b,
            start=start, signals=signals,
        )  # fmt: skip
        rates.append(np.log(found.gradients[0]).mean() / (depth - 1))
    chi = float(np.exp(np.mean(rates)))
    return Growth(chi, chi * float(np.std(rates, ddof=1)) / np.sqrt(nets))
