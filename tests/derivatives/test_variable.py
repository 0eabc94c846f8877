import math

import numpy as np
import pytest

from mlphys.derivatives.tape import Tape, gradient
from mlphys.derivatives.variable import plain

X = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]])


@pytest.fixture
def x():
    return Tape().variable(X.copy())


def test_variable_looks_like_its_array(x):
    assert (x.shape, x.ndim, x.size, x.dtype, len(x)) == ((2, 3), 2, 6, np.float64, 2)
    assert repr(Tape().variable(2.0)) == "Variable(2.0)"
    assert bool(Tape().variable(2.0)) is True


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x.T,
        lambda x: x.sum(axis=0),
        lambda x: x.mean(),
        lambda x: x.max(axis=1),
        lambda x: x.min(),
        lambda x: x.ravel(),
        lambda x: x.reshape(3, 2),
        lambda x: x.reshape((3, 2)),
        lambda x: x.transpose(),
        lambda x: x.transpose(1, 0),
        lambda x: x.dot(np.arange(3.0)),
        lambda x: x.conj().real,
        lambda x: +x - (-x),
        lambda x: abs(x),
        lambda x: 2 - x / 3 + 1 / x,
        lambda x: 2.0**x + x**2,
        lambda x: np.ones((4, 2)) @ x,
        lambda x: X * x + np.float64(3.0) * x,
        lambda x: x[1] + next(iter(x)),
    ],
)
def test_operators_and_methods_return_what_numpy_returns(f, x):
    np.testing.assert_allclose(f(x).value, f(X))


def test_comparisons_give_plain_truth_values(x):
    assert (x > 0).dtype == bool
    np.testing.assert_array_equal(x == X, True)
    np.testing.assert_array_equal(X < x, False)
    np.testing.assert_array_equal([x >= 0, x <= 0, x != 0], [X >= 0, X <= 0, X != 0])


def test_control_flow_follows_the_numbers():
    collatz_like = lambda x: x * x if x > 1 else 3 * x
    assert gradient(collatz_like)(2.0) == 4.0
    assert gradient(collatz_like)(0.5) == 3.0


def test_plain_looks_under_all_tapes():
    assert plain(Tape().variable(Tape().variable(3.0))) == 3.0


def set_element(x):
    x[0] = 1.0


def write_into_constant(x):
    out = np.zeros((2, 3))
    out += x


@pytest.mark.parametrize(
    ("do", "message"),
    [
        (set_element, r"overwrite what the backward pass needs.*np\.where"),
        (write_into_constant, r"np\.add.*out=.*Use the result"),
        (lambda x: np.add(x, x, out=np.zeros((2, 3))), r"out="),
        (lambda x: np.add.reduce(x), r"its method reduce.*np\.sum"),
        (lambda x: np.array([x[0, 0], x[0, 1]]), r"np\.stack"),
        (lambda x: math.sin(x[0, 0]), r"np\.sin, not math\.sin"),
        (lambda x: float(x[0, 0]), r"x\.value"),
        (lambda x: np.fft.fft(x), r"no rule for fft.*primitive"),
        (lambda x: np.spacing(x), r"no rule for spacing.*primitive"),
        (lambda x: np.sum(x, where=x > 0), r"np\.sum: expected the arguments.*where="),
    ],
)
def test_what_would_lose_the_history_is_refused(do, message, x):
    with pytest.raises(TypeError, match=message):
        do(x)


@pytest.mark.parametrize("x", [np.array([0.5, -2.0, 0.0]), np.array([1 + 2j, -0.5j, 3.0])])
def test_array_times_itself_has_the_slope_of_its_square(x):
    weights = np.array([1.0, -3.0, 0.25])
    found = gradient(lambda z: np.sum(np.real(z * z) * weights))(x)
    assert np.allclose(found, 2 * np.conjugate(x) * weights, rtol=1e-15, atol=0)
    assert np.allclose(gradient(lambda z: np.sum(abs(z * z)))(x), 2 * x, rtol=1e-14, atol=0)
