"""Say in each page's sidebar which version of the book this is, and link the others.

Between two marks stands the version and a link to the list of all published versions, which lies
beside the newest one. When a release is stored, ``tools/site_versions.py`` writes between the same
marks a list of links to this very page in every version.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Any

from .repository import Repository, repository

__all__ = ["END", "START", "note", "setup"]

START, END = "<!-- versions -->", "<!-- end of versions -->"
TEMPLATE = "version.html"
LIST = "versions.html"


def note(home: Repository) -> str:
    """Return the words of the sidebar, as HTML between the marks.

    Examples
    --------
    >>> print(note(Repository("https://github.com/a/b", "main", "v1.0.0", "https://a.org/")))
    <!-- versions --><span>Version 1.0.0</span> · <a href="https://a.org/versions.html">all versions</a><!-- end of versions -->
    """
    release = re.fullmatch(r"v\d[\w.]*", home.ref)
    words = f"Version {escape(home.ref[1:])}" if release else "Version in development"
    link = f' · <a href="{escape(home.site)}{LIST}">all versions</a>' if home.site else ""
    return f"{START}<span>{words}</span>{link}{END}"


def find_template(app: Any, config: Any) -> None:
    """Tell Sphinx where the template lies (event ``config-inited``)."""
    config.templates_path = [*config.templates_path, str(Path(__file__).parent / "templates")]


def show(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Put the note above the list of chapters (event ``html-page-context``)."""
    bars = context.get("sidebars")
    if isinstance(bars, list) and TEMPLATE not in bars:
        at = next((i for i, name in enumerate(bars) if "sidebar-nav" in name), len(bars))
        context["sidebars"] = [*bars[:at], TEMPLATE, *bars[at:]]
        context["version_note"] = note(repository(app))


def setup(app: Any) -> dict[str, Any]:
    """Register the handlers."""
    app.connect("config-inited", find_template, priority=200)
    app.connect("html-page-context", show, priority=300)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
