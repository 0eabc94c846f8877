"""The errata to the lectures: every Correction box of the book on one page, by ``{errata}``.

Nothing is typed twice. A box is an admonition of the class ``correction``; it has a label, and it
names the tests that hold the right value: functions and their files, as code. The page shows of
each box its title and, in short, what it says (see `short_text`), and links the box, its chapter and its
tests.

A box without a label, or one that names no test that exists, is a warning, which fails the build.
This is looked at in every build, also when the box's page is not read again: a test may go, too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from .marked_pages import MarkedPages
from .reading import reading_order
from .repository import repository, source_link

__all__ = ["Correction", "find_test", "named_tests", "sentences", "setup", "short_text"]

ERRATA = MarkedPages("errata")

logger = logging.getLogger(__name__)

CLASS = "correction"
PREFIX = re.compile(r"^Corrections?:?\s*")
SENTENCE_END = re.compile(r"[.?!](?:\s+(?=[A-Z(“])|\s*$)")

OF_THE_PAGE = ("Pinned", "This page")  # sentences that make sense in the chapter alone


class Correction(NamedTuple):
    """One box, as the page of errata needs it.

    Attributes
    ----------
    label : str
        The box's anchor; empty if it has none.
    title, text : list of docutils.nodes.Node
        Without the word *Correction*; see `short_text`.
    tests : list of (str, str)
        File and function of each test that the box names.
    line : int
        Where the box stands in its chapter.
    """

    label: str
    title: list[nodes.Node]
    text: list[nodes.Node]
    tests: list[tuple[str, str]]
    line: int


class ErrataMark(nodes.General, nodes.Element):
    """The place of the list in the page."""


class Errata(SphinxDirective):
    """The directive ``{errata}``."""

    def run(self) -> list[nodes.Node]:
        """Return the mark, and remember the page."""
        ERRATA.add(self.env, self.env.docname)
        return [ErrataMark()]


def corrections(env: Any) -> dict[str, list[Correction]]:
    """Return the boxes of each page that has any."""
    if not hasattr(env, "mlphys_corrections"):
        env.mlphys_corrections = {}
    return env.mlphys_corrections


# --- reading a box --------------------------------------------------------------------------------


def sentences(paragraph: nodes.Element) -> list[list[nodes.Node]]:
    """Return the sentences of a paragraph, each a list of copied nodes.

    A sentence ends at a full stop, question or exclamation mark that a capital letter follows, or
    the end of a piece of plain text; so $s = 0.5$ and *e.g.* do not end one.
    """
    found: list[list[nodes.Node]] = [[]]
    for child in paragraph.children:
        if not isinstance(child, nodes.Text):
            found[-1].append(child.deepcopy())
            continue
        rest = child.astext()
        while match := SENTENCE_END.search(rest):
            found[-1].append(nodes.Text(rest[: match.end()].rstrip()))
            found.append([])
            rest = rest[match.end() :]
        if rest:
            found[-1].append(nodes.Text(rest))
    return [sentence for sentence in found if sentence]


def short_text(box: nodes.Element) -> list[nodes.Node]:
    """Return what the page of errata says of a box.

    That is the first sentence and each sentence that begins with *Right*, with the displayed
    formula below it if it ends in a comma or a colon; where none begins so, the second sentence.
    """
    blocks = [child for child in box.children if not isinstance(child, nodes.title)]
    told: list[tuple[str, list[nodes.Node]]] = []
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        if not isinstance(block, nodes.paragraph):
            continue
        for sentence in sentences(block):
            text = "".join(node.astext() for node in sentence).strip()
            if isinstance(after, nodes.math_block) and text.endswith((",", ":")):
                sentence += [nodes.Text(" "), nodes.math("", after.astext().strip())]
            if not text.startswith(OF_THE_PAGE):
                told.append((text, sentence))
    right = [sentence for text, sentence in told[1:] if text.startswith("Right")]
    chosen = [sentence for _, sentence in told[:1]] + (right or [s for _, s in told[1:2]])
    return [node for sentence in chosen for node in (*sentence, nodes.Text(" "))][:-1]


def title_of(box: nodes.Element) -> list[nodes.Node]:
    """Return the title of a box without the word *Correction*, with a capital letter."""
    title = next(iter(box.findall(nodes.title)), nodes.title())
    children = [child.deepcopy() for child in title.children]
    if children and isinstance(children[0], nodes.Text):
        text = PREFIX.sub("", children[0].astext())
        children[0] = nodes.Text(text[:1].upper() + text[1:])
    return children


def named_tests(box: nodes.Element) -> list[tuple[str, str]]:
    """Return file and function of each test that a box names.

    The functions stand before their file: "Pinned by `test_a` and `test_b` in `tests/test_x.py`".
    A function without a file after it has the file "".
    """
    found: list[tuple[str, str]] = []
    waiting: list[str] = []
    for literal in box.findall(nodes.literal):
        text = literal.astext()
        if re.fullmatch(r"tests/[\w/]+\.py", text):
            found += [(text, name) for name in waiting]
            waiting = []
        elif re.fullmatch(r"test_\w+", text):
            waiting.append(text)
    return found + [("", name) for name in waiting]


@lru_cache
def function_lines(path: Path, changed: int) -> dict[str, int]:
    """Return the line where each function of a file begins; `changed` is the file's time."""
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name: node.lineno for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def find_test(root: Path, file: str, function: str) -> int | None:
    """Return the line where a test function begins, None if there is no such function."""
    path = root / file
    return function_lines(path, path.stat().st_mtime_ns).get(function) if path.is_file() else None


