"""Each rule of a function of numbers against JAX, and its own derivative against differences."""

import operator

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mlphys.derivatives.elementwise_rules import ANALYTIC
from mlphys.derivatives.gradient_check import check_gradient
from mlphys.derivatives.primitives import RULES
from mlphys.derivatives.tape import gradient

RNG = np.random.default_rng(3)
REAL = RNG.uniform(-0.9, 0.9, size=(3, 4))
POSITIVE = abs(REAL) + 0.3
COMPLEX = REAL + 1j * RNG.uniform(0.1, 0.9, size=(3, 4))
ROW = RNG.uniform(0.2, 0.8, size=4)
ROOTS = {np.log, np.log2, np.log10, np.log1p, np.sqrt, np.cbrt}
ONE = [*ANALYTIC, np.absolute]
TWO = ["add", "subtract", "multiply", "divide", "power", "maximum", "minimum", "arctan2", "hypot"]
BINARY = [getattr(np, name) for name in [*TWO, "logaddexp"]]


@pytest.fixture(autouse=True)
def _double_precision():
    with jax.enable_x64(True):
        yield


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def where_defined(function):
    if function is np.arccosh:
        return POSITIVE + 1
    return POSITIVE if function in ROOTS else REAL


def weighted(function, m):
    return lambda *args: m.sum(m.cos(1.0 + m.arange(4.0)) * function(*args))


def agree(function, args, rtol=1e-13):
    """Compare with JAX the gradient by all arguments of a weighted sum."""
    places = tuple(range(len(args)))
    there = getattr(jnp, function.__name__)
    ours = gradient(weighted(function, np), places)(*args)
    theirs = jax.grad(weighted(there, jnp), places)(*args)
    for one, other in zip(ours, theirs, strict=True):
        assert one.shape == other.shape
        np.testing.assert_allclose(one, other, rtol=rtol, atol=rtol * abs(np.max(other)))


@pytest.mark.parametrize("function", ONE, ids=lambda f: f.__name__)
def test_functions_of_one_number_agree_with_jax(function):
    agree(function, [where_defined(function)])


@pytest.mark.parametrize("function", BINARY, ids=lambda f: f.__name__)
@pytest.mark.parametrize("right", [POSITIVE, ROW], ids=["same shape", "broadcast"])
def test_functions_of_two_numbers_agree_with_jax(function, right):
    agree(function, [POSITIVE + 0.1 * REAL, right])


@pytest.mark.parametrize("function", ANALYTIC, ids=lambda f: f.__name__)
def test_each_rule_can_be_taped_in_its_turn(function, rng):
    x = where_defined(function) * 1.01
    curve = lambda z: np.sum(gradient(weighted(function, np))(z) * np.sin(np.arange(4.0)))
    report = check_gradient(curve, gradient(curve), x, rng=rng, method="central", rtol=1e-6)
    assert report.ok, str(report)


SMOOTH = [f for f in BINARY if f not in (np.maximum, np.minimum)]


@pytest.mark.parametrize("function", SMOOTH, ids=lambda f: f.__name__)
def test_each_rule_for_two_numbers_can_be_taped_in_its_turn(function, rng):
    slopes = gradient(weighted(function, np), (0, 1))
    ways = np.sin(np.arange(4.0)), np.cos(np.arange(4.0))
    curve = lambda a, b: sum(np.sum(s * w) for s, w in zip(slopes(a, b), ways, strict=True))
    x = (POSITIVE + 0.1 * REAL, ROW)
    ours = gradient(curve, (0, 1))
    report = check_gradient(curve, ours, x, rng=rng, method="central", rtol=1e-6)
    assert report.ok, str(report)


HOLOMORPHIC = [f for f in ANALYTIC if f not in (np.cbrt, np.arccosh)]


