"""The angle between two directions, to a few units in the last digit at every angle.

The textbook forms lose digits: ``acos(a·b)`` near 0 and π, where the cosine is flat; ``asin`` near
π/2; and ``atan2(|a × b|, a·b)`` near 0 as well, where each component of the cross product is a
small difference of large products. The way out, after Dekker and Kahan, is to compute such a
difference together with the rounding error of its products; then the last form is good everywhere.

References
----------
.. [1] W. Kahan, "How futile are mindless assessments of roundoff in floating-point computation?"
   (2006), section 12.
.. [2] T. J. Dekker, "A floating-point technique for extending the available precision",
   Numerische Mathematik 18, 224 (1971).
"""

from typing import Any

import numpy as np

__all__ = ["angular_distance", "difference_of_products"]

SPLITTER = 2.0**27 + 1  # Dekker: halves of 26 bits, whose products are exact


def angular_distance(a: Any, b: Any) -> np.ndarray | float:
    """Return the angle between directions, in radians from 0 to π.

    Parameters
    ----------
    a, b : array_like, shape (..., 3)
        Vectors of any length but zero; the leading axes broadcast.

    Returns
    -------
    float or ndarray, shape (...)
        Relative error a few times 1e-16, for the vectors as they are given.

    Raises
    ------
    ValueError
        If a last axis is not 3 long, or a vector is zero, infinite or NaN.

    Examples
    --------
    >>> float(angular_distance([1, 0, 0], [0, 2, 0])) == np.pi / 2
    True
    >>> float(angular_distance([1, 0, 0], [1, 1e-12, 0]))
    1e-12
    """
    a, b = _scaled(a), _scaled(b)
    pairs = ((1, 2), (2, 0), (0, 1))
    cross = [difference_of_products(a[..., i], b[..., j], a[..., j], b[..., i]) for i, j in pairs]
    largest = np.max(np.abs(cross), axis=0)
    safe = np.where(largest > 0, largest, 1.0)  # squares of 1e-200 would be zero
    length = safe * np.sqrt(sum((c / safe) ** 2 for c in cross))
    return np.arctan2(length, np.sum(a * b, axis=-1))


def difference_of_products(a: Any, b: Any, c: Any, d: Any) -> Any:
    """Return ``a b − c d`` with a small *relative* error, even where the products nearly cancel.

    Each product is split into its rounded value and its exact rounding error.

    Parameters
    ----------
    a, b, c, d : float or ndarray of float64
        Numbers between about 1e-140 and 1e140 in absolute value, or zero.

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> x = 1 + 2.0**-30
    >>> x * x - 1 * (1 + 2.0**-29)
    0.0
    >>> difference_of_products(x, x, 1.0, 1 + 2.0**-29) == 2.0**-60
    True
    """
    left, left_error = _exact_product(a, b)
    right, right_error = _exact_product(c, d)
    return (left - right) + (left_error - right_error)


def _scaled(vectors: Any) -> np.ndarray:
    """Return the vectors times powers of 2 (exact), so that the largest component is about 1."""
    v = np.asarray(vectors, dtype=float)
    if v.ndim == 0 or v.shape[-1] != 3:
        raise ValueError(
            f"angular_distance: expected vectors with 3 components on the last axis, "
            f"got shape {v.shape}"
        )
    largest = abs(v).max(axis=-1, keepdims=True)
    if not np.all((largest > 0) & np.isfinite(largest)):
        raise ValueError(
            "angular_distance: expected finite vectors that are not zero, got a zero, infinite or "
            "NaN one; it has no direction"
        )
    return np.ldexp(v, -np.frexp(largest)[1])


def _exact_product(a: Any, b: Any) -> tuple[Any, Any]:
    """Return the rounded product and what rounding took away, after Dekker and Veltkamp."""
    product = a * b
    (a1, a2), (b1, b2) = _halves(a), _halves(b)
    return product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2


def _halves(x: Any) -> tuple[Any, Any]:
    """Return two numbers of 26 bits whose sum is x."""
    big = SPLITTER * x
    high = big - (big - x)
    return high, x - high
