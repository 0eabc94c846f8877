"""Every page of the built site in a real browser: accessible, light, complete without scripts.

The limits are those that the project set itself after measuring other course sites. Each test runs
on every page; the page's name is in the test's name.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from built_site import OPEN_ALL
from fontTools.ttLib import TTFont
from serve_site import ROOT, SITE
from take_screenshots import SHOW_WHOLE

pytestmark = pytest.mark.browser

AXE = ROOT / "tools" / "node" / "node_modules" / "axe-core" / "axe.min.js"
KILOBYTE = 1000


def kilobytes(requests: list[tuple[str, str, int]], *kinds: str) -> float:
    """Return the kilobytes that requests of some kinds (all, if none is named) sent."""
    return sum(size for _, kind, size in requests if not kinds or kind in kinds) / KILOBYTE


@pytest.mark.parametrize("view", ["light", "dark", "phone"])
def test_accessible(visit: Any, view: str) -> None:
    """axe-core finds nothing, of any impact, with every folded box open."""
    page = visit(view).page
    page.evaluate(OPEN_ALL)
    page.evaluate(Path(AXE).read_text("utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    faults = [
        f"{fault['id']} ({fault['impact']}): {node['html'][:160]} | {node['failureSummary'][:300]}"
        for fault in found
        for node in fault["nodes"]
    ]
    assert not faults, "\n".join(faults[:20])


@pytest.mark.parametrize("view", ["light", "dark", "phone", "plain"])
def test_no_errors_and_no_other_hosts(visit: Any, view: str) -> None:
    """Nothing comes from elsewhere, nothing is missing, no script complains."""
    seen = visit(view)
    assert seen.foreign == []
    assert seen.errors == []


RAW_TEX = re.compile(r"\\\(|\\\)|\\\[|\\\]|\$\$|\\[a-zA-Z]{2,}")
TEXT_OUTSIDE_CODE = """() => {
  const copy = document.body.cloneNode(true);
  for (const part of copy.querySelectorAll("pre, code, script, style")) part.remove();
  return copy.textContent;
}"""


def test_math_is_typeset(visit: Any) -> None:
    """With JavaScript off, no formula is left as TeX, and each has MathML for screen readers."""
    page = visit("plain").page
    assert RAW_TEX.findall(page.evaluate(TEXT_OUTSIDE_CODE)) == []
    assert RAW_TEX.findall(page.title()) == []
    formulas = page.locator("mjx-container").count()
    assert page.locator("mjx-container > mjx-assistive-mml > math").count() == formulas
    assert page.locator(".math:not(:has(mjx-container))").count() == 0


SIGNS = """() => [...document.querySelectorAll("mjx-c")].map((sign) => [
  getComputedStyle(sign).fontFamily,
  getComputedStyle(sign, "::before").content.replace(/^"|"$/g, ""),
  sign.className,
])"""


@cache
def math_fonts() -> dict[str, set[str]]:
    """Return the characters of each font family that the site's style sheet names."""
    sheet = (SITE / "_static" / "site.css").read_text("utf-8")
    faces = re.findall(r"@font-face\{[^}]*?font-family:([^;]*);[^}]*?url\(\"([^\"]*)\"", sheet)
    found: dict[str, set[str]] = {}
    for family, source in faces:
        with TTFont(SITE / "_static" / source) as font:
            found[family.strip("\"' ")] = set(map(chr, font.getBestCmap() or {}))
    return found


def characters_of(families: list[str]) -> set[str]:
    """Return the characters that a browser finds in the first to the last of these families."""
    return {c for family in families for c in math_fonts().get(family, set())}


def test_math_has_its_characters(visit: Any) -> None:
    """The purged style sheet and the cut-down fonts hold every sign of the page's formulas."""
    signs = {tuple(sign) for sign in visit("light").page.evaluate(SIGNS)}
    missing = [
        (families, content, name)
        for families, content, name in signs
        if content in ("none", "normal")
        or not set(content) <= characters_of(families.replace('"', "").split(", "))
    ]
    assert missing == []


