r"""Lists of numbers in the notation of the Wolfram Language, read and written.

``{{0., 1.5*^-7}, {1/2, -3}}`` becomes nested Python lists of floats. The grammar is the whole of what
is understood; there is no ``eval`` here, and no name, call or operator passes:

.. code-block:: text

    list    := "{" [ value { "," value } ] "}"
    value   := list | number
    number  := real | integer "/" integer
    real    := [sign] digits ["." digits] [precision] ["*^" [sign] digits]

A precision mark (``0.5`16.``) is read and dropped. A number outside the range of a double becomes
infinite; whoever needs finite numbers checks.

Chapter: ``book/physics/serving.md``.

References
----------
Wolfram Research, "Input Syntax", section "Numbers", Wolfram Language & System Documentation Center.
"""

from __future__ import annotations

import math
import re

import numpy as np

__all__ = ["WolframSyntaxError", "read_list", "write_list"]

LONGEST = 400  # characters of one number

# possessive quantifiers (++, *+) never try a shorter match: reading takes time linear in the text
TOKEN = re.compile(
    r"\s*+(?:(?P<sign>[{},])"
    r"|(?P<ratio>[+-]?\d++\s*+/\s*+\d++)(?![\d.`*^/])"
    r"|(?P<mantissa>[+-]?(?:\d++\.?+\d*+|\.\d++))(?:``?+[+-]?\d*+\.?+\d*+)?+"
    r"(?:\*\^(?P<power>[+-]?\d++))?+(?![\d.`*^/]))\s*+"
)

# what may come next, and how the error message names it
ALLOWED = {
    "start": ({"{"}, "a list"),
    "first": ({"{", "}", "number"}, "a number, a list or }"),
    "value": ({"{", "number"}, "a number or a list"),
    "next": ({",", "}"}, "a comma or }"),
    "end": (set(), "nothing after the list"),
}


class WolframSyntaxError(ValueError):
    """A text that is no list of numbers; ``position`` counts characters from 0."""

    def __init__(self, expected: str, position: int) -> None:
        super().__init__(f"expected {expected} at character {position}")
        self.position = position


def read_list(text: str, *, depth: int = 8) -> list:
    """Return the nested lists of floats that a text stands for.

    Parameters
    ----------
    text : str
    depth : int
        Deepest nesting that is accepted, at least 1.

    Raises
    ------
    WolframSyntaxError
        If the text is anything else, or nested deeper.

    Examples
    --------
    >>> read_list("{{0., 1.5*^-7}, {1/2, -3}}")
    [[0.0, 1.5e-07], [0.5, -3.0]]
    >>> read_list("{1, Exit[]}")
    Traceback (most recent call last):
    ...
    mlphys.serving.wolfram_lists.WolframSyntaxError: expected a number or a list at character 4
    """
    outer: list[list] = [[]]  # the list that is being read, inside all those around it
    state, position = "start", 0
    while position < len(text):
        allowed, words = ALLOWED[state]
        found = TOKEN.match(text, position)
        kind = None if found is None else found["sign"] or "number"
        if found is None or kind not in allowed:
            raise WolframSyntaxError(words, _beyond_space(text, position))
        if kind == "{":
            if len(outer) > depth:
                raise WolframSyntaxError(f"at most {depth} lists inside each other", position)
            outer.append([])
            state = "first"
        elif kind == "}":
            outer[-2].append(outer.pop())
            state = "end" if len(outer) == 1 else "next"
        elif kind == "number":
            outer[-1].append(_number(found, position))
            state = "next"
        else:
            state = "value"
        position = found.end()
    if state != "end":
        raise WolframSyntaxError(ALLOWED[state][1], len(text))
    return outer[0][0]


def write_list(array: np.ndarray) -> str:
    """Return an array as a list of the Wolfram Language, each number with all its digits.

    Parameters
    ----------
    array : ndarray of float or int, of at least one axis

    Raises
    ------
    ValueError
        If a number is not finite; ``Infinity`` would be read as a name.

    Examples
    --------
    >>> write_list(np.array([[0.5, 1e-7], [-2, 3]]))
    '{{0.5,1.*^-7},{-2.,3.}}'
    """
    if not np.isfinite(array).all():
        raise ValueError("write_list: expected finite numbers; there are others")
    return _write(np.asarray(array, np.float64).tolist())


def _write(value: list | float) -> str:
    if isinstance(value, list):
        return "{" + ",".join(map(_write, value)) + "}"
    mantissa, _, power = repr(value).partition("e")
    mantissa = mantissa.removesuffix("0") if mantissa.endswith(".0") else mantissa
    mantissa = mantissa if "." in mantissa else mantissa + "."
    return f"{mantissa}*^{int(power)}" if power else mantissa


def _number(found: re.Match[str], position: int) -> float:
    if found.end() - found.start() > LONGEST:
        raise WolframSyntaxError(f"a number of at most {LONGEST} characters", position)
    if found["ratio"]:
        above, below = map(int, found["ratio"].split("/"))
        if below == 0:
            raise WolframSyntaxError("a denominator other than 0", position)
        try:
            return above / below
        except OverflowError:
            return math.inf
    return float(f"{found['mantissa']}e{found['power'] or 0}")


def _beyond_space(text: str, position: int) -> int:
    return len(text) - len(text[position:].lstrip())
