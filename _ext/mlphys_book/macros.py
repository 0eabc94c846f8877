"""Write a formula's own macros out, for programs that do not know them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["expand_macros"]


def expand_macros(tex: str, macros: Mapping[str, Any]) -> str:
    r"""Return TeX with the site's macros written out.

    Parameters
    ----------
    tex : str
        A formula.
    macros : mapping
        Name without backslash to its body, or to ``[body, number of arguments]``.

    Examples
    --------
    >>> expand_macros(r"\dd x \vect{a}", {"dd": r"\mathrm{d}", "vect": [r"\mathbf{#1}", 1]})
    '\\mathrm{d} x \\mathbf{a}'
    """
    for _ in range(10):  # macros may use macros
        before = tex
        for name, value in macros.items():
            body, count = (value, 0) if isinstance(value, str) else (value[0], value[1])
            tex = _expand(tex, name, body, count)
        if tex == before:
            return tex
    raise ValueError(f"expected macros that end; one of {sorted(macros)} contains itself")


def _expand(tex: str, name: str, body: str, count: int) -> str:
    """Write out every use of one macro."""
    out, position = "", 0
    for match in re.finditer(rf"\\{name}(?![a-zA-Z])", tex):
        if match.start() < position:
            continue
        end, filled = match.end(), body
        for number in range(1, count + 1):
            argument, end = _argument(tex, end)
            filled = filled.replace(f"#{number}", argument)
        if not count and body[-1:].isalpha() and "\\" in body and tex[end : end + 1].isalpha():
            filled += " "
        out += tex[position : match.start()] + filled
        position = end
    return out + tex[position:]


def _argument(tex: str, start: int) -> tuple[str, int]:
    """Return the TeX argument that begins at ``start``, and where it ends."""
    while tex[start : start + 1].isspace():
        start += 1
    if tex[start : start + 1] != "{":
        token = re.compile(r"\\[a-zA-Z]+|\\?.", re.DOTALL).match(tex, start)
        return (token[0], token.end()) if token else ("", start)
    depth = 0
    for end in range(start, len(tex)):
        depth += {"{": 1, "}": -1}.get(tex[end], 0) if tex[end - 1] != "\\" else 0
        if depth == 0:
            return tex[start + 1 : end], end + 1
    raise ValueError(f"expected a closing brace in the formula {tex!r}")
