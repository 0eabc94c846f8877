"""Random projections: fewer coordinates that keep the distances, without looking at the data.

A picture x of d pixels becomes y = x R of m numbers, where the entries of R are independent normal
numbers of variance 1/m. Then |y|²/|x|² is chi-squared with m degrees of freedom over m: mean 1,
standard deviation √(2/m), whatever d and x are. Johnson and Lindenstrauss (1984) turn this into a
bound for all pairs of n points at once. Chapter: *Neighbors*, ``book/learning/neighbors.md``.
"""

from __future__ import annotations

import math

import numpy as np

__all__ = ["dimensions_for", "make_projection", "project", "spread"]


def make_projection(pixels: int, dimensions: int, *, rng: np.random.Generator) -> np.ndarray:
    """Return a matrix R of shape (pixels, dimensions) with entries of variance 1/dimensions.

    Raises
    ------
    ValueError
        If either number is below 1.

    Examples
    --------
    >>> R = make_projection(784, 50, rng=np.random.default_rng(0))
    >>> R.shape, round(float(50 * R.var()), 1)
    ((784, 50), 1.0)
    """
    if pixels < 1 or dimensions < 1:
        raise ValueError(
            f"make_projection: expected at least 1 pixel and 1 dimension; got {pixels} and "
            f"{dimensions}"
        )
    return rng.normal(scale=dimensions**-0.5, size=(pixels, dimensions))


def project(images: np.ndarray, matrix: np.ndarray, *, block: int = 2048) -> np.ndarray:
    """Return the images of shape (n, ...) times the matrix, float64 of shape (n, dimensions).

    Parameters
    ----------
    images : ndarray, shape (n, ...)
    matrix : ndarray of float, shape (pixels, dimensions)
    block : int
        Images that are held as floats at one time.

    Raises
    ------
    ValueError
        If the images do not have as many pixels as the matrix has rows.

    Examples
    --------
    >>> project(np.array([[1, 2], [3, 4]], np.uint8), np.array([[1.0], [10.0]]))
    array([[21.],
           [43.]])
    """
    flat = images.reshape(len(images), -1)
    if flat.shape[1] != len(matrix):
        raise ValueError(
            f"project: expected images of {len(matrix)} pixels, the rows of the matrix; "
            f"got {flat.shape[1]}"
        )
    result = np.empty((len(flat), matrix.shape[1]))
    for i in range(0, len(flat), block):
        np.matmul(flat[i : i + block].astype(np.float64), matrix, out=result[i : i + block])
    return result


def spread(dimensions: int) -> float:
    """Return √(2/m), the relative standard deviation of a squared distance after projection.

    Examples
    --------
    >>> spread(50)
    0.2
    """
    return math.sqrt(2 / dimensions)


def dimensions_for(points: int, *, distortion: float) -> int:
    """Return how many dimensions keep all pairs of points within 1 ± distortion, at even odds.

    With fewer than 1/2 chance that any of the n(n−1)/2 squared distances is off by more:
    m ≥ (4 log n) / (ε²/2 − ε³/3), Dasgupta and Gupta (2003), theorem 2.1.

    Parameters
    ----------
    points : int
        At least 2.
    distortion : float
        ε between 0 and 1.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> dimensions_for(60_000, distortion=0.5)
    529
    """
    if points < 2 or not 0 < distortion < 1:
        raise ValueError(
            "dimensions_for: expected at least 2 points and a distortion between 0 and 1; "
            f"got {points} and {distortion}"
        )
    return math.ceil(4 * math.log(points) / (distortion**2 / 2 - distortion**3 / 3))
