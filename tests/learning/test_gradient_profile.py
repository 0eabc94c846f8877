"""Measured gradients: against DeepNet's backward pass, and against the theory of wide layers."""

import numpy as np
import pytest

from mlphys.learning.correlation import next_correlation
from mlphys.learning.depth import (
    fixed_length,
    gradient_scatter,
    next_length,
    susceptibility,
)
from mlphys.learning.gradient_profile import (
    batch_profiles,
    make_random_net,
    measure_growth,
    random_correlations,
    random_signals,
)

CASES = [
    ("tanh", 0.8, 0.0),
    ("tanh", 1.5, 0.0),
    ("tanh", 2.0, 0.0),
    ("arctan", 0.8, 0.1),
    ("arctan", 1.5, 0.0),
    ("arctan", 2.0, 0.0),
]


@pytest.mark.parametrize(("unit", "sigma_w", "sigma_b"), CASES)
def test_chi_at_width_500_within_three_percent(unit, sigma_w, sigma_b):
    q = fixed_length(unit, sigma_w=sigma_w, sigma_b=sigma_b)
    chi = float(susceptibility(unit, q, sigma_w=sigma_w))
    rng = np.random.default_rng(9)
    found = measure_growth(
        unit, width=500, depth=20, sigma_w=sigma_w, sigma_b=sigma_b, rng=rng, nets=3
    )
    assert found.chi == pytest.approx(chi, rel=0.03)


@pytest.mark.parametrize(("unit", "sigma_w", "sigma_b"), [("arctan", 2.0, 0.0), ("tanh", 0.9, 0.2)])
def test_slope_at_width_300_is_half_the_logarithm_of_chi_within_error_bars(unit, sigma_w, sigma_b):
    q = fixed_length(unit, sigma_w=sigma_w, sigma_b=sigma_b)
    chi = float(susceptibility(unit, q, sigma_w=sigma_w))
    rng, nets, layers = np.random.default_rng(7), 16, 19
    squares = np.array([
        random_signals(
            unit, width=300, depth=layers + 1, sigma_w=sigma_w, sigma_b=sigma_b, rng=rng
        ).gradients[0].mean()
        for _ in range(nets)
    ])  # fmt: skip
    error = squares.std(ddof=1) / squares.mean() / np.sqrt(nets)
    slope = np.log(squares.mean()) / 2 / layers
    assert slope == pytest.approx(np.log(chi) / 2, abs=3 * error / 2 / layers)
    assert error / 2 / layers < 0.01  # the bar is short enough to tell 1 % of a gradient


def test_scatter_between_nets_follows_the_responding_units():
    q = fixed_length("arctan", sigma_w=2.0)
    rng, layers = np.random.default_rng(3), 11
    logs = [
        np.log(random_signals("arctan", width=300, depth=layers + 1, sigma_w=2.0, rng=rng,
                              signals=1).gradients[0, 0])
        for _ in range(60)
    ]  # fmt: skip
    expected = layers * gradient_scatter("arctan", q, width=300)
    assert np.var(logs, ddof=1) == pytest.approx(expected, rel=0.5)


def test_lengths_follow_the_map():
    out = random_signals(
        "arctan", width=2000, depth=4, sigma_w=1.5, sigma_b=0.2, start=4.0, signals=2,
        rng=np.random.default_rng(0),
    )  # fmt: skip
    q = [4.0]
    for _ in range(3):
        q.append(float(next_length("arctan", q[-1], sigma_w=1.5, sigma_b=0.2)))
    assert out.lengths.mean(axis=1) == pytest.approx(q, rel=0.08)


def test_batch_profile_is_the_gradient_of_one_weight_matrix_by_differences():
    rng = np.random.default_rng(1)
    net = make_random_net((5, 4, 4, 3), rng=rng, sigma_w=1.3, sigma_b=0.2)
    x, labels = rng.standard_normal((6, 5)), rng.integers(0, 3, 6)
    found = batch_profiles(net, x, labels, batch_size=6).weights[0]
    for layer, length in zip(net.layers, found, strict=True):
        slopes = np.empty_like(layer.weights)
        for place in np.ndindex(*slopes.shape):
            kept, losses = layer.weights[place], []
            for h in (1e-5, -1e-5):
                layer.weights[place] = kept + h
                losses.append(net.loss_and_gradient(x, labels))
            layer.weights[place] = kept
            slopes[place] = (losses[0] - losses[1]) / 2e-5
        assert length == pytest.approx(np.linalg.norm(slopes), rel=1e-6)


def test_offset_gradients_of_a_classifier_grow_as_the_theory_says():
    """An independent route: the backward pass that trains, with a batch of one."""
    rng, growth = np.random.default_rng(5), []
    q = fixed_length("tanh", sigma_w=1.5)
    for _ in range(6):
        net = make_random_net((300,) * 16 + (10,), rng=rng, activation="tanh", sigma_w=1.5)
        x = np.sqrt(q) / 1.5 * rng.standard_normal((1, 300))
        net.loss_and_gradient(x, np.array([0]))
        first, last = (np.linalg.norm(net.gradient_layers[k].offsets) for k in (0, 14))
        growth.append(2 * np.log(first / last) / 14)
    chi = float(susceptibility("tanh", q, sigma_w=1.5))
    assert np.mean(growth) == pytest.approx(np.log(chi), abs=0.03)


def test_correlations_in_a_wide_net_follow_the_map():
    q, rng = fixed_length("tanh", sigma_w=2.0, sigma_b=0.3), np.random.default_rng(0)
    nets = [
        random_correlations(
            "tanh", width=600, depth=5, sigma_w=2.0, sigma_b=0.3, start=q, c=0.8, rng=rng
        )
        for _ in range(24)
    ]
    error = np.std(nets, axis=0, ddof=1) / np.sqrt(24)
    assert error.max() < 0.02
    c = [0.8]
    for _ in range(4):
        c.append(float(next_correlation("tanh", c[-1], sigma_w=2.0, sigma_b=0.3)))
    assert (np.abs(np.mean(nets, axis=0) - c) < 3.5 * error).all()


def test_only_full_batches_count():
    rng = np.random.default_rng(0)
    net = make_random_net((4, 3, 2), rng=rng, sigma_w=1.0)
    x, labels = rng.standard_normal((10, 4)), np.zeros(10, int)
    assert batch_profiles(net, x, labels, batch_size=4).offsets.shape == (2, 2)
    with pytest.raises(ValueError, match="batch size of 1"):
        batch_profiles(net, x, labels, batch_size=11)


def test_messages():
    rng = np.random.default_rng(0)
    for deviation, sigma_w in ((None, None), (1.0, 1.0)):
        with pytest.raises(ValueError, match="either deviation or sigma_w"):
            make_random_net((4, 2), rng=rng, deviation=deviation, sigma_w=sigma_w)
    with pytest.raises(ValueError, match="depth of at least 2"):
        random_signals("tanh", width=3, depth=1, sigma_w=1.0, rng=rng)
    with pytest.raises(ValueError, match="c in -1"):
        random_correlations("tanh", width=3, depth=2, sigma_w=1.0, rng=rng, c=2.0, start=1.0)
    with pytest.raises(ValueError, match="at least 2 nets"):
        measure_growth("tanh", width=3, depth=2, sigma_w=1.0, rng=rng, nets=1)
