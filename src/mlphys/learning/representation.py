r"""The cells of the plane on which a ReLU net is one affine function, found by cutting polygons.

A net with units :math:`\max(z, 0)` bends where some unit changes between off (:math:`z < 0`) and on
(:math:`z > 0`). Which units are on is the *pattern* of a point. All points with one pattern form a
convex polygon, a *cell*, and on it the net is :math:`f(x) = x A + c` with one matrix and one offset.

Inside a cell of layers 1 ... l, each unit of layer l + 1 is affine, so it bends along a straight
line: cut the cell there, layer after layer, and no cell is missed however small it is. (A grid of
points misses those that lie between its points.)

Arrays: points (n, 2) as rows; layers are pairs ``(weights, offsets)`` of shapes (fan_in, fan_out)
and (fan_out,), the last of them without a bend. Lengths have no unit.

Chapter: ``book/learning/representation.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from mlphys.learning.deep_net import Layer

__all__ = ["Cell", "affine_cells", "count_patterns", "patterns", "polygon_area", "random_relu_net",
           "relu_net"]  # fmt: skip

SLIVER = 1e-12  # a cut closer to a corner than this fraction of the box is no cut


class Cell(NamedTuple):
    """One cell, and what the net does on it.

    Attributes
    ----------
    corners : ndarray, shape (k, 2)
        Of the convex polygon, in order.
    pattern : ndarray of bool, shape (units,)
        Which hidden units are on, layer after layer.
    slope : ndarray, shape (2, outputs)
    offset : ndarray, shape (outputs,)
        The net is ``x @ slope + offset`` here.
    """

    corners: np.ndarray
    pattern: np.ndarray
    slope: np.ndarray
    offset: np.ndarray


def random_relu_net(sizes: Sequence[int], *, rng: np.random.Generator) -> list[Layer]:
    """Return a net with normal weights (He's size) and normal offsets of variance 1.

    Parameters
    ----------
    sizes : sequence of int
        Widths from input to output.
    rng : numpy.random.Generator

    Examples
    --------
    >>> [w.shape for w, _ in random_relu_net((2, 5, 1), rng=np.random.default_rng(0))]
    [(2, 5), (5, 1)]
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"random_relu_net: expected two or more widths above 0; got {sizes}")
    return [
        Layer(rng.normal(size=(m, n)) * np.sqrt(2 / m), rng.normal(size=n))
        for m, n in pairwise(sizes)
    ]


def relu_net(layers: Sequence[tuple[np.ndarray, np.ndarray]], x: np.ndarray) -> np.ndarray:
    """Return the outputs of the net, shape (n, outputs), at points of shape (n, inputs).

    Examples
    --------
    >>> hat = [(np.array([[1.0, 1.0]]), np.array([0.0, -1.0])), (np.array([[1.0], [-2.0]]), np.zeros(1))]
    >>> relu_net(hat, np.array([[0.5], [1.0], [2.0]])).ravel()
    array([0.5, 1. , 0. ])
    """
    for weights, offsets in layers[:-1]:
        x = np.maximum(x @ weights + offsets, 0.0)
    return x @ layers[-1][0] + layers[-1][1]


def patterns(layers: Sequence[tuple[np.ndarray, np.ndarray]], x: np.ndarray) -> np.ndarray:
    """Return which hidden units are on at each point, a bool array of shape (n, units)."""
    signs = []
    for weights, offsets in layers[:-1]:
        z = x @ weights + offsets
        signs.append(z > 0)
        x = np.maximum(z, 0.0)
    return np.concatenate(signs, axis=1)


def count_patterns(
    layers: Sequence[tuple[np.ndarray, np.ndarray]], *, points: int, half_width: float = 1.0
) -> int:
    """Return the number of different patterns on a square grid: a lower bound for the cells.

    Parameters
    ----------
    layers : sequence of (weights, offsets)
        With two inputs.
    points : int
        Along each axis; they are the centers of ``points`` ² equal squares.
    half_width : float
        The square is [-half_width, half_width]².
    """
    line = half_width * ((2 * np.arange(points) + 1) / points - 1)
    grid = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    return len(np.unique(np.packbits(patterns(layers, grid), axis=1), axis=0))


