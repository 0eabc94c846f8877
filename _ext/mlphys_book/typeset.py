"""Typeset every formula when the site is built, so that pages need no script to show math.

Sphinx writes a formula as TeX between ``\\(`` and ``\\)`` or ``\\[`` and ``\\]`` for a script in the
reader's browser. Here MathJax runs in node instead, once over all new pages, and its HTML (with
MathML for screen readers) takes the TeX's place. A formula that is not valid TeX stops the build.

The macros are those of ``mathjax3_config`` in ``_config.yml``; `latex_macros` writes the same ones
for the PDF.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue]  # compiled: no stubs
from sphinx.errors import ExtensionError

from . import node

Macros = Mapping[str, Any]
"""Name without backslash -> body, or [body, number of arguments]."""


class Formula(NamedTuple):
    """One formula: its TeX without delimiters, and whether it stands on its own line."""

    tex: str
    display: bool


class TexError(ExtensionError):
    """A page holds a formula that is not valid TeX."""


_DELIMITED = re.compile(
    r"\s*(?:\\\((?P<inline>.*?)\\\)|\\\[(?P<display>.*?)\\\]|(?P<block>\\begin\{.*\}))\s*",
    re.DOTALL,
)


def parse_formula(text: str | None) -> Formula | None:
    r"""Return the formula that a piece of text consists of, or None if it is no formula.

    Examples
    --------
    >>> parse_formula(r" \(a^2\) ")
    Formula(tex='a^2', display=False)
    >>> parse_formula("plain words") is None
    True
    """
    match = _DELIMITED.fullmatch(text or "")
    if match is None:
        return None
    if match["inline"] is not None:
        return Formula(match["inline"].strip(), display=False)
    return Formula((match["display"] or match["block"] or "").strip(), display=True)


def replace_formulas(
    document: html.HtmlElement, replace: Callable[[Formula], str]
) -> list[Formula]:
    """Put ``replace(formula)`` in the place of each formula of a page; return the formulas.

    The replacement goes in as text: give a token, and exchange it for HTML after the page has
    been written out (parsing thousands of formulas again would cost more than typesetting them).
    """
    found = []
    for element in document.iter("span", "div"):
        if "math" not in (element.get("class") or "").split():
            continue
        formula = parse_formula(element.text)
        if formula is not None:
            element.text = replace(formula)
            found.append(formula)
        for child in element:
            formula = parse_formula(child.tail)
            if formula is not None:
                child.tail = replace(formula)
                found.append(formula)
    return found


class Typeset(NamedTuple):
    """The HTML of each formula, and the style sheet of all of MathJax's characters."""

    html: dict[Formula, str]
    css: str


def typeset(pages: Mapping[str, Iterable[Formula]], macros: Macros) -> Typeset:
    """Typeset the formulas of several pages in one run of MathJax.

    Parameters
    ----------
    pages
        Page name -> its formulas. The names serve in messages alone.
    macros
        TeX macros, as in MathJax's configuration.

    Raises
    ------
    TexError
        If any formula is not valid TeX. The message names each page and formula.
    """
    homes: dict[Formula, str] = {}
    for page, formulas in pages.items():
        for formula in formulas:
            homes.setdefault(formula, page)
    request = {"macros": dict(macros), "formulas": [f._asdict() for f in homes]}
    answer = json.loads(node.run("typeset.mjs", request))
    faults = [
        f"{page}: not valid TeX: {reason}, in the formula {' '.join(formula.tex.split())}"
        for (formula, page), reason in zip(homes.items(), answer["errors"], strict=True)
        if reason is not None
    ]
    if faults:
        more = f" (and {len(faults) - 1} more faults, below)" if faults[1:] else ""
        hint = "The book's own macros are defined in _config.yml under mathjax3_config."
        raise TexError("\n".join([faults[0] + more, *faults[1:], hint]))
    return Typeset(dict(zip(homes, answer["html"], strict=True)), answer["css"])


def latex_macros(macros: Macros) -> str:
    r"""Return the macros as LaTeX definitions, for the preamble of the PDF.

    Examples
    --------
    >>> print(latex_macros({"dd": r"\mathrm{d}", "vect": [r"\boldsymbol{#1}", 1]}))
    \providecommand{\dd}{}\renewcommand{\dd}{\mathrm{d}}
    \providecommand{\vect}{}\renewcommand{\vect}[1]{\boldsymbol{#1}}
    """
    lines = []
    for name, value in macros.items():
        body, arguments = (value, 0) if isinstance(value, str) else (value[0], value[1])
        count = f"[{arguments}]" if arguments else ""
        lines.append(rf"\providecommand{{\{name}}}{{}}\renewcommand{{\{name}}}{count}{{{body}}}")
    return "\n".join(lines)


_GREEK: dict[str, str] = dict(
    zip(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
        "upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega "
        "partial nabla infty times cdot to approx".split(),
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ∂∇∞×·→≈",
        strict=True,
    )
)
_RAISED = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")


def plain_text(text: str) -> str:
    r"""Return a text whose inline formulas are written with ordinary characters.

    For places where no markup can stand: window titles, search results, descriptions.

    Examples
    --------
    >>> plain_text(r"Curved spacetime from \(ds^2\)")
    'Curved spacetime from ds²'
    >>> plain_text(r"The step \(\Delta\eta\)")
    'The step Δη'
    """
    return re.sub(r"\\\((.*?)\\\)", lambda match: _plain_formula(match[1]), text)


def _plain_formula(tex: str) -> str:
    tex = re.sub(r"\\([A-Za-z]+) ?", lambda match: _GREEK.get(match[1], ""), tex)
    tex = re.sub(r"\^\{?([0-9+\-n]+)\}?", lambda match: match[1].translate(_RAISED), tex)
    return re.sub(r"[{}_\\^]", "", tex).strip()


def has_raw_tex(document: html.HtmlElement) -> bool:
    """Whether a page shows TeX delimiters to its reader outside code."""
    clone = html.fromstring(html.tostring(document))
    etree.strip_elements(clone, "code", "pre", "script", "style", with_tail=False)
    return re.search(r"\\\(|\\\[|\$\$", clone.text_content()) is not None
