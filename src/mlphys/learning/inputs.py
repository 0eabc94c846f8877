"""From stored pixels to what a net reads: splitting, scaling, and small shifts.

Images stay as they are stored, one byte a pixel, shape ``(n, 28, 28)`` or ``(n, 784)``; only the
batch at hand is turned into floats. A shuffled copy of 48,000 images in float32 would take as long
as the arithmetic of a whole epoch.

Chapter: ``book/learning/deep_net.md``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

__all__ = ["PixelScale", "Split", "shift_images", "split"]


class PixelScale(NamedTuple):
    """The affine map from bytes to inputs, ``(pixel - shift) * factor``.

    Attributes
    ----------
    shift : float
        In units of a byte, 0 ... 255.
    factor : float

    Examples
    --------
    >>> scale = PixelScale.fit(np.array([[0, 0, 255, 255]], np.uint8))
    >>> scale.shift, round(1 / scale.factor, 6)
    (127.5, 127.5)
    >>> scale.apply(np.array([[0, 255]], np.uint8))
    array([[-1.,  1.]], dtype=float32)
    """

    shift: float = 0.0
    factor: float = 1 / 255

    @classmethod
    def fit(cls, images: np.ndarray) -> PixelScale:
        """Return the map that gives these images mean 0 and standard deviation 1 over all pixels.

        Parameters
        ----------
        images : ndarray of uint8, any shape
            Of the training part alone.

        Raises
        ------
        ValueError
            If all pixels are equal.
        """
        counts = np.bincount(images.reshape(-1), minlength=256)
        values = np.arange(256.0)
        mean = counts @ values / counts.sum()
        variance = counts @ (values - mean) ** 2 / counts.sum()
        if variance == 0:
            raise ValueError(
                f"PixelScale.fit: expected images with contrast; all pixels are {mean}"
            )
        return cls(float(mean), float(variance**-0.5))

    def apply(
        self, images: np.ndarray, out: np.ndarray | None = None, dtype: type = np.float32
    ) -> np.ndarray:
        """Return the inputs of a net, shape ``(n, pixels)``.

        Parameters
        ----------
        images : ndarray of uint8, shape (n, ...)
        out : ndarray of float, shape (n, pixels), optional
            Where to write them.
        dtype : numpy float type
            Of the result where there is no ``out``.
        """
        flat = images.reshape(len(images), -1)
        if out is None:
            out = np.empty(flat.shape, dtype)
        np.copyto(out, flat)  # a bare conversion and a product are faster than one mixed product
        if self.shift:
            out -= self.shift
        out *= self.factor
        return out


class Split(NamedTuple):
    """Two disjoint parts of a labelled set."""

    train_images: np.ndarray
    train_labels: np.ndarray
    validation_images: np.ndarray
    validation_labels: np.ndarray


def split(
    images: np.ndarray, labels: np.ndarray, *, rng: np.random.Generator, held_out: float = 0.2
) -> Split:
    """Return a random split: one part to learn from, one to choose by.

    Parameters
    ----------
    images : ndarray, shape (n, ...)
    labels : ndarray, shape (n,)
    rng : numpy.random.Generator
    held_out : float
        Fraction of the examples for validation, between 0 and 1; 0.2 of 60,000 are 12,000.

    Raises
    ------
    ValueError
        If the lengths differ, or a part would be empty.

    Examples
    --------
    >>> parts = split(np.arange(10), np.arange(10) % 2, rng=np.random.default_rng(0))
    >>> len(parts.train_images), len(parts.validation_labels)
    (8, 2)
    >>> sorted([*parts.train_images, *parts.validation_images]) == list(range(10))
    True
    """
    if len(images) != len(labels):
        raise ValueError(
            f"split: expected as many labels as images; got {len(labels)} and {len(images)}"
        )
    count = round(held_out * len(images))
    if not 0 < count < len(images):
        raise ValueError(
            "split: expected a fraction that leaves examples in both parts; "
            f"got held_out={held_out} of {len(images)} examples"
        )
    order = rng.permutation(len(images))
    validation, train = np.sort(order[:count]), np.sort(order[count:])
    return Split(images[train], labels[train], images[validation], labels[validation])


def shift_images(
    images: np.ndarray, *, rng: np.random.Generator, out: np.ndarray, reach: int = 1
) -> np.ndarray:
    """Write the images into ``out``, moved by up to ``reach`` pixels; return ``out``.

    The batch is cut into as many runs as there are shifts, the runs get the shifts in random
    order, and where the batch is shuffled that amounts to a random shift for each image. Pixels
    moved in from outside are 0.

    Parameters
    ----------
    images, out : ndarray of uint8, shape (n, height, width)
        Not the same memory.
    rng : numpy.random.Generator
    reach : int
        Largest shift in either direction, 0 or more.

    Examples
    --------
    >>> one = np.zeros((9, 3, 3), np.uint8); one[:, 1, 1] = 1
    >>> moved = shift_images(one, rng=np.random.default_rng(0), out=np.empty_like(one))
    >>> moved.sum(axis=0)  # each of the nine shifts once
    array([[1, 1, 1],
           [1, 1, 1],
           [1, 1, 1]], dtype=uint64)
    """
    side = 2 * reach + 1
    bounds = np.linspace(0, len(images), side * side + 1).astype(int)
    out[:] = 0
    for place, start, end in zip(rng.permutation(side * side), bounds, bounds[1:], strict=False):
        down, right = place // side - reach, place % side - reach
        to_rows, from_rows = _overlap(int(down), images.shape[1])
        to_columns, from_columns = _overlap(int(right), images.shape[2])
        out[start:end, to_rows, to_columns] = images[start:end, from_rows, from_columns]
    return out


def _overlap(shift: int, length: int) -> tuple[slice, slice]:
    """Return where pixels go to and come from along one axis."""
    return (
        slice(max(0, shift), length + min(0, shift)),
        slice(max(0, -shift), length + min(0, -shift)),
    )
