"""The page at the root, the page for a wrong address."""

from __future__ import annotations

from types import SimpleNamespace

from lxml import html
from mlphys_book import special_pages

CONFIG = SimpleNamespace(html_title="Book", project="Book", html_baseurl="https://b.example/up/")


def test_the_door_has_title_and_address(tmp_path):
    path = tmp_path / "index.html"
    path.write_text('<meta http-equiv="Refresh" content="0; url=book/index.html" />\n', "utf-8")
    special_pages.write_front_redirect(tmp_path, CONFIG)
    document = html.document_fromstring(path.read_text("utf-8"))
    assert document.get("lang") == "en"
    assert document.findtext(".//title") == "Book"
    assert document.xpath("//link[@rel='canonical']/@href") == [
        "https://b.example/up/book/index.html"
    ]
    before = path.stat().st_mtime_ns
    special_pages.write_front_redirect(tmp_path, CONFIG)
    assert path.stat().st_mtime_ns == before


def test_a_front_page_that_is_no_redirect_is_left_alone(tmp_path):
    path = tmp_path / "index.html"
    path.write_text("<html><body>The book</body></html>", "utf-8")
    special_pages.write_front_redirect(tmp_path, CONFIG)
    assert path.read_text("utf-8") == "<html><body>The book</body></html>"


def test_links_of_the_missing_page_hold_at_any_depth(tmp_path):
    path = tmp_path / "404.html"
    path.write_text(
        "<html lang='en'><head></head><body><a href='#main'>skip</a><a href='book/a.html'>a</a>"
        "<a href='https://e.example/'>e</a><script src='_static/s.js'></script></body></html>",
        "utf-8",
    )
    for _ in range(2):
        special_pages.anchor_missing_page(tmp_path, "https://b.example/up/")
    document = html.document_fromstring(path.read_text("utf-8"))
    assert document.xpath("//a/@href") == ["#main", "/up/book/a.html", "https://e.example/"]
    assert document.xpath("//script/@src") == ["/up/_static/s.js"]
