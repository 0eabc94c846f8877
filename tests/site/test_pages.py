"""The built files themselves: links that lead somewhere, descriptions of their own, the search."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from built_site import NO_SITE, PAGES
from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue]  # compiled: no stubs
from PIL import Image
from serve_site import SITE, serve

pytestmark = pytest.mark.skipif(not PAGES, reason=NO_SITE)
GENERATED = ("search", "404")
"""Pages that belong to the site and not to the book."""
ATOM = "http://www.w3.org/2005/Atom"


@cache
def parsed(path: Path) -> html.HtmlElement:
    """Return a page of the site as a tree."""
    return html.document_fromstring(path.read_text("utf-8"))


def page(name: str) -> html.HtmlElement:
    return parsed(SITE / f"{name}.html")


BASE = (
    page("book/index")
    .xpath("string(//link[@rel='canonical']/@href)")
    .removesuffix("book/index.html")
    if PAGES
    else ""
)
"""Address of the site, with a slash at the end."""


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


def test_the_map_of_the_site_names_every_page_and_no_other() -> None:
    """Each page of the book stands in it by its canonical address; search and 404 do not."""
    places = etree.parse(SITE / "sitemap.xml").xpath("//*[local-name() = 'loc']/text()")
    pages = [name for name in PAGES if name not in GENERATED]
    canonical = [page(name).xpath("string(//link[@rel='canonical']/@href)") for name in pages]
    assert sorted(places) == sorted(canonical)
    assert f"Sitemap: {BASE}sitemap.xml" in (SITE / "robots.txt").read_text("utf-8")


def test_each_page_has_a_card_of_its_own() -> None:
    """What a link to the page shows elsewhere: a picture that exists, and words."""
    pictures = values("//meta[@property='og:image']/@content")
    assert len(set(pictures.values())) == len(PAGES)
    for name, address in pictures.items():
        assert address.startswith(BASE), name
        path = SITE / address.removeprefix(BASE)
        assert path.stat().st_size < 60_000
        with Image.open(path) as image:
            stated = [page(name).xpath(f"string(//meta[@property='og:image:{side}']/@content)")
                      for side in ("width", "height")]  # fmt: skip
            assert [str(side) for side in image.size] == stated
    for query in ("//meta[@property='og:title']/@content", "//meta[@name='twitter:card']/@content",
                  "//meta[@property='og:description']/@content"):  # fmt: skip
        assert all(values(query).values()), query


def test_structured_data_can_be_read() -> None:
    for name, text in values("//script[@type='application/ld+json']/text()").items():
        data = json.loads(text)
        assert data["url"] == page(name).xpath("string(//link[@rel='canonical']/@href)")
    chapters = [json.loads(text).get("position")
                for text in values("//script[@type='application/ld+json']/text()").values()]  # fmt: skip
    numbers = sorted(number for number in chapters if number)
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_feed_is_atom_and_its_entries_lead_to_the_page() -> None:
    found = etree.parse(SITE / "changes.xml").getroot()
    assert found.tag == f"{{{ATOM}}}feed"
    text = lambda element, name: element.findtext(f"{{{ATOM}}}{name}") or ""
    entries = found.findall(f"{{{ATOM}}}entry")
    ids = [text(element, "id") for element in (found, *entries)]
    assert len(set(ids)) == len(ids) >= 2
    for element in (found, *entries):
        assert text(element, "title")
        assert re.fullmatch(r"tag:[^,]+,\d{4}-\d\d-\d\d:\S+", text(element, "id"))
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text(element, "updated"))
    for entry in entries:
        address, _, anchor = entry.find(f"{{{ATOM}}}link").get("href").partition("#")
        assert address == f"{BASE}book/changes.html"
        assert page("book/changes").xpath("//*[@id=$name]", name=anchor)
    feeds = values("//link[@type='application/atom+xml']/@href")
    assert set(feeds.values()) == {f"{BASE}changes.xml"}


def test_pictures_are_modern_have_sizes_and_wait() -> None:
    """WebP or SVG unless a PNG file is smaller; sizes stated; all but the first wait."""
    for name in PAGES:
        pictures = page(name).xpath("//article//img")
        for number, picture in enumerate(pictures):
            source = picture.get("src")
            if not source.startswith("data:"):
                assert picture.get("width"), (name, source)
                path = SITE / unquote(urljoin(f"{name}.html", source))
                modern = path.with_suffix(".webp")
                if path.suffix == ".png" and modern.exists():
                    assert modern.stat().st_size >= 0.9 * path.stat().st_size, (name, source)
                assert path.suffix in (".webp", ".svg", ".png"), (name, source)
            assert number == 0 or picture.get("loading") == "lazy", (name, source)


@pytest.mark.browser
@pytest.mark.parametrize("wrong", ["nowhere", "book/no/such/deep/page.html", "preview/pr-7/gone/"])
def test_the_page_for_a_wrong_address_works_at_any_depth(
    contexts: dict[str, Any], wrong: str
) -> None:
    """It has its style, its links hold, and its search leads to results."""
    opened = contexts["light"].new_page()
    failed: list[str] = []
    opened.on(
        "response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None
    )
    with serve(base=urlsplit(BASE).path) as root:
        address = root + wrong
        opened.goto(address)
        assert failed == [address]
        assert opened.locator("h1").inner_text().startswith("There is no page")
        assert opened.locator(".bd-sidebar-primary nav a").count() > 3
        links = opened.locator("a[href]").evaluate_all("all => all.map(link => link.href)")
        own = {link.partition("#")[0].partition("?")[0] for link in links if link.startswith(root)}
        files = {unquote(link.removeprefix(root)) for link in own} - {wrong}
        assert [name for name in files if not (SITE / name).exists()] == []
        assert len(files) > 3
        opened.locator("article input[type=search]").fill("chapter")
        opened.locator("article form button").click()
        opened.locator("#search-results li a").first.wait_for(state="visible", timeout=8000)
        assert opened.url.startswith(f"{root}search.html")
    opened.close()


@pytest.mark.browser
def test_paper_is_light_and_has_no_controls(contexts: dict[str, Any], site_address: str) -> None:
    """A reader in the dark prints black on white, and is back in the dark afterwards."""
    opened = contexts["dark"].new_page()
    opened.goto(f"{site_address}book/notation.html")
    theme = "document.documentElement.dataset.theme"
    assert opened.evaluate(theme) == "dark"
    opened.emulate_media(media="print")
    opened.wait_for_function(f"{theme} === 'light'")
    assert opened.locator("nav a:visible, button:visible, input:visible").count() == 0
    assert (
        opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    )
    assert opened.locator("article h1").is_visible()
    opened.emulate_media(media="screen")
    opened.wait_for_function(f"{theme} === 'dark'")
    opened.close()


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
