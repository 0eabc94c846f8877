"""The picture that a link to a page shows elsewhere: title, part and book on the book's own sign.

Each page has one, 1200 by 630 pixels in a few colors, drawn as the site is built from the words of
the page alone, so that the same words give the same bytes. A picture remembers its words and is
drawn again only when they have changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from lxml import html
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from .typeset import plain_text

__all__ = [
    "FOLDER",
    "SIZE",
    "Words",
    "card_path",
    "draw_card",
    "drop_stale_cards",
    "words_of",
    "write_card",
]

FOLDER = "_static/cards"
SIZE = (1200, 630)
FONTS = files("matplotlib") / "mpl-data" / "fonts" / "ttf"
SPACE, LINE, GLOW, HOLE, SNOW, SHADE = (
    "#0f2440", "#8ab8f5", "#f0a04b", "#05080d", "#ffffff", "#c3cede"
)  # fmt: skip
LEFT, RIGHT = 72, 1128
COLORS = 24
KEY = "words"
VERSION = "1"  # a new number draws all cards again


class Words(NamedTuple):
    """What stands on a card."""

    title: str
    part: str
    about: str
    book: str


def card_path(page: str) -> str:
    """Return where the card of a page lies, from the root of the site.

    Examples
    --------
    >>> card_path("book/learning/deep_net")
    '_static/cards/book-learning-deep_net.png'
    """
    return f"{FOLDER}/{page.replace('/', '-')}.png"


def words_of(document: html.HtmlElement) -> Words:
    """Return the words for the card of a page whose title has been made plain."""
    title, _, book = (document.findtext(".//title") or "").rpartition(" · ")
    current = "//nav//ul[li[contains(concat(' ', @class, ' '), ' current ')]]"
    captions = document.xpath(f"{current}/preceding-sibling::p[1]//*[@class='caption-text']")
    part = captions[0].text_content().strip() if captions else ""
    about = next(iter(document.xpath("//meta[@name='description']/@content")), "")
    return Words(plain_text(title), plain_text(part), plain_text(about), book)


def write_card(root: Path, document: html.HtmlElement, page: str) -> Words:
    """Write the card of a page into a built site, unless it is there; return its words."""
    path, words = root / card_path(page), words_of(document)
    key = hashlib.sha256("\n".join((VERSION, *words)).encode()).hexdigest()
    if path.exists():
        with Image.open(path) as image:
            if image.info.get(KEY) == key:
                return words
    path.parent.mkdir(parents=True, exist_ok=True)
    notes = PngInfo()
    notes.add_text(KEY, key)
    draw_card(words).save(path, optimize=True, pnginfo=notes)
    return words


def drop_stale_cards(root: Path, pages: Iterable[str]) -> None:
    """Delete the cards of pages that the site no longer has."""
    kept = {root / card_path(page) for page in pages}
    for path in (root / FOLDER).glob("*.png"):
        if path not in kept:
            path.unlink()


def draw_card(words: Words) -> Image.Image:
    """Return a card as a picture with a palette."""
    card = Image.new("RGB", SIZE, SPACE)
    card.paste(_sign(400), (820, 290))
    pen = ImageDraw.Draw(card)
    pen.text((LEFT, 60), words.book, fill=LINE, font=_font(30, bold=True))
    if words.part:
        pen.text((LEFT, 104), words.part, fill=SHADE, font=_font(26))
    font, lines = _fitted(words.title, width=RIGHT - LEFT, height=250)
    step = font.size * 1.2
    for number, line in enumerate(lines):
        pen.text((LEFT, 178 + number * step), line, fill=SNOW, font=font)
    small = _font(26)
    about = _wrapped(words.about, small, 780)[:4]
    for number, line in enumerate(about):
        pen.text((LEFT, 590 - 36 * (len(about) - number)), line, fill=SHADE, font=small)
    return card.quantize(COLORS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def _sign(size: int) -> Image.Image:
    """Return the hole of the book's sign with its ring and two rays, drawn fine and made smaller."""
    fine = 3 * size
    at = lambda *values: [fine * value / 64 for value in values]
    sign = Image.new("RGB", (fine, fine), SPACE)
    pen = ImageDraw.Draw(sign)
    for box in ((-30, 11, 52, 90), (-36, 4, 57, 96)):
        pen.arc(at(*box), 285, 20, fill="#35608f", width=fine * 2 // 64)
    pen.ellipse(at(12, 18, 46, 52), fill=GLOW)
    pen.ellipse(at(15.5, 21.5, 42.5, 48.5), fill=HOLE)
    return sign.resize((size, size), Image.Resampling.LANCZOS)


def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    path = FONTS / f"DejaVuSans{'-Bold' if bold else ''}.ttf"
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def _fitted(text: str, *, width: int, height: int) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """Return the largest font in which a text fits into a box, and its lines."""
    for size in range(64, 27, -4):
        font = _font(size, bold=True)
        lines = _wrapped(text, font, width)
        if len(lines) * size * 1.2 <= height:
            return font, lines
    raise ValueError(f"expected a title that fits on a card; got {len(text)} letters: {text!r}")


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Return a text in lines that are no wider than ``width`` pixels, longer words aside."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
