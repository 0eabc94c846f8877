"""Mean-field theory: quadrature against mpmath and closed forms, published numbers, its limits."""

from typing import Any

import mpmath as mp
import numpy as np
import pytest

from mlphys.learning import depth
from mlphys.learning.activations import ACTIVATIONS
from mlphys.learning.depth import (
    UNITS,
    critical_weight,
    find_unit,
    fixed_length,
    gauss_mean,
    gradient_scatter,
    length_depth,
    level_line,
    next_length,
    susceptibility,
)

PRECISE = {
    "arctan": (mp.atan, lambda z: 1 / (1 + z * z)),
    "tanh": (mp.tanh, lambda z: mp.sech(z) ** 2),
    "erf": (mp.erf, lambda z: 2 / mp.sqrt(mp.pi) * mp.exp(-z * z)),
}


def precise_mean(curve, q):
    def integrand(x):
        return curve(mp.sqrt(q) * x) * mp.npdf(x)

    integral: Any = mp.quad(integrand, [0, 0.25, 0.5, 1, 2, 4, 8, 14])
    return float(2 * integral)


@pytest.mark.parametrize("q", [1e-3, 0.5, 3.0, 25.0])
@pytest.mark.parametrize("name", sorted(PRECISE))
def test_quadrature_against_mpmath(name, q):
    value, slope = PRECISE[name]
    bound = 1e-12 if q < 4 else 1e-6
    length = precise_mean(lambda z: value(z) ** 2, q)
    chi = precise_mean(lambda z: slope(z) ** 2, q)
    assert next_length(name, q, sigma_w=1.0) == pytest.approx(length, rel=bound)
    assert susceptibility(name, q, sigma_w=1.0) == pytest.approx(chi, rel=bound)


@pytest.mark.parametrize(
    ("unit", "sigma_w", "chi"),
    [("tanh", 1.5, 1.139), ("tanh", 2.0, 1.363), ("tanh", 4.0, 2.377), ("arctan", 1.5, 1.115),
     ("arctan", 2.0, 1.291), ("arctan", 4.0, 2.080)],
)  # fmt: skip
def test_chi_at_the_fixed_length_to_three_digits(unit, sigma_w, chi):
    """With the fixed point found, too, by mpmath: q = σ_w² E[φ²]."""
    value, slope = PRECISE[unit]
    q: Any = mp.findroot(
        lambda q: sigma_w**2 * precise_mean(lambda z: value(z) ** 2, q) - q, sigma_w**2, tol=1e-9
    )
    precise = sigma_w**2 * precise_mean(lambda z: slope(z) ** 2, q)
    found = fixed_length(unit, sigma_w=sigma_w)
    assert found == pytest.approx(float(q), rel=1e-5)
    assert susceptibility(unit, found, sigma_w=sigma_w) == pytest.approx(precise, rel=1e-5)
    assert precise == pytest.approx(chi, abs=6e-4)


@pytest.mark.parametrize("q", [0.01, 0.5, 4.0])
def test_length_map_of_erf_is_the_arcsine_of_williams(q):
    exact = 2 / np.pi * np.arcsin(2 * q / (1 + 2 * q))
    assert next_length("erf", q, sigma_w=1.0) == pytest.approx(exact, rel=1e-12)
    chi = 4 / np.pi / np.sqrt(1 + 4 * q)
    assert susceptibility("erf", q, sigma_w=1.0) == pytest.approx(chi, rel=1e-12)


def test_relu_halves_length_and_gradient_exactly():
    q = np.array([0.1, 1.0, 30.0])
    assert next_length("relu", q, sigma_w=1.0) == pytest.approx(q / 2, rel=1e-13)
    assert susceptibility("relu", q, sigma_w=2**0.5) == pytest.approx([1, 1, 1], rel=1e-13)


def test_arctan_at_length_one_responds_by_exactly_one_half():
    """From E[f'] = E[ξ f] with f = ξ/(1 + ξ²)."""
    assert susceptibility("arctan", 1.0, sigma_w=1.0) == pytest.approx(0.5, abs=1e-13)


CRITICAL = {
    "tanh": (1.1225, 1.1934, 1.3956, 1.5497),
    "arctan": (1.1244, 1.1964, 1.3998, 1.5522),
}


@pytest.mark.parametrize("unit", sorted(CRITICAL))
def test_critical_weights_to_four_digits(unit):
    found = [critical_weight(unit, sigma_b=b) for b in (0.05, 0.1, 0.3, 0.5)]
    assert [round(sigma_w, 4) for sigma_w in found] == list(CRITICAL[unit])
    assert critical_weight(unit, sigma_b=0.0) == 1.0


@pytest.mark.parametrize("unit", ["arctan", "erf", "tanh"])
@pytest.mark.parametrize("sigma_b", [0.02, 0.3, 1.0])
def test_critical_weight_is_where_the_iterated_map_has_chi_one(unit, sigma_b):
    sigma_w = critical_weight(unit, sigma_b=sigma_b)
    q = 1.0
    for _ in range(3000):
        q = float(next_length(unit, q, sigma_w=sigma_w, sigma_b=sigma_b))
    assert susceptibility(unit, q, sigma_w=sigma_w) == pytest.approx(1, abs=1e-9)


