"""When to stop: the rule with patience, and what it costs against knowing the future.

A curve of validation losses is watched while a net trains. The rule remembers the lowest value so
far and stops once that value has not been beaten for ``patience`` records; the weights of the best
record are kept.

Chapter: ``book/frameworks/architecture.md``.

References
----------
Prechelt, "Early stopping - but when?", Lecture Notes in Computer Science 1524 (1998) 55.
"""

from __future__ import annotations

import numpy as np

__all__ = ["kept", "stop_index"]


def stop_index(curve: np.ndarray, *, patience: int) -> int:
    """Return the index of the record whose weights the rule keeps.

    Parameters
    ----------
    curve : ndarray, shape (records,)
        Validation losses; lower is better.
    patience : int
        Records without a new lowest value after which training stops; 1 or more.

    Examples
    --------
    A lower value that comes too late is never seen:

    >>> curve = np.array([3.0, 2.0, 2.5, 2.4, 1.0])
    >>> stop_index(curve, patience=2), stop_index(curve, patience=3)
    (1, 4)
    """
    if curve.ndim != 1 or not len(curve) or patience < 1:
        raise ValueError(
            "stop_index: expected a curve of one record or more and patience of 1 or more; got "
            f"shape {curve.shape} and {patience}"
        )
    best = 0
    for k in range(1, len(curve)):
        if curve[k] < curve[best]:
            best = k
        elif k - best >= patience:
            break
    return best


def kept(curves: np.ndarray, values: np.ndarray, *, patience: int) -> np.ndarray:
    """Return for each seed the value at the record that the rule keeps, shape (seeds,).

    Parameters
    ----------
    curves, values : ndarray, shape (seeds, records)
        Validation losses to stop by, and what is to be read off.
    patience : int

    Examples
    --------
    >>> kept(np.array([[2.0, 1.0, 3.0]]), np.array([[70.0, 80.0, 90.0]]), patience=1)
    array([80.])
    """
    if curves.shape != values.shape or curves.ndim != 2:
        raise ValueError(
            f"kept: expected two arrays (seeds, records); got {curves.shape} and {values.shape}"
        )
    chosen = [stop_index(curve, patience=patience) for curve in curves]
    return values[np.arange(len(values)), chosen]
