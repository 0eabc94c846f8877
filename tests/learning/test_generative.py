"""The gradient against central differences and JAX, the bound against a quadrature."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mlphys.derivatives.gradient_check import check_gradient
from mlphys.learning.generative import Autoencoder, train_autoencoder


@pytest.fixture
def rng():
    return np.random.default_rng(4)


def small(rng, pixels=7, hidden=5, codes=2):
    return Autoencoder(pixels=pixels, hidden=hidden, codes=codes, rng=rng, dtype=np.float64)


def claimed(model, x, noise):
    def value(parameters):
        model.parameters[:] = parameters
        return model.free_energy(x, noise).total

    def gradient(parameters):
        model.parameters[:] = parameters
        model.step(x, noise)
        return model.gradient.copy()

    return value, gradient


def test_gradient_by_central_differences(rng):
    model, x, noise = small(rng), rng.random((6, 7)), rng.standard_normal((6, 2))
    value, gradient = claimed(model, x, noise)
    start = model.parameters.copy() + 0.1 * rng.standard_normal(model.parameters.size)
    report = check_gradient(value, gradient(start), start, rng=rng, method="central")
    assert report.ok, str(report)
    spoiled = gradient(start)
    worst = np.abs(spoiled).argmax()
    spoiled[worst] *= 1.001
    report = check_gradient(value, spoiled, start, rng=rng, method="central")
    assert not report.ok
    assert report.index == (worst,)


def test_gradient_and_bound_by_jax(rng):
    model, x, noise = small(rng), rng.random((6, 7)), rng.standard_normal((6, 2))
    model.parameters += 0.1 * rng.standard_normal(model.parameters.size)
    found = model.step(x, noise)

    def free_energy(layers):
        (a, b), (c, d) = layers
        out = jnp.maximum(x @ a.weights + a.offsets, 0) @ b.weights + b.offsets
        mean, v = out[:, :2], out[:, 2:]
        z = mean + jnp.exp(v / 2) * noise
        logits = jnp.maximum(z @ c.weights + c.offsets, 0) @ d.weights + d.offsets
        energy = -(x * jax.nn.log_sigmoid(logits) + (1 - x) * jax.nn.log_sigmoid(-logits))
        return (energy.sum() + (mean**2 + jnp.exp(v) - 1 - v).sum() / 2) / len(x)

    with jax.enable_x64(True):
        layers = (model.encoder, model.decoder)
        total, slopes = jax.value_and_grad(free_energy)(jax.tree.map(jnp.asarray, layers))
    flat = np.concatenate([np.asarray(leaf).ravel() for leaf in jax.tree.leaves(slopes)])
    assert found.total == pytest.approx(float(total), rel=1e-13)
    assert np.allclose(model.gradient, flat, rtol=0, atol=1e-13)


def test_surprise_is_the_divergence_of_two_normal_laws(rng):
    model = small(rng, codes=1)
    x = rng.random((1, 7))
    mean, v = (float(part[0, 0]) for part in model.encode(x))
    z = np.linspace(-12, 12, 20001)
    log_q = -((z - mean) ** 2) / (2 * np.exp(v)) - v / 2
    log_p = -(z**2) / 2
    q = np.exp(log_q) / np.sqrt(2 * np.pi)
    expected = np.trapezoid(q * (log_q - log_p), z)
    assert model.free_energy(x, np.zeros((1, 1))).surprise == pytest.approx(expected, rel=1e-9)


def test_bound_lies_above_the_cost_by_the_divergence_of_the_guess(rng):
    """F = -log p(x) + KL(guess | true law of the codes); all three by sums over a fine grid."""
    model = small(rng, codes=1)
    x = np.round(rng.random((1, 7)))
    mean, v = (float(part[0, 0]) for part in model.encode(x))
    z = np.linspace(-9, 9, 4001)
    p = np.clip(model.decode(z[:, None]), 1e-15, 1 - 1e-15)
    log_joint = np.log(np.where(x > 0.5, p, 1 - p)).sum(axis=1) - z**2 / 2 - np.log(2 * np.pi) / 2
    cost = -np.log(np.trapezoid(np.exp(log_joint), z))
    log_guess = -((z - mean) ** 2) / (2 * np.exp(v)) - v / 2 - np.log(2 * np.pi) / 2
    guess = np.exp(log_guess)
    noise = ((z - mean) / np.exp(v / 2))[:, None]
    bound = np.trapezoid(
        guess * [model.free_energy(x, e[None]).energy for e in noise], z
    ) + np.trapezoid(guess * (log_guess + z**2 / 2 + np.log(2 * np.pi) / 2), z)
    divergence = np.trapezoid(guess * (log_guess - log_joint - cost), z)
    assert divergence > 0
    assert bound == pytest.approx(cost + divergence, rel=1e-9)
    surprise = model.free_energy(x, np.zeros((1, 1))).surprise
    energy = np.trapezoid(guess * [model.free_energy(x, e[None]).energy for e in noise], z)
    assert bound == pytest.approx(energy + surprise, rel=1e-9)


def test_training_learns_a_two_state_world(rng):
    """Two patterns, equally frequent: log 2 is the cost of saying which."""
    images = np.where(rng.random((2000, 1)) < 0.5, [[255, 255, 0, 0]], [[0, 0, 255, 255]])
    model = Autoencoder(pixels=4, hidden=16, codes=1, rng=rng)
    history = train_autoencoder(
        model, images.astype(np.uint8), epochs=60, learning_rate=0.01, rng=rng
    )
    assert history[-1].total < 0.5 * history[0].total
    assert np.log(2) < history[-1].total < 2 * np.log(2)
    drawn = model.draw(400, rng=rng).round()
    kinds = {tuple(row) for row in drawn.astype(int).tolist()}
    assert {(1, 1, 0, 0), (0, 0, 1, 1)} <= kinds
    assert abs(drawn[:, 0].mean() - 0.5) < 0.15


def test_same_seed_same_samples():
    def run():
        rng = np.random.default_rng(1)
        model = Autoencoder(pixels=9, hidden=4, codes=2, rng=rng)
        images = rng.integers(0, 256, (200, 3, 3)).astype(np.uint8)
        train_autoencoder(model, images, epochs=2, learning_rate=0.01, rng=rng)
        return model.draw(5, rng=rng)

    assert np.array_equal(run(), run())
    assert run().dtype == np.float32


def test_messages(rng):
    model = small(rng)
    with pytest.raises(ValueError, match="expected pictures of shape"):
        model.step(np.zeros((3, 7), np.float32), np.zeros((3, 2)))
    with pytest.raises(ValueError, match="at least 100 uint8"):
        train_autoencoder(model, np.zeros((3, 7), np.uint8), epochs=1, learning_rate=0.1, rng=rng)
    with pytest.raises(ValueError, match="at least one pixel"):
        Autoencoder(pixels=7, hidden=0, codes=2, rng=rng)
