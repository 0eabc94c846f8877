"""Exact nearest neighbors in bounded memory, and what they vote for.

Squared Euclidean distances come from matrix products, |q − x|² = |q|² + |x|² − 2 q·x, one block of
queries against one block of images at a time; only the k best so far are kept. |x|² enters the
product as one more column, beside a column of ones. Chapter: *Neighbors*,
``book/learning/neighbors.md``.

Exactness. Bytes are shifted by 128 first, which changes no difference. Then for d ≤ 1,024 pixels
|x|² and every sum of products q·x are whole numbers of size at most 128² d ≤ 2²⁴, which float32 holds.
The products are taken of −2 q, and of |x|² only the even part enters: so all terms are even, and
even numbers are exact up to 2²⁵. Sums of some of the terms −2 q·x lie between −2²⁵ and the squared
distance D, for −2 q x ≤ (q − x)²; with |x|² below D + 2²⁴. So for D ≤ 2²⁴ the score is exact in any
order of summation. Where D is larger, each of the d + 1 additions may be off by 2, and the score
says at least 2²⁴ − 2 (d + 1). A query whose k-th distance comes near that is done again in float64,
where every byte picture is exact. Floats are compared in float64 with the rounding error of the
formula, a few times 2⁻⁵² (|q|² + |x|²).

Ties go to the lower index, as in a stable sort of all distances.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

__all__ = ["Neighbors", "nearest", "vote", "work_bytes"]

EXACT = 2**24  # float32 holds every whole number up to here
PIXELS = EXACT // 128**2  # most pixels whose shifted products stay below it
SAFE = EXACT - 4 * PIXELS  # squares found below are exact, and none above was taken for them
QUERIES, IMAGES, GROUP = 1024, 2048, 2048  # block of queries, of images; queries held as floats
STRIP = 128  # pictures, so few that the second pass over them finds them in the cache
LANE = 8  # scores of which only the lowest is looked at, to bound the first best


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
        return _search(queries, images, k, np.float64, shifted=False)
    if queries.shape[1] > PIXELS:
        return _search(queries, images, k, np.float64, shifted=True)
    found = _search(queries, images, k, np.float32, shifted=True)
    again = np.flatnonzero(found.squares[:, -1] >= SAFE)
    if again.size:
        exact = _search(queries[again], images, k, np.float64, shifted=True)
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
    floats = (GROUP + images) * (pixels + 1) + QUERIES * images
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


def _search(
    queries: np.ndarray, images: np.ndarray, k: int, dtype: type, *, shifted: bool
) -> Neighbors:
    """Walk over groups of queries; within each, over blocks of images."""
    n, pixels = queries.shape
    indices = np.empty((n, k), np.int64)
    squares = np.empty((n, k))
    buffer = np.ones((min(GROUP, n), pixels + 1), dtype)
    for start in range(0, n, GROUP):
        rows = slice(start, min(start + GROUP, n))
        group = buffer[: rows.stop - start]
        norms = _fill(group, queries[rows], shifted)
        group[:, :-1] *= -2  # a power of two: the products stay exact
        squares[rows], indices[rows] = _search_group(group, images, k, shifted)
        squares[rows] += norms[:, None]
    return Neighbors(indices, np.maximum(squares, 0))


def _search_group(
    group: np.ndarray, images: np.ndarray, k: int, shifted: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return the k lowest scores |x|² − 2 q·x of each row (−2 q, 1), and their images."""
    n = len(group)
    width = min(max(IMAGES, k), len(images))
    scores = np.full((n, k), np.inf)
    indices = np.full((n, k), len(images))
    buffer = np.empty((width, group.shape[1]), group.dtype)
    products = np.empty(min(QUERIES, n) * width, group.dtype)
    for start in range(0, len(images), width):
        pictures = images[start : start + width]
        block = buffer[: len(pictures)]
        odd = _fill_block(block, pictures, shifted)
        for first in range(0, n, QUERIES):
            rows = slice(first, min(first + QUERIES, n))
            shape = rows.stop - first, len(block)
            new = products[: shape[0] * shape[1]].reshape(shape)
            np.matmul(group[rows], block.T, out=new)
            _merge(scores[rows], indices[rows], new, odd, start)
    return scores, indices


def _fill(out: np.ndarray, pictures: np.ndarray, shifted: bool) -> np.ndarray:
    """Write shifted pictures into all columns but the last; return their squared lengths.

    The lengths of shifted bytes stay whole and at most 2^24, so exact.
    """
    norms = np.empty(len(pictures), out.dtype)
    for i in range(0, len(pictures), STRIP):
        strip = out[i : min(i + STRIP, len(pictures)), :-1]
        part = pictures[i : i + STRIP]
        # A byte whose first bit is turned, read as a signed one, is 128 less.
        strip[...] = (part ^ 128).view(np.int8) if shifted else part
        np.einsum("ij,ij->i", strip, strip, out=norms[i : i + STRIP])
    return norms


def _fill_block(block: np.ndarray, pictures: np.ndarray, shifted: bool) -> np.ndarray:
    """Write rows (x, |x|²), for bytes with the even part of |x|²; return what is left of it."""
    norms = _fill(block, pictures, shifted)
    odd = norms % 2 if shifted else np.zeros_like(norms)
    block[:, -1] = norms - odd
    return odd


def _merge(
    scores: np.ndarray, indices: np.ndarray, new: np.ndarray, odd: np.ndarray, start: int
) -> None:
    """Let a block of new scores, of images with higher indices, improve the best in place.

    The scores are ``new + odd`` and so not below ``new``: what is not below the limit without its
    odd part, is not with it. An equal score comes later and does not count.
    """
    k = scores.shape[1]
    limit = scores[:, -1].astype(new.dtype) if start else _bound(new, k)
    better = np.flatnonzero(np.minimum.reduce(new, axis=1) < limit)
    if not better.size:
        return
    chosen = new[better] if len(better) < len(new) else new
    within = chosen < limit[better, None]
    row, column = np.divmod(np.flatnonzero(within), within.shape[1])
    all_rows = np.concatenate([np.repeat(np.arange(len(better)), k), row])
    all_scores = np.concatenate([scores[better].ravel(), chosen[row, column] + odd[column]])
    all_indices = np.concatenate([indices[better].ravel(), column + start])
    order = np.lexsort((all_indices, all_scores, all_rows))
    begin = np.searchsorted(all_rows[order], np.arange(len(better)))
    keep = order[begin[:, None] + np.arange(k)]
    scores[better], indices[better] = all_scores[keep], all_indices[keep]


def _bound(new: np.ndarray, k: int) -> np.ndarray:
    """Return for each row a number that at least k of its scores are below.

    Dealt to k lanes or more, the k-th lowest of the lowest in each is as good a bound, and found
    faster than the k-th lowest of all.
    """
    lanes = new.shape[1] // LANE
    if lanes >= k:
        dealt = new[:, : lanes * LANE].reshape(len(new), LANE, lanes)
        new = np.minimum.reduce(dealt, axis=1)
    kth = np.partition(new, k - 1, axis=1)[:, k - 1]
    return np.nextafter(kth, np.inf, dtype=new.dtype)


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
