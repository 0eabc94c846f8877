"""A map of the course: which chapter needs which, drawn from the chapters' own front matter.

The directive ``{course-map}`` draws one row a chapter, in the order of the book, and on the left an
arc from each chapter to those that need it: a drawing as readable on a phone as on a wall. Titles are links. Below it the same stands as a list, folded, for
readers who cannot see the drawing, and for print.

``needs`` of a chapter's front matter lists stems such as ``learning/evidence``. A stem that is no
chapter, and chapters that need one another in a circle, end the build of a book that has a map with
a message.
"""

from __future__ import annotations

import posixpath
from html import escape
from typing import Any

from docutils import nodes
from sphinx.errors import SphinxError
from sphinx.util.docutils import SphinxDirective

from .marked_pages import MarkedPages
from .reading import chapter_facts, reading_order, short_title

__all__ = ["CourseMapError", "check_needs", "draw", "find_circle", "setup"]

MAPS = MarkedPages("map")

ROW, HEAD, LEFT = 26, 40, 92  # rows, room above a part's name, arcs; for letters of 14 units
LETTER = 8.2  # width of a letter, in a wide font
NOTE = "The map of the course: which chapter needs which"


class CourseMapError(SphinxError):
    """The chapters' needs cannot be met."""

    category = "Course map"


class MapMark(nodes.General, nodes.Element):
    """The place of the map in the page."""


class CourseMap(SphinxDirective):
    """The directive ``{course-map}``."""

    def run(self) -> list[nodes.Node]:
        """Return the mark, and remember the page."""
        MAPS.add(self.env, self.env.docname)
        return [MapMark()]


# --- what needs what ------------------------------------------------------------------------------


def check_needs(needs: dict[str, list[str]]) -> None:
    """Check that each need is a chapter, and that there is an order in which to read.

    Parameters
    ----------
    needs : dict
        The stems that each chapter needs, by its own stem.

    Raises
    ------
    CourseMapError
        If a need is not a chapter, is named twice, or chapters need one another in a circle.
    """
    for stem, wanted in needs.items():
        unknown = sorted(set(wanted) - set(needs))
        if unknown:
            raise CourseMapError(
                f"{stem}: `needs` expects stems of chapters such as {next(iter(needs))}; got "
                f"{', '.join(unknown)}. Correct it in the front matter of {stem}.md, or add the "
                "chapter to _toc.yml."
            )
        if len(set(wanted)) < len(wanted):
            raise CourseMapError(f"{stem}: `needs` names a chapter twice: {', '.join(wanted)}")
    circle = find_circle(needs)
    if circle:
        raise CourseMapError(
            f"chapters need one another in a circle: {' needs '.join(circle)}. "
            "Drop one of these needs from the front matter."
        )


def find_circle(needs: dict[str, list[str]]) -> list[str]:
    """Return a circle of needs, its first chapter repeated at its end, or an empty list.

    Examples
    --------
    >>> find_circle({"a": ["b"], "b": ["c"], "c": ["b"]}), find_circle({"a": ["b"], "b": []})
    (['b', 'c', 'b'], [])
    """
    done: set[str] = set()

    def walk(stem: str, path: list[str]) -> list[str]:
        if stem in path:
            return [*path[path.index(stem) :], stem]
        if stem in done:
            return []
        for wanted in needs[stem]:
            if circle := walk(wanted, [*path, stem]):
                return circle
        done.add(stem)
        return []

    return next((circle for stem in needs if (circle := walk(stem, []))), [])


def chapters(env: Any) -> dict[str, list[str]]:
    """Return the pages that each chapter needs, by page, in the order of the book.

    A stem is relative to the folder of the book's front page.
    """
    home = posixpath.dirname(env.config.root_doc)
    facts = {docname: chapter_facts(env, docname) for docname in reading_order(env)}
    return {
        docname: [posixpath.join(home, stem) for stem in fact.get("needs", [])]
        for docname, fact in facts.items()
        if fact
    }


def parts(env: Any) -> dict[str, str]:
    """Return the caption of the part that each page belongs to."""
    captions: dict[str, str] = {}
    for toctree in env.get_doctree(env.config.root_doc).findall(_is_toctree):
        for _, docname in toctree["entries"]:
            captions[docname] = toctree.get("caption") or ""
    return captions


def _is_toctree(node: nodes.Node) -> bool:
    return type(node).__name__ == "toctree"


# --- the drawing ----------------------------------------------------------------------------------


