"""Exact nearest neighbors in bounded memory, and what they vote for.

Squared Euclidean distances come from matrix products, |q − x|² = |q|² + |x|² − 2 q·x, one block of
queries against one block of images at a time; only the k best so far are kept. Chapter:
*Neighbors*, ``book/learning/neighbors.md``.

Exactness. Bytes are shifted by 128 first, which changes no difference. Then every partial sum of
q·x is a whole number of size at most 128² d, and float32 holds all whole numbers up to 2²⁴: for
d ≤ 1,024 pixels the product is exact in any order of summation. A query whose k-th distance could
have been rounded is done again in float64, where every byte picture is exact. Floats are compared
in float64 with the rounding error of the formula, a few times 2⁻⁵² (|q|² + |x|²).

Ties go to the lower index, as in a stable sort of all distances.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

__all__ = ["Neighbors", "nearest", "vote", "work_bytes"]

EXACT = 2**24  # float32 holds every whole number up to here
PIXELS = EXACT // 128**2  # most pixels whose shifted products stay below it
QUERIES, IMAGES, GROUP = 1024, 2048, 2048  # block of queries, of images; queries held as floats
STRIP = 32  # rows of scores, so few that the second pass finds them in the cache


class Neighbors(NamedTuple):
    """The k nearest images of each query, nearest first.

    Attributes
    ----------
    indices : ndarray of int64, shape (n, k)
        Rows of the images.
    squares : ndarray of float64, shape (n, k)
        Squared Euclidean distances, in squared units of a pixel; whole numbers for bytes.
    """

    indices: np.ndarray
    squares: np.ndarray


def nearest(queries: np.ndarray, images: np.ndarray, *, k: int = 3) -> Neighbors:
    """Return the k images nearest to each query, exactly, ties by the lower index.

    Parameters
    ----------
    queries : ndarray, shape (n, ...)
    images : ndarray, shape (m, ...)
        Both of uint8, or both of floats.
    k : int
        From 1 to m.

    Returns
    -------
    Neighbors

    Raises
    ------
    ValueError
        If the pictures differ in size or type, are not finite, or ``k`` is not in 1 ... m.

    Notes
    -----
    Work memory beside arguments and result: :func:`work_bytes`, whatever n and m are.

    Examples
    --------
    >>> images = np.array([[0, 0], [3, 4], [0, 0], [6, 8]], np.uint8)
    >>> found = nearest(np.array([[0, 0]], np.uint8), images, k=3)
    >>> found.indices, found.squares
    (array([[0, 2, 1]]), array([[ 0.,  0., 25.]]))
    """
    queries, images = _rows("queries", queries), _rows("images", images)
    _check(queries, images, k)
    if queries.dtype != np.uint8:
        return _search(queries, images, k, np.float64, 0)
    if queries.shape[1] > PIXELS:
        return _search(queries, images, k, np.float64, 128)
    found = _search(queries, images, k, np.float32, 128)
    again = np.flatnonzero(found.squares[:, -1] >= EXACT)  # rounding begins above, at |x|² − 2 q·x
    if again.size:
        exact = _search(queries[again], images, k, np.float64, 128)
        found.indices[again], found.squares[again] = exact
    return found


def work_bytes(pixels: int, k: int = 3) -> int:
    """Return a bound for the work memory of :func:`nearest` on bytes, in bytes.

    Three blocks of floats (queries, images, scores) in the wider of the two precisions, and the
    merging of a block in which every image improves on all before.

    Examples
    --------
    >>> f"{work_bytes(784) / 1e6:.0f} MB"
    '177 MB'
    """
    images = max(IMAGES, k)
    floats = (GROUP + images) * pixels + QUERIES * images
    return 8 * floats + 64 * QUERIES * (images + k)


def vote(
    found: Neighbors, labels: np.ndarray, *, classes: int = 10, weighted: bool = True
) -> np.ndarray:
    """Return the share of the neighbors' votes that each class gets, shape (n, classes).

    Parameters
    ----------
    found : Neighbors
    labels : ndarray of int, shape (m,)
        Of the images, in 0 ... classes − 1.
    classes : int
    weighted : bool
        True: a vote weighs 1/distance, and where images coincide with the query only those
        vote. False: all votes weigh the same.

    Raises
    ------
    ValueError
        If a label is not in range, or there are fewer labels than images found.

    Examples
    --------
    >>> found = Neighbors(np.array([[0, 1, 2]]), np.array([[1.0, 16.0, 16.0]]))
    >>> vote(found, np.array([1, 0, 0]), classes=2, weighted=False).round(3)
    array([[0.667, 0.333]])
    >>> vote(found, np.array([1, 0, 0]), classes=2).round(3)
    array([[0.333, 0.667]])
    """
    labels = np.asarray(labels)
    if labels.ndim != 1 or len(labels) <= found.indices.max(initial=-1):
        raise ValueError(
            f"vote: expected one label for each image, at least {found.indices.max() + 1}; "
            f"got labels of shape {labels.shape}"
        )
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(
            f"vote: expected labels in 0 ... {classes - 1}; got {labels.min()} ... {labels.max()}"
        )
    weights = np.ones(found.squares.shape)
    if weighted:
        same = found.squares == 0
        safe = np.where(same, 1, found.squares) ** -0.5
        weights = np.where(same.any(axis=1, keepdims=True), same, safe)
    shares = np.zeros((len(weights), classes))
    rows = np.arange(len(weights))
    for weight, index in zip(weights.T, found.indices.T, strict=True):
        shares[rows, labels[index]] += weight
    return shares / shares.sum(axis=1, keepdims=True)


def _search(queries: np.ndarray, images: np.ndarray, k: int, dtype: type, shift: int) -> Neighbors:
    """Walk over groups of queries; within each, over blocks of images."""
    indices = np.empty((len(queries), k), np.int64)
    squares = np.empty((len(queries), k))
    for start in range(0, len(queries), GROUP):
        rows = slice(start, start + GROUP)
        group = _floats(queries[rows], dtype, shift)
        norms = _norms(group)
        group *= -2  # a power of two: the products stay exact
        squares[rows], indices[rows] = _search_group(group, images, k, shift)
        squares[rows] += norms[:, None]
    return Neighbors(indices, np.maximum(squares, 0))


def _search_group(
    doubled: np.ndarray, images: np.ndarray, k: int, shift: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the k lowest scores |x|² − 2 q·x of each query, given −2 q, and their images."""
    n, width = len(doubled), max(IMAGES, k)
    scores = np.full((n, k), np.inf)
    indices = np.full((n, k), len(images))
    buffer = np.empty(QUERIES * width, doubled.dtype)
    for start in range(0, len(images), width):
        block = _floats(images[start : start + width], doubled.dtype, shift)
        norms = _norms(block)
        for first in range(0, n, QUERIES):
            rows = slice(first, min(first + QUERIES, n))
            shape = rows.stop - first, len(block)
            new = buffer[: shape[0] * shape[1]].reshape(shape)
            np.matmul(doubled[rows], block.T, out=new)
            _merge(scores[rows], indices[rows], new, _add(new, norms), start)
    return scores, indices