def collect(app: Any, doctree: nodes.document) -> None:
    """Take the boxes of a page that was read (event ``doctree-read``)."""
    docname = app.env.docname
    found = [
        Correction(
            label=next(iter(box["ids"]), ""),
            title=title_of(box),
            text=short_text(box),
            tests=named_tests(box),
            line=box.line or 0,
        )
        for box in doctree.findall(nodes.admonition)
        if CLASS in box["classes"]
    ]
    corrections(app.env).pop(docname, None)
    if found:
        corrections(app.env)[docname] = found


# --- writing the page -----------------------------------------------------------------------------


def in_order(env: Any) -> list[tuple[str, Correction]]:
    """Return each box with its page, in the order of the book."""
    table = corrections(env)
    return [(name, box) for name in reading_order(env) for box in table.get(name, [])]


def check(app: Any, env: Any) -> list[str]:
    """Warn of faulty boxes; return the page if it has to be written again (``env-updated``)."""
    root = Path(app.srcdir)
    state: list[Any] = [repository(app)]
    for docname, box in in_order(env):
        lines = [find_test(root, file, function) for file, function in box.tests]
        for fault in faults(box, lines):
            logger.warning(
                "this Correction box %s", fault, location=(docname, box.line),
                type="mlphys", subtype="errata",
            )  # fmt: skip
        words = [node.pformat() for node in (*box.title, *box.text)]
        state.append((docname, env.titles[docname].astext(), box.label, words, box.tests, lines))
    return ERRATA.to_write_again(env, state)


def faults(box: Correction, lines: list[int | None]) -> Iterator[str]:
    """Say what a box lacks."""
    if not box.label.startswith(f"{CLASS}-"):
        yield f"needs a label: add the line `:name: {CLASS}-<chapter>-<word>`"
    if not box.tests:
        yield 'names no test: end it with "Pinned by `test_...` in `tests/<part>/test_....py`"'
    for (file, function), line in zip(box.tests, lines, strict=True):
        if not file:
            yield f'names {function} without its file: go on with "in `tests/<part>/test_....py`"'
        elif line is None:
            yield f"names a test that does not exist: {function} in {file}"


class FillErrata(SphinxPostTransform):
    """Put the list in the place of the mark, before references are resolved."""

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        """Fill each mark of the page."""
        for mark in list(self.document.findall(ErrataMark)):
            mark.replace_self(list(errata_nodes(self.app, self.env.docname)))


def errata_nodes(app: Any, page: str) -> Iterable[nodes.Node]:
    """Return the list of errata: how many, then one entry a box."""
    boxes = in_order(app.env)
    chapters = {docname for docname, _ in boxes}
    yield nodes.paragraph(
        "", f"This edition has {len(boxes)} corrections, in {len(chapters)} chapters."
    )
    if boxes:
        entries = (_entry(app, page, docname, box) for docname, box in boxes)
        yield nodes.definition_list("", *entries, classes=["errata"])


def _entry(app: Any, page: str, docname: str, box: Correction) -> nodes.definition_list_item:
    uri = app.builder.get_relative_uri(page, docname)
    title = _link(f"{uri}#{box.label}", [node.deepcopy() for node in box.title])
    chapter = _link(uri, [nodes.Text(app.env.titles[docname].astext())])
    where = nodes.paragraph("", "", nodes.Text("In "), chapter, nodes.Text("; held by "))
    for number, (file, function) in enumerate(box.tests):
        line = find_test(Path(app.srcdir), file, function)
        address = source_link(repository(app), file, line)
        code = nodes.reference("", "", nodes.literal("", function), refuri=address)
        where += [nodes.Text(" and ")] if number else []
        where += [code, nodes.Text(" in "), nodes.literal("", file)]
    where += nodes.Text(".")
    text = nodes.paragraph("", "", *(_at_home(node, page) for node in box.text))
    return nodes.definition_list_item(
        "", nodes.term("", "", title), nodes.definition("", text, where)
    )


def _link(uri: str, children: list[nodes.Node]) -> nodes.reference:
    return nodes.reference("", "", *children, refuri=uri, internal=True)


def _at_home(node: nodes.Node, page: str) -> nodes.Node:
    """Return a copy whose own references start from another page."""
    copy = node.deepcopy()
    for element in copy.findall(nodes.Element):
        if "refdoc" in element:
            element["refdoc"] = page
        element["ids"] = []
    return copy


# --- several builds -------------------------------------------------------------------------------


def forget(app: Any, env: Any, docname: str) -> None:
    """Drop a page that is read again or gone (event ``env-purge-doc``)."""
    corrections(env).pop(docname, None)


def merge(app: Any, env: Any, docnames: Iterable[str], other: Any) -> None:
    """Take over what a parallel reader found (event ``env-merge-info``)."""
    table = corrections(other)
    corrections(env).update({name: table[name] for name in docnames if name in table})


def setup(app: Any) -> dict[str, Any]:
    """Register the directive and the handlers."""
    app.add_node(ErrataMark)
    app.add_directive("errata", Errata)
    app.add_post_transform(FillErrata)
    app.connect("doctree-read", collect)
    ERRATA.connect(app)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", check, priority=600)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
