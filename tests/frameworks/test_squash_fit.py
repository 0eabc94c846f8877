"""Fits after training, against planted numbers, a difference quotient and the temperature."""

import numpy as np
import pytest
from scipy.optimize import minimize

from mlphys.derivatives.gradient_check import assert_gradient
from mlphys.frameworks.squash_fit import fit_squash, squash_loss
from mlphys.learning.calibration import fit_temperature
from mlphys.learning.losses import cross_entropy, softmax

CURVES = {"asinh": np.arcsinh, "arctan": np.arctan}


def draw(logits, rng):
    return np.array([rng.choice(len(p), p=p) for p in softmax(logits)])


@pytest.mark.parametrize("kind", sorted(CURVES))
def test_planted_numbers_come_back(kind):
    rng = np.random.default_rng(1)
    x = rng.normal(0, 4, (4000, 5))
    labels = draw(2.5 * CURVES[kind](0.8 * x), rng)
    fit = fit_squash(x, labels, kind)
    assert fit.a == pytest.approx(2.5, rel=0.12)
    assert fit.b == pytest.approx(0.8, rel=0.2)
    right = cross_entropy(2.5 * CURVES[kind](0.8 * x), labels).mean()
    assert fit.loss <= right


@pytest.mark.parametrize("kind", sorted(CURVES))
def test_gradient_is_that_of_differences(kind):
    rng = np.random.default_rng(2)
    x, labels, u = rng.normal(0, 3, (50, 4)), rng.integers(0, 4, 50), np.array([0.3, -0.7])
    assert_gradient(
        lambda v: squash_loss(v, x, labels, kind)[0], squash_loss(u, x, labels, kind)[1], u,
        rng=rng, method="central",
    )  # fmt: skip


@pytest.mark.parametrize("kind", sorted(CURVES))
def test_two_numbers_beat_one_and_scipy_finds_nothing_better(kind):
    rng = np.random.default_rng(3)
    x = rng.normal(0, 5, (800, 4))
    labels = draw(1.2 * np.arcsinh(x), rng)
    fit = fit_squash(x, labels, kind)
    assert fit.loss <= cross_entropy(x / fit_temperature(x, labels), labels).mean() + 1e-9
    theirs = minimize(
        lambda u: squash_loss(u, x, labels, kind)[0], [0.0, -1.0], method="Nelder-Mead"
    )
    assert fit.loss <= theirs.fun + 1e-7


def test_straight_logits_give_the_temperature():
    rng = np.random.default_rng(5)
    x = rng.normal(0, 3, (1500, 3))
    labels = draw(np.sinh(0.2 * x) / 0.2 / 2, rng)  # the opposite of a squash: b falls to 0
    fit = fit_squash(x, labels)
    temperature = fit_temperature(x, labels)
    assert 1 / (fit.a * fit.b) == pytest.approx(temperature, rel=1e-2)
    assert fit.loss == pytest.approx(cross_entropy(x / temperature, labels).mean(), abs=1e-5)


def test_unknown_kind_lists_the_known():
    with pytest.raises(ValueError, match="one of arctan, asinh; got 'tanh'"):
        fit_squash(np.zeros((2, 2)), np.array([0, 1]), "tanh")
    with pytest.raises(ValueError, match=r"logits of shape \(n, k\)"):
        fit_squash(np.zeros(2), np.array([0, 1]))
