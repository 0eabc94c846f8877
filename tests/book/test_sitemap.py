"""The map of the site and the rules for visitors, read by independent parsers."""

from __future__ import annotations

from urllib.robotparser import RobotFileParser

from lxml import etree
from mlphys_book import sitemap

BASE = "https://b.example/up/"


def test_the_map_names_each_page_once_in_order():
    text = sitemap.sitemap({"book/b", "book/a&b", "book/a"}, BASE)
    found = etree.fromstring(text.encode())
    assert found.tag == f"{{{sitemap.SPACE}}}urlset"
    assert [place.text for place in found.iter("{*}loc")] == [
        f"{BASE}book/a.html", f"{BASE}book/a%26b.html", f"{BASE}book/b.html",
    ]  # fmt: skip


def test_visitors_may_read_the_book_but_no_previews():
    rules = RobotFileParser()
    rules.parse(sitemap.robots(BASE).splitlines())
    assert rules.can_fetch("any", f"{BASE}book/a.html")
    assert not rules.can_fetch("any", f"{BASE}preview/pr-7/book/a.html")
    assert rules.site_maps() == [f"{BASE}sitemap.xml"]


def test_files_are_written_when_they_change(tmp_path):
    sitemap.write_sitemap(tmp_path, ["a"], "")
    assert list(tmp_path.iterdir()) == []
    sitemap.write_sitemap(tmp_path, ["a"], BASE)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert {path.name for path in before} == {"sitemap.xml", "robots.txt"}
    sitemap.write_sitemap(tmp_path, ["a"], BASE)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    sitemap.write_sitemap(tmp_path, ["a", "b"], BASE)
    assert "b.html" in (tmp_path / "sitemap.xml").read_text("utf-8")
