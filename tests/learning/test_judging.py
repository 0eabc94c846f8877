"""Counts and rates against plain loops, scikit-learn, and the definitions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlphys.learning.judging import Confusion, confusion, confusion_matrix, judge


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_counts_are_those_of_a_loop(pairs):
    truth, said = (np.array(side) for side in zip(*pairs, strict=True))
    expected = [pairs.count(pair) for pair in
                ((True, True), (False, True), (True, False), (False, False))]  # fmt: skip
    assert confusion(truth, said) == Confusion(*expected)


def test_rates_equal_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    truth, said = rng.random(300) < 0.1, rng.random(300) < 0.2
    rates = judge(confusion(truth, said))
    assert rates.accuracy == pytest.approx(metrics.accuracy_score(truth, said))
    assert rates.recall == pytest.approx(metrics.recall_score(truth, said))
    assert rates.precision == pytest.approx(metrics.precision_score(truth, said))
    assert rates.f1 == pytest.approx(metrics.f1_score(truth, said))
    assert rates.false_alarm == pytest.approx(1 - metrics.recall_score(~truth, ~said))


def test_precision_divides_by_the_called_and_recall_by_the_true():
    """The notes define precision in words as recall is."""
    rates = judge(Confusion(tp=6, fp=3, fn=4, tn=87))
    assert rates.precision == 6 / 9
    assert rates.recall == 6 / 10
    assert rates.f1 == pytest.approx(2 / (9 / 6 + 10 / 6))


def test_undefined_rates_are_nan():
    silent = judge(Confusion(tp=0, fp=0, fn=3, tn=7))
    assert math.isnan(silent.precision)
    assert silent.recall == silent.f1 == 0
    assert math.isnan(judge(Confusion(tp=0, fp=1, fn=0, tn=7)).recall)


def test_matrix_equals_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(1)
    truth, said = rng.integers(0, 5, (2, 200)).astype(np.uint8)
    ours = confusion_matrix(truth, said, classes=5)
    assert np.array_equal(ours, metrics.confusion_matrix(truth, said, labels=range(5)))
    assert ours.sum() == 200


def test_wrong_arguments():
    yes = np.array([True, False])
    with pytest.raises(ValueError, match="booleans"):
        confusion(yes, np.array([1, 0]))
    with pytest.raises(ValueError, match="as many answers"):
        confusion(yes, np.array([True]))
    with pytest.raises(ValueError, match="not all 0"):
        judge(Confusion(0, 0, 0, 0))
    with pytest.raises(ValueError, match=r"classes in 0 \.\.\. 1"):
        confusion_matrix(np.array([0, 2]), np.array([0, 1]), classes=2)
    with pytest.raises(ValueError, match="as many answers"):
        confusion_matrix(np.array([0]), np.array([0, 1]))