def _add(new: np.ndarray, norms: np.ndarray) -> np.ndarray:
    """Add the norms to each row in place, return the lowest of each row.

    In float32 a sum above 2^24 is rounded, but never past another sum. Few rows at a time, so that
    the second pass over them finds them in the cache.
    """
    lowest = np.empty(len(new), new.dtype)
    for i in range(0, len(new), STRIP):
        strip = new[i : i + STRIP]
        strip += norms
        np.minimum.reduce(strip, axis=1, out=lowest[i : i + STRIP])
    return lowest


def _merge(
    scores: np.ndarray, indices: np.ndarray, new: np.ndarray, lowest: np.ndarray, start: int
) -> None:
    """Let a block of new scores, of images with higher indices, improve the best in place."""
    k = scores.shape[1]
    better = np.flatnonzero(lowest < scores[:, -1])  # an equal one comes later: no
    if not better.size:
        return
    chosen = new[better] if len(better) < len(new) else new
    limit = scores[better, -1]
    if np.isinf(limit).any() and chosen.shape[1] > k:
        limit = np.partition(chosen, k - 1, axis=1)[:, k - 1]
        within = chosen <= limit[:, None]
    else:
        within = chosen < limit[:, None].astype(new.dtype)
    row, column = np.divmod(np.flatnonzero(within), within.shape[1])
    all_rows = np.concatenate([np.repeat(np.arange(len(better)), k), row])
    all_scores = np.concatenate([scores[better].ravel(), chosen[row, column]])
    all_indices = np.concatenate([indices[better].ravel(), column + start])
    order = np.lexsort((all_indices, all_scores, all_rows))
    begin = np.searchsorted(all_rows[order], np.arange(len(better)))
    keep = order[begin[:, None] + np.arange(k)]
    scores[better], indices[better] = all_scores[keep], all_indices[keep]


def _rows(name: str, pictures: np.ndarray) -> np.ndarray:
    if pictures.ndim < 2 or not len(pictures):
        raise ValueError(
            f"nearest: expected {name} of shape (n, ...), n at least 1; got {pictures.shape}"
        )
    return pictures.reshape(len(pictures), -1)


def _check(queries: np.ndarray, images: np.ndarray, k: int) -> None:
    if queries.shape[1] != images.shape[1]:
        raise ValueError(
            "nearest: expected queries and images of one size; "
            f"got {queries.shape[1]} and {images.shape[1]} pixels"
        )
    kinds = queries.dtype, images.dtype
    floats = all(kind.kind == "f" for kind in kinds)
    if not floats and kinds != (np.uint8, np.uint8):
        raise ValueError(
            f"nearest: expected both of uint8 or both of floats; got {kinds[0]} and {kinds[1]}"
        )
    if floats and not (np.isfinite(queries).all() and np.isfinite(images).all()):
        raise ValueError("nearest: expected finite pictures; got NaN or infinity")
    if not 1 <= k <= len(images):
        raise ValueError(f"nearest: expected k in 1 ... {len(images)} (the images); got {k}")


def _floats(pictures: np.ndarray, dtype: DTypeLike, shift: int) -> np.ndarray:
    floats = pictures.astype(dtype)
    if shift:
        floats -= shift
    return floats


def _norms(floats: np.ndarray) -> np.ndarray:
    """Return the squared lengths; shifted bytes stay whole and below 2^24, so exact."""
    return np.einsum("ij,ij->i", floats, floats)
