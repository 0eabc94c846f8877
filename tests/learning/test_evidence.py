"""Evidence against mpmath, exact fractions and special relativity."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logsumexp

from mlphys.language.values import combine_probabilities
from mlphys.learning import losses
from mlphys.learning.evidence import (
    add_velocities,
    log_sum_exp,
    logistic,
    logit,
    pool_opinions,
    rapidity,
    softmax,
)

DTYPES = (np.float32, np.float64)
PRECISION = 60


def grid(dtype):
    """Return logits in [-1e4, 1e4] of all sizes, rounded to a dtype."""
    rng = np.random.default_rng(4)
    sizes = np.concatenate([np.logspace(-30, 4, 400), rng.uniform(0, 40, 300), [0, 1e4]])
    return np.concatenate([sizes, -sizes]).astype(dtype)


def largest_error(found, exact, dtype):
    """Return the largest relative error in eps, over results that are normal numbers."""
    info = np.finfo(dtype)
    worst = 0.0
    for value, right in zip(found.ravel(), exact, strict=True):
        if abs(right) < float(info.tiny):
            assert abs(mpmath.mpf(float(value)) - right) <= float(info.tiny)
        else:
            worst = max(worst, float(abs(mpmath.mpf(float(value)) / right - 1)))
    return worst / float(info.eps)


@pytest.mark.parametrize("dtype", DTYPES)
def test_logistic_is_within_four_eps_of_mpmath(dtype):
    z = grid(dtype)
    p = logistic(z)
    assert p.dtype == dtype and np.isfinite(p).all()
    with mpmath.workdps(PRECISION):
        exact = [1 / (1 + mpmath.exp(-mpmath.mpf(float(value)))) for value in z]
        assert largest_error(p, exact, dtype) <= 4


@pytest.mark.parametrize("dtype", DTYPES)
def test_softmax_is_within_four_eps_of_mpmath(dtype):
    rng = np.random.default_rng(5)
    rows = [rng.normal(size=(60, 4)) * size for size in (1e-3, 1, 30, 300, 3000)]
    z = np.clip(np.concatenate(rows), -1e4, 1e4).astype(dtype)
    z[:4] = [[1e4, -1e4, 0, 1e4], [1e4] * 4, [-1e4] * 4, [1000, 1001, 999.5, 300]]
    p = softmax(z)
    assert p.dtype == dtype and np.isfinite(p).all()
    with mpmath.workdps(PRECISION):
        exact = []
        for row in z:
            weights = [mpmath.exp(mpmath.mpf(float(value)) - float(row.max())) for value in row]
            exact += [weight / mpmath.fsum(weights) for weight in weights]
        assert largest_error(p, exact, dtype) <= 4


@pytest.mark.parametrize("dtype", DTYPES)
def test_log_sum_exp_of_zero_and_z_is_within_four_eps_of_mpmath(dtype):
    z = grid(dtype)
    loss = log_sum_exp(np.stack([0 * z, z], axis=1))
    assert loss.dtype == dtype and np.isfinite(loss).all()
    with mpmath.workdps(PRECISION):
        exact = [mpmath.log1p(mpmath.exp(mpmath.mpf(float(value)))) for value in z]
        assert largest_error(loss, exact, dtype) <= 4


@pytest.mark.parametrize("dtype", DTYPES)
def test_logit_is_within_four_eps_of_mpmath(dtype):
    rng = np.random.default_rng(6)
    p = np.concatenate([rng.uniform(0, 1, 500), np.logspace(-37, -1, 200), 0.5 + rng.normal(
        size=100) * 1e-4, [0.25, 0.75, np.nextafter(1, 0, dtype=dtype)]]).astype(dtype)  # fmt: skip
    p = p[(p > 0) & (p < 1) & (p != 0.5)]
    with mpmath.workdps(PRECISION):
        exact = [mpmath.log(mpmath.mpf(float(q)) / (1 - mpmath.mpf(float(q)))) for q in p]
        assert largest_error(logit(p), exact, dtype) <= 4
    assert logit(dtype(0.5)) == 0


def test_naive_log_loss_breaks_where_the_page_says():
    """Fact 4 of the reference values: 36.74 and -709.8 in float64, 16.64 in float32."""

    def naive(z, y):
        with np.errstate(all="ignore"):
            p = 1 / (1 + np.exp(-z))
            return -(y * np.log(p) + (1 - y) * np.log(1 - p))

    one, zero = np.float64(1), np.float64(0)
    assert np.isfinite(naive(np.float64(36.73), zero)) and naive(np.float64(36.74), zero) == np.inf
    assert np.isnan(naive(np.float64(36.74), one)) and np.isinf(naive(np.float64(-709.8), one))
    assert naive(np.float32(16.64), np.float32(0)) == np.inf
    assert np.isfinite(naive(np.float32(16.63), np.float32(0)))
    for z in (36.74, -709.8, 1e4, -1e4):
        assert np.isfinite(log_sum_exp([0.0, z]))
    assert abs(0.5 * (1 + np.tanh(-15.0)) / logistic(-30.0) - 1) > 1e-4


@given(st.lists(st.fractions(Fraction(1, 50), Fraction(49, 50)), min_size=1, max_size=6))
def test_pooling_equals_exact_fractions(opinions):
    exact = combine_probabilities(*opinions)
    assert pool_opinions([float(p) for p in opinions]) == pytest.approx(float(exact), rel=1e-13)


@settings(max_examples=50)
@given(st.permutations([0.75] * 40 + [0.25] * 40))
def test_pooling_does_not_depend_on_the_order(opinions):
    assert pool_opinions(opinions) == pytest.approx(0.5, abs=1e-12)


def test_probabilities_saturate_where_evidence_does_not():
    """What the page shows: forty for, then forty against, one after the other."""
    assert combine_probabilities(*[0.75] * 40, *[0.25] * 40) == 1.0
    assert combine_probabilities(*[0.25] * 40, *[0.75] * 40) == pytest.approx(0.5, abs=1e-6)


@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_opinions_combine_like_velocities(p1, p2):
    together = combine_probabilities(p1, p2)
    assert 2 * together - 1 == pytest.approx(add_velocities(2 * p1 - 1, 2 * p2 - 1), abs=1e-12)
    assert rapidity(together) == pytest.approx(rapidity(p1) + rapidity(p2), abs=1e-9)
    assert np.tanh(rapidity(p1)) == pytest.approx(2 * p1 - 1, abs=1e-13)


@pytest.mark.parametrize("gamma", [0.25, -0.25])
def test_evidence_grows_only_for_positive_gamma(gamma):
    """A hint 1/2 + γ·dx for each dx: dP/dx = 4γP(1 - P), rising for γ > 0 alone."""
    dx, p = 1e-4, 0.5
    for _ in range(10_000):
        p = combine_probabilities(p, 0.5 + gamma * dx)
    assert p == pytest.approx(1 / (1 + np.exp(-4 * gamma)), abs=1e-7)
    assert (p > 0.5) == (gamma > 0)


def test_logistic_solves_its_equation():
    z, h = np.linspace(-8, 8, 33), 1e-5
    p = logistic(z)
    slope = (logistic(z + h) - logistic(z - h)) / (2 * h)
    assert np.allclose(slope, p * (1 - p), rtol=0, atol=1e-10)


def test_two_classes_are_the_logistic_function():
    z = grid(np.float64)
    assert np.array_equal(softmax(np.stack([z, 0 * z], axis=1))[:, 0], logistic(z))


def test_softmax_agrees_with_the_nets_and_scipy():
    z = np.random.default_rng(7).normal(size=(5, 6, 10)) * 5
    assert np.allclose(softmax(z[0]), losses.softmax(z[0]), rtol=1e-13)
    assert np.allclose(log_sum_exp(z, axis=1), logsumexp(z, axis=1), rtol=1e-13)
    assert np.allclose(softmax(z, axis=0).sum(axis=0), 1)


def test_excluded_classes_and_certain_opinions():
    assert softmax([0.0, -np.inf]).tolist() == [1, 0]
    assert log_sum_exp([-np.inf, -np.inf]) == -np.inf
    assert log_sum_exp([2.0, -np.inf]) == 2
    assert logistic(np.array([-np.inf, np.inf])).tolist() == [0, 1]
    assert pool_opinions([1.0, 0.3]) == 1 and pool_opinions([0.0, 0.3]) == 0
    assert pool_opinions([]) == 0.5
    assert pool_opinions([[0.75, 0.75], [0.5, 0.25]], axis=0).round(6).tolist() == [0.75, 0.5]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: logistic(np.nan), "without NaN"),
        (lambda: logistic("1"), "expected real numbers"),
        (lambda: logit(75.0), "division by 100"),
        (lambda: pool_opinions([0.0, 1.0]), "can all be right"),
        (lambda: softmax([-np.inf, -np.inf]), "at least one finite logit"),
        (lambda: softmax(1.0), "one or more logits"),
        (lambda: log_sum_exp([]), "one or more logits"),
        (lambda: log_sum_exp([np.inf]), "below infinity"),
        (lambda: add_velocities(2.0, 0.1), "speed of light"),
        (lambda: add_velocities(1.0, -1.0), "leave out one"),
    ],
)
def test_messages(call, message):
    with pytest.raises(ValueError, match=message):
        call()
