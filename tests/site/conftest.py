"""A served copy of the built site and one browser, shared by all browser tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from browser import find_browser, open_browser
from built_site import NO_BROWSER, NO_SITE, PAGES
from serve_site import serve
from take_screenshots import LOAD_IMAGES, SHOW_WHOLE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

VIEWS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
    "plain": {
        "viewport": {"width": 390, "height": 844},
        "color_scheme": "light",
        "java_script_enabled": False,
    },
}
"""The ways in which each page is opened; ``plain`` has JavaScript switched off."""


@dataclass
class Visit:
    """One page, open in one view, with what was seen on the way."""

    page: Page
    requests: list[tuple[str, str, int]] = field(default_factory=list)  # address, kind, bytes sent
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each test that asks for a page every page of the site, so that a failure names it."""
    if "page_name" in metafunc.fixturenames:
        skip = pytest.param("-", marks=pytest.mark.skip(reason=NO_SITE))
        metafunc.parametrize("page_name", PAGES or [skip], scope="session")


@pytest.fixture(scope="session")
def site_address() -> Iterator[str]:
    """The address of the served site."""
    if not PAGES:
        pytest.skip(NO_SITE)
    with serve() as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole session."""
    if find_browser() is None:
        pytest.skip(NO_BROWSER)
    with open_browser() as started:
        yield started


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """One browser context (window settings, storage) for each view."""
    opened = {
        name: browser.new_context(reduced_motion="reduce", **settings)
        for name, settings in VIEWS.items()
    }
    yield opened
    for context in opened.values():
        context.close()


@pytest.fixture(scope="session")
def visit(page_name: str, contexts: dict[str, BrowserContext], site_address: str) -> Iterator[Any]:
    """A function ``visit(view)`` that opens the page; a view that is already open is reused."""
    visits: dict[str, Visit] = {}

    def open_page(view: str) -> Visit:
        if view not in visits:
            visits[view] = visit_page(contexts[view], f"{site_address}{page_name}.html")
        return visits[view]

    yield open_page
    for seen in visits.values():
        seen.page.close()


def visit_page(context: BrowserContext, address: str) -> Visit:
    """Open a page and note each request, each console error and each failed answer."""
    seen = Visit(context.new_page())
    origin = "/".join(address.split("/")[:3])

    def finished(request: Any) -> None:
        if request.url.startswith(("data:", "blob:")):
            return
        if not request.url.startswith(origin):
            seen.foreign.append(request.url)
        sizes = request.sizes()
        seen.requests.append((request.url, request.resource_type, sizes["responseBodySize"]))
        if (status := request.response().status) >= 400:
            seen.errors.append(f"{status} for {request.url}")

    done: list[Any] = []
    seen.page.on("requestfinished", lambda request: done.append(request))
    seen.page.on("requestfailed", lambda request: seen.errors.append(f"failed: {request.url}"))
    seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
    seen.page.on(
        "console", lambda line: seen.errors.append(line.text) if line.type == "error" else None
    )
    seen.page.goto(address, wait_until="load")
    seen.page.evaluate(SHOW_WHOLE)
    seen.page.evaluate(LOAD_IMAGES)
    seen.page.wait_for_load_state("networkidle")
    for request in done:
        finished(request)
    return seen


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say aloud that the browser tests did not run, and what would make them run."""
    reason = NO_SITE if not PAGES else NO_BROWSER if find_browser() is None else None
    if reason:
        terminalreporter.section("browser tests skipped")
        terminalreporter.line(f"The pages were not opened in a browser: {reason}")
