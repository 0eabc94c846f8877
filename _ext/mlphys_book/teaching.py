"""Tables for teachers, from what the chapters say of themselves: time, exercises, needs, packages.

``{teaching-table} parts`` and ``{teaching-table} chapters`` list what each part and each chapter
takes. ``{course-plan}`` turns lines such as ``Monday: language/machine language/values`` into a
table with titles, minutes and exercises. A plan is checked: a stem that is no chapter, a chapter
that stands twice, or one that comes before a chapter that it needs end the build with a message.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.errors import SphinxError
from sphinx.util.docutils import SphinxDirective

from .course_map import chapters as needs_of_chapters
from .course_map import parts
from .dependencies import cell_imports, code_cells
from .execution import chapters as digests
from .execution import library
from .marked_pages import MarkedPages
from .notebooks import needed_extras
from .reading import chapter_facts, short_title

__all__ = ["Fact", "PlanError", "check_plan", "parse_plan", "setup"]

PAGES = MarkedPages("teaching")


class PlanError(SphinxError):
    """A plan cannot be taught in its order."""

    category = "Course plan"


class Fact(NamedTuple):
    """What a teacher asks of one chapter."""

    title: str
    minutes: int
    exercises: int
    needs: list[str]


class TeachingMark(nodes.General, nodes.Element):
    """The place of a table in the page."""


class TeachingTable(SphinxDirective):
    """The directive ``{teaching-table}``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the mark, and remember the page."""
        kind = directives.choice(self.arguments[0], ("parts", "chapters"))
        PAGES.add(self.env, self.env.docname)
        return [TeachingMark(kind=kind)]


class CoursePlan(SphinxDirective):
    """The directive ``{course-plan}``, whose argument names the column of sessions."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the mark with the plan, and remember the page."""
        PAGES.add(self.env, self.env.docname)
        plan = parse_plan(self.content)
        return [TeachingMark(kind="plan", session=self.arguments[0], plan=plan)]


# --- plans ----------------------------------------------------------------------------------------