@pytest.mark.parametrize("view", ["phone", "plain"])
def test_page_does_not_overflow_a_phone(visit: Any, view: str) -> None:
    """At 390 px nothing sticks out of the page, with every folded box open."""
    page = visit(view).page
    page.evaluate(OPEN_ALL)
    widths = page.evaluate(
        "[document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]"
    )
    culprits = page.evaluate(
        """[...document.querySelectorAll("article *")]
           .filter(e => e.getBoundingClientRect().right > innerWidth + 1
                        && !e.closest("pre, mjx-container, .pst-scrollable-table-container"))
           .slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert widths[0] <= widths[1], culprits


def test_menu_works_by_keyboard_on_a_phone(visit: Any) -> None:
    """The menu button opens the menu, gives it the focus, and Escape closes it."""
    page = visit("phone").page
    button = page.locator("button.primary-toggle:visible")
    assert button.count() == 1
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("#pst-primary-sidebar-modal")
    dialog.wait_for(state="visible")
    assert page.evaluate(
        "document.querySelector('#pst-primary-sidebar-modal').contains(document.activeElement)"
    )
    assert dialog.get_by_role("link").first.is_visible()
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")


def test_skip_link_is_the_first_tab_stop(visit: Any) -> None:
    """The first Tab reaches the skip link, and Enter on it goes to the text."""
    page = visit("light").page
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.goto(page.url.split("#")[0])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main-content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    page.wait_for_url("**#main-content", wait_until="commit")  # the address changes a moment later


TAB_STOP = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const hidden = e.matches("input[type=radio]") && e.nextElementSibling;
  const style = getComputedStyle(hidden || e);
  const formula = e.closest("mjx-container");
  const first = e === window.firstStop;
  window.firstStop = window.firstStop || e;
  return {
    first,
    html: e.outerHTML.slice(0, 120),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
          && !/transparent|^rgba.*, 0\\)$/.test(style.outlineColor),
    formula: formula !== null,
    scrolls: formula !== null && formula.scrollWidth > formula.clientWidth,
  };
}"""


@pytest.mark.parametrize("view", ["light", "phone"])
def test_tab_stops(visit: Any, view: str) -> None:
    """Every stop of the Tab key shows a ring, and a formula is a stop only if it scrolls."""
    page = visit(view).page
    page.goto(page.url.split("#")[0])
    page.evaluate(OPEN_ALL)
    page.evaluate(SHOW_WHOLE)  # as the first Tab does; but the fonts of far formulas load after it
    page.wait_for_timeout(100)
    page.evaluate("document.fonts.ready.then(() => null)")
    page.wait_for_timeout(300)  # the page's script looks again after boxes and fonts have opened
    stops = []
    for _ in range(600):
        page.keyboard.press("Tab")
        stop = page.evaluate(TAB_STOP)
        if stop is None or stop["first"]:
            break
        stops.append(stop)
    assert len(stops) > 3
    assert [stop["html"] for stop in stops if not stop["ring"]] == []
    assert [stop["html"] for stop in stops if stop["formula"] and not stop["scrolls"]] == []
    scrolling = page.locator("mjx-container").evaluate_all(
        """all => all.filter(e => getComputedStyle(e).overflowX === "auto"
                                 && e.scrollWidth > e.clientWidth + 1 && e.checkVisibility()).length"""
    )
    assert sum(stop["formula"] for stop in stops) == scrolling


def test_reads_without_scripts(visit: Any) -> None:
    """With JavaScript off, on a phone: the contents can be reached and the colors are there."""
    page = visit("plain").page
    links = page.locator(".bd-sidebar-primary nav a:visible")
    assert links.count() >= 3
    box = links.first.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["width"] > 0
    colors = page.evaluate(
        """[...document.querySelectorAll("nav a, article p a")]
           .map(link => getComputedStyle(link).color)"""
    )
    assert "rgb(0, 0, 238)" not in colors  # the browser's own blue: no theme
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


def test_dark_before_the_first_paint(
    page_name: str, contexts: dict[str, Any], site_address: str
) -> None:
    """A reader with a dark system gets the dark colors before any script file has loaded."""
    page = contexts["dark"].new_page()
    page.route("**/*.js*", lambda route: route.abort())
    page.goto(f"{site_address}{page_name}.html", wait_until="domcontentloaded")
    theme = page.evaluate("document.documentElement.dataset.theme")
    page.close()
    assert theme == "dark"


def test_far_sections_wait_until_they_are_near(
    page_name: str, contexts: dict[str, Any], site_address: str
) -> None:
    """What is far below is not laid out; the heights that stand for it are about right.

    A wrong estimate makes the scroll bar jump. A link to the last section leads there all the same.
    """
    page = contexts["light"].new_page()
    page.goto(f"{site_address}{page_name}.html")
    far = "[...document.querySelectorAll('article section > section')]"
    skipped, estimate, whole = (
        page.evaluate(far + code)
        for code in (
            """.filter(e => !e.firstElementChild.checkVisibility({contentVisibilityAuto: true}))
               .length""",
            ".map(e => +e.style.getPropertyValue('--tall'))",
            ".map(e => (document.documentElement.classList.add('whole'), e.offsetHeight))",
        )
    )
    last = page.evaluate(far + ".filter(e => e.id).at(-1)?.id")
    if last:
        page.goto(f"{site_address}{page_name}.html?again#{last}")
        page.wait_for_timeout(200)
        top = page.evaluate("id => document.getElementById(id).getBoundingClientRect().top", last)
    page.close()
    if sum(whole) > 8000:
        assert skipped > 0
    if sum(whole) > 2000:
        assert 0.6 < sum(estimate) / sum(whole) < 1.6
    if last:
        assert -20 < top < 800


def test_weight(visit: Any) -> None:
    """The page is light: kilobytes over the wire, with gzip, on a first visit."""
    requests = visit("light").requests
    assert kilobytes(requests) > 20
    programs = [request for request in requests if "searchindex.js" not in request[0]]
    assert kilobytes(programs, "script") <= 60  # the index of all words counts in the sum only
    assert kilobytes(requests, "stylesheet") <= 45
    assert kilobytes(requests) - kilobytes(requests, "image") <= 250
    assert kilobytes(requests) <= 500


def test_pictures_have_descriptions(visit: Any) -> None:
    """Each picture of the text says in words what it shows; a path is no description."""
    alts = (
        visit("light")
        .page.locator("article img")
        .evaluate_all(
            "all => all.map(image => [image.getAttribute('alt'), image.getAttribute('src')])"
        )
    )
    poor = [
        (alt, source)
        for alt, source in alts
        if not alt or len(alt) < 30 or re.fullmatch(r"\S+\.(png|svg|jpe?g|webp)", alt)
    ]
    assert poor == []


def test_code_can_be_copied(visit: Any) -> None:
    """Every code cell has a copy button with a name, which the keyboard reaches."""
    page = visit("light").page
    cells = page.locator("article div.cell_input pre").count()
    buttons = page.locator("article div.cell_input button.copybtn")
    assert buttons.count() == cells
    for name in buttons.evaluate_all("all => all.map(b => b.ariaLabel || b.dataset.tooltip)"):
        assert name


def test_print_shows_everything(visit: Any) -> None:
    """On paper, the title is there, folded boxes are open, no code is cut at the margin."""
    page = visit("light").page
    page.goto(page.url.split("#")[0])
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})
    hidden = page.evaluate(
        """[...document.querySelectorAll("article details > :not(summary)")]
           .filter(e => !e.checkVisibility({contentVisibilityAuto: true})
                        || e.getBoundingClientRect().height === 0)
           .map(e => e.outerHTML.slice(0, 100))"""
    )
    titles = page.locator("article h1").evaluate_all("all => all.map(e => e.checkVisibility())")
    cut = page.evaluate(
        """[...document.querySelectorAll("article pre")]
           .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.slice(0, 100))"""
    )
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 800})
    assert False not in titles[:1]
    assert hidden == []
    assert cut == []
