"""Programs as trees: one program in two notations, and what its parentheses count.

The module translates a small part of Python into the tiny Lisp of :mod:`mlphys.language.lisp` by
way of Python's own syntax tree, so that one can compute the same thing on both sides and compare.
Chapter: ``book/language/machine.md``.
"""

from __future__ import annotations

import ast
import io
import tokenize
from typing import Any

import numpy as np

from mlphys.language.lisp_reader import tokens
from mlphys.language.lisp_trees import Cons, Symbol, make_list

__all__ = [
    "LISP_TABLE",
    "PYTHON_TABLE",
    "count_lisp_parentheses",
    "count_pairs",
    "count_python_parentheses",
    "lisp_of_python",
    "multiplication_table",
    "python_value",
    "random_formula",
]

LISP_TABLE = """\
(define (row i j n)
  (if (> j n)
      nil
      (cons (* i j) (row i (+ j 1) n))))

(define (rows i n)
  (if (> i n)
      nil
      (cons (row i 1 n) (rows (+ i 1) n))))

(define (table n)
  (rows 1 n))
"""

PYTHON_TABLE = """\
def row(i, j, n):
    return [] if j > n else [i * j] + row(i, j + 1, n)

def rows(i, n):
    return [] if i > n else [row(i, 1, n)] + rows(i + 1, n)

def table(n):
    return rows(1, n)
"""

OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Mod: "mod",
    ast.USub: "-",
    ast.Not: "not",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "=",
}


def multiplication_table(n: int) -> list[list[int]]:
    """Return the rows of the multiplication table from 1 to n.

    Parameters
    ----------
    n : int
        Number of rows and of columns, at least 0.

    Raises
    ------
    ValueError
        If n is negative.

    Examples
    --------
    >>> multiplication_table(3)
    [[1, 2, 3], [2, 4, 6], [3, 6, 9]]
    """
    if n < 0:
        raise ValueError(f"multiplication_table: expected n >= 0; got {n}; pass a size")
    return [[i * j for j in range(1, n + 1)] for i in range(1, n + 1)]


def count_lisp_parentheses(text: str) -> int:
    """Return the number of parentheses, opening and closing, in a Lisp program.

    Those in comments do not count.

    Examples
    --------
    >>> count_lisp_parentheses("(+ 1 (* 2 3)) ; :-)")
    4
    """
    return sum(token in ("(", ")") for token, _ in tokens(text))


def count_python_parentheses(text: str, marks: str = "()") -> int:
    """Return the number of parentheses, opening and closing, in a Python program.

    Parameters
    ----------
    text : str
        Program text. What stands in strings and comments does not count.
    marks : str
        The characters to count, for instance ``"()[]{}"``.

    Raises
    ------
    SyntaxError
        If the text is not Python.

    Examples
    --------
    >>> count_python_parentheses("print('(', f(2))  # (")
    4
    """
    ast.parse(text)
    found = tokenize.generate_tokens(io.StringIO(text).readline)
    return sum(token.type == tokenize.OP and token.string in marks for token in found)


def count_pairs(tree: Any) -> int:
    """Return the number of cons cells in a tree.

    Examples
    --------
    >>> from mlphys.language.lisp_reader import read
    >>> count_pairs(read("(+ 1 (* 2 3))"))
    6
    """
    count, todo = 0, [tree]
    while todo:
        item = todo.pop()
        if isinstance(item, Cons):
            count += 1
            todo += [item.cdr, item.car]
    return count


def lisp_of_python(source: str) -> Any:
    """Return a Python expression, or a function of one ``return``, as a Lisp tree.

    Parameters
    ----------
    source : str
        Numbers, names, ``+ - * / %``, unary minus, ``not``, comparisons by one operator, ``if``
        expressions, ``lambda``, calls and lists.

    Raises
    ------
    SyntaxError
        If the text is not Python.
    ValueError
        With line and column, for a part of Python that has no translation here.

    Examples
    --------
    >>> lisp_of_python("2 + 3 * (4 + 5)")
    (+ 2 (* 3 (+ 4 5)))
    >>> lisp_of_python("def square(x): return x * x")
    (define (square x) (* x x))
    """
    body = ast.parse(source).body
    if len(body) != 1:
        raise ValueError(
            f"lisp_of_python: expected one expression or def; got {len(body)}; pass one at a time"
        )
    statement = body[0]
    if isinstance(statement, ast.FunctionDef):
        (inner,) = statement.body if len(statement.body) == 1 else [None]
        if not isinstance(inner, ast.Return) or inner.value is None:
            raise _no_translation(statement, "a def with more than one return in its body")
        head = make_list([Symbol(statement.name), *_names(statement.args, statement)])
        return make_list([Symbol("define"), head, _translate(inner.value)])
    if not isinstance(statement, ast.Expr):
        raise _no_translation(statement, f"the statement {type(statement).__name__}")
    return _translate(statement.value)


