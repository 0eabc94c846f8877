"""The reader: what it reads, that printing undoes it, and where it says a text is wrong."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlphys.language.lisp_reader import read, read_all, tokens
from mlphys.language.lisp_trees import (
    Cons,
    LispError,
    Symbol,
    make_list,
    show,
    show_dotted,
    simplify,
)


def is_a_name(text):
    """Tell a name from ``nil`` and from what Python reads as a number too: ``-0``, ``+1/2``."""
    try:
        Fraction(text)
    except ZeroDivisionError:
        return False
    except ValueError:
        return text != "nil"
    return False


NAMES = st.from_regex(r"[a-z+*/<>=!?_-][a-z0-9+*/<>=!?_-]{0,6}", fullmatch=True).filter(is_a_name)
ATOMS = (
    st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.fractions().map(simplify)
    | st.none()
    | NAMES.map(Symbol)
)
TREES = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner, max_size=5).map(make_list) | st.builds(Cons, inner, inner),
    max_leaves=30,
)


@given(TREES)
def test_reading_undoes_printing(tree):
    for text in (show(tree), show_dotted(tree)):
        again = read(text)
        assert type(again) is type(tree)
        assert again == tree


@given(st.lists(TREES, max_size=4), st.sampled_from([" ", "\n", " ; note (\n", "\t\n "]))
def test_space_and_comments_separate(trees, space):
    assert read_all(space.join(map(show, trees))) == trees


@given(TREES)
def test_printed_parentheses_balance(tree):
    text = show(tree)
    assert text.count("(") == text.count(")")


@given(st.lists(st.sampled_from("() '.1a\n"), max_size=20).map("".join))
def test_any_text_is_read_or_refused_with_a_place(text):
    try:
        trees = read_all(text)
    except LispError as error:
        assert 1 <= error.place.line <= text.count("\n") + 1
        line = text.split("\n")[error.place.line - 1]
        assert 1 <= error.place.column <= len(line)
    else:
        assert read_all(" ".join(map(show, trees))) == trees


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("12", 12),
        ("-12.", -12),
        ("+4/6", Fraction(2, 3)),
        ("4/2", 2),
        (".5", 0.5),
        ("-1E3", -1000.0),
        ("1.5e-3", 0.0015),
        ("NIL", None),
        ("()", None),
        ("Sin", Symbol("sin")),
        ("1+", Symbol("1+")),
        ("-", Symbol("-")),
        ("...a", Symbol("...a")),
        ("''x", make_list([Symbol("quote"), make_list([Symbol("quote"), Symbol("x")])])),
    ],
)
def test_atoms(text, tree):
    assert read(text) == tree
    assert type(read(text)) is type(tree)


def test_tokens_carry_their_places():
    found = [(token, place.line, place.column) for token, place in tokens("(a ; b\n  'c)")]
    assert found == [("(", 1, 1), ("a", 1, 2), ("'", 2, 3), ("c", 2, 4), (")", 2, 5)]


def test_symbols_and_lists_carry_their_places():
    tree = read("(f\n  (g x))")
    inner = tree.cdr.car
    assert (inner.place.line, inner.place.column) == (2, 3)
    assert (inner.cdr.car.place.line, inner.cdr.car.place.column) == (2, 6)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(+ 1\n  (* 2 3)", r'^line 1, column 1: expected "\)" for this "\("; .* 1 still open'),
        ("(a\n  (b (c)", r'^line 2, column 3: expected "\)".* 2 still open; add the missing'),
        ("(a)\n)", r'^line 2, column 1: expected an open list; got "\)" that closes nothing'),
        ("(a '", r"^line 1, column 4: expected an expression after this quote mark; .*1 still"),
        ("'", r"^line 1, column 1: expected an expression after this quote mark; .*; add one"),
        ("(')", r"^line 1, column 3: expected an expression after the quote mark"),
        ("(. a)", r"^line 1, column 2: expected a dot only inside parentheses"),
        ("a . b", r"^line 1, column 3: expected a dot only"),
        ("(a . b . c)", r"^line 1, column 8: expected a dot only"),
        ("(a . )", r"^line 1, column 6: expected one item between the dot .*; got 0"),
        ("(a . b c)", r"^line 1, column 9: expected one item .*; got 2"),
        ("(a ..)", r"^line 1, column 4: expected a name or a number; got \.\."),
        ('(a "b")', r"^line 1, column 4: expected a parenthesis.*got '\"', which"),
        ("1/0", r"^line 1, column 1: expected a denominator above 0; got 1/0"),
        ("1e999", r"^line 1, column 1: expected a decimal below 1.8e308; got 1e999"),
        ("1 2", r"^expected one expression; got 2; use read_all"),
        ("", r"^expected one expression; got 0"),
    ],
)
def test_what_is_wrong_and_where(text, message):
    with pytest.raises(LispError, match=message):
        read(text)


def test_long_and_deep_texts():
    text = "(" + " ".join(map(str, range(100_000))) + ")"
    assert show(read(text)) == text
    deep = "(" * 100_000 + "x" + ")" * 100_000
    assert show(read(deep)) == deep
    with pytest.raises(LispError, match="99999 still open"):
        read("(" * 100_000 + ")")
