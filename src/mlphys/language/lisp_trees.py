"""The trees of a tiny Lisp, and how they are printed.

A tree is a number, a symbol, ``None`` for the empty list ``nil``, or a :class:`Cons`, a pair of
trees. A list of three is three pairs, each holding one element and the rest. The printer keeps a
stack of its own, so that neither the length nor the depth of a list is limited by Python's.

Chapter: ``book/language/machine.md``. Reference: Common Lisp HyperSpec, chapter 22.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

__all__ = [
    "DIGITS",
    "Cons",
    "LispError",
    "Place",
    "Symbol",
    "Tree",
    "elements",
    "make_list",
    "show",
    "show_dotted",
    "simplify",
]

DIGITS = 4000  # above it Python refuses to convert between int and text; Decimal does not


class Place(NamedTuple):
    """Where a token starts: line and column, both counted from 1."""

    line: int
    column: int


class LispError(ValueError):
    """What is wrong with a Lisp program, and where.

    Attributes
    ----------
    place : Place or None
        Position of the token at fault; None for a tree that was not read from text.
    """

    def __init__(self, message: str, place: Place | None = None):
        where = f"line {place.line}, column {place.column}: " if place else ""
        super().__init__(where + message)
        self.message = message
        self.place = place


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name. Two symbols are equal if their names are; the place belongs to one occurrence."""

    name: str
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Cons:
    """A pair: the first element of a list and the rest of it.

    Examples
    --------
    >>> Cons(6, Cons(7, None))
    (6 7)
    >>> Cons(6, 7)
    (6 . 7)
    """

    car: Any
    cdr: Any
    place: Place | None = None

    def __eq__(self, other: object) -> bool:
        """Compare element by element, without recursion."""
        pairs = [(self, other)]
        while pairs:
            a, b = pairs.pop()
            if isinstance(a, Cons) and isinstance(b, Cons):
                pairs += [(a.cdr, b.cdr), (a.car, b.car)]
            elif isinstance(a, Cons) or isinstance(b, Cons) or type(a) is not type(b) or a != b:
                return False
        return True

    def __repr__(self) -> str:
        return show(self)


Tree = Symbol | Cons | int | float | Fraction | None


def simplify(number: Any) -> Any:
    """Return an integer for a ratio that is one.

    Examples
    --------
    >>> simplify(Fraction(6, 3)), simplify(Fraction(1, 3))
    (2, Fraction(1, 3))
    """
    return number.numerator if isinstance(number, Fraction) and number.denominator == 1 else number


def make_list(items: list[Any], place: Place | None = None, tail: Any = None) -> Tree:
    """Return the chain of pairs that holds the items.

    Parameters
    ----------
    items : list
        Elements, the first one first.
    place : Place, optional
        Where the list starts.
    tail : tree, optional
        What follows the last element: ``None``, unless the list is dotted.

    Examples
    --------
    >>> make_list([1, 2, 3]), make_list([1, 2], tail=3), make_list([])
    ((1 2 3), (1 2 . 3), None)
    """
    for item in reversed(items):
        tail = Cons(item, tail, place)
    return tail


def elements(tree: Any) -> list[Any]:
    """Return the elements of a list as a Python list.

    Raises
    ------
    LispError
        If the tree is not a list that ends in ``nil``.

    Examples
    --------
    >>> elements(Cons(1, Cons(Cons(2, None), None)))
    [1, (2)]
    """
    items, rest = [], tree
    while isinstance(rest, Cons):
        items.append(rest.car)
        rest = rest.cdr
    if rest is not None:
        place = getattr(tree, "place", None)
        raise LispError(f"expected a list; got {show(tree)}; end it with nil, not a dot", place)
    return items


def show(tree: Any) -> str:
    """Return a tree as text in list notation.

    Parameters
    ----------
    tree : tree
        What :func:`read` returns, or a value of the evaluator; functions print as ``#<...>``.

    Examples
    --------
    >>> show(make_list([1, make_list([2, 3]), Symbol("x")])), show(Cons(1, 2))
    ('(1 (2 3) x)', '(1 . 2)')
    """
    parts: list[str] = []
    todo: list[tuple[str, Any]] = [("tree", tree)]
    while todo:
        kind, item = todo.pop()
        if kind == "text":
            parts.append(item)
        elif kind == "rest":
            todo += _rest(item)
        elif _is_quotation(item):
            parts.append("'")
            todo.append(("tree", item.cdr.car))
        elif isinstance(item, Cons):
            parts.append("(")
            todo += [("rest", item.cdr), ("tree", item.car)]
        else:
            parts.append(_show_atom(item))
    return "".join(parts)


def _rest(rest: Any) -> list[tuple[str, Any]]:
    """Return what is still to print of a list after its first elements, last thing first."""
    if rest is None:
        return [("text", ")")]
    if isinstance(rest, Cons):
        return [("rest", rest.cdr), ("tree", rest.car), ("text", " ")]
    return [("text", ")"), ("tree", rest), ("text", " . ")]


def show_dotted(tree: Any) -> str:
    """Return a tree as text with every pair written out.

    Examples
    --------
    >>> show_dotted(make_list([1, make_list([2]), 3]))
    '(1 . ((2 . nil) . (3 . nil)))'
    """
    parts: list[str] = []
    todo: list[Any] = [tree]
    while todo:
        item = todo.pop()
        if isinstance(item, Cons):
            todo += [_Text(")"), item.cdr, _Text(" . "), item.car, _Text("(")]
        else:
            parts.append(item if isinstance(item, _Text) else _show_atom(item))
    return "".join(parts)


class _Text(str):
    """Text that the printer is to write as it is."""


def _is_quotation(tree: Any) -> bool:
    """Return whether a tree is (quote x), for any x."""
    return (
        isinstance(tree, Cons)
        and tree.car == Symbol("quote")
        and isinstance(tree.cdr, Cons)
        and tree.cdr.cdr is None
    )


def _show_atom(atom: Any) -> str:
    if atom is None:
        return "nil"
    if isinstance(atom, Symbol):
        return atom.name
    if isinstance(atom, Fraction):
        return f"{_show_atom(atom.numerator)}/{_show_atom(atom.denominator)}"
    if isinstance(atom, int):
        # str() of a longer integer raises
        return str(atom) if atom.bit_length() < 3 * DIGITS else str(Decimal(atom))
    return repr(atom)