def test_level_line_passes_through_the_critical_weights():
    sigma_w, sigma_b, q = level_line("tanh", np.geomspace(1e-3, 3, 400))
    assert np.interp(0.3, sigma_b, sigma_w) == pytest.approx(1.3956, abs=1e-4)
    middle = len(q) // 2
    found = fixed_length("tanh", sigma_w=sigma_w[middle], sigma_b=sigma_b[middle])
    assert found == pytest.approx(q[middle], rel=1e-9)


@pytest.mark.parametrize(
    ("unit", "sigma_w", "sigma_b"),
    [("arctan", 1.5, 0.0), ("tanh", 2.0, 0.3), ("relu", 1.2, 0.5), ("erf", 1.0, 0.1),
     ("selu", 1.0, 0.0), ("elu", 1.3, 0.2)],
)  # fmt: skip
def test_fixed_length_is_where_iteration_ends(unit, sigma_w, sigma_b):
    q = 0.7
    for _ in range(2000):
        q = float(next_length(unit, q, sigma_w=sigma_w, sigma_b=sigma_b))
    assert fixed_length(unit, sigma_w=sigma_w, sigma_b=sigma_b) == pytest.approx(q, rel=1e-6)


def test_lengths_that_die_grow_or_stay():
    assert fixed_length("arctan", sigma_w=0.99) == 0
    assert fixed_length("arctan", sigma_w=1.0) == 0
    assert fixed_length("relu", sigma_w=1.5, sigma_b=0.1) == np.inf
    with pytest.raises(ValueError, match="keeps every length"):
        fixed_length("relu", sigma_w=2**0.5)


@pytest.mark.parametrize(("unit", "sigma_w", "sigma_b"), [("tanh", 2.0, 0.0), ("arctan", 0.8, 0.3)])
def test_length_depth_is_the_decay_of_a_wrong_length(unit, sigma_w, sigma_b):
    goal = fixed_length(unit, sigma_w=sigma_w, sigma_b=sigma_b)
    q = [1.001 * goal]
    for _ in range(4):
        q.append(float(next_length(unit, q[-1], sigma_w=sigma_w, sigma_b=sigma_b)))
    rate = (q[-1] - goal) / (q[-2] - goal)
    expected = -1 / np.log(rate)
    found = length_depth(unit, sigma_w=sigma_w, sigma_b=sigma_b)
    assert found == pytest.approx(expected, rel=1e-2)


def test_length_depth_in_the_limits():
    assert length_depth("tanh", sigma_w=0.5) == pytest.approx(1 / np.log(4), rel=1e-6)
    assert length_depth("relu", sigma_w=1.5, sigma_b=0.1) == np.inf


def test_selu_keeps_length_one_and_lets_gradients_grow():
    assert fixed_length("selu", sigma_w=1.0) == pytest.approx(1, abs=1e-5)
    # λ² (1/2 + α² e² Φ(-2))
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    exact = scale**2 * (0.5 + alpha**2 * np.exp(2) * float(mp.ncdf(-2)))
    assert susceptibility("selu", 1.0, sigma_w=1.0) == pytest.approx(exact, abs=1e-3)


def test_scatter_of_a_linear_unit_would_be_two_over_n(monkeypatch):
    line = depth.Unit("line", lambda z: z, np.ones_like)
    monkeypatch.setitem(UNITS, "line", line)
    assert gradient_scatter("line", 1.0, width=50) == pytest.approx(2 / 50)


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_units_are_those_of_the_nets(name):
    z = np.linspace(-4.05, 4.05, 60)
    a, g = np.empty_like(z), np.ones_like(z)
    net_unit, unit = ACTIVATIONS[name], UNITS[name]
    net_unit.value(z, a)
    net_unit.pull_back(g, z, a, np.empty_like(z))
    assert np.allclose(unit.value(z), a, atol=1e-14)
    assert np.allclose(unit.slope(z), g, atol=1e-14)


def test_a_rule_with_few_nodes_misses_the_rare_units_that_respond():
    """101 nodes: 2.41 for arctan at σ_w = 4, where the integral is 2.08."""
    q = fixed_length("arctan", sigma_w=4.0)
    precise = 16 * precise_mean(lambda z: PRECISE["arctan"][1](z) ** 2, q)
    assert susceptibility("arctan", q, sigma_w=4.0) == pytest.approx(precise, rel=1e-6)
    few = 16 * gauss_mean(lambda z: UNITS["arctan"].slope(z) ** 2, q, nodes=101)
    assert abs(few / precise - 1) > 0.1


def test_messages():
    with pytest.raises(ValueError, match="one of arctan, elu, erf"):
        find_unit("sine")
    with pytest.raises(ValueError, match="variances of 0 or more"):
        gauss_mean(np.square, -1.0)
    with pytest.raises(ValueError, match="sigma_w above 0"):
        next_length("tanh", 1.0, sigma_w=0.0)
    with pytest.raises(ValueError, match="expected a bounded unit"):
        critical_weight("relu", sigma_b=0.1)
