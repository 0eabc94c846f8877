"""The built site that the tests of pages look at."""

from __future__ import annotations

from browser import HINT
from serve_site import SITE
from take_screenshots import page_names

NO_SITE = f"there is no built site in {SITE.parent.name}/{SITE.name}: run `make book`"
NO_BROWSER = f"no Chromium on this machine: {HINT}"
PAGES = [name for name in page_names(SITE) if name != "index"] if SITE.is_dir() else []
"""Names of its pages, without ``.html`` and without the redirect at the root."""

OPEN_ALL = "document.querySelectorAll('details').forEach(box => { box.open = true; })"
"""Opens every folded box of a page."""
