"""How far the area under a ROC curve can be from the truth.

DeLong, DeLong and Clarke-Pearson (1988): the area is a mean over pairs, so its variance is
s₁²/m + s₀²/n, where s₁² is the variance over the m positives of the share of negatives that each
outscores, and s₀² that over the n negatives. Shares come from midranks in n log n steps. The limits
are set on the scale of log(A/(1 − A)), on which an area near 1 has a nearly normal error. The
bootstrap draws positives and negatives anew, each with replacement, and reads off quantiles.
Chapter: *Judging a classifier*, ``book/learning/judging.md``.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.stats import rankdata

from mlphys.learning.proportions import Interval, normal_quantile
from mlphys.learning.roc import two_sides

__all__ = ["bootstrap_area", "delong", "delong_difference"]


def delong(
    truth: np.ndarray, scores: np.ndarray, *, level: float = 0.95, log_odds: bool = True
) -> Interval:
    """Return DeLong's interval for the area under the ROC curve.

    Parameters
    ----------
    truth : ndarray of bool, shape (n,)
    scores : ndarray, shape (n,)
    level : float
    log_odds : bool
        Set the limits on log(A/(1 − A)), which keeps them inside 0 ... 1; False: A ± z σ.

    Raises
    ------
    ValueError
        As :func:`~mlphys.learning.roc.two_sides`; with fewer than two examples on a side; or
        where the spread is 0, as at A = 1: then the data put no limit on what is not seen.

    Examples
    --------
    >>> truth = np.arange(20) % 2 == 0
    >>> scores = np.arange(20) % 7 + truth
    >>> [round(x, 3) for x in delong(truth, scores)]
    [0.337, 0.595, 0.809]
    """
    z = normal_quantile(level)
    of_positives, of_negatives = _shares(truth, scores)
    estimate = float(of_positives.mean())
    sigma = math.sqrt(
        of_positives.var(ddof=1) / of_positives.size + of_negatives.var(ddof=1) / of_negatives.size
    )
    if sigma == 0:
        raise ValueError(
            f"delong: expected scores that overlap; got an area of {estimate} without spread, "
            "from which no interval follows. Collect more examples."
        )
    if not log_odds:
        return Interval(estimate - z * sigma, estimate, estimate + z * sigma)
    middle = math.log(estimate / (1 - estimate))
    half = z * sigma / (estimate * (1 - estimate))
    low, high = (1 / (1 + math.exp(-(middle + side * half))) for side in (-1, 1))
    return Interval(low, estimate, high)


def delong_difference(
    truth: np.ndarray, first: np.ndarray, second: np.ndarray, *, level: float = 0.95
) -> Interval:
    """Return the interval for the area of the second detector less that of the first.

    Both judge the same examples, so that their errors are correlated: an example that is hard for
    one is often hard for the other, and the difference is better known than either area.

    Raises
    ------
    ValueError
        As :func:`delong`, except that no spread (equal order) gives an interval of length 0.

    Examples
    --------
    >>> truth = np.arange(20) % 2 == 0
    >>> scores = np.arange(20) % 7 + truth
    >>> delong_difference(truth, scores, 2 * scores)
    Interval(low=0.0, estimate=0.0, high=0.0)
    """
    z = normal_quantile(level)
    one, two = _shares(truth, first), _shares(truth, second)
    steps = [b - a for a, b in zip(one, two, strict=True)]
    sigma = math.sqrt(sum(step.var(ddof=1) / step.size for step in steps))
    estimate = float(steps[0].mean())
    return Interval(estimate - z * sigma, estimate, estimate + z * sigma)


def bootstrap_area(
    truth: np.ndarray,
    scores: np.ndarray,
    *,
    rng: np.random.Generator,
    draws: int = 1000,
    level: float = 0.95,
) -> Interval:
    """Return the percentile interval of the area over resampled positives and negatives.

    Parameters
    ----------
    truth, scores : as for :func:`delong`
    rng : numpy.random.Generator
    draws : int
        At least 100.

    Raises
    ------
    ValueError
        As :func:`~mlphys.learning.roc.two_sides`, or with too few draws.

    Examples
    --------
    >>> truth = np.arange(20) % 2 == 0
    >>> scores = np.arange(20) % 7 + truth
    >>> low, estimate, high = bootstrap_area(truth, scores, rng=np.random.default_rng(0))
    >>> low < estimate < high
    True
    """
    if draws < 100:
        raise ValueError(f"bootstrap_area: expected at least 100 draws; got {draws}")
    normal_quantile(level)
    positives, negatives = (np.sort(side) for side in two_sides(truth, scores))
    m, n = positives.size, negatives.size
    # how many negatives each positive outscores, ties half: fixed, only the weights are redrawn
    below = np.searchsorted(negatives, positives, "left")
    upto = np.searchsorted(negatives, positives, "right")
    areas = np.empty(draws)
    for i in range(draws):
        weights = np.bincount(rng.integers(0, n, n), minlength=n)
        cumulated = np.concatenate([[0], np.cumsum(weights)])
        share = (cumulated[below] + cumulated[upto]) / (2 * n)
        areas[i] = share[rng.integers(0, m, m)].mean()
    low, high = np.quantile(areas, [(1 - level) / 2, (1 + level) / 2])
    estimate = (below + upto).mean() / (2 * n)
    return Interval(float(low), float(estimate), float(high))


def _shares(truth: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each positive, the share of negatives below it; for each negative, of positives
    above it; ties one half. Both have the area as their mean."""
    positives, negatives = two_sides(truth, scores)
    m, n = positives.size, negatives.size
    if min(m, n) < 2:
        raise ValueError(
            f"delong: expected at least two positives and two negatives; got {m} and {n}"
        )
    ranks = rankdata(np.concatenate([positives, negatives]))
    of_positives = (ranks[:m] - rankdata(positives)) / n
    of_negatives = 1 - (ranks[m:] - rankdata(negatives)) / m
    return of_positives, of_negatives
