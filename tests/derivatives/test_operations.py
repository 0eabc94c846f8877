"""Every function that the table writes with others, against NumPy for values and JAX for slopes."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mlphys.derivatives.operations import CONSTANT, REWRITES
from mlphys.derivatives.tape import Tape, gradient

RNG = np.random.default_rng(6)
A, B, V, W = (RNG.normal(size=s) for s in [(4, 4), (4, 3), (4,), (4,)])
STACK = RNG.normal(size=(2, 3, 4))
ONE = [0]  # a list of indices that JAX refuses as a list

CASES = {
    "sum": (lambda m, x: m.sum(x, axis=(0, 2)), STACK),
    "max": (lambda m, x: m.max(x, axis=1, keepdims=True), STACK),
    "min": (lambda m, x: m.min(x), STACK),
    "mean": (lambda m, x: m.mean(x, axis=-1), STACK),
    "var": (lambda m, x: m.var(x, axis=0, ddof=1), STACK),
    "std": (lambda m, x: m.std(x, axis=0), STACK),
    "cumsum": (lambda m, x: m.cumsum(x, axis=1) * m.cumsum(x).reshape(x.shape), STACK),
    "diff": (lambda m, x: m.diff(x, axis=0) + m.diff(x, 2)[0, 0, 0] + m.diff(x)[0, 0, 0], STACK),
    "full_like": (lambda m, x: m.full_like(x, m.sum(x * x)) * x, A),
    "reshape": (lambda m, x: m.reshape(x, (3, -1), order="F")[1] * m.reshape(x, (3, 8))[2], STACK),
    "broadcast_to": (lambda m, x: m.broadcast_to(x, (5, 4)), V),
    "clip": (lambda m, x: m.clip(x, -0.5, 0.5), A),
    "angle": (lambda m, x: m.angle(x + 1j * x * x), A),
    "cross": (lambda m, x, y: m.cross(x, y[0] ** 2), B, B[::-1].copy()),
    "roll": (lambda m, x: m.roll(x, 1, axis=1) * x + m.roll(x, 2), A),
    "take": (lambda m, x: m.take(x, jnp.array([1, 1, 0]), axis=1)[0] * m.take(x, 3), A),
    "transpose": (lambda m, x: m.transpose(x, (2, 0, 1)) * x.T.reshape(4, 2, 3), STACK),
    "swapaxes": (lambda m, x: m.swapaxes(x, 0, -1), STACK),
    "moveaxis": (lambda m, x: m.moveaxis(x, 0, -1), STACK),
    "flip": (lambda m, x: m.flip(x, 1) * m.flip(x), STACK),
    "ravel": (lambda m, x: m.ravel(x), STACK),
    "expand_dims": (lambda m, x: m.expand_dims(x, (0, -1)), A),
    "squeeze": (lambda m, x: m.squeeze(x[:1]) * m.squeeze(x[:, :1], axis=1)[0], STACK),
    "concatenate": (lambda m, x, y: m.concatenate([x, y, x * x], axis=1), A, B),
    "stack": (lambda m, x, y: m.stack([x, y, x * y], axis=1), V, W),
    "einsum": (lambda m, x, y: m.einsum("ij,i", x, y, optimize=True), A, V),
    "tensordot": (lambda m, x, y: m.tensordot(x, y, axes=((2,), (0,))) + m.sum(x), STACK, B),
    "dot": (lambda m, x, y: m.dot(x, y) + m.dot(y, y) + m.dot(2.0, y), A, V),
    "vdot": (lambda m, x, y: m.vdot(x, y), V, W),
    "inner": (lambda m, x, y: m.inner(x, y), A, V),
    "outer": (lambda m, x, y: m.outer(x, y), V, W),
    "trace": (lambda m, x: m.trace(x), A),
    "diagonal": (lambda m, x: m.diagonal(x), A),
    "norm": (lambda m, x: m.linalg.norm(x, axis=0, keepdims=True) * m.linalg.norm(x), A),
    "solve": (lambda m, x, y: m.linalg.solve(x, y), A, V),
    "inv": (lambda m, x: m.linalg.inv(x), A),
    "det": (lambda m, x: m.linalg.det(x), A),
}


@pytest.fixture(autouse=True)
def _double_precision():
    with jax.enable_x64(True):
        yield


def some(m, y):
    return m.sum(m.cos(m.arange(float(np.size(y))).reshape(np.shape(y))) * abs(y) ** 2)


def test_every_function_of_the_table_has_its_case_here():
    assert {f.__name__ for f in REWRITES} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_functions_written_with_others_agree_with_numpy_and_jax(name):
    f, *args = CASES[name]
    tape = Tape()
    value = f(np, *[tape.variable(a.copy()) for a in args])
    np.testing.assert_allclose(value.value, f(np, *args), rtol=1e-12, atol=1e-14)
    places = tuple(range(len(args)))
    ours = gradient(lambda *a: some(np, f(np, *a)), places)(*args)
    theirs = jax.grad(lambda *a: some(jnp, f(jnp, *a)), places)(*args)
    for one, other in zip(ours, theirs, strict=True):
        assert one.shape == other.shape
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-11 * float(np.max(abs(other))))


def test_norm_has_sensitivity_zero_at_its_kink():
    np.testing.assert_array_equal(gradient(np.linalg.norm)(np.zeros(3)), 0.0)


def test_norms_of_another_order_are_refused():
    with pytest.raises(TypeError, match=r"Euclidean.*got ord=1.*np\.sum"):
        gradient(lambda x: np.linalg.norm(x, ord=1))(V)


def test_functions_that_jump_give_plain_numbers():
    f = lambda x: np.sum(np.sign(x) + np.floor(x) + (x > 0) * x) + np.argmax(x) * 0.0
    np.testing.assert_array_equal(gradient(f)(V), V > 0)
    assert np.sign in CONSTANT


@pytest.mark.parametrize("function", [np.sum, np.max, np.min, np.mean, np.var, np.std])
def test_third_argument_is_not_taken_for_another(function):
    """NumPy's third argument is dtype or out; to keep the axes has to be said by name."""
    with pytest.raises(TypeError, match="positional arguments"):
        gradient(lambda x: np.sum(function(x, 0, float)))(A)
