import mpmath
import numpy as np
import pytest

from mlphys.derivatives.complex_step import NotAnalyticError
from mlphys.derivatives.differences import (
    EPSILON,
    best_central_step,
    best_forward_step,
    central_difference,
    central_error,
    forward_difference,
    forward_error,
    log_slope,
    measured_best_step,
    richardson,
    tensor_gradient,
)

cube = lambda x: x**3


def test_values_of_the_curriculum():
    assert forward_difference(cube, 1.0, 0.01) == pytest.approx(3.0301, abs=1e-12)
    assert f"{forward_difference(cube, 2.0, 1e-6):.9f}" == "12.000006002"
    assert f"{central_difference(cube, 2.0, 1e-5):.10f}" == "12.0000000002"


def test_steps_may_be_arrays():
    h = np.array([1e-2, 1e-3])
    np.testing.assert_allclose(forward_difference(cube, 2.0, h), 12 + 6 * h + h**2, rtol=1e-12)
    np.testing.assert_allclose(central_difference(cube, 2.0, h), 12 + h**2, rtol=1e-12)


@pytest.mark.parametrize(
    ("f", "x", "slope"),
    [(cube, 2.0, 12.0), (np.exp, 0.3, np.exp(0.3)), (np.sin, 1.2, np.cos(1.2))],
)
def test_error_curves_have_the_predicted_slopes_on_both_sides(f, x, slope):
    rng = np.random.default_rng(5)

    def fitted(rule, low, high):
        h = np.exp(rng.uniform(np.log(low), np.log(high), 6000))
        return log_slope(h, abs(rule(f, x, h) - slope))

    assert fitted(forward_difference, 1e-6, 1e-3) == pytest.approx(1, abs=0.1)
    assert fitted(forward_difference, 1e-13, 1e-10) == pytest.approx(-1, abs=0.1)
    assert fitted(central_difference, 1e-4, 1e-2) == pytest.approx(2, abs=0.1)
    assert fitted(central_difference, 1e-11, 1e-7) == pytest.approx(-1, abs=0.1)


@pytest.mark.parametrize("x", [0.1, 1.0, 2.0, np.pi])
def test_best_steps_of_the_model_are_those_of_the_measurement(x):
    """Within a factor of 4; the model bounds rounding errors, which are smaller on average."""
    rng, slope = np.random.default_rng(6), lambda x: 3 * x**2
    forward = best_forward_step(value=x**3, second=6 * x)
    step, error = measured_best_step(forward_difference, cube, slope, x, near=forward, rng=rng)
    assert 0.25 < step / forward < 4
    assert error < forward_error(forward, value=x**3, second=6 * x) / slope(x)
    central = best_central_step(value=x**3, third=6.0)
    step, error = measured_best_step(central_difference, cube, slope, x, near=central, rng=rng)
    assert 0.25 < step / central < 4
    assert error < central_error(central, value=x**3, third=6.0) / slope(x)


@pytest.mark.parametrize("x", [0.1, 1.0, 2.0, np.pi])
def test_the_model_is_a_bound_that_is_approached(x):
    rng = np.random.default_rng(9)
    places = x * (1 + 1e-3 * rng.uniform(-1, 1, 500))
    for h in np.geomspace(1e-12, 1e-2, 11):
        step = (x + h) - x  # a step that x can take exactly, as the model supposes
        h = step / 2 if step == 0 else step
        truth = 3 * places**2
        forward = abs(forward_difference(cube, places, h) - truth).max()
        central = abs(central_difference(cube, places, h) - truth).max()
        # the argument is rounded as well, which adds ε x f′ / h = 3 ε f / h at most
        assert forward < 3 * forward_error(h, value=1.01 * x**3, second=6.1 * x)
        assert central < 5 * central_error(h, value=1.01 * x**3, third=6.0)


