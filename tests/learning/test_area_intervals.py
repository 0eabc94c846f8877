"""Intervals for an area: by definition, against the bootstrap, and by simulated coverage."""

import numpy as np
import pytest
from scipy import stats

from mlphys.learning.area_intervals import bootstrap_area, delong, delong_difference
from mlphys.learning.roc import rank_area

TRUTH = np.arange(120) < 40
NORMAL_AREA = float(stats.norm.cdf(1.8 / 2**0.5))


def draw_normal(rng):
    return rng.normal(size=120) + 1.8 * TRUTH


def draw_counts(rng):
    """Poisson scores: full of ties."""
    return rng.poisson(np.where(TRUTH, 4.0, 1.5)).astype(float)


def counts_area():
    n = np.arange(60)
    p, q = stats.poisson(4.0).pmf(n), stats.poisson(1.5).pmf(n)
    return float(p @ (np.cumsum(q) - q / 2))


def coverage(interval, draw, exact, repeats, seed):
    rng = np.random.default_rng(seed)
    held = 0
    for _ in range(repeats):
        low, _, high = interval(draw(rng))
        held += low <= exact <= high
    return held / repeats


@pytest.mark.parametrize(
    ("draw", "exact"), [(draw_normal, NORMAL_AREA), (draw_counts, counts_area())]
)
def test_coverage_of_delong(draw, exact):
    """2,000 repeats: a standard error of 0.005."""
    held = coverage(lambda s: delong(TRUTH, s), draw, exact, 2000, 0)
    assert 0.935 < held < 0.97


def test_coverage_of_the_bootstrap():
    rng = np.random.default_rng(7)
    held = coverage(
        lambda s: bootstrap_area(TRUTH, s, rng=rng, draws=300), draw_normal, NORMAL_AREA, 500, 1
    )
    assert 0.91 < held < 0.97


def test_coverage_of_a_difference_of_correlated_detectors():
    rng = np.random.default_rng(2)
    exact = float(stats.norm.cdf(1.5 / 2**0.5) - stats.norm.cdf(1.0 / 2**0.5))
    held, widths = 0, []
    for _ in range(1000):
        shared, own = rng.normal(size=(2, 120)), rng.normal(size=120)
        first = shared[0] + 1.0 * TRUTH
        second = 0.8 * shared[0] + 0.6 * own + 1.5 * TRUTH
        low, _, high = delong_difference(TRUTH, first, second)
        held += low <= exact <= high
        widths.append(high - low)
    assert 0.93 < held / 1000 < 0.97
    alone = delong(TRUTH, first, log_odds=False)
    assert np.mean(widths) < alone.high - alone.low


def test_variance_by_its_definition():
    rng = np.random.default_rng(3)
    scores = np.round(draw_normal(rng), 1)
    wins = scores[TRUTH][:, None] - scores[~TRUTH]
    wins = (wins > 0) + 0.5 * (wins == 0)
    variance = wins.mean(1).var(ddof=1) / 40 + wins.mean(0).var(ddof=1) / 80
    low, estimate, high = delong(TRUTH, scores, level=0.9, log_odds=False)
    assert estimate == pytest.approx(rank_area(TRUTH, scores), abs=1e-14)
    assert high - low == pytest.approx(2 * 1.6448536269514722 * variance**0.5, rel=1e-12)


def test_bootstrap_agrees_with_delong_and_with_plain_resampling():
    rng = np.random.default_rng(4)
    scores = np.round(draw_normal(rng), 1)
    ours = bootstrap_area(TRUTH, scores, rng=rng, draws=4000)
    plain = [
        rank_area(TRUTH, np.concatenate([rng.choice(scores[:40], 40), rng.choice(scores[40:], 80)]))
        for _ in range(2000)
    ]
    assert ours.estimate == pytest.approx(rank_area(TRUTH, scores), abs=1e-14)
    assert (ours.low, ours.high) == pytest.approx(np.quantile(plain, [0.025, 0.975]), abs=0.006)
    assert ours.low == pytest.approx(delong(TRUTH, scores).low, abs=0.02)


def test_wrong_arguments():
    with pytest.raises(ValueError, match="scores that overlap"):
        delong(TRUTH, TRUTH.astype(float))
    with pytest.raises(ValueError, match="two positives"):
        delong(np.arange(5) < 1, np.arange(5.0))
    with pytest.raises(ValueError, match="at least 100 draws"):
        bootstrap_area(TRUTH, TRUTH.astype(float), rng=np.random.default_rng(0), draws=10)
    with pytest.raises(ValueError, match="level between"):
        delong(TRUTH, np.arange(120.0) % 7, level=1.0)
