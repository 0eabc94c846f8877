"""What a page is, in the words of schema.org, for programs that read it.

A chapter says its title, its number and its part, and that it belongs to the book; the front page
describes the book.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urljoin

from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue]  # compiled: no stubs

from .cards import Words

__all__ = ["add_structured_data", "structured_data"]

LICENSE = "https://creativecommons.org/licenses/by/4.0/"
FRONT = "book/index"


def structured_data(words: Words, page: str, base_url: str, picture: str) -> dict[str, Any]:
    """Return what a page is, as a document of JSON-LD.

    Examples
    --------
    >>> chapter = Words("7. Craft", "Part I: Python", "On tests.", "A Book")
    >>> data = structured_data(chapter, "book/craft", "https://b.example/", "c.png")
    >>> data["@type"], data["name"], data["position"], data["isPartOf"]["name"]
    ('Chapter', 'Craft', 7, 'A Book')
    """
    number, name = re.fullmatch(r"(?:(\d+)\. )?(.*)", words.title, re.DOTALL).groups()  # pyright: ignore
    book = {
        "@type": ["Book", "Course"],
        "name": words.book,
        "url": urljoin(base_url, f"{FRONT}.html"),
        "license": LICENSE,
        "inLanguage": "en",
        "isAccessibleForFree": True,
    }
    seen = {"description": words.about, "image": urljoin(base_url, picture)}
    if page == FRONT:
        return {"@context": "https://schema.org", **book, **seen}
    own: dict[str, Any] = {
        "@type": "Chapter" if number else "WebPage",
        "name": name,
        "url": urljoin(base_url, f"{page}.html"),
        **seen,
    }
    if number:
        own |= {"position": int(number), "articleSection": words.part}
    return {"@context": "https://schema.org", **own, "isPartOf": book}


def add_structured_data(
    document: html.HtmlElement, words: Words, page: str, base_url: str, picture: str
) -> None:
    """Write `structured_data` into the head of a page, unless the site's address is unknown."""
    if not base_url:
        return
    data = json.dumps(structured_data(words, page, base_url, picture), ensure_ascii=False)
    script = etree.SubElement(document.find("head"), "script", type="application/ld+json")
    script.text = data.replace("<", "\\u003c")
