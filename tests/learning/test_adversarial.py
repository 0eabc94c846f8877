"""Smallest changes against linear programs and a general minimizer; gradients against JAX."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import linprog, minimize

from mlphys.learning.adversarial import (
    flip,
    gradient_sign,
    input_gradient,
    iterated_gradient_sign,
    net_inputs,
    smallest_change,
)
from mlphys.learning.deep_net import DeepNet
from mlphys.learning.digit_detector import Detector
from mlphys.learning.inputs import PixelScale


@pytest.fixture(scope="module")
def case():
    rng = np.random.default_rng(5)
    weights = rng.standard_normal(9)
    weights[3] = 0.0
    x = rng.random((12, 9))
    x[:, :4] = np.round(x[:, :4])  # ink at the edges of the range
    return Detector(weights, 0.4), x


def smallest_by_linear_program(detector, x, clip):
    """Least t with |δ| ≤ t and w·δ = -z."""
    d = len(x)
    cost = np.append(np.zeros(d), 1.0)
    box = np.concatenate([np.eye(d), -np.eye(d)])
    between = np.hstack([box, -np.ones((2 * d, 1))])
    bounds = [(-a, 1 - a) if clip else (None, None) for a in x] + [(0, None)]
    need = [-(x @ detector.weights + detector.offset)]
    found = linprog(
        cost, between, np.zeros(2 * d), np.append(detector.weights, 0)[None], need, bounds
    )
    return found.fun if found.status == 0 else np.inf


@pytest.mark.parametrize("clip", [False, True])
def test_linf_against_a_linear_program(case, clip):
    detector, x = case
    exact = [smallest_by_linear_program(detector, row, clip) for row in x]
    found = smallest_change(detector, x, norm="linf", clip=clip)
    assert found == pytest.approx(exact, rel=1e-8)


def test_l2_with_clipping_against_a_general_minimizer(case):
    detector, x = case
    for row, size in zip(x, smallest_change(detector, x, norm="l2", clip=True), strict=True):
        found = minimize(
            lambda y, row=row: np.sum((y - row) ** 2),
            np.full(9, 0.5),
            jac=lambda y, row=row: 2 * (y - row),
            bounds=[(0, 1)] * 9,
            constraints={"type": "eq", "fun": lambda y: y @ detector.weights + detector.offset},
            method="SLSQP",
            options={"ftol": 1e-14, "maxiter": 500},
        )
        assert size == pytest.approx(np.sqrt(found.fun), rel=1e-6)


@pytest.mark.parametrize("norm", ["l2", "linf"])
@pytest.mark.parametrize("clip", [False, True])
def test_flipped_pictures_stand_on_the_border_at_the_stated_size(case, norm, clip):
    detector, x = case
    moved = flip(detector, x, norm=norm, clip=clip)
    assert detector.logits(moved) == pytest.approx(0, abs=1e-12)
    order = 2 if norm == "l2" else np.inf
    sizes = np.linalg.norm(moved - x, ord=order, axis=1)
    assert sizes == pytest.approx(smallest_change(detector, x, norm=norm, clip=clip))
    beyond = detector.logits(flip(detector, x, norm=norm, clip=clip, beyond=0.1))
    assert beyond == pytest.approx(-0.1 * np.sign(detector.logits(x)))
    if clip:
        assert moved.min() >= 0 and moved.max() <= 1


def test_closed_forms(case):
    detector, x = case
    z = np.abs(detector.logits(x))
    assert smallest_change(detector, x, norm="l2") == pytest.approx(
        z / np.linalg.norm(detector.weights)
    )
    assert smallest_change(detector, x, norm="linf") == pytest.approx(
        z / np.abs(detector.weights).sum()
    )
    smaller, larger = (smallest_change(detector, x, norm="l2", clip=c) for c in (False, True))
    assert (smaller <= larger + 1e-12).all()


@pytest.mark.parametrize("norm", ["l2", "linf"])
def test_what_no_ink_can_flip_is_infinitely_far(norm):
    sure = Detector(np.array([1.0, -1.0]), 5.0)
    assert np.isinf(smallest_change(sure, np.full((1, 2), 0.5), norm=norm, clip=True)).all()
    best = flip(sure, np.full((1, 2), 0.5), norm=norm, clip=True)
    assert best.tolist() == [[0.0, 1.0]]


@pytest.mark.parametrize("activation", ["arctan", "relu", "tanh"])
@pytest.mark.parametrize("sizes", [(6, 3), (6, 5, 4, 3)])
def test_input_gradient_against_jax(activation, sizes):
    rng = np.random.default_rng(1)
    net = DeepNet(sizes, rng=rng, activation=activation, dtype=np.float64)
    x, labels = rng.standard_normal((7, 6)), rng.integers(0, 3, 7)
    unit = {"arctan": jnp.arctan, "relu": jax.nn.relu, "tanh": jnp.tanh}[activation]

    def loss(row, label):
        a = row
        for layer in net.layers[:-1]:
            a = unit(a @ layer.weights + layer.offsets)
        logits = a @ net.layers[-1].weights + net.layers[-1].offsets
        return -jax.nn.log_softmax(logits)[label]

    with jax.enable_x64(True):
        exact = jax.vmap(jax.grad(loss))(jnp.asarray(x), jnp.asarray(labels))
        assert np.allclose(input_gradient(net, x, labels), exact, rtol=1e-12, atol=1e-14)


@pytest.fixture(scope="module")
def net():
    return DeepNet((16, 8, 3), rng=np.random.default_rng(2))


def losses(net, images, labels, pixels):
    logits = net.logits(net_inputs(images, pixels=pixels)).astype(float)
    logits -= logits.max(axis=1, keepdims=True)
    return np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(labels)), labels]


def test_sign_steps_stay_in_the_box_and_raise_the_loss(net):
    rng, pixels = np.random.default_rng(3), PixelScale(60.0, 1 / 80)
    images = rng.integers(0, 256, (40, 4, 4)).astype(np.uint8)
    labels = rng.integers(0, 3, 40)
    before = losses(net, images, labels, pixels)
    once = gradient_sign(net, images, labels, size=0.05, pixels=pixels)
    many = iterated_gradient_sign(net, images, labels, size=0.05, steps=8, pixels=pixels)
    for moved in (once, many):
        assert moved.shape == images.shape
        assert moved.min() >= 0 and moved.max() <= 1
        assert np.abs(moved - images / 255).max() <= 0.05 + 1e-12
        assert (losses(net, moved, labels, pixels) > before).all()
    gain = losses(net, many, labels, pixels) - losses(net, once, labels, pixels)
    assert gain.mean() > 0
    same = gradient_sign(net, images / 255, labels, size=0.05, pixels=pixels)
    assert np.allclose(once, same)
    assert np.array_equal(gradient_sign(net, images, labels, size=0.0), images / 255)


def test_any_object_with_an_input_gradient_will_do():
    class Straight:
        def input_gradient(self, x, labels):
            return np.where(labels[:, None] == 1, -1.0, 1.0) * np.ones_like(x)

    moved = gradient_sign(Straight(), np.full((2, 3), 0.5), np.array([0, 1]), size=0.25)
    assert moved.tolist() == [[0.75] * 3, [0.25] * 3]


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda d, x, n: smallest_change(d, x, norm="l1"), ValueError, "norm among"),
        (lambda d, x, n: flip(d, x, norm="l1"), ValueError, "norm among"),
        (lambda d, x, n: flip(d, x, norm="l2", beyond=-1.0), ValueError, "beyond of 0"),
        (lambda d, x, n: smallest_change(d, 3 * x, norm="l2", clip=True), ValueError, "0 ... 1"),
        (lambda d, x, n: gradient_sign(n, x, np.array([0]), size=-1.0), ValueError, "size of 0"),
        (lambda d, x, n: input_gradient("net", x, np.array([0])), TypeError, "expected a DeepNet"),
        (lambda d, x, n: input_gradient(n, x, np.array([3])), ValueError, "class numbers"),
    ],
)
def test_bad_input_is_refused(net, call, error, words):
    with pytest.raises(error, match=words):
        call(Detector(np.ones(16), 0.0), np.full((1, 16), 0.5, np.float32), net)
