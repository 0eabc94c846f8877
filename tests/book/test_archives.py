"""The archives of notebooks: their bytes and texts. Those of a built book: test_teaching.py."""

from __future__ import annotations

import os

from mlphys_book.archives import Archive, archives, content, pack
from mlphys_book.repository import Repository

HOME = Repository("https://github.com/a/b", "main", "v1.0.0", "https://a.org/")


def test_bytes_depend_on_the_content_alone(tmp_path):
    one, two = tmp_path / "a/x.zip", tmp_path / "b/x.zip"
    assert pack({"b": b"2", "a": b"1"}, one)
    assert pack({"a": b"1", "b": b"2"}, two)
    assert one.read_bytes() == two.read_bytes()
    assert not pack({"a": b"1", "b": b"2"}, one)
    assert pack({"a": b"1", "b": b"3"}, one)
    os.truncate(two, 10)
    assert pack({"a": b"1", "b": b"2"}, two)


def test_texts_name_version_and_what_to_install():
    texts = content(Archive("x", "Part I", ("b/p/one",)), HOME, {"b/p/one": "One"})
    assert texts["requirements.txt"] == "mlphys[all] @ git+https://github.com/a/b@v1.0.0\n"
    assert "<https://a.org/>, version `v1.0.0`" in texts["README.md"]
    assert "- [One](one.ipynb)" in texts["README.md"]


def test_book_without_notebooks_has_no_archives():
    assert archives([], {}, "book") == []
