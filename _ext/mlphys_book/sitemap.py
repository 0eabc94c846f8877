"""``sitemap.xml`` and ``robots.txt``: which pages there are, and which a search engine may leave out.

The map names each page of the book by its canonical address. Previews of changes stand below the
same address as the book, and are left out. (Where the site is not at the root of its host, search
engines look for ``robots.txt`` elsewhere; the map can still be given to them by its address.)
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit
from xml.sax.saxutils import escape

__all__ = ["robots", "sitemap", "write_if_new", "write_sitemap"]

NAME = "sitemap.xml"
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
PREVIEWS = "preview/"


def sitemap(pages: Iterable[str], base_url: str) -> str:
    """Return the map of pages that are given by name, in order of their names.

    Examples
    --------
    >>> print(sitemap(["book/a"], "https://b.example/"))
    <?xml version="1.0" encoding="UTF-8"?>
    <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <url><loc>https://b.example/book/a.html</loc></url>
    </urlset>
    <BLANKLINE>
    """
    rows = [
        f"<url><loc>{escape(urljoin(base_url, quote(f'{page}.html')))}</loc></url>"
        for page in sorted(pages)
    ]
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{SPACE}">'
    return "\n".join([head, *rows, "</urlset>", ""])


def robots(base_url: str) -> str:
    """Return the rules for programs that visit the site."""
    path = urlsplit(base_url).path or "/"
    rows = ["User-agent: *", f"Disallow: {path}{PREVIEWS}", "", f"Sitemap: {base_url}{NAME}", ""]
    return "\n".join(rows)


def write_sitemap(root: Path, pages: Iterable[str], base_url: str) -> None:
    """Write both files into a built site; without an address there are none."""
    if base_url:
        write_if_new(root / NAME, sitemap(pages, base_url))
        write_if_new(root / "robots.txt", robots(base_url))


def write_if_new(path: Path, text: str) -> None:
    """Write a file unless it holds the same text."""
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")
