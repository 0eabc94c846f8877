import mpmath
import numpy as np
import pytest

from mlphys.derivatives.complex_step import complex_step
from mlphys.derivatives.counting import count_operations
from mlphys.derivatives.dual import derivative, jacobian
from mlphys.derivatives.forward_mode import (
    EXAMPLES,
    chain_energy,
    chain_gradient,
    gradient_by_differences,
    gradient_costs,
    propagate,
)

EPS = np.finfo(float).eps
NAMES = [example.name for example in EXAMPLES]


def bessel(x):
    terms = ((-x * x / 4) ** k / mpmath.factorial(k) ** 2 for k in range(13))
    return mpmath.fsum(terms)


def iterated(x):
    for _ in range(8):
        x = mpmath.cos(x)
    return x


SLOW = {
    "x³": lambda x: x**3,
    "(1 − x)/(1 + x²)": lambda x: (1 - x) / (1 + x * x),
    "x^2.5": lambda x: x ** mpmath.mpf(2.5),
    "exp": mpmath.exp,
    "log": mpmath.log,
    "√x": mpmath.sqrt,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "arcsin": mpmath.asin,
    "arctan": mpmath.atan,
    "sinh": mpmath.sinh,
    "tanh": mpmath.tanh,
    "Gauss curve": lambda x: mpmath.exp(-x * x / 2),
    "exp/√(sin³ + cos³)": lambda x: (
        mpmath.exp(x) / mpmath.sqrt(mpmath.sin(x) ** 3 + mpmath.cos(x) ** 3)
    ),
    "Planck's law": lambda x: x**3 / mpmath.expm1(x),
    "Morse potential": lambda r: (1 - mpmath.exp(1 - r)) ** 2,
    "Lennard-Jones": lambda r: 4 * (r**-12 - r**-6),
    "Bessel series": bessel,
    "cos, 8 times": iterated,
}


def test_there_are_twenty_and_their_slopes_are_right_to_the_last_bit():
    assert len(EXAMPLES) == 20 and list(SLOW) == NAMES
    for example in EXAMPLES:
        with mpmath.workdps(60):
            want = float(mpmath.diff(SLOW[example.name], mpmath.mpf(example.x)))
        assert example.slope == want, example.name


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_imaginary_steps_over_292_decades_to_four_eps(example):
    _, f, x, slope = example
    for step in 10.0 ** -np.arange(8.0, 301):
        assert abs(complex_step(f, x, step=step) - slope) <= 4 * EPS * abs(slope), step


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_dual_numbers_equal_the_imaginary_step_and_the_truth_to_four_eps(example):
    _, f, x, slope = example
    assert abs(derivative(f, x) - complex_step(f, x)) <= 4 * EPS * abs(slope)
    assert abs(derivative(f, x) - slope) <= 4 * EPS * abs(slope)


def test_propagation_of_errors_by_the_textbook():
    period, length = 2.006, 1.0  # g = 4π² l / T²: relative variances add with 1 and 4
    sigma = np.array([0.002, 0.001])
    f = lambda x: 4 * np.pi**2 * x[0] / x[1] ** 2
    value, variance = propagate(f, [length, period], np.diag(sigma**2))
    relative = (sigma[0] / length) ** 2 + (2 * sigma[1] / period) ** 2
    assert value == pytest.approx(4 * np.pi**2 * length / period**2)
    assert np.sqrt(variance) / value == pytest.approx(np.sqrt(relative), rel=1e-14)


def test_propagation_of_correlated_errors_to_two_results():
    c = np.array([[0.04, -0.03], [-0.03, 0.09]])
    value, covariance = propagate(lambda x: [x[0] + x[1], x[0] - x[1]], [1.0, 2.0], c)
    np.testing.assert_allclose(value, [3, -1])
    np.testing.assert_allclose(covariance, [[0.07, -0.05], [-0.05, 0.19]])


def test_propagation_agrees_with_a_cloud_of_measurements():
    rng = np.random.default_rng(13)
    c = 1e-6 * np.array([[4.0, 1.0], [1.0, 2.0]])
    x = np.array([1.0, 2.0])
    cloud = rng.multivariate_normal(x, c, size=200_000)
    f = lambda x: np.exp(x[0]) * np.sin(x[1])
    _, variance = propagate(f, x, c)
    assert np.var(f(cloud.T)) == pytest.approx(variance, rel=0.02)


def test_propagation_names_what_it_wants():
    with pytest.raises(ValueError, match="Independent errors"):
        propagate(lambda x: x[0], [1.0, 2.0], [0.1, 0.2])
    with pytest.raises(ValueError, match="symmetric"):
        propagate(lambda x: x[0], [1.0, 2.0], [[1.0, 0.5], [0.0, 1.0]])


@pytest.mark.parametrize("n", [2, 3, 17])
def test_four_gradients_of_the_chain_agree(n):
    angles = np.random.default_rng(n).normal(size=n)
    energy, gradient = chain_gradient(angles)
    assert energy == chain_energy(angles)
    np.testing.assert_allclose(jacobian(chain_energy, angles), gradient, rtol=0, atol=1e-14)
    np.testing.assert_allclose(complex_step(chain_energy, angles), gradient, rtol=0, atol=1e-14)
    np.testing.assert_allclose(
        gradient_by_differences(chain_energy, angles), gradient, rtol=0, atol=1e-5
    )


def test_gradient_of_the_chain_by_hand():
    angles = np.array([0.3, -0.2, 1.0])
    want = np.sin(angles) + 2 * np.array([0.5, -0.5 - 1.2, 1.2])
    np.testing.assert_allclose(chain_gradient(angles)[1], want)


def test_costs_grow_with_the_number_of_parameters_except_backward():
    small, large = gradient_costs(10), gradient_costs(80)
    for method in ("differences", "imaginary steps", "forward"):
        assert large[method] / small[method] == pytest.approx(8, rel=0.2)
    assert small["reverse"] < large["reverse"] < 2
    assert large["differences"] == pytest.approx(81, rel=0.03)
    with pytest.raises(ValueError, match="n >= 2"):
        gradient_costs(1)


def test_operations_of_the_energy_by_formula():
    for n in (2, 9):
        _, tally = count_operations(chain_energy, np.zeros(n))
        assert tally == {
            "cos": n,
            "subtract": n + n - 1,
            "multiply": n - 1 + 1,
            "add": (n - 1) + (n - 2) + 1,
        }
