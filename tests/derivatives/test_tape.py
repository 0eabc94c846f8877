"""The engine against JAX on random graphs; what it refuses; how long and heavy a tape may be."""

import gc
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlphys.derivatives import tape as tape_module
from mlphys.derivatives.gradient_check import check_gradient
from mlphys.derivatives.operations import RULES
from mlphys.derivatives.tape import Tape, gradient, value_and_gradient

# Operations of random graphs. Each takes quantities of shape (), (3,) or (3, 3) and keeps numbers
# of order one, so that rounding does not grow.
EYE = np.eye(3)
STEPS = {
    "add": lambda m, x, y: x + y,
    "mean with": lambda m, x, y: (x - 3 * y) / 4,
    "multiply": lambda m, x, y: m.tanh(x) * y,
    "divide": lambda m, x, y: x / (2 + m.cos(y)),
    "power": lambda m, x, y: m.sqrt(1 + x * x) ** 0.7 + y,
    "sine": lambda m, x, y: m.sin(x) - 0.5 * y,
    "exponential": lambda m, x, y: m.exp(-x * x) + m.arctan(y),
    "logarithm": lambda m, x, y: m.log1p(x * x) - m.log(1 + y * y),
    "where": lambda m, x, y: m.where(x > 0.1, x * 0.3, m.sin(y)),
    "larger": lambda m, x, y: m.maximum(x, y) + m.minimum(2 * x, 0.3),
    "size": lambda m, x, y: abs(x - 0.37) + m.arctan2(x, 2 + y * y),
    "sum": lambda m, x, y: m.sum(m.tanh(x)) / 3 + y,
    "axis": lambda m, x, y: m.mean(square(m, x), axis=0) + y,
    "keep": lambda m, x, y: square(m, x) - m.max(square(m, y), axis=1, keepdims=True),
    "product": lambda m, x, y: m.tanh(square(m, x)) @ m.tanh(square(m, y)),
    "vector": lambda m, x, y: m.tanh(square(m, x)) @ m.sin(row(m, y)),
    "inner": lambda m, x, y: m.tanh(row(m, x)) @ m.tanh(row(m, y)),
    "trace": lambda m, x, y: m.einsum("ii->i", m.tanh(square(m, x))) + y,
    "einsum": lambda m, x, y: m.einsum("ij,kj->ik", m.tanh(square(m, x)), m.tanh(square(m, y))),
    "turn": lambda m, x, y: square(m, x).T - m.reshape(square(m, y)[::-1], (3, 3)),
    "row": lambda m, x, y: square(m, x)[1] * 0.5 + row(m, y)[0],
    "repeat": lambda m, x, y: row(m, x)[np.array([0, 2, 2])] - square(m, y)[:, 0],
    "join": lambda m, x, y: m.stack([row(m, x), m.tanh(row(m, y)), row(m, x) / 2])[:, ::-1],
    "concatenate": lambda m, x, y: m.concatenate([row(m, x)[:1], row(m, y)[1:]]),
    "solve": lambda m, x, y: m.linalg.solve(4 * EYE + m.tanh(square(m, x)), m.tanh(row(m, y))),
    "inverse": lambda m, x, y: m.linalg.inv(4 * EYE + m.tanh(square(m, x))) + m.tanh(y),
    "norm": lambda m, x, y: m.linalg.norm(row(m, x) + 2.0) / 4 - m.tanh(y),
}
COMPLEX_STEPS = {
    "add": lambda m, x, y: x + (0.3 + 0.4j) * y,
    "multiply": lambda m, x, y: tame(m, x) * tame(m, y),
    "divide": lambda m, x, y: x / (3 + tame(m, y)),
    "exponential": lambda m, x, y: m.exp(1j * tame(m, x)) - y,
    "sine": lambda m, x, y: m.sin(tame(m, x)) + m.conjugate(y),
    "parts": lambda m, x, y: m.real(x) + 1j * m.imag(y) / (1 + abs(x)),
    "where": lambda m, x, y: m.where(m.real(x) > 0, x, 1j * m.conjugate(y)),
    "einsum": lambda m, x, y: m.einsum(
        "ij,kj->ik", tame(m, square(m, x)), m.conjugate(tame(m, square(m, y)))
    ),
    "trace": lambda m, x, y: m.einsum("ii", tame(m, square(m, x))) / 3 + y,
    "product": lambda m, x, y: tame(m, square(m, x)) @ tame(m, row(m, y)),
    "turn": lambda m, x, y: square(m, x).T - square(m, y)[::-1],
    "solve": lambda m, x, y: m.linalg.solve(4 * EYE + tame(m, square(m, x)), row(m, y)),
    "norm": lambda m, x, y: m.linalg.norm(row(m, x) + 2.0) / 4 - y,
}


