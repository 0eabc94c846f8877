"""The search index: prose and code, no printed numbers, no TeX, titles that a reader can read."""

from __future__ import annotations

import json

from docutils import nodes
from docutils.utils import new_document
from mlphys_book import search_index


def page() -> nodes.document:
    """A page with a heading with a formula, prose, a formula, code, an output, a nameless box."""
    document = new_document("page")
    title = nodes.title("", "", nodes.Text("The film "), nodes.math("", "ds^2"))
    output = nodes.container(
        "", nodes.literal_block("", "0.000295 printed"), classes=["cell_output"]
    )
    code = nodes.literal_block("", "area(film)")
    box = nodes.section("", nodes.title("", ""), nodes.paragraph("", "An exercise"), ids=["ex"])
    prose = nodes.paragraph("", "", nodes.Text("In 1687 "), nodes.math("", r"\\rightarrow"))
    document += nodes.section("", title, prose, code, output, box, ids=["film"])
    return document


def test_a_page_is_searched_by_prose_headings_and_code() -> None:
    text = search_index.searchable(page()).astext()
    for word in ("The film", "ds^2", "1687", "area(film)", "An exercise"):
        assert word in text
    for noise in ("printed", "000295", "rightarrow"):
        assert noise not in text


def test_the_page_itself_keeps_everything() -> None:
    document = page()
    search_index.searchable(document)
    assert "0.000295 printed" in document.astext()


def test_nameless_headings_make_no_entry() -> None:
    titles = [node.astext() for node in search_index.searchable(page()).findall(nodes.title)]
    assert titles == ["The film ds^2"]


def test_the_finished_index_has_plain_titles_and_no_word_without_a_page(tmp_path) -> None:
    names = ["On \\(ds^2\\)", 'A "quoted" one', "back\\slash"]
    index = {
        "titles": names,
        "alltitles": {name: [[0, None]] for name in names},
        "terms": {"film": 0, "gone": [], "light": [0, 1]},
        "titleterms": {"on": 0, "left": []},
    }
    path = tmp_path / "searchindex.js"
    path.write_text(f"Search.setIndex({json.dumps(index)})", "utf-8")
    search_index.finish_index(tmp_path)
    text = path.read_text("utf-8")
    after = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    assert after["titles"] == ["On ds²", 'A "quoted" one', "back\\slash"]
    assert list(after["alltitles"]) == after["titles"]
    assert after["terms"] == {"film": 0, "light": [0, 1]}
    assert after["titleterms"] == {"on": 0}
    before = path.stat().st_mtime_ns
    search_index.finish_index(tmp_path)
    assert path.stat().st_mtime_ns == before
