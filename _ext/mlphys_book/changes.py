"""The page of changes and its feed, both from ``CHANGELOG.md``.

The page holds the mark ``<!-- changes -->``, in whose place every release gets a section of its
own, with an address that stays. The feed is in the Atom format (RFC 4287), one entry for each
release; what is not released yet stands on the page alone.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit
from xml.sax.saxutils import escape

from markdown_it import MarkdownIt

from .sitemap import write_if_new

__all__ = ["FEED", "Release", "feed", "page_text", "parse", "write_feed"]

PAGE = "book/changes"
MARK = "<!-- changes -->"
FEED = "changes.xml"
SOURCE = "CHANGELOG.md"
HEADING = re.compile(r"^## \[(?P<version>[^\]]+)\](?: - (?P<date>\d{4}-\d\d-\d\d))?$", re.MULTILINE)
LINKS = re.compile(r"^\[[^\]]+\]: \S+$\n?", re.MULTILINE)


class Release(NamedTuple):
    """One section of the changelog; ``date`` is empty while it is not released."""

    version: str
    date: str
    text: str

    @property
    def anchor(self) -> str:
        """Return the name of its place on the page."""
        return "changes-" + re.sub(r"[^a-z0-9]+", "-", self.version.lower())


def parse(changelog: str) -> list[Release]:
    """Return the releases of a changelog, the newest first, without the links at its end.

    Raises
    ------
    ValueError
        If it has no section in the form of Keep a Changelog.

    Examples
    --------
    >>> parse("# Log\\n\\n## [0.2.0] - 2026-12-01\\n\\n- More.\\n")[0].anchor
    'changes-0-2-0'
    """
    heads = list(HEADING.finditer(changelog))
    if not heads:
        raise ValueError(
            f"{SOURCE}: expected headings like '## [0.1.0] - 2026-11-23'; found none. See "
            "https://keepachangelog.com for the form"
        )
    ends = [*(head.start() for head in heads[1:]), len(changelog)]
    return [
        Release(
            head["version"], head["date"] or "", LINKS.sub("", changelog[head.end() : end]).strip()
        )
        for head, end in zip(heads, ends, strict=True)
    ]


def page_text(releases: list[Release]) -> str:
    """Return the releases as MyST, each below a label; the kinds of change are no headings."""
    parts = []
    for release in releases:
        title = f"{release.version}, {release.date}" if release.date else "Not released yet"
        body = re.sub(r"^### (.*)$", r"**\1**", release.text, flags=re.MULTILINE)
        parts.append(f"({release.anchor})=\n## {title}\n\n{body}\n")
    return "\n".join(parts)


def feed(releases: list[Release], title: str, author: str, base_url: str) -> str:
    """Return the feed of the releases that have a date.

    An entry's id is a tag (RFC 4151) of the site's host, the release's date and its version, which
    no later build changes.
    """
    dated = [release for release in releases if release.date]
    page, own = urljoin(base_url, f"{PAGE}.html"), urljoin(base_url, FEED)
    host = urlsplit(base_url).netloc
    path = urlsplit(base_url).path
    newest = max((release.date for release in dated), default="1970-01-01")
    first = min((release.date for release in dated), default="1970-01-01")
    rows = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
        f"<title>{escape(title)}: changes</title>",
        f"<id>tag:{host},{first}:{escape(path)}changes</id>",
        f"<updated>{newest}T00:00:00Z</updated>",
        f"<author><name>{escape(author)}</name></author>",
        f'<link rel="self" type="application/atom+xml" href="{escape(own)}"/>',
        f'<link rel="alternate" type="text/html" href="{escape(page)}"/>',
    ]
    markdown = MarkdownIt("commonmark", {"html": False})
    for release in dated:
        rows += [
            "<entry>",
            f"<title>{escape(f'{title} {release.version}')}</title>",
            f"<id>tag:{host},{release.date}:{escape(f'{path}changes/{release.version}')}</id>",
            f"<updated>{release.date}T00:00:00Z</updated>",
            f'<link rel="alternate" type="text/html" href="{escape(f"{page}#{release.anchor}")}"/>',
            f'<content type="html">{escape(markdown.render(release.text))}</content>',
            "</entry>",
        ]
    return "\n".join([*rows, "</feed>", ""])


def write_feed(app: Any, root: Path) -> None:
    """Write the feed into a built site that has the page and an address."""
    source, base_url = Path(app.srcdir) / SOURCE, app.config.html_baseurl
    if PAGE in app.env.found_docs and base_url:
        title = app.config.html_title or app.config.project
        releases = parse(source.read_text("utf-8"))
        write_if_new(root / FEED, feed(releases, title, app.config.author, base_url))


def fill_page(app: Any, docname: str, source: list[str]) -> None:
    """Put the releases into the page (the handler of Sphinx's event ``source-read``)."""
    if docname == PAGE:
        path = Path(app.srcdir) / SOURCE
        app.env.note_dependency(str(path))
        source[0] = source[0].replace(MARK, page_text(parse(path.read_text("utf-8"))))


def announce_feed(app: Any, page: str, template: str, context: dict, doctree: Any) -> None:
    """Name the feed in the head of each page (event ``html-page-context``)."""
    if PAGE in app.env.found_docs and app.config.html_baseurl:
        address = urljoin(app.config.html_baseurl, FEED)
        link = (
            f'<link rel="alternate" type="application/atom+xml" title="Changes" href="{address}">'
        )
        context["metatags"] = f"{context.get('metatags', '')}\n{link}"


def setup(app: Any) -> dict[str, Any]:
    """Register the module's handlers with Sphinx."""
    app.connect("source-read", fill_page)
    app.connect("html-page-context", announce_feed, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