@pytest.fixture(autouse=True)
def _double_precision():
    with jax.enable_x64(True):
        yield


def square(m, x):
    return x + np.zeros((3, 3))


def row(m, x):
    return (x + np.zeros(3))[0] if x.ndim == 2 else x + np.zeros(3)


def tame(m, z):
    return z / (1 + abs(z))


def run(m, steps, graph, args):
    """Compute a random graph: each node applies a step to two of the quantities so far."""
    known = list(args)
    for name, i, j in graph:
        known.append(steps[name](m, known[i % len(known)], known[j % len(known)]))
    return sum(m.sum(abs(m.sin(q.real) + q.imag) ** 2) for q in known[-4:])


def graphs(steps):
    places = st.integers(0, 12)
    return st.lists(
        st.tuples(st.sampled_from(sorted(steps)), places, places), min_size=2, max_size=10
    )


def arguments(seed, kind):
    rng = np.random.default_rng(seed)
    draw = lambda s: rng.normal(size=s) + (1j * rng.normal(size=s) if kind == "complex" else 0)
    return [np.asarray(draw(s)) for s in [(), (3,), (3, 3)]]


def compare(steps, graph, args):
    ours = gradient(lambda *a: run(np, steps, graph, a), (0, 1, 2))(*args)
    theirs = jax.grad(lambda *a: run(jnp, steps, graph, a), (0, 1, 2))(*map(jnp.asarray, args))
    scale = max(float(np.max(abs(g))) for g in theirs)
    for one, other in zip(ours, theirs, strict=True):
        assert one.shape == other.shape
        np.testing.assert_allclose(one, np.conj(other), rtol=1e-12, atol=1e-12 * scale)


@pytest.mark.slow
@settings(max_examples=500)
@given(graph=graphs(STEPS), seed=st.integers(0, 10**6))
def test_random_graphs_agree_with_jax(graph, seed):
    compare(STEPS, graph, arguments(seed, "real"))


@pytest.mark.slow
@settings(max_examples=200)
@given(graph=graphs(COMPLEX_STEPS), seed=st.integers(0, 10**6))
def test_random_complex_graphs_are_the_conjugates_of_jax(graph, seed):
    compare(COMPLEX_STEPS, graph, arguments(seed, "complex"))


@pytest.mark.slow
@settings(max_examples=40)
@given(graph=graphs(STEPS), seed=st.integers(0, 10**6))
def test_taped_backward_pass_agrees_with_jax(graph, seed):
    x = arguments(seed, "real")
    smooth = [step for step in graph if step[0] not in ("where", "larger", "size", "keep")]
    way = [np.cos(1.0 + np.arange(a.size)).reshape(a.shape) for a in x]
    slope = lambda m, g: (
        lambda *a: sum(
            m.sum(s * w)
            for s, w in zip(g(lambda *b: run(m, STEPS, smooth, b), (0, 1, 2))(*a), way, strict=True)
        )
    )
    ours = gradient(slope(np, gradient), (0, 1, 2))(*x)
    theirs = jax.grad(slope(jnp, jax.grad), (0, 1, 2))(*map(jnp.asarray, x))
    scale = max(float(np.max(abs(g))) for g in theirs)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-11 * scale)


def test_inner_and_outer_nudges_are_not_confused():
    assert gradient(lambda x: x * gradient(lambda y: x + y)(2.0))(3.0) == 1.0
    assert gradient(lambda x: gradient(lambda y: x * y * y)(2.0))(3.0) == 4.0
    mixed = gradient(lambda x: np.sum(gradient(lambda y: np.sum(x * y**3))(np.ones(2))))
    np.testing.assert_allclose(mixed(np.array([5.0, 7.0])), [3.0, 3.0])