@pytest.mark.parametrize("function", HOLOMORPHIC, ids=lambda f: f.__name__)
def test_analytic_functions_of_complex_numbers_are_the_conjugates_of_jax(function):
    there = getattr(jnp, function.__name__)
    ours = gradient(lambda z: np.sum(abs(function(z)) ** 2))(COMPLEX)
    theirs = jax.grad(lambda z: jnp.sum(abs(there(z)) ** 2))(COMPLEX)
    np.testing.assert_allclose(ours, np.conj(theirs), rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "f"),
    [
        ("abs", lambda m, z: m.sum(abs(z) * m.arange(4.0))),
        ("real", lambda m, z: m.sum(m.real(z) ** 3)),
        ("imag", lambda m, z: m.sum(m.imag(z) ** 3)),
        ("conj", lambda m, z: m.sum(m.real(m.conjugate(z) * z * z))),
        ("where", lambda m, z: m.sum(abs(m.where(m.real(z) > 0, z * z, 3 * z)) ** 2)),
        ("attributes", lambda m, z: m.sum(z.real * z.imag + (z.conj() ** 2).real)),
        ("division", lambda m, z: m.sum(abs((1 + 2j) / z - z / (3 + z)) ** 2)),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_functions_of_complex_numbers_are_the_conjugates_of_jax(name, f):
    ours, theirs = gradient(lambda z: f(np, z))(COMPLEX), jax.grad(lambda z: f(jnp, z))(COMPLEX)
    np.testing.assert_allclose(ours, np.conj(theirs), rtol=1e-12, err_msg=name)


def test_complex_sensitivity_is_the_direction_of_steepest_ascent():
    assert gradient(lambda z: abs(z) ** 2)(3 + 4j) == pytest.approx(6 + 8j)
    assert complex(jax.grad(lambda z: abs(z) ** 2)(3 + 4j)) == pytest.approx(6 - 8j)


def test_sensitivity_of_a_real_argument_stays_real():
    phase = lambda x: (np.exp(1j * x) * (2 + 3j)).real
    assert gradient(phase)(0.0) == pytest.approx(-3.0)
    assert isinstance(gradient(phase)(0.0), float)


def test_functions_with_kinks_have_second_derivative_zero():
    bent = lambda x: np.sum(abs(x) * 2 + np.maximum(x, ROW) - np.minimum(x, 0.1))
    slope = lambda x: np.sum(gradient(bent)(x) * np.arange(4.0))
    np.testing.assert_array_equal(gradient(slope)(REAL), 0.0)


def test_ties_share_and_kinks_give_zero():
    same = np.array([1.0, 2.0])
    left, right = gradient(lambda a, b: np.sum(np.maximum(a, b)), (0, 1))(same, same.copy())
    np.testing.assert_array_equal([left, right], 0.5)
    assert gradient(lambda x: abs(x))(0.0) == 0.0
    assert gradient(lambda z: abs(z))(0j) == 0


@pytest.mark.parametrize("exponent", [0, 1, 2, 3.0, -1])
def test_powers_of_zero_and_of_negative_numbers(exponent):
    x = np.array([-2.0, 0.5]) if exponent == -1 else np.array([-2.0, 0.0, 0.5])
    ours = gradient(lambda x: np.sum(x**exponent))(x)
    expected = exponent * x ** (exponent - 1.0) if exponent else np.zeros(3)
    np.testing.assert_allclose(ours, expected)


def test_every_rule_for_numbers_is_tested_here():
    here = {*ANALYTIC, *BINARY, np.absolute, np.conjugate, np.real, np.imag, np.where}
    operators = {operator.add, operator.sub, operator.mul, operator.truediv, operator.pow}
    operators |= {operator.neg, operator.matmul, operator.getitem}
    unknown = set(RULES) - here - operators
    elsewhere = {"mlphys.derivatives.array_rules", "mlphys.derivatives.primitives"}
    assert {f for f in unknown if f.__module__.startswith("mlphys.")} == {
        f for f in unknown if f.__module__ in elsewhere
    }


def test_powers_of_zero_with_an_array_of_exponents():
    exponents = np.array([0.0, 1.0, 2.0])
    ours = gradient(lambda x: np.sum(x**exponents))(np.zeros(3))
    np.testing.assert_array_equal(ours, [0.0, 1.0, 0.0])  # of 1, x and x²
    bent = gradient(lambda x: np.sum(gradient(lambda z: np.sum(z**exponents))(x)))(np.ones(3))
    np.testing.assert_array_equal(bent, [0.0, 0.0, 2.0])
