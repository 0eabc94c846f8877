"""Names that a screen reader speaks, for figures, tables and formulas.

A browser gives a figure and a table no name of their own; a list of all figures or tables of a page,
which screen readers offer, then holds nothing but "figure" and "table". A figure takes the number
in its caption, a table its caption, and one without a caption the heading above it.
"""

from __future__ import annotations

from lxml import html

from .typeset import plain_text

__all__ = ["name_figures", "name_tables"]

HEADING = "preceding::*[self::h1 or self::h2 or self::h3 or self::h4][1]"


def name_figures(document: html.HtmlElement) -> None:
    """Name each figure of the text by the number in its caption, or by the caption."""
    for count, figure in enumerate(document.xpath("//article//figure[.//figcaption]"), start=1):
        caption = figure.find(".//figcaption")
        numbers = caption.xpath(".//*[@class='caption-number']")
        _label(figure, numbers[0] if numbers else caption, f"figure-name-{count}")


def name_tables(document: html.HtmlElement) -> None:
    """Name each table of the text by its caption, or by the heading above it."""
    for count, table in enumerate(document.xpath("//article//table"), start=1):
        caption = table.find("caption")
        if caption is not None:
            _label(table, caption, f"table-name-{count}")
        elif headings := table.xpath(f"({HEADING})[1]"):
            table.set("aria-label", _words(headings[0]))


def _label(element: html.HtmlElement, source: html.HtmlElement, name: str) -> None:
    """Let ``source`` be the name of ``element``."""
    if not source.get("id"):
        source.set("id", name)
    element.set("aria-labelledby", source.get("id"))


def _words(heading: html.HtmlElement) -> str:
    """Return the words of a heading without the sign that links to it."""
    links = "ancestor::a[contains(@class, 'headerlink')]"
    return plain_text(" ".join("".join(heading.xpath(f".//text()[not({links})]")).split()))
