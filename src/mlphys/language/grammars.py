"""Grammars of terms: from a line of text to its syntax tree, and errors that say where and what.

A *grammar* lists rules. A *terminal* (``NUMBER``, ``"+"``) is a piece of text, found by the lexer;
a *rule* (``sum``) is made of terminals and rules, found by the parser. Here are three grammars in
the notation of ``lark``: the smallest useful one, one with a known defect, and the full one whose
powers, signs and calls bind as Python's do.

Chapter: ``book/language/grammars.md``. Evaluation and printing: :mod:`mlphys.language.terms`.
Reference: the Python language reference, section 6.17, for the precedence of operators.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

__all__ = ["SIGNED", "SMALL", "TERMS", "TermError", "make_parser", "parse"]

SMALL = r"""
?sum: product
    | sum "+" product          -> add
    | sum "-" product          -> subtract
?product: factor
    | product "*" factor       -> multiply
    | product "/" factor       -> divide
?factor: NUMBER                -> number
    | "(" sum ")"
NUMBER: /[0-9]+/
%ignore /[ \t\r\n]+/
"""

SIGNED = SMALL.replace("/[0-9]+/", "/[+-]?[0-9]+/")  # the defect: a number swallows its sign

TERMS = r"""
?sum: product
    | sum "+" product          -> add
    | sum "-" product          -> subtract
?product: signed
    | product "*" signed       -> multiply
    | product "/" signed       -> divide
?signed: power
    | "-" signed               -> negate
?power: atom
    | atom "**" signed         -> power
?atom: NUMBER                  -> number
    | NAME                     -> name
    | NAME "(" sum ("," sum)* ")" -> call
    | "(" sum ")"
NUMBER: /([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?/
NAME: /[A-Za-z_][A-Za-z_0-9]*/
%ignore /[ \t\r\n]+/
"""

SPOKEN = {
    "NUMBER": "a number",
    "NAME": "a name",
    "LPAR": "'('",
    "RPAR": "')'",
    "PLUS": "'+'",
    "MINUS": "'-'",
    "STAR": "'*'",
    "SLASH": "'/'",
    "COMMA": "','",
    "__ANON_0": "'**'",
    "$END": "the end",
}
VISIBLE = 60  # characters of an offending line that a message shows


class TermError(ValueError):
    """What is wrong with a term, with its place and the line at fault.

    Attributes
    ----------
    message : str
        The complaint without its place: expected, got.
    line, column : int
        Place of the fault, both counted from 1.

    Examples
    --------
    >>> print(TermError("expected a number", text="1 + *", line=1, column=5))
    line 1, column 5: expected a number
        1 + *
            ^
    """

    def __init__(self, message: str, *, text: str, line: int, column: int):
        shown, before = _excerpt(text.split("\n")[line - 1], column - 1)
        place = f"line {line}, column {column}: "
        super().__init__(f"{place}{message}\n    {shown}\n    {before}^")
        self.message = message
        self.line = line
        self.column = column


def make_parser(grammar: str, *, parser: str = "lalr", lexer: str = "auto") -> Lark:
    """Return lark's parser for a grammar whose start rule is ``sum``.

    Parameters
    ----------
    grammar : str
        Rules in lark's notation, such as :data:`TERMS`.
    parser : str, default "lalr"
        ``"lalr"`` (linear time, one tree) or ``"earley"`` (any grammar; with lark's own option it
        can return all trees).
    lexer : str, default "auto"
        For LALR, ``"contextual"`` looks only for terminals that the parser can use next, and is
        what ``"auto"`` means; ``"basic"`` cuts the whole text first.

    Examples
    --------
    >>> from mlphys.language.syntax_trees import from_lark, outline
    >>> print(outline(from_lark(make_parser(SMALL).parse("3-2"))))
    subtract
      number
        3
      number
        2
    """
    return Lark(grammar, start="sum", parser=parser, lexer=lexer, propagate_positions=True)


def parse(text: str) -> Tree:
    """Return the syntax tree of a term, by the grammar :data:`TERMS`.

    Parameters
    ----------
    text : str
        Sums, products, powers, signs, decimals, names, calls, parentheses; blanks and line breaks
        may stand between any two pieces.

    Returns
    -------
    lark.Tree
        ``tree.data`` is one of add, subtract, multiply, divide, negate, power, number, name, call;
        ``tree.children`` are trees, or the token of a number or name.

    Raises
    ------
    TermError
        If the text is no term. The message names line, column, what was expected, what came, and
        shows the line.

    Notes
    -----
    The parser keeps its own stack: a term may be nested 100,000 deep.

    Examples
    --------
    >>> tree = parse("2+3*4")
    >>> print(tree.data, tree.children[1].data)
    add multiply
    >>> parse("2+*4")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mlphys.language.grammars.TermError: line 1, column 3: expected '(', '-', a name or ...
    """
    try:
        return _terms().parse(text)
    except UnexpectedInput as error:
        raise _explain(error, text) from None


@cache
def _terms() -> Lark:
    """Build the parser of :data:`TERMS` once."""
    return make_parser(TERMS)


def _explain(error: UnexpectedInput, text: str) -> TermError:
    """Return our words for an error of lark's."""
    if isinstance(error, UnexpectedToken):
        got = _spoken_token(error.token)
        position = error.token.start_pos if error.token.type != "$END" else len(text.rstrip())
    else:
        assert isinstance(error, UnexpectedCharacters)
        position = error.pos_in_stream
        got = repr(text[position])
    # Asked again for the text before the fault: lark's own list comes after the parser has
    # closed rules on sight of the wrong token, and lacks what could have gone on inside them.
    before = _terms().parse_interactive(text[:position])
    before.exhaust_lexer()
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    message = f"expected {_either(before.accepts())}, got {got}"
    return TermError(message, text=text, line=line, column=column)


def _spoken_token(token: Token) -> str:
    """Return how a message speaks of a token that was read."""
    return SPOKEN["$END"] if token.type == "$END" else repr(str(token))


def _either(terminals: Iterable[str]) -> str:
    """Return "a, b or c" for the terminals that could follow, marks first."""
    words = sorted(SPOKEN.get(name, name) for name in terminals)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _excerpt(line: str, index: int) -> tuple[str, str]:
    """Return the part of a line around an index, and the blanks that lead to the index."""
    start = max(0, index - VISIBLE // 2) if len(line) > VISIBLE else 0
    part = line[start : start + VISIBLE]
    left, right = "…" * (start > 0), "…" * (start + VISIBLE < len(line))
    printable = "".join(c if c.isprintable() else " " for c in part)
    return (left + printable + right).rstrip(), " " * (len(left) + index - start)
