"""The net and its gradient, against slower routes to the same numbers."""

import numpy as np
import pytest

from mlphys.learning.deep_net import DeepNet, initialize, parameter_count, split_layers

UNITS = ("arctan", "tanh", "relu")
SIZES = (6, 5, 4, 3)

SCALAR_UNITS = {
    "arctan": (lambda z: np.arctan(z), lambda z: 1 / (1 + z * z)),
    "tanh": (lambda z: np.tanh(z), lambda z: 1 / np.cosh(z) ** 2),
    "relu": (lambda z: z if z > 0 else 0.0, lambda z: 1.0 if z > 0 else 0.0),
}


def problem(*, activation="arctan", dtype=np.float64, seed=0, examples=7, sizes=SIZES):
    rng = np.random.default_rng(seed)
    net = DeepNet(sizes, rng=rng, activation=activation, dtype=dtype)
    for layer in net.layers:
        layer.offsets[:] = 0.3 * rng.standard_normal(layer.offsets.shape)
    x = rng.standard_normal((examples, sizes[0])).astype(dtype)
    return net, x, rng.integers(0, sizes[-1], examples)


def loops(net, x, labels):
    """Loss and gradient by sums over single numbers, with no matrix product."""
    phi, slope = SCALAR_UNITS[net.activation.name]
    gradient = np.zeros(net.parameters.size)
    views = split_layers(gradient, net.sizes)
    total = 0.0
    for example, label in zip(x.tolist(), labels.tolist(), strict=True):
        a, z = [example], []
        for number, (weights, offsets) in enumerate(net.layers):
            z.append(
                [
                    offsets[j] + sum(a[-1][i] * weights[i, j] for i in range(len(a[-1])))
                    for j in range(len(offsets))
                ]
            )
            last = number == len(net.layers) - 1
            a.append(z[-1] if last else [phi(value) for value in z[-1]])
        weights = [np.exp(value) for value in z[-1]]
        p = [value / sum(weights) for value in weights]
        total -= np.log(p[label])
        delta = [p[j] - (j == label) for j in range(len(p))]
        for number in range(len(net.layers) - 1, -1, -1):
            for j, d in enumerate(delta):
                views[number].offsets[j] += d
                for i, value in enumerate(a[number]):
                    views[number].weights[i, j] += value * d
            if number:
                matrix = net.layers[number].weights
                delta = [
                    slope(z[number - 1][i]) * sum(matrix[i, j] * d for j, d in enumerate(delta))
                    for i in range(matrix.shape[0])
                ]
    return total / len(x), gradient / len(x)


@pytest.mark.parametrize("activation", UNITS)
def test_gradient_equals_sums_over_single_numbers(activation):
    net, x, labels = problem(activation=activation)
    loss = net.loss_and_gradient(x, labels)
    expected_loss, expected = loops(net, x, labels)
    assert loss == pytest.approx(expected_loss, rel=1e-14)
    assert np.allclose(net.gradient, expected, rtol=1e-13, atol=1e-15)


def loss_at(net, vector, x, labels):
    kept = net.parameters.copy()
    net.parameters[:] = vector
    value = net.loss_and_gradient(x, labels)
    net.parameters[:] = kept
    return value


@pytest.mark.parametrize("activation", UNITS)
def test_gradient_equals_central_differences_along_random_directions(activation):
    net, x, labels = problem(activation=activation, seed=3)
    net.loss_and_gradient(x, labels)
    gradient, h = net.gradient.copy(), 6e-6
    rng = np.random.default_rng(9)
    for _ in range(5):
        direction = rng.standard_normal(net.parameters.size)
        ahead = loss_at(net, net.parameters + h * direction, x, labels)
        behind = loss_at(net, net.parameters - h * direction, x, labels)
        assert (ahead - behind) / (2 * h) == pytest.approx(gradient @ direction, rel=1e-7)


def complex_loss(net, vector, x, labels):
    """The plain formula, for complex parameters."""
    a = x
    layers = split_layers(vector, net.sizes)
    for layer in layers[:-1]:
        a = net.activation.name == "tanh" and np.tanh(a @ layer.weights + layer.offsets)
    z = a @ layers[-1].weights + layers[-1].offsets
    z = z - z.real.max(axis=1, keepdims=True)
    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), labels]).mean()


def test_gradient_equals_complex_step_to_rounding():
    net, x, labels = problem(activation="tanh", seed=5)
    net.loss_and_gradient(x, labels)
    for k in range(net.parameters.size):
        vector = net.parameters.astype(complex)
        vector[k] += 1e-100j
        slope = complex_loss(net, vector, x, labels).imag / 1e-100
        assert net.gradient[k] == pytest.approx(slope, rel=1e-12, abs=1e-16)


