"""Small books that the tests of one file share: building one takes seconds."""

from __future__ import annotations

import pytest
import tiny_book


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Return a small book of three chapters, built once; whoever edits it takes the edit back."""
    folder = tiny_book.make_book(tmp_path_factory.mktemp("book"))
    built = tiny_book.build(folder)
    assert built.code == 0, built.said
    return folder


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    """Return a built book with one chapter that uses every kind of markup."""
    folder = tiny_book.make_book(
        tmp_path_factory.mktemp("rich"), chapters={"book/rich.md": tiny_book.RICH}
    )
    built = tiny_book.build(folder)
    assert built.code == 0, built.said
    return folder
