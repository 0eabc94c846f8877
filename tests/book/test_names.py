"""Figures and tables have a name that a screen reader can speak."""

from __future__ import annotations

from lxml import html
from mlphys_book.names import name_figures, name_tables


def names(document):
    """Return the name of each figure and table, as a browser would compute it."""
    return [
        element.get("aria-label")
        or document.get_element_by_id(element.get("aria-labelledby")).text_content().strip()
        for element in document.xpath("//figure | //table")
        if element.get("aria-label") or element.get("aria-labelledby")
    ]


def test_a_figure_is_named_by_its_number_or_else_its_caption():
    document = html.document_fromstring(
        "<article><figure><img><figcaption><p><span class='caption-number'>Fig. 3 </span>Words."
        "</p></figcaption></figure><figure><figcaption>No number.</figcaption></figure>"
        "<figure><img></figure></article>"
    )
    name_figures(document)
    assert names(document) == ["Fig. 3", "No number."]


def test_a_table_is_named_by_its_caption_or_the_heading_above():
    document = html.document_fromstring(
        "<article><h1>Top</h1><h2>Sizes of <b>\\(x^2\\)</b><a class='headerlink' href='#s'>#</a></h2>"
        "<table><caption id='own'>Two sizes</caption></table><div><table></table></div>"
        "<h2>Later</h2></article>"
    )
    name_tables(document)
    assert names(document) == ["Two sizes", "Sizes of x²"]
    assert document.find(".//table").get("aria-labelledby") == "own"


def test_a_table_without_heading_has_none():
    document = html.document_fromstring("<article><table></table></article>")
    name_tables(document)
    assert names(document) == []
