"""Two signals: closed forms for erf and relu, and slopes at the fixed points."""

import numpy as np
import pytest

from mlphys.learning.correlation import (
    correlation_depth,
    fixed_correlation,
    next_correlation,
    pair_mean,
)
from mlphys.learning.depth import UNITS, fixed_length, gauss_mean, susceptibility

C = np.array([-0.9, -0.3, 0.0, 0.5, 0.95, 1.0])


@pytest.mark.parametrize("q", [0.2, 1.0, 5.0])
def test_erf_against_the_arcsine_of_williams(q):
    exact = 2 / np.pi * np.arcsin(2 * q * C / (1 + 2 * q))
    assert pair_mean(UNITS["erf"].value, q, C) == pytest.approx(exact, abs=1e-9)


def test_relu_against_the_arc_cosine_of_cho_and_saul_within_the_stated_bound():
    theta = np.arccos(C)
    exact = 3.0 * (np.sin(theta) + (np.pi - theta) * np.cos(theta)) / (2 * np.pi)
    assert pair_mean(UNITS["relu"].value, 3.0, C) == pytest.approx(exact, abs=3e-3)


@pytest.mark.parametrize("unit", ["arctan", "tanh"])
def test_equal_inputs_reduce_to_the_single_sum(unit):
    value = UNITS[unit].value
    single = gauss_mean(lambda z: value(z) ** 2, 2.0)
    assert pair_mean(value, 2.0, 1.0) == pytest.approx(float(single), rel=1e-9)


def test_pair_mean_against_drawn_pairs():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((2, 2_000_000))
    u, v = np.sqrt(2) * x, np.sqrt(2) * (0.6 * x + 0.8 * y)
    drawn = np.arctan(u) * np.arctan(v)
    error = drawn.std() / np.sqrt(drawn.size)
    assert abs(pair_mean(np.arctan, 2.0, 0.6) - drawn.mean()) < 4 * error


@pytest.mark.parametrize(("sigma_w", "sigma_b"), [(0.9, 0.3), (1.5, 0.3), (2.0, 0.1)])
def test_slope_of_the_map_at_one_is_chi(sigma_w, sigma_b):
    h = 1e-5
    below = next_correlation("arctan", 1 - h, sigma_w=sigma_w, sigma_b=sigma_b)
    q = fixed_length("arctan", sigma_w=sigma_w, sigma_b=sigma_b)
    chi = susceptibility("arctan", q, sigma_w=sigma_w)
    assert (1 - below) / h == pytest.approx(float(chi), rel=1e-4)


@pytest.mark.parametrize(("sigma_w", "sigma_b"), [(0.9, 0.3), (2.0, 0.3), (1.7, 0.0)])
@pytest.mark.parametrize("unit", ["arctan", "tanh"])
def test_fixed_correlation_is_where_iteration_ends(unit, sigma_w, sigma_b):
    c = np.array(0.8)
    for _ in range(150):
        c = np.clip(next_correlation(unit, c, sigma_w=sigma_w, sigma_b=sigma_b), -1, 1)
    found = fixed_correlation(unit, sigma_w=sigma_w, sigma_b=sigma_b)
    assert found == pytest.approx(float(c), abs=1e-4)


def test_depth_is_the_decay_of_a_difference():
    c = 0.5
    goal = fixed_correlation("tanh", sigma_w=2.0, sigma_b=0.3)
    gaps = []
    for _ in range(40):
        c = float(next_correlation("tanh", c, sigma_w=2.0, sigma_b=0.3))
        gaps.append(c - goal)
    rate = -1 / np.log(gaps[-1] / gaps[-2])
    assert correlation_depth("tanh", sigma_w=2.0, sigma_b=0.3) == pytest.approx(rate, rel=1e-2)


def test_depth_grows_toward_the_critical_weight_from_both_sides():
    below = [correlation_depth("tanh", sigma_w=s, sigma_b=0.1) for s in (0.9, 1.1, 1.18)]
    above = [correlation_depth("tanh", sigma_w=s, sigma_b=0.1) for s in (1.6, 1.3, 1.21)]
    assert below == sorted(below)
    assert above == sorted(above)
    assert min(below[-1], above[-1]) > 30


def test_messages():
    with pytest.raises(ValueError, match="correlations in -1"):
        pair_mean(np.tanh, 1.0, 1.5)
    with pytest.raises(ValueError, match="fixed length 0"):
        next_correlation("tanh", 0.5, sigma_w=0.5)
