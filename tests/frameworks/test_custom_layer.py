"""The layer against NumPy, in every kind of model, on both backends, and through a file."""

import numpy as np
import pytest

from mlphys.frameworks.custom_layer import Squash, keras, squash
from mlphys.frameworks.other_backend import predict_elsewhere

NUMPY = {"asinh": np.arcsinh, "arctan": np.arctan}
KINDS = sorted(NUMPY)

# Keras 3.15 turns its variables into arrays in a way that NumPy 2 will not accept for ever
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def make_model(kind):
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(6, activation="tanh"),
            keras.layers.Dense(3),
            Squash(kind, rate=0.7),
        ]
    )
    model.layers[-1].a.assign(1.3)
    return model


def some_inputs():
    return np.random.default_rng(4).normal(0, 3, (20, 4)).astype(np.float32)


@pytest.mark.parametrize("kind", KINDS)
def test_function_is_the_formula(kind):
    x = np.linspace(-1e4, 1e4, 2001, dtype=np.float32)
    exact = 1.5 * NUMPY[kind](0.3 * x.astype(np.float64))
    np.testing.assert_allclose(np.asarray(squash(x, 1.5, 0.3, kind)), exact, rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_layer_starts_as_the_identity_near_zero(kind):
    x = np.float32([[-1e-3, 0, 1e-3]])
    np.testing.assert_allclose(np.asarray(Squash(kind, rate=0.5)(x)), x, rtol=1e-6)


def test_both_signs_turned_give_the_same_function():
    x = some_inputs()
    np.testing.assert_array_equal(squash(x, 2.0, 0.5), squash(x, -2.0, -0.5))


def test_arctan_bounds_the_odds_and_asinh_makes_them_a_power():
    a, b = 1.7, 0.4
    far = float(squash(np.float32(1e9), a, b, "arctan") - squash(np.float32(-1e9), a, b, "arctan"))
    assert far == pytest.approx(a * np.pi, rel=1e-6)
    x = 5e3
    odds = np.exp(float(squash(np.float32(x), a, b)))
    assert odds == pytest.approx((2 * b * x) ** a, rel=1e-3)


def test_a_small_kappa_gives_boltzmann_back():
    x = np.linspace(-3, 3, 13)
    for kappa in (1e-1, 1e-2):
        deformed = np.exp(np.asarray(squash(x.astype(np.float32), 1 / kappa, kappa)))
        np.testing.assert_allclose(deformed, np.exp(x), rtol=27 / 6 * kappa**2 * 1.1)


@pytest.mark.parametrize("kind", ["tanh", "ASINH", ""])
def test_unknown_kind_lists_the_known(kind):
    message = rf"one of arctan, asinh; got '{kind}'"
    with pytest.raises(ValueError, match=message):
        Squash(kind)
    with pytest.raises(ValueError, match=message):
        squash(1.0, 1.0, 1.0, kind)


@pytest.mark.parametrize("rate", [0, -1.0, float("nan"), float("inf")])
def test_rate_must_be_positive(rate):
    with pytest.raises(ValueError, match=r"expected a rate above 0; got"):
        Squash(rate=rate)


@pytest.mark.parametrize("kind", KINDS)
def test_config_makes_the_same_layer(kind):
    layer = Squash(kind, rate=0.125, name="doubt", dtype="float64")
    again = Squash.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert (again.kind, again.rate, again.name, again.dtype) == (kind, 0.125, "doubt", "float64")


@pytest.mark.parametrize("kind", KINDS)
def test_sequential_and_functional_models_agree(kind):
    model = make_model(kind)
    inputs = keras.Input((4,))
    outputs = inputs
    for layer in model.layers:
        outputs = layer(outputs)
    functional = keras.Model(inputs, outputs)
    assert functional.output_shape == (None, 3)
    x = some_inputs()
    np.testing.assert_array_equal(functional(x), model(x))


@pytest.mark.parametrize("kind", KINDS)
def test_saved_model_answers_to_the_bit(kind, tmp_path):
    model, x = make_model(kind), some_inputs()
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(again.predict(x, verbose=0), model.predict(x, verbose=0))
    for read, written in zip(again.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(read, written)
    assert again.layers[-1].kind == kind


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("compiled", [False, True])
def test_one_step_of_training_is_that_of_calculus(kind, compiled):
    # mean of s² over the outputs: the slopes in a and b by hand
    layer = Squash(kind, rate=0.7)
    model = keras.Sequential([keras.Input((4,)), layer])
    model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=compiled)
    x = some_inputs()
    a, b = 1 / 0.7, 0.7
    f, slope = NUMPY[kind](b * x), 1 / (1 + (b * x) ** 2) ** (0.5 if kind == "asinh" else 1)
    expected = a - 0.1 * np.mean(2 * a * f * f), b - 0.1 * np.mean(2 * a * f * a * x * slope)
    model.fit(x, np.zeros_like(x), batch_size=len(x), epochs=1, verbose=0)
    np.testing.assert_allclose([float(layer.a), float(layer.b)], expected, rtol=1e-4)


def test_same_file_answers_alike_on_jax(tmp_path):
    pytest.importorskip("jax")
    model, x = make_model("asinh"), some_inputs()
    model.save(tmp_path / "model.keras")
    answer = predict_elsewhere(tmp_path / "model.keras", x, backend="jax")
    assert (answer.backend, answer.loaded_tensorflow) == ("jax", False)
    for read, written in zip(answer.weights, model.get_weights(), strict=True):
        np.testing.assert_array_equal(read, written)
    np.testing.assert_allclose(answer.outputs, model.predict(x, verbose=0), rtol=1e-5, atol=1e-6)
