"""Intervals for a proportion against SciPy, their own definition, and the exact coverage."""

import numpy as np
import pytest
from scipy import stats

from mlphys.learning.proportions import normal_quantile, textbook, wilson


@pytest.mark.parametrize(("x", "n"), [(0, 10), (1, 7), (5, 10), (939, 1000), (1000, 1000)])
@pytest.mark.parametrize("level", [0.68, 0.95, 0.99])
def test_wilson_equals_scipy(x, n, level):
    low, estimate, high = wilson(x, n, level=level)
    peer = stats.binomtest(x, n).proportion_ci(level, method="wilson")
    assert (low, high) == pytest.approx((peer.low, peer.high), abs=1e-14)
    assert estimate == x / n


def test_limits_lie_z_deviations_from_the_estimate():
    low, p, high = wilson(17, 60, level=0.9)
    z = normal_quantile(0.9)
    for limit in (low, high):
        assert abs(p - limit) == pytest.approx(z * (limit * (1 - limit) / 60) ** 0.5)


def exact_coverage(interval, p, n):
    """Sum the probabilities of all outcomes whose interval holds p."""
    hold = [low <= p <= high for low, _, high in (interval(x, n) for x in range(n + 1))]
    return stats.binom(n, p).pmf(np.arange(n + 1))[hold].sum()


def test_coverage_of_wilson_and_of_the_textbook():
    ps = np.linspace(0.02, 0.98, 97)
    ours = [exact_coverage(wilson, p, 50) for p in ps]
    theirs = [exact_coverage(textbook, p, 50) for p in ps]
    assert np.mean(ours) == pytest.approx(0.95, abs=0.01)
    assert min(ours) > 0.88
    assert min(theirs) < 0.7
    assert np.mean(theirs) < np.mean(ours)


def test_wrong_arguments():
    for x, n in ((-1, 5), (6, 5), (0, 0)):
        with pytest.raises(ValueError, match="successes <= trials"):
            wilson(x, n)
    with pytest.raises(ValueError, match="level between 0 and 1"):
        textbook(1, 2, level=95.0)
