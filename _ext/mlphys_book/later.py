"""What a page leaves for later: sections, live figures and pictures far below the first screen.

A chapter has ten thousand elements, and a phone needs a second to lay them out. The style sheet
lets the browser lay a section out when the reader comes near it; until then the section keeps a
height that is estimated here from what it holds. The scripts of live figures stand as plain text
until ``mlphys.js`` runs them, which it does when their figure comes near.
"""

from __future__ import annotations

import re

from lxml import html

__all__ = ["estimate_height", "let_figures_wait", "state_heights"]

Element = html.HtmlElement

LINE, CODE_LINE, ROW, FORMULA, HEADING = 28, 20, 40, 62, 62
"""Heights in pixels, each of one line, row, displayed formula or heading with its margins."""
LETTERS = 82  # letters of text in a line
WIDTH = 700  # pixels: wider pictures are shown this wide
MARGIN, BOX = 19, 42  # pixels around a paragraph; around a box, a cell or a figure
TEXT = ("p", "li", "dt", "dd", "figcaption")
HEADINGS = ("h1", "h2", "h3", "h4")


def let_figures_wait(document: Element) -> None:
    """Turn the scripts of live figures into text that ``mlphys.js`` runs in its place later."""
    for script in document.xpath("//div[contains(@class, 'widget')]/script[not(@type)]"):
        script.set("type", "text/plain")
        script.set("class", "waiting")


def state_heights(document: Element) -> None:
    """Write the estimated height of each section of the text to it, for the style sheet."""
    for section in document.xpath("//article//section/section"):
        section.set("style", f"--tall:{estimate_height(section):.0f}")


def estimate_height(element: Element) -> float:
    """Return roughly how many pixels tall an element is on a wide page.

    Examples
    --------
    >>> estimate_height(html.fromstring("<div><h2>Title</h2><p>One line.</p></div>"))
    109.0
    """
    if not isinstance(element.tag, str) or element.tag in ("script", "style", "template"):
        return 0.0
    classes = set((element.get("class") or "").split())
    if "eqno" in classes:
        return 0.0
    if element.tag in HEADINGS:
        return float(HEADING)
    if element.tag == "pre":
        return float(CODE_LINE * (element.text_content().rstrip().count("\n") + 1) + MARGIN)
    if element.tag == "img":
        return _picture(element)
    if element.tag == "svg":
        return _drawing(element)
    if element.tag == "table":
        return float(ROW * len(element.findall(".//tr")) + MARGIN)
    if element.tag == "details" and element.get("open") is None:
        return float(BOX + MARGIN)
    if element.tag == "div" and "math" in classes:
        return float(FORMULA * (1 + element.text_content().count(r"\\") // 2))
    boxed = BOX if classes & {"cell", "admonition"} or element.tag == "figure" else 0
    if element.tag in TEXT and not any(child.tag in ("p", "ul", "ol", "div") for child in element):
        return (
            boxed
            + LINE * (1 + _letters(element) // LETTERS)
            + (MARGIN if element.tag == "p" else 5)
        )
    return float(boxed + sum(estimate_height(child) for child in element))


def _letters(element: Element) -> int:
    """Return the letters of a text; of a formula about half of its TeX is seen."""
    text = re.sub(r"\s+", " ", element.text_content())
    formulas = sum(len(found) for found in re.findall(r"\\\(.*?\\\)", text))
    return len(text) - formulas // 2


def _drawing(svg: Element) -> float:
    box = re.findall(r"[\d.]+", svg.get("viewBox") or svg.get("viewbox") or "")
    return float(box[3]) * min(1.0, WIDTH / float(box[2])) if len(box) == 4 else WIDTH / 2


def _picture(image: Element) -> float:
    width, height = image.get("width", ""), image.get("height", "")
    if not (width.isdigit() and height.isdigit()):
        return float(WIDTH // 2)
    return int(height) * min(1.0, WIDTH / int(width))
