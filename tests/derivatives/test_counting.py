from collections import Counter

import numpy as np
import pytest

from mlphys.derivatives.counting import Counted, count_operations, plain, wrap


def horner(coefficients, x):
    total = 0
    for c in coefficients:
        total = total * x + c
    return total


def test_horner_counts_one_product_and_one_sum_for_each_coefficient():
    value, tally = count_operations(horner, [2.0, -6.0, 2.0, -1.0], 3.0)
    assert value == 5.0
    assert tally == Counter(multiply=4, add=4)


@pytest.mark.parametrize("n", [1, 2, 5, 16])
def test_matrix_product_counts_as_by_formula(n):
    rng = np.random.default_rng(n)
    a, b = rng.normal(size=(2, n, n))
    value, tally = count_operations(lambda a, b: a @ b, a, b)
    np.testing.assert_allclose(value, a @ b, rtol=1e-14, atol=1e-14)
    assert tally == Counter({"multiply": n**3, "add": n**2 * (n - 1)}) - Counter(add=0)


def test_elementwise_functions_and_constants_of_numpy():
    x = np.linspace(0.1, 0.9, 5)
    value, tally = count_operations(
        lambda x: np.float64(2.0) * np.sin(x) + x * np.ones(5) - np.sqrt(x).sum(), x
    )
    np.testing.assert_allclose(value, 2 * np.sin(x) + x - np.sqrt(x).sum())
    assert tally == Counter(sin=5, sqrt=5, multiply=10, add=5 + 4, subtract=5)


@pytest.mark.parametrize(
    ("f", "name"),
    [
        (lambda x: 1 - x, "subtract"),
        (lambda x: 2.0 / x, "divide"),
        (lambda x: 2**x, "power"),
        (lambda x: x**2, "power"),
        (lambda x: -x, "negative"),
        (lambda x: abs(x), "absolute"),
        (lambda x: np.arctan(x), "arctan"),
        (lambda x: np.float64(3.0) - x, "subtract"),
    ],
)
def test_each_operation_has_its_name(f, name):
    value, tally = count_operations(f, 0.3)
    assert value == pytest.approx(f(0.3), rel=1e-15)
    assert tally == Counter({name: 1})


def test_branches_count_as_comparisons():
    value, tally = count_operations(lambda x: x if x > 0 else -x, -2.0)
    assert value == 2.0 and tally == Counter(compare=1, negative=1)
    _, tally = count_operations(lambda x: (x <= 1, x < 1, x >= 1, x == 1), 2.0)
    assert tally == Counter(compare=4)


def test_complex_numbers_count_too():
    value, tally = count_operations(lambda z: (z * z).conjugate(), 1 + 2j)
    assert value == -3 - 4j and tally == Counter(multiply=1)


def test_other_arguments_are_handed_on():
    assert count_operations(lambda text, flag: (text, flag), "name", True)[0] == ("name", True)
    kept = np.array(["a"])
    assert wrap(kept, Counter()) is kept


def test_results_are_plain():
    value, _ = count_operations(lambda x: [x, (x, np.array([x, x]))], 1.0)
    assert value[0] == 1.0 and type(value[1][0]) is float and value[1][1].dtype == float


def test_conversions_that_would_hide_operations_raise():
    with pytest.raises(TypeError, match="conversion to float"):
        count_operations(lambda x: float(x) ** 2, 1.0)
    with pytest.raises(AttributeError, match="expected one of arccos"):
        count_operations(lambda x: x.bessel(), 1.0)
    with pytest.raises(TypeError, match="counts already"):
        Counted(Counted(1.0, Counter()), Counter())
    assert plain("text") == "text"
