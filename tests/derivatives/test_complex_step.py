import mpmath
import numpy as np
import pytest

from mlphys.derivatives.complex_step import NotAnalyticError, check_complex_step, complex_step

EPS = np.finfo(float).eps

# name -> (function, the same for mpmath, point)
TWENTY = {
    "cube": (lambda x: x**3, lambda x: x**3, 2.0),
    "quotient": (lambda x: (1 - x) / (1 + x * x), lambda x: (1 - x) / (1 + x * x), 0.7),
    "quintic": (lambda x: ((x + 2) * x**3 - 1) * x, lambda x: ((x + 2) * x**3 - 1) * x, 1.3),
    "power": (lambda x: x**2.5, lambda x: x ** mpmath.mpf(2.5), 1.7),
    "exp": (np.exp, mpmath.exp, 1.5),
    "log": (np.log, mpmath.log, 2.5),
    "sqrt": (np.sqrt, mpmath.sqrt, 3.0),
    "sin": (np.sin, mpmath.sin, 1.2),
    "cos": (np.cos, mpmath.cos, 0.8),
    "tan": (np.tan, mpmath.tan, 1.1),
    "arcsin": (np.arcsin, mpmath.asin, 0.6),
    "arccos": (np.arccos, mpmath.acos, 0.3),
    "arctan": (np.arctan, mpmath.atan, 1.5),
    "sinh": (np.sinh, mpmath.sinh, 0.9),
    "cosh": (np.cosh, mpmath.cosh, 1.4),
    "tanh": (np.tanh, mpmath.tanh, 0.4),
    "arcsinh": (np.arcsinh, mpmath.asinh, 1.6),
    "gauss": (lambda x: np.exp(-x * x / 2), lambda x: mpmath.exp(-x * x / 2), 1.25),
    "martins": (
        lambda x: np.exp(x) / np.sqrt(np.sin(x) ** 3 + np.cos(x) ** 3),
        lambda x: mpmath.exp(x) / mpmath.sqrt(mpmath.sin(x) ** 3 + mpmath.cos(x) ** 3),
        1.5,
    ),
    "planck": (lambda x: x**3 / np.expm1(x), lambda x: x**3 / mpmath.expm1(x), 2.0),
}


def exact(f, x):
    with mpmath.workdps(50):
        return mpmath.diff(f, mpmath.mpf(x))


@pytest.mark.parametrize("name", TWENTY)
def test_twenty_functions_to_four_eps_for_steps_over_292_decades(name):
    f, slow, x = TWENTY[name]
    want = exact(slow, x)
    for step in 10.0 ** -np.arange(8, 301, 4):
        got = complex_step(f, x, step=step)
        assert abs(got - want) <= 4 * EPS * abs(want), (name, step)


def test_there_are_twenty():
    assert len(TWENTY) == 20


def test_published_value_of_the_usual_example():
    f, _, x = TWENTY["martins"]  # Martins, Sturdza and Alonso (2003)
    assert abs(complex_step(f, x) - 4.05342789389862066) <= 2 * EPS * 4.05


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


@pytest.mark.parametrize("name", TWENTY)
def test_the_check_accepts_the_twenty(name):
    f, _, x = TWENTY[name]
    assert check_complex_step(f, x) < 1e-8


@pytest.mark.parametrize("name", TWENTY)
def test_the_check_catches_a_conjugate_that_spoils_a_thousandth(name):
    f, _, x = TWENTY[name]
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
