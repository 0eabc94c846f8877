r"""Shape the book for paper: what the PDF shows otherwise than the site.

Sphinx puts all pages into one tree before it writes LaTeX. So the handlers that fill in a page once
its references are known see a single page there; here they get the pages one by one. Beside that,
each function below cures one thing that paper cannot do or that LaTeX would do otherwise:

- solutions leave their exercises and stand at the end of their chapter;
- equations and figures get the numbers that they have on the site, whatever moved; what they
  should be goes to ``numbers.json``, with which ``tools/check_pdf.py`` compares;
- boxes can be linked to; tables get columns as wide as their text needs (see `columns`);
- the map of the course becomes a picture; the front page's list of chapters and the page of the
  index give way to contents and an index with page numbers, the list of works stands in its place.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.builders.latex.nodes import thebibliography
from sphinx.errors import SphinxError
from sphinx_exercise.nodes import is_exercise_node, solution_node

from . import course_map, glossary, references, term_index
from .columns import spread
from .terms import Finder, straight

__all__ = ["setup", "web_numbers"]

NUMBERS = "numbers.json"
INK = """<style>text{font:14px "DejaVu Sans",sans-serif;fill:#111}.part{font-weight:bold}
path{fill:none;stroke:#777;stroke-width:1.3}circle{fill:#0b5394}</style>"""


def raw(tex: str) -> nodes.raw:
    """Return a node that is written as it is."""
    return nodes.raw("", tex, format="latex")


def put_before(node: nodes.Element, *new: nodes.Node) -> None:
    """Put nodes before a node."""
    assert node.parent is not None
    position = node.parent.index(node)
    node.parent[position:position] = list(new)


def pages(doctree: nodes.document) -> Iterator[tuple[str, Any]]:
    """Yield the pages that Sphinx has put into one tree, with their names."""
    for page in list(doctree.findall(addnodes.start_of_file)):
        for child in page.children:  # Sphinx leaves them with the parents they had
            child.parent = page
        yield page["docname"], page


def shape(app: Any, doctree: nodes.document, docname: str) -> None:
    """Shape the whole book (event ``doctree-resolved``, before the handlers that fill pages)."""
    if app.builder.format != "latex":
        return
    numbers = web_numbers(app.env, docname, doctree)
    for name, page in pages(doctree):
        references.fill(app, page, name)
        glossary.link_page(app, page, name)
        mark_index(app.env, page, name)
        anchor_boxes(page, name)
        collect_solutions(page, name)
        numbers |= web_numbers(app.env, name, page)
        if next(page.findall(term_index.IndexMark), None):
            move_index(doctree, page, name)
        move_bibliography(doctree, page, name)
    draw_map(app, doctree)
    gather_front_page(doctree)
    Path(app.outdir, NUMBERS).write_text(json.dumps(numbers, indent=1), "utf-8")


def fit_tables(app: Any, doctree: nodes.document, docname: str) -> None:
    """Give each table columns as wide as its text needs (after all pages are filled)."""
    del docname
    if app.builder.format == "latex":
        for table in list(doctree.findall(nodes.table)):
            put_before(table, addnodes.tabular_col_spec(spec=spread(table)))


# --- numbers --------------------------------------------------------------------------------------


def web_numbers(env: Any, docname: str, page: nodes.Element) -> dict[str, str]:
    """Make LaTeX give equations and figures of a page the numbers that they have on the site.

    LaTeX counts them in the order in which they stand; its counter is set where that is not enough.

    Returns
    -------
    dict of str to str
        LaTeX's labels, also that of the chapter, and the numbers that they must have.
    """
    found: dict[str, str] = {}
    if chapter := env.toc_secnumbers.get(docname, {}).get(""):
        found[f"{docname}::doc"] = _dotted(chapter)
    known = env.toc_fignumbers.get(docname, {})
    counted = {"equation": 0, "figure": 0} if chapter else {}
    for node in _without_files(page):
        if isinstance(node, nodes.math_block) and node.get("label"):
            label = f"equation:{docname}:{node['label']}"
            counter, number = "equation", _number(known, "displaymath", node)
        elif isinstance(node, nodes.figure) and node["ids"]:
            label = f"{docname}:{node['ids'][0]}"
            counter, number = "figure", _number(known, "figure", node)
        else:
            continue
        if not number:
            continue
        found[label] = _dotted(number)
        if counted.get(counter) != number[-1] - 1:
            put_before(node, raw(rf"\setcounter{{{counter}}}{{{number[-1] - 1}}}" + "\n"))
        counted[counter] = number[-1]
    return found


def _without_files(page: nodes.Element) -> list[nodes.Element]:
    """Return the elements of a page without those of pages inside it."""
    inside = {
        id(node)
        for part in page.findall(addnodes.start_of_file)
        if part is not page
        for node in part.findall(nodes.Element)
    }
    return [node for node in page.findall(nodes.Element) if id(node) not in inside]


def _number(known: dict[str, Any], kind: str, node: nodes.Element) -> tuple[int, ...]:
    return next((known[kind][name] for name in node["ids"] if name in known.get(kind, {})), ())


def _dotted(number: tuple[int, ...]) -> str:
    return ".".join(map(str, number))


# --- boxes and solutions --------------------------------------------------------------------------


def anchor_boxes(page: nodes.Element, docname: str) -> None:
    """Put a label before each box that something may refer to, which Sphinx leaves out."""
    for box in [box for box in page.findall(nodes.Element) if isinstance(box, nodes.Admonition)]:
        if "label" not in box:  # those of exercises and solutions have one
            names = "".join(rf"\label{{\detokenize{{{docname}:{name}}}}}" for name in box["ids"])
            if names:
                put_before(box, raw(rf"\phantomsection{names}" + "\n"))


def collect_solutions(page: nodes.Element, docname: str) -> None:
    """Move the solutions of a chapter into a section of their own, before its references."""
    solutions = list(page.findall(solution_node))
    chapter = next(page.findall(nodes.section), None)
    if not solutions or chapter is None:
        return
    section = nodes.section("", nodes.title("", "Solutions"), ids=["paper-solutions"])
    for solution in solutions:
        label, exercise = solution["label"], solution["target_label"]
        _point_to_solution(page, exercise, label)
        title = solution.children[0].astext().removeprefix("Solution to ")
        section += raw(
            rf"\booksolution{{paper:{label}}}{{{docname}:{label}}}{{exercise:{exercise}}}{{{title}}}"
            "\n"
        )
        section += solution.children[1:]
        solution.parent.remove(solution)
    sections = [child for child in chapter.children if isinstance(child, nodes.section)]
    last = sections[-1] if sections and sections[-1].next_node(nodes.title) else None
    ends = last is not None and last.next_node(nodes.title).astext() == "References"  # pyright: ignore
    position = chapter.index(last) if ends and last is not None else len(chapter.children)
    chapter.insert(position, section)


def _point_to_solution(page: nodes.Element, exercise: str, solution: str) -> None:
    """Say at the end of an exercise on which page its solution stands."""
    for node in page.findall(is_exercise_node):
        if isinstance(node, nodes.Element) and node["label"] == exercise:
            node += raw(rf"\booksolutionpage{{paper:{solution}}}" + "\n")


# --- the index ------------------------------------------------------------------------------------


def mark_index(env: Any, page: nodes.Element, docname: str) -> None:
    """Send to the index where a page defines a word of the glossary, and where it first uses it."""
    for block in page.findall(addnodes.glossary):
        for item in block.findall(nodes.definition_list_item):
            _mark_definition(item)
    if docname not in glossary.uses(env):
        return
    words = {anchor: term.words[0] for term in glossary.terms(env) for anchor in term.anchors}
    for link in list(page.findall(nodes.reference)):
        if glossary.CLASS in link["classes"]:
            _index(link, words[link["refuri"].rpartition("#")[2]])
    bold = Finder(glossary.terms(env)).bold
    defined: set[str] = set()
    for strong in list(page.findall(nodes.strong)):
        term = bold.get(straight(strong.astext().strip()))
        known = glossary.uses(env)[docname].get(term.words[0]) if term else None
        if term and known and known.defines and term.words[0] not in defined:
            defined.add(term.words[0])
            _index(strong, term.words[0], main=True)


def _mark_definition(item: nodes.Element) -> None:
    """Mark an entry in its definition: LaTeX would spell some words otherwise in the term itself."""
    definition = next(item.findall(nodes.paragraph))
    for term in list(item.findall(nodes.term)):
        for mark in list(term.findall(addnodes.index)):
            term.remove(mark)
            definition.insert(0, mark)


def _index(node: nodes.Element, word: str, main: bool = False) -> None:
    entry = ("single", word, "", "main" if main else "", None)
    put_before(node, addnodes.index(entries=[entry], inline=True))


def move_index(doctree: nodes.document, page: addnodes.start_of_file, docname: str) -> None:
    """Let the index with page numbers take the place of the page that is the site's index."""
    page.parent.remove(page)
    doctree += raw(
        r"\clearpage\phantomsection" + "\n"
        rf"\label{{\detokenize{{{docname}::doc}}}}\printindex" + "\n"
    )


def move_bibliography(doctree: nodes.document, page: nodes.Element, docname: str) -> None:
    """Put the list of all works, which Sphinx appends to the book, where its page stands."""
    for works in list(doctree.findall(thebibliography)):
        first: Any = works[0]
        if works.parent is doctree and first["docname"] == docname:
            doctree.remove(works)
            label = (
                rf"\renewcommand{{\bookworks}}{{\label{{\detokenize{{{docname}::doc}}}}}}" + "\n"
            )
            page.clear()
            page += [raw(label), works]


# --- the front page -------------------------------------------------------------------------------


def draw_map(app: Any, doctree: nodes.document) -> None:
    """Put the map of the course in as a picture, without the same in words."""
    for mark in list(doctree.findall(course_map.MapMark)):
        svg = next(
            node.astext()
            for node in course_map.map_nodes(app, app.config.root_doc)
            if isinstance(node, nodes.raw)
        )
        source = Path(app.outdir, "course-map.svg")
        opened = '<svg xmlns="http://www.w3.org/2000/svg" '
        source.write_text(svg.replace("<svg ", opened, 1).replace(">", f">{INK}", 1), "utf-8")
        command = ["rsvg-convert", "--format=pdf", "--output", str(source.with_suffix(".pdf"))]
        done = subprocess.run([*command, str(source)], capture_output=True, text=True)
        if done.returncode:
            raise SphinxError(f"rsvg-convert could not draw the map of the course: {done.stderr}")
        mark.replace_self(raw("\\bookmap{course-map.pdf}\n"))


def gather_front_page(doctree: nodes.document) -> None:
    """Make one chapter of the front page, whose sections would each be one; drop its list."""
    front = next(doctree.findall(nodes.section))
    own = [
        child
        for child in front.children[1:]
        if not (isinstance(child, nodes.Element) and next(child.findall(addnodes.start_of_file), 0))
    ]
    chapter = nodes.section("", nodes.title("", "About this book"), ids=["about-this-book"])
    for child in own:
        front.remove(child)
        chapter += child
    for table in list(chapter.findall(nodes.table)):
        if next(table.findall(nodes.row)).astext().split() == ["Part", "Chapters"]:
            table.parent.remove(table)
    front.insert(1, chapter)


def setup(app: Any) -> dict[str, Any]:
    """Register the handlers."""
    app.connect("doctree-resolved", shape, priority=50)
    app.connect("doctree-resolved", fit_tables, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
