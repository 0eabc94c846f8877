"""One small kind of tree for the syntax of terms and of Python.

A :class:`Node` has a label and children. Trees of ``lark`` and of Python's module ``ast`` are
turned into nodes, so that one printer and one drawing serve both.

Chapter: ``book/language/grammars.md``. Reference: the Python library reference, module ``ast``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lark import Tree

__all__ = ["Node", "count", "from_lark", "from_python", "outline"]

HIDDEN = (ast.expr_context, ast.type_ignore)  # whether a name is read or set; type comments


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a syntax tree.

    Attributes
    ----------
    label : str
        The rule (``"add"``, ``"BinOp"``), or for a token its text.
    children : tuple of Node
        In the order of the text.
    token : bool
        True for a piece of the text itself; such a node has no children.

    Examples
    --------
    >>> print(outline(Node("number", (Node("2", token=True),))))
    number
      2
    """

    label: str
    children: tuple[Node, ...] = ()
    token: bool = False


def from_lark(tree: Tree) -> Node:
    """Return the nodes of a tree of lark's; tokens become leaves.

    Parameters
    ----------
    tree : lark.Tree
        Of any grammar and any depth.

    Examples
    --------
    >>> from mlphys.language.grammars import parse
    >>> count(from_lark(parse("2+3*(4+5)")))
    11
    """
    return _build(tree, _lark_parts)


def from_python(source: str | ast.AST) -> Node:
    """Return the nodes of Python's own syntax tree.

    Parameters
    ----------
    source : str or ast.AST
        Text of a program, or a tree of module ``ast``. The text of one expression gives the
        expression itself, without the module around it.

    Returns
    -------
    Node
        One node for each object of ``ast``, with its class as label; constants and names are
        leaves. Fields that are absent, and the marks for reading or setting a name, are left out.

    Raises
    ------
    SyntaxError
        Python's own, if the text is no program.

    Examples
    --------
    >>> print(outline(from_python("-x")))
    UnaryOp
      USub
      Name
        x
    """
    return _build(_unwrap(ast.parse(source)) if isinstance(source, str) else source, _python_parts)


def outline(node: Node) -> str:
    """Return the tree as text: a line for each node, indented by two blanks for each level."""
    return "\n".join("  " * depth + item.label for item, depth in _walk(node))


def count(node: Node) -> int:
    """Return the number of nodes, the root and the tokens included."""
    return sum(1 for _ in _walk(node))


def _walk(root: Node) -> Iterator[tuple[Node, int]]:
    """Yield every node with its depth, parents first, in the order of the text."""
    stack = [(root, 0)]
    while stack:
        node, depth = stack.pop()
        yield node, depth
        stack.extend((child, depth + 1) for child in reversed(node.children))


def _build(root: Any, parts) -> Node:
    """Return the node of ``root``, where ``parts`` gives label, children and token of an item.

    Keeps its own stack: a sum of many terms is a tree as deep as the sum is long.
    """
    finished: list[Node] = []
    stack: list[tuple[Any, tuple | None]] = [(root, None)]
    while stack:
        item, known = stack.pop()
        if known is None:
            known = parts(item)
            stack.append((item, known))
            stack.extend((child, None) for child in reversed(known[1]))
        else:
            label, children, token = known
            start = len(finished) - len(children)
            finished[start:] = [Node(label, tuple(finished[start:]), token)]
    return finished[0]


def _lark_parts(item: Any) -> tuple[str, list, bool]:
    if isinstance(item, Tree):
        return str(item.data), item.children, False
    return str(item), [], True


def _python_parts(item: Any) -> tuple[str, list, bool]:
    if not isinstance(item, ast.AST):
        return item if isinstance(item, _Identifier) else repr(item), [], True
    if isinstance(item, ast.Constant):
        return "Constant", [item.value], False
    children: list = []
    for _, value in ast.iter_fields(item):
        if isinstance(value, list):
            children.extend(map(_identifier, value))
        elif value is not None:
            children.append(_identifier(value))
    shown = [child for child in children if not isinstance(child, HIDDEN)]
    return type(item).__name__, shown, False


class _Identifier(str):
    """A name in the program, which is shown without quotes."""


def _identifier(value: Any) -> Any:
    return _Identifier(value) if isinstance(value, str) else value


def _unwrap(module: ast.Module) -> ast.AST:
    """Return the expression of a program that is one expression, else the program."""
    body = module.body
    return body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else module