def test_accumulators_follow_the_recipe():
    tape = Tape()
    x, y = tape.variable(3.0), tape.variable(4.0)
    z = x * y + x
    assert (z.value, tape.sensitivities(z)) == (15.0, [5.0, 3.0, 1.0, 1.0])


def test_replay_that_keeps_only_inputs_gives_back_the_rest():
    tape = Tape()
    x = tape.variable(3.0)
    y = x * x + 2.0 / x
    assert tape.sensitivities(y) == [6 - 2 / 9, 1.0, 1.0, 1.0]
    assert tape.sensitivities(y, keep=False) == [6 - 2 / 9, None, None, None]
    assert tape.values == [3.0, None, None, None]


def test_value_and_gradient_by_several_arguments():
    value, (a, b) = value_and_gradient(lambda a, b: np.sum(a * b), (0, 1))(np.ones(3), 2.0)
    assert (value, b) == (6.0, 3.0)
    np.testing.assert_array_equal(a, 2.0)
    assert type(b) is float


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.complex64, np.complex128])
def test_gradient_has_the_type_and_shape_of_its_argument(kind):
    x = np.ones((2, 3), kind)
    slope = gradient(lambda x: np.sum(abs(x) ** 2))(x)
    assert (slope.dtype, slope.shape) == (kind, (2, 3))
    assert type(gradient(lambda x: abs(x) ** 2)(kind(1))) is kind


def test_arrays_without_axes_are_arrays_again():
    slope = gradient(lambda x: 3.0 * x * x)(np.array(2.0))
    assert isinstance(slope, np.ndarray)
    assert (slope.shape, float(slope)) == ((), 12.0)


def test_function_that_ignores_its_argument_has_gradient_zero():
    np.testing.assert_array_equal(gradient(lambda x: 1.0)(np.ones(2)), 0.0)
    assert gradient(lambda x: 1.0)(2.0) == 0.0
    assert value_and_gradient(lambda x, y: np.sum(x), (0, 1))(np.ones(2), 3.0)[1][1] == 0.0


def test_gradients_own_their_memory_and_arguments_stay_writable():
    x, y, c = np.ones(3), np.ones(3), np.arange(3.0)
    first, second = gradient(lambda x, y: np.sum(x + y) + c @ x, (0, 1))(x, y)
    first += 1.0
    np.testing.assert_array_equal(second, 1.0)
    assert first.flags.writeable
    assert all(a.flags.writeable for a in (x, y, c))


def test_arrays_are_unlocked_after_an_error():
    x, table = np.ones(3), np.ones((3, 3))
    view = table[0]
    with pytest.raises(ZeroDivisionError):
        gradient(lambda x: np.sum(x * view) * (1 / 0))(x)
    with pytest.raises(TypeError):
        gradient(lambda x: float(np.sum(x * view)))(x)
    assert all(a.flags.writeable for a in (x, table, view))


@pytest.mark.parametrize("enabled", [True, False])
def test_garbage_collection_pauses_and_is_as_before_afterwards(enabled):
    seen = []
    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        gradient(lambda x: seen.append(gc.isenabled()) or x * x)(2.0)
        seen.append(gc.isenabled())
        with pytest.raises(ZeroDivisionError):
            gradient(lambda x: x * (1 / 0))(2.0)
        seen.append(gc.isenabled())
    finally:
        (gc.enable if before else gc.disable)()
    assert seen == [False, enabled, enabled]


# --- what it refuses ------------------------------------------------------------------------------


@pytest.mark.parametrize("x", [3, np.arange(3), True, [1, 2], np.array([True])])
def test_integers_are_refused(x):
    with pytest.raises(
        TypeError, match=r"argument 0: expected floating-point.*got (int|bool).*2\.0"
    ):
        gradient(lambda x: np.sum(x * 1.0))(x)


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (lambda x: x * x, r"must be one number.*shape \(3,\).*np\.sum.*jacobian"),
        (lambda x: np.sum(1j * x), r"must be a real number.*complex.*\.real"),
        (lambda x: None, r"must be a real number; got NoneType"),
        (lambda x: np.ones(2), r"must be one number.*shape \(2,\)"),
    ],
)
def test_objectives_that_are_not_one_real_number_are_refused(f, message):
    with pytest.raises(ValueError, match=message):
        gradient(f)(np.ones(3))


