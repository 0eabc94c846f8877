"""Formulas: found where Sphinx puts them, typeset by MathJax, faults named."""

from __future__ import annotations

import re

import pytest
from lxml import html
from mlphys_book import typeset
from mlphys_book.typeset import Formula, TexError, parse_formula, plain_text, replace_formulas

MACROS = {"dd": r"\mathrm{d}", "vect": [r"\boldsymbol{#1}", 1]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\(a\)", Formula("a", False)),
        ("\n\\[\na\n\\]\n", Formula("a", True)),
        (r"\begin{align}a\end{align}", Formula(r"\begin{align}a\end{align}", True)),
        (r"words \(a\)", None),
        ("", None),
        (None, None),
    ],
)
def test_formula_is_recognized_by_its_delimiters(text, expected):
    assert parse_formula(text) == expected


PAGE = r"""<body><h1>On <span class="math notranslate">\(a\)</span></h1>
<div class="math notranslate" id="e"><span class="eqno"><a href="#e">(1)</a></span>\[b\]</div>
<div class="output text_latex math">
\[c\]</div><code>\(not math\)</code><span class="maths">\(no\)</span>
<table><caption><span class="math">\(a&lt;d\)</span></caption></table></body>"""


def test_every_formula_is_replaced_and_nothing_else():
    document = html.document_fromstring(PAGE)
    found = replace_formulas(document, lambda formula: f"<{formula.tex}>")
    assert found == [
        Formula("a", False),
        Formula("b", True),
        Formula("c", True),
        Formula("a<d", False),
    ]
    assert document.get_element_by_id("e")[0].tail == "<b>"
    assert document.find(".//code").text == r"\(not math\)"


def test_mathjax_typesets_with_macros_and_mathml():
    formulas = [Formula(r"\dd s^2 = \vect{x}", False), Formula(r"\frac{a}{b}", True)]
    result = typeset.typeset({"page": formulas}, MACROS)
    inline, display = (result.html[formula] for formula in formulas)
    assert 'display="true"' in display
    assert 'display="true"' not in inline
    mathml = html.fragment_fromstring(inline).find(".//math")
    letters = [(mi.text, mi.get("mathvariant")) for mi in mathml.iter("mi")]
    assert letters == [("d", "normal"), ("s", None), ("x", "bold-italic")]
    assert html.fragment_fromstring(display).find(".//mfrac") is not None
    for sign in set(re.findall(r"mjx-c[0-9A-F]+", inline + display)):
        assert f".{sign}" in result.css


def test_all_faults_are_named_with_page_and_formula():
    pages = {
        "book/one": [Formula("a", False), Formula(r"\frac{1}", True)],
        "book/two": [Formula(r"\nosuchmacro x", False), Formula(r"\left( x", False)],
    }
    with pytest.raises(TexError) as caught:
        typeset.typeset(pages, MACROS)
    message = str(caught.value)
    first, second, third, hint = message.splitlines()
    assert re.match(r"book/one: .*Missing argument for \\frac.* \\frac\{1\} \(and 2 more", first)
    assert re.match(r"book/two: .*Undefined control sequence \\nosuchmacro", second)
    assert re.match(r"book/two: .*\\left\( x$", third)
    assert "_config.yml" in hint


def test_a_page_cannot_define_macros_for_others():
    with pytest.raises(TexError, match="newcommand"):
        typeset.typeset({"a": [Formula(r"\newcommand{\x}{y}\x", False)]}, {})


def test_no_formulas_are_no_work():
    result = typeset.typeset({"a": []}, {})
    assert result.html == {}
    assert "mjx-container" in result.css


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"Mass \(E = mc^2\)", "Mass E = mc²"),
        (r"\(\alpha\) decay", "α decay"),
        (r"\(x^{-1}\), \(\mathrm{d}x\)", "x⁻¹, dx"),
        ("no math", "no math"),
    ],
)
def test_titles_are_plain(text, expected):
    assert plain_text(text) == expected


def test_latex_gets_the_same_macros():
    assert typeset.latex_macros(MACROS).splitlines() == [
        r"\providecommand{\dd}{}\renewcommand{\dd}{\mathrm{d}}",
        r"\providecommand{\vect}{}\renewcommand{\vect}[1]{\boldsymbol{#1}}",
    ]
