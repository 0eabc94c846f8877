"""Two notations of one program give one table; what the parentheses count."""

import ast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlphys.language import machine
from mlphys.language.lisp import run
from mlphys.language.lisp_reader import read
from mlphys.language.lisp_trees import make_list, show, show_dotted


@pytest.mark.parametrize("n", [0, 1, 7, 12])
def test_tables_agree(n):
    lisp = machine.python_value(run(machine.LISP_TABLE + f"(table {n})")[-1])
    names: dict = {}
    exec(machine.PYTHON_TABLE, names)
    outer = np.outer(np.arange(1, n + 1), np.arange(1, n + 1)).tolist()
    assert lisp == names["table"](n) == machine.multiplication_table(n) == outer


def test_negative_size_is_refused():
    with pytest.raises(ValueError, match="expected n >= 0; got -1; pass a size"):
        machine.multiplication_table(-1)


def test_parentheses_of_both_tables_against_plain_counting():
    # neither text has strings or comments, so that counting characters is right
    for text, count in (
        (machine.LISP_TABLE, machine.count_lisp_parentheses),
        (machine.PYTHON_TABLE, machine.count_python_parentheses),
    ):
        assert count(text) == text.count("(") + text.count(")")


def test_what_stands_in_strings_and_comments_is_not_counted():
    assert machine.count_lisp_parentheses("(a) ; (b) :)") == 2
    assert machine.count_python_parentheses('f(\'()\', """(\n(""")  # )') == 2
    assert machine.count_python_parentheses("f([1], {2: (3,)})", "()[]{}") == 8
    with pytest.raises(SyntaxError):
        machine.count_python_parentheses("f((1)")


LISTS = st.recursive(
    st.integers(0, 9), lambda inner: st.lists(inner, max_size=4).map(make_list), max_leaves=20
)


@given(LISTS)
def test_dotted_notation_has_one_pair_of_parentheses_for_each_cell(tree):
    assert show_dotted(tree).count("(") == machine.count_pairs(tree)
    assert machine.count_lisp_parentheses(show(tree)) <= 2 * machine.count_pairs(tree)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("1 - 2 - 3", "(- (- 1 2) 3)"),
        ("-x * 2", "(* (- x) 2)"),
        ("a < b < c", "(< a b c)"),
        ("not x == 1.5", "(not (= x 1.5))"),
        ("f(x, [1, []])", "(f x (list 1 (list)))"),
        ("lambda x, y: x % y", "(lambda (x y) (mod x y))"),
        ("1 if True else None", "(if t 1 nil)"),
        ("False", "nil"),
        ("def f(n): return n / 2", "(define (f n) (/ n 2))"),
    ],
)
def test_translation(source, text):
    assert machine.lisp_of_python(source) == read(text)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1", r"line 1, column 1: .* got the statement Assign; rewrite it"),
        ("1 +\\\n x ** 2", r"line 2, column 2: .* got BinOp"),
        ("a < b > c", r"got Compare"),
        ("'text'", r"got Constant"),
        ("f(x=1)", r"got Call"),
        ("lambda *x: 1", r"got arguments other than plain names"),
        ("lambda x=1: 1", r"got arguments other than plain names"),
        ("def f(x):\n  y = x\n  return y", r"line 1, column 1: .*more than one return"),
        ("def f(x): return", r"more than one return"),
        ("1\n2", r"expected one expression or def; got 2; pass one at a time"),
        ("", r"expected one expression or def; got 0"),
    ],
)
def test_what_has_no_translation_is_named(source, message):
    with pytest.raises(ValueError, match=message):
        machine.lisp_of_python(source)


@given(st.recursive(st.integers(), lambda inner: st.lists(inner, max_size=4), max_leaves=20))
def test_python_value_undoes_lists(value):
    def lisp(item):
        return make_list([lisp(part) for part in item]) if isinstance(item, list) else item

    assert machine.python_value(lisp(value)) == value


def test_python_value_of_truth():
    assert machine.python_value(run("(< 1 2)")[0]) is True


def without_pair(text, opening):
    """Return the text without the parenthesis at a place and the one that closes it."""
    depth = 0
    for place in range(opening, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth == 0:
            return text[:opening] + text[opening + 1 : place] + text[place + 1 :]
    raise AssertionError("unbalanced")


@given(st.integers(0, 12), st.integers(0, 10**6))
def test_every_parenthesis_of_a_random_formula_is_needed(operations, seed):
    text = machine.random_formula(operations, rng=np.random.default_rng(seed))
    tree = ast.dump(ast.parse(text))
    assert text.count("+") + text.count("*") == operations
    for place in (k for k, letter in enumerate(text) if letter == "("):
        assert ast.dump(ast.parse(without_pair(text, place))) != tree


def test_lisp_has_two_parentheses_an_operation_and_python_one_less_than_half_on_average():
    """Left parts need a pair with chance 1/4, right parts with 3/4; there are n - 1 such parts."""
    rng = np.random.default_rng(5)
    texts = [machine.random_formula(20, rng=rng) for _ in range(400)]
    for text in texts[:20]:
        lisp = show(machine.lisp_of_python(text))
        assert machine.count_lisp_parentheses(lisp) == 2 * 20
    counts = [machine.count_python_parentheses(text) for text in texts]
    error = np.std(counts) / np.sqrt(len(counts))
    assert abs(np.mean(counts) - 19) < 4 * error < 1.2


@pytest.mark.parametrize("operations", [-1, 201])
def test_formulas_of_other_lengths_are_refused(operations):
    with pytest.raises(ValueError, match=f"expected 0 to 200 operations; got {operations}; write"):
        machine.random_formula(operations, rng=np.random.default_rng(0))
