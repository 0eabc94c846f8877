"""The index: every word of the glossary with the chapters that use it, by ``{term-index}``.

It is written by the build. A chapter that defines a word (has it in bold) comes first and is bold
itself; of the others, those that use the word most. Entries that a chapter makes itself, by the
role or directive ``{index}``, stand among the words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from itertools import groupby
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.errors import SphinxError
from sphinx.util.docutils import SphinxDirective

from .glossary import Use, terms, uses
from .marked_pages import MarkedPages
from .reading import reading_order, short_title

__all__ = ["Entry", "Place", "choose", "initial", "setup"]

INDEXES = MarkedPages("index")

CLASS = "term-index"
MOST = 5
KINDS = ("single", "pair")


class Place(NamedTuple):
    """Where a word is found: chapter, section, and whether it is defined there."""

    docname: str
    anchor: str
    defines: bool


class Entry(NamedTuple):
    """One word of the index: its places, its glossary page and anchor, or the word to see."""

    word: str
    places: tuple[Place, ...] = ()
    glossary: tuple[str, str] | None = None
    see: str = ""


class IndexMark(nodes.General, nodes.Element):
    """The place of the index in the page."""


class TermIndex(SphinxDirective):
    """The directive ``{term-index}``."""

    def run(self) -> list[nodes.Node]:
        """Return the mark, and remember the page."""
        INDEXES.add(self.env, self.env.docname)
        return [IndexMark()]


def choose(found: dict[str, Use], order: list[str]) -> tuple[Place, ...]:
    """Return the places of a word: where it is defined, then where it is used most.

    Parameters
    ----------
    found : dict
        Uses of the word, by chapter.
    order : list of str
        All pages in the order of the book.

    Examples
    --------
    >>> found = {"b": Use(9, "s", False), "a": Use(1, "t", False), "c": Use(2, "u", True)}
    >>> [place.docname for place in choose(found, ["a", "b", "c"])]
    ['c', 'a', 'b']
    """
    listed = [docname for docname in order if docname in found]
    best = sorted(listed, key=lambda name: (not found[name].defines, -found[name].count))[:MOST]
    chosen = sorted(best, key=lambda name: (not found[name].defines, listed.index(name)))
    return tuple(Place(name, found[name].section, found[name].defines) for name in chosen)


def entries(env: Any) -> list[Entry]:
    """Return the index, in the order of the alphabet.

    Raises
    ------
    SphinxError
        If a chapter makes an entry of a kind that this index cannot show.
    """
    order = reading_order(env)
    found: dict[str, Entry] = {}
    glossaries = {term.docname for term in terms(env)}
    for term in terms(env):
        first, *others = term.words
        where = {name: table[first] for name, table in uses(env).items() if first in table}
        found[first] = Entry(first, choose(where, order), (term.docname, term.anchors[0]))
        found |= {word: found[first]._replace(word=word, places=(), see=first) for word in others}
    typed = env.domaindata["index"]["entries"]
    for docname in order:
        for kind, value, anchor, main, _ in typed.get(docname, []):
            if docname in glossaries:
                continue
            if kind not in KINDS:
                raise SphinxError(
                    f"{docname}: index entry {kind!r}: {value!r}; expected one of "
                    f"{', '.join(KINDS)}, which _ext/mlphys_book/term_index.py can show"
                )
            for word in _words(kind, value):
                entry = found.get(word, Entry(word))
                place = Place(docname, anchor, bool(main))
                found[word] = entry._replace(places=(*entry.places, place))
    return sorted(found.values(), key=lambda entry: _sort_key(entry.word))


def _words(kind: str, value: str) -> list[str]:
    parts = [part.strip() for part in value.split(";")]
    pair = [", ".join(parts), ", ".join(reversed(parts))]
    return pair if kind == "pair" else pair[:1]


def _sort_key(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word).casefold()
    return "".join(character for character in plain if character.isalnum() or character == " ")


def initial(word: str) -> str:
    """Return the letter under which a word stands.

    Examples
    --------
    >>> initial("éntropy"), initial("3-sphere")
    ('E', '0–9')
    """
    letter = _sort_key(word)[:1].upper()
    return "0–9" if letter.isdigit() else letter


def show_again(app: Any, env: Any) -> list[str]:
    """Return the pages to write again because the index has changed (``env-updated``)."""
    titles = {docname: short_title(env, docname) for docname in uses(env) if docname in env.titles}
    state = (entries(env), titles)
    return INDEXES.to_write_again(env, state)


def fill(app: Any, doctree: nodes.document, docname: str) -> None:
    """Put the index in the place of its mark (event ``doctree-resolved``)."""
    for mark in list(doctree.findall(IndexMark)):
        mark.replace_self(list(_groups(app, docname)))


def _groups(app: Any, page: str) -> Iterable[nodes.Node]:
    def link(docname: str, anchor: str, text: str) -> nodes.reference:
        uri = f"{app.builder.get_relative_uri(page, docname)}#{anchor}"
        return nodes.reference("", text, internal=True, refuri=uri)

    def item(entry: Entry) -> nodes.list_item:
        if entry.see and entry.glossary:
            see = nodes.Text(f"{entry.word}, see ")
            return nodes.list_item(
                "", nodes.paragraph("", "", see, link(*entry.glossary, entry.see))
            )
        name = link(*entry.glossary, entry.word) if entry.glossary else nodes.Text(entry.word)
        line = nodes.paragraph("", "", name)
        for number, place in enumerate(entry.places):
            title = link(place.docname, place.anchor, short_title(app.env, place.docname))
            between = " · " if number else ": "
            line += [nodes.Text(between), nodes.strong("", "", title) if place.defines else title]
        return nodes.list_item("", line)

    for letter, group in groupby(entries(app.env), key=lambda entry: initial(entry.word)):
        yield nodes.rubric("", letter)
        yield nodes.bullet_list("", *(item(entry) for entry in group), classes=[CLASS])


def setup(app: Any) -> dict[str, Any]:
    """Register the directive and the handlers."""
    app.add_node(IndexMark)
    app.add_directive("term-index", TermIndex)
    INDEXES.connect(app)
    app.connect("env-updated", show_again, priority=600)
    app.connect("doctree-resolved", fill)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
