import itertools
import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mlphys.derivatives.higher_derivatives import (
    hessian,
    hessian_vector_product,
    jacobian,
    nth_derivative,
)

X = np.random.default_rng(8).normal(size=5)


@pytest.fixture(autouse=True)
def _double_precision():
    with jax.enable_x64(True):
        yield


def rosenbrock(x):
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in itertools.pairwise(x))


def test_hessian_of_the_rosenbrock_function_has_its_closed_form():
    expected = np.zeros((5, 5))
    k = np.arange(4)
    expected[k, k] += 1200 * X[:-1] ** 2 - 400 * X[1:] + 2
    expected[k + 1, k + 1] += 200
    expected[k, k + 1] = expected[k + 1, k] = -400 * X[:-1]
    np.testing.assert_allclose(hessian(rosenbrock)(X), expected, rtol=1e-13, atol=1e-11)
    v = np.arange(5.0)
    np.testing.assert_allclose(hessian_vector_product(rosenbrock)(X, v), expected @ v, rtol=1e-12)


def test_jacobian_agrees_with_jax():
    f = lambda m: lambda x: m.outer(m.sin(x), m.exp(x))[:, 1:] * m.sum(x**2)
    np.testing.assert_allclose(jacobian(f(np))(X), jax.jacobian(f(jnp))(X), rtol=1e-12, atol=1e-13)


def test_jacobian_of_a_matrix_product_by_a_matrix():
    a = np.arange(4.0).reshape(2, 2)
    expected = np.einsum("ik,jl->ijkl", np.eye(2), a.T) + np.einsum("ik,jl->ijkl", a, np.eye(2))
    np.testing.assert_allclose(jacobian(lambda x: x @ x)(a), expected)


def test_jacobian_of_a_number_and_of_a_constant():
    np.testing.assert_allclose(jacobian(lambda x: np.sum(x**2))(X), 2 * X)
    np.testing.assert_array_equal(jacobian(lambda x: np.ones(2))(X), np.zeros((2, 5)))


def test_jacobian_refuses_complex_numbers():
    with pytest.raises(TypeError, match=r"real floating-point.*complex128"):
        jacobian(lambda z: z * z)(1j * X)


@pytest.mark.parametrize("n", range(7))
def test_derivatives_of_the_exponential_and_the_sine(n):
    assert nth_derivative(np.exp, n)(0.3) == pytest.approx(math.exp(0.3), rel=1e-13)
    expected = math.sin(0.3 + n * math.pi / 2)
    assert nth_derivative(np.sin, n)(0.3) == pytest.approx(expected, rel=1e-13)


def test_derivatives_of_arctan_have_their_series():
    """At 0 the derivatives of arctan are (-1)^k (2k)! for n = 2k + 1."""
    found = [nth_derivative(np.arctan, n)(0.0) for n in range(6)]
    assert found == pytest.approx([0, 1, 0, -2, 0, 24])