def test_best_step_is_the_minimum_of_the_model():
    h = np.geomspace(1e-12, 1e-1, 200_001)
    forward = h[np.argmin(forward_error(h, value=8.0, second=12.0))]
    central = h[np.argmin(central_error(h, value=8.0, third=6.0))]
    assert best_forward_step(value=8.0, second=12.0) == pytest.approx(forward, rel=1e-3)
    assert best_central_step(value=8.0, third=6.0) == pytest.approx(central, rel=1e-3)


def test_a_lucky_step_is_exact():
    assert central_difference(cube, 1.0, 2.0**-26) == 3.0
    assert abs(central_difference(cube, 1.1, 2.0**-26) - 3 * 1.1**2) > 1e-10


def test_richardson_reaches_fourteen_digits():
    f = lambda x: np.exp(x) / np.sqrt(np.sin(x) ** 3 + np.cos(x) ** 3)
    with mpmath.workdps(30):
        slow = lambda x: mpmath.exp(x) / mpmath.sqrt(mpmath.sin(x) ** 3 + mpmath.cos(x) ** 3)
        want = float(mpmath.diff(slow, mpmath.mpf(1.5)))
    assert richardson(f, 1.5) == pytest.approx(want, rel=2e-13)
    assert richardson(cube, 1.0, levels=1) == pytest.approx(3.01)
    assert richardson(cube, 1.0, levels=2) == pytest.approx(3.0, abs=1e-13)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_derivative_of_matrix_squaring_at_the_identity(n):
    slopes = tensor_gradient(lambda a: a @ a, np.eye(n))
    want = 2 * np.einsum("ik,jl->ijkl", np.eye(n), np.eye(n))
    np.testing.assert_allclose(slopes, want, atol=1e-9)


def test_derivative_of_matrix_squaring_anywhere_real_and_complex():
    rng = np.random.default_rng(10)
    one = np.eye(3)
    for a in (rng.normal(size=(3, 3)), rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))):
        want = np.einsum("ik,lj->ijkl", one, a) + np.einsum("ik,jl->ijkl", a, one)
        slopes = tensor_gradient(lambda a: a @ a, a)
        assert slopes.dtype == a.dtype
        np.testing.assert_allclose(slopes, want, atol=1e-8)


def test_shape_is_that_of_f_then_that_of_x():
    f = lambda x: np.einsum("abc->ca", x**2)
    assert tensor_gradient(f, np.ones((2, 3, 4))).shape == (4, 2, 2, 3, 4)
    assert tensor_gradient(np.sum, np.ones((2, 3))).shape == (2, 3)
    assert tensor_gradient(lambda x: x * np.ones(5), 2.0).shape == (5,)
    assert tensor_gradient(lambda x: x, np.zeros((0, 2))).shape == (0, 2, 0, 2)


def test_a_real_argument_may_have_a_complex_result():
    slopes = tensor_gradient(lambda x: np.exp(1j * x), np.array([0.5]))
    np.testing.assert_allclose(slopes, [[1j * np.exp(0.5j)]], atol=1e-9)


def test_inputs_are_left_alone_and_views_are_allowed():
    x = np.arange(6.0)
    before = x.copy()
    np.testing.assert_allclose(
        tensor_gradient(lambda x: x[::-1], x), np.eye(6)[::-1], rtol=0, atol=1e-10
    )
    np.testing.assert_array_equal(x, before)


def test_a_function_that_is_not_holomorphic_is_refused():
    for f in (np.conj, np.abs, np.real):
        with pytest.raises(NotAnalyticError, match="component #0"):
            tensor_gradient(f, np.array([1.0 + 2.0j]))


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="other than zero"):
        forward_difference(cube, 1.0, 0.0)
    with pytest.raises(ValueError, match="other than zero"):
        tensor_gradient(cube, 1.0, step=np.nan)
    with pytest.raises(ValueError, match="levels >= 1"):
        richardson(cube, 1.0, levels=0)
    with pytest.raises(ValueError, match="no minimum"):
        best_forward_step(value=0.0, second=1.0)
    with pytest.raises(ValueError, match="in two bins"):
        log_slope([0.1], [1.0])


def test_epsilon_is_the_gap_above_one():
    assert EPSILON == np.nextafter(1.0, 2.0) - 1.0
