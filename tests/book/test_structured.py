"""What a page says of itself to programs."""

from __future__ import annotations

import json

from lxml import html
from mlphys_book.cards import Words
from mlphys_book.structured import add_structured_data, structured_data

WORDS = Words("19. A net: 1 < 2", "Part III: Learning", "About it.", "Book")
BASE = "https://b.example/up/"


def test_a_chapter_has_number_part_and_book():
    data = structured_data(WORDS, "book/learning/net", BASE, "_static/c.png")
    assert (data["@type"], data["position"], data["name"]) == ("Chapter", 19, "A net: 1 < 2")
    assert data["articleSection"] == "Part III: Learning"
    assert data["url"] == f"{BASE}book/learning/net.html"
    assert data["image"] == f"{BASE}_static/c.png"
    assert data["isPartOf"]["url"] == f"{BASE}book/index.html"


def test_other_pages_have_no_number():
    data = structured_data(WORDS._replace(title="Glossary"), "book/glossary", BASE, "c.png")
    assert (data["@type"], data["name"]) == ("WebPage", "Glossary")
    assert "position" not in data
    assert "articleSection" not in data


def test_the_front_page_is_the_book():
    data = structured_data(WORDS, "book/index", BASE, "c.png")
    assert "Book" in data["@type"]
    assert "isPartOf" not in data


def test_it_stands_in_the_head_and_cannot_end_its_element():
    document = html.document_fromstring("<html><head></head><body></body></html>")
    words = WORDS._replace(about="</script><b>")
    add_structured_data(document, words, "book/a", BASE, "c.png")
    (text,) = document.xpath("//head/script[@type='application/ld+json']/text()")
    assert "<" not in text
    assert json.loads(text)["description"] == "</script><b>"


def test_a_site_without_an_address_says_nothing():
    document = html.document_fromstring("<html><head></head><body></body></html>")
    add_structured_data(document, WORDS, "book/a", "", "c.png")
    assert document.xpath("//script") == []
