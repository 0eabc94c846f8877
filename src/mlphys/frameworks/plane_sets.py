r"""Two-class sets of points in the plane whose best possible border is known.

*Clouds*: two round Gaussian clouds of variance 1 with centers :math:`(\pm a, 0)`. The best border
is the line x = 0, and it is right with probability :math:`\Phi(a)`, the cumulative normal
distribution: no training set can beat it. A share of the training points can be given the wrong
label, which makes outliers deep in the other cloud.

*Spirals*: two interleaved arms, the "Swiss roll" of the lectures. The best border runs in the
middle between them.

Points have shape (n, 2) and type float32; labels are 0 or 1, int32.

Chapter: ``book/frameworks/architecture.md``.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

__all__ = ["best_accuracy", "clouds", "grid", "spirals"]


def clouds(
    n: int, *, rng: np.random.Generator, offset: float = 1.25, wrong: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Return points of two overlapping clouds and their labels.

    Parameters
    ----------
    n : int
        Points in all; the classes take turns, so that they differ by one point at most.
    rng : numpy.random.Generator
    offset : float
        Distance of each center from the best border, in standard deviations.
    wrong : float
        Share of the points in [0, 1/2) that get the other label: ``round(wrong * n)`` of them.

    Examples
    --------
    >>> x, y = clouds(6, rng=np.random.default_rng(0))
    >>> x.shape, y
    ((6, 2), array([0, 1, 0, 1, 0, 1], dtype=int32))
    """
    if n < 2 or not 0 <= wrong < 0.5:
        raise ValueError(
            f"clouds: expected two points or more and a wrong share in [0, 0.5); got {n}, {wrong}"
        )
    y = (np.arange(n) % 2).astype(np.int32)
    x = rng.normal(size=(n, 2))
    x[:, 0] += offset * (2 * y - 1)
    flipped = rng.permutation(n)[: round(wrong * n)]
    y[flipped] = 1 - y[flipped]
    return x.astype(np.float32), y


def best_accuracy(offset: float = 1.25) -> float:
    """Return the probability that the best border names a point of the clouds rightly.

    Examples
    --------
    >>> round(best_accuracy(0.0), 3), round(best_accuracy(1.25), 4)
    (0.5, 0.8944)
    """
    return float(norm.cdf(offset))


def spirals(
    n: int, *, rng: np.random.Generator, turns: float = 1.5, noise: float = 0.04
) -> tuple[np.ndarray, np.ndarray]:
    r"""Return noisy points on two spiral arms inside the square [-1, 1]², and their labels.

    Arm k has :math:`r = t` and angle :math:`2\pi\,\text{turns}\cdot t + k\pi` for t from 0.1 to
    0.95; normal noise is added to both coordinates.

    Parameters
    ----------
    n : int
        Points in all.
    rng : numpy.random.Generator
    turns : float
        How often an arm winds around the center.
    noise : float
        Standard deviation; neighboring arms are ``1 / (2 * turns)`` apart.

    Examples
    --------
    >>> x, y = spirals(1000, rng=np.random.default_rng(0), noise=0.0)
    >>> bool(np.hypot(*x.T).max() < 0.95)
    True
    """
    if n < 2 or turns <= 0 or noise < 0:
        raise ValueError(
            "spirals: expected two points or more, turns above 0 and noise of 0 or more; got "
            f"{n}, {turns}, {noise}"
        )
    y = (np.arange(n) % 2).astype(np.int32)
    t = rng.uniform(0.1, 0.95, n)
    angle = 2 * np.pi * turns * t + np.pi * y
    x = t[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return (x + noise * rng.normal(size=(n, 2))).astype(np.float32), y


def grid(points: int, half_width: float) -> np.ndarray:
    """Return the points of a square grid, shape (points², 2), row after row from below.

    Examples
    --------
    >>> grid(2, 1.0)
    array([[-1., -1.],
           [ 1., -1.],
           [-1.,  1.],
           [ 1.,  1.]], dtype=float32)
    """
    line = np.linspace(-half_width, half_width, points, dtype=np.float32)
    return np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
