import math
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lark import Tree

from mlphys.language.grammars import TermError, parse
from mlphys.language.terms import CONSTANTS, FUNCTIONS, MAX_BITS, evaluate, to_text

NUMBERS = st.integers(0, 20).map(lambda n: Tree("number", [str(n)]))
ATOMS = NUMBERS | st.sampled_from("xyz").map(lambda name: Tree("name", [name]))


def larger(inner):
    pair = st.lists(inner, min_size=2, max_size=2)
    return st.one_of(
        st.builds(Tree, st.sampled_from(["add", "subtract", "multiply", "divide"]), pair),
        st.builds(Tree, st.just("power"), pair),
        st.builds(Tree, st.just("negate"), st.tuples(inner).map(list)),
        st.lists(inner, min_size=1, max_size=3).map(lambda v: Tree("call", ["f", *v])),
    )


TREES = st.recursive(ATOMS, larger, max_leaves=12)
WHOLE_POWERS = st.integers(0, 3).map(lambda n: Tree("number", [str(n)]))


def rational(inner):
    pair = st.lists(inner, min_size=2, max_size=2)
    return st.one_of(
        st.builds(Tree, st.sampled_from(["add", "subtract", "multiply", "divide"]), pair),
        st.tuples(inner, WHOLE_POWERS).map(lambda v: Tree("power", list(v))),
        st.builds(Tree, st.just("negate"), st.tuples(inner).map(list)),
    )


RATIONAL_TREES = st.recursive(NUMBERS, rational, max_leaves=12)


@given(TREES)
def test_parsing_undoes_printing(tree):
    assert parse(to_text(tree)) == tree


@given(TREES)
def test_printing_is_stable_and_never_longer_than_with_all_parentheses(tree):
    text = to_text(tree)
    assert to_text(parse(f"(({text}))")) == text


@given(RATIONAL_TREES)
def test_exact_value_against_python(tree):
    text = to_text(tree)
    marked = "".join(
        f"Fraction({part})" if part.isdigit() else part for part in spaced(text).split(" ")
    )
    try:
        expected = eval(marked, {"Fraction": Fraction})
    except ZeroDivisionError:
        with pytest.raises(TermError, match="failed"):
            evaluate(text, number=Fraction)
    else:
        assert evaluate(text, number=Fraction) == expected


def spaced(text):
    """Put blanks around every mark, so that what is left are numbers."""
    for mark in ("(", ")", "**", "/", "-", "+"):
        text = text.replace(mark, f" {mark} ")
    return text.replace(" * ", " _ ").replace("_", "*")


@given(RATIONAL_TREES)
def test_float_value_against_python(tree):
    text = to_text(tree)
    try:
        expected = eval(text)
    except ArithmeticError:
        with pytest.raises(TermError):
            evaluate(text)
        return
    assume(not isinstance(expected, complex))
    value = evaluate(text)
    assert type(value) is type(expected)
    assert value == expected or math.isnan(value)


@pytest.mark.parametrize(
    "text",
    ["10-3-2", "2**3**2", "-2**2", "2**-1", "--2", "2*-3", "1/2/2", "1.5e1+.5", "7.", "2-(3-4)"],
)
def test_grouping_against_python(text):
    assert evaluate(text) == eval(text)


@given(st.floats(0.1, 10))
def test_calls_and_names(x):
    env = {**CONSTANTS, **FUNCTIONS, "x": x, "__builtins__": {}}
    for text in ["sin(pi/2)**2", "exp(log(x))", "sqrt(x)*tan(x)-cos(2*x)", "abs(-x)**e"]:
        assert evaluate(text, names={**CONSTANTS, "x": x}) == eval(text, env)
    assert evaluate("sin(pi/2)**2") == 1.0
    assert evaluate("f(1, 2+3)", functions={"f": lambda a, b: (a, b)}) == (1, 5)


@pytest.mark.parametrize(
    "text, place, message",
    [
        ("2*x", (1, 3), "expected one of the names e, pi, got 'x'"),
        ("1 +\nfoo(2)", (2, 1), "expected one of the functions abs, cos, .*, tan, got 'foo'"),
        ("1 + 2/0", (1, 5), "this quotient failed: division by zero"),
        ("0**-1", (1, 1), "this power failed"),
        ("10.0**400", (1, 1), "this power failed"),
        ("2*sqrt(-1)", (1, 3), r"sqrt\(...\) failed: math domain error"),
        ("sin(1, 2)", (1, 1), r"sin\(...\) failed: .* one argument \(2 given\)"),
        ("1" * 5000, (1, 1), "reading this number failed"),
        ("1 + 9**9**9", (1, 5), r"at most 100000 bits, got more than 10\*\*9; write a decimal"),
        ("9**9**9**9", (1, 4), "expected a power of at most"),
    ],
)
def test_errors_of_evaluation_are_placed(text, place, message):
    with pytest.raises(TermError, match=message) as caught:
        evaluate(text)
    assert (caught.value.line, caught.value.column) == place


def test_empty_tables_are_spoken_of():
    with pytest.raises(TermError, match="expected no name, got 'x'"):
        evaluate("x", names={})
    with pytest.raises(TermError, match="expected no function, got 'f'"):
        evaluate("f(1)", functions={})


def test_the_longest_allowed_power_is_computed():
    assert evaluate(f"2**{MAX_BITS}") == 1 << MAX_BITS
    with pytest.raises(TermError, match="bits"):
        evaluate(f"2**{MAX_BITS + 1}")
    assert evaluate("1**10**9") == 1


def test_a_sum_of_many_terms_needs_no_deep_stack():
    text = "+".join(["1"] * 20_000)
    assert evaluate(text) == 20_000
    assert to_text(parse(text)).count("+") == 19_999
