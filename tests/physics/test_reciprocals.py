"""1/x and 1/√x: values, derivatives of two orders by closed forms, and that none divides."""

import jax
import numpy as np
import pytest

from mlphys.physics import line_elements, reciprocals

X = np.array([0.3, 1.0, 7.0, 4e5])


@pytest.mark.parametrize(("name", "power"), [("reciprocal", -1.0), ("inverse_root", -0.5)])
def test_values_and_derivatives_of_two_orders(name, power):
    function = getattr(reciprocals, name)
    slope = jax.grad(function)
    with jax.enable_x64(True):
        found = [jax.vmap(f)(X) for f in (function, slope, jax.grad(slope), jax.jacfwd(slope))]
    second = power * (power - 1) * X ** (power - 2)
    expected = [X**power, power * X ** (power - 1), second, second]
    np.testing.assert_allclose(found, expected, rtol=1e-14)
    np.testing.assert_allclose(getattr(line_elements, name)(X), X**power, rtol=1e-15)


@pytest.mark.parametrize("function", [reciprocals.reciprocal, reciprocals.inverse_root])
def test_derivatives_divide_no_more_than_the_value(function):
    code = [str(jax.make_jaxpr(f)(2.0)) for f in (function, jax.hessian(function))]
    assert code[1].count(" div ") == code[0].count(" div ") and "sqrt" not in code[1].replace(
        "rsqrt", ""
    )


def test_the_same_on_tensorflow():
    tf = pytest.importorskip("tensorflow")
    x = tf.constant(X)
    np.testing.assert_allclose(line_elements.reciprocal(x), 1 / X, rtol=1e-15)
    np.testing.assert_allclose(line_elements.inverse_root(x), X**-0.5, rtol=1e-15)
