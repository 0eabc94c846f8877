"""The built-in functions, against Python's exact fractions and lists, and their messages."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlphys.language.lisp_primitives import PRIMITIVES, TRUE, truth
from mlphys.language.lisp_trees import LispError, Symbol, elements, make_list

EXACT = st.integers() | st.fractions()


def call(name, *arguments):
    return PRIMITIVES[name](list(arguments))


@given(st.lists(EXACT, max_size=5))
def test_sums_and_products_are_exact(numbers):
    assert call("+", *numbers) == sum(numbers, Fraction())
    assert call("*", *numbers) == math.prod(numbers, start=Fraction(1))


@given(EXACT, EXACT.filter(bool))
def test_differences_and_quotients_are_exact(a, b):
    assert call("-", a, b) == Fraction(a) - Fraction(b)
    assert call("/", a, b) == Fraction(a) / Fraction(b)
    assert call("/", b) == 1 / Fraction(b)
    assert call("-", a) == -a


@given(st.integers(), st.integers().filter(bool))
def test_mod_has_the_sign_of_the_divisor(a, b):
    rest = call("mod", a, b)
    assert (a - rest) % b == 0
    assert 0 <= Fraction(rest, b) < 1


def test_whole_ratios_are_integers():
    assert type(call("/", 6, 3)) is int
    assert type(call("+", Fraction(1, 2), Fraction(1, 2))) is int
    assert call("/", 1.0, 4) == 0.25


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=4))
def test_comparisons_chain(numbers):
    inside = " < ".join(map(str, numbers))
    assert call("<", *numbers) == truth(bool(eval(inside)) if len(numbers) > 1 else True)
    assert call("=", *numbers) == truth(len(set(numbers)) == 1)
    assert call(">=", *numbers) == truth(numbers == sorted(numbers, reverse=True))
    assert call("<=", *numbers) == truth(numbers == sorted(numbers))
    assert call(">", *numbers) == truth(
        len(set(numbers)) == len(numbers) and numbers == sorted(numbers, reverse=True)
    )


@given(st.lists(st.integers()), st.lists(st.integers()))
def test_lists_do_what_lists_do(a, b):
    lisp_a, lisp_b = make_list(a), make_list(b)
    joined = call("append", lisp_a, lisp_b)
    assert elements(joined) == a + b
    assert call("length", joined) == len(a) + len(b)
    assert elements(call("reverse", joined)) == (a + b)[::-1]
    assert call("equal", lisp_a, lisp_b) == truth(a == b)
    assert call("list", *a) == lisp_a
    assert call("cdr", call("cons", 1, lisp_a)) == lisp_a


def test_nil_is_empty_and_false():
    assert call("car", None) is None
    assert call("cdr", None) is None
    assert call("append") is None
    assert call("null", None) == call("not", None) == call("atom", None) == TRUE
    assert call("consp", None) is None
    assert call("consp", make_list([1])) == TRUE
    assert call("not", 0) is None
    assert call("equal", 1, 1.0) is None
    assert call("equal", Symbol("a"), Symbol("a")) == TRUE


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("car", [1, 2], r"^expected 1 argument for car; got 2; correct the call"),
        ("cons", [1], r"^expected 2 arguments for cons; got 1"),
        ("-", [], r"^expected at least 1 argument for -; got 0"),
        ("+", [1, Symbol("x")], r"^expected numbers for \+; got x as argument 2"),
        ("<", [None, 1], r"^expected numbers for <; got nil as argument 1"),
        ("/", [5, 0], r"^expected a divisor other than 0; got \(/ 5 0\); test for 0 before"),
        ("mod", [5, 0], r"^expected a divisor other than 0; got \(mod 5 0\)"),
        ("*", [1e300, 1e300], r"^expected a result of \* below 1.8e308"),
        ("+", [10**400, 1.5], r"^expected a result of \+ below 1.8e308"),
        ("car", [7], r"^expected a list for car; got 7"),
        ("length", [7], r"^expected a list; got 7"),
    ],
)
def test_messages(name, arguments, message):
    with pytest.raises(LispError, match=message):
        call(name, *arguments)


def test_primitives_print_without_an_address():
    assert repr(PRIMITIVES["car"]) == "#<primitive car>"
