"""The pages of the book in the order in which a reader meets them, and what they say of themselves."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["chapter_facts", "reading_order", "short_title"]


def reading_order(env: Any) -> list[str]:
    """Return all pages of the book, the front page first, then as the table of contents has them.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment

    Returns
    -------
    list of str
        Document names.
    """
    reading = [env.config.root_doc]
    for docname in reading:  # grows while it is read
        reading += [page for page in env.toctree_includes.get(docname, []) if page not in reading]
    return reading


def chapter_facts(env: Any, docname: str) -> dict[str, Any]:
    """Return the section ``mlphys`` of a page's front matter; empty if the page is no chapter."""
    return json.loads(env.metadata.get(docname, {}).get("mlphys", "{}"))


def short_title(env: Any, docname: str) -> str:
    """Return the short title of a chapter, the whole title of another page."""
    return chapter_facts(env, docname).get("title") or env.titles[docname].astext()
