"""Graphs of gradients against JAX, closed forms and differences; counts against a pencil."""

import numpy as np
import pytest

from mlphys.physics.graph_gradient import Builder, chain_sum, gradient_graph, trace, tree_sum
from mlphys.physics.graphs import depth, live, merged, run, shared, work


def two_charges(x, y):
    """Return the potential of two unit charges at x = 1 and x = −1."""
    left = (x - 1) * (x - 1) + y * y
    right = (x + 1) * (x + 1) + y * y
    return 1 / left**0.5 + 1 / right**0.5


def coulomb(count, total):
    """Return the energy of electrons as a function of 3 × count numbers."""

    def energy(*c):
        p = [c[3 * k : 3 * k + 3] for k in range(count)]
        terms = []
        for i in range(count):
            for j in range(i):
                dx, dy, dz = (a - b for a, b in zip(p[i], p[j], strict=True))
                terms.append(1 / (dx * dx + dy * dy + dz * dz) ** 0.5)
        return total(terms)

    return energy


def names(count):
    return [f"{axis}{k}" for k in range(count) for axis in "xyz"]


def test_two_charges_by_hand():
    graph = trace(two_charges, "xy")
    assert (work(graph), work(merged(graph)), depth(graph)) == (15, 12, 6)
    x, y = 0.25, 0.75
    assert run(graph, [x, y]) == [two_charges(x, y)]
    slopes = run(gradient_graph(graph), [x, y])
    r = np.array([np.hypot(x - 1, y), np.hypot(x + 1, y)])
    exact = [-np.sum((x + np.array([-1, 1])) / r**3), -np.sum(y / r**3)]
    np.testing.assert_allclose(slopes, exact, rtol=1e-15)


@pytest.mark.parametrize("total", [chain_sum, tree_sum])
def test_gradient_of_electrons_is_that_of_jax_and_the_closed_form(total):
    import jax

    count, rng = 5, np.random.default_rng(2)
    points = rng.normal(size=(count, 3))
    f = coulomb(count, total)
    graph = gradient_graph(trace(f, names(count)), total=total, value=True)
    value, *slopes = run(graph, list(points.ravel()))
    gap = points[:, None] - points
    cube = np.linalg.norm(gap, axis=-1) ** 3 + np.eye(count)
    exact = -(gap / cube[..., None]).sum(1)
    np.testing.assert_allclose(slopes, exact.ravel(), rtol=1e-12)
    with jax.enable_x64(True):
        theirs = jax.value_and_grad(lambda c: f(*c))(points.ravel())
    np.testing.assert_allclose(value, theirs[0], rtol=1e-15)
    np.testing.assert_allclose(slopes, theirs[1], rtol=1e-12)


@pytest.mark.parametrize("count", [2, 3, 4, 6, 12])
def test_counts_of_electrons_are_those_of_the_formulas(count):
    """Ten operations a pair, and pairs − 1 additions; the loop's chain is pairs + 5 long."""
    pairs = count * (count - 1) // 2
    loop, tree = (trace(coulomb(count, total), names(count)) for total in (chain_sum, tree_sum))
    assert work(loop) == work(tree) == 11 * pairs - 1
    assert depth(loop) == pairs + 5
    assert depth(tree) == 6 + int(np.ceil(np.log2(pairs)))
    assert work(merged(loop)) == work(loop)  # no pair repeats another


def test_the_gradient_of_twelve_electrons_is_ready_before_their_energy():
    graph = trace(coulomb(12, chain_sum), names(12))
    slopes = live(gradient_graph(graph))
    assert (work(graph), depth(graph)) == (725, 71)
    assert (work(slopes), depth(slopes)) == (2076, 23)
    assert len(shared(graph, slopes)) == 725 - 65  # all but the sum


def test_the_gradient_can_be_differentiated_again():
    graph = trace(lambda x: 1 / x, "x")
    first = gradient_graph(graph)
    second = gradient_graph(first)
    third = gradient_graph(second)
    x = 1.7
    np.testing.assert_allclose(run(first, [x]), [-1 / x**2], rtol=1e-14)
    np.testing.assert_allclose(run(second, [x]), [2 / x**3], rtol=1e-14)
    np.testing.assert_allclose(run(third, [x]), [-6 / x**4], rtol=1e-14)


def test_every_rule_against_differences():
    f = lambda a, b: -((a + b) * (a - b) / (a * a)) + (b / a) ** 0.5 - 3 / b
    slopes, h = run(gradient_graph(trace(f, "ab")), [1.3, 0.7]), 1e-5
    rough = [
        (f(1.3 + h, 0.7) - f(1.3 - h, 0.7)) / (2 * h),
        (f(1.3, 0.7 + h) - f(1.3, 0.7 - h)) / (2 * h),
    ]
    np.testing.assert_allclose(slopes, rough, rtol=1e-8)


def test_an_input_that_nothing_uses_has_slope_zero():
    assert run(gradient_graph(trace(lambda x, y: x * 2, "xy")), [1.0, 2.0]) == [2.0, 0.0]


def test_what_a_symbol_cannot_do_is_refused():
    with pytest.raises(TypeError, match="has no value yet"):
        trace(lambda x: x if x > 0 else -x, "x")
    with pytest.raises(ValueError, match=r"exponent 2 or 0\.5; got 3"):
        trace(lambda x: x**3, "x")
    with pytest.raises(TypeError, match="a number or a symbol of this graph; got str"):
        trace(lambda x: x * "2", "x")
    other = Builder().input("z")
    with pytest.raises(TypeError, match="symbol of this graph; got Symbol"):
        trace(lambda x: x * other, "x")
    builder = Builder()
    x = builder.input("x")
    with pytest.raises(ValueError, match="expected one result; got 2"):
        gradient_graph(builder.graph(x, x))
