"""Nets of many seeds against one net alone, the net of Part III, and Keras's optimizer rules."""

import jax
import numpy as np
import pytest

from mlphys.frameworks.many_nets import Recipe, batch_gradient, logits, one_net, start, train
from mlphys.frameworks.plane_sets import clouds
from mlphys.learning.losses import cross_entropy
from mlphys.learning.representation import relu_net


def sets(seeds, n):
    pairs = [clouds(n, rng=np.random.default_rng(s)) for s in seeds]
    return np.stack([x for x, _ in pairs]), np.stack([y for _, y in pairs])


def test_a_net_among_many_does_not_know_its_neighbors():
    data = sets(range(3), 40)
    recipe = Recipe(steps=60, batch_size=8, dropout=True, records=3)
    order = [2, 0, 1]
    runs = [
        train(
            start((2, 6, 2), seeds), *[a[seeds] for a in data * 2], seeds=seeds, recipe=recipe,
            drop=0.3,
        )
        for seeds in ([0, 1, 2], order)
    ]  # fmt: skip
    for place, seed in enumerate(order):
        assert np.allclose(runs[0].losses[seed], runs[1].losses[place], atol=1e-5)
        nets = one_net(runs[0].layers, seed), one_net(runs[1].layers, place)
        for (w, b), (v, c) in zip(*nets, strict=True):
            assert np.allclose(w, v, atol=1e-5) and np.allclose(b, c, atol=1e-5)


def test_logits_are_those_of_part_three():
    layers = start((2, 7, 5, 3), range(2))
    x = np.random.default_rng(0).normal(size=(9, 2)).astype(np.float32)
    ours = logits([(w[1], b[1]) for w, b in layers], x)
    assert np.allclose(ours, relu_net(one_net(layers, 1), x), atol=1e-5)


def test_plain_descent_follows_central_differences_of_loss_and_penalty():
    x, y = sets(range(1), 12)
    first, l2, rate = start((2, 4, 2), range(1)), 0.3, 0.05
    after = train(
        first, x, y, x, y, seeds=[0], learning_rate=rate, l2=l2,
        recipe=Recipe(steps=1, optimizer="sgd", records=1),
    )  # fmt: skip
    net = one_net(first, 0)

    def loss():
        penalty = sum((w**2).sum() for w, _ in net)
        return cross_entropy(relu_net(net, x[0]), y[0]).mean() + 0.5 * l2 * penalty

    for (w, b), (v, c) in zip(net, one_net(after.layers, 0), strict=True):
        for array, moved in ((w, v), (b, c)):
            flat, slopes = array.reshape(-1), []
            for i in range(flat.size):
                kept = flat[i]
                flat[i] = kept + 1e-5
                up = loss()
                flat[i] = kept - 1e-5
                slopes.append((up - loss()) / 2e-5)
                flat[i] = kept
            assert np.allclose(moved.ravel(), flat - rate * np.array(slopes), atol=1e-5)


def test_first_step_of_adam_is_the_rate():
    x, y = sets(range(1), 30)
    first = start((2, 4, 2), range(1))
    after = train(
        first, x, y, x, y, seeds=[0], learning_rate=0.01, recipe=Recipe(steps=1, records=1)
    )
    for (w, _), (v, _) in zip(one_net(first, 0), one_net(after.layers, 0), strict=True):
        moved = np.abs(v - w)[np.abs(v - w) > 0]
        assert np.allclose(moved, 0.01, rtol=1e-3)  # the first step of Adam is the rate itself


def test_batch_gradients_average_to_the_whole():
    x, y = (a[0] for a in sets(range(1), 16))
    layers = jax.tree.map(lambda a: a[0], start((2, 5, 2), range(1)))
    parts = [batch_gradient(layers, x[i : i + 4], y[i : i + 4]) for i in range(0, 16, 4)]
    assert np.allclose(np.mean(parts, axis=0), batch_gradient(layers, x, y), atol=1e-6)


def test_messages():
    x, y = sets(range(2), 6)
    with pytest.raises(ValueError, match="of one number; got 3 nets"):
        train(start((2, 4, 2), range(3)), x, y, x, y, seeds=range(2), recipe=Recipe())
    with pytest.raises(ValueError, match="multiple of records"):
        train(start((2, 4, 2), range(2)), x, y, x, y, seeds=range(2), recipe=Recipe(steps=7))
    with pytest.raises(ValueError, match="0 for a recipe without dropout"):
        train(start((2, 4, 2), range(2)), x, y, x, y, seeds=range(2), recipe=Recipe(), drop=0.5)
    with pytest.raises(ValueError, match="'relu' or 'tanh'; got 'adam' and 'gelu'"):
        train(start((2, 4, 2), range(2)), x, y, x, y, seeds=range(2), recipe=Recipe(unit="gelu"))
    with pytest.raises(ValueError, match="two or more widths"):
        start((2,), range(2))
