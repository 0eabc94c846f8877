import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mlphys.derivatives.complex_step import complex_step
from mlphys.derivatives.counting import count_operations
from mlphys.derivatives.differences import tensor_gradient
from mlphys.derivatives.dual import Dual, derivative, jacobian, jvp, variables
from mlphys.derivatives.dual_rules import REAL_ONLY, UNARY

EPS = np.finfo(float).eps


def test_the_rule_that_defines_them():
    epsilon = Dual(0.0, 1.0)
    square = epsilon * epsilon
    assert (square.value, square.slopes) == (0, 0)
    z = Dual(2.0, 1.0) ** 3
    assert (z.value, z.slopes) == (8, 12)


@pytest.mark.parametrize(
    "ufunc", [u for u in UNARY if u not in REAL_ONLY], ids=lambda u: u.__name__
)
def test_equal_to_complex_step_for_every_ufunc_of_one_argument(ufunc):
    x = 1.3 if ufunc is np.arccosh else 0.37
    assert derivative(ufunc, x) == pytest.approx(complex_step(ufunc, x), rel=4 * EPS, abs=0)


def long_formula(x, xp=np):
    a, b, c = x[0], x[1], x[2]
    u = xp.exp(-a * a) / (1 + b**2) - 3 / c
    v = xp.arctan2(u, xp.hypot(a, c)) + 2**b + xp.maximum(a, c) ** b
    return u * v - xp.sqrt(xp.abs(u)) + xp.log(c) * +a


def test_equal_to_jax_jvp_and_to_the_jacobian():
    rng = np.random.default_rng(11)
    x, d = rng.uniform(0.5, 2, size=(2, 3))
    with jax.enable_x64(True):
        value, slope = jax.jvp(lambda x: long_formula(x, jnp), (jnp.array(x),), (jnp.array(d),))
    assert jvp(long_formula, x, d) == pytest.approx(float(slope), rel=1e-13)
    assert jacobian(long_formula, x) @ d == pytest.approx(float(slope), rel=1e-13)
    assert long_formula(variables(x)).value == pytest.approx(float(value), rel=1e-14)


@pytest.mark.parametrize(
    ("f", "shape"),
    [
        (lambda x: x @ x, (3, 3)),
        (lambda x: x.T @ x, (2, 3)),
        (lambda x: x @ np.arange(3.0), (2, 3)),
        (lambda x: np.arange(2.0) @ x, (2, 3)),
        (lambda x: x @ x[::-1], (4,)),
        (lambda x: np.ones((2, 4)) @ x, (4,)),
        (lambda x: x.sum(axis=0) * x[:, :1], (3, 4)),
        (lambda x: np.sum(x, axis=(0, 2)), (2, 3, 4)),
        (lambda x: np.add.reduce(x) - np.sin(x[0]), (2, 3)),
        (lambda x: x.reshape(3, 2) / (1 + x.reshape(6)[-1] ** 2), (2, 3)),
        (lambda x: [x[0], 5.0, (x[1] * x[2])], (3,)),
        (lambda x: sum(x) * np.ones((2, 1)) * np.ones(3), (3,)),
        (lambda x: x[:, None] - x[None, :], (4,)),
        (lambda x: 7.0, (2,)),
    ],
)
def test_jacobian_equals_central_differences(f, shape):
    x = np.random.default_rng(12).uniform(0.5, 1.5, size=shape)

    def plain(x):
        result = f(x)
        return np.stack(result) if isinstance(result, list) else np.asarray(result)

    slopes = jacobian(f, x)
    assert slopes.shape == plain(x).shape + shape
    np.testing.assert_allclose(slopes, tensor_gradient(plain, x), atol=2e-9)


def test_arrays_on_the_left_and_comparisons():
    x = variables([1.0, 2.0])
    y = np.array([10.0, 20.0]) * x + np.float64(1)
    np.testing.assert_array_equal(y.slopes, [[10, 0], [0, 20]])
    np.testing.assert_array_equal(x > 1.5, [False, True])
    assert x.ndim == 1 and len(x) == 2 and x.shape == (2,)
    total = x[0] if x[0] < x[1] else x[1]
    total += 3 * x[1]
    total -= 1
    total *= 2
    total /= 4
    np.testing.assert_array_equal(total.slopes, [0.5, 1.5])
    np.testing.assert_array_equal(x.value, [1, 2])  # the numbers themselves are not changed


def test_complex_numbers_where_the_function_is_holomorphic():
    assert jvp(lambda z: z * z, 1j, 1.0) == 2j
    with pytest.raises(TypeError, match="no complex derivative"):
        jvp(np.abs, 1j, 1.0)


def test_cost_grows_with_the_number_of_infinitesimals():
    f = lambda x: np.sin(x[0]) * x[1] + x[1] * x[2] / x[0]
    _, alone = count_operations(f, np.array([1.0, 2.0, 3.0]))

    def forward(x, eye):
        return f(Dual(x, eye)).slopes

    slopes, tally = count_operations(forward, np.array([1.0, 2.0, 3.0]), np.eye(3))
    np.testing.assert_allclose(slopes, complex_step(f, [1.0, 2.0, 3.0]), rtol=1e-15)
    assert 3 * alone.total() < tally.total() < 1 + 3 * 4 * alone.total()


def test_bad_use_is_named():
    with pytest.raises(ValueError, match=r"slopes of shape \(2,\) or \(n, 2\); got \(3,\)"):
        Dual([1.0, 2.0], [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="same infinitesimals"):
        variables([1.0, 2.0])[0] * variables([1.0, 2.0, 3.0])[0]
    with pytest.raises(ValueError, match="x's shape"):
        jvp(np.sin, [1.0, 2.0], [1.0])
    with pytest.raises(TypeError, match=r"got np.floor\. Add its slope"):
        np.floor(Dual(1.0, 1.0))
    with pytest.raises(TypeError, match="drop the slopes"):
        np.einsum("i->", Dual([1.0], [1.0]))
    with pytest.raises(TypeError, match="never written into"):
        np.add(Dual(1.0, 1.0), 1.0, out=np.zeros(()))
    with pytest.raises(TypeError, match="option axis alone"):
        np.sum(variables([1.0]), keepdims=True)
    with pytest.raises(TypeError, match="must be real number"):
        math.sin(Dual(1.0, 1.0))
    with pytest.raises(TypeError, match="item assignment"):
        variables([1.0])[0] = 2.0
    with pytest.raises(ValueError, match="one or two indices"):
        variables(np.ones((1, 1, 1))) @ np.ones((1, 1))
    with pytest.raises(TypeError, match="return a list of Duals"):
        jacobian(lambda x: np.array([x[0], x[1]]), [1.0, 2.0])
    with pytest.raises(TypeError, match="got an array of objects"):
        jacobian(lambda x: np.array([None, "text"], dtype=object), 1.0)