def _translate(node: ast.expr) -> Any:
    """Return the tree of one Python expression."""
    match node:
        case ast.Constant(value=bool(value)):
            return Symbol("t") if value else None
        case ast.Constant(value=None):
            return None
        case ast.Constant(value=int() | float()):
            return node.value
        case ast.Name():
            return Symbol(node.id)
        case ast.BinOp() if type(node.op) in OPERATORS:
            parts = [_operator(node.op), _translate(node.left), _translate(node.right)]
        case ast.UnaryOp() if type(node.op) in OPERATORS:
            parts = [_operator(node.op), _translate(node.operand)]
        case ast.Compare() if len(set(map(type, node.ops))) == 1 and type(node.ops[0]) in OPERATORS:
            terms = [node.left, *node.comparators]
            parts = [_operator(node.ops[0]), *map(_translate, terms)]
        case ast.IfExp():
            parts = [Symbol("if"), *map(_translate, (node.test, node.body, node.orelse))]
        case ast.Lambda():
            names = make_list(_names(node.args, node))
            parts = [Symbol("lambda"), names, _translate(node.body)]
        case ast.Call() if not node.keywords:
            parts = [_translate(node.func), *map(_translate, node.args)]
        case ast.List():
            parts = [Symbol("list"), *map(_translate, node.elts)]
        case _:
            raise _no_translation(node, type(node).__name__)
    return make_list(parts)


def _operator(node: ast.AST) -> Symbol:
    return Symbol(OPERATORS[type(node)])


def _names(arguments: ast.arguments, owner: ast.AST) -> list[Symbol]:
    """Return the names of plain arguments."""
    plain = ast.arguments([], list(arguments.args), None, [], [], None, [])
    if ast.dump(arguments) != ast.dump(plain):
        raise _no_translation(owner, "arguments other than plain names")
    return [Symbol(argument.arg) for argument in arguments.args]


def _no_translation(node: Any, what: str) -> ValueError:
    return ValueError(
        f"lisp_of_python: line {node.lineno}, column {node.col_offset + 1}: expected a part of "
        f"Python that the tiny Lisp has, too; got {what}; rewrite it"
    )


def python_value(value: Any) -> Any:
    """Return a value of the Lisp as Python's own.

    Lists become lists, ``nil`` becomes ``[]``, ``t`` becomes True, any other symbol its name.

    Examples
    --------
    >>> python_value(make_list([1, make_list([2, 3]), None]))
    [1, [2, 3], []]
    >>> python_value(make_list([Symbol("+"), 1, 2]))
    ['+', 1, 2]
    """
    if isinstance(value, Cons):
        items = []
        while isinstance(value, Cons):
            items.append(python_value(value.car))
            value = value.cdr
        return items
    if value is None:
        return []
    if isinstance(value, Symbol):
        return True if value.name == "t" else value.name
    return value


def random_formula(operations: int, *, rng: np.random.Generator) -> str:
    """Return a random formula of sums and products of x, with no more parentheses than needed.

    The last operation to be computed is each of the ``operations`` with the same chance, and so on
    in both parts; each is a sum or a product with the same chance. Parentheses are those without
    which Python would read another tree.

    Parameters
    ----------
    operations : int
        Number of signs, from 0 to 200.
    rng : numpy.random.Generator
        Where chance comes from.

    Raises
    ------
    ValueError
        If the number of operations is outside its range.

    Examples
    --------
    >>> random_formula(3, rng=np.random.default_rng(1))
    'x * x * (x + x)'
    """
    if not 0 <= operations <= 200:
        raise ValueError(
            f"random_formula: expected 0 to 200 operations; got {operations}; write a shorter one"
        )
    return ast.unparse(_random_tree(operations, rng))


def _random_tree(operations: int, rng: np.random.Generator) -> ast.expr:
    if operations == 0:
        return ast.Name("x")
    before = int(rng.integers(operations))
    left, right = (_random_tree(n, rng) for n in (before, operations - 1 - before))
    return ast.BinOp(left, ast.Add() if rng.random() < 0.5 else ast.Mult(), right)
