r"""The cells of a ReLU net with one hidden layer, counted without cutting a single polygon.

Each hidden unit of such a net bends along one straight line. In a convex region, lines in general
position make one cell more for each line that enters it and one more for each crossing inside:
cells = 1 + lines + crossings. That is Euler's formula, and hundreds of lines take no time; cutting
polygons (:mod:`mlphys.learning.representation`) is needed only for deeper nets, whose bends are
broken.

Chapter: ``book/frameworks/architecture.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

__all__ = ["bend_lines", "count_line_cells"]


def bend_lines(
    layers: Sequence[tuple[np.ndarray, np.ndarray]], *, half_width: float = 1.0
) -> list[np.ndarray]:
    """Return where each hidden unit bends inside a square, as segments of shape (2, 2).

    Parameters
    ----------
    layers : two pairs (weights, offsets)
        With two inputs.
    half_width : float
        The square is [-half_width, half_width]².

    Examples
    --------
    >>> cross = [(np.eye(2), np.zeros(2)), (np.ones((2, 1)), np.zeros(1))]
    >>> [segment.tolist() for segment in bend_lines(cross)]
    [[[0.0, -1.0], [0.0, 1.0]], [[-1.0, 0.0], [1.0, 0.0]]]
    """
    if len(layers) != 2 or layers[0][0].shape[0] != 2:
        raise ValueError(
            "bend_lines: expected one hidden layer and two inputs; use "
            "mlphys.learning.representation.affine_cells for deeper nets"
        )
    h, found = half_width, []
    for (a, b), c in zip(layers[0][0].T, layers[0][1], strict=True):
        ends = []
        for side in (-h, h):
            if b != 0 and abs(y := -(a * side + c) / b) <= h:
                ends.append((side, y))
            if a != 0 and abs(x := -(b * side + c) / a) < h:
                ends.append((x, side))
        if len(ends) == 2:
            found.append(np.array(ends, float) + 0.0)  # so that no zero is negative
    return found


def count_line_cells(
    layers: Sequence[tuple[np.ndarray, np.ndarray]], *, half_width: float = 1.0
) -> int:
    """Return the number of cells in the square, for lines of which no three meet in a point.

    Examples
    --------
    >>> cross = [(np.eye(2), np.zeros(2)), (np.ones((2, 1)), np.zeros(1))]
    >>> count_line_cells(cross)
    4
    """
    segments = bend_lines(layers, half_width=half_width)
    crossings = sum(_cross(p, q) for p, q in combinations(segments, 2))
    return 1 + len(segments) + crossings


def _cross(p: np.ndarray, q: np.ndarray) -> bool:
    """Return whether the ends of each chord lie on different sides of the other."""

    def side(line: np.ndarray, point: np.ndarray) -> float:
        (x, y), (u, v) = line[1] - line[0], point - line[0]
        return x * v - y * u

    return bool(side(p, q[0]) * side(p, q[1]) < 0 and side(q, p[0]) * side(q, p[1]) < 0)
