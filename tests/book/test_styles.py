"""The one style sheet: addresses hold, used rules stay, fonts have the characters in use."""

from __future__ import annotations

import re

import pytest
from fontTools.ttLib import TTFont
from lxml import html
from mlphys_book import styles
from sphinx.errors import ExtensionError


def test_links_become_one_link():
    document = html.document_fromstring(
        "<html><head><link rel='stylesheet' href='../_static/a.css?v=1'><link rel='icon' href='i'>"
        "<link rel='stylesheet' href='../_static/styles/b.css'></head><body></body></html>"
    )
    taken = styles.take_style_sheets(document, "book/page")
    assert taken == ["_static/a.css", "_static/styles/b.css"]
    assert document.xpath("//link[@rel='stylesheet']/@href") == ["../_static/site.css"]
    assert document.xpath("//link[@rel='icon']/@href") == ["i"]


def test_addresses_in_sheets_hold_from_their_new_place(tmp_path):
    folder = tmp_path / "_static" / "styles"
    folder.mkdir(parents=True)
    (folder / "b.css").write_text(
        'a{src:url("../fonts/f.woff2?v=1")}b{src:url(data:x)}c{src:url(#d)}', "utf-8"
    )
    css = styles.read_sheets(tmp_path, ["_static/styles/b.css"])
    assert 'url("fonts/f.woff2")' in css
    assert "url(data:x)" in css
    assert "url(#d)" in css


def test_purge_keeps_what_pages_and_scripts_use(tmp_path):
    page, script = tmp_path / "page.html", tmp_path / "s.js"
    page.write_text("<html data-theme='light'><p class='used'></p></html>", "utf-8")
    script.write_text("element.classList.add('later'); root.dataset.theme = 'dark'", "utf-8")
    css = """/* words */ .used { color: red; } .unused { color: red; } .later p, .unused p { top: 0 }
      html[data-theme="dark"] .used { color: blue } :focus-visible { outline: 1px solid }
      @media print { .used { content: "a  b" } } @font-face { font-family: x; src: url(x.woff2) }"""
    kept = styles.purge(css, [page, script])
    assert ".used{color:red}" in kept
    assert ".later p{top:0}" in kept
    assert 'content:"a  b"' in kept
    assert "dark" in kept
    assert ":focus-visible" in kept
    assert "unused" not in kept
    assert "words" not in kept
    assert "@font-face" not in kept


def test_fonts_are_cut_to_the_characters_in_use(tmp_path):
    css = (
        '@font-face{font-family:MJXTEX-I;src:url("mathjax-fonts/MathJax_Math-Italic.woff")}'
        'mjx-c.mjx-c1D465.TEX-I::before{content:"x"}mjx-c.mjx-c64::before{content:"d"}'
        '@font-face{font-family:none;src:url("mathjax-fonts/MathJax_Size4-Regular.woff")}'
    )
    written = styles.write_fonts(tmp_path, css)
    names = re.findall(r'url\("site-fonts/([^"]+)"\)', written)
    assert len(names) == 1, "a font without any of the characters is left out"
    with TTFont(tmp_path / styles.FONTS / names[0]) as font:
        assert {"x", "d"} <= set(map(chr, font.getBestCmap()))
        assert len(font.getGlyphOrder()) < 6
    assert (tmp_path / styles.FONTS / names[0]).stat().st_size < 3000


def test_the_blank_font_holds_no_text_back(tmp_path):
    """It comes first in MathJax's lists, and until it had come, no formula would show on paper."""
    css = '@font-face{font-family:MJXZERO;src:url("mathjax-fonts/MathJax_Zero.woff")}a{top:0}'
    assert styles.write_fonts(tmp_path, css) == "a{top:0}"


def test_a_brace_among_the_signs_hides_no_other_sign(tmp_path):
    css = (
        '@font-face{font-family:MJXTEX;src:url("mathjax-fonts/MathJax_Main-Regular.woff")}'
        'mjx-c.mjx-c7B::before{content:"{"}mjx-c.mjx-c7D::before{content:"}"}'
        'mjx-c.mjx-cA0::before{content:"\\A0"}mjx-c.mjx-c22::before{content:"\\""}'
        'mjx-c.mjx-c64::before{content:"d"}'
    )
    written = styles.write_fonts(tmp_path, css)
    (name,) = re.findall(r'url\("site-fonts/([^"]+)"\)', written)
    with TTFont(tmp_path / styles.FONTS / name) as font:
        assert {"{", "}", "\u00a0", '"', "d"} <= set(map(chr, font.getBestCmap()))


def test_sheets_of_earlier_builds_are_remembered(tmp_path):
    memory = tmp_path / "sheets.json"
    assert styles.remember_sheets(memory, ["a", "b"]) == ["a", "b"]
    assert styles.remember_sheets(memory, ["b", "c"]) == ["a", "b", "c"]


def test_a_failing_script_is_reported(tmp_path):
    with pytest.raises(ExtensionError, match=r"purge\.mjs failed"):
        styles.purge(".a {", [tmp_path / "page.html"])
