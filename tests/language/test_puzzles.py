from fractions import Fraction
from itertools import combinations_with_replacement, permutations, product
from math import isqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csgraph
from sympy.solvers.diophantine.diophantine import diop_DN

from mlphys.language.puzzles import (
    choices,
    connected_components,
    count_choices,
    horner_bound,
    is_permutation,
    make_polynomial,
    pell,
    pell_by_search,
    square_pyramids,
)


def test_only_two_pyramids_of_balls_make_a_square():
    assert square_pyramids(100_000) == [(1, 1), (24, 70)]  # Watson 1918: there are no more
    assert 24 * 25 * 49 // 6 == 70**2
    assert square_pyramids(0) == []


@pytest.mark.parametrize("n", [n for n in range(2, 110) if isqrt(n) ** 2 != n])
def test_pell_is_that_of_sympy(n):
    a, b = pell(n)
    assert [(b, a)] == [tuple(map(int, s)) for s in diop_DN(n, 1)]
    if a < 2000:
        assert pell_by_search(n, limit=2000) == (a, b)


def test_fermats_challenge():
    assert pell(61) == (226153980, 1766319049)
    assert pell(109) == (15140424455100, 158070671986249)


def test_search_that_ends_without_an_answer_returns_none():
    assert pell_by_search(61, limit=1000) is None


@pytest.mark.parametrize("n", [0, -2, 1, 49])
def test_pell_refuses_squares(n):
    with pytest.raises(ValueError, match="not a square"):
        pell(n)


@pytest.mark.parametrize(("n", "k"), list(product(range(6), repeat=2)))
def test_choices_are_those_of_itertools(n, k):
    expected = list(combinations_with_replacement(range(n), k))
    assert list(choices(n, k)) == expected
    assert count_choices(n, k) == len(expected)


def test_choices_refuse_negative_numbers():
    with pytest.raises(ValueError, match="at least 0"):
        count_choices(-1, 2)
    with pytest.raises(ValueError, match="at least 0"):
        list(choices(2, -1))


@pytest.mark.parametrize("seed", range(20))
def test_components_are_those_of_scipy(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 30))
    upper = np.triu(rng.random((n, n)) < 1.2 / n, 1)
    adjacency = upper | upper.T
    count, labels = csgraph.connected_components(adjacency, directed=False)
    expected = sorted(np.flatnonzero(labels == i).tolist() for i in range(count))
    assert connected_components(adjacency) == expected


def test_components_of_small_graphs():
    assert connected_components(np.zeros((0, 0))) == []
    assert connected_components(np.zeros((3, 3))) == [[0], [1], [2]]
    with pytest.raises(ValueError, match="square table"):
        connected_components(np.zeros((2, 3)))
    with pytest.raises(ValueError, match="link from 0 to 1 and none"):
        connected_components([[0, 1], [0, 0]])


coefficients = st.lists(st.integers(-1000, 1000), min_size=1, max_size=12)


@given(coefficients, st.integers(-50, 50))
def test_polynomial_of_whole_numbers_is_exact(c, x):
    assert make_polynomial(c)(x) == sum(ck * x**k for k, ck in enumerate(c))


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12), st.floats(-3, 3))
def test_rounding_error_stays_below_its_bound(c, x):
    true = sum(Fraction(ck) * Fraction(x) ** k for k, ck in enumerate(c))
    error = abs(Fraction(float(make_polynomial(c)(x))) - true)
    # Underflow adds at most 2^-1074 an operation, which the bound leaves out.
    assert error <= Fraction(horner_bound(c, x)) * Fraction(101, 100) + Fraction(1, 10**300)


def test_polynomial_takes_arrays_and_keeps_its_coefficients():
    c = [1.0, -2.0, 3.0]
    p = make_polynomial(c)
    c[0] = 99.0
    x = np.linspace(-1, 1, 5)
    np.testing.assert_allclose(p(x), np.polynomial.polynomial.polyval(x, [1, -2, 3]), rtol=1e-15)
    assert make_polynomial([7])(x).shape == (5,)
    with pytest.raises(ValueError, match="at least one coefficient"):
        make_polynomial([])


@pytest.mark.parametrize("n", range(5))
def test_permutations_by_brute_force(n):
    right = set(permutations(range(n)))
    for candidate in product(range(-1, n + 1), repeat=n):
        assert is_permutation(candidate) == (candidate in right)


@pytest.mark.parametrize(
    "candidate",
    [[0, 1], "01", None, 3, (0, True), (False, 1), (0, 1.0), (0, "1"), (0, None), ((),)],
)
def test_wrong_types_are_no_permutations(candidate):
    assert is_permutation(candidate) is False


def test_whole_numbers_of_numpy_count():
    assert is_permutation(tuple(np.array([1, 0, 2])))
