"""Cures for the faults of the theme, one small function each, applied to a page's element tree.

Each function takes the parsed page (and, where it needs it, a `Page` that says which page it is),
changes it in place, and does nothing when it finds nothing to do. `REPAIRS` lists them in the order
in which `site` applies them. All of them work on the written HTML, so they help readers without
JavaScript as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, cast
from urllib.parse import urljoin

from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue]  # compiled: no stubs

from .names import name_figures, name_tables
from .typeset import plain_text

Document = html.HtmlElement


class Page(NamedTuple):
    """What a repair may need to know about the page."""

    name: str  # without ".html", as in "book/learning/deep_net"
    base_url: str = ""  # where the site will stand, with a slash at the end
    options_script: str = ""  # text of documentation_options.js, to put into the page
    picture: str = ""  # path of the picture that link previews show, from the site's root
    picture_size: tuple[int, int] = (0, 0)  # in pixels


# --- the head -------------------------------------------------------------------------------------

BEFORE_PAINT = """(function (root) {
  var mode = "auto";
  try { mode = localStorage.getItem("mode") || "auto"; } catch (error) { /* storage is off */ }
  var dark = mode === "dark" || (mode === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.mode = mode;
  root.dataset.theme = dark ? "dark" : "light";
})(document.documentElement);"""

WITHOUT_SCRIPTS = """.pst-js-only,.copybtn,.theme-switch-button,.btn-fullscreen-button,
.btn-download-pdf-button,.article-header-buttons .dropdown-toggle,.sidebar-toggle{display:none!important}
.article-header-buttons .dropdown-menu{display:flex!important;position:static!important;min-width:0;
padding:0;border:0;box-shadow:none;background:none}
.article-header-buttons .btn__text-container{position:absolute;width:1px;overflow:hidden;
clip-path:inset(50%);white-space:nowrap}
@media (max-width:991.98px){.bd-container__inner{flex-direction:column}
.bd-sidebar-primary{position:static!important;visibility:visible!important;width:100%!important;
max-width:none!important;max-height:none!important;margin:0!important;order:2;transform:none!important}}
@media (max-width:1199.98px){.bd-sidebar-secondary{display:none!important}}"""


def set_colors_before_paint(document: Document) -> None:
    """Choose light or dark before the first paint, and light when scripts are off."""
    document.set("data-theme", "light")
    document.set("data-mode", "auto")
    for script in document.iterfind(".//head/script"):
        if "dataset.mode" in (script.text or ""):
            script.text = BEFORE_PAINT


def show_contents_without_scripts(document: Document) -> None:
    """Show the list of chapters below the text where no script can open the menu."""
    style = document.find(".//head/noscript/style")
    if style is None:
        noscript = etree.SubElement(document.find("head"), "noscript")
        style = etree.SubElement(noscript, "style")
    style.text = WITHOUT_SCRIPTS


def drop_foreign_parts(document: Document) -> None:
    """Remove what would be fetched from another host, and MathJax's browser configuration."""
    for element in list(document.iter("script", "link", "iframe")):
        address = element.get("src") or element.get("href") or ""
        foreign = re.match(r"(https?:)?//", address) is not None
        if element.tag == "link" and element.get("rel") in ("alternate", "canonical", "license"):
            continue
        if foreign or (element.tag == "script" and "window.MathJax" in (element.text or "")):
            element.drop_tree()


def drop_thebe(document: Document) -> None:
    """Remove Thebe: its constant is declared twice, an error on every page; nothing uses it."""
    for script in list(document.iter("script")):
        text = script.text or ""
        if (
            "THEBE_JS_URL" in text
            or text.startswith("kernelName =")
            or "sphinx-thebe" in script.get("src", "")
            or script.get("type") == "text/x-thebe-config"
        ):
            script.drop_tree()
    for link in list(document.iter("link")):
        if "sphinx-thebe" in link.get("href", ""):
            link.drop_tree()


def drop_leftovers(document: Document) -> None:
    """Remove empty containers of advertisements, banners and the old print layout."""
    for query in (
        "//*[@id='ethical-ad-placement']",
        "//*[@id='jb-print-docs-body']",
        "//*[@id='searchbox']",
        "//*[contains(@class, 'pst-async-banner-revealer')]",
        "//meta[@name='docsearch:version' or @name='docsearch:language']",
        "//link[@rel='preload' and @as='script']",
    ):
        for element in document.xpath(query):
            element.drop_tree()


def keep_one_viewport(document: Document) -> None:
    """Keep one of the three viewport declarations."""
    for extra in document.xpath("//meta[@name='viewport'][position() > 1]"):
        extra.drop_tree()
    for extra in document.xpath("//meta[@name='viewport']")[1:]:
        extra.drop_tree()


def drop_unused_scripts(document: Document, page: Page) -> None:
    """Drop scripts for which this page has no work; the icon fonts replace the icon script."""
    unused = ["scripts/fontawesome.js"]
    if page.name != "search":
        unused += ["searchtools.js", "language_data.js", "searchindex.js"]
    if not document.find_class("sd-tab-set"):
        unused.append("design-tabs.js")
    if not document.find_class("toggle"):
        unused.append("togglebutton.js")
    if not document.find_class("highlight"):
        unused += ["clipboard.min.js", "copybutton.js"]
    for script in list(document.iter("script")):
        text = script.text or ""
        if any(name in script.get("src", "") for name in unused):
            script.drop_tree()
        elif "togglebutton.js" in unused and re.match(r"(let toggle|var togglebutton)", text):
            script.drop_tree()


def defer_scripts(document: Document, page: Page) -> None:
    """Let no script delay the text: options go into the page, files wait until it is parsed."""
    seen = set()
    for script in list(document.iter("script")):
        source = script.get("src")
        if source is None:
            continue
        if source in seen:
            script.drop_tree()
            continue
        seen.add(source)
        if "documentation_options.js" in source and page.options_script:
            del script.attrib["src"]
            script.text = page.options_script.strip()
        elif script.get("type") != "module":
            script.attrib.pop("async", None)
            script.set("defer", "defer")


def describe_page(document: Document, page: Page) -> None:
    """Give the page a plain title, a canonical address and what link previews show."""
    head = document.find("head")
    title = head.find("title")
    title.text = plain_text(title.text or "").replace(" — ", " · ", 1)
    for link in head.iterfind("link"):
        if link.get("title"):
            link.set("title", plain_text(link.get("title")))
    if page.name == "search" and not head.xpath("meta[@name='description']"):
        words = f"Search all chapters of {title.text.rsplit(' · ', 1)[-1]}."
        etree.SubElement(head, "meta", name="description", content=words)
    address = urljoin(page.base_url, f"{page.name}.html")
    if page.base_url and not head.xpath("link[@rel='canonical']"):
        etree.SubElement(head, "link", rel="canonical", href=address)
    cards = {
        "og:title": title.text.rsplit(" · ", 1)[0],
        "og:site_name": title.text.rsplit(" · ", 1)[-1],
        "og:type": "article",
        "og:url": address,
        "og:description": next(iter(head.xpath("meta[@name='description']/@content")), ""),
        "og:image": urljoin(page.base_url, page.picture) if page.picture else "",
        "og:image:width": str(page.picture_size[0]) if page.picture else "",
        "og:image:height": str(page.picture_size[1]) if page.picture else "",
        "og:image:alt": title.text if page.picture else "",
    }
    for name, content in cards.items():
        if content and not head.xpath("meta[@property=$name]", name=name):
            etree.SubElement(head, "meta", property=name, content=content)
    if not head.xpath("meta[@name='twitter:card']"):
        card = "summary_large_image" if page.picture else "summary"
        etree.SubElement(head, "meta", name="twitter:card", content=card)


# --- the body -------------------------------------------------------------------------------------


def name_controls(document: Document) -> None:
    """Give buttons the name that they show, icons none, and the menu button its title."""
    for button in document.find_class("search-button-field"):
        button.attrib.pop("aria-label", None)
    for summary in document.iter("summary"):
        if summary.get("aria-label") == "Toggle hidden content":
            del summary.attrib["aria-label"]
    for icon in document.xpath("//*[self::i or self::span][contains(@class, 'fa-')]"):
        icon.set("aria-hidden", "true")
    for button in document.find_class("sidebar-toggle"):
        button.set("aria-label", button.get("title") or "Toggle sidebar")


def name_regions(document: Document) -> None:
    """Make the sidebar's first part a named region, and name the folds of nested contents."""
    for element in document.find_class("sidebar-primary-items__start"):
        element.set("role", "region")
        element.set("aria-label", "Book sidebar")
    for summary in document.xpath("//nav//li/details/summary"):
        summary.set("aria-label", "Sub-pages")


def plain_bibliography_roles(document: Document) -> None:
    """Remove list roles whose children are not list items (a critical fault in the theme)."""
    for element in document.xpath("//*[@role='doc-biblioentry']"):
        del element.attrib["role"]
    for element in document.find_class("citation-list"):
        element.attrib.pop("role", None)


def fold_boxes(document: Document) -> None:
    """Turn dropdown boxes into ``<details>``: they open without scripts, by keyboard, in print."""
    for box in list(document.find_class("dropdown")):
        if box.tag != "div" or "admonition" not in (box.get("class") or "").split():
            continue
        title = box.find("p[@class='admonition-title']")
        if title is None:
            continue
        box.tag, title.tag = "details", "summary"
        for link in list(title.iter("a")):  # a link inside a button cannot be reached
            link.drop_tag()
        words = " ".join(title.text_content().split())
        for child in list(title):
            if not child.find_class("math") and "math" not in child.get("class", ""):
                child.drop_tag()
        if len(title) == 0:
            title.text = words


def link_equation_numbers(document: Document) -> None:
    """Make an equation's number itself the link to it, instead of a sign beside the number."""
    for number in document.find_class("eqno"):
        link = number.find("a")
        if link is not None and "headerlink" in link.get("class", ""):
            link.text, number.text = (number.text or "").strip(), None
            del link.attrib["class"]


def drop_repeated_ids(document: Document) -> None:
    """Keep the first of equal ids (the exercise and proof boxes all carry the same one)."""
    seen = set()
    for element in document.xpath("//*[@id]"):
        name = element.get("id")
        if name in seen or name in ("exercise-content", "solution-content", "proof-content"):
            del element.attrib["id"]
        seen.add(name)


def let_images_wait(document: Document) -> None:
    """Load pictures below the first one only when the reader comes near them."""
    for image in document.xpath("//article//img")[1:]:
        image.set("loading", "lazy")
        image.set("decoding", "async")


def drop_empty_headers(document: Document) -> None:
    """Make the empty corner of a table an ordinary cell: a header without words names nothing."""
    for header in document.xpath("//article//th[not(normalize-space()) and not(.//img)]"):
        header.tag = "td"


def wrap_tables(document: Document) -> None:
    """Let a wide table scroll in a box of its own (tables of outputs have none)."""
    for table in document.xpath("//article//table"):
        parent = table.getparent()
        if "pst-scrollable-table-container" in (parent.get("class") or ""):
            continue
        box = html.Element("div")
        box.set("class", "pst-scrollable-table-container")
        box.tail, table.tail = table.tail, None
        parent.replace(table, box)
        box.append(table)


def mark_spelled_out_links(document: Document) -> None:
    """Mark links whose words are their address: on paper the others get it behind them."""
    for link in document.xpath("//article//a[contains(@class, 'external')]"):
        if re.match(r"https?://|doi:", link.text_content().strip()):
            link.classes.add("spelled-out")


def protect_new_windows(document: Document) -> None:
    """Give pages opened in a new window no handle on this one."""
    for link in document.xpath("//a[@target='_blank']"):
        link.set("rel", "noopener")


PlainRepair = Callable[[Document], None]
PageRepair = Callable[[Document, Page], None]
Repair = PlainRepair | PageRepair

REPAIRS: tuple[Repair, ...] = (
    keep_one_viewport,
    set_colors_before_paint,
    show_contents_without_scripts,
    drop_foreign_parts,
    drop_thebe,
    drop_leftovers,
    drop_unused_scripts,
    defer_scripts,
    describe_page,
    name_controls,
    name_regions,
    plain_bibliography_roles,
    fold_boxes,
    link_equation_numbers,
    drop_repeated_ids,
    drop_empty_headers,
    wrap_tables,
    name_figures,
    name_tables,
    let_images_wait,
    mark_spelled_out_links,
    protect_new_windows,
)


def repair(document: Document, page: Page) -> None:
    """Apply every repair to a parsed page."""
    for cure in REPAIRS:
        if cure.__code__.co_argcount == 2:
            cast("PageRepair", cure)(document, page)
        else:
            cast("PlainRepair", cure)(document)
