"""Combined probabilities against exact fractions, odds, and counting."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mlphys.language.values import check_probability, combine_probabilities, search_growth

INSIDE = st.fractions(min_value=Fraction(1, 1000), max_value=Fraction(999, 1000))


@given(INSIDE, INSIDE)
def test_odds_multiply(p, q):
    r = combine_probabilities(p, q)
    assert r / (1 - r) == (p / (1 - p)) * (q / (1 - q))


@given(INSIDE, INSIDE, INSIDE)
def test_order_and_grouping_do_not_matter(p, q, r):
    assert combine_probabilities(p, q, r) == combine_probabilities(r, p, q)
    assert combine_probabilities(p, q, r) == combine_probabilities(p, combine_probabilities(q, r))


@given(INSIDE, INSIDE)
def test_floats_agree_with_fractions(p, q):
    exact = combine_probabilities(p, q)
    assert combine_probabilities(float(p), float(q)) == pytest.approx(float(exact), rel=1e-12)


def test_counting_worlds():
    """Two witnesses, right 3 times and 2 times of 4; count the worlds in which both say yes."""
    yes = sum(a < 3 and b < 2 for a, b in product(range(4), repeat=2))
    no = sum(a >= 3 and b >= 2 for a, b in product(range(4), repeat=2))
    assert combine_probabilities(Fraction(3, 4), Fraction(1, 2)) == Fraction(yes, yes + no)


@given(INSIDE)
def test_half_changes_nothing_and_certainty_wins(p):
    assert combine_probabilities(p, Fraction(1, 2)) == p
    assert combine_probabilities(p, 1) == 1
    assert combine_probabilities(p, 0) == 0


def test_contradiction():
    with pytest.raises(ValueError, match=r"got 0 \(#2\) after 1"):
        combine_probabilities(0.5, 1, 0)


@pytest.mark.parametrize("value", [-0.1, 1.0001, float("nan"), float("inf"), 75])
def test_outside(value):
    with pytest.raises(ValueError, match=r"opinion #1, counting from 0: expected .*0 <= p <= 1"):
        combine_probabilities(0.5, value)


@pytest.mark.parametrize("value", ["0.5", None, True, 0.5j])
def test_no_number(value):
    with pytest.raises(TypeError, match="p: expected a real number; got"):
        check_probability(value, name="p")


@given(st.floats(0, 1))
def test_all_of_the_interval_is_accepted(p):
    assume(p != 0)
    check_probability(p, name="p")
    check_probability(0, name="p")


def test_search_in_a_list_grows_and_in_a_set_does_not():
    in_list = search_growth(list, small=100, large=10_000, rounds=3)
    in_set = search_growth(set, small=100, large=10_000, rounds=3)
    assert in_list[1] > 10 and in_set[1] < 5


def test_search_needs_members():
    with pytest.raises(ValueError, match="expected numbers of at least 1; got 0"):
        search_growth(list, small=0)
