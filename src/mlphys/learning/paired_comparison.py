r"""Two classifiers on the same examples: only those on which they differ say which is better.

If classifier A alone is right on b examples and B alone on c, and both were equally good, each of
the b + c would be a fair coin. McNemar's test asks how far b is from half of them. It needs neither
how many examples both got right nor how many both got wrong.

Chapter: ``book/learning/digit_detector.md``.

References
----------
McNemar, Psychometrika 12 (1947) 153.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import binomtest

__all__ = ["Comparison", "compare"]


class Comparison(NamedTuple):
    """What the examples say on which two classifiers differ.

    Attributes
    ----------
    first_only, second_only : int
        How often one alone was right.
    sigma : float
        Their difference in standard deviations of fair coins; positive if the first is better.
    p_value : float
        Probability of a split at least as uneven, in either direction, by fair coins (exact).
    """

    first_only: int
    second_only: int
    sigma: float
    p_value: float


def compare(first_right: np.ndarray, second_right: np.ndarray) -> Comparison:
    """Return McNemar's exact comparison of two classifiers.

    Parameters
    ----------
    first_right, second_right : ndarray of bool, shape (n,)
        Which of the same n examples each classifier named rightly.

    Raises
    ------
    ValueError
        If these are no boolean vectors of one length.

    Examples
    --------
    >>> first, second = np.ones(10, bool), np.arange(10) < 4
    >>> found = compare(first, second)
    >>> found.first_only, found.second_only, round(found.sigma, 3), found.p_value
    (6, 0, 2.449, 0.03125)
    """
    shapes = first_right.shape, second_right.shape
    if shapes[0] != shapes[1] or len(shapes[0]) != 1 or first_right.dtype != bool:
        raise ValueError(
            f"compare: expected two boolean vectors of one length; got shapes {shapes[0]} and "
            f"{shapes[1]}, {first_right.dtype}. Compare answers with labels first"
        )
    b = int(np.sum(first_right & ~second_right))
    c = int(np.sum(second_right & ~first_right))
    if b + c == 0:
        return Comparison(0, 0, 0.0, 1.0)
    exact = float(binomtest(b, b + c).pvalue)
    return Comparison(b, c, (b - c) / float(np.sqrt(b + c)), exact)
