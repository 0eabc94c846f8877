"""Folds of a table with holes that are held out in turn: entry by entry, or in tiles.

Entries beside each other in a table of physics know of each other: a held-out entry whose neighbors
stay in the training set asks for interpolation, not for prediction. Tiles hold neighbors out
together, and a margin around them can be left out of both sides. Positions are integers (i, j);
distances are the larger of the two differences, so that a margin of 1 is a ring of 8 entries.
Chapter: ``book/frameworks/factorization.md``.

References
----------
Roberts et al., Ecography 40, 913 (2017), on folds for data with structure.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import binary_dilation

__all__ = ["beside", "single_folds", "tile_folds"]


def single_folds(count: int, *, folds: int, rng: np.random.Generator) -> np.ndarray:
    """Return a fold for each of ``count`` entries, each on its own; sizes differ by 1 at most.

    Examples
    --------
    >>> single_folds(7, folds=3, rng=np.random.default_rng(0))
    array([2, 1, 0, 0, 2, 0, 1])
    """
    _check(count, folds)
    return rng.permutation(count) % folds


def tile_folds(
    i: np.ndarray, j: np.ndarray, *, side: int, folds: int, rng: np.random.Generator
) -> np.ndarray:
    """Return a fold for each entry, the same for all entries of a square tile.

    The tiling begins at a random place, so that other splits cut elsewhere.

    Parameters
    ----------
    i, j : ndarray of int, shape (count,)
        Row and column of each entry.
    side : int
        Of a tile, at least 1.
    folds : int
        At least 2, at most the number of tiles that hold an entry.
    rng : numpy.random.Generator

    Raises
    ------
    ValueError
        If side or folds are out of range, or i and j differ in shape.

    Examples
    --------
    >>> i, j = np.indices((4, 4)).reshape(2, -1)
    >>> folds = tile_folds(i, j, side=2, folds=2, rng=np.random.default_rng(3))
    >>> folds.reshape(4, 4)
    array([[1, 1, 0, 0],
           [0, 0, 1, 1],
           [0, 0, 1, 1],
           [0, 0, 1, 1]])
    """
    if i.shape != j.shape or i.ndim != 1:
        raise ValueError(
            f"tile_folds: expected i and j of one shape (n,); got {i.shape}, {j.shape}"
        )
    if side < 1:
        raise ValueError(f"tile_folds: expected a side of at least 1; got {side}")
    from_i, from_j = rng.integers(0, side, size=2)
    tiles = np.stack([(i + from_i) // side, (j + from_j) // side])
    names, tile = np.unique(tiles, axis=1, return_inverse=True)
    _check(names.shape[1], folds)
    return (rng.permutation(names.shape[1]) % folds)[tile.reshape(-1)]


def beside(i: np.ndarray, j: np.ndarray, held: np.ndarray, *, margin: int) -> np.ndarray:
    """Return which entries lie within the margin of a held-out entry, those held out included.

    Parameters
    ----------
    i, j : ndarray of int, shape (count,)
        At least 0.
    held : ndarray of bool, shape (count,)
    margin : int
        At least 0; 0 returns ``held``.

    Raises
    ------
    ValueError
        If the margin or a position is negative.

    Examples
    --------
    >>> i, j = np.array([0, 0, 0, 0]), np.array([0, 1, 2, 3])
    >>> beside(i, j, j == 0, margin=1)
    array([ True,  True, False, False])
    """
    if margin < 0 or (i < 0).any() or (j < 0).any():
        raise ValueError("beside: expected a margin and positions of at least 0")
    table = np.zeros((i.max() + 1, j.max() + 1), bool)
    table[i[held], j[held]] = True
    if margin and held.any():
        table = binary_dilation(table, np.ones((2 * margin + 1, 2 * margin + 1), bool))
    return table[i, j]


def _check(units: int, folds: int) -> None:
    if not 2 <= folds <= units:
        raise ValueError(
            f"expected folds from 2 to {units}, the number of parts to deal out; got {folds}"
        )
