"""A file is a page if, and only if, the table of contents names it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from mlphys_book.sources import take_pages
from tiny_book import HEADER, build

FAILING = HEADER + "# Stray\n\n```{code-cell} ipython3\n1 / 0\n```\n"


@pytest.mark.parametrize("place", ["book/stray.md", "notes.md", ".hidden/stray.md", "src/a.md"])
def test_other_files_are_not_read(book, place):
    stray = book / place
    stray.parent.mkdir(exist_ok=True)
    stray.write_text(FAILING, "utf-8")
    try:
        built = build(book)
    finally:
        stray.unlink()
    assert built.code == 0, built.said
    assert built.report["chapters"] == ["book/alone", "book/late", "book/near"]


def test_pages_may_carry_their_suffix():
    config = SimpleNamespace(
        source_suffix={".md": "myst", ".rst": "rst"},
        external_site_map={"book/one": None, "book/two.md": None},
    )
    take_pages(None, config)
    assert config.include_patterns == ["book/one.*", "book/two.md"]
