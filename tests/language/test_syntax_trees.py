import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Tree

from mlphys.language.grammars import parse
from mlphys.language.syntax_trees import Node, count, from_lark, from_python, outline

ANY = st.recursive(st.text(), lambda inner: st.builds(Tree, st.text(), st.lists(inner)))


@given(st.builds(Tree, st.text(), st.lists(ANY, max_size=4)))
def test_lark_trees_keep_their_shape(tree):
    def same(node, item):
        if not isinstance(item, Tree):
            return node == Node(item, token=True)
        return (node.label, node.token) == (item.data, False) and all(
            same(*pair) for pair in zip(node.children, item.children, strict=True)
        )

    assert same(from_lark(tree), tree)


def test_outline_against_lark():
    tree = parse("2+3*(4+5)")
    theirs = tree.pretty().replace("\t", "\n").split()
    assert outline(from_lark(tree)).split() == theirs
    assert count(from_lark(tree)) == len(theirs) == 11


MARKS = (
    "None",
    "Ellipsis",
    "114",
    "-1",
    "0",
)  # !r, no conversion, not async: numbers in Python's tree
PROGRAMS = [
    "x = y = 1\nif x > 0:\n    print(x, end='')\nelse:\n    pass",
    "def f(a, *b, c=1, **d):\n    return lambda z: z + a",
    "class A(B):\n    @property\n    def x(self): return {**self.y, 1: None}",
    "import os as o\nfrom math import *\ntry:\n    1/0\nexcept E as e:\n    raise\nwith a as b: pass",
    "[x for x in y if x]; f'{a!r:>{w}}'; a[1:2, ...] = b'x', 1j, True",
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_node_of_python_but_the_contexts_is_there(program):
    nodes = [n for n in ast.walk(ast.parse(program)) if not isinstance(n, ast.expr_context)]
    labels = [line.strip() for line in outline(from_python(program)).split("\n")]
    expected = sorted(type(n).__name__ for n in nodes)
    rest = list(labels)
    for name in expected:
        rest.remove(name)
    for leaf in rest:  # what is left are names and constants of the program
        assert leaf.strip("'") in program or leaf in MARKS


def test_one_expression_comes_without_its_module():
    assert from_python("2+3").label == "BinOp"
    assert from_python("x = 2").label == "Module"
    assert from_python(ast.parse("2", mode="eval")).label == "Expression"
    assert outline(from_python("'a'")).split() == ["Constant", "'a'"]
    assert outline(from_python("a")).split() == ["Name", "a"]
    assert outline(from_python("None")).split() == ["Constant", "None"]


def test_a_program_that_is_none_raises_pythons_error():
    with pytest.raises(SyntaxError):
        from_python("2 +")


def test_deep_trees_are_converted():
    tree = parse("+".join(["1"] * 20_000))
    assert count(from_lark(tree)) == 19_999 + 40_000
