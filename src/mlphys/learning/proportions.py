"""How far a measured share can be from the truth: intervals for a proportion.

x of n independent trials succeed, each with the unknown probability p. Wilson's interval holds all
p for which x/n lies within z standard deviations √(p(1 − p)/n) of p: the deviation is that of the
p on trial, where the textbook's x/n ± z √(x(n − x)/n³) takes that of the estimate and is empty of
doubt at x = 0. Chapter: *Judging a classifier*, ``book/learning/judging.md``. References: Wilson
(1927); Brown, Cai and DasGupta (2001), equations 1 and 4.
"""

from __future__ import annotations

from typing import NamedTuple

from scipy.special import ndtri

__all__ = ["Interval", "normal_quantile", "textbook", "wilson"]


class Interval(NamedTuple):
    """An estimate between its limits.

    Attributes
    ----------
    low, estimate, high : float
    """

    low: float
    estimate: float
    high: float


def normal_quantile(level: float) -> float:
    """Return z, so that a normal number lies within ± z standard deviations at that level.

    Raises
    ------
    ValueError
        If the level is not between 0 and 1.

    Examples
    --------
    >>> round(normal_quantile(0.95), 6)
    1.959964
    """
    if not 0 < level < 1:
        raise ValueError(f"expected a level between 0 and 1, such as 0.95; got {level}")
    return float(ndtri((1 + level) / 2))


def wilson(successes: int, trials: int, *, level: float = 0.95) -> Interval:
    """Return Wilson's interval for a probability.

    Parameters
    ----------
    successes, trials : int
        0 ≤ successes ≤ trials, trials at least 1.
    level : float
        Share of such intervals that should hold the truth.

    Raises
    ------
    ValueError
        If the counts or the level are impossible.

    Examples
    --------
    >>> low, estimate, high = wilson(0, 10)
    >>> round(low, 3), estimate, round(high, 3)
    (0.0, 0.0, 0.278)
    """
    p, z = _share(successes, trials), normal_quantile(level)
    shrink = 1 + z * z / trials
    center = (p + z * z / (2 * trials)) / shrink
    half = z / shrink * (p * (1 - p) / trials + z * z / (4 * trials**2)) ** 0.5
    low = 0.0 if successes == 0 else center - half  # not a rounding error beside 0 or 1
    high = 1.0 if successes == trials else center + half
    return Interval(low, p, high)


def textbook(successes: int, trials: int, *, level: float = 0.95) -> Interval:
    """Return p ± z √(p(1 − p)/n), which fails for few trials and for p near 0 or 1.

    Arguments and errors are those of :func:`wilson`; the limits may leave 0 ... 1.

    Examples
    --------
    >>> textbook(0, 10)
    Interval(low=0.0, estimate=0.0, high=0.0)
    """
    p, z = _share(successes, trials), normal_quantile(level)
    half = z * (p * (1 - p) / trials) ** 0.5
    return Interval(p - half, p, p + half)


def _share(successes: int, trials: int) -> float:
    if trials < 1 or not 0 <= successes <= trials:
        raise ValueError(
            f"expected 0 <= successes <= trials and at least 1 trial; got {successes} of {trials}"
        )
    return successes / trials
