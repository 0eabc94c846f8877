"""Refuse links to the book's own files that are written as HTML, where Sphinx does not look.

Sphinx follows each link written in Markdown, to the page and to the place on it, and a dead one
fails the build. A link in raw HTML it copies as it is. So such a link may lead to another host, and
to the book's own files only in Markdown.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.util import logging

__all__ = ["own_links", "setup"]

logger = logging.getLogger(__name__)

LINK = re.compile(r"""<[a-z][^>]*?\s(?:href|src)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
ELSEWHERE = re.compile(r"[a-z][a-z+.-]*:|//", re.IGNORECASE)


def own_links(markup: str) -> list[str]:
    """Return the addresses in raw HTML that lead to the book's own files or places.

    Examples
    --------
    >>> own_links('<a href="one.html#two">a</a> <img src="data:x"> <a href="https://a.org">b</a>')
    ['one.html#two']
    """
    return [link for link in LINK.findall(markup) if not ELSEWHERE.match(link)]


def complain(app: Any, doctree: nodes.document) -> None:
    """Warn of each such link of a page (event ``doctree-read``)."""
    for node in doctree.findall(nodes.raw):
        if "html" not in node.get("format", "").split():
            continue
        for link in own_links(node.astext()):
            logger.warning(
                "raw HTML links to %s, which no build checks; write the link in Markdown",
                link,
                location=node if node.line else app.env.docname,
                type="mlphys",
                subtype="raw_link",
            )


def setup(app: Any) -> dict[str, Any]:
    """Register the handler."""
    app.connect("doctree-read", complain)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
