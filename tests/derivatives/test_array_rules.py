"""Rules for whole arrays against JAX, and einsum against its own linearity."""

import importlib.util
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mlphys.derivatives.gradient_check import check_gradient
from mlphys.derivatives.tape import gradient

RNG = np.random.default_rng(4)
SQUARE, TALL, VECTOR = RNG.normal(size=(4, 4)), RNG.normal(size=(4, 3)), RNG.normal(size=4)
STACK = RNG.normal(size=(2, 3, 4, 4))
COMPLEX = SQUARE + 1j * RNG.normal(size=(4, 4))


@pytest.fixture(autouse=True)
def _double_precision():
    with jax.enable_x64(True):
        yield


def some(m, y):
    """Return a real number that depends on every entry of y in another way."""
    return m.sum(m.cos(m.arange(float(y.size)).reshape(y.shape)) * abs(y) ** 2)


def agree(f, *args, rtol=1e-12):
    places = tuple(range(len(args)))
    ours = gradient(lambda *a: some(np, f(np, *a)), places)(*args)
    theirs = jax.grad(lambda *a: some(jnp, f(jnp, *a)), places)(*args)
    for one, other in zip(ours, theirs, strict=True):
        scale = float(np.max(abs(other)))
        np.testing.assert_allclose(one, np.conj(other), rtol=0, atol=rtol * scale)


PRODUCTS = {
    "matrix matrix": (SQUARE, TALL),
    "matrix vector": (SQUARE, VECTOR),
    "vector matrix": (VECTOR, TALL),
    "vector vector": (VECTOR, VECTOR[::-1]),
    "stack matrix": (STACK, TALL),
    "matrix stack": (SQUARE, STACK),
    "stack stack": (STACK, STACK[:1]),
    "stack vector": (STACK, VECTOR),
    "vector stack": (VECTOR, STACK),
    "complex": (COMPLEX, SQUARE),
}


@pytest.mark.parametrize("args", PRODUCTS.values(), ids=PRODUCTS)
def test_matrix_products_agree_with_jax(args):
    agree(lambda m, a, b: a @ b, *args)


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 2), (-1, -2)])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("name", ["sum", "mean", "max", "min", "var", "std"])
def test_reductions_agree_with_jax(name, axis, keepdims):
    agree(lambda m, x: getattr(m, name)(x, axis=axis, keepdims=keepdims), STACK)


SOLVES = {
    "matrix": (SQUARE, TALL),
    "vector": (SQUARE, VECTOR),
    "stack": (STACK, np.broadcast_to(TALL, (2, 3, 4, 3)).copy()),
    "one right side for a stack": (STACK, TALL),
    "complex": (COMPLEX, TALL),
}


@pytest.mark.parametrize("args", SOLVES.values(), ids=SOLVES)
def test_solve_agrees_with_jax(args):
    agree(lambda m, a, b: m.linalg.solve(a, b), *args, rtol=1e-11)


@pytest.mark.parametrize("x", [SQUARE, STACK, COMPLEX], ids=["matrix", "stack", "complex"])
@pytest.mark.parametrize("name", ["inv", "det"])
def test_inverse_and_determinant_agree_with_jax(name, x):
    agree(lambda m, a: getattr(m.linalg, name)(a), x, rtol=1e-11)


KEYS = {
    "number": 1,
    "slice": slice(1, 3),
    "backwards": slice(None, None, -2),
    "several": (slice(None), 2),
    "ellipsis": (Ellipsis, None, 0),
    "repeated": np.array([0, 0, 3]),
    "pairs": (np.array([0, 1, 1]), np.array([2, 2, 2])),
    "mixed": (slice(1, 4), np.array([0, 0])),
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_indexing_agrees_with_jax(key):
    agree(lambda m, x: x[key] ** 2, SQUARE)


def test_views_and_owners_are_writable_again():
    view = STACK[:1]
    gradient(lambda x: np.sum(x * STACK * view))(np.ones(4))
    assert view.flags.writeable and STACK.flags.writeable


def test_masks_pick_the_elements_that_they_mark():
    ours = gradient(lambda x: np.sum(x[x > 0] ** 3))(SQUARE)
    np.testing.assert_allclose(ours, np.where(SQUARE > 0, 3 * SQUARE**2, 0))


def test_maximum_of_equal_elements_shares_the_sensitivity():
    ours = gradient(lambda x: np.max(x))(np.array([1.0, 3.0, 3.0]))
    np.testing.assert_array_equal(ours, [0, 0.5, 0.5])


TWICE = {
    "product": lambda x: np.sum((x @ x.T @ VECTOR) ** 2),
    "solve": lambda x: VECTOR @ np.linalg.solve(x @ x.T + np.eye(4), np.tanh(x[0])),
    "inverse": lambda x: np.sum(np.linalg.inv(x + 4 * np.eye(4)) ** 2),
    "determinant": lambda x: np.linalg.det(x + 4 * np.eye(4)),
    "indexing": lambda x: np.sum(x[[0, 0, 1]] ** 2 * x[1]) * np.max(x),
    "joining": lambda x: np.sum(np.concatenate([x, x**2], axis=1)[:, 2:6] ** 2),
    "cumulative": lambda x: np.sum(np.cumsum(x, axis=0) ** 3),
    "einsum": lambda x: np.einsum("ij,jk,ki,ll->", x, x, x, x),
    "norm": lambda x: np.sum(np.linalg.norm(x, axis=0)) ** 2,
}


@pytest.mark.parametrize("f", TWICE.values(), ids=TWICE)
def test_rules_for_arrays_can_be_taped_in_their_turn(f):
    curve = lambda x: np.sum(gradient(f)(x) * np.cos(np.arange(16.0)).reshape(4, 4))
    rng = np.random.default_rng(1)
    report = check_gradient(curve, gradient(curve), SQUARE, rng=rng, method="central", rtol=1e-6)
    assert report.ok, str(report)


def specifications():
    """Return the list of einsum specifications that ``test_einsum_backward`` has from NumPy."""
    path = Path(__file__).with_name("test_einsum_backward.py")
    spec = importlib.util.spec_from_file_location("einsum_specifications", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.CASES


CASES = specifications()


@pytest.mark.parametrize("kind", ["real", "complex"])
@pytest.mark.parametrize(("spec", "shapes"), CASES, ids=[f"{s}@{len(n)}" for s, n in CASES])
def test_einsum_has_the_slope_that_its_linearity_demands(spec, shapes, kind):
    """Linear in each operand: along v the result changes by the einsum with v in its place."""
    rng = np.random.default_rng(5)
    draw = lambda shape: (
        rng.normal(size=shape) + (1j * rng.normal(size=shape) if kind == "complex" else 0)
    )
    arrays, ways = [draw(s) for s in shapes], [draw(s) for s in shapes]
    weights = draw(np.shape(np.einsum(spec, *arrays)))
    objective = lambda *a: np.sum(np.real(np.conj(weights) * np.einsum(spec, *a)))
    slopes = gradient(objective, tuple(range(len(arrays))))(*arrays)
    for k, (slope, way) in enumerate(zip(slopes, ways, strict=True)):
        assert slope.dtype == arrays[k].dtype
        terms = np.conj(weights) * np.einsum(spec, *arrays[:k], way, *arrays[k + 1 :])
        expected, scale = np.sum(np.real(terms)), np.sum(abs(terms))
        assert np.sum(np.real(np.conj(slope) * way)) == pytest.approx(expected, abs=1e-12 * scale)
