"""Pictures that cost the reader little: their size is stated, and PNG files become WebP.

Stated sizes keep the text from jumping while pictures load. WebP without loss shows exactly the
pixels of the PNG in about half of the bytes; where it is not smaller, the PNG stays.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from lxml import html
from PIL import Image

SMALL = 10_000
"""PNG files with fewer bytes stay as they are."""
LARGE = 40_000
"""WebP files with more bytes are written once more with all effort, a second or two each."""
SIDES = ("width", "height")
UNITS = {"pt": 4 / 3, "px": 1.0, None: 1.0}
"""Pixels of the units in which SVG files state their size."""
GAIN = 0.9
"""A WebP file is taken if it is smaller than this part of the PNG file."""


def lighten_pictures(document: html.HtmlElement, folder: Path) -> None:
    """State the size of each picture of the text, and let it be a WebP file where that is smaller.

    Parameters
    ----------
    document
        A parsed page.
    folder
        Folder of the page, from which the addresses of its pictures start.
    """
    for picture in document.xpath("//article//img[@src]"):
        source = picture.get("src")
        path = folder / unquote(source)
        if path.suffix == ".svg" and path.is_file():
            state_size_of_drawing(picture, path)
        if path.suffix not in (".png", ".jpg", ".jpeg", ".webp") or not path.is_file():
            continue
        state_size(picture, path)
        if path.suffix == ".png" and (light := as_webp(path)) is not None:
            picture.set("src", source.removesuffix(".png") + ".webp")
            if picture.getparent().tag == "a" and picture.getparent().get("href") == source:
                picture.getparent().set("href", source.removesuffix(".png") + light.suffix)


def state_size(picture: html.HtmlElement, path: Path) -> None:
    """Write the width and height of a file, in pixels, to its ``<img>``, unless it has some."""
    if picture.get("width") or picture.get("height"):
        return
    with Image.open(path) as image:
        width, height = image.size
    picture.set("width", str(width))
    picture.set("height", str(height))


def state_size_of_drawing(picture: html.HtmlElement, path: Path) -> None:
    """Write the size that an SVG file gives itself, in pixels, to its ``<img>``, if it has one."""
    head = re.search(r"<svg\b[^>]*>", path.read_text("utf-8"))
    found = (
        [re.search(rf'(?<![-\w]){side}="([\d.]+)(pt|px)?"', head[0]) for side in SIDES]
        if head
        else []
    )
    if picture.get("width") or picture.get("height") or not all(found):
        return
    for side, match in zip(SIDES, found, strict=True):
        assert match is not None
        picture.set(side, str(round(float(match[1]) * UNITS[match[2]])))


def as_webp(path: Path) -> Path | None:
    """Return a WebP file with the same pixels beside a PNG file, or None if it is not smaller.

    The file is written again only when the PNG file is newer.
    """
    size = path.stat().st_size
    if size < SMALL:
        return None
    target = path.with_suffix(".webp")
    if not target.exists() or target.stat().st_mtime_ns < path.stat().st_mtime_ns:
        with Image.open(path) as image:
            if getattr(image, "is_animated", False):
                return None
            image.save(target, lossless=True, quality=60, method=4, exact=True)
            if target.stat().st_size > LARGE:
                image.save(target, lossless=True, quality=100, method=6, exact=True)
    return target if target.stat().st_size < GAIN * size else None
