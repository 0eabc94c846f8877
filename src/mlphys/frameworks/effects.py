r"""A difference over several seeds, with an error bar, and what may be said about its sign.

Two ways to train are compared seed by seed, on the same data and from the same start. The mean of
the n differences has the standard error :math:`s/\sqrt n`; the 95 % interval of Student's t is
:math:`t_{0.975,\,n-1}` times as wide on either side (2.78 for five seeds, not 1.96). Only an
interval that leaves out 0 fixes the sign.

Chapter: ``book/frameworks/architecture.md``.

References
----------
Student, Biometrika 6 (1908) 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import t as student

__all__ = ["Effect", "paired_effect"]

FEWEST = 5  # seeds below which this course states no effect


class Effect(NamedTuple):
    """A mean difference and the half-width of its 95 % interval.

    Attributes
    ----------
    mean, error : float
        In the unit of the values compared.
    seeds : int
    """

    mean: float
    error: float
    seeds: int

    @property
    def sign(self) -> int:
        """1 or -1 where the interval leaves out 0, else 0."""
        return int(np.sign(self.mean)) if abs(self.mean) > self.error else 0

    def __str__(self) -> str:
        return f"{self.mean:+.2f} ± {self.error:.2f}"


def paired_effect(with_it: np.ndarray, without: np.ndarray) -> Effect:
    """Return the mean of the differences ``with_it - without`` with its 95 % error.

    Parameters
    ----------
    with_it, without : ndarray, shape (seeds,)
        What the same seed reached with and without the idea under test.

    Raises
    ------
    ValueError
        If these are no two vectors of one length, or shorter than five.

    Examples
    --------
    >>> found = paired_effect(np.array([3.0, 4.0, 5.0, 4.0, 4.0]), np.ones(5))
    >>> print(found, found.sign)
    +3.00 ± 0.88 1
    """
    a, b = np.asarray(with_it, float), np.asarray(without, float)
    if a.ndim != 1 or a.shape != b.shape or len(a) < FEWEST:
        raise ValueError(
            f"paired_effect: expected two vectors of {FEWEST} or more seeds; got shapes {a.shape} "
            f"and {b.shape}. Repeat the runs with more seeds"
        )
    d, n = a - b, len(a)
    error = student.ppf(0.975, n - 1) * d.std(ddof=1) / np.sqrt(n)
    return Effect(float(d.mean()), float(error), n)
