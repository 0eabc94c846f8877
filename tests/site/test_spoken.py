"""What a screen reader gets: Chromium's accessibility tree of three chapters.

One chapter of text and formulas, one with a live figure, one with both and tables. The tree is read
as a reader of the whole page would have it: with every box open and every section laid out.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from built_site import OPEN_ALL, PAGES
from take_screenshots import SHOW_WHOLE

CHAPTERS = ("book/learning/deep_net", "book/physics/flight", "book/frameworks/keras_net")
NAMED = {
    "button", "link", "heading", "image", "img", "figure", "table", "slider", "application",
    "checkbox", "combobox", "searchbox", "textbox", "radio", "tab", "spinbutton", "Canvas", "canvas",
    "navigation", "region", "form", "search", "dialog", "DisclosureTriangle", "RootWebArea",
}  # fmt: skip
"""Roles that say nothing without a name."""
ONCE = ("main", "banner", "contentinfo")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not set(CHAPTERS) <= set(PAGES), reason="the three chapters are not built"),
]


class Node(NamedTuple):
    """One node of the tree that is spoken; children as they follow each other."""

    role: str
    name: str
    level: int
    children: list[str]
    hidden: bool


def read_tree(page: Any) -> dict[str, Node]:
    """Return the accessibility tree of an open page by the names of its nodes."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()

    def node(found: dict[str, Any]) -> Node:
        text = lambda key: str(found.get(key, {}).get("value", "")).strip()
        own = {one["name"]: one["value"].get("value") for one in found.get("properties", [])}
        level = int(own.get("level") or 0)
        return Node(text("role"), text("name"), level, found.get("childIds", []), found["ignored"])

    return {found["nodeId"]: node(found) for found in nodes}


@pytest.fixture(scope="module", params=CHAPTERS)
def opened(request: pytest.FixtureRequest, contexts: dict[str, Any], site_address: str) -> Any:
    """One of the chapters in a browser."""
    page = contexts["light"].new_page()
    page.goto(f"{site_address}{request.param}.html", wait_until="load")
    page.evaluate(OPEN_ALL)
    page.evaluate(SHOW_WHOLE)
    page.wait_for_timeout(500)
    yield page
    page.close()


@pytest.fixture(scope="module")
def tree(opened: Any) -> dict[str, Node]:
    """Its accessibility tree."""
    return read_tree(opened)


def spoken(tree: dict[str, Node]) -> list[Node]:
    return [node for node in tree.values() if not node.hidden]


def words(tree: dict[str, Node], name: str) -> str:
    """Return all text below a node."""
    node = tree.get(name)
    if node is None:
        return ""
    if node.role in ("StaticText", "InlineTextBox"):
        return node.name
    return " ".join(words(tree, child) for child in node.children).strip()


def test_whatever_needs_a_name_has_one(tree: dict[str, Node]) -> None:
    nameless = [node.role for node in spoken(tree) if node.role in NAMED and not node.name]
    assert nameless == []


def test_each_picture_figure_and_table_of_the_page_is_in_the_tree(
    opened: Any, tree: dict[str, Node]
) -> None:
    """Nothing that a seeing reader gets is missing."""
    roles = [node.role for node in spoken(tree)]
    shown = "all => all.filter(e => e.checkVisibility()).length"
    count = lambda query: opened.locator(query).evaluate_all(shown)
    assert roles.count("figure") == count("article figure")
    assert roles.count("table") == count("article table")
    assert roles.count("image") + roles.count("img") >= count("article img")
    assert roles.count("button") >= count("article button")


def test_each_formula_is_math_with_content(opened: Any, tree: dict[str, Node]) -> None:
    """A formula is spoken from its MathML, and once: what is drawn of it is silent."""
    formulas = [
        name for name, node in tree.items() if node.role == "MathMLMath" and not node.hidden
    ]
    assert len(formulas) == opened.locator("article mjx-container").count() > 20
    assert [name for name in formulas if not words(tree, name)] == []
    drawn = opened.locator("mjx-container > mjx-math:not([aria-hidden=true])").count()
    assert drawn == 0


def test_headings_are_in_order(opened: Any, tree: dict[str, Node]) -> None:
    """The text has one title, and no level is left out on the way down."""
    main = next(name for name, node in tree.items() if node.role == "main" and not node.hidden)
    levels: list[int] = []

    def walk(name: str) -> None:
        node = tree.get(name)
        if node is None:
            return
        if node.role == "heading" and not node.hidden:
            levels.append(node.level)
        for child in node.children:
            walk(child)

    walk(main)
    title = levels.index(1)
    assert levels.count(1) == 1
    steps = zip(levels[title:], levels[title + 1 :], strict=False)
    assert [(above, below) for above, below in steps if below > above + 1] == []
    assert len(levels) > 5


def test_landmarks_are_there_once_or_told_apart(tree: dict[str, Node]) -> None:
    roles = [node.role for node in spoken(tree)]
    assert {role: roles.count(role) for role in ONCE} == dict.fromkeys(ONCE, 1)
    for role in ("navigation", "region"):
        found = [node.name for node in spoken(tree) if node.role == role]
        assert len(set(found)) == len(found)


def test_tables_have_headers(tree: dict[str, Node]) -> None:
    """Each table says what its columns or rows are."""
    tables = [node for node in spoken(tree) if node.role == "table"]

    def below(node: Node) -> set[str]:
        return {node.role}.union(*(below(tree[child]) for child in node.children if child in tree))

    assert [node.name for node in tables if not below(node) & {"columnheader", "rowheader"}] == []
