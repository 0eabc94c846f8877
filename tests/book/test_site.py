"""The step that finishes the pages, in real builds of a small book."""

from __future__ import annotations

import re

import pytest
from lxml import html
from mlphys_book import site
from tiny_book import EXTENSIONS, RICH, build, edited, make_book


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Return a built book whose pages have been finished."""
    folder = make_book(
        tmp_path_factory.mktemp("site"),
        chapters={
            "book/rich.md": RICH,
            "book/plain.md": "# Plain\n\nOnly $a$.\n",
            "book/other.md": "# Other\n\nNo formula.\n",
        },
        extensions=(*EXTENSIONS, "site"),
    )
    built = build(folder)
    assert built.code == 0, built.said
    return folder


def contents(folder):
    root = folder / "_build/html"
    return {path: path.read_bytes() for path in site.site_pages(root)}


def test_every_page_is_finished(finished):
    pages = contents(finished)
    names = {path.stem for path in pages}
    assert {"rich", "plain", "index", "search", "404"} <= names
    for path in pages:
        assert site.is_finished(path), path.name
        document = html.document_fromstring(path.read_text("utf-8"))
        sheets = document.xpath("//link[@rel='stylesheet']/@href")
        assert path.name in ("index.html", "404.html") or len(sheets) == 1


def test_formulas_are_typeset_wherever_they_stand(finished):
    rich = html.document_fromstring((finished / "_build/html/book/rich.html").read_text("utf-8"))
    assert not rich.xpath("//*[contains(@class, 'math')][contains(text(), '\\(')]")
    for place in ("//figcaption", "//table", "//div[@id='correction-sign']", "//*[@id='ex-two']"):
        assert rich.xpath(f"{place}//math"), place
    number = rich.get_element_by_id("equation-eq-square").find_class("eqno")[0]
    assert re.fullmatch(r"\(\d+\)", number.text_content())
    assert rich.xpath("//article//p//a[@href='#equation-eq-square']")


def test_pages_of_removed_chapters_go(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "_static").mkdir()
    pages = ["index", "search", "404", "book/a", "book/removed", "_static/template"]
    for name in pages:
        (tmp_path / f"{name}.html").write_text("<html></html>", "utf-8")
    site.drop_stale_pages(tmp_path, {"book/a"})
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.html")}
    assert left == {f"{name}.html" for name in pages if name != "book/removed"}


def test_nothing_changed_changes_no_file(finished):
    before = {path: path.stat().st_mtime_ns for path in contents(finished)}
    assert build(finished).code == 0
    assert {path: path.stat().st_mtime_ns for path in contents(finished)} == before


def test_a_changed_page_is_finished_alone_and_the_sheet_serves_all(finished):
    sheet = finished / "_build/html/_static/site.css"
    before, css = contents(finished), sheet.read_text("utf-8")
    assert "mjx-c211C" not in css  # the sign for a real part, which no page uses yet
    with edited(finished / "book/plain.md", {"$a$": r"$\Re$"}):
        assert build(finished).code == 0
        after = contents(finished)
        changed = {path.stem for path in before if before[path] != after[path]}
        assert changed == {"plain"}
        assert "mjx-c211C" in (now := sheet.read_text("utf-8"))
        assert "mjx-c1D465" in now  # the x of the page that was not written again
    assert build(finished).code == 0
    assert contents(finished) == before


def test_pages_that_other_code_finished_are_written_again(finished):
    page = finished / "_build/html/book/other.html"
    text = page.read_text("utf-8")
    page.write_text(re.sub('data-finished="[^"]+"', 'data-finished="older"', text), "utf-8")
    assert build(finished).code == 0
    assert page.read_text("utf-8") == text


@pytest.mark.parametrize("formula", [r"\frac{1}", r"\undefinedmacro"])
def test_a_faulty_formula_fails_the_build_again_and_again(finished, formula):
    with edited(finished / "book/plain.md", {"$a$": f"${formula}$"}):
        for _ in range(2):
            built = build(finished)
            assert built.code != 0
            assert "book/plain" in built.said
            assert formula in built.said
    assert build(finished).code == 0
