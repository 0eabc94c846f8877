"""Optimizers as a family, then each against a closed form and another implementation."""

import numpy as np
import pytest
from scipy.optimize import minimize

from mlphys.learning.optimizers import BLOCK, adam, make_cosine, momentum, sgd

FAMILY = {
    "sgd": (sgd(), 0.15),
    "momentum": (momentum(decay=0.8), 0.05),
    "nesterov": (momentum(decay=0.8, nesterov=True), 0.05),
    "adam": (adam(), 0.05),
}
CURVATURES = np.array([0.5, 1.0, 4.0, 9.0])


def quadratic(seed):
    """Return gradient, function and minimum of a random convex quadratic in four variables."""
    rng = np.random.default_rng(seed)
    rotation, _ = np.linalg.qr(rng.standard_normal((4, 4)))
    matrix = rotation * CURVATURES @ rotation.T
    center = rng.standard_normal(4)
    value = lambda p: 0.5 * (p - center) @ matrix @ (p - center)
    return lambda p: matrix @ (p - center), value


@pytest.mark.parametrize("name", FAMILY)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_each_finds_the_minimum_that_scipy_finds(name, seed):
    rule, learning_rate = FAMILY[name]
    gradient, value = quadratic(seed)
    p = np.zeros(4)
    expected = minimize(value, p, jac=gradient, tol=1e-12).x
    state = rule.init(p)
    schedule = make_cosine(learning_rate, steps=1500)
    for step in range(1500):
        state = rule.update(p, gradient(p), state, schedule(step))
    assert np.allclose(p, expected, atol=1e-6)
    assert state.step == 1500


@pytest.mark.parametrize("name", FAMILY)
def test_blocks_do_not_change_the_result(name):
    rule, rate = FAMILY[name]
    rng = np.random.default_rng(0)
    long, g = rng.standard_normal((2, 2 * BLOCK + 7))
    parts = [long[:BLOCK].copy(), long[BLOCK:].copy()]
    whole_state = rule.init(long)
    states = [rule.init(part) for part in parts]
    for _ in range(3):
        whole_state = rule.update(long, g, whole_state, rate)
        states[0] = rule.update(parts[0], g[:BLOCK], states[0], rate)
        states[1] = rule.update(parts[1], g[BLOCK:], states[1], rate)
    assert np.array_equal(long, np.concatenate(parts))


@pytest.mark.parametrize("name", FAMILY)
def test_gradient_is_left_alone_and_types_are_kept(name):
    rule, rate = FAMILY[name]
    p, g = np.ones(5, np.float32), np.arange(5, dtype=np.float32)
    state = rule.update(p, g, rule.init(p), rate)
    assert np.array_equal(g, np.arange(5, dtype=np.float32))
    assert p.dtype == np.float32
    assert all(v.dtype == np.float32 for v in state if isinstance(v, np.ndarray))


def test_sgd_on_a_parabola_is_a_geometric_series():
    rule, p = sgd(), np.array([1.0])
    state = rule.init(p)
    for _ in range(20):
        state = rule.update(p, 3 * p, state, 0.1)
    assert p[0] == pytest.approx(0.7**20, rel=1e-13)


def test_momentum_on_a_parabola_follows_its_recursion_matrix():
    decay, rate, curvature = 0.9, 0.05, 2.0
    rule, p = momentum(decay=decay), np.array([1.0])
    state = rule.init(p)
    for _ in range(30):
        state = rule.update(p, curvature * p, state, rate)
    matrix = np.array([[1 - rate * curvature, -rate * decay], [curvature, decay]])
    expected = np.linalg.matrix_power(matrix, 30) @ [1.0, 0.0]
    assert np.allclose([p[0], state.velocity[0]], expected, rtol=1e-12)


def test_adam_with_a_constant_gradient_makes_equal_steps():
    rule, p = adam(epsilon=1e-300), np.zeros(3)
    g = np.array([1e-4, -2.0, 1e4])
    state = rule.init(p)
    for _ in range(50):
        state = rule.update(p, g, state, 0.01)
    assert np.allclose(p, -0.5 * np.sign(g), rtol=1e-12)


# Keras holds its hyperparameters in float32; these two are exact there.
EXACT = {"beta_1": 0.875, "beta_2": 1 - 2.0**-10}
KERAS = {
    "sgd": lambda k: k.optimizers.SGD(0.1),
    "momentum": lambda k: k.optimizers.SGD(0.1, momentum=0.9),
    "nesterov": lambda k: k.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    "adam": lambda k: k.optimizers.Adam(0.1, **EXACT, epsilon=1e-8),
}
OURS = {
    "sgd": sgd(),
    "momentum": momentum(decay=0.9),
    "nesterov": momentum(decay=0.9, nesterov=True),
    "adam": adam(beta1=EXACT["beta_1"], beta2=EXACT["beta_2"]),
}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", KERAS)
def test_steps_equal_those_of_keras(name):
    keras = pytest.importorskip("keras")
    rng = np.random.default_rng(5)
    start = rng.standard_normal(6)
    gradients = rng.standard_normal((10, 6))
    theirs, rule = KERAS[name](keras), OURS[name]
    variable = keras.Variable(start, dtype="float64")
    theirs.build([variable])
    p = start.copy()
    state = rule.init(p)
    for g in gradients:
        theirs.apply([keras.ops.convert_to_tensor(g, dtype="float64")], [variable])
        state = rule.update(p, g, state, 0.1)
    assert np.allclose(
        p, keras.ops.convert_to_numpy(variable), rtol=0, atol=1e-6
    )  # after steps of 0.1


def test_cosine_schedule():
    schedule = make_cosine(2.0, steps=110, warmup=10)
    assert [schedule(k) for k in (0, 4)] == pytest.approx([2 / 11, 10 / 11])
    assert schedule(10) == 2.0
    assert schedule(60) == pytest.approx(1.0)
    assert schedule(110) == schedule(500) == pytest.approx(0.0, abs=1e-15)
    values = [schedule(k) for k in range(10, 111)]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: momentum(decay=1.0), "decay: expected a number from 0 to below 1; got 1.0"),
        (lambda: adam(beta1=-0.1), "beta1"),
        (lambda: adam(beta2=1.5), "beta2"),
        (lambda: adam(epsilon=0.0), "epsilon above 0"),
        (lambda: make_cosine(0.1, steps=5, warmup=5), "warmup < steps"),
        (lambda: make_cosine(-0.1, steps=5), "learning_rate > 0"),
    ],
)
def test_messages(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_state_of_another_net_is_refused():
    rule = adam()
    with pytest.raises(ValueError, match="flat vectors of one length"):
        rule.update(np.zeros(3), np.zeros(3), rule.init(np.zeros(4)), 0.1)