def draw(
    needs: dict[str, list[str]],
    titles: dict[str, str],
    addresses: dict[str, str],
    captions: dict[str, str],
) -> str:
    """Return the map as SVG text.

    Parameters
    ----------
    needs : dict
        The chapters that each chapter needs, in the order in which they are drawn.
    titles, addresses, captions : dict
        Title, link and part of each chapter.

    Examples
    --------
    >>> svg = draw({"a": [], "b": ["a"]}, {"a": "A", "b": "B"}, {"a": "a.html", "b": "b.html"}, {})
    >>> svg.count("<a "), svg.count("<path ")
    (2, 1)
    """
    rows: dict[str, int] = {}
    heads: list[tuple[int, str]] = []
    y, part = 0, None
    for chapter in needs:
        caption = captions.get(chapter, "")
        if caption != part:
            part = caption
            y += HEAD if caption else 0
            heads += [(y - 6, caption)] if caption else []
        y += ROW
        rows[chapter] = y
    # the longest arcs first, so that short ones lie on top
    ends = [sorted((rows[need], rows[chapter])) for chapter in needs for need in needs[chapter]]
    ends.sort(key=lambda pair: pair[1] - pair[0], reverse=True)
    longest = max((below - above for above, below in ends), default=1)
    lines = [f'<path d="{_arc(above - 5, below - 5, longest)}"/>' for above, below in ends]
    texts = [
        f'<text x="{LEFT + 12}" y="{y}" class="part">{escape(caption)}</text>'
        for y, caption in heads
    ]
    for chapter, y in rows.items():
        wanted = ", ".join(titles[need] for need in needs[chapter])
        label = f"{titles[chapter]}, needs {wanted}" if wanted else f"{titles[chapter]}, needs none"
        texts.append(
            f'<a href="{escape(addresses[chapter])}" aria-label="{escape(label)}">'
            f'<circle cx="{LEFT}" cy="{y - 5}" r="4"/>'
            f'<text x="{LEFT + 12}" y="{y}">{escape(titles[chapter])}</text></a>'
        )
    height = max(rows.values(), default=0) + 12
    letters = [len(title) for title in titles.values()]
    letters += [round(1.2 * len(caption)) for _, caption in heads]  # bold and larger
    width = LEFT + 12 + round(LETTER * max(letters, default=0))
    return (
        f'<svg class="course-map" viewBox="0 0 {width} {height}" role="group" '
        f'aria-label="{NOTE}">\n<g class="arcs" aria-hidden="true">{"".join(lines)}</g>\n'
        + "\n".join(texts)
        + "\n</svg>"
    )


def _arc(above: int, below: int, longest: int) -> str:
    """Return half an ellipse to the left of the row of dots, wider for a longer way."""
    out = round(14 + (LEFT - 22) * ((below - above) / longest) ** 0.6)
    return f"M{LEFT} {above}A{out} {(below - above) / 2:g} 0 0 0 {LEFT} {below}"


def fill(app: Any, doctree: nodes.document, docname: str) -> None:
    """Put the map in the place of its mark (event ``doctree-resolved``)."""
    for mark in list(doctree.findall(MapMark)):
        mark.replace_self(map_nodes(app, docname))


def map_nodes(app: Any, page: str) -> list[nodes.Node]:
    env = app.env
    needs = chapters(env)
    titles = {docname: short_title(env, docname) for docname in needs}
    links = {docname: app.builder.get_relative_uri(page, docname) for docname in needs}
    svg = draw(needs, titles, links, parts(env))

    def link(docname: str) -> nodes.reference:
        return nodes.reference("", titles[docname], internal=True, refuri=links[docname])

    words = nodes.bullet_list()
    for docname, wanted in needs.items():
        line = nodes.paragraph("", "", link(docname), nodes.Text(" needs "))
        for number, need in enumerate(wanted):
            line += [nodes.Text(", ")] if number else []
            line += link(need)
        line += [] if wanted else [nodes.Text("no other chapter")]
        words += nodes.list_item("", line)
    fold = nodes.admonition(
        "", nodes.title("", "The same in words"), words, classes=["dropdown", "note"]
    )
    return [nodes.raw("", svg, format="html"), fold]


# --- several builds -------------------------------------------------------------------------------


def show_again(app: Any, env: Any) -> list[str]:
    """Check the needs; return the pages to write again because one changed (``env-updated``)."""
    if not MAPS.of(env):
        return []
    needs = chapters(env)
    home = posixpath.dirname(env.config.root_doc)
    check_needs(
        {
            posixpath.relpath(name, home or "."): [
                posixpath.relpath(n, home or ".") for n in wanted
            ]
            for name, wanted in needs.items()
        }
    )
    state = (list(needs.items()), [short_title(env, name) for name in needs], parts(env))
    return MAPS.to_write_again(env, state)


def setup(app: Any) -> dict[str, Any]:
    """Register the directive and the handlers."""
    app.add_node(MapMark)
    app.add_directive("course-map", CourseMap)
    MAPS.connect(app)
    app.connect("env-updated", show_again, priority=600)
    app.connect("doctree-resolved", fill)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