@pytest.mark.parametrize("activation", UNITS)
def test_gradient_equals_jax(activation):
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    net, x, labels = problem(activation=activation, dtype=np.float32, seed=2, examples=16)
    unit = {"arctan": jnp.arctan, "tanh": jnp.tanh, "relu": jax.nn.relu}[activation]

    def loss(layers):
        a = x
        for weights, offsets in layers[:-1]:
            a = unit(a @ weights + offsets)
        z = a @ layers[-1][0] + layers[-1][1]
        return -jnp.take_along_axis(jax.nn.log_softmax(z), labels[:, None], axis=1).mean()

    expected_loss, expected = jax.value_and_grad(loss)([tuple(layer) for layer in net.layers])
    assert net.loss_and_gradient(x, labels) == pytest.approx(float(expected_loss), rel=1e-6)
    for ours, theirs in zip(net.gradient_layers, expected, strict=True):
        for mine, other in zip(ours, theirs, strict=True):
            assert np.allclose(mine, np.asarray(other), rtol=1e-4, atol=1e-6)


def test_planted_fault_of_a_thousandth_is_caught():
    net, x, labels = problem()
    net.loss_and_gradient(x, labels)
    _, expected = loops(net, x, labels)
    wrong = net.gradient.copy()
    wrong[np.abs(wrong).argmax()] *= 1.001
    assert not np.allclose(wrong, expected, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("sizes", [(6, 3), (6, 2, 2), (6, 5, 4, 3, 2)])
def test_any_depth(sizes):
    net, x, labels = problem(sizes=sizes)
    net.loss_and_gradient(x, labels)
    assert np.allclose(net.gradient, loops(net, x, labels)[1], rtol=1e-12, atol=1e-15)


def test_single_precision_agrees_with_double():
    single, x, labels = problem(dtype=np.float32, sizes=(784, 25, 25, 25, 10), examples=64)
    double = DeepNet(single.sizes, rng=np.random.default_rng(0), dtype=np.float64)
    double.parameters[:] = single.parameters
    assert single.loss_and_gradient(x, labels) == pytest.approx(
        double.loss_and_gradient(x.astype(np.float64), labels), rel=1e-5
    )
    scale = np.abs(double.gradient).max()
    assert np.abs(single.gradient - double.gradient).max() < 2e-6 * scale


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_logits_of_ten_thousand_give_finite_losses_and_gradients(dtype):
    net, x, labels = problem(dtype=dtype, sizes=(6, 3))
    for height in (1e4, -1e4):
        net.layers[-1].offsets[:] = [height, 0, -height]
        assert np.isfinite(net.loss_and_gradient(x, labels))
        assert np.isfinite(net.gradient).all()


def test_buffers_of_different_batch_sizes_do_not_mix():
    net, x, labels = problem(examples=9)
    whole = net.loss_and_gradient(x, labels)
    gradient = net.gradient.copy()
    net.loss_and_gradient(x[:4], labels[:4])
    assert net.loss_and_gradient(x, labels) == whole
    assert np.array_equal(net.gradient, gradient)


def test_logits_and_predictions_follow_the_definition():
    net, x, _ = problem()
    (w1, b1), (w2, b2), (w3, b3) = net.layers
    expected = np.arctan(np.arctan(x @ w1 + b1) @ w2 + b2) @ w3 + b3
    assert np.allclose(net.logits(x), expected, rtol=1e-14)
    assert np.array_equal(net.predict(x), expected.argmax(axis=1))


def test_count_of_the_lectures_net():
    by_hand = 784 * 25 + 25 + 2 * (25 * 25 + 25) + 25 * 10 + 10
    assert parameter_count((784, 25, 25, 25, 10)) == by_hand == 21185


@pytest.mark.parametrize(("activation", "variance"), [("arctan", 1), ("tanh", 1), ("relu", 2)])
def test_first_sums_have_the_variance_of_the_rule(activation, variance):
    rng = np.random.default_rng(4)
    vector = initialize((400, 300, 10), rng=rng, activation=activation, dtype=np.float64)
    z = rng.standard_normal((2000, 400)) @ split_layers(vector, (400, 300, 10))[0].weights
    assert z.var() == pytest.approx(variance, rel=0.02)


def test_same_generator_same_net():
    first, second = (DeepNet(SIZES, rng=np.random.default_rng(8)) for _ in range(2))
    assert np.array_equal(first.parameters, second.parameters)


@pytest.mark.parametrize("sizes", [(5,), (5, 1), (5, 0, 2), ()])
def test_sizes_that_are_no_net(sizes):
    with pytest.raises(ValueError, match="at least an input width"):
        parameter_count(sizes)


def test_messages():
    net, x, labels = problem()
    with pytest.raises(ValueError, match=r"expected inputs of shape \(n, 6\)"):
        net.loss_and_gradient(x[:, :5], labels)
    with pytest.raises(ValueError, match=r"float64; got shape .* of float32"):
        net.logits(x.astype(np.float32))
    with pytest.raises(ValueError, match="got 3 at position 1"):
        net.loss_and_gradient(x, np.array([0, 3, 1, 1, 1, 1, 1]))
    with pytest.raises(ValueError, match="expected 74 parameters"):
        split_layers(np.zeros(4), SIZES)
    with pytest.raises(ValueError, match="one of arctan, elu, relu, selu, tanh"):
        DeepNet(SIZES, rng=np.random.default_rng(0), activation="sigmoid")
    with pytest.raises(ValueError, match="gain above 0"):
        initialize(SIZES, rng=np.random.default_rng(0), gain=0.0)
    assert "6-5-4-3, arctan, 74 parameters" in repr(net)
