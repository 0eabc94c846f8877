"""Error bars against SciPy's paired test, and against worlds whose truth is known."""

import numpy as np
import pytest
from scipy import stats

from mlphys.frameworks.effects import Effect, paired_effect


def test_interval_is_that_of_scipy():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 7))
    found = paired_effect(a, b)
    theirs = stats.ttest_rel(a, b).confidence_interval(0.95)
    assert (found.mean - found.error, found.mean + found.error) == pytest.approx(tuple(theirs))
    assert found.seeds == 7


def test_no_effect_is_given_a_sign_in_one_world_of_twenty():
    rng = np.random.default_rng(1)
    signs = [paired_effect(*rng.normal(size=(2, 5))).sign for _ in range(2000)]
    assert np.mean(np.abs(signs)) == pytest.approx(0.05, abs=0.015)


def test_signs_and_messages():
    assert [Effect(m, 1.0, 5).sign for m in (2.0, -2.0, 0.5)] == [1, -1, 0]
    assert str(Effect(-1.234, 0.5, 5)) == "-1.23 ± 0.50"
    with pytest.raises(ValueError, match="5 or more seeds"):
        paired_effect(np.ones(4), np.zeros(4))
