"""Frames, texts and escapes, judged by an XML parser and by Python's own ``isprintable``."""

import unicodedata
from xml.etree import ElementTree

import pytest
from browser import HINT, find_browser, open_browser
from hypothesis import given
from hypothesis import strategies as st

from mlphys.language.cons_picture import draw_pairs
from mlphys.language.graph_pictures import draw_value
from mlphys.language.lisp_reader import read
from mlphys.language.svg import WIDEST, Picture, draw_text, frame, printable, text_width
from mlphys.language.syntax_trees import Node
from mlphys.language.tree_pictures import draw_trees

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = ["<b>&\"'", "a\nb\t", "\u202eabc", "\x00\x1b[31m", "\ud800", "\u2066\u200f", "]]>", "  a"]
HOSTILE += ["</text><script>x</script>", "שלום", "漢字", "\xa0\u3000", "a\u0301"]


@given(st.text())
def test_printable_text_can_be_seen_and_is_undone_by_python(text):
    shown = printable(text)
    assert shown.isprintable()
    assert printable(shown) == shown
    if "\\" not in text:
        assert shown.encode("latin-1", "backslashreplace").decode("unicode_escape") == text


@pytest.mark.parametrize("category", ["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"])
def test_every_hidden_category_is_escaped(category):
    found = next(c for c in map(chr, range(33, 0x110000)) if unicodedata.category(c) == category)
    assert printable(found).startswith("\\") and printable(found).isascii()


@given(st.text(), st.integers(1, 30))
def test_a_cut_text_is_a_beginning(text, longest):
    shown = printable(text, longest)
    assert len(shown) <= longest
    whole = printable(text)
    assert shown == whole or (shown[-1] == "…" and whole.startswith(shown[:-1]))


@given(st.text(), st.text(min_size=1).filter(str.strip))
def test_any_text_and_title_give_well_formed_svg(text, title):
    picture = frame([draw_text(1, 2, text, size=10)], 30, 20, title=title)
    root = ElementTree.fromstring(picture._repr_svg_().encode())
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.findtext(SVG + "title") == picture.title
    assert (root.findtext(SVG + "text") or "") == printable(text)


def test_small_pictures_shrink_and_large_ones_keep_their_letters():
    small, large = (frame([], w, 10, title="t").svg for w in (WIDEST, WIDEST + 1))
    assert "max-width:100%" in small and "max-width" not in large
    root = ElementTree.fromstring(large)
    assert root.get("viewBox") == "0 0 641.0 10.0" and root.get("width") == "641.0"


def test_text_has_its_place_and_style():
    element = ElementTree.fromstring(
        draw_text(3, 4.25, "ab", size=10, color="#123456", anchor="middle", bold=True)
    )
    assert element.attrib.pop("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
    assert element.attrib == {
        **{"x": "3.0", "y": "4.2", "font-size": "10", "fill": "#123456", "text-anchor": "middle"},
        **{"font-weight": "bold", "textLength": "12.0", "lengthAdjust": "spacingAndGlyphs"},
    }


def test_every_drawing_of_the_part_is_such_a_picture():
    pictures = [
        draw_pairs(read("(+ 1 2)")),
        draw_trees({"": Node("x")}, title="t"),
        draw_value([1, [2]]),
    ]
    assert all(type(picture) is Picture for picture in pictures)
    assert repr(pictures[0]) == "Picture('Cons cells of (+ 1 2)')"


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="expected a positive size; got 0 x 5; add its margins"):
        frame([], 0, 5, title="t")
    with pytest.raises(ValueError, match="expected a positive size; got 1 x nan"):
        frame([], 1, float("nan"), title="t")
    with pytest.raises(ValueError, match="expected a title that says"):
        frame([], 1, 1, title=" ")
    with pytest.raises(ValueError, match="expected longest >= 1; got 0; leave room"):
        printable("a", 0)


@pytest.mark.browser
def test_a_browser_gives_each_text_the_width_that_was_reckoned_with():
    if find_browser() is None:
        pytest.skip(f"pictures were not opened in a browser: {HINT}")
    parts = [draw_text(9, 20 * k + 20, text, size=14) for k, text in enumerate(HOSTILE)]
    svg = frame(parts, 600, 20 * len(parts) + 20, title="".join(HOSTILE)).svg
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 700, "height": 800})
        page.set_content(f"<body>{svg}</body>")
        seen = page.evaluate(
            "() => [...document.querySelectorAll('text')].map(e => "
            "[e.textContent, e.getComputedTextLength()])"
        )
        assert page.evaluate("() => document.querySelectorAll('script, b').length") == 0
    for text, (content, width) in zip(HOSTILE, seen, strict=True):
        assert content == printable(text)
        assert width == pytest.approx(text_width(printable(text), 14), abs=1)