def change_argument(x, table):
    y = np.sum(x * table)
    table[0] = 5.0
    return y


def change_view_of_argument(x, table):
    y = np.sum(x * table[1:2])
    table *= 2.0
    return y


def sort_in_place(x, table):
    y = np.sum(x * table)
    table.sort()
    return y


@pytest.mark.parametrize("f", [change_argument, change_view_of_argument, sort_in_place])
def test_change_in_place_after_use_is_refused(f):
    table = np.array([[3.0, 1.0, 2.0], [1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match=r"changed in place.*a\.copy\(\)"):
        gradient(f)(np.ones(3), table)
    table[0] = 1.0  # unlocked again


def test_change_through_an_older_view_is_refused():
    table = np.ones(3)
    other_name = table[:]  # a view that was made before

    def f(x):
        y = np.sum(x * x * table)
        other_name[0] = 5.0
        return y

    with pytest.raises(ValueError, match=r"aliasing.*shape \(3,\).*a\.copy\(\)"):
        gradient(f)(np.ones(3))


def test_change_before_use_and_of_copies_is_allowed():
    def f(x):
        table = np.zeros(3)
        table[0] = 2.0
        y = np.sum(x * table)
        mine = table.copy()
        mine[1] = 7.0
        return y + np.sum(x * mine)

    np.testing.assert_array_equal(gradient(f)(np.ones(3)), [4.0, 7.0, 0.0])


def test_values_of_variables_are_read_only():
    tape = Tape()
    y = tape.variable(np.ones(3)) * 2.0
    with pytest.raises(ValueError, match="read-only"):
        y.value[0] = 1.0


def test_error_of_the_function_itself_passes_unchanged():
    def f(x):
        raise ValueError("my own")

    with pytest.raises(ValueError, match=r"^my own$"):
        gradient(f)(1.0)


def test_variable_that_outlives_its_tape_is_refused():
    kept = []
    gradient(lambda x: kept.append(x) or x * x)(2.0)
    with pytest.raises(RuntimeError, match=r"used after its tape.*Return what you need"):
        kept[0] * 2.0


# --- the check of the checker ---------------------------------------------------------------------


def test_planted_error_of_a_thousandth_is_caught(monkeypatch):
    f = lambda x: np.sum(np.sin(x) * np.arange(5.0)) + np.sum(x**2)
    x = np.linspace(0.1, 1.0, 5)
    check = lambda: check_gradient(f, gradient(f), x, rng=np.random.default_rng(0))
    assert check().ok
    monkeypatch.setitem(RULES, np.sin, (lambda g, y, x: 1.001 * g * np.cos(x),))
    assert not check().ok


# --- long tapes -----------------------------------------------------------------------------------

LONG = """
import sys, time, resource
from mlphys.derivatives.tape import Tape, value_and_gradient

def chain(n):
    def f(x):
        y = x
        for _ in range(n // 2):
            y = y * 0.5 + x
        return y
    return f

def seconds(n, repeats):
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        value, slope = value_and_gradient(chain(n))(3.0)
        best = min(best, time.process_time() - start)
    assert (value, slope) == (6.0, 2.0), (value, slope)
    return best / n

def resident():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

short = seconds(10_000, 20)
before = resident()
long = seconds(1_000_000, 2)
print(long / short, (resident() - before) / 1_000_000, sys.getrecursionlimit())
"""


def test_million_operations_cost_a_million_times_one():
    """Runs on its own, without the type checks that tests have: these would be most of the time."""
    done = subprocess.run([sys.executable, "-c", LONG], capture_output=True, text=True, check=True)
    ratio, size, limit = map(float, done.stdout.split())
    assert limit <= 1000
    assert ratio < 2.0
    assert size < 320


def test_engine_fits_on_a_few_pages():
    source = tape_module.__file__
    with open(source, encoding="utf-8") as lines:  # noqa: PTH123 (one line)
        assert len(lines.readlines()) <= 300
