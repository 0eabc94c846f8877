"""Dead links of each kind, planted in a small book: the build fails and names every one."""

from __future__ import annotations

import pytest
from mlphys_book.raw_links import own_links
from tiny_book import ALWAYS, EXTENSIONS, build, make_book

GOOD = """(start)=
# Good

(place)=
## A place

$$ 1 = 1 $$ (eq-good)

[here](#place), [there](good.md#a-place), {ref}`place`, {eq}`eq-good`, {cite:p}`noether`,
[front](index.md), <a href="https://mlphys.github.io/">elsewhere</a>.
"""
DEAD = {
    "[a](nowhere.md)": "cross-reference target not found: 'nowhere.md'",
    "[a](/book/nowhere.md)": "cross-reference target not found: '/book/nowhere.md'",
    "[a](nowhere.html)": "cross-reference target not found: 'nowhere.html'",
    "<project:nowhere.md>": "Unknown source document 'book/nowhere'",
    "{doc}`no-page`": "unknown document: 'no-page'",
    "[a](good.md#nowhere)": "local id not found in doc 'book/good': 'nowhere'",
    "[a](#no-anchor)": "cross-reference target not found: 'no-anchor'",
    "{ref}`no-label`": "undefined label: 'no-label'",
    "{numref}`no-figure`": "undefined label: 'no-figure'",
    "{eq}`no-equation`": "equation not found: no-equation",
    "{term}`no-term`": "term not in glossary: 'no-term'",
    "{cite:p}`nobody1905`": 'could not find bibtex key "nobody1905"',
    "![a](no-picture.png)": "image file not readable: book/no-picture.png",
    "{download}`no-file.zip`": "download file not readable",
    '<a href="no-file.html">a</a>': "raw HTML links to no-file.html",
    '<img alt="a" src="no-image.png">': "raw HTML links to no-image.png",
    '<a href="#no-html-anchor">a</a>': "raw HTML links to #no-html-anchor",
}


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> list[str]:
    """Return what a build says of a book with one dead link of each kind and a good page."""
    dead = "# Dead\n\n" + "\n\n".join(DEAD) + "\n"
    pages = ALWAYS | {"book/dead.md": dead, "book/good.md": GOOD}
    book = make_book(
        tmp_path_factory.mktemp("dead"), chapters=pages, extensions=(*EXTENSIONS, "raw_links")
    )
    built = build(book)
    assert built.code != 0
    return built.said.splitlines()


@pytest.mark.parametrize("link", DEAD)
def test_dead_link_fails_the_build_with_its_place(said, link):
    line = list(DEAD).index(link) * 2 + 3
    found = [text for text in said if DEAD[link] in text]
    assert found, "\n".join(said)
    assert any(f"book/dead.md:{line}: WARNING" in text for text in found), found


def test_nothing_else_is_reported(said):
    warnings = [text for text in said if "WARNING" in text and "FAILED" not in text]
    assert len(warnings) == len(DEAD)
    assert not [text for text in warnings if "good.md:" in text]


def test_links_of_raw_markup():
    markup = (
        "<a class=x href=a.html><script src='b.js'></script><a href='mailto:x'><b title='c.html'>"
    )
    assert own_links(markup) == ["a.html", "b.js"]
