from dataclasses import FrozenInstanceError
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlphys.language.intervals import Interval

INTEGERS = st.integers(-50, 50)
FLOATS = st.floats(-1e100, 1e100)


@st.composite
def members(draw, numbers):
    """An interval and three numbers of it: low end, one between, high end."""
    low, between, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    return Interval(low, high), (low, between, high)


@given(members(INTEGERS), members(INTEGERS))
def test_sums_and_products_are_contained_and_bounds_are_reached(one, two):
    (a, xs), (b, ys) = one, two
    sums = [x + y for x in xs for y in ys]
    products = [x * y for x in xs for y in ys]
    assert all(s in a + b for s in sums)
    assert all(p in a * b for p in products)
    assert (min(products), max(products)) == ((a * b).low, (a * b).high)
    assert (min(sums), max(sums)) == ((a + b).low, (a + b).high)


@given(members(INTEGERS), members(INTEGERS))
def test_against_mpmath(one, two):
    (a, _), (b, _) = one, two
    first, second = mpmath.iv.mpf([a.low, a.high]), mpmath.iv.mpf([b.low, b.high])
    for ours, theirs in ((a + b, first + second), (a * b, first * second)):
        assert (ours.low, ours.high) == (int(theirs.a), int(theirs.b))


@given(members(INTEGERS), members(INTEGERS), members(INTEGERS))
def test_products_commute_and_distribute_from_within(one, two, three):
    a, b, c = one[0], two[0], three[0]
    assert a * b == b * a
    narrow, wide = a * (b + c), a * b + a * c
    assert narrow.low in wide
    assert narrow.high in wide


@given(members(FLOATS), members(FLOATS))
def test_outward_rounding_contains_the_exact_result(one, two):
    (a, xs), (b, ys) = one, two
    for x, y in zip(xs, ys, strict=True):
        assert Fraction(x) + Fraction(y) in (a + b).outward()
        assert Fraction(x) * Fraction(y) in (a * b).outward()


def test_floats_are_not_contained_without_it():
    total = Interval(0.1, 0.1) + Interval(0.2, 0.2)
    assert Fraction(0.1) + Fraction(0.2) not in total
    assert Fraction(0.1) + Fraction(0.2) in total.outward()


@pytest.mark.parametrize("bounds", [(2, 1), (float("nan"), 1.0), (0.0, float("nan"))])
def test_bounds_in_the_wrong_order_are_refused(bounds):
    with pytest.raises(ValueError, match=r"expected low <= high; got .* give the smaller bound"):
        Interval(*bounds)


def test_an_interval_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Interval(1, 2).low = 3
