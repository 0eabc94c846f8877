import ast
import inspect
import math

import numpy as np
import pytest
import sympy

from mlphys.derivatives import nudges, reverse_mode
from mlphys.derivatives.complex_step import complex_step
from mlphys.derivatives.counting import count_operations
from mlphys.derivatives.gradient_check import assert_gradient
from mlphys.derivatives.heron import heron, replay
from mlphys.derivatives.reverse_mode import (
    box_sensitivities,
    box_surface,
    product,
    product_gradient,
    rosenbrock,
    rosenbrock_gradient,
)
from mlphys.derivatives.two_bodies import pair_energy, pair_gradient


def test_box_has_the_surfaces_and_the_gradient_of_the_curriculum():
    assert box_surface(10, 10, 10, 10) == 8000
    assert box_surface(2, 5, 7, 11) == 1438
    s = box_sensitivities(2, 5, 7, 11)
    assert [s[edge] for edge in "abcd"] == [334, 226, 174, 118]


def test_box_gradient_is_the_symbolic_one():
    edges = sympy.symbols("a b c d")
    surface = box_surface(*edges)
    s = box_sensitivities(*edges)
    for edge in edges:
        assert sympy.expand(s[edge.name] - sympy.diff(surface, edge)) == 0


def test_every_accumulator_of_the_box_is_the_rate_that_a_nudge_measures():
    edges = (2.0, 5.0, 7.0, 11.0)
    claimed, measured = box_sensitivities(*edges), nudges.nudged_sensitivities(box_surface, *edges)
    assert list(measured) == ["ab", "cd", "abc", "abd", "acd", "bcd", "half", "surface"]
    for name, rate in measured.items():
        assert claimed[name] == pytest.approx(rate, rel=1e-14)


def test_box_walks_back_through_the_lines_in_reverse_order():
    """The comments of the walk name the lines of the computation, last first."""
    lines = ast.parse(inspect.getsource(box_surface)).body[0].body  # type: ignore[attr-defined]
    names = [
        node.args[0].value
        for line in lines
        for node in ast.walk(line)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "keep"
    ]
    source = inspect.getsource(box_sensitivities).partition("Start from 1")[2]
    walked = [part.split(" = ")[0].split()[-1] for part in source.split("# ") if " = " in part]
    walked = [name for name in walked if name in names]
    assert walked == list(reversed(names))


@pytest.mark.parametrize("numbers", [[3.0], [2.0, 5.0, 7.0, 11.0], [2.0, 0.0, 3.0], [0.0, 0.0]])
def test_product_gradient_is_the_product_of_the_others(numbers):
    value, gradient = product_gradient(numbers)
    assert value == math.prod(numbers) == product(numbers)
    for k in range(len(numbers)):
        assert gradient[k] == math.prod(numbers[:k] + numbers[k + 1 :])


def test_product_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one number"):
        product([])


def test_rosenbrock_equals_scipys():
    from scipy import optimize

    x = np.random.default_rng(3).normal(size=20)
    value, gradient = rosenbrock_gradient(x)
    assert value == pytest.approx(optimize.rosen(x), rel=1e-14)
    assert np.allclose(gradient, optimize.rosen_der(x), rtol=1e-13, atol=1e-12)
    assert rosenbrock(x) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(("method", "rtol"), [("central", 1e-7), ("complex_step", 1e-14)])
def test_gradients_pass_the_checker(method, rtol):
    rng = np.random.default_rng(5)
    x = rng.normal(size=30)
    edges = lambda x: [box_sensitivities(*x)[edge] for edge in "abcd"]
    for f, gradient, point in [
        (product, lambda x: product_gradient(x)[1], x),
        (rosenbrock, lambda x: rosenbrock_gradient(x)[1], x),
        (lambda x: box_surface(*x), edges, np.array([2.0, 5, 7, 11])),
    ]:
        assert_gradient(f, gradient, point, rng=rng, method=method, rtol=rtol)
    slopes = complex_step(lambda x: rosenbrock(list(x)), x)
    assert np.allclose(rosenbrock_gradient(x)[1], slopes, rtol=1e-13, atol=1e-12)


COSTS = [
    ("product", product, product_gradient, ([1.5] * 1000,)),
    ("box", box_surface, box_sensitivities, (2.0, 5.0, 7.0, 11.0)),
    ("rosenbrock", rosenbrock, rosenbrock_gradient, ([1.5] * 1000,)),
    ("two bodies", pair_energy, pair_gradient, ([2.0, 3.0], [[1.0, 2, 3], [3.0, 5, 8]])),
    ("heron", lambda x: heron(x).root, lambda x: replay(heron(x)), (100.0,)),
]


@pytest.mark.parametrize(("name", "f", "with_gradient", "arguments"), COSTS)
def test_gradient_costs_at_most_five_times_the_function(name, f, with_gradient, arguments):
    """A product or quotient costs five operations in all, every other line fewer."""
    alone, together = (count_operations(g, *arguments)[1].total() for g in (f, with_gradient))
    assert alone <= together <= 5 * alone, name


def test_product_of_a_thousand_costs_exactly_three_times():
    _, tally = count_operations(product_gradient, [1.5] * 1000)
    assert tally == {"multiply": 3 * 999}


def test_module_names_what_it_exports():
    assert sorted(reverse_mode.__all__) == reverse_mode.__all__
