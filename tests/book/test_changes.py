"""The page of changes and its feed, from a changelog in small and from the project's own."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from lxml import etree
from mlphys_book import changes

ROOT = Path(__file__).resolve().parents[2]
LOG = """# Changelog

What changed.

## [Unreleased]

### Added

- Something new.

## [0.2.0] - 2026-12-01

### Changed

- `a` is **b** & <c>.

## [0.1.0] - 2026-11-23

First.

[Unreleased]: https://g.example/compare/v0.2.0...HEAD
[0.1.0]: https://g.example/v0.1.0
"""
BASE = "https://b.example/up/"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def feed(log=LOG, base=BASE):
    return etree.fromstring(changes.feed(changes.parse(log), "Book", "We", base).encode())


def test_releases_are_found_with_date_and_text():
    releases = changes.parse(LOG)
    assert [(one.version, one.date) for one in releases] == [
        ("Unreleased", ""), ("0.2.0", "2026-12-01"), ("0.1.0", "2026-11-23"),
    ]  # fmt: skip
    assert releases[-1].text == "First."


def test_a_file_of_another_form_is_refused():
    with pytest.raises(ValueError, match=r"expected headings like '## \[0.1.0\]"):
        changes.parse("# Changelog\n\n## 0.1.0\n")


def test_the_page_has_a_section_with_a_lasting_address_for_each():
    text = changes.page_text(changes.parse(LOG))
    assert re.findall(r"^\((.*)\)=$", text, re.MULTILINE) == [
        "changes-unreleased", "changes-0-2-0", "changes-0-1-0",
    ]  # fmt: skip
    assert re.findall("^#+ .*$", text, re.MULTILINE) == [
        "## Not released yet", "## 0.2.0, 2026-12-01", "## 0.1.0, 2026-11-23",
    ]  # fmt: skip


def test_the_feed_has_what_atom_demands():
    found = feed()
    for name in ("title", "id", "updated", "author/a:name"):
        assert len(found.xpath(f"a:{name}", namespaces=ATOM)) == 1
    assert found.xpath("string(a:updated)", namespaces=ATOM) == "2026-12-01T00:00:00Z"
    links = {link.get("rel"): link.get("href") for link in found.xpath("a:link", namespaces=ATOM)}
    assert links == {"self": f"{BASE}changes.xml", "alternate": f"{BASE}book/changes.html"}
    for entry in found.xpath("a:entry", namespaces=ATOM):
        for name in ("title", "id", "updated", "link", "content"):
            assert len(entry.xpath(f"a:{name}", namespaces=ATOM)) == 1
    contents = found.xpath("a:entry/a:content", namespaces=ATOM)
    assert contents[0].get("type") == "html"
    assert "<code>a</code> is <strong>b</strong> &amp; &lt;c&gt;" in contents[0].text


def test_ids_stay_when_there_is_more_news():
    ids = lambda log: feed(log).xpath("//a:id/text()", namespaces=ATOM)
    older = re.sub(r"## \[0.2.0\].*?(?=## \[0.1.0\])", "", LOG, flags=re.DOTALL)
    assert set(ids(older)) < set(ids(LOG))
    assert len(set(ids(LOG))) == 3
    assert "tag:b.example,2026-11-23:/up/changes/0.1.0" in ids(LOG)


def test_what_is_not_released_is_no_news_yet():
    assert len(feed().xpath("a:entry", namespaces=ATOM)) == 2
    assert feed("## [Unreleased]\n\n- New.\n").xpath("a:entry", namespaces=ATOM) == []


def test_the_project_s_own_changelog_can_be_read():
    releases = changes.parse((ROOT / "CHANGELOG.md").read_text("utf-8"))
    assert releases[0].version == "Unreleased"
    assert "0.1.0" in [one.version for one in releases]
    assert not any("\n## " in one.text for one in releases)
    assert (ROOT / "book/changes.md").read_text("utf-8").count(changes.MARK) == 1


def test_the_page_alone_is_filled_and_depends_on_the_changelog(tmp_path):
    (tmp_path / "CHANGELOG.md").write_text(LOG, "utf-8")
    noted = []
    env = SimpleNamespace(note_dependency=noted.append)
    app = SimpleNamespace(srcdir=tmp_path, env=env)
    other, own = [f"x {changes.MARK}"], [f"x {changes.MARK}"]
    changes.fill_page(app, "book/other", other)
    changes.fill_page(app, "book/changes", own)
    assert other == [f"x {changes.MARK}"]
    assert "Something new" in own[0]
    assert noted == [str(tmp_path / "CHANGELOG.md")]