def parse_plan(lines: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Return the sessions of a plan, each with the stems of its chapters.

    Raises
    ------
    PlanError
        If a line is none of the form ``Monday: language/machine language/values``.

    Examples
    --------
    >>> parse_plan(["Monday: a/b a/c", "", "Tuesday: d/e"])
    [('Monday', ['a/b', 'a/c']), ('Tuesday', ['d/e'])]
    """
    plan = []
    for line in filter(str.strip, lines):
        session, colon, stems = line.partition(":")
        if not colon or not session.strip() or not stems.split():
            raise PlanError(f"expected `Monday: language/machine language/values`; got {line!r}")
        plan.append((session.strip(), stems.split()))
    return plan


def check_plan(plan: list[tuple[str, list[str]]], needs: dict[str, list[str]]) -> None:
    """Check that each chapter of a plan exists, stands there once, and after all that it needs.

    Parameters
    ----------
    plan : list of (str, list of str)
        Sessions with the stems of their chapters.
    needs : dict
        The stems that each chapter needs.

    Raises
    ------
    PlanError
        With the session and the chapter, if not.
    """
    seen: set[str] = set()
    for session, stems in plan:
        for stem in stems:
            if stem not in needs:
                raise PlanError(
                    f"{session}: expected stems of chapters such as {next(iter(needs))}; got {stem}"
                )
            if stem in seen:
                raise PlanError(f"{session}: {stem} stands in the plan twice")
            missing = [need for need in needs[stem] if need not in seen]
            if missing:
                raise PlanError(
                    f"{session}: {stem} needs {', '.join(missing)}, which the plan does not have "
                    "before it; move or add what is missing"
                )
            seen.add(stem)


# --- facts ----------------------------------------------------------------------------------------


def facts(env: Any) -> dict[str, Fact]:
    """Return what the chapters say of themselves, in the order of the book."""
    registered = getattr(env, "sphinx_exercise_registry", {}).values()
    exercises = [
        entry["docname"] for entry in registered if str(entry["type"]).startswith("exercise")
    ]
    return {
        docname: Fact(
            title=short_title(env, docname),
            minutes=int(chapter_facts(env, docname).get("minutes", 0)),
            exercises=exercises.count(docname),
            needs=needs,
        )
        for docname, needs in needs_of_chapters(env).items()
    }


def packages(app: Any, docname: str) -> str:
    """Return the library's extras that a chapter cannot do without, in words."""
    source = Path(app.env.doc2path(docname)).read_text("utf-8")
    imports = cell_imports(cell.source for cell in code_cells(source))
    return ", ".join(needed_extras(library(app).packages_of(imports))) or "none"


# --- tables ---------------------------------------------------------------------------------------


def fill(app: Any, doctree: nodes.document, docname: str) -> None:
    """Put the tables in the places of their marks (event ``doctree-resolved``)."""
    for mark in list(doctree.findall(TeachingMark)):
        known = facts(app.env)
        tables = {"parts": part_table, "chapters": chapter_table, "plan": plan_table}
        mark.replace_self(tables[mark["kind"]](app, docname, known, mark))


def link(app: Any, page: str, docname: str, title: str) -> nodes.reference:
    """Return a link from a page to a chapter."""
    address = app.builder.get_relative_uri(page, docname)
    return nodes.reference("", title, internal=True, refuri=address)


def links(app: Any, page: str, docnames: Iterable[str], known: dict[str, Fact]) -> list[nodes.Node]:
    """Return links to chapters with commas between them, or a dash."""
    found: list[nodes.Node] = []
    for docname in docnames:
        found += [nodes.Text(", ")] if found else []
        found.append(link(app, page, docname, known[docname].title))
    return found or [nodes.Text("–")]


def part_table(app: Any, page: str, known: dict[str, Fact], mark: nodes.Element) -> nodes.table:
    """Return what each part takes, and what it needs of other parts."""
    del mark
    captions = parts(app.env)
    members: dict[str, list[str]] = {}
    for docname in known:
        members.setdefault(captions.get(docname, ""), []).append(docname)
    rows = []
    for caption, inside in members.items():
        outside = dict.fromkeys(need for name in inside for need in known[name].needs)
        needed = [name for name in known if name in outside and name not in inside]
        minutes = sum(known[name].minutes for name in inside)
        exercises = sum(known[name].exercises for name in inside)
        rows.append([caption, str(len(inside)), str(minutes), str(exercises),
                     links(app, page, needed, known)])  # fmt: skip
    head = ["Part", "Chapters", "Minutes", "Exercises", "Needs of other parts"]
    return table(head, rows, (30, 11, 11, 11, 37))


def chapter_table(app: Any, page: str, known: dict[str, Fact], mark: nodes.Element) -> nodes.table:
    """Return what each chapter takes and needs."""
    del mark
    rows = []
    for docname, fact in known.items():
        rows.append([[link(app, page, docname, fact.title)], str(fact.minutes), str(fact.exercises),
                     links(app, page, fact.needs, known), packages(app, docname)])  # fmt: skip
    head = ["Chapter", "Minutes", "Exercises", "Builds on", "Extras"]
    return table(head, rows, (28, 11, 11, 32, 18))


def plan_table(app: Any, page: str, known: dict[str, Fact], mark: nodes.Element) -> nodes.table:
    """Return a plan, session by session."""
    home = posixpath.dirname(app.env.config.root_doc)
    rows: list[list[Any]] = []
    every = []
    for session, stems in mark["plan"]:
        names = [posixpath.join(home, stem) for stem in stems]
        every += names
        rows.append([session, links(app, page, names, known), *sums(names, known)])
    rows.append(["All", f"{len(every)} chapters", *sums(every, known)])
    return table([mark["session"], "Chapters", "Minutes", "Exercises"], rows, (18, 58, 12, 12))


def sums(names: list[str], known: dict[str, Fact]) -> list[str]:
    """Return the minutes and the exercises of some chapters, each as text."""
    minutes = sum(known[name].minutes for name in names)
    return [str(minutes), str(sum(known[name].exercises for name in names))]


def table(head: list[str], rows: list[list[Any]], widths: tuple[int, ...]) -> nodes.table:
    """Return a table; entries are text or lists of nodes, widths are percent."""
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=width) for width in widths]
    group += nodes.thead("", _row(head))
    group += nodes.tbody("", *(_row(row) for row in rows))
    return nodes.table("", group, classes=["colwidths-given"])


def _row(entries: list[Any]) -> nodes.row:
    content = ([nodes.Text(e)] if isinstance(e, str) else e for e in entries)
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *part)) for part in content))


# --- several builds -------------------------------------------------------------------------------


def show_again(app: Any, env: Any) -> list[str]:
    """Check the plans; return the pages to write again because a chapter changed."""
    if not PAGES.of(env):
        return []
    known = facts(env)
    home = posixpath.dirname(env.config.root_doc) or "."
    short = lambda name: posixpath.relpath(name, home)
    needs = {short(name): [short(need) for need in fact.needs] for name, fact in known.items()}
    for docname in sorted(PAGES.of(env) & env.found_docs):
        for mark in env.get_doctree(docname).findall(TeachingMark):
            if mark["kind"] == "plan":
                check_plan(mark["plan"], needs)
    return PAGES.to_write_again(env, (list(known.items()), parts(env), dict(digests(env))))


def setup(app: Any) -> dict[str, Any]:
    """Register the directives and the handlers."""
    app.add_node(TeachingMark)
    app.add_directive("teaching-table", TeachingTable)
    app.add_directive("course-plan", CoursePlan)
    PAGES.connect(app)
    app.connect("env-updated", show_again, priority=600)
    app.connect("doctree-resolved", fill)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
