"""Text to tree: the reader of a tiny Lisp.

Letters have no case; they are read as small ones, which is what Common Lisp prints with
``*print-case*`` set to ``:downcase``. The reader keeps a stack of its own, so that neither the
length nor the depth of a list is limited by Python's. Trees: :mod:`mlphys.language.lisp_trees`.

Chapter: ``book/language/machine.md``. Reference: Common Lisp HyperSpec, chapter 2.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from mlphys.language.lisp_trees import (
    DIGITS,
    LispError,
    Place,
    Symbol,
    Tree,
    make_list,
    simplify,
)

__all__ = ["read", "read_all", "tokens"]

TOKEN = re.compile(r"""(?P<skip>\s+|;[^\n]*)|(?P<mark>[()'])|(?P<atom>[^\s()'";,`|\#\\:]+)""")
INTEGER = re.compile(r"[+-]?[0-9]+\.?")
RATIO = re.compile(r"([+-]?[0-9]+)/([0-9]+)")
FLOAT = re.compile(r"[+-]?([0-9]*\.[0-9]+|[0-9]+(?=e))(e[+-]?[0-9]+)?")


def tokens(text: str) -> Iterator[tuple[str, Place]]:
    """Yield the tokens of a program, each with the place where it starts.

    Parameters
    ----------
    text : str
        Program text. A comment runs from a semicolon to the end of its line.

    Raises
    ------
    LispError
        At a character that this Lisp does not use.

    Examples
    --------
    >>> [token for token, _ in tokens("(* 6 7) ; a product")]
    ['(', '*', '6', '7', ')']
    """
    position, line, line_start = 0, 1, 0
    while position < len(text):
        place = Place(line, position - line_start + 1)
        match = TOKEN.match(text, position)
        if match is None:
            raise LispError(
                f"expected a parenthesis, a quote mark, a number or a name; got "
                f"{text[position]!r}, which this Lisp does not use; remove it",
                place,
            )
        if match.lastgroup != "skip":
            yield match.group(), place
        position = match.end()
        newlines = text.count("\n", match.start(), position)
        if newlines:
            line += newlines
            line_start = text.rindex("\n", match.start(), position) + 1


def read(text: str) -> Tree:
    """Return the one tree that a text holds.

    Raises
    ------
    LispError
        If the text is not one tree.

    Examples
    --------
    >>> read("(+ 1 (* 2 3))").cdr
    (1 (* 2 3))
    >>> read("(+ 1 (* 2 3)")
    Traceback (most recent call last):
    ...
    mlphys.language.lisp_trees.LispError: line 1, column 1: expected ")" for this "("; got the end \
of the text with 1 still open; add the missing ")"
    """
    trees = read_all(text)
    if len(trees) != 1:
        raise LispError(f"expected one expression; got {len(trees)}; use read_all for several")
    return trees[0]


def read_all(text: str) -> list[Tree]:
    """Return the trees that a text holds, in order.

    Parameters
    ----------
    text : str
        Program text: integers, ratios ``1/3``, decimals, names, lists, pairs ``(a . b)``, and
        ``'x`` for ``(quote x)``.

    Raises
    ------
    LispError
        With line and column, where the text is not Lisp.

    Examples
    --------
    >>> read_all("(list 1 2) 'x nil")
    [(list 1 2), 'x, None]
    """
    top = _Open(None)
    stack = [top]
    for token, place in tokens(text):
        if token in "('":
            stack.append(_Open(place, quotes=token == "'"))
            continue
        if token == ".":
            stack[-1].start_tail(place)
            continue
        if token == ")":
            value = _close(stack, place)
        else:
            value = _atom(token, place)
        while stack[-1].quotes:
            opened = stack.pop()
            value = make_list([Symbol("quote", opened.place), value], opened.place)
        stack[-1].items.append(value)
    if len(stack) > 1:
        what = "an expression after this quote mark" if stack[-1].quotes else '")" for this "("'
        still = sum(not opened.quotes for opened in stack[1:])
        raise LispError(
            f'expected {what}; got the end of the text with {still} still open; add the missing ")"'
            if still
            else f"expected {what}; got the end of the text; add one",
            stack[-1].place,
        )
    return top.items


class _Open:
    """A list that has been opened and not closed, or a quote mark that waits for its tree."""

    def __init__(self, place: Place | None, *, quotes: bool = False):
        self.place, self.quotes = place, quotes
        self.items: list[Any] = []
        self.tail_from: int | None = None

    def start_tail(self, place: Place) -> None:
        """Note that a dot stands before the next item."""
        if self.place is None or self.quotes or not self.items or self.tail_from is not None:
            raise LispError(
                "expected a dot only inside parentheses, once, after an item; got another; "
                "write pairs as (a . b)",
                place,
            )
        self.tail_from = len(self.items)


def _close(stack: list[_Open], place: Place) -> Tree:
    """Return the list that a closing parenthesis ends."""
    opened = stack.pop()
    if opened.quotes:
        raise LispError('expected an expression after the quote mark; got ")"; add one', place)
    if opened.place is None:
        raise LispError('expected an open list; got ")" that closes nothing; remove it', place)
    items, tail = opened.items, None
    if opened.tail_from is not None:
        if len(items) != opened.tail_from + 1:
            raise LispError(
                f"expected one item between the dot and this parenthesis; got "
                f"{len(items) - opened.tail_from}; write pairs as (a . b)",
                place,
            )
        tail = items.pop()
    return make_list(items, opened.place, tail)


def _atom(token: str, place: Place) -> Tree:
    """Return the number or symbol that a token stands for."""
    word = token.lower()
    if word == "nil":
        return None
    if INTEGER.fullmatch(word):
        return _integer(word.rstrip("."))
    if ratio := RATIO.fullmatch(word):
        if not _integer(ratio[2]):
            raise LispError(f"expected a denominator above 0; got {token}; correct it", place)
        return simplify(Fraction(_integer(ratio[1]), _integer(ratio[2])))
    if FLOAT.fullmatch(word):
        if math.isinf(float(word)):
            raise LispError(f"expected a decimal below 1.8e308; got {token}; shorten it", place)
        return float(word)
    if not word.strip("."):
        raise LispError(f"expected a name or a number; got {token}; remove it", place)
    return Symbol(word, place)


def _integer(digits: str) -> int:
    return int(digits) if len(digits) < DIGITS else int(Decimal(digits))
