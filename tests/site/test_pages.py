"""The built files themselves: links that lead somewhere, descriptions of their own, the search."""

from __future__ import annotations

import gzip
import re
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from built_site import NO_SITE, PAGES
from lxml import html
from serve_site import SITE

pytestmark = pytest.mark.skipif(not PAGES, reason=NO_SITE)


@cache
def parsed(path: Path) -> html.HtmlElement:
    """Return a page of the site as a tree."""
    return html.document_fromstring(path.read_text("utf-8"))


def page(name: str) -> html.HtmlElement:
    return parsed(SITE / f"{name}.html")


def values(query: str) -> dict[str, str]:
    """Return the first result of an XPath query on each page (empty where there is none)."""
    return {name: next(iter(page(name).xpath(query)), "") for name in PAGES}


def test_titles_and_descriptions_are_each_page_s_own() -> None:
    for query in ("//title/text()", "//meta[@name='description']/@content"):
        found = values(query)
        assert [name for name, text in found.items() if len(text) < 10] == []
        repeated = [text for text, count in Counter(found.values()).items() if count > 1]
        assert repeated == []
    long = values("//meta[@name='description']/@content")
    assert {name: len(text) for name, text in long.items() if len(text) > 160} == {}


def test_each_page_has_one_canonical_address() -> None:
    for name in PAGES:
        addresses = page(name).xpath("//link[@rel='canonical']/@href")
        assert len(addresses) == 1, name
        assert addresses[0].endswith(f"/{name}.html"), name


def test_internal_links_lead_to_a_page_and_a_place(page_name: str) -> None:
    """Every link within the site has a file, and its fragment an element with that id."""
    broken = []
    for link in page(page_name).xpath("//a/@href | //img/@src | //script/@src | //link/@href"):
        if re.match(r"[a-z]+:|//|/", link):
            continue
        address, fragment = urldefrag(urljoin(f"{page_name}.html", link.split("?")[0]))
        target = SITE / unquote(address)
        if not target.is_file():
            broken.append(link)
        elif (
            fragment
            and target.suffix == ".html"
            and not parsed(target).xpath("//*[@id=$name]", name=unquote(fragment))
        ):
            broken.append(link)
    assert broken == []


def test_ids_are_unique(page_name: str) -> None:
    counts = Counter(page(page_name).xpath("//@id"))
    assert [name for name, count in counts.items() if count > 1] == []


def test_search_index_is_small_and_on_the_search_page_alone() -> None:
    users = [name for name in PAGES if page(name).xpath("//script[contains(@src, 'searchindex')]")]
    assert users == ["search"]
    index = (SITE / "searchindex.js").read_bytes()
    chapters = max(1, len(PAGES) - 5)
    assert len(gzip.compress(index, 6)) <= 60_000 * max(1, chapters / 30)


@pytest.mark.browser
def test_search_finds_a_page(contexts: dict[str, Any], site_address: str) -> None:
    """From any page, Ctrl-K and Enter lead to results within 1.5 s, titles without TeX."""
    heading = page("book/index").findtext(".//article//h1") or ""
    word = max(re.findall(r"[A-Za-z]{4,}", heading), key=len)
    opened = contexts["light"].new_page()
    opened.goto(f"{site_address}book/bibliography.html")
    opened.keyboard.press("Control+k")
    opened.keyboard.type(word)
    started = time.perf_counter()
    opened.keyboard.press("Enter")
    results = opened.locator("#search-results li a")
    results.first.wait_for(state="visible", timeout=5000)
    seconds = time.perf_counter() - started
    titles = results.all_inner_texts()
    opened.close()
    assert any(word in title for title in titles)
    assert "\\(" not in " ".join(titles)
    assert seconds <= 1.5


@pytest.mark.browser
def test_colors_can_be_switched_and_are_remembered(
    contexts: dict[str, Any], site_address: str
) -> None:
    """The button goes through light, dark and the system's choice; the next page keeps it."""
    opened = contexts["light"].new_page()
    opened.goto(f"{site_address}book/index.html")
    theme = "document.documentElement.dataset.theme"
    button = opened.locator("button.theme-switch-button:visible")
    for _ in range(3):
        button.click()
        if opened.evaluate(theme) == "dark":
            break
    assert opened.evaluate(theme) == "dark"
    opened.goto(f"{site_address}book/bibliography.html")
    assert opened.evaluate(theme) == "dark"
    opened.evaluate("localStorage.clear()")
    opened.close()


@pytest.mark.browser
def test_a_wrong_address_gets_a_page_that_works(
    contexts: dict[str, Any], site_address: str
) -> None:
    """At any depth, the page for a wrong address has its style and a way back."""
    opened = contexts["light"].new_page()
    answer = opened.goto(f"{site_address}no/such/page.html")
    assert answer.status == 404
    loaded = opened.evaluate("[...document.styleSheets].every(sheet => sheet.cssRules.length > 0)")
    opened.locator("article a", has_text="search").click()
    opened.wait_for_url("**/search.html")
    opened.close()
    assert loaded


@pytest.mark.browser
def test_copied_code_is_the_code(browser: Any, site_address: str) -> None:
    """The copy button puts the cell's own text, nothing else, on the clipboard."""
    name = next((n for n in PAGES if page(n).xpath("//article//div[@class='highlight']")), None)
    if name is None:
        pytest.skip("no page of the site has code")
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    opened.goto(f"{site_address}{name}.html")
    block = opened.locator("article div.highlight").first
    code = block.locator("pre").inner_text()
    block.hover()
    block.locator("button.copybtn").click()
    copied = opened.evaluate("navigator.clipboard.readText()")
    context.close()
    assert copied.strip() == code.strip()
