r"""A net with one hidden layer that draws any chain of straight lines.

In one dimension, :math:`f(x) = v_0 + \sum_k s_k \max(x - x_k, 0)` passes through given points when
:math:`s_k` is the change of slope at the knot :math:`x_k`: universal approximation by hand. Each
unit is a hinge, and n hinges make at most n + 1 straight pieces.

Chapter: ``book/learning/representation.md``.
"""

from __future__ import annotations

import numpy as np

from mlphys.learning.deep_net import Layer

__all__ = ["extrema_of_sine_of_inverse", "hinge_net", "sine_of_inverse_knots"]


def hinge_net(knots: np.ndarray, values: np.ndarray) -> list[Layer]:
    """Return the net that interpolates linearly between points.

    Parameters
    ----------
    knots : ndarray, shape (n + 1,)
        Ascending.
    values : ndarray, shape (n + 1,)

    Returns
    -------
    list of Layer
        For :func:`mlphys.learning.representation.relu_net`: n hidden units, constant to the left
        of the first knot, straight on to the right of the last but one.

    Raises
    ------
    ValueError
        If there are fewer than two points, or the knots do not ascend.

    Examples
    --------
    >>> from mlphys.learning.representation import relu_net
    >>> hat = hinge_net(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 0.0]))
    >>> relu_net(hat, np.array([[0.5], [1.0], [1.75]])).ravel()
    array([0.5 , 1.  , 0.25])
    """
    if knots.ndim != 1 or len(knots) < 2 or knots.shape != values.shape:
        raise ValueError(
            "hinge_net: expected two or more knots with a value each; "
            f"got shapes {knots.shape} and {values.shape}"
        )
    gaps = np.diff(knots)
    if gaps.min() <= 0:
        raise ValueError("hinge_net: expected ascending knots; sort them and drop repeats")
    slopes = np.diff(values) / gaps
    bends = np.diff(slopes, prepend=0.0)
    return [
        Layer(np.ones((1, len(gaps))), -knots[:-1]),
        Layer(bends[:, None], values[:1].astype(float)),
    ]


def extrema_of_sine_of_inverse(least: float) -> np.ndarray:
    r"""Return the places in [least, 1] where :math:`\sin(1/x)` is +1 or -1, ascending.

    They are :math:`x = 1/(\pi/2 + k\pi)`, :math:`k = 0, 1, \dots`

    Examples
    --------
    >>> extrema_of_sine_of_inverse(0.1).round(4)
    array([0.1273, 0.2122, 0.6366])
    """
    if not 0 < least <= 1:
        raise ValueError(f"extrema_of_sine_of_inverse: expected 0 < least <= 1; got {least}")
    most = int(np.floor((1 / least) / np.pi - 0.5))
    return 1 / (np.pi / 2 + np.pi * np.arange(most, -1, -1))


def sine_of_inverse_knots(least: float, pieces: int) -> np.ndarray:
    r"""Return knots from ``least`` to 1 that spread the error of a chain of lines evenly.

    The error of a short piece of length h is :math:`h^2 |f''|/8`, so the density of knots should go
    with :math:`\sqrt{|f''|}`; for :math:`\sin(1/x)` near 0 that is :math:`x^{-2}` times the root of
    :math:`|\sin(1/x)|`, taken from a fine table.

    Parameters
    ----------
    least : float
        Above 0, below 1.
    pieces : int
        1 or more.
    """
    if pieces < 1 or not 0 < least < 1:
        raise ValueError(
            "sine_of_inverse_knots: expected 0 < least < 1 and pieces >= 1; "
            f"got {least} and {pieces}"
        )
    u = np.linspace(1.0, 1 / least, 200 * (int(1 / least) + 10))  # u = 1/x: equal waves
    second = abs(u**4 * np.sin(u) - 2 * u**3 * np.cos(u))
    density = np.sqrt(second) / u**2  # per unit of u
    total = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2 * np.diff(u))])
    even = np.interp(np.linspace(0.0, total[-1], pieces + 1), total, u)
    return 1 / even[::-1]
