"""Gaussian process: scipy's multivariate normal, sklearn, and the tape's gradient."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, WhiteKernel
from sklearn.gaussian_process.kernels import ConstantKernel as Constant

from mlphys.derivatives.tape import gradient
from mlphys.frameworks.gaussian_process import (
    covariance,
    evidence_gradient,
    fit_hyperparameters,
    negative_evidence,
    posterior,
)

THETA = np.log([0.9, 1.3, 0.3])


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    x = np.sort(rng.uniform(0, 6, 15))
    return x, np.sin(x) + 0.3 * rng.normal(size=15)


def peer():
    options: dict = {"alpha": 0.3**2, "optimizer": None}
    return GaussianProcessRegressor(Constant(1.3**2) * RBF(0.9), **options)


def test_posterior_is_that_of_sklearn(data):
    x, y = data
    new = np.linspace(-1, 8, 40)
    mean, deviation, *_ = peer().fit(x[:, None], y).predict(new[:, None], return_std=True)
    ours = posterior(x, y, new, THETA)
    assert ours.mean == pytest.approx(mean, abs=1e-9)
    assert ours.deviation == pytest.approx(deviation, abs=1e-6)


def test_posterior_is_the_conditional_of_a_joint_normal(data):
    x, y = data
    joint = covariance(np.append(x, 2.0), np.append(x, 2.0), *THETA[:2])
    joint[:15, :15] += 0.3**2 * np.eye(15)
    precision = np.linalg.inv(joint)  # its last row gives the conditional at once
    ours = posterior(x, y, np.array([2.0]), THETA)
    assert ours.deviation[0] ** 2 == pytest.approx(1 / precision[-1, -1])
    assert ours.mean[0] == pytest.approx(-precision[-1, :15] @ y / precision[-1, -1])


def test_evidence_is_a_normal_density(data):
    x, y = data
    a = covariance(x, x, *THETA[:2]) + 0.3**2 * np.eye(15)
    there = -multivariate_normal(np.zeros(15), a).logpdf(y)
    assert negative_evidence(THETA, x, y) == pytest.approx(there, rel=1e-10)


def test_gradient_by_tape_is_the_closed_form(data):
    by_tape = gradient(lambda theta: negative_evidence(theta, *data))(THETA)
    assert by_tape == pytest.approx(evidence_gradient(THETA, *data), rel=1e-9)


def test_fit_finds_what_sklearn_finds(data):
    x, y = data
    found = fit_hyperparameters(x, y, THETA)
    parts: Any = Constant(1.0), RBF(1.0), WhiteKernel(0.1)
    kernel = parts[0] * parts[1] + parts[2]
    other = GaussianProcessRegressor(kernel, n_restarts_optimizer=3, random_state=0)
    best = other.fit(x[:, None], y).log_marginal_likelihood_value_
    assert -negative_evidence(found, x, y) == pytest.approx(best, abs=1e-4)
    assert np.abs(evidence_gradient(found, x, y)).max() < 1e-4


def test_far_from_data_the_prior_comes_back(data):
    after = posterior(data[0], data[1], np.array([60.0]), THETA)
    assert after.mean[0] == pytest.approx(0, abs=1e-12)
    assert after.deviation[0] == pytest.approx(1.3)


def test_bad_input(data):
    with pytest.raises(ValueError, match=r"expected x and y of shape \(n,\)"):
        posterior(data[0], data[1][:3], data[0], THETA)
