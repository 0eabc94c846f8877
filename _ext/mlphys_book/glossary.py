"""Each chapter links the words of the glossary where it first uses them; nobody types these links.

The entries of Sphinx's ``{glossary}`` are looked for in the prose of each chapter, in the singular
and, by rule, in the plural. The first place becomes a link of the class ``term``. Prose is what
stands in paragraphs below the first heading of a section: no headings, captions, tables, code,
formulas, outputs, links or references. An entry with a qualifier, as "view (of an array)", is never
looked for, because its word means other things as well.

The glossary's own definitions link each other in the same way. `uses` tells the index where every
word occurs (see `term_index`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes

from .reading import chapter_facts
from .references import CLASS as REFERENCES

__all__ = ["Term", "Use", "find_uses", "forms", "link_terms", "plural", "prose", "setup"]

CLASS = "term"
BARRED = (
    nodes.reference, nodes.literal, nodes.literal_block, nodes.math, nodes.title, nodes.caption,
    nodes.legend, nodes.table, nodes.term, nodes.footnote, nodes.raw, nodes.rubric,
    addnodes.pending_xref, addnodes.download_reference,
)  # fmt: skip
BARRED_CLASSES = {"cell_output", "cell_input", REFERENCES, "bibtex-citation"}


class Term(NamedTuple):
    """An entry of the glossary: its words, the first of them first, and their anchors."""

    docname: str
    words: tuple[str, ...]
    anchors: tuple[str, ...]


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


# --- words ----------------------------------------------------------------------------------------


def plural(word: str) -> str:
    """Return the plural of a term, by rule; what has no plural gets a form that never occurs.

    Examples
    --------
    >>> [plural(word) for word in ("dual number", "entropy", "loss", "Jacobian", "ray")]
    ['dual numbers', 'entropies', 'losses', 'Jacobians', 'rays']
    """
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    if re.search(r"(s|x|z|ch|sh)$", word):
        return f"{word}es"
    return f"{word}s"


def forms(word: str) -> list[str]:
    """Return the ways in which prose may write a term: singular, plural, with a capital letter.

    Examples
    --------
    >>> forms("batch"), forms("view (of an array)")
    (['batch', 'batches', 'Batch', 'Batches'], [])
    """
    if "(" in word:
        return []
    both = [word, plural(word)]
    return list(dict.fromkeys(both + [form[0].upper() + form[1:] for form in both]))


class Finder:
    """Finds terms in text, the longest first.

    Parameters
    ----------
    terms : iterable of Term
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        self.anchor: dict[str, tuple[Term, str]] = {}
        for term in terms:
            for word, anchor in zip(term.words, term.anchors, strict=True):
                for form in forms(word):
                    self.anchor.setdefault(form, (term, anchor))
        longest_first = sorted(self.anchor, key=lambda form: (-len(form), form))
        words = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in longest_first)
        # a hyphen joins: there is no entropy in "cross-entropy", no gradient in "gradient-free"
        self.pattern = re.compile(rf"(?<![\w–-])(?:{words})(?![\w–-])") if words else None

    def find(self, text: str) -> Iterator[tuple[re.Match[str], Term, str]]:
        """Yield each place of a term in a text, with the term and the anchor of its words."""
        if self.pattern is None:
            return
        for match in self.pattern.finditer(text):
            term, anchor = self.anchor[" ".join(match[0].split())]
            yield match, term, anchor


# --- prose ----------------------------------------------------------------------------------------


def prose(node: nodes.Element) -> Iterator[nodes.Text]:
    """Yield the pieces of text below a node that are prose, in order."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            if not isinstance(node, nodes.TextElement) or not _is_inline(node):
                continue
            yield child
        elif isinstance(child, nodes.Element) and not _is_barred(child):
            yield from prose(child)


def _is_barred(node: nodes.Element) -> bool:
    return isinstance(node, BARRED) or bool(BARRED_CLASSES & set(node.get("classes", ())))


def _is_inline(node: nodes.Element) -> bool:
    inline = (nodes.paragraph, nodes.strong, nodes.emphasis, nodes.inline)
    return isinstance(node, inline)


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
        for match, term, _ in finder.find(piece.text):
            name = term.words[0]
            defines = piece.bold and match[0] == piece.text.strip()
            before = found.get(name, Use(0, piece.section, False))
            if defines and not before.defines:
                before = Use(before.count, piece.section, True)
            found[name] = before._replace(count=before.count + 1)
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
    if chapter_facts(env, env.docname):
        pieces(env)[env.docname] = [
            Piece(section, text.astext(), isinstance(text.parent, nodes.strong))
            for section, text in chapter_prose(doctree)
        ]


def look_for_terms(app: Any, env: Any) -> list[str]:
    """Find the terms in each chapter; return those whose links change (``env-updated``)."""
    words = [(term.docname, term.words, term.anchors) for term in terms(env)]
    finder = Finder(terms(env))
    before = getattr(env, "mlphys_terms_in", {})
    state = {name: (words, text) for name, text in pieces(env).items()}
    for docname in state:
        if before.get(docname) != state[docname]:
            uses(env)[docname] = find_uses(state[docname][1], finder)
    for docname in set(uses(env)) - set(state):
        del uses(env)[docname]
    env.mlphys_terms_in = state
    return sorted(
        docname
        for docname, (known, _) in state.items()
        if docname in before and before[docname][0] != known and docname in env.found_docs
    )


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
    linked = set(done)
    count = len(linked)
    for text in list(texts):
        parts: list[nodes.Node] = []
        plain, end = text.astext(), 0
        for match, term, anchor in finder.find(plain):
            if term.words[0] in linked:
                continue
            linked.add(term.words[0])
            parts += [nodes.Text(plain[end : match.start()])] if match.start() > end else []
            uri = address(term.docname, anchor)
            parts.append(nodes.reference("", match[0], internal=True, refuri=uri, classes=[CLASS]))
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
        link_terms((text for _, text in chapter_prose(doctree)), finder, address)
    for block in doctree.findall(addnodes.glossary):
        for item in list(block.findall(nodes.definition_list_item)):
            own = next(child.astext() for child in item.children if isinstance(child, nodes.term))
            link_terms(prose(item), finder, address, done=[own])


def forget(app: Any, env: Any, docname: str) -> None:
    """Drop a page that is read again or gone (event ``env-purge-doc``)."""
    glossary(env).pop(docname, None)
    pieces(env).pop(docname, None)


def merge(app: Any, env: Any, docnames: Iterable[str], other: Any) -> None:
    """Take over what a parallel reader found (event ``env-merge-info``)."""
    for docname in docnames:
        if docname in glossary(other):
            glossary(env)[docname] = glossary(other)[docname]
        if docname in pieces(other):
            pieces(env)[docname] = pieces(other)[docname]


def setup(app: Any) -> dict[str, Any]:
    """Register the handlers."""
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", look_for_terms, priority=550)
    # after the notebooks are written, which shall stand alone
    app.connect("doctree-resolved", link_page, priority=800)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
