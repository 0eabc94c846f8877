"""What the search finds: prose, headings and code, in an index that stays small.

Sphinx puts every word of a page into one file that the search page loads. In a book of executed
cells most of those words are digits that a cell printed and TeX, for which nobody searches; the
search page itself skips a query's numbers. So neither is written into the index, nor are names of
tests. What Sphinx leaves behind of words that no page has any more is taken out.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.search.en import SearchEnglish

from .typeset import plain_text

__all__ = ["Words", "finish_index", "searchable"]

FORMULAS = (nodes.math, nodes.math_block)
LONGEST = 30  # letters; longer are the names of tests, and numbers written out


class Words(SearchEnglish):
    """English without numbers, years excepted: 1687 is a word, 0.000295 is a measurement.

    Examples
    --------
    >>> words = Words({})
    >>> [words.word_filter(word) for word in ("film", "1687", "000295", "00294i", "2")]
    [True, True, False, False, False]
    """

    def word_filter(self, word: str) -> bool:
        """Whether a word belongs into the index."""
        if len(word) > LONGEST or not word:
            return False
        if word[:1].isdigit() and not re.fullmatch(r"1[5-9]\d\d|20\d\d", word):
            return False
        return super().word_filter(word)


def searchable(doctree: nodes.document) -> nodes.document:
    """Return a copy of a page without what its cells printed, formulas and empty headings."""
    copy = doctree.deepcopy()
    for node in list(copy.findall(_is_noise)):
        node.parent.remove(node)
    return copy


def _is_noise(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Element) and "cell_output" in node.get("classes", ()):
        return True
    if isinstance(node, nodes.title) and not node.astext().strip():
        return True  # that of an exercise: its label would stand in the index without a name
    return isinstance(node, FORMULAS) and not _in_title(node)


def _in_title(node: nodes.Node) -> bool:
    return isinstance(node.parent, nodes.title)


def finish_index(root: Path) -> None:
    """Write formulas in titles with ordinary characters; drop words that are on no page."""
    path = root / "searchindex.js"
    if not path.exists():
        return
    text = path.read_text("utf-8")
    before, after = text.index("(") + 1, text.rindex(")")
    index = json.loads(text[before:after])
    for table in ("terms", "titleterms"):
        index[table] = {word: pages for word, pages in index[table].items() if pages != []}
    index["titles"] = [_plain(title) for title in index["titles"]]
    index["alltitles"] = {_plain(title): places for title, places in index["alltitles"].items()}
    finished = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    if finished != text[before:after]:
        path.write_text(f"{text[:before]}{finished}{text[after:]}", "utf-8")


def _plain(title: str) -> str:
    return plain_text(title) if r"\(" in title else title


def feed_searchable(app: Any) -> None:
    """Let the builder feed `searchable` copies to its index (handler of ``builder-inited``)."""
    feed = getattr(app.builder, "index_page", None)
    if feed is not None:  # the builders of the PDF and of notebooks have no index

        def index_page(pagename: str, doctree: nodes.document, title: str) -> None:
            feed(pagename, searchable(doctree), title)

        app.builder.index_page = index_page


def setup(app: Any) -> dict[str, Any]:
    """Register the language and the handler with Sphinx."""
    app.add_search_language(Words)
    app.connect("builder-inited", feed_searchable)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
