"""Take pictures of every page of the built site: ``python tools/take_screenshots.py [NAME ...]``.

Each page is shown three ways (wide, on a phone, wide and dark), whole, as PNG files in
``_build/screenshots/``, for a human to look at. Names, or parts of names, select pages.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from browser import open_browser
from serve_site import ROOT, SITE, serve

VIEWS = {
    "wide": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
}

SHOW_WHOLE = """() => {
  document.dispatchEvent(new Event("showwhole"));
  document.documentElement.classList.add("whole");
}"""
"""Lays out what the reader has not come near yet and starts the live figures, as Tab does."""

LOAD_IMAGES = """() => Promise.all([...document.images].map((image) => {
  image.loading = "eager";
  return image.decode().catch(() => null);
}))"""


def page_names(site: Path) -> list[str]:
    """Return the names of the site's pages, without ``.html``."""
    files = (path.relative_to(site) for path in site.rglob("*.html"))
    return sorted(f.as_posix()[:-5] for f in files if not f.as_posix().startswith("_"))


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help="parts of page names (default: every page)")
    parser.add_argument("--site", type=Path, default=SITE, help="folder of the built site")
    parser.add_argument("--to", type=Path, default=ROOT / "_build" / "screenshots")
    options = parser.parse_args()
    if not options.site.is_dir():
        parser.error(f"expected a built site in {options.site}, found none; run `make book`")
    chosen = [
        name
        for name in page_names(options.site)
        if name != "index" and (not options.names or any(part in name for part in options.names))
    ]
    options.to.mkdir(parents=True, exist_ok=True)
    started, count = time.monotonic(), 0
    with serve(options.site) as root, open_browser() as browser:
        for view, settings in VIEWS.items():
            context = browser.new_context(**settings)
            page = context.new_page()
            for name in chosen:
                page.goto(f"{root}{name}.html", wait_until="load")
                page.evaluate(SHOW_WHOLE)
                page.evaluate(LOAD_IMAGES)
                path = options.to / f"{name.replace('/', '-')}-{view}.png"
                page.screenshot(path=path, full_page=True)
                count += 1
            context.close()
    print(f"{count} pictures in {options.to}, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
