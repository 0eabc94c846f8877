"""Which pages the preview reads again after an edit of the bibliography."""

from __future__ import annotations

from bib_entries import changed_keys, entries, pages_citing, read

OLD = "@book{noether, year={1921}}\n\n@article{weyl,\n  year={1918}}\n"
NEW = "@book{noether, year={1921}}\n\n@article{weyl,\n  year={1919}}\n@misc{weyl-b, year=1}\n"


def test_changed_and_new_entries_are_found():
    assert changed_keys(entries(OLD), entries(NEW)) == {"weyl", "weyl-b"}
    assert changed_keys(entries(OLD), entries(OLD)) == set()


def test_pages_that_cite_them_are_found(tmp_path):
    book = tmp_path / "book/d"
    book.mkdir(parents=True)
    for name, text in {
        "one": "As {cite:t}`weyl` says.",
        "two": "{cite:p}`noether,\nweyl`",
        "three": "{cite:t}`noether` and {cite:t}`weyl-b` and `weyl`",
    }.items():
        (book / f"{name}.md").write_text(text, "utf-8")
    assert pages_citing(tmp_path, {"weyl"}) == {"book/d/one", "book/d/two"}
    assert pages_citing(tmp_path, set()) == set()


def test_a_book_without_bibliography_has_no_entries(tmp_path):
    assert read(tmp_path / "references.bib") == {}
