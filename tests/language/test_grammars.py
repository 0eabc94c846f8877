import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Lark
from lark.exceptions import UnexpectedToken

from mlphys.language.grammars import SIGNED, SMALL, TERMS, TermError, make_parser, parse
from mlphys.language.terms import evaluate


def value_of_small(tree):
    """Compute a tree of SMALL without the library's evaluator."""
    if tree.data == "number":
        return int(tree.children[0])
    left, right = map(value_of_small, tree.children)
    return {"add": left + right, "subtract": left - right, "multiply": left * right}[tree.data]


@given(st.lists(st.integers(0, 99), min_size=1, max_size=8), st.data())
def test_the_small_grammar_groups_as_python_does(numbers, data):
    text = str(numbers[0])
    for number in numbers[1:]:
        text += data.draw(st.sampled_from("+-*")) + str(number)
    assert value_of_small(make_parser(SMALL).parse(text)) == eval(text)


@given(st.integers(0, 99), st.integers(0, 99))
def test_a_number_that_swallows_its_sign_breaks_subtraction(a, b):
    cut_first = make_parser(SIGNED, lexer="basic")
    with pytest.raises(UnexpectedToken):
        cut_first.parse(f"{a}-{b}")
    assert value_of_small(cut_first.parse(f"{a} - {b}")) == a - b  # blanks hide the defect
    assert value_of_small(make_parser(SIGNED).parse(f"{a}-{b}")) == a - b  # so does the context
    assert evaluate(f"{a}-{b}") == a - b


def test_a_signed_number_binds_its_sign_too_tightly():
    signed = TERMS.replace("NUMBER: /(", "NUMBER: /[+-]?(")
    assert signed != TERMS
    tree = make_parser(signed).parse("-2**2")
    assert tree.data == "power" and tree.children[0].children[0] == "-2"
    assert parse("-2**2").data == "negate"
    assert evaluate("-2**2") == eval("-2**2") == -4


def test_a_sign_in_terminal_and_rule_makes_two_trees():
    both = SMALL.replace("/[0-9]+/", "/-?[0-9]+/").replace(
        '| "(" sum ")"', '| "(" sum ")"\n    | "-" factor -> negate'
    )
    trees = Lark(both, start="sum", ambiguity="explicit").parse("-2")
    assert trees.data == "_ambig" and len(trees.children) == 2
    once = both.replace("/-?[0-9]+/", "/[0-9]+/")
    assert Lark(once, start="sum", ambiguity="explicit").parse("-2").data == "negate"


START = "expected '(', '-', a name or a number"


@pytest.mark.parametrize(
    "text, line, column, message",
    [
        ("", 1, 1, f"{START}, got the end"),
        ("  \n ", 1, 1, f"{START}, got the end"),
        ("2+*4", 1, 3, f"{START}, got '*'"),
        ("1 +\n  )", 2, 3, f"{START}, got ')'"),
        ("sin()", 1, 5, f"{START}, got ')'"),
        ("sin(", 1, 5, f"{START}, got the end"),
        ("1 2", 1, 3, "expected '*', '**', '+', '-', '/' or the end, got '2'"),
        ("2 $ 3", 1, 3, "expected '*', '**', '+', '-', '/' or the end, got '$'"),
        ("(1", 1, 3, "expected ')', '*', '**', '+', '-' or '/', got the end"),
        ("f(1 \n", 1, 4, "expected ')', '*', '**', '+', ',', '-' or '/', got the end"),
        ("x)", 1, 2, "expected '(', '*', '**', '+', '-', '/' or the end, got ')'"),
    ],
)
def test_a_fault_is_placed_and_the_expectation_is_complete(text, line, column, message):
    with pytest.raises(TermError) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.message == message
    assert str(caught.value).startswith(f"line {line}, column {column}: {message}\n")


@given(st.text(alphabet="12x+-*/(), \n.$é\t", max_size=30))
def test_any_text_is_a_term_or_a_placed_error(text):
    try:
        parse(text)
    except TermError as error:
        _, shown, caret = str(error).split("\n")
        line = text.split("\n")[error.line - 1]
        assert caret == " " * (4 + error.column - 1) + "^"
        if error.column <= len(line.rstrip()) and line[error.column - 1].isprintable():
            assert shown[len(caret) - 1] == line[error.column - 1]


def test_each_expected_mark_would_indeed_have_been_accepted():
    for mark, rest in [(")", ""), ("*", "2)"), ("**", "2)"), ("+", "2)"), ("-", "2)"), ("/", "2)")]:
        parse("(1" + mark + rest)


def test_a_long_line_is_cut_around_the_fault():
    text = "+".join(["1"] * 1000) + "+*" + "+1" * 1000
    with pytest.raises(TermError) as caught:
        parse(text)
    _, shown, caret = str(caught.value).split("\n")
    assert caught.value.column == 2001
    assert len(shown) < 80 and shown[len(caret) - 1] == "*"


def test_deep_nesting_is_parsed():
    assert parse("(" * 50_000 + "7" + ")" * 50_000).data == "number"
