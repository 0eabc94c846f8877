"""Energy and gradient of many electrons in bounded memory: the pairs, block by block.

All distances of 10⁴ electrons at once are 800 MB, and an automatic gradient keeps several such
arrays. Blocks of ``b × b`` pairs keep four small ones, whatever the number of electrons, stay in
the processor's cache, and need only the blocks on and above the diagonal. Chapter: *Electrons on a
sphere*.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mlphys.physics.thomson import check_points

__all__ = ["BLOCK", "blocked_energy_and_gradient", "working_bytes"]

BLOCK = 192


def working_bytes(n: int, *, block: int = BLOCK) -> int:
    """Return a bound for the memory of :func:`blocked_energy_and_gradient`, in bytes.

    Six arrays of ``block²`` numbers, and nine numbers for each electron (positions and the gradient
    component by component, the gradient once more as it is returned) with a few more for slack.

    Examples
    --------
    >>> working_bytes(10_000) / 1e6, 8 * 10_000**2 / 1e6  # against one array of all pairs, in MB
    (2.729472, 800.0)
    """
    return 8 * (6 * block**2 + 12 * n)


def blocked_energy_and_gradient(points: Any, *, block: int = BLOCK) -> tuple[float, np.ndarray]:
    """Return the energy and its gradient without ever holding all pairs.

    Distances come from differences, so that close pairs keep their digits.

    Parameters
    ----------
    points : array_like, shape (n, 3)
        Anywhere in space, no two at one place.
    block : int
        Side of a block of pairs.

    Returns
    -------
    value : float
    gradient : ndarray, shape (n, 3)
        Not projected, as that of :func:`~mlphys.physics.thomson.energy_and_gradient`.

    Raises
    ------
    ValueError
        If these are not points, two of them coincide, or the block is below 1.

    Examples
    --------
    >>> value, gradient = blocked_energy_and_gradient([[0, 0, 1], [0, 0, -1], [1, 0, 0]], block=2)
    >>> round(value, 6)  # 1/2 + 2/√2
    1.914214
    """
    if block < 1:
        raise ValueError(
            f"blocked_energy_and_gradient: expected a block of at least 1; got {block}"
        )
    x = np.ascontiguousarray(check_points(points, "blocked_energy_and_gradient").T)
    n = x.shape[1]
    gradient, values = np.zeros_like(x), []
    room = np.empty((4, block * block))
    for i in range(0, n, block):
        for j in range(i, n, block):
            rows, columns = slice(i, min(i + block, n)), slice(j, min(j + block, n))
            shape = rows.stop - i, columns.stop - j
            buffers = [part[: shape[0] * shape[1]].reshape(shape) for part in room]
            values.append(_pairs(x, gradient, rows, columns, buffers))
    value = math.fsum(values)
    if not math.isfinite(value):
        raise ValueError(
            "blocked_energy_and_gradient: expected points at different places; got two that coincide"
        )
    return value, np.ascontiguousarray(gradient.T)


def _pairs(
    x: np.ndarray, gradient: np.ndarray, rows: slice, columns: slice, buffers: list[np.ndarray]
) -> float:
    """Add the forces of one block of pairs to the gradient; return the block's energy."""
    *apart, weight = buffers
    for axis in range(3):
        np.subtract(x[axis, rows, None], x[axis, columns], out=apart[axis])
    np.multiply(apart[0], apart[0], out=weight)
    scratch = np.empty_like(weight)
    for axis in (1, 2):
        np.multiply(apart[axis], apart[axis], out=scratch)
        weight += scratch
    same = rows == columns
    if same:
        np.fill_diagonal(weight, np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        np.sqrt(weight, out=scratch)
        np.divide(1.0, scratch, out=scratch)
        value = float(scratch.sum())
        np.divide(scratch, weight, out=weight)
    if not math.isfinite(value):
        return math.inf
    for axis in range(3):
        gradient[axis, rows] -= np.einsum("ij,ij->i", weight, apart[axis])
        if not same:
            gradient[axis, columns] += np.einsum("ij,ij->j", weight, apart[axis])
    return value / 2 if same else value