def affine_cells(
    layers: Sequence[tuple[np.ndarray, np.ndarray]], *, half_width: float = 1.0
) -> list[Cell]:
    """Return all cells of a net with two inputs inside a square.

    Parameters
    ----------
    layers : sequence of (weights, offsets)
        Any number of hidden layers, then one affine layer.
    half_width : float
        The square is [-half_width, half_width]².

    Returns
    -------
    list of Cell
        They tile the square. A cut that would leave a piece thinner than 1e-12 of the square is
        not made.

    Raises
    ------
    ValueError
        If the net does not have two inputs, or the square has no size.

    Examples
    --------
    Two units that bend along the axes cut the square in four:

    >>> cross = [(np.eye(2), np.zeros(2)), (np.ones((2, 1)), np.zeros(1))]
    >>> found = affine_cells(cross)
    >>> len(found), sum(polygon_area(cell.corners) for cell in found)
    (4, 4.0)
    """
    if layers[0][0].shape[0] != 2:
        raise ValueError(
            f"affine_cells: expected a net with 2 inputs; got {layers[0][0].shape[0]}. Restrict it "
            "to a plane first: weights E @ W and offsets o @ W + b for points x = u @ E + o"
        )
    if half_width <= 0:
        raise ValueError(f"affine_cells: expected half_width above 0; got {half_width}")
    h, tolerance = half_width, half_width * SLIVER
    square = np.array([[-h, -h], [h, -h], [h, h], [-h, h]])
    cells = [Cell(square, np.zeros(0, bool), np.eye(2), np.zeros(2))]
    for weights, offsets in layers[:-1]:
        cells = [new for cell in cells for new in _cut_cell(cell, weights, offsets, tolerance)]
    weights, offsets = layers[-1]
    return [
        Cell(c.corners, c.pattern, c.slope @ weights, c.offset @ weights + offsets) for c in cells
    ]


def _cut_cell(cell: Cell, weights: np.ndarray, offsets: np.ndarray, tolerance: float) -> list[Cell]:
    """Return the parts of a cell on which each unit of the next layer is on, or off."""
    slope, offset = cell.slope @ weights, cell.offset @ weights + offsets
    pieces = [cell.corners]
    for normal, shift in zip(slope.T, offset, strict=True):
        length = float(np.linalg.norm(normal))
        if length > 0:
            cuts = (_cut_polygon(p, normal / length, shift / length, tolerance) for p in pieces)
            pieces = [part for cut in cuts for part in cut]
    found = []
    for corners in pieces:
        on = corners.mean(axis=0) @ slope + offset > 0
        found.append(Cell(corners, np.append(cell.pattern, on), slope * on, offset * on))
    return found


def _cut_polygon(
    corners: np.ndarray, normal: np.ndarray, shift: float, tolerance: float
) -> list[np.ndarray]:
    """Return a convex polygon cut along ``x @ normal + shift = 0``: one part or two."""
    height = corners @ normal + shift
    if height.max() <= tolerance or height.min() >= -tolerance:
        return [corners]
    above, below = [], []
    for i in range(len(corners)):
        p, a = corners[i], height[i]
        q, b = corners[i - 1], height[i - 1]  # the side from q to p
        if min(a, b) < -tolerance and max(a, b) > tolerance:
            crossing = q + (p - q) * (b / (b - a))
            above.append(crossing)
            below.append(crossing)
        if a >= -tolerance:
            above.append(p)
        if a <= tolerance:
            below.append(p)
    return [np.array(above), np.array(below)]


def polygon_area(corners: np.ndarray) -> float:
    """Return the area of a polygon from its corners, shape (k, 2), in order.

    Examples
    --------
    >>> polygon_area(np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 1.0]]))
    1.0
    """
    x, y = corners.T
    return 0.5 * abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1)))
