"""Pages that no chapter makes: the door at the site's root and the page for a wrong address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

from lxml import html

_DOOR = """<!DOCTYPE html>
<html data-finished="{mark}" lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<meta name="description" content="{title}: an executable course book.">
<link rel="canonical" href="{address}"><link rel="icon" href="_static/favicon.svg">
<meta http-equiv="refresh" content="0; url={front}">
</head><body><main><h1>{title}</h1><p><a href="{front}">Open the book</a></p></main></body></html>
"""

_MISSING = """<section><h1>There is no page at this address</h1>
<p>It may have moved when the book grew. Look for it in all chapters, here or
on the page of the <a href="search.html">search</a>:</p>
<form class="find" action="search.html" method="get" role="search">
<input type="search" name="q" aria-label="Search all chapters" autocomplete="off">
<button type="submit">Search</button></form>
<p>Or begin at the <a href="{front}">front page</a>, whose table links every chapter; they also stand
in the menu. If a link in this book led you here, please tell us by an issue in the
<a href="{repository}">repository</a>.</p></section>"""


def write_front_redirect(root: Path, config: Any, mark: str = "") -> None:
    """Make the redirect at the root of the site a page of its own, with title and address."""
    path = root / "index.html"
    if not path.exists() or "http-equiv" not in path.read_text("utf-8")[:600]:
        return
    match = re.search(r"url=([^\"' >]+)", path.read_text("utf-8"))
    if match is None:
        return
    address = urljoin(config.html_baseurl or "", match[1])
    title = config.html_title or config.project
    text = _DOOR.format(title=title, address=address, front=match[1], mark=mark)
    if path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")


def missing_page(app: Any) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Give Sphinx the page that web hosts show for a wrong address."""
    body = _MISSING.format(
        front=f"{app.config.root_doc}.html",
        repository=app.config.html_theme_options.get("repository_url", ""),
    )
    description = '<meta name="description" content="The page for a wrong address." />'
    yield "404", {"title": "No such page", "body": body, "metatags": description}, "page.html"


def anchor_missing_page(root: Path, base_url: str) -> None:
    """Make the links of 404.html absolute: it is shown at any depth of the site."""
    path = root / "404.html"
    base = urlsplit(base_url).path or "/"
    if not path.exists() or 'data-anchored="' in (text := path.read_text("utf-8"))[:400]:
        return
    document = html.document_fromstring(text)
    document.rewrite_links(
        lambda link: link if link.startswith("#") else urljoin(base, link), resolve_base_href=False
    )
    document.set("data-content_root", base)
    page_text = html.tostring(document, encoding="unicode", doctype="<!DOCTYPE html>")
    text = cast("str", page_text)  # "unicode" gives text, not bytes
    path.write_text(text.replace("<html ", '<html data-anchored="" ', 1), "utf-8")
