"""The area by trapezoids, by ranks, by all pairs, and by others' programs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mlphys.learning.roc import area, rank_area, roc_curve


def by_pairs(truth, scores):
    a, b = scores[truth][:, None], scores[~truth]
    return ((a > b) + 0.5 * (a == b)).mean()


@given(st.integers(0, 10**6), st.integers(2, 300), st.integers(1, 12))
def test_trapezoid_equals_rank_statistic_with_ties(seed, n, levels):
    rng = np.random.default_rng(seed)
    truth = rng.random(n) < 0.3
    truth[:2] = True, False
    scores = rng.integers(0, levels, n) / 7
    trapezoid, ranks = area(roc_curve(truth, scores)), rank_area(truth, scores)
    assert abs(trapezoid - ranks) < 1e-12
    assert abs(ranks - by_pairs(truth, scores)) < 1e-12
    assert abs(rank_area(truth, -scores) - (1 - ranks)) < 1e-12


def test_large_sets_agree_to_1e_12():
    rng = np.random.default_rng(0)
    truth = rng.random(100_000) < 0.1
    scores = np.round(rng.normal(size=100_000) + truth, 2)
    ranks = rank_area(truth, scores)
    assert abs(area(roc_curve(truth, scores)) - ranks) < 1e-12
    u = stats.mannwhitneyu(scores[truth], scores[~truth]).statistic
    assert abs(u / truth.sum() / (~truth).sum() - ranks) < 1e-12


def test_normal_scores_have_the_area_of_the_closed_form():
    rng = np.random.default_rng(1)
    truth = np.arange(200_000) % 2 == 0
    scores = rng.normal(size=200_000) + 1.5 * truth
    assert rank_area(truth, scores) == pytest.approx(stats.norm.cdf(1.5 / 2**0.5), abs=0.003)


def test_curve_equals_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(2)
    truth = rng.random(500) < 0.2
    scores = rng.integers(0, 30, 500) + 5 * truth
    ours = roc_curve(truth, scores)
    peer = metrics.roc_curve(truth, scores, drop_intermediate=False)
    for mine, theirs in zip(ours, peer, strict=True):
        assert np.allclose(mine, theirs, rtol=0, atol=1e-15)
    assert area(ours) == pytest.approx(metrics.roc_auc_score(truth, scores), abs=1e-14)


def test_axes_are_rates_and_end_at_one_one():
    """Fractions of all examples, as in the notes, end at (share of negatives, of positives)."""
    rng = np.random.default_rng(3)
    truth = np.arange(1000) < 97
    scores = rng.normal(size=1000) + 3 * truth
    curve = roc_curve(truth, scores)
    assert (curve.false_alarm[0], curve.recall[0]) == (0, 0)
    assert (curve.false_alarm[-1], curve.recall[-1]) == (1, 1)
    said = scores >= curve.thresholds[40]
    assert curve.recall[40] == pytest.approx((truth & said).sum() / 97)
    assert curve.false_alarm[40] == pytest.approx((~truth & said).sum() / 903)
    assert area(curve) > 0.95
    fractions = np.trapezoid(curve.recall * 0.097, curve.false_alarm * 0.903)
    assert fractions == pytest.approx(area(curve) * 0.097 * 0.903)
    assert fractions < 0.0876


def test_monotone_change_of_scores_changes_nothing():
    rng = np.random.default_rng(4)
    truth, scores = rng.random(200) < 0.4, rng.normal(size=200)
    one, two = roc_curve(truth, scores), roc_curve(truth, np.exp(3 * scores))
    assert np.array_equal(one.recall, two.recall)
    assert np.array_equal(one.false_alarm, two.false_alarm)


@pytest.mark.parametrize(
    ("truth", "scores", "message"),
    [
        (np.array([1, 0]), np.array([1.0, 2.0]), "truth as booleans"),
        (np.array([True, False]), np.array([1.0]), "a score for each"),
        (np.array([True, False]), np.array([1.0, np.nan]), "1 times NaN"),
        (np.array([True, True]), np.array([1.0, 2.0]), "2 and 0"),
    ],
)
def test_wrong_arguments(truth, scores, message):
    with pytest.raises(ValueError, match=message):
        roc_curve(truth, scores)
