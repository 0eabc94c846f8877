"""Which images of a set are exactly the same, and which of one set stand in another?

Images are compared byte by byte: their rows are sorted as strings of bytes, so that equal ones
become neighbors. n images cost n log n comparisons instead of n²/2.

Chapter: ``book/learning/digit_detector.md``.
"""

from __future__ import annotations

import numpy as np

__all__ = ["find_duplicates", "find_shared"]


def find_duplicates(images: np.ndarray) -> list[np.ndarray]:
    """Return the groups of identical images.

    Parameters
    ----------
    images : ndarray, shape (n, ...)
        Any dtype without padding; floats are compared bit by bit.

    Returns
    -------
    list of ndarray of int
        The places of each group of two or more in ascending order; groups by their first place.

    Examples
    --------
    >>> images = np.array([[1, 2], [0, 0], [1, 2], [2, 1]], np.uint8)
    >>> find_duplicates(images)
    [array([0, 2])]
    """
    keys = _keys(images)
    order = np.argsort(keys, kind="stable")
    new = np.append(True, keys[order][1:] != keys[order][:-1])
    groups = np.split(order, np.flatnonzero(new)[1:])
    return sorted((group for group in groups if len(group) > 1), key=lambda group: group[0])


def find_shared(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the places in ``second`` of images that also stand in ``first``.

    A test image that was learned from tests nothing.

    Parameters
    ----------
    first, second : ndarray, shapes (m, ...) and (n, ...)
        Of one dtype and one shape of image.

    Returns
    -------
    ndarray of int

    Raises
    ------
    ValueError
        If the images differ in shape or dtype.

    Examples
    --------
    >>> find_shared(np.array([[1, 2], [0, 0]]), np.array([[5, 5], [0, 0]]))
    array([1])
    """
    if first.shape[1:] != second.shape[1:] or first.dtype != second.dtype:
        raise ValueError(
            "find_shared: expected images of one shape and dtype; got "
            f"{first.shape[1:]} of {first.dtype} and {second.shape[1:]} of {second.dtype}"
        )
    return np.flatnonzero(np.isin(_keys(second), _keys(first)))


def _keys(images: np.ndarray) -> np.ndarray:
    """Return each image as one string of bytes, shape (n,)."""
    if images.ndim < 2 or images[:1].size == 0:
        raise ValueError(
            f"duplicates: expected images of shape (n, ...) with n > 0; got shape {images.shape}"
        )
    flat = np.ascontiguousarray(images).reshape(len(images), -1)
    # Bytes are stored as "S": NumPy drops zeros at its end, so that a last 1 keeps lengths equal.
    raw = flat.view(np.uint8).reshape(len(images), -1)
    closed = np.concatenate([raw, np.ones((len(raw), 1), np.uint8)], axis=1)
    return closed.view(f"S{closed.shape[1]}")[:, 0]
