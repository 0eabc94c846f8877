"""A page of its own for a widget: what it reports, and whether everyone can use it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import NAMES, find_browser, open_browser

AXE = Path(__file__).parents[1] / "tools" / "node" / "node_modules" / "axe-core" / "axe.min.js"
PAGE = """<!DOCTYPE html><html lang="en" data-theme="light"><head><title>Widget</title>
<meta name="viewport" content="width=device-width"><style>html[data-theme=dark] {{ background:
#111; color: #eee }}</style></head><body><main><h1>Widget</h1>{}</main></body></html>"""


def start_browser() -> Iterator[Any]:
    """Yield one browser for a file of tests; skip them, with the reason, where there is none."""
    if find_browser() is None:
        pytest.skip(f"no browser: expected one of {', '.join(NAMES)}")
    with open_browser() as started:
        yield started


def open_widget(browser: Any, widget: Any, **options: Any) -> tuple[Any, list[str]]:
    """Return a page with the widget, and the errors and requests that it makes."""
    page = browser.new_page(viewport={"width": 800, "height": 900}, **options)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.on(
        "request",
        lambda request: None if request.url.startswith("data:") else errors.append(request.url),
    )
    page.set_content(PAGE.format(widget._repr_html_()))
    return page, errors


def check_accessible(page: Any, *, theme: str, width: int) -> None:
    """Assert that axe-core finds nothing and that nothing sticks out of the page."""
    page.set_viewport_size({"width": width, "height": 844})
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    assert [fault["id"] for fault in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def check_still(browser: Any, widget: Any, *, alt: str) -> None:
    """Assert that the still picture stands in for the canvas without scripts and on paper."""
    page, _ = open_widget(browser, widget, java_script_enabled=False)
    still = page.get_by_role("img", name=alt)
    assert still.is_visible() and not page.locator("canvas").is_visible()
    page.close()
    page, _ = open_widget(browser, widget)
    page.emulate_media(media="print")
    assert page.locator(".widget-still").is_visible() and not page.locator("canvas").is_visible()
    page.close()
