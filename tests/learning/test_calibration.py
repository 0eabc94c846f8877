"""Calibration against scikit-learn, SciPy's minimizer, and classifiers whose truth is known."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp
from sklearn.calibration import calibration_curve

from mlphys.learning.calibration import (
    chance_error,
    expected_calibration_error,
    fit_temperature,
    reliability,
)
from mlphys.learning.losses import softmax


def known_truth(n, seed, spread=2.0):
    rng = np.random.default_rng(seed)
    logits = spread * rng.standard_normal((n, 10))
    p = softmax(logits)
    labels = (p.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1)
    return logits, np.minimum(labels, 9)


def test_bins_equal_those_of_scikit_learn():
    rng = np.random.default_rng(1)
    confidence = rng.random(2000)
    right = rng.random(2000) < confidence**2
    diagram = reliability(confidence, right, bins=12)
    accuracy, mean = calibration_curve(right, confidence, n_bins=12)
    assert np.allclose(diagram.accuracy, accuracy)
    assert np.allclose(diagram.confidence, mean)
    assert diagram.count.sum() == 2000
    error = sum(
        abs(right[part].mean() - confidence[part].mean()) * part.sum() / 2000
        for low, high in zip(diagram.low, diagram.high, strict=True)
        for part in [(confidence > low) & (confidence <= high)]
    )
    assert expected_calibration_error(confidence, right, bins=12) == pytest.approx(error)


def test_edges_belong_to_bins():
    diagram = reliability([0.0, 0.5, 1.0], [0, 1, 1], bins=2)
    assert diagram.count.tolist() == [2, 1]


@pytest.mark.parametrize("temperature", [0.25, 1.0, 3.0, 40.0])
def test_temperature_of_scaled_truth_is_found(temperature):
    logits, labels = known_truth(20_000, 2)
    assert fit_temperature(temperature * logits, labels) == pytest.approx(temperature, rel=0.03)


def test_temperature_is_the_minimum_that_scipy_finds():
    logits, labels = known_truth(500, 3)
    z = 4.7 * logits

    def loss(log_t):
        scaled = z / np.exp(log_t)
        return (logsumexp(scaled, axis=1) - scaled[np.arange(500), labels]).mean()

    best = minimize_scalar(loss, bounds=(-3, 5), method="bounded", options={"xatol": 1e-10})
    found = fit_temperature(z, labels)
    assert found == pytest.approx(np.exp(best.x), rel=1e-5)
    assert loss(np.log(found)) <= best.fun + 1e-13


def test_truth_is_calibrated_up_to_chance_and_overconfidence_is_not():
    logits, labels = known_truth(5000, 4)
    for factor, calibrated in ((1.0, True), (2.0, False)):
        p = softmax(factor * logits)
        error = expected_calibration_error(p.max(axis=1), p.argmax(axis=1) == labels)
        chance = chance_error(p.max(axis=1), rng=np.random.default_rng(0))
        assert (error < np.quantile(chance, 0.99)) == calibrated


def test_chance_error_shrinks_like_one_over_root_n():
    rng = np.random.default_rng(5)
    for n in (100, 10_000):
        errors = chance_error(np.full(n, 0.3), rng=rng, draws=2000)
        exact = np.sqrt(2 / np.pi) * np.sqrt(0.3 * 0.7 / n)
        assert errors.mean() == pytest.approx(exact, rel=0.05)


def test_wrong_arguments_raise():
    with pytest.raises(ValueError, match="one shape"):
        reliability([0.5], [1, 0])
    with pytest.raises(ValueError, match="not logits"):
        reliability([1.5], [1])
    with pytest.raises(ValueError, match="T = 0"):
        fit_temperature(np.array([[2.0, 0.0]]), np.array([0]))
    with pytest.raises(ValueError, match="guessing"):
        fit_temperature(np.array([[2.0, 0.0]]), np.array([1]))
