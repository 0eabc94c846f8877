"""Trees: equality, lists and the two notations of the printer."""

from fractions import Fraction

import pytest

from mlphys.language.lisp_reader import read
from mlphys.language.lisp_trees import (
    Cons,
    LispError,
    Place,
    Symbol,
    elements,
    make_list,
    show,
    show_dotted,
    simplify,
)


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (None, "nil"),
        (Symbol("x"), "x"),
        (-3, "-3"),
        (Fraction(-1, 3), "-1/3"),
        (1e-5, "1e-05"),
        (Cons(1, 2), "(1 . 2)"),
        (Cons(1, Cons(2, 3)), "(1 2 . 3)"),
        (Cons(None, None), "(nil)"),
        (make_list([Symbol("quote"), Symbol("x")]), "'x"),
        (make_list([Symbol("quote")]), "(quote)"),
        (make_list([Symbol("quote"), 1, 2]), "(quote 1 2)"),
        (Cons(Symbol("quote"), 1), "(quote . 1)"),
    ],
)
def test_show(tree, text):
    assert show(tree) == text


@pytest.mark.parametrize(
    ("text", "dotted"),
    [
        ("nil", "nil"),
        ("(1)", "(1 . nil)"),
        ("(1 2 . 3)", "(1 . (2 . 3))"),
        ("((1) 2)", "((1 . nil) . (2 . nil))"),
        ("'x", "(quote . (x . nil))"),
    ],
)
def test_show_dotted(text, dotted):
    assert show_dotted(read(text)) == dotted
    assert read(dotted) == read(text)


def test_equality_goes_by_structure_and_type():
    assert read("(1 (2 . x))") == read("(1 . ((2 . x) . nil))")
    assert read("(1)") != read("(1.0)")
    assert read("(1 2)") != read("(1 2 3)")
    assert read("(1)") != 1
    assert Symbol("x", Place(1, 2)) == Symbol("x", Place(3, 4))


def test_pairs_have_no_hash():
    with pytest.raises(TypeError, match="unhashable"):
        hash(Cons(1, 2))


def test_elements_undo_make_list():
    assert elements(make_list([1, 2, 3])) == [1, 2, 3]
    assert elements(None) == []


def test_elements_of_a_dotted_list_are_refused():
    with pytest.raises(LispError, match=r"expected a list; got \(1 \. 2\); end it with nil"):
        elements(Cons(1, 2))


def test_error_names_its_place():
    error = LispError("wrong", Place(3, 7))
    assert str(error) == "line 3, column 7: wrong"
    assert (error.message, error.place.line, error.place.column) == ("wrong", 3, 7)
    assert str(LispError("wrong")) == "wrong"


def test_simplify_only_whole_ratios():
    assert type(simplify(Fraction(4, 2))) is int
    assert simplify(Fraction(1, 2)) == Fraction(1, 2)
    assert type(simplify(2.0)) is float


def test_integers_beyond_the_limit_of_str():
    number = 7**10_000  # 8,451 digits; str() of it raises
    text = show(number)
    assert len(text) == 8451
    assert int(text[:15]) == number // 10 ** (8451 - 15)
    assert read(text) == number


def test_long_and_deep_trees():
    long = make_list(list(range(100_000)))
    assert len(show(long).split()) == 100_000
    deep = None
    for _ in range(100_000):
        deep = Cons(deep, None)
    assert show(deep) == "(" * 100_000 + "nil" + ")" * 100_000
    assert show_dotted(deep).count("(") == 100_000
    assert long == make_list(list(range(100_000)))
