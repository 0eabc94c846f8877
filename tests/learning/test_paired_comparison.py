from math import comb

import numpy as np
import pytest

from mlphys.learning.paired_comparison import compare


@pytest.mark.parametrize("b, c", [(0, 5), (3, 9), (40, 22), (7, 7), (101, 22)])
def test_exact_tail_by_counting(b, c):
    first = np.array([True] * b + [False] * c + [True] * 50 + [False] * 8)
    second = np.array([False] * b + [True] * c + [True] * 50 + [False] * 8)
    found = compare(first, second)
    n, few = b + c, min(b, c)
    tail = 2 * sum(comb(n, k) for k in range(few + 1)) / 2**n
    assert (found.first_only, found.second_only) == (b, c)
    assert found.p_value == pytest.approx(min(1.0, tail), rel=1e-12)
    assert found.sigma == pytest.approx((b - c) / np.sqrt(n))
    assert compare(second, first) == (c, b, -found.sigma, found.p_value)


def test_no_difference_says_nothing():
    assert compare(np.ones(4, bool), np.ones(4, bool)) == (0, 0, 0.0, 1.0)


def test_false_alarms_are_as_rare_as_stated():
    rng = np.random.default_rng(0)
    alarms = 0
    for _ in range(400):
        easy = rng.random(300) < 0.8  # strongly correlated classifiers, equally good
        first, second = (easy ^ (rng.random(300) < 0.1) for _ in range(2))
        alarms += compare(first, second).p_value < 0.05
    assert alarms <= 400 * 0.05 + 2 * np.sqrt(400 * 0.05)


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="two boolean vectors of one length"):
        compare(np.ones(3, bool), np.ones(4, bool))
