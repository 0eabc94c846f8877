"""Complex sensitivities against differences, against JAX and TensorFlow, and the lectures' slip."""

import warnings

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlphys.derivatives.complex_gradients import (
    RULES,
    from_jax,
    pull_back,
    rate_along,
    run_chain,
    sensitivity_by_differences,
    wirtinger,
)
from mlphys.quiet import quiet_tensorflow

POINTS = np.array([3 + 4j, -0.7 + 0.2j, 0.3 - 1.9j, 2.0 - 0.5j])
REAL_RESULTS = ("real", "imag", "abs", "abs2", "angle")
CHAINS = [
    ["abs2"],
    ["square", "real"],
    ["square", "imag"],
    ["exp", "conj", "square", "abs"],
    ["conj", "sqrt", "angle"],
    ["abs", "log", "square", "real"],
    ["reciprocal", "exp", "imag", "exp", "real"],
]


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


@pytest.mark.parametrize("name", sorted(RULES))
def test_wirtinger_derivatives_against_differences(name):
    rule = RULES[name]
    measured = wirtinger(rule.value, POINTS)
    assert_allclose(rule.f_z(POINTS), measured[0], rtol=1e-7, atol=1e-8)
    assert_allclose(rule.f_zbar(POINTS), measured[1], rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("name", sorted(set(RULES) - {*REAL_RESULTS, "conj"}))
def test_holomorphic_functions_have_one_derivative(name):
    assert not RULES[name].f_zbar(POINTS).any()


@pytest.mark.parametrize("name", REAL_RESULTS)
def test_real_results_have_conjugate_derivatives(name):
    rule = RULES[name]
    assert_allclose(rule.f_zbar(POINTS), np.conj(rule.f_z(POINTS)), rtol=1e-15)


@pytest.mark.parametrize("names", CHAINS, ids="-".join)
def test_chains_against_differences(names):
    for z in POINTS:
        chain = run_chain(names, z)
        for k, (value, sensitivity) in enumerate(
            zip(chain.values, chain.sensitivities, strict=True)
        ):
            measured = sensitivity_by_differences(lambda w, k=k: finish(names[k:], w), value)
            if not np.iscomplexobj(value):
                measured = measured.real
            assert_allclose(sensitivity, measured, rtol=2e-7, atol=1e-7)


def finish(names, value):
    """Return the result of the functions that are left, as one real number."""
    for name in names:
        value = RULES[name].value(value)
    return np.real(value)


JAX_FUNCTIONS = {name: getattr(jnp, name) for name in set(RULES) - {"abs2"}}
JAX_FUNCTIONS["abs2"] = lambda z: jnp.abs(z) ** 2


@pytest.mark.parametrize("names", CHAINS, ids="-".join)
def test_chains_are_the_conjugates_of_jax(names):
    def objective(z):
        for name in names:
            z = JAX_FUNCTIONS[name](z)
        return jnp.real(z)

    for z in POINTS:
        ours = run_chain(names, z).sensitivities[0]
        assert_allclose(ours, from_jax(jax.grad(objective)(z)), rtol=1e-12, atol=1e-14)


def test_conventions_of_jax_and_tensorflow_on_one_example():
    tf = quiet_tensorflow()
    z = 3 + 4j
    variable = tf.Variable(z, dtype=tf.complex128)
    with warnings.catch_warnings(), tf.GradientTape() as tape:
        warnings.simplefilter("ignore")
        result = tf.abs(variable) ** 2
    by_tensorflow = complex(tape.gradient(result, variable).numpy())
    by_jax = complex(jax.grad(lambda z: jnp.abs(z) ** 2)(z))
    ours = run_chain(["abs2"], z).sensitivities[0]
    assert_allclose([by_tensorflow, from_jax(by_jax), ours], 6 + 8j, rtol=1e-15)
    assert by_jax == pytest.approx(6 - 8j, rel=1e-15)
    assert abs(z - 0.1 * by_tensorflow) ** 2 == pytest.approx(16.0)
    assert abs(z - 0.1 * by_jax) ** 2 == pytest.approx(28.8)


def test_imaginary_part_of_a_product_has_the_sensitivity_b():
    # Im((A + iB) x) = B x for real x: by hand, by our rule, by differences, by JAX
    a, b, x = 10.0, 20.0, 0.7
    seed = pull_back(1.0, -0.5j, 0.5j)  # of Im
    ours = np.real(pull_back(seed, a + 1j * b))
    assert ours == b
    step = 1e-3
    measured = (((a + 1j * b) * (x + step)).imag - ((a + 1j * b) * (x - step)).imag) / (2 * step)
    assert measured == pytest.approx(b, rel=1e-12)
    assert jax.grad(lambda x: jnp.imag((a + 1j * b) * x))(x) == b


def test_lectures_imaginary_part_is_always_zero():
    a, b = 10.0, 20j  # as defined in the lectures, where 1j * b is meant to be imaginary
    assert a + 1j * b == -10.0
    assert all(((a + 1j * b) * x).imag == 0 for x in (-1.0, 0.7, 3.0))
    assert np.real(pull_back(pull_back(1.0, -0.5j, 0.5j), a + 1j * b)) == 0


def test_rate_along_predicts_small_changes():
    rng = np.random.default_rng(5)
    z, step = (rng.normal(size=(2, 3)) + 1j * rng.normal(size=(2, 3)) for _ in range(2))
    objective = lambda z: float(np.sum(abs(z) ** 2) + np.imag(np.prod(z)))
    sensitivity = sensitivity_by_differences(objective, z)
    assert sensitivity.shape == (2, 3)
    h = 1e-5
    measured = (objective(z + h * step) - objective(z - h * step)) / (2 * h)
    assert rate_along(sensitivity, step) == pytest.approx(measured, rel=1e-7)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="one real number"):
        sensitivity_by_differences(np.square, 1 + 1j)
    with pytest.raises(ValueError, match="one real number"):
        sensitivity_by_differences(np.abs, POINTS)
    with pytest.raises(ValueError, match="expected names among"):
        run_chain(["cube"], 1.0)
    with pytest.raises(ValueError, match="expected a real result"):
        run_chain(["exp"], 1.0)
