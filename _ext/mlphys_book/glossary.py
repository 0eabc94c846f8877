"""Each chapter links the words of the glossary where it first uses them; nobody types these links.

The entries of Sphinx's ``{glossary}`` are looked for in the prose of each chapter, in the singular
and, by rule, in the plural. The first place becomes a link of the class ``term``. Prose is what
stands in paragraphs below the first heading of a section: no headings, captions, tables, code,
formulas, outputs, links or references. An entry with a qualifier, as "view (of an array)", is never
looked for, because its word means other things as well; only the index takes note where a chapter
has the word alone in bold, which is how the chapters mark a definition.

A chapter in which a word has another meaning says so in its front matter, under ``mlphys``:
``unlinked: [tape]``.

The glossary's own definitions link each other in the same way. `uses` tells the index where every
word occurs (see `term_index`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging

from .reading import chapter_facts
from .references import CLASS as REFERENCES
from .terms import Finder, Term, straight

__all__ = ["Piece", "Use", "find_uses", "link_terms", "prose", "setup", "terms", "uses"]

logger = logging.getLogger(__name__)

CLASS = "term"
BARRED = (
    nodes.reference, nodes.literal, nodes.literal_block, nodes.math, nodes.title, nodes.caption,
    nodes.legend, nodes.table, nodes.term, nodes.footnote, nodes.raw, nodes.rubric,
    addnodes.pending_xref, addnodes.download_reference,
)  # fmt: skip
INLINE = (nodes.paragraph, nodes.strong, nodes.emphasis, nodes.inline)
BARRED_CLASSES = {"cell_output", "cell_input", REFERENCES, "bibtex-citation"}


class Piece(NamedTuple):
    """A piece of prose: the section that it stands in, the words, whether they are bold."""

    section: str
    text: str
    bold: bool


class Use(NamedTuple):
    """What a chapter does with a term.

    Attributes
    ----------
    count : int
        How often it uses the term.
    section : str
        Anchor of the section where it defines the term, or else first uses it.
    defines : bool
        Whether the term stands there in bold, all by itself.
    """

    count: int
    section: str
    defines: bool


# --- prose ----------------------------------------------------------------------------------------


def prose(node: nodes.Element) -> Iterator[nodes.Text]:
    """Yield the pieces of text below a node that are prose, in order.

    Pieces that a line end of the source separates are joined first, in the tree itself.
    """
    if isinstance(node, INLINE):
        _join_texts(node)
    for child in node.children:
        if isinstance(child, nodes.Text):
            if isinstance(node, INLINE):
                yield child
        elif isinstance(child, nodes.Element) and not _is_barred(child):
            yield from prose(child)


def _join_texts(node: nodes.Element) -> None:
    joined: list[nodes.Node] = []
    for child in node.children:
        if isinstance(child, nodes.Text) and joined and isinstance(joined[-1], nodes.Text):
            joined[-1] = nodes.Text(joined[-1].astext() + child.astext())
        else:
            joined.append(child)
    if len(joined) < len(node.children):
        node[:] = joined


def _is_barred(node: nodes.Element) -> bool:
    return isinstance(node, BARRED) or bool(BARRED_CLASSES & set(node.get("classes", ())))


def chapter_prose(doctree: nodes.document) -> Iterator[tuple[str, nodes.Text]]:
    """Yield the prose of a chapter with the anchor of its section.

    What stands above the first heading of a section (what a chapter needs, how long it takes) is
    left out.
    """
    for page in doctree.children:
        if isinstance(page, nodes.section):
            for section in page.children:
                if isinstance(section, nodes.section):
                    yield from _section_prose(section)


def _section_prose(section: nodes.Element) -> Iterator[tuple[str, nodes.Text]]:
    anchor = next(iter(section["ids"]), "")
    for child in section.children:
        if isinstance(child, nodes.section):
            yield from _section_prose(child)
        elif isinstance(child, nodes.Element) and not _is_barred(child):
            yield from ((anchor, text) for text in prose(child))


def find_uses(pieces: Iterable[Piece], finder: Finder) -> dict[str, Use]:
    """Return what a chapter does with each term that it uses, by the term's first word."""
    found: dict[str, Use] = {}
    for piece in pieces:
        for _, term, _ in finder.find(piece.text):
            use = found.get(term.words[0], Use(0, piece.section, False))
            found[term.words[0]] = use._replace(count=use.count + 1)
        defined = finder.bold.get(straight(piece.text.strip())) if piece.bold else None
        if defined and not found.get(defined.words[0], Use(0, "", False)).defines:
            count = found[defined.words[0]].count if defined.words[0] in found else 1
            found[defined.words[0]] = Use(count, piece.section, True)
    return found


# --- what one build knows -------------------------------------------------------------------------


def glossary(env: Any) -> dict[str, list[Term]]:
    """Return the entries of each page that has a glossary."""
    if not hasattr(env, "mlphys_glossary"):
        env.mlphys_glossary = {}
    return env.mlphys_glossary


def terms(env: Any) -> list[Term]:
    """Return the entries of all glossaries."""
    return [term for docname in sorted(glossary(env)) for term in glossary(env)[docname]]


def pieces(env: Any) -> dict[str, list[Piece]]:
    """Return the prose of each chapter."""
    if not hasattr(env, "mlphys_prose"):
        env.mlphys_prose = {}
    return env.mlphys_prose


def unlinked(env: Any) -> dict[str, list[str]]:
    """Return the words that a chapter uses in another sense, by chapter."""
    if not hasattr(env, "mlphys_unlinked"):
        env.mlphys_unlinked = {}
    return env.mlphys_unlinked


