import numpy as np
import pytest

from mlphys.derivatives.complex_step import NotAnalyticError, check_complex_step, complex_step
from mlphys.derivatives.forward_mode import EXAMPLES

EPS = np.finfo(float).eps


def test_published_value_of_the_usual_example():
    f = lambda x: np.exp(x) / np.sqrt(np.sin(x) ** 3 + np.cos(x) ** 3)
    assert abs(complex_step(f, 1.5) - 4.05342789389862066) <= 2 * EPS * 4.05


def test_partial_derivatives_have_the_shape_of_f_then_x():
    rng = np.random.default_rng(7)
    matrix, x = rng.normal(size=(3, 4)), rng.normal(size=(4, 2))
    slopes = complex_step(lambda x: np.sin(matrix @ x), x)
    want = np.einsum("ab,ak,bl->abkl", np.cos(matrix @ x), matrix, np.eye(2))
    assert slopes.shape == (3, 2, 4, 2)
    np.testing.assert_allclose(slopes, want, rtol=4 * EPS, atol=4 * EPS)


def test_direction_gives_the_product_of_gradient_and_direction():
    rng = np.random.default_rng(8)
    x, d = rng.normal(size=(2, 5))
    got = complex_step(lambda x: np.sum(x**4), x, d)
    assert isinstance(got, float)
    assert got == pytest.approx(np.sum(4 * x**3 * d), rel=1e-14)


def test_an_integer_argument_is_a_real_number():
    assert complex_step(lambda x: x * x, 3) == 6.0


@pytest.mark.parametrize(
    "f", [abs, np.linalg.norm, lambda x: x.real**2, lambda x: np.abs(x).sum(), lambda x: 7.0]
)
def test_a_real_result_is_refused(f):
    with pytest.raises(TypeError, match="expected a complex result"):
        complex_step(f, 2.0 if f is abs else [2.0, -1.0], None)


def test_a_comparison_of_a_single_number_raises():
    with pytest.raises(TypeError, match="not supported between"):
        complex_step(lambda x: x if x > 0 else -x, 2.0)


def test_vdot_loses_the_derivative_and_only_the_check_sees_it():
    f = lambda x: np.vdot(x, x)
    x = np.array([1.0, 2.0])
    np.testing.assert_array_equal(complex_step(f, x), [0, 0])  # right is (2, 4)
    with pytest.raises(NotAnalyticError, match=r"direction #0 a real nudge gives .* 2, an imag"):
        check_complex_step(f, x)


def test_sign_of_a_complex_number_doubles_the_slope_of_the_modulus():
    f = lambda x: np.sum(x * np.sign(x))
    np.testing.assert_allclose(complex_step(f, [3.0, -2.0]), [2, -2])  # right is (1, -1)
    with pytest.raises(NotAnalyticError, match="look for abs, conj"):
        check_complex_step(f, [3.0, -2.0])


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_the_check_accepts_the_twenty(example):
    _, f, x, _ = example
    assert check_complex_step(f, x) < 1e-8


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_the_check_catches_a_conjugate_that_spoils_a_thousandth(example):
    _, f, x, _ = example
    spoiled = lambda x: f(x) + 1e-3 * np.conj(f(x))
    with pytest.raises(NotAnalyticError):
        check_complex_step(spoiled, x)


def test_bad_arguments_are_named():
    f = lambda x: x * x
    with pytest.raises(TypeError, match="real numbers for x"):
        complex_step(f, 1j)
    with pytest.raises(ValueError, match="positive, finite step"):
        complex_step(f, 1.0, step=0.0)
    with pytest.raises(ValueError, match=r"x's shape \(2,\); got \(3,\)"):
        complex_step(f, [1.0, 2.0], [1.0, 0.0, 0.0])
    with pytest.raises(ValueError, match="positive, finite step"):
        check_complex_step(f, 1.0, step=-1.0)
