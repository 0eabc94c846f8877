"""Gradients of the three nets, moments of the data, and what must and cannot be learned."""

import numpy as np
import pytest

from mlphys.derivatives.gradient_check import assert_gradient
from mlphys.derivatives.tape import gradient
from mlphys.learning.determinants import (
    determinants,
    fit,
    matrices,
    matrix_model,
    relative_error,
    relu_model,
    sigma_pi_model,
)

MODELS = [relu_model(9, width=6), sigma_pi_model(9, terms=4, factors=3), matrix_model(9, size=4)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_gradient(model):
    rng = np.random.default_rng(0)
    x, weights = matrices(7, 3, rng=rng), rng.normal(size=7)
    p = model.start(rng)
    assert p.shape == (model.count,)
    f = lambda p: np.sum(weights * model.predict(p, x))
    assert_gradient(f, gradient(f), p, rng=rng, rtol=1e-7)


@pytest.mark.parametrize(("size", "variance"), [(2, 2 / 9), (3, 6 / 27), (4, 24 / 81)])
def test_determinants_have_the_variance_of_the_closed_form(size, variance):
    y = determinants(matrices(100_000, size, rng=np.random.default_rng(size)))
    assert np.mean(y * y) == pytest.approx(variance, rel=0.05)


def test_products_learn_the_3x3_determinant_and_carry_it_outside():
    rng = np.random.default_rng(0)
    model, x = sigma_pi_model(9, terms=22, factors=3), matrices(600, 3, rng=rng)
    found = fit(model, x, determinants(x), rng=rng, iterations=400)
    fresh = matrices(500, 3, rng=rng)
    assert relative_error(model, found.parameters, fresh) < 0.02
    assert relative_error(model, found.parameters, 2 * fresh) < 0.02


def test_answering_zero_has_error_one():
    model = relu_model(9, width=3)
    x = matrices(50, 3, rng=np.random.default_rng(0))
    assert relative_error(model, np.zeros(model.count), x) == pytest.approx(1)


def test_messages():
    with pytest.raises(ValueError, match="entries"):
        determinants(np.ones((2, 5)))
    with pytest.raises(ValueError, match="count and a size"):
        matrices(0, 3, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="as many targets"):
        fit(MODELS[0], np.ones((2, 9)), np.ones(3), rng=np.random.default_rng(0))