def uses(env: Any) -> dict[str, dict[str, Use]]:
    """Return, by chapter and then by the term's first word, what it does with each term."""
    if not hasattr(env, "mlphys_uses"):
        env.mlphys_uses = {}
    return env.mlphys_uses


def collect(app: Any, doctree: nodes.document) -> None:
    """Take glossary and prose of a page that was read (event ``doctree-read``)."""
    env = app.env
    forget(app, env, env.docname)
    entries = [
        Term(env.docname, tuple(n.astext() for n in names), tuple(n["ids"][0] for n in names))
        for block in doctree.findall(addnodes.glossary)
        for item in block.findall(nodes.definition_list_item)
        if (names := [child for child in item.children if isinstance(child, nodes.term)])
    ]
    if entries:
        glossary(env)[env.docname] = entries
    if facts := chapter_facts(env, env.docname):
        unlinked(env)[env.docname] = facts.get("unlinked", [])
        pieces(env)[env.docname] = [
            Piece(section, text.astext(), isinstance(text.parent, nodes.strong))
            for section, text in chapter_prose(doctree)
        ]


def look_for_terms(app: Any, env: Any) -> list[str]:
    """Find the terms in each chapter; return those whose links change (``env-updated``)."""
    words = [(term.docname, term.words, term.anchors) for term in terms(env)]
    finder = Finder(terms(env))
    _check_unlinked(env)
    before = getattr(env, "mlphys_terms_in", {})
    state = {name: (words, text, unlinked(env)[name]) for name, text in pieces(env).items()}
    for docname in state:
        if before.get(docname) != state[docname]:
            found = find_uses(state[docname][1], finder)
            uses(env)[docname] = {
                word: use
                for word, use in found.items()
                if straight(word) not in unlinked(env)[docname]
            }
    for docname in set(uses(env)) - set(state):
        del uses(env)[docname]
    env.mlphys_terms_in = state
    return sorted(
        docname
        for docname, (known, *_) in state.items()
        if docname in before and before[docname][0] != known and docname in env.found_docs
    )


def _check_unlinked(env: Any) -> None:
    """Warn of words that a chapter does not want linked, and that are no words of the glossary."""
    known = {straight(term.words[0]) for term in terms(env)}
    for docname, words in unlinked(env).items():
        for word in words if known else []:
            if word not in known:
                logger.warning(
                    "unlinked: expected the first words of entries of the glossary; got %r",
                    word, location=docname, type="mlphys", subtype="glossary",
                )  # fmt: skip


# --- links ----------------------------------------------------------------------------------------


def link_terms(
    texts: Iterable[nodes.Text], finder: Finder, address: Any, done: Iterable[str] = ()
) -> int:
    """Link each term where it first stands.

    Parameters
    ----------
    texts : iterable of docutils.nodes.Text
        Prose, in order; their parents are changed.
    finder : Finder
    address : callable
        Gives the address of an entry, from its page and its anchor.
    done : iterable of str
        First words of terms that need no link.

    Returns
    -------
    int
        Number of links.
    """
    linked = {straight(word) for word in done}
    count = len(linked)
    for text in list(texts):
        parts: list[nodes.Node] = []
        plain, end = text.astext(), 0
        for match, term, anchor in finder.find(plain):
            name = straight(term.words[0])
            if name in linked:
                continue
            linked.add(name)
            parts += [nodes.Text(plain[end : match.start()])] if match.start() > end else []
            uri = address(term.docname, anchor)
            parts.append(
                nodes.reference(
                    "",
                    plain[match.start() : match.end()],
                    internal=True,
                    refuri=uri,
                    classes=[CLASS],
                )
            )
            end = match.end()
        if parts:
            parts += [nodes.Text(plain[end:])] if plain[end:] else []
            position = text.parent.index(text)
            text.parent[position : position + 1] = parts
    return len(linked) - count


def link_page(app: Any, doctree: nodes.document, docname: str) -> None:
    """Link the terms of a chapter, and those of the definitions (event ``doctree-resolved``)."""
    env = app.env
    if docname not in pieces(env) and docname not in glossary(env):
        return
    finder = Finder(terms(env))

    def address(page: str, anchor: str) -> str:
        if page == docname:
            return f"#{anchor}"
        return f"{app.builder.get_relative_uri(docname, page)}#{anchor}"

    if docname in pieces(env):
        texts = [text for _, text in chapter_prose(doctree)]
        link_terms(texts, finder, address, done=unlinked(env)[docname])
    for block in doctree.findall(addnodes.glossary):
        for item in list(block.findall(nodes.definition_list_item)):
            own = next(child.astext() for child in item.children if isinstance(child, nodes.term))
            link_terms(prose(item), finder, address, done=[own])


def forget(app: Any, env: Any, docname: str) -> None:
    """Drop a page that is read again or gone (event ``env-purge-doc``)."""
    glossary(env).pop(docname, None)
    pieces(env).pop(docname, None)
    unlinked(env).pop(docname, None)


def merge(app: Any, env: Any, docnames: Iterable[str], other: Any) -> None:
    """Take over what a parallel reader found (event ``env-merge-info``)."""
    for docname in docnames:
        if docname in glossary(other):
            glossary(env)[docname] = glossary(other)[docname]
        if docname in pieces(other):
            pieces(env)[docname] = pieces(other)[docname]
            unlinked(env)[docname] = unlinked(other)[docname]


def setup(app: Any) -> dict[str, Any]:
    """Register the handlers."""
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", look_for_terms, priority=550)
    # after the notebooks are written, which shall stand alone
    app.connect("doctree-resolved", link_page, priority=800)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
