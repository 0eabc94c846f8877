"""Macros are written out as TeX itself would."""

from __future__ import annotations

import pytest
from mlphys_book.macros import expand_macros

MACROS = {
    "dd": r"\mathrm{d}",
    "half": r"\tfrac12",
    "vect": [r"\boldsymbol{#1}", 1],
    "pdv": [r"\frac{\partial #1}{\partial #2}", 2],
    "twice": [r"\vect{#1}\vect{#1}", 1],
    "R": r"\mathbb",
}


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"\dd x", r"\mathrm{d} x"),
        (r"\ddot x", r"\ddot x"),  # another command that begins alike
        (r"\vect{a+{b}}", r"\boldsymbol{a+{b}}"),
        (r"\vect a", r"\boldsymbol{a}"),
        (r"\vect\alpha", r"\boldsymbol{\alpha}"),
        (r"\pdv{f}{x}", r"\frac{\partial f}{\partial x}"),
        (r"\twice{u}", r"\boldsymbol{u}\boldsymbol{u}"),
        (r"\pdv{\vect{f}}{x}", r"\frac{\partial \boldsymbol{f}}{\partial x}"),
        (r"\R x", r"\mathbb x"),
        (r"a\}\vect{\}}", r"a\}\boldsymbol{\}}"),
    ],
)
def test_expansion(tex, expected):
    assert expand_macros(tex, MACROS) == expected


def test_a_macro_that_contains_itself_is_refused():
    with pytest.raises(ValueError, match="contains itself"):
        expand_macros(r"\x", {"x": r"\x\x"})


def test_an_open_brace_is_refused():
    with pytest.raises(ValueError, match="closing brace"):
        expand_macros(r"\vect{a", MACROS)
